"""Reading the pictures of a stream of batches in several processes, in order.

Memory is bounded: a batch is only handed out while few are under way and they are small enough
together. Each worker gets and returns Arrow IPC, so no object of ours is pickled.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future

import pyarrow as pa

from excavate.catalog.thumbnails import read_table
from excavate.catalog.workers import WorkerDiedError, Workers, from_ipc, to_ipc
from excavate.errors import ExcavateError
from excavate.model import ITEM_COLUMNS, Batch
from excavate.settings import Settings

BYTES_UNDER_WAY = 192 * 2**20
SMALL = 2_048  # items read in this process: starting workers would take longer
READ = ("content", "mode", "width", "height", "path", "part")

COMMITTED = 4_096  # items committed together: a commit costs as much as reading dozens of pictures
COMMITTED_BYTES = 64 * 2**20

Pair = tuple[Batch, pa.Table]


def runs_of(pairs: Iterable[Pair]) -> Iterator[list[Pair]]:
    """Gather batches into runs worth one commit, by items or by the bytes of their thumbnails."""
    run: list[Pair] = []
    items = size = 0
    for pair in pairs:
        run.append(pair)
        items, size = items + len(pair[0]), size + pair[1].nbytes
        if items >= COMMITTED or size >= COMMITTED_BYTES:
            yield run
            run, items, size = [], 0, 0
    if run:
        yield run


def read_batches(
    batches: Iterable[Batch], root: str | None, settings: Settings, count: int | None
) -> Iterator[Pair]:
    """Each batch with the readings of its pictures, in the order given.

    `count` is how many items there are in all, where it is known. Raises ExcavateError if a
    worker process dies (of memory, or in a decoder's crash).
    """
    if settings.workers < 2 or (count is not None and count <= SMALL):
        for batch in batches:
            readings = read_table(batch.items.select(READ), root, settings.max_pixels)
            yield _lightened(batch), readings
        return
    try:
        yield from _read_in_processes(batches, root, settings)
    except WorkerDiedError as error:
        todo = "Free memory or set EXCAVATE_WORKERS=1 and dig again: it resumes where it stopped"
        raise ExcavateError("a process that reads pictures died", root or "", todo) from error


def _read_in_processes(
    batches: Iterable[Batch], root: str | None, settings: Settings
) -> Iterator[Pair]:
    workers = Workers(settings.workers, root, settings.max_pixels)
    under_way: deque[tuple[Batch, Future[bytes], int]] = deque()
    size = 0
    try:
        for batch in batches:
            items = to_ipc(batch.items.select(READ))
            under_way.append((_lightened(batch), workers.read(items), len(items)))
            size += len(items)
            while len(under_way) > 3 * settings.workers or size > BYTES_UNDER_WAY:
                batch, job, length = under_way.popleft()
                size -= length
                yield batch, from_ipc(job.result())
        for batch, job, _ in under_way:
            yield batch, from_ipc(job.result())
    finally:
        workers.close()


def _lightened(batch: Batch) -> Batch:
    """The batch without its pictures: they are read, and would wait for the commit in memory."""
    position = batch.items.schema.get_field_index("content")
    gone = pa.nulls(len(batch), pa.binary())
    items = batch.items.set_column(position, ITEM_COLUMNS.field("content"), gone)
    return Batch(items, batch.labels, batch.regions, batch.attributes)
