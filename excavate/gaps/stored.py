"""Findings as they are kept: `findings/ID.json` and `ID.rows.parquet`, immutable, in the site.

The id is a hash of everything that decides the result, so a link to a finding stays good and
the same question is computed once. What could not be measured is kept too, with its reason.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from excavate.catalog.computed import Computed, all_computed, computed, recorded, versions
from excavate.errors import NotFoundError, SiteError
from excavate.gaps.finding import Figure, Measured, NotMeasured, Outcome, Reference
from excavate.gaps.question import Prepared, Question
from excavate.gaps.registry import REGISTRY

if TYPE_CHECKING:
    from excavate.catalog.folder import SiteFolder

KIND = "findings"
MEASURED, NOT_MEASURED = "measured", "not measured"
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Finding:
    """One stored result of a measure, with its provenance. Rows are read when asked for."""

    made: Computed

    @property
    def id(self) -> str:
        """Sixteen hex digits; its link."""
        return self.made.id

    @property
    def measure(self) -> str:
        """A key of the registry."""
        return str(self.made.provenance["measure"])

    @property
    def dataset(self) -> str:
        """A dataset's name, or NAME/SPLIT."""
        return str(self.made.provenance["dataset"])

    @property
    def question(self) -> Question:
        """What was asked, everything resolved: asking it again gives this finding."""
        said = self.made.provenance
        return Question(
            said["measure"], said["dataset"], said["reference"], said["encoder"],
            said["parameters"],
        )  # fmt: skip

    @property
    def parameters(self) -> Mapping[str, Any]:
        """Every parameter with its value."""
        return dict(self.made.result["parameters"])

    @property
    def is_measured(self) -> bool:
        """Whether it was measured; without rows it then found nothing."""
        return bool(self.made.result["status"] == MEASURED)

    @property
    def reference(self) -> Reference | None:
        """What it is held against; None where it was not measured."""
        said = self.made.result.get("reference")
        return Reference(**said) if said else None

    @property
    def figures(self) -> dict[str, Figure]:
        """The numbers in front, by name."""
        return {n: Figure(*values) for n, values in self.made.result.get("figures", {}).items()}

    @property
    def why_not(self) -> tuple[str, Mapping[str, Any]]:
        """(the reason why it was not measured, as an English message; what fills it)."""
        return self.made.result.get("why", ""), self.made.result.get("details", {})

    @cached_property
    def rows(self) -> pa.Table:
        """What was found, the strongest first; empty where it was not measured.

        Raises SiteError where its file is gone or damaged.
        """
        file = self.made.file("rows.parquet")
        try:
            return pq.read_table(file)
        except (OSError, pa.ArrowException) as error:
            todo = f"Put {self.id}.json aside and ask again"
            raise SiteError("the rows of a finding cannot be read", str(file), todo) from error

    def first_rows(self, count: int) -> list[dict[str, Any]]:
        """The strongest rows, as dicts."""
        few = min(count, self.rows.num_rows)  # slicing a table without columns invents rows
        found: list[dict[str, Any]] = self.rows.slice(0, few).to_pylist(maps_as_pydicts="strict")
        return found

    def stands(self, revisions: Mapping[str, str]) -> bool:
        """Whether the site's datasets are still those that it was measured on."""
        measured: Mapping[str, str] = self.made.provenance["revisions"]
        return all(revisions.get(name) == revision for name, revision in measured.items())


def place_of(folder: SiteFolder, prepared: Prepared, revisions: Mapping[str, str]) -> Computed:
    """Where the finding of a prepared question stands, or will stand."""
    question = prepared.question
    provenance = {
        "measure": question.measure,
        "version": REGISTRY[question.measure].version,
        "dataset": question.dataset,
        "revisions": dict(revisions),
        "reference": question.reference,
        "encoder": question.encoder,
        "parameters": dict(prepared.parameters),
        "inputs": dict(prepared.inputs),
    }
    return computed(folder, KIND, provenance)


def keep(place: Computed, outcome: Outcome, seconds: float) -> Finding:
    """Write the rows, then the sidecar: from then on the finding stands.

    Where another process was faster, its finding stands and is returned. Raises SiteError.
    """
    with writing(place) as stands:
        return Finding(stands) if stands else _written(place, outcome, seconds)


@contextmanager
def writing(place: Computed) -> Iterator[Computed | None]:
    """The only writer of findings for the length of a `with` block; what stands there already.

    Raises SiteError where the folder cannot be written to.
    """
    folder = place.file("json").parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with open(folder / ".lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield recorded(place)
    except OSError as error:
        todo = "See that the disk has room and the folder can be written to, then ask again"
        raise SiteError(f"a finding cannot be kept ({error})", str(folder), todo) from error


def _written(place: Computed, outcome: Outcome, seconds: float) -> Finding:
    common = {
        "parameters": dict(outcome.parameters),
        "versions": versions(KIND),
        "seconds": round(seconds, 3),
    }
    if isinstance(outcome, NotMeasured):
        _write(place, pa.table({}))
        said = {"status": NOT_MEASURED, "why": outcome.why, "details": dict(outcome.details)}
        return Finding(place.finish({**said, **common}))
    _write(place, outcome.rows)
    return Finding(place.finish({**_record(outcome), **common}))


def _record(outcome: Measured) -> dict[str, Any]:
    return {
        "status": MEASURED,
        "reference": asdict(outcome.reference),
        "figures": {n: [f.value, f.low, f.high] for n, f in outcome.figures.items()},
        "rows": outcome.rows.num_rows,
        "tested": outcome.tested,
    }


def _write(place: Computed, rows: pa.Table) -> None:
    file = place.file("rows.parquet")
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    pq.write_table(rows, aside, compression="zstd")
    aside.replace(file)


def findings(
    folder: SiteFolder, dataset: str | None = None, measures: Sequence[str] = ()
) -> list[Finding]:
    """The findings of a site, oldest first: of one dataset, of some measures, or all.

    What cannot be read, or is of a measure that this version has not, is left out: `unreadable`
    counts it.
    """
    found = [Finding(made) for made in all_computed(folder, KIND, [])]
    return [
        f
        for f in found
        if f.measure in REGISTRY
        and dataset in (None, f.dataset, f.dataset.partition("/")[0])
        and (not measures or f.measure in measures)
    ]


def finding(folder: SiteFolder, finding_id: str) -> Finding:
    """One finding by its id, or by a beginning of it that no other has. Raises NotFoundError."""
    found = [f for f in findings(folder) if finding_id and f.id.startswith(finding_id)]
    if len(found) != 1:
        what = "no such finding" if not found else "several findings begin so"
        raise NotFoundError(what, finding_id, "See: excavate findings list")
    return found[0]
