"""Lines of descent between dossiers: each end names the other, and no line leads back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from excavate.errors import InputFault

if TYPE_CHECKING:
    from excavate.dossiers.reading import Archive
    from excavate.dossiers.schema import Dossier

OTHER = {"ancestor": "descendant", "descendant": "ancestor"}


def lineage_faults(archive: Archive) -> list[InputFault]:
    """What is wrong between dossiers. A file that cannot be read is not held against others."""
    return [*_missing_grounds(archive), *_broken_links(archive), *_circles(archive)]


def relatives(dossier: Dossier, side: str) -> Iterator[tuple[int, str]]:
    """The dossiers that one names as `ancestor` or `descendant`: number of the table, id."""
    for number, descent in enumerate(getattr(dossier, side), 1):
        if descent.dossier is not None:
            yield number, descent.dossier


def descents(dossiers: Mapping[str, Dossier]) -> list[tuple[str, str]]:
    """Every pair (ancestor, descendant) of dossiers in the archive, once, in order."""
    pairs = set()
    for dossier_id, dossier in dossiers.items():
        pairs |= {(other, dossier_id) for _, other in relatives(dossier, "ancestor")}
        pairs |= {(dossier_id, other) for _, other in relatives(dossier, "descendant")}
    return sorted(pair for pair in pairs if set(pair) <= set(dossiers))


def _missing_grounds(archive: Archive) -> Iterator[InputFault]:
    """What descent rests on: facts of this dossier, or of any other."""
    unread = _unread(archive)
    known = {fact.id for dossier in archive.dossiers.values() for fact in dossier.fact}
    for dossier_id, dossier in archive.dossiers.items():
        for side in OTHER:
            for number, descent in enumerate(getattr(dossier, side), 1):
                where = f"{archive.files[dossier_id]}: {side}[{number}].because"
                for fact_id in descent.because:
                    if fact_id not in known and fact_id.rpartition("-")[0] not in unread:
                        yield InputFault(where, f'no fact has the id "{fact_id}"')


def _broken_links(archive: Archive) -> Iterator[InputFault]:
    unread = _unread(archive)
    for dossier_id, dossier in archive.dossiers.items():
        for side, other_side in OTHER.items():
            for number, other in relatives(dossier, side):
                where = f"{archive.files[dossier_id]}: {side}[{number}].dossier"
                if other in archive.dossiers:
                    back = {name for _, name in relatives(archive.dossiers[other], other_side)}
                    if dossier_id not in back:
                        at = archive.files[other]
                        what = (
                            f'{at} does not name "{dossier_id}" as {other_side} in turn '
                            "(because may name a fact of any dossier)"
                        )
                        yield InputFault(where, what)
                elif other not in unread:
                    yield InputFault(where, f'there is no dossier "{other}"; leave the key out')


def _unread(archive: Archive) -> set[str]:
    return {fault.place.partition(".toml")[0] for fault in archive.faults}


def _circles(archive: Archive) -> Iterator[InputFault]:
    """One fault for each circle of descent, told at the first of its dossiers."""
    below: dict[str, list[str]] = {}
    for ancestor, descendant in descents(archive.dossiers):
        below.setdefault(ancestor, []).append(descendant)
    told: set[frozenset[str]] = set()
    for start in archive.dossiers:
        circle = _way_back(start, below)
        if circle and frozenset(circle) not in told:
            told.add(frozenset(circle))
            way = " to ".join([*circle, start])
            yield InputFault(archive.files[start], f"descent goes in a circle: {way}")


def _way_back(start: str, below: Mapping[str, list[str]]) -> list[str]:
    """The shortest way down from `start` to itself, without its end; empty where none is."""
    before: dict[str, str] = {}
    front = [start]
    while front:
        reached = []
        for here in front:
            for child in below.get(here, []):
                if child == start:
                    return _path(start, here, before)
                if child not in before:
                    before[child] = here
                    reached.append(child)
        front = reached
    return []


def _path(start: str, end: str, before: Mapping[str, str]) -> list[str]:
    path = [end]
    while path[-1] != start:
        path.append(before[path[-1]])
    return path[::-1]
