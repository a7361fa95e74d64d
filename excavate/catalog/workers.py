"""Processes that read pictures, each behind a pipe of its own.

A shared queue would not do: a process that is killed while it writes to one (of memory, or in a
decoder's crash) leaves its readers waiting for ever. Here the end of a process is the end of its
pipe, which is seen at once. Tables go both ways as Arrow IPC, so no object of ours is pickled.
"""

from __future__ import annotations

import signal
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from traceback import format_exc

import pyarrow as pa

from excavate.catalog.thumbnails import read_table

READ, FAILED = b"r", b"f"


class WorkerDiedError(Exception):
    """A process ended before it answered."""


class Workers:
    """`count` processes; each has a thread that hands it one table at a time."""

    def __init__(self, count: int, root: str | None, max_pixels: int) -> None:
        self._own = threading.local()
        started = [_started(root, max_pixels) for _ in range(count)]
        self._processes = [process for process, _pipe in started]
        pipes = iter([pipe for _process, pipe in started])
        self._threads = ThreadPoolExecutor(count, "pictures", lambda: self._take(next(pipes)))

    def read(self, items: bytes) -> Future[bytes]:
        """The readings of a table of items, in time; WorkerDiedError where its process ended."""
        return self._threads.submit(self._ask, items)

    def close(self) -> None:
        """End them all, whatever they are at."""
        for process in self._processes:
            process.kill()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for process in self._processes:
            process.join()

    def _take(self, pipe: Connection) -> None:
        self._own.pipe = pipe

    def _ask(self, items: bytes) -> bytes:
        try:
            self._own.pipe.send_bytes(items)
            answer = self._own.pipe.recv_bytes()
        except (EOFError, OSError) as error:
            raise WorkerDiedError from error
        if answer[:1] == FAILED:
            raise RuntimeError(answer[1:].decode())
        return bytes(memoryview(answer)[1:])


def _started(root: str | None, max_pixels: int) -> tuple[BaseProcess, Connection]:
    """A process that is starting while its source opens its first file, and our end of its pipe."""
    spawning = get_context("spawn")
    near, far = spawning.Pipe()
    process = spawning.Process(target=_work, args=(far, root, max_pixels), daemon=True)
    process.start()
    far.close()  # the process holds its only end: when it ends, so does the pipe
    return process, near


def _work(pipe: Connection, root: str | None, max_pixels: int) -> None:
    """Answer tables until the other end is closed, which is also when the parent died."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told, and ends this one
    with suppress(EOFError, OSError):
        while True:
            items = pipe.recv_bytes()
            try:
                answer = READ + _read(items, root, max_pixels)
            except Exception:
                answer = FAILED + format_exc().encode()
            pipe.send_bytes(answer)


def _read(items: bytes, root: str | None, max_pixels: int) -> bytes:
    return to_ipc(read_table(from_ipc(items), root, max_pixels))


def to_ipc(table: pa.Table) -> bytes:
    """A table as an Arrow IPC stream."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def from_ipc(stream: bytes) -> pa.Table:
    """The table of an Arrow IPC stream."""
    with pa.ipc.open_stream(stream) as reader:
        return reader.read_all()
