"""Whose face may be known: pictures of persons are blurred until each person unveils them.

Nothing is guessed from pixels: a dossier says that a dataset shows persons, or its labels,
regions or attributes say so of an item.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from excavate.dossiers.reading import read_archive
from excavate.dossiers.schema import Dossier
from excavate.errors import ExcavateError
from excavate.gaps.persons import persons_in, words_in

if TYPE_CHECKING:
    from excavate.site import Site

BLURRED = "exc-faced"  # workshop.css blurs it, until the page says that faces are shown
MARK = "#faced"  # behind the address of a picture, where there is no class to give
PERSONS = frozenset((
    "person", "persons", "people", "human", "face", "faces", "man", "men", "woman", "women",
    "boy", "boys", "girl", "girls", "child", "children", "pedestrian", "pedestrians", "selfie",
    "사람", "인물", "얼굴", "남자", "여자", "아이", "어린이", "보행자", "행인",
))  # fmt: skip
DEPICTED = frozenset(("face", "faces", "facial", "pedestrian", "pedestrians", "selfies", "얼굴"))
TOPICS = ("purpose", "image_source", "consent", "people")
SAID = """
SELECT DISTINCT dataset_id, value FROM label UNION SELECT DISTINCT dataset_id, value FROM region
UNION SELECT dataset_id, name FROM category
"""
FIELDS = "SELECT DISTINCT dataset_id, field FROM label"
ATTRIBUTES = """
SELECT DISTINCT dataset_id, name FROM attribute WHERE said_by IN ('perceived', 'self-reported')
"""
DATASETS = "SELECT dataset_id, dossier FROM dataset"
ORDINALS = """
WITH named AS (
    SELECT category_id FROM category WHERE dataset_id = $1 AND list_contains($2, name)
), said AS (
    SELECT dataset_id, ordinal, value, category_id FROM label
    UNION ALL SELECT dataset_id, ordinal, value, category_id FROM region
)
SELECT DISTINCT ordinal FROM said
WHERE dataset_id = $1 AND (value IN (SELECT unnest($2)) OR category_id IN (FROM named))
"""


@dataclass(frozen=True, slots=True)
class Faces:
    """The datasets that show persons, and of the others the items that are said to."""

    whole: frozenset[str] = frozenset()
    some: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def shows(self, dataset: str, ordinal: int) -> bool:
        """Whether an item is said to show a person."""
        return dataset in self.whole or ordinal in self.some.get(dataset, ())


_known: list[Faces] = []  # of the one site that this process serves
_reading = Lock()  # thirty who come in at once do not all read it
_met: ContextVar[list[bool] | None] = ContextVar("met", default=None)  # in this run


def look_through(site: Site, archives: Path) -> None:
    """Let the pictures of this run or request know which of them show persons."""
    _known[:] = [faces_of(site, archives)]
    _met.set([])


def blurred(row: Any) -> bool:
    """Whether the picture of an item (its dataset_id and ordinal) is blurred at first."""
    met, place = _met.get(), (str(row["dataset_id"]), int(row["ordinal"]))
    found = any(faces.shows(*place) for faces in _known)
    if found and met is not None:
        met.append(True)
    return found


def meet() -> None:
    """Say that a blurred picture is drawn in this run, of one that is in no catalog."""
    met = _met.get()
    if met is not None:
        met.append(True)


def blurred_of(site: Site, item_ids: tuple[str, ...]) -> list[bool]:
    """Of each of some items, whether its picture is blurred at first."""
    places = _places(site, site.generation or "", item_ids)
    return [bool(places.get(one)) and blurred(places[one]) for one in item_ids]


@lru_cache(maxsize=64)
def _places(site: Site, _generation: str, item_ids: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    from excavate.catalog.browsing import items_named

    with site.cursor() as cursor:
        rows = items_named(cursor, item_ids).to_dict("records")
    return {row["item_id"]: {name: row[name] for name in ("dataset_id", "ordinal")} for row in rows}


def any_met() -> bool:
    """Whether a blurred picture was drawn in this run."""
    return bool(_met.get())


def faces_of(site: Site, archives: Path) -> Faces:
    """What is said of persons in a site; read once for each of its generations."""
    if not site.generation:
        return Faces()
    with _reading:
        return _faces_of(site, site.generation, archives)


@lru_cache(maxsize=4)
def _faces_of(site: Site, _generation: str, archives: Path) -> Faces:
    with site.cursor() as cursor:
        dossiers = dict(cursor.execute(DATASETS).fetchall())
        whole = {d for d, name in cursor.execute(FIELDS).fetchall() if persons_in(name).plain}
        whole |= {d for d, name in cursor.execute(ATTRIBUTES).fetchall() if persons_in(name).plain}
        whole |= _on_record(dossiers, archives)
        names: dict[str, list[str]] = {}
        for dataset, value in cursor.execute(SAID).fetchall():
            if value and dataset not in whole and not PERSONS.isdisjoint(words_in(value)):
                names.setdefault(dataset, []).append(value)
        some = {d: _ordinals(cursor, d, values) for d, values in names.items()}
    return Faces(frozenset(whole), some)


def _ordinals(cursor: Any, dataset: str, values: list[str]) -> frozenset[int]:
    found = cursor.execute(ORDINALS, [dataset, values]).fetchnumpy()["ordinal"]
    return frozenset(np.asarray(found).tolist())


def _on_record(dossiers: Mapping[str, str | None], archives: Path) -> set[str]:
    """The datasets whose dossiers say that they show persons."""
    try:
        known = read_archive(archives).dossiers
    except ExcavateError:
        return set()
    return {
        dataset
        for dataset, dossier in dossiers.items()
        if dossier and dossier in known and shows_persons(known[dossier])
    }


def shows_persons(dossier: Dossier) -> bool:
    """Whether a dossier's name says faces, or what it tells of its pictures does."""
    told = [dossier.id, dossier.name.en or "", dossier.name.ko or ""]
    told += [
        f"{fact.text.en or ''} {fact.text.ko or ''}" for fact in dossier.fact
        if fact.topic in TOPICS
    ]  # fmt: skip
    return any(not DEPICTED.isdisjoint(words_in(text)) for text in told)
