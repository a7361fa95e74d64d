"""Processes that read pictures: what they answer, and what is told when one ends."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from excavate.catalog.thumbnails import read_table
from excavate.catalog.workers import WorkerDiedError, Workers, from_ipc, to_ipc
from excavate.model import Item, batches_of
from tests.catalog.processes import reading
from tests.made import encoded, picture

READ = ("content", "mode", "width", "height", "path", "part")


@pytest.fixture
def one() -> Iterator[Workers]:
    workers = Workers(1, None, 10**6)
    yield workers
    workers.close()


def items(count: int) -> bytes:
    made = [Item(key=str(n), content=encoded(picture(n, 64, 64))) for n in range(count)]
    (batch,) = batches_of(iter(made), count)
    return to_ipc(batch.items.select(READ))


def test_it_reads_as_this_process_does(one: Workers) -> None:
    asked = items(3)
    assert from_ipc(one.read(asked).result()).equals(read_table(from_ipc(asked), None, 10**6))


def test_what_went_wrong_in_it_is_told_and_it_goes_on(one: Workers) -> None:
    with pytest.raises(RuntimeError, match="ArrowInvalid"):
        one.read(b"no table").result()
    assert from_ipc(one.read(items(1)).result()).num_rows == 1


@pytest.mark.parametrize("ended", [signal.SIGKILL, signal.SIGTERM])
def test_one_that_ends_while_it_is_asked_is_told_at_once(ended: signal.Signals) -> None:
    before = reading()
    workers = Workers(1, None, 10**6)
    workers.read(items(1)).result()
    (pid,) = reading() - before
    os.kill(pid, signal.SIGSTOP)  # it has been asked, and does not answer yet
    asked = workers.read(items(200))
    assert not asked.done()
    os.kill(pid, ended)
    os.kill(pid, signal.SIGCONT)
    with pytest.raises(WorkerDiedError):
        asked.result(timeout=300)
    with pytest.raises(WorkerDiedError):
        workers.read(items(1)).result(timeout=300)
    workers.close()


def test_closing_ends_one_that_is_at_work() -> None:
    before = reading()
    workers = Workers(2, None, 10**6)
    for _ in range(4):
        workers.read(items(400))
    workers.close()
    assert reading() <= before
