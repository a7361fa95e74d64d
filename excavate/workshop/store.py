"""workshop.duckdb, opened by the one process that writes it; a version number says it changed."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from excavate.catalog.folder import SiteFolder
from excavate.errors import ExcavateError, SiteError
from excavate.workshop.ids import new_id
from excavate.workshop.migrations import migrate
from excavate.workshop.roles import refuse_others
from excavate.workshop.tables import INSERTS, NEWEST, NEWEST_OF, TABLES

FILE = "workshop.duckdb"
LOCAL, SHARED, ENDED = "local", "shared", "ended"
CURRENT_ROOM = """
SELECT room_id, kind FROM rooms WHERE kind <> 'ended' ORDER BY writing DESC LIMIT 1
"""


class AlreadyWrittenError(ExcavateError):
    """A row with this id stands already: the first try had come through."""


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
        self._writing = threading.Lock()
        self._connection = _connect(self.folder)
        try:
            with _told(str(self.folder.path / FILE)):
                migrate(self._connection, str(self.folder.path / FILE))
                self._version = int(self._connection.execute(NEWEST).fetchone()[0])
                self._topics = {
                    topic: int(self._connection.execute(query).fetchone()[0])
                    for topic, query in NEWEST_OF.items()
                }
            self.room_id = self._current_room()
        except BaseException:
            self._connection.close()
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
        cursor = self._connection.cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    def close(self) -> None:
        """Let go of the file, everything in it."""
        with self._writing:
            self._connection.close()

    def write(self, rows: Sequence[Row]) -> int:
        """Append rows, all of them or none, and return the version they make.

        Raises AlreadyWrittenError where one of the ids stands already, NotAllowedError where an
        author's role does not reach, SiteError where the file cannot be written.
        """
        with self._writing, self.cursor() as cursor:  # a version never shows before its rows
            if self.shared:
                refuse_others(cursor, self.room_id, rows)
            number = self._version + 1
            _append(cursor, rows, self.room_id, number, str(self.folder.path / FILE))
            self._topics |= {TABLES[row.table].topic: number for row in rows}
            self._version = number
        return number

    def _current_room(self) -> str:
        found = self._connection.execute(CURRENT_ROOM).fetchone()
        if found:
            return str(found[0])
        self.room_id = new_id()
        self.write([Row("room", self.room_id, None, {"kind": LOCAL, "title": None})])
        return self.room_id


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
            raise SiteError("the workshop is open in another process", str(file), todo) from error
        raise _unwritable(error, str(file)) from error
    except duckdb.Error as error:
        raise _unwritable(error, str(file)) from error


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


def _append(cursor: Any, rows: Sequence[Row], room_id: str, number: int, where: str) -> None:
    import duckdb

    shared = {"room_id": room_id, "writing": number,
              "written_at": datetime.now(UTC).replace(tzinfo=None)}  # fmt: skip
    try:
        cursor.begin()
        for row in rows:
            own = {"row_id": row.row_id, "person_id": row.person_id, "supersedes": row.supersedes}
            cursor.execute(INSERTS[row.table], {**shared, **own, **row.columns})
        cursor.commit()
    except duckdb.Error as error:
        _undo(cursor)
        if isinstance(error, duckdb.ConstraintException | duckdb.TransactionException):
            raise AlreadyWrittenError("this stands already", rows[0].row_id) from error
        raise _unwritable(error, where) from error


def _undo(cursor: Any) -> None:
    import contextlib

    import duckdb

    with contextlib.suppress(duckdb.Error):  # a failed commit has rolled back by itself
        cursor.rollback()


def _unwritable(error: Exception, where: str) -> SiteError:
    todo = "See that the disk has room and the folder can be written to, then try again"
    return SiteError(f"the workshop cannot be written ({error})", where, todo)
