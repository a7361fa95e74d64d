"""What a record of Tate's collection names: its subjects, artists and movements, checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from excavate.errors import FaultList
from excavate.sources.json_text import spelled
from excavate.sources.tate_records import TREE, Record
from excavate.sources.tate_tree import Node
from excavate.sources.tate_works import KEY, Artist, Subjects, Work

TOO_DEEP = "not JSON that can be read: nested too deep"
IDS, ROLES = {int, str}, {str, type(None)}
FORMLESS = (TypeError, KeyError, ValueError, AttributeError, RecursionError)
NESTED = {"id", "name", "children"}  # of a subject; what else it says is kept beside the labels


class Reading:
    """Checks records, one by one, and gathers the subjects that they nest."""

    def __init__(self, nodes: dict[str, Node], closed: bool, faults: FaultList) -> None:
        """`closed`: the subjects are known already, and an artwork can name no other."""
        self.nodes, self.faults = nodes, faults
        self._closed = closed
        self._subjects = Subjects(nodes)
        self._seen: dict[str, str] = {}
        self._other = self._more = False  # of the artwork that is read, as the next two count
        self.renamed: set[str] = set()  # subjects that bear other names elsewhere
        self.told_more = 0  # artworks whose subjects say more than labels do

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
                except FORMLESS:
                    self.faults.add(place, "subjects, artists or movements in no known form")

    def check(self, works: Iterable[Work]) -> None:
        """Tell every subject of these works that is not in the tree, and what nests too deep."""
        where = "is not in the tree of subjects" if self._closed else f"is named by no {TREE}"
        for work in works:
            for key in self.subjects.unknown(work.subjects):
                self.faults.add(work.place, f"subject {key} {where}")
            if is_too_deep(work.record):
                self.faults.add(work.place, TOO_DEEP)

    def _work(self, place: str, record: Record) -> Work:
        if "subject_ids" in record:
            subjects = _list(record["subject_ids"])
            if not IDS.issuperset(map(type, subjects)):
                raise TypeError
        else:
            subjects = self._nested(record)
        movements = _list(record.get("movements"))
        if not movements or all(isinstance(name, str) for name in movements):
            record.pop("movements", None)  # labels carry them
        else:
            movements = [_text(m["name"]) for m in movements]
        return Work(place, record, subjects, _artists(record), movements)

    def _nested(self, record: Record) -> list[str]:
        """The subjects that a record nests; it keeps them where labels do not say all of it."""
        nested = record.get("subjects")
        self._other = self._more = False
        subjects = list(dict.fromkeys(self._walk([nested] if nested else [], None)))
        self.told_more += self._more
        if not (self._other or self._more):
            record.pop("subjects", None)
        return subjects

    def _walk(self, nested: list[Record], above: str | None) -> Iterator[str]:
        """The ids of nested subjects, each before what lies below it."""
        for record in nested:
            if type(record["id"]) not in IDS:
                raise TypeError
            key, name = str(record["id"]), _text(record["name"])
            node = self.nodes.setdefault(key, Node(name, []))
            if node.name != name:
                self.renamed.add(key)
                self._other = True
            if not NESTED.issuperset(record):
                self._more = True
            if above is not None and above not in node.parents:
                node.parents.append(above)
            yield key
            yield from self._walk(_list(record.get("children")), key)


def is_too_deep(record: Record) -> bool:
    """Whether it is JSON that can be read and not written again."""
    try:
        spelled(record)
    except RecursionError:
        return True
    return False


def _artists(record: Record) -> list[Artist]:
    if "artist_ids" in record:
        pairs = [_list(pair) for pair in _list(record["artist_ids"])]
        artists = [Artist(key, role, {"id": key}) for key, role in pairs]
    else:
        artists = [
            Artist(said["id"], said.get("role"), {n: v for n, v in said.items() if n != "role"})
            for said in _list(record.get("contributors"))
        ]
    for artist in artists:
        if type(artist.key) not in IDS or type(artist.role) not in ROLES:
            raise TypeError
    return artists


def _text(value: Any) -> str:
    if type(value) is not str:
        raise TypeError
    return value


def _list(value: Any) -> list[Any]:
    """A list; an empty one for null."""
    if value is None:
        return []
    if type(value) is not list:
        raise TypeError
    return value
