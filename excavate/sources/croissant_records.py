"""Record sets as records: which one holds the pictures, what the others say of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from excavate.errors import FaultList
from excavate.model import Category, as_text
from excavate.sources.croissant_document import Croissant, Field, Origin, RecordSet
from excavate.sources.croissant_files import Elsewhere, Files
from excavate.sources.croissant_tables import Tables
from excavate.sources.croissant_transforms import records_of

PICTURE = "ImageObject"
BOX = "BoundingBox"
MASK = "SegmentationMask"
SPLIT = frozenset(("Split", "Q3985153"))


@dataclass(slots=True)
class Records:
    """The values of a record set's fields, by field; all lists are of the same length."""

    record_set: RecordSet
    columns: dict[str, list[Any]] = field(default_factory=dict)
    count: int = 0
    elsewhere: list[str] = field(default_factory=list)  # addresses of files that are not here
    left_out: list[str] = field(default_factory=list)
    path: str | None = None  # the first JSONPath of its fields

    def fields(self) -> Iterator[tuple[Field, list[Any]]]:
        """The fields that were read, in order."""
        for one in self.record_set.fields:
            if one.key in self.columns:
                yield one, self.columns[one.key]


def picture_field(record_set: RecordSet, said: Croissant) -> Field | None:
    """The field that holds a record set's pictures, directly from files."""
    for one in record_set.fields:
        if PICTURE in one.types and one.source and one.source.place in said.files:
            return one
    return None


def visual(said: Croissant) -> list[RecordSet]:
    """The record sets that hold pictures, in the file's order."""
    return [one for one in said.record_sets.values() if picture_field(one, said)]


def is_split(one: Field, said: Croissant) -> bool:
    """Whether a field says which split a record belongs to."""
    referred = said.record_sets.get(owner(one.refers, said) or "")
    by_reference = referred is not None and bool(referred.types & SPLIT)
    return bool(one.types & SPLIT) or by_reference or one.name.lower() == "split"


def owner(origin: Origin | None, said: Croissant) -> str | None:
    """The record set whose field an origin names."""
    if origin is None:
        return None
    for key, record_set in said.record_sets.items():
        if any(one.key == origin.place for one in record_set.fields):
            return key
    return None


class Reading:
    """Reads record sets through the files that hold them."""

    def __init__(self, said: Croissant, files: Files, faults: FaultList) -> None:
        self._said, self._faults = said, faults
        self.tables = Tables(files, faults)
        self._read: dict[str, Records] = {}

    def records(self, record_set: RecordSet, leave: Field | None = None) -> Records:
        """The values of a record set, without the field `leave`, whose files give its length."""
        if record_set.key not in self._read:
            self._read[record_set.key] = self._records(record_set, leave)
        return self._read[record_set.key]

    def _records(self, record_set: RecordSet, leave: Field | None) -> Records:
        found = Records(record_set)
        if record_set.rows is not None:
            found.count = len(record_set.rows)
            for one in record_set.fields:
                found.columns[one.key] = [row.get(one.key) for row in record_set.rows]
            return found
        own = self._own_place(record_set, leave)
        if own and leave and leave.source:
            found.count = sum(1 for _ in self.tables.rows(leave, leave.source))
        for one in record_set.fields:
            if one is not leave and one.source:
                self._add(found, one, one.source, own, fixed=leave is not None)
        return found

    def _own_place(self, record_set: RecordSet, leave: Field | None) -> str | None:
        """The file or set of files whose rows are the records."""
        fields = [leave] if leave else record_set.fields
        places = [one.source.place for one in fields if one.source]
        return next((place for place in places if place in self._said.files), None)

    def _add(
        self, found: Records, one: Field, origin: Origin, own: str | None, fixed: bool
    ) -> None:
        """Put a field's values to the records, or say why they are not read."""
        try:
            values = self._values(found, one, origin, own)
        except Elsewhere as error:
            found.elsewhere.append(str(error))
            return
        if values is None:
            return
        if not values and origin.path:
            found.left_out.append(f"{one.key}: nothing at {origin.path}, not read")
            return
        if not found.columns and not fixed:
            found.count = len(values)
        if len(values) == found.count:
            found.columns[one.key] = values
        elif values:
            self._faults.add(one.key, f"{len(values):,} values for {found.count:,} records")

    def _values(
        self, found: Records, one: Field, origin: Origin, own: str | None
    ) -> list[Any] | None:
        """The values of a field; None where there are none to be had. Raises Elsewhere."""
        if origin.place != own:
            there = origin.place in self._said.files
            return self._joined(found, one, origin) if there else None
        values = self.tables.values(one, origin)
        if origin.path is not None and values:
            found.path = found.path or origin.path
            if not self._in_step(one, origin.path, found.path):
                return None
        return values

    def _in_step(self, one: Field, path: str, other: str | None) -> bool:
        """Whether two JSONPaths give a value for each of the same things; a fault if not."""
        steps = records_of(path)
        if path == other or (other and steps is not None and steps == records_of(other)):
            return True
        what = f"{path} does not step through the same records as {other}"
        self._faults.add(one.key, what)
        return False

    def _joined(self, found: Records, one: Field, origin: Origin) -> list[Any] | None:
        """The values of another table, brought to these records by the field that refers to it."""
        for other, values in found.fields():
            refers = other.refers
            if refers and refers.place == origin.place:
                return self._brought(found, one, origin, refers, values)
        self._faults.add(one.key, f"lies in {origin.place}, to which no field before it refers")
        return None

    def _brought(
        self, found: Records, one: Field, origin: Origin, refers: Origin, values: list[Any]
    ) -> list[Any] | None:
        keys, said = self.tables.values(one, refers), self.tables.values(one, origin)
        if not said:
            return said
        if origin.path and not self._in_step(one, origin.path, refers.path):
            return None
        if len(keys) != len(said):
            self._faults.add(one.key, f"{len(said):,} values for {len(keys):,} records")
            return None
        theirs: dict[str | None, Any] = {}
        again = 0
        for key, value in zip(map(as_text, keys), said, strict=True):
            again += key in theirs and theirs[key] != value
            theirs.setdefault(key, value)
        if again:
            what = f"{one.key}: rows of {origin.place} that contradict an earlier one"
            found.left_out.append(f"{what}: {again:,}, not read")
        return [theirs.get(as_text(value)) for value in values]


def categories_of(records: Records, prefix: bool) -> dict[str, Category]:
    """An enumeration as categories by its key's value; `prefix`: where there are several."""
    said = records.record_set
    wanted = {key if "/" in key else f"{said.key}/{key}" for key in said.keys}
    keys = next((v for f, v in records.fields() if f.key in wanted), None)
    first = next((v for _, v in records.fields()), [])
    names = next((v for f, v in records.fields() if f.types & {"name"} or f.name == "name"), first)
    found: dict[str, Category] = {}
    for row, value in enumerate(keys if keys is not None else first):
        text = as_text(value)
        if text is not None and text not in found:
            extra = {
                f.name: v[row] for f, v in records.fields() if v is not names and v[row] is not None
            }
            key = f"{said.key}/{text}" if prefix else text
            found[text] = Category(key, as_text(names[row]) or text, (), extra)
    return found
