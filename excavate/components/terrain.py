"""The terrain: every dataset that is known here, from dossiers, finds and what was dug."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from excavate.components.dossier_words import FACETS
from excavate.components.unverified import unverified_values
from excavate.i18n import spoken

if TYPE_CHECKING:
    from excavate.dossiers.schema import Descent, Dossier
    from excavate.workshop.finds import Find

UNKNOWN = "-"  # in a link: what is not known
YEAR = re.compile(r"\s*((?:19|20)\d\d)\s*년?\s*")
NUMBER = re.compile(
    r"\s*(\d{1,3}(?:,\d{3}){1,4}|\d{1,13})\s*(?:장|점|개|images|pictures|items)?\s*"
)
MOST = 10**12  # pictures that a find may be said to hold; what says more is no size


@dataclass(frozen=True, slots=True)
class Place:
    """One dataset on the Survey. None and () are what is not known."""

    id: str
    kind: str  # dossier, find (brought, unverified) or dug (no dossier)
    name: str
    language: str
    year: int | None = None
    items: int | None = None
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    state_date: str | None = None
    dug: tuple[str, ...] = ()  # datasets of the site that are this one
    brought_by: str = ""
    ancestors: tuple[tuple[str, str | None], ...] = ()  # name, id of its place
    contested: bool = False
    said: str = ""  # all its words, small, to search in
    unverified: frozenset[str] = frozenset()  # year, items, status, facets: nobody saw a source

    @property
    def state(self) -> str | None:
        """What became of it; None where nobody says."""
        return next(iter(self.facets.get("status", ())), None)


def terrain(
    dossiers: Mapping[str, Dossier], finds: Iterable[Find], dug: Sequence[Mapping[str, Any]]
) -> list[Place]:
    """Every dataset that is known here: by dossier, then brought, then dug without a dossier.

    dug: rows of `Site.datasets()`.
    """
    descents = _descents(dossiers)
    taken: set[str] = set()
    places = []
    for dossier in dossiers.values():
        here = dug_from(dossier, dug)
        taken |= set(here)
        places.append(_of_dossier(dossier, here, descents.get(dossier.id, ())))
    places += [_of_find(find) for find in finds]
    return places + [_of_dug(row) for row in dug if row["dataset_id"] not in taken]


def dug_from(dossier: Dossier, dug: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The datasets of the site that are this dossier's: by its id, or by what it names."""
    names = {dossier.id} | {dig.dataset for dig in dossier.dig if dig.dataset}
    sources = {dig.source for dig in dossier.dig}
    return tuple(row["dataset_id"] for row in dug if _is_of(row, dossier.id, names, sources))


def _is_of(row: Mapping[str, Any], dossier_id: str, names: set[str], sources: set[str]) -> bool:
    said = row.get("dossier")
    if isinstance(said, str):  # a frame says NaN where nothing was said
        return said == dossier_id
    return row["dataset_id"] in names or row["source"] in sources


def matches(place: Place, wanted: Mapping[str, str], words: str) -> bool:
    """Whether a place has the asked value of each facet and all of the words.

    A find has no facets, not even as what is not known: see `facet_counts`.
    """
    for facet, value in wanted.items():
        has = place.facets.get(facet, ())
        if (value == UNKNOWN and has) or (value != UNKNOWN and value not in has):
            return False
        if place.kind == "find":
            return False
    return all(word in place.said for word in words.lower().split())


def facet_counts(places: Iterable[Place], facet: str) -> dict[str | None, int]:
    """How many places have each value, most first; None is not known, and comes last.

    Finds are not counted: they are told in words, and nobody asked them for these kinds.
    """
    counted: dict[str | None, int] = {}
    for place in places:
        if place.kind == "find":
            continue
        for value in place.facets.get(facet) or (None,):
            counted[value] = counted.get(value, 0) + 1
    return dict(sorted(counted.items(), key=lambda kv: (kv[0] is None, -kv[1], kv[0] or "")))


def unverified_counts(places: Iterable[Place], facet: str) -> dict[str | None, int]:
    """Of how many places each value rests on no source that was seen."""
    return facet_counts((place for place in places if facet in place.unverified), facet)


def _of_dossier(
    dossier: Dossier, here: tuple[str, ...], ancestors: tuple[tuple[str, str | None], ...]
) -> Place:
    ground = dossier.terrain
    facets = {
        "images_from": tuple(ground.images_from),
        "labour": tuple(ground.labour),
        "licence": (ground.licence,) if ground.licence else (),
        "status": (dossier.status.state,) if dossier.status else (),
        "countries": tuple(ground.countries),
    }
    korean = dossier.name.ko and (spoken() == "ko" or not dossier.name.en)
    said = [dossier.name.en or "", dossier.name.ko or "", dossier.id]
    said += [text for fact in dossier.fact for text in (fact.text.en, fact.text.ko) if text]
    return Place(
        dossier.id, "dossier", str(dossier.name.ko if korean else dossier.name.en),
        "ko" if korean else "en", ground.year, ground.items, facets,
        dossier.status.date if dossier.status else None, here, ancestors=ancestors,
        said=" ".join(said).lower(), unverified=unverified_values(dossier),
    )  # fmt: skip


def _descents(dossiers: Mapping[str, Dossier]) -> dict[str, tuple[tuple[str, str | None], ...]]:
    """{dossier: what it was made from}, said by either end, once."""
    found: dict[str, dict[str, tuple[str, str | None]]] = {}

    def add(child: str, descent: Descent, parent: str | None) -> None:
        known = parent if parent in dossiers else None
        name = dossiers[known].name.plain if known else descent.name
        found.setdefault(child, {})[known or name.lower()] = (name, known)

    for dossier in dossiers.values():
        for descent in dossier.ancestor:
            add(dossier.id, descent, descent.dossier)
        for descent in dossier.descendant:
            if descent.dossier in dossiers:
                add(str(descent.dossier), descent, dossier.id)
    return {child: tuple(parents.values()) for child, parents in found.items()}


def _of_find(find: Find) -> Place:
    """A find is placed by a fact that is a year alone, or a number alone."""
    said = [find.name, find.why, find.shown_name, *(fact.text for fact in find.facts)]
    return Place(
        find.find_id, "find", find.name, find.language, _year(find), _size(find),
        dict.fromkeys(FACETS, ()), brought_by=find.shown_name,
        contested=any(reply.kind == "contest" for reply in find.replies),
        said=" ".join(said).lower(), unverified=frozenset({"year", "items"}),
    )  # fmt: skip


def _year(find: Find) -> int | None:
    """The first year that a find is said to be of; one that has not come yet is none."""
    said = [m[1] for f in find.facts if f.topic == "year" and (m := YEAR.fullmatch(f.text))]
    years = [year for year in map(int, said) if year <= datetime.now(UTC).year]
    return years[0] if years else None


def _size(find: Find) -> int | None:
    """The first number of pictures that a find is said to hold; one beyond MOST is none."""
    said = [m[1] for f in find.facts if f.topic == "counts" and (m := NUMBER.fullmatch(f.text))]
    sizes = [size for one in said if 0 < (size := int(one.replace(",", ""))) <= MOST]
    return sizes[0] if sizes else None


def _of_dug(row: Mapping[str, Any]) -> Place:
    name = str(row["title"])
    said = f"{name} {row['dataset_id']}".lower()
    return Place(
        row["dataset_id"], "dug", name, "en", None, int(row["items"]) or None,
        dict.fromkeys(FACETS, ()), dug=(row["dataset_id"],), said=said,
    )  # fmt: skip
