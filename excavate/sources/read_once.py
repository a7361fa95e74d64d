"""Many small files, each read once: what they say waits on disk until it is asked for.

A source of one file a picture has to read all of them before it can name every fault together.
`ReadOnce` keeps what was read in a temporary file of Arrow streams, so that nothing is parsed
twice and memory stays flat (some 150 bytes a region on disk, up to 16 MB of it in memory).
"""

from __future__ import annotations

import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from excavate.model import (
    ATTRIBUTE_COLUMNS,
    ITEM_COLUMNS,
    LABEL_COLUMNS,
    REGION_COLUMNS,
    Batch,
    table_of,
)
from excavate.sources.collecting import collector_paused

CHUNK = 256  # items kept together: as many as a dig asks for
IN_MEMORY = 16 * 2**20
SCHEMAS = (ITEM_COLUMNS, LABEL_COLUMNS, REGION_COLUMNS, ATTRIBUTE_COLUMNS)
T = TypeVar("T")


class Rows:
    """The rows of a batch that is being read: tuples in the order of the columns.

    Faster than dataclasses where a parser hands over a hundred thousand regions a second.
    """

    def __init__(self) -> None:
        self.items: list[tuple[Any, ...]] = []
        self.labels: list[tuple[Any, ...]] = []
        self.regions: list[tuple[Any, ...]] = []
        self.attributes: list[tuple[Any, ...]] = []

    def item(
        self,
        key: str,
        split: str,
        path: str | None = None,
        part: str | None = None,
        size: tuple[int | None, int | None] = (None, None),
        creator: str | None = None,
    ) -> int:
        """Add an item; its number within the batch, for the rows that belong to it."""
        row = len(self.items)
        self.items.append((key, split, None, None, *size, path, part, None, creator, None))
        return row

    def batch(self) -> Batch:
        """The rows as Arrow tables."""
        rows = (self.items, self.labels, self.regions, self.attributes)
        return Batch(*(table_of(s, r) for s, r in zip(SCHEMAS, rows, strict=True)))


class Spool:
    """Batches kept in a temporary file, cut anew as they are asked for."""

    def __init__(self, in_memory: int | None = None) -> None:
        """At most so many bytes of it in memory (IN_MEMORY for None), the rest on disk."""
        self.rows = Rows()  # to add to; `cut` keeps them
        self.count = 0
        self._file = tempfile.SpooledTemporaryFile(in_memory or IN_MEMORY)  # noqa: SIM115 - closed below
        weakref.finalize(self, self._file.close)
        self._chunks: list[tuple[int, int, int]] = []  # where, how many bytes, how many items

    def cut(self, least: int) -> None:
        """Keep the rows, if they are of so many items, and begin anew."""
        if len(self.rows.items) >= least:
            self._keep(self.rows.batch())
            self.rows = Rows()

    def batches(self, size: int, start: int = 0) -> Iterator[Batch]:
        """At most `size` items each, from item number `start` on."""
        return in_turn([self], size, start)

    def _keep(self, batch: Batch) -> None:
        sink = pa.BufferOutputStream()
        for table in (batch.items, batch.labels, batch.regions, batch.attributes):
            with pa.ipc.new_stream(sink, table.schema) as writer:
                writer.write_table(table)
        content = sink.getvalue()
        place = self._file.seek(0, 2)
        self._file.write(content)
        self._chunks.append((place, len(content), len(batch)))
        self.count += len(batch)

    def _from(self, start: int) -> Iterator[Batch]:
        for place, length, count in self._chunks:
            if start < count:
                self._file.seek(place)
                kept = pa.BufferReader(self._file.read(length))
                whole = Batch(*(pa.ipc.open_stream(kept).read_all() for _ in SCHEMAS))
                yield part_of(whole, start, count) if start else whole
            start = max(0, start - count)


class ReadOnce(Spool):
    """Records that were read one by one."""

    def __init__(self, records: Iterable[T], read: Callable[[T, Rows], None]) -> None:
        """Read every record with `read`, which adds items to the rows."""
        super().__init__()
        with collector_paused():
            for record in records:
                read(record, self.rows)
                self.cut(CHUNK)
        self.cut(1)


def in_turn(kept: Iterable[Spool], size: int, start: int = 0) -> Iterator[Batch]:
    """Batches of at most `size` items of all of these, one after the other."""
    held: list[Batch] = []
    for batch in _from_all(kept, start):
        held.append(batch)
        while (there := sum(map(len, held))) >= size:
            whole = joined(held)
            yield whole if there == size else part_of(whole, 0, size)
            held = [part_of(whole, size, there)] if there > size else []
    if held:
        yield joined(held)


def _from_all(kept: Iterable[Spool], start: int) -> Iterator[Batch]:
    for spool in kept:
        yield from spool._from(start)
        start = max(0, start - spool.count)


def part_of(batch: Batch, first: int, last: int) -> Batch:
    """The items from `first` up to `last` and what belongs to them."""

    def kept(table: pa.Table) -> pa.Table:
        row = table["row"]
        inside = pc.and_(pc.greater_equal(row, first), pc.less(row, last))
        return _moved(table.filter(inside), -first)

    rest = (batch.labels, batch.regions, batch.attributes)
    return Batch(batch.items.slice(first, last - first), *map(kept, rest))


def joined(batches: list[Batch]) -> Batch:
    """Batches as one."""
    if len(batches) == 1:
        return batches[0]
    before, moved = 0, []
    for batch in batches:
        rest = (batch.labels, batch.regions, batch.attributes)
        moved.append((batch.items, *(_moved(table, before) for table in rest)))
        before += len(batch)
    return Batch(*(pa.concat_tables(tables) for tables in zip(*moved, strict=True)))


def _moved(table: pa.Table, by: int) -> pa.Table:
    if by == 0:
        return table
    row = pc.add(table["row"], pa.scalar(by, pa.int32()))
    return table.set_column(0, table.schema.field("row"), row)
