"""The rows of Open Images' CSVs, brought together image by image.

The published tables are sorted by ImageID, so they are read side by side, a block of each at a
time: memory is a few blocks, whatever their size. What is small is held, and parsed only once;
a table that is not sorted is held and sorted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from excavate.errors import FaultList
from excavate.sources.openimages_files import IMAGE, CsvTable

HELD = 64 * 2**20  # bytes of CSV that are kept in memory
BLOCK = 2 * 2**20
T = TypeVar("T")
TOGETHER = 16_384  # rows of one held table taken at a time
FEW = frozenset(  # columns of few values
    (
        *("Source", "LabelName", "Confidence", "Subset"),
        *("IsOccluded", "IsTruncated", "IsGroupOf", "IsDepiction", "IsInside"),
        *("LabelName1", "LabelName2", "RelationLabel", "RelationshipLabel"),
    )
)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A run of images with the rows of each table that are about them, sorted alike."""

    ids: pa.Array
    tables: list[tuple[CsvTable, pa.Table, Any]]  # with the image of each row (int32 numpy)


class _UnsortedError(Exception):
    """A table is not sorted by ImageID."""


class Rows:
    """All rows of one split, as often as they are asked for."""

    def __init__(self, tables: Sequence[CsvTable], split: str, faults: FaultList) -> None:
        self._tables, self._split, self._faults = tables, split, faults
        self._held: dict[CsvTable, pa.Table] = {}
        small = sum(table.path.stat().st_size for table in tables) <= HELD
        if small:
            self._held = {table: self._whole(table) for table in tables}
        self._chunks = list(self._read()) if small else None

    def chunks(self) -> Iterable[Chunk]:
        """Images in the order of their ids."""
        return self._read() if self._chunks is None else self._chunks

    def surveyed(self, survey: Callable[[Iterable[Chunk]], T]) -> T:
        """What `survey` makes of all chunks; asked again where a table proves to be unsorted."""
        while True:
            try:
                return survey(self.chunks())
            except _UnsortedError as error:
                table: CsvTable = error.args[0]
                self._held[table] = self._whole(table)

    def _read(self) -> Iterator[Chunk]:
        streams = [_Stream(table, self._blocks(table)) for table in self._tables]
        while sum(stream.fill() for stream in streams):  # any() would stop at the first
            open_ends = [s for s in streams if not s.done]
            border = min((s.last for s in open_ends), default=None)
            taken = [(s.table, s.take(border)) for s in streams]
            said = [(table, rows) for table, rows in taken if rows.num_rows]
            if said:
                yield _chunk(said)
            else:
                min(open_ends, key=lambda s: s.last).more()

    def _blocks(self, table: CsvTable) -> Iterator[pa.Table]:
        held = self._held.get(table)
        if held is None:
            yield from self._parsed(table)
            return
        for first in range(0, held.num_rows, TOGETHER):
            yield held.slice(first, TOGETHER)

    def _whole(self, table: CsvTable) -> pa.Table:
        import pyarrow.csv as pa_csv

        wrong: list[str] = []
        try:
            whole = pa_csv.read_csv(table.path, **_options(table, wrong))
        except pa.ArrowInvalid as error:
            self._faults.add(table.name, _worded(table, error))
            return pa.table({name: pa.array([], pa.string()) for name in table.columns})
        for what in sorted(wrong):
            self._faults.add(table.name, what)
        whole = self._of_split(table, whole).unify_dictionaries().combine_chunks()
        if whole.num_rows and not _ordered(whole):
            whole = whole.take(pc.sort_indices(whole, [(IMAGE, "ascending")]))
        return whole

    def _parsed(self, table: CsvTable) -> Iterator[pa.Table]:
        import pyarrow.csv as pa_csv

        wrong: list[str] = []
        try:
            with pa_csv.open_csv(table.path, **_options(table, wrong)) as reader:
                last = ""
                for batch in reader:
                    rows = self._of_split(table, pa.Table.from_batches([batch]))
                    if rows.num_rows and (rows[IMAGE][0].as_py() < last or not _ordered(rows)):
                        raise _UnsortedError(table)
                    last = rows[IMAGE][-1].as_py() if rows.num_rows else last
                    yield rows
        except pa.ArrowInvalid as error:
            self._faults.add(table.name, _worded(table, error))
        for what in sorted(wrong):
            self._faults.add(table.name, what)

    def _of_split(self, table: CsvTable, rows: pa.Table) -> pa.Table:
        if not table.by_subset:
            return rows
        return rows.filter(pc.equal(rows["Subset"].cast(pa.string()), self._split))


def subsets(table: CsvTable, faults: FaultList) -> list[str]:
    """The splits that a table's rows name in Subset."""
    import pyarrow.csv as pa_csv

    options = _options(table, [])
    options["convert_options"].include_columns = ["Subset"]
    found: dict[str, None] = {}
    try:
        with pa_csv.open_csv(table.path, **options) as reader:
            for block in reader:
                found |= dict.fromkeys(block.column(0).dictionary.to_pylist())
    except pa.ArrowInvalid as error:
        faults.add(table.name, _worded(table, error))
    return list(found)


class _Stream:
    """One table's rows, with those that are read and not yet taken."""

    def __init__(self, table: CsvTable, blocks: Iterator[pa.Table]) -> None:
        self.table, self.done = table, False
        self._blocks = blocks
        self._rows: pa.Table | None = None

    @property
    def last(self) -> str:
        return str(self._rows[IMAGE][-1].as_py())  # type: ignore[index]

    def fill(self) -> bool:
        """Read on until there is a row; False where none is left."""
        while not self.done and (self._rows is None or not self._rows.num_rows):
            self.more()
        return bool(self._rows is not None and self._rows.num_rows)

    def more(self) -> None:
        block = next(self._blocks, None)
        if block is None:
            self.done = True
        elif self._rows is None or not self._rows.num_rows:
            self._rows = block
        else:
            self._rows = pa.concat_tables([self._rows, block])

    def take(self, border: str | None) -> pa.Table:
        """The rows of images before the border; all where there is none."""
        rows = self._rows if self._rows is not None else pa.table({})
        count = rows.num_rows if border is None else _first_at(rows, border)
        self._rows = rows.slice(count)
        return rows.slice(0, count)


def _chunk(said: list[tuple[CsvTable, pa.Table]]) -> Chunk:
    tables = [(table, rows.unify_dictionaries().combine_chunks()) for table, rows in said]
    runs = [_runs(rows[IMAGE].chunk(0)) for _, rows in tables]
    ids = runs[0][0]
    for own, _ in runs[1:]:
        if not own.equals(ids):
            both = pc.unique(pa.concat_arrays([ids, own]))
            ids = both.take(pc.sort_indices(both))
    found = []
    for (table, rows), (own, lengths) in zip(tables, runs, strict=True):
        if own.equals(ids):
            places = np.arange(len(ids), dtype=np.int32)
        else:
            places = pc.index_in(own, value_set=ids).to_numpy().astype(np.int32)
        found.append((table, rows, np.repeat(places, lengths)))
    return Chunk(ids, found)


def _runs(ids: pa.Array) -> tuple[pa.Array, Any]:
    """The distinct ids of a sorted column, and how many rows each has."""
    changes = pc.not_equal(ids.slice(1), ids.slice(0, len(ids) - 1))
    starts = np.flatnonzero(np.concatenate([[True], changes.to_numpy(zero_copy_only=False)]))
    return ids.take(pa.array(starts)), np.diff(starts, append=len(ids))


def _ordered(rows: pa.Table) -> bool:
    ids = rows[IMAGE].combine_chunks()
    ids = ids.chunk(0) if isinstance(ids, pa.ChunkedArray) else ids
    ordered = pc.less_equal(ids.slice(0, len(ids) - 1), ids.slice(1))
    return bool(pc.all(ordered, min_count=0).as_py())


def _first_at(rows: pa.Table, border: str) -> int:
    """How many rows of a sorted table stand before the border."""
    if not rows.num_rows:
        return 0
    ids, low, high = rows[IMAGE], 0, rows.num_rows
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if ids[middle].as_py() < border else (low, middle)
    return low


def _options(table: CsvTable, wrong: list[str]) -> dict[str, Any]:
    import pyarrow.csv as pa_csv

    def told(row: Any) -> str:
        text = f" ({row.text[:60]})" if row.text else ""
        wrong.append(f"{row.actual_columns} fields, not {row.expected_columns}{text}")
        return "skip"

    few = pa.dictionary(pa.int32(), pa.string())
    types = {name: few if name in FEW else pa.string() for name in table.columns}
    quoted = table.kind == "images"  # titles may hold anything
    return {
        "read_options": pa_csv.ReadOptions(block_size=BLOCK),
        "parse_options": pa_csv.ParseOptions(invalid_row_handler=told, newlines_in_values=quoted),
        "convert_options": pa_csv.ConvertOptions(column_types=types, strings_can_be_null=False),
    }


def _worded(table: CsvTable, error: Exception) -> str:
    said = str(error).partition("\n")[0][:200]
    column = re.match(r"In CSV column #(\d+): ", said)
    return f"{table.columns[int(column[1])]}: {said.rpartition(': ')[2]}" if column else said
