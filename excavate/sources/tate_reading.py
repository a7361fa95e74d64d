"""What a record of Tate's collection names: its subjects, artists and movements, checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from excavate.errors import FaultList
from excavate.sources.tate_records import Node, Record
from excavate.sources.tate_works import KEY, Artist, Subjects, Work

IDS = {int, str}


class Reading:
    """Checks records, one by one, and gathers the subjects that they nest."""

    def __init__(self, nodes: dict[str, Node], closed: bool, faults: FaultList) -> None:
        """`closed`: the subjects are known already, and an artwork can name no other."""
        self.nodes, self.faults = nodes, faults
        self._closed = closed
        self._subjects = Subjects(nodes)
        self._seen: dict[str, str] = {}

    @property
    def subjects(self) -> Subjects:
        """All subjects that were met so far."""
        if len(self._subjects) < len(self.nodes):
            self._subjects = Subjects(self.nodes)
        return self._subjects

    def works(self, found: Iterable[tuple[str, Record]]) -> Iterator[Work]:
        """The works of all records; what is wrong with them is collected."""
        for place, record in found:
            key = record.get(KEY)
            if not isinstance(key, str) or not key:
                self.faults.add(place, f"no {KEY} that is text")
            elif (before := self._seen.setdefault(key, place)) != place:
                self.faults.add(place, f"{KEY} {key} again (first in {before})")
            else:
                try:
                    yield self._work(place, record)
                except (TypeError, KeyError, ValueError, AttributeError):
                    self.faults.add(place, "subjects, artists or movements in no known form")

    def check_subjects(self, works: Iterable[Work]) -> None:
        """Tell every subject of these works that is not in the tree."""
        for work in works:
            for key in self._subjects.unknown(work.subjects) if self._closed else ():
                self.faults.add(work.place, f"subject {key} is not in the tree of subjects")

    def _work(self, place: str, record: Record) -> Work:
        if "subject_ids" in record:
            subjects = record["subject_ids"]
            if not IDS.issuperset(map(type, subjects)):
                raise TypeError
        else:
            nested = record.get("subjects")
            subjects = list(dict.fromkeys(self._walk([nested] if nested else [], None)))
        movements = record.get("movements") or []
        if not movements or all(isinstance(name, str) for name in movements):
            record.pop("movements", None)  # labels carry them
        else:
            movements = [_text(m["name"]) for m in movements]
        return Work(place, record, subjects, _artists(record), movements)

    def _walk(self, nested: list[Record], above: str | None) -> Iterator[str]:
        """The ids of nested subjects, each before what lies below it."""
        for record in nested:
            key = str(record["id"])
            node = self.nodes.setdefault(key, Node(_text(record["name"]), []))
            if above is not None and above not in node.parents:
                node.parents.append(above)
            yield key
            yield from self._walk(record.get("children") or [], key)


def _artists(record: Record) -> list[Artist]:
    if "artist_ids" in record:
        return [Artist(key, role, {"id": key}) for key, role in record["artist_ids"]]
    return [
        Artist(said["id"], said.get("role"), {n: v for n, v in said.items() if n != "role"})
        for said in record.get("contributors") or []
    ]


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
