"""Reading the pictures of a stream of batches in several processes, in order.

Memory is bounded: a batch is only handed out while few are under way and they are small enough
together. Each worker gets and returns Arrow IPC, so no object of ours is pickled.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress

import pyarrow as pa

from excavate.catalog.thumbnails import read_table
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
    except BrokenProcessPool as error:
        todo = "Free memory or set EXCAVATE_WORKERS=1 and dig again: it resumes where it stopped"
        raise ExcavateError("a process that reads pictures died", root or "", todo) from error


def _read_in_processes(
    batches: Iterable[Batch], root: str | None, settings: Settings
) -> Iterator[Pair]:
    from multiprocessing import get_context

    pool = ProcessPoolExecutor(settings.workers, get_context("spawn"), _die_with_parent)
    for _ in range(settings.workers):
        pool.submit(int)  # workers start while the source opens its first file
    under_way: deque[tuple[Batch, Future[bytes], int]] = deque()
    size = 0
    try:
        for batch in batches:
            items = _to_ipc(batch.items.select(READ))
            job = pool.submit(_read_ipc, items, root, settings.max_pixels)
            under_way.append((_lightened(batch), job, len(items)))
            size += len(items)
            while len(under_way) > 3 * settings.workers or size > BYTES_UNDER_WAY:
                batch, job, length = under_way.popleft()
                size -= length
                yield _finished(batch, job)
        for batch, job, _ in under_way:
            yield _finished(batch, job)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _lightened(batch: Batch) -> Batch:
    """The batch without its pictures: they are read, and would wait for the commit in memory."""
    position = batch.items.schema.get_field_index("content")
    gone = pa.nulls(len(batch), pa.binary())
    items = batch.items.set_column(position, ITEM_COLUMNS.field("content"), gone)
    return Batch(items, batch.labels, batch.regions, batch.attributes)


def _finished(batch: Batch, job: Future[bytes]) -> Pair:
    with pa.ipc.open_stream(job.result()) as reader:
        return batch, reader.read_all()


def _to_ipc(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def _read_ipc(items: bytes, root: str | None, max_pixels: int) -> bytes:
    with pa.ipc.open_stream(items) as reader:
        return _to_ipc(read_table(reader.read_all(), root, max_pixels))


def _die_with_parent() -> None:
    """A worker outlives a SIGKILLed parent for ever, waiting for work; so it watches it."""
    from multiprocessing import parent_process
    from multiprocessing.connection import wait
    from os import _exit

    parent = parent_process()

    def watch() -> None:
        with suppress(OSError):
            wait([parent.sentinel])  # type: ignore[union-attr]
        _exit(1)

    if parent is not None:
        threading.Thread(target=watch, daemon=True).start()
