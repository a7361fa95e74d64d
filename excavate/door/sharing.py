"""Sharing is publishing: each dataset's terms of redistribution are read and acknowledged first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from excavate.dossiers.reading import read_archive
from excavate.dossiers.schema import Dossier
from excavate.errors import NotFoundError
from excavate.site import Site
from excavate.workshop.ids import new_id
from excavate.workshop.store import Row, Workshop

TOPICS = ("licence", "access")
ACKNOWLEDGED = """
SELECT dataset, revision, terms FROM acknowledgement WHERE room_id = $1
QUALIFY row_number() OVER (PARTITION BY dataset ORDER BY writing DESC) = 1
"""


@dataclass(frozen=True, slots=True)
class DatasetTerms:
    """What is on record of giving out one dataset. What no source says is empty."""

    dataset: str
    revision: str
    licence: str  # as the catalog or the dossier has it
    state: str  # active, withdrawn, …; empty where no dossier says
    said: tuple[str, ...]  # facts of the dossier, each with its source

    @property
    def stated(self) -> bool:
        """Whether anything is on record at all."""
        return bool(self.licence or self.said)


def terms_of_site(site: Site, archives: Path) -> list[DatasetTerms]:
    """The terms of every dataset that was dug into a site; none before the first dig."""
    if not site.generation:
        return []
    dossiers = _dossiers(archives)
    rows = site.datasets().to_dict("records")
    return [_terms(row, dossiers.get(_text(row.get("dossier")))) for row in rows]


def not_acknowledged(workshop: Workshop, terms: Sequence[DatasetTerms]) -> list[DatasetTerms]:
    """Those that nobody has acknowledged as they are now, at the revision they have now."""
    with workshop.cursor() as cursor:
        rows = cursor.execute(ACKNOWLEDGED, [workshop.room_id]).fetchall()
    known = {(dataset, revision, said) for dataset, revision, said in rows}
    return [one for one in terms if (one.dataset, one.revision, _record(one)) not in known]


def acknowledge(workshop: Workshop, terms: Sequence[DatasetTerms]) -> None:
    """Record that whoever runs the host has read the terms and shares them all the same."""
    rows = [
        Row("acknowledgement", new_id(), None,
            {"dataset": one.dataset, "revision": one.revision, "terms": _record(one)})
        for one in terms
    ]  # fmt: skip
    if rows:
        workshop.write(rows)


def _record(one: DatasetTerms) -> str:
    return json.dumps(asdict(one), ensure_ascii=False, sort_keys=True)


def _dossiers(archives: Path) -> dict[str, Dossier]:
    try:
        return dict(read_archive(archives).dossiers)
    except NotFoundError:
        return {}


def _terms(row: dict[str, Any], dossier: Dossier | None) -> DatasetTerms:
    licence, state = _text(row.get("licence")), ""
    said: tuple[str, ...] = ()
    if dossier:
        licence = licence or dossier.terrain.licence or ""
        state = dossier.status.state if dossier.status else ""
        said = tuple(_fact(fact) for fact in dossier.fact if fact.topic in TOPICS)
    return DatasetTerms(str(row["dataset_id"]), str(row["revision"]), licence, state, said)


def _fact(fact: Any) -> str:
    unverified = "" if fact.verified else "; unverified"
    return f"{fact.text.en or fact.text.ko} ({fact.source}{unverified})"


def _text(value: object) -> str:
    """A frame says NaN where nothing was said."""
    return value if isinstance(value, str) else ""
