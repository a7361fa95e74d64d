"""workshop.duckdb, opened by the one process that writes it; a version number says it changed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from excavate.catalog.folder import SiteFolder
from excavate.errors import ExcavateError, SiteError
from excavate.workshop import begun
from excavate.workshop.ids import new_id
from excavate.workshop.migrations import migrate
from excavate.workshop.opened import OpenFile
from excavate.workshop.roles import refuse_others
from excavate.workshop.tables import INSERTS, NEWEST, NEWEST_OF, TABLES, TOPICS

FILE = "workshop.duckdb"
LOCAL, SHARED, ENDED = "local", "shared", "ended"
CURRENT_ROOM = """
SELECT room_id, kind FROM rooms WHERE kind <> 'ended' ORDER BY writing DESC LIMIT 1
"""


class AlreadyWrittenError(ExcavateError):
    """A row with this id stands already: the first try had come through."""


class InUseError(SiteError):
    """Another process has the workshop open."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row to append: its table, its own columns, and who wrote it."""

    table: str
    row_id: str
    person_id: str | None
    columns: Mapping[str, Any]
    supersedes: str | None = None


class Workshop:
    """The workshop of one site. Safe to share between threads of one process.

    `shared`: the room is open to others, so every write asks for its author's role. Else it is
    that of the person at this machine, who may do everything.
    """

    def __init__(self, site: Path | str, *, shared: bool = False) -> None:
        self.folder, self.shared = SiteFolder(site), shared
        self.keeping = threading.RLock()  # backups and erasures, one at a time; taken first
        self.writing = threading.RLock()  # held by whoever writes, or exchanges the file
        self.unfinished: str | None = None  # why what was to be erased still lies in a file
        self._version, self._topics = 0, dict.fromkeys(TOPICS, 0)
        file = self.folder.path / FILE
        self.opened = OpenFile(lambda: _connect(self.folder), str(file))
        try:
            with _told(str(file)), self.cursor() as cursor:
                migrate(cursor, str(file))
                self._count(cursor)
            self.enter_current_room()
            begun.finish(self)
        except BaseException:
            self.opened.close()
            raise

    @property
    def version(self) -> int:
        """Counts what was written: pages look again when it has grown."""
        return self._version

    @property
    def topics(self) -> Mapping[str, int]:
        """The version each topic was last written at: a page listens to its own alone."""
        return dict(self._topics)

    @contextmanager
    def cursor(self) -> Iterator[Any]:
        """A cursor for one rerun or request."""
        try:
            with self.opened.cursor() as cursor:
                yield cursor
        except Exception as error:
            if is_broken(error):
                self.opened.reopen()
            raise

    def close(self) -> None:
        """Let go of the file, everything in it."""
        with self.writing:
            self.opened.close()

    def write(self, rows: Sequence[Row], beside: Callable[[Any], None] | None = None) -> int:
        """Append rows, all of them or none, and return the version they make.

        `beside` is done in the same transaction, before the rows: erasure overwrites words. It was
        allowed before it was noted, and concerns every topic: a name may stand anywhere.
        Raises AlreadyWrittenError where one of the ids stands already, NotAllowedError where an
        author's role does not reach, SiteError where the file cannot be written.
        """
        with self.writing, self.cursor() as cursor:  # a version never shows before its rows
            if self.shared and beside is None:
                refuse_others(cursor, self.room_id, rows)
            number = self._version + 1
            _append(cursor, rows, self.room_id, number, str(self.folder.path / FILE), beside)
            grown = TOPICS if beside else {topic for row in rows for topic in _topics_of(row)}
            self._topics |= dict.fromkeys(grown, number)
            self._version = number
        return number

    def enter_current_room(self) -> None:
        """Take the newest room that has not ended; where there is none, a room of this machine."""
        with self.cursor() as cursor:
            found = cursor.execute(CURRENT_ROOM).fetchone()
        self.room_id = str(found[0]) if found else new_id()
        if not found:
            self.write([Row("room", self.room_id, None, {"kind": LOCAL, "title": None})])

    def _count(self, cursor: Any) -> None:
        self._version = int(cursor.execute(NEWEST).fetchone()[0])
        self._topics = {
            topic: int(cursor.execute(query).fetchone()[0]) for topic, query in NEWEST_OF.items()
        }


def _topics_of(row: Row) -> set[str]:
    """What a row concerns; a withdrawal also what is withdrawn."""
    of = row.columns["table_name"] if row.table == "withdrawal" else row.table
    return {TABLES[row.table].topic, TABLES[of].topic}


def _connect(folder: SiteFolder) -> Any:
    import duckdb

    if not folder.path.is_dir():
        todo = "Name another folder, or dig into it: excavate dig digits --site DIR"
        raise SiteError("no such site", folder.given, todo)
    file = folder.path / FILE
    options = {"threads": 2, "autoinstall_known_extensions": False}
    try:
        return duckdb.connect(str(file), config=options)
    except duckdb.IOException as error:
        if "Could not set lock" in str(error):
            todo = "Only the app writes it; stop the other one, or use that"
            raise InUseError("the workshop is open in another process", str(file), todo) from error
        raise unwritable(error, str(file)) from error
    except duckdb.Error as error:
        raise unwritable(error, str(file)) from error


@contextmanager
def _told(where: str) -> Iterator[None]:
    """A file of another make is told as such, not as DuckDB words it."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        todo = "Move it out of the site, or open it with what wrote it"
        what = f"no workshop of ours ({str(error).splitlines()[0]})"
        raise SiteError(what, where, todo) from error


def _append(
    cursor: Any, rows: Sequence[Row], room_id: str, number: int, where: str,
    beside: Callable[[Any], None] | None,
) -> None:  # fmt: skip
    import duckdb

    shared = {"room_id": room_id, "writing": number,
              "written_at": datetime.now(UTC).replace(tzinfo=None)}  # fmt: skip
    try:
        cursor.begin()
        if beside is not None:
            beside(cursor)
        for row in rows:
            own = {"row_id": row.row_id, "person_id": row.person_id, "supersedes": row.supersedes}
            cursor.execute(INSERTS[row.table], {**shared, **own, **row.columns})
        cursor.commit()
    except duckdb.Error as error:
        _undo(cursor)
        if _stands_already(error):
            row_id = rows[0].row_id if rows else ""
            raise AlreadyWrittenError("this stands already", row_id) from error
        raise unwritable(error, where) from error


def _stands_already(error: Exception) -> bool:
    """Whether an id is taken; a full disk, too, is told as a failed commit."""
    import duckdb

    said = str(error).casefold()
    clash = any(word in said for word in ("constraint", "duplicate key", "conflict"))
    failed = isinstance(error, duckdb.TransactionException)
    return isinstance(error, duckdb.ConstraintException) or (failed and clash)


def _undo(cursor: Any) -> None:
    import contextlib

    import duckdb

    with contextlib.suppress(duckdb.Error):  # a failed commit has rolled back by itself
        cursor.rollback()


def is_broken(error: BaseException | None) -> bool:
    """Whether DuckDB has given its database up, as where a disk is full while it folds it in."""
    import duckdb

    while error is not None and not isinstance(error, duckdb.FatalException):
        error = error.__cause__
    return error is not None


def unwritable(error: Exception, where: str) -> SiteError:
    """What a person can do where a file of the workshop cannot be written."""
    todo = "See that the disk has room and the folder can be written to, then try again"
    return SiteError(f"the workshop cannot be written ({error})", where, todo)
