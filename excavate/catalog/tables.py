"""Reading a table that a person gives (CSV, Parquet): every value as text, verbatim.

Nothing is sniffed, guessed or skipped: the first line of a CSV is its header, commas separate,
UTF-8 it is. All that is wrong with a file is told together.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from excavate.errors import FaultList, SourceError
from excavate.sources.hub_columns import texts
from excavate.sources.places import is_text

CHUNK = 10_000  # rows that are held as Python strings at a time
PARQUET, ZIP, UTF_16 = b"PAR1", b"PK\x03\x04", (b"\xff\xfe", b"\xfe\xff")
SEPARATORS = {"\t": "tabs", ";": "semicolons", "|": "bars"}
SAVE = 'save it as "CSV UTF-8"'
NOT_UTF8 = f"{SAVE} (Excel in Korean writes cp949 otherwise)"

CsvRow = tuple[int, list[str]]  # the line it begins on, its fields


@dataclass(frozen=True, slots=True)
class GivenTable:
    """Columns of text by their names, in order; null is "left empty"."""

    name: str  # of the file
    columns: dict[str, pa.ChunkedArray]
    places: pa.ChunkedArray  # int64: where each row begins, from 1
    unit: str  # what places count: line (of a CSV) or row (of a Parquet file)

    def place(self, number: int) -> str:
        """Where a row stands, for a message."""
        return f"{self.name} {self.unit} {number}"


@dataclass(frozen=True, slots=True)
class Needed:
    """Columns that a table must have, and whether they may be all that it has."""

    columns: tuple[str, ...]
    alone: bool = False


def read_table(file: Path, needed: Needed) -> GivenTable:
    """The table of a file that has the columns needed (and, unless `alone`, others).

    CSV: an empty field is null. Parquet: numbers in their shortest form, nested values as JSON.
    Raises one SourceError with every fault: not UTF-8, rows of another length, a header that
    lacks a column, a name or anything beside what is needed, columns of bytes, no rows.
    """
    if not file.is_file():
        raise SourceError("no such file", str(file), "Check the path")
    faults = FaultList()
    try:
        with open(file, "rb") as begun:
            begins = begun.read(4)
        table = _read(file, begins, needed, faults)
    except (pa.ArrowException, OSError) as error:
        why = str(error).splitlines()[0]
        raise SourceError(f"cannot be read ({why})", str(file), "Write it again") from error
    if table is not None and not len(table.places) and not faults.count:
        faults.add(file.name, "no row under the header" if table.unit == "line" else "no row")
    faults.raise_if_any("no table to join", str(file), "Correct it; nothing was changed")
    assert table is not None  # noqa: S101 - without a table there was a fault
    return table


def _read(file: Path, begins: bytes, needed: Needed, faults: FaultList) -> GivenTable | None:
    if begins == PARQUET:
        return _from_parquet(file, needed, faults)
    if file.suffix.lower() == ".parquet":
        faults.add(file.name, "not Parquet")
    elif not begins:
        faults.add(file.name, "empty")
    elif begins == ZIP:
        faults.add(file.name, f"an Excel file or another archive: {SAVE}")
    elif begins.startswith(UTF_16):
        faults.add(f"{file.name} line 1", f"UTF-16, not UTF-8: {SAVE}")
    else:
        return _from_csv(file, needed, faults)
    return None


def _from_parquet(file: Path, needed: Needed, faults: FaultList) -> GivenTable:
    with open(file, "rb") as opened:  # as one file: a path would be read as an address or a glob
        table = pq.ParquetFile(opened).read()
    table.validate(full=True)  # text that is not UTF-8 is found here
    _check_names(table.column_names, needed, file.name, faults)
    columns = {}
    for name, column in zip(table.column_names, table.columns, strict=True):
        if _holds_bytes(column.type):
            faults.add(file.name, f"column {name!r} holds bytes: write it as text, or leave it out")
        else:
            columns[name] = pa.chunked_array([texts(c) for c in column.chunks], pa.string())
    rows = pa.chunked_array([pa.array(range(1, table.num_rows + 1), pa.int64())])
    return GivenTable(file.name, columns, rows, "row")


def _holds_bytes(kind: pa.DataType) -> bool:
    if isinstance(kind, pa.BaseExtensionType):
        return _holds_bytes(kind.storage_type)
    if pa.types.is_dictionary(kind):
        return _holds_bytes(kind.value_type)
    if "binary" in str(kind) and not pa.types.is_nested(kind):
        return True
    return any(_holds_bytes(kind.field(n).type) for n in range(kind.num_fields))


def _from_csv(file: Path, needed: Needed, faults: FaultList) -> GivenTable | None:
    odd: list[int] = []
    with open(file, encoding="utf-8-sig", errors="surrogateescape", newline="") as lines:
        rows = _csv_rows(_watched(lines, odd), file.name, faults)
        names = _header(next(rows, None), needed, file.name, faults)
        if names is None:
            chunks = []
        else:
            chunks = list(_chunks(_of_length(rows, len(names), file.name, faults), odd))
    if odd:
        more = f", nor are {len(odd) - 1} later lines" if len(odd) > 1 else ""
        faults.add(f"{file.name} line {odd[0]}", f"not UTF-8{more}: {NOT_UTF8}")
    if names is None or faults.count:
        return None
    whole = [pa.chunked_array(c, pa.string()) for c in zip(*(c for _, c in chunks), strict=True)]
    columns = whole or [pa.chunked_array([], pa.string()) for _ in names]
    places = pa.chunked_array([place for place, _ in chunks], pa.int64())
    return GivenTable(file.name, dict(zip(names, columns, strict=True)), places, "line")


def _watched(lines: Iterable[str], odd: list[int]) -> Iterator[str]:
    """The lines as they are; the numbers of those that are not UTF-8 are noted."""
    for number, line in enumerate(lines, 1):
        if not is_text(line):
            odd.append(number)
        yield line


def _csv_rows(lines: Iterator[str], name: str, faults: FaultList) -> Iterator[CsvRow]:
    reader = csv.reader(lines, strict=True)
    begins = 1
    try:
        for cells in reader:
            yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        faults.add(f"{name} line {begins}", f"not CSV ({error})")


def _header(row: CsvRow | None, needed: Needed, name: str, faults: FaultList) -> list[str] | None:
    """The names of the columns; None where the rest cannot be understood."""
    if row is None:  # not even one line of CSV, which was told
        return None
    names, place = row[1], f"{name} line 1"
    if not names:
        faults.add(place, "no header: the line is empty")
        return None
    apart = [word for sign, word in SEPARATORS.items() if sign in "".join(names)]
    if apart and (len(names) == 1 or not set(needed.columns) <= set(names)):
        what = f"separated by {apart[0]}, not commas: the header is {','.join(names)!r}"
        faults.add(place, f"{what}; save it with commas")
        return None
    _check_names(names, needed, place, faults)
    return names


def _of_length(
    rows: Iterator[CsvRow], width: int, name: str, faults: FaultList
) -> Iterator[CsvRow]:
    for line, cells in rows:
        if len(cells) == width:
            yield line, cells
        elif cells:  # an empty line says nothing
            faults.add(f"{name} line {line}", f"{len(cells)} values for {width} columns")


def _chunks(rows: Iterator[CsvRow], odd: list[int]) -> Iterator[tuple[pa.Array, list[pa.Array]]]:
    """(lines, columns) of rows at a time; none once a line was not UTF-8."""
    while chunk := list(islice(rows, CHUNK)):
        if not odd:
            lines, cells = zip(*chunk, strict=True)
            columns = zip(*cells, strict=True)
            words = [pa.array([cell or None for cell in c], pa.string()) for c in columns]
            yield pa.array(lines, pa.int64()), words


def _check_names(names: Sequence[str], needed: Needed, place: str, faults: FaultList) -> None:
    for number, name in enumerate(names, 1):
        if not name.strip():
            faults.add(place, f"column {number} has no name")
    for name, count in Counter(names).items():
        if count > 1 and name.strip():
            faults.add(place, f"{count} columns are named {name!r}")
    lacking = [column for column in needed.columns if column not in names]
    for column in lacking:
        faults.add(place, f"no column {column!r}; there are {', '.join(map(repr, names))}")
    if not lacking and not needed.alone and set(names) == set(needed.columns):
        only = f"{names[0]!r} is the only column" if len(names) == 1 else "no column beside these"
        faults.add(place, f"nothing to join: {only}")
