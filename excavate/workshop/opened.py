"""workshop.duckdb, open in this process: it counts who reads, so the file can be exchanged."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from excavate.errors import SiteError

PATIENCE = 30.0  # seconds that an exchange waits for those who read


class OpenFile:
    """One connection, a cursor for each use. `connect` opens the file anew after an exchange."""

    def __init__(self, connect: Callable[[], Any], where: str) -> None:
        self._connect, self._where = connect, where
        self._turn = threading.Condition()
        self._readers = 0
        self._exchanging = False
        self._mine = threading.local()
        self._connection: Any | None = connect()

    @contextmanager
    def cursor(self) -> Iterator[Any]:
        """A cursor for one rerun or request; waits while the file is exchanged."""
        cursor = self._enter()
        try:
            yield cursor
        finally:
            cursor.close()
            self._leave()

    def exchange(self, swap: Callable[[], None]) -> None:
        """Close the file, let `swap` put another in its place, and open that.

        Cursors in use finish first; new ones wait. Raises SiteError where somebody reads for
        longer than PATIENCE, and what `swap` raises: the file that then stands is open again.
        """
        with self._turn:
            self._exchanging = True
            try:
                own = getattr(self._mine, "depth", 0)
                if own or not self._turn.wait_for(lambda: self._readers == 0, PATIENCE):
                    todo = "Try again in a moment"
                    raise SiteError("somebody reads the workshop just now", self._where, todo)
                self._close()
                try:
                    swap()
                finally:
                    self._connection = self._connect()
            finally:
                self._exchanging = False
                self._turn.notify_all()

    def reopen(self) -> None:
        """Open the file anew where its database was given up; all that was acknowledged is in it.

        Who still reads lets go first, and the last of them does it. Where it cannot be opened now,
        the next who asks tries again.
        """
        if not getattr(self._mine, "depth", 0):
            with suppress(Exception):  # whoever asked is told what broke it
                self.exchange(lambda: None)

    def close(self) -> None:
        """Let go of the file."""
        with self._turn:
            self._close()
            self._connect = self._closed

    def _enter(self) -> Any:
        depth = getattr(self._mine, "depth", 0)
        with self._turn:
            # Who reads already is let in again: an exchange waits for them, not they for it.
            self._turn.wait_for(lambda: not self._exchanging or depth)
            if self._connection is None:  # it could not be opened after an exchange
                self._connection = self._connect()
            cursor = self._connection.cursor()
            self._readers += 1
        self._mine.depth = depth + 1
        return cursor

    def _leave(self) -> None:
        self._mine.depth -= 1
        with self._turn:
            self._readers -= 1
            self._turn.notify_all()

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _closed(self) -> Any:
        raise SiteError("the workshop is closed", self._where, "Start the app again")


def settle(file: Path) -> None:
    """Make a file, or a folder's names, outlast a power cut."""
    import os

    opened = os.open(file, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
