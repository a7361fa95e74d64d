"""Files written anew, so that what was overwritten is in none of their bytes.

An UPDATE leaves the old words in DuckDB's file; a copy of the database into a new file does not.
Each step leaves the old file whole or the new one: a kill at any moment loses nothing.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from excavate.errors import SiteError
from excavate.workshop import begun
from excavate.workshop.begun import Erasure
from excavate.workshop.certificates import write_certificate
from excavate.workshop.opened import settle
from excavate.workshop.overwriting import overwrite, still_named, tombstones_of
from excavate.workshop.release_folders import remove_releases, sweep_site
from excavate.workshop.store import ENDED, FILE, Row, Workshop, unwritable
from excavate.workshop.unnamed import BACKUPS, erase_pictures, erase_unnamed
from excavate.workshop.withdrawing import ERASED

ASIDE = ".rewriting"
NAME = "SELECT current_database()"
# Blocks as small as they can be: an empty column of a table takes one, and we have many.
ATTACH = "ATTACH '{file}' AS fresh (BLOCK_SIZE 16384)"
COPY = 'COPY FROM DATABASE "{name}" TO fresh'
DETACH = "DETACH fresh"
HAS_ENDED = "SELECT 1 FROM rooms WHERE room_id = $1 AND kind = 'ended'"
BROKEN = (
    "Corrupt database file", "is not a valid DuckDB database file", "Could not read enough bytes",
)  # fmt: skip
LOG = logging.getLogger("excavate.workshop")


def erase_noted(workshop: Workshop) -> None:
    """Write anew every file that may hold what was noted, then take it off the note.

    What the rows say was overwritten before. Erasures that wait for each other share one
    rewriting. Raises SiteError where a file cannot be written: the note stays, and it is tried
    again while the app runs and when the workshop is opened next.
    """
    folder = workshop.folder.path
    with workshop.keeping:
        with workshop.writing:
            waiting = begun.noted(folder)
        if not waiting:  # who came before took them along
            return
        try:
            _erase_bytes(workshop, waiting)
        except OSError as error:
            raise _kept_waiting(workshop, unwritable(error, str(folder))) from error
        except SiteError as error:
            raise _kept_waiting(workshop, error) from error
        workshop.unfinished = None


def _kept_waiting(workshop: Workshop, error: SiteError) -> SiteError:
    workshop.unfinished = str(error)
    return error


def _erase_bytes(workshop: Workshop, erasures: Sequence[Erasure]) -> None:
    """The live file between two reads, then every backup and picture while people write on."""
    folder = workshop.folder.path
    rewrite_live(workshop)
    with workshop.cursor() as cursor:
        stay = [tombstones_of(cursor, erasure) for erasure in erasures]

    def change(backup: Any) -> None:
        for erasure, stones in zip(erasures, stay, strict=True):
            overwrite(backup, erasure, stones)

    again = rewrite_backups(folder, change)
    with workshop.writing, workshop.cursor() as cursor:
        named = {sha256 for erasure in erasures for sha256 in erasure.media}
        erase_pictures(folder, sorted(s for s in named if not still_named(cursor, s)))
    sweep_site(folder)
    for erasure in (one for one in erasures if one.whole_room):
        remove_releases(folder, erasure.releases)
        erase_unnamed(workshop)
        write_certificate(folder, erasure, again)
    with workshop.writing:
        begun.ended(folder, erasures)


def fresh_copy(cursor: Any, target: Path) -> None:
    """Everything that a cursor sees, as a new file on disk. Raises SiteError."""
    import duckdb

    _remove(target)
    try:
        name = cursor.execute(NAME).fetchone()[0]
        cursor.execute(ATTACH.format(file=str(target).replace("'", "''")))
        try:
            cursor.execute(COPY.format(name=name.replace('"', '""')))
        finally:
            cursor.execute(DETACH)
        settle(target)
    except (duckdb.Error, OSError) as error:
        _remove(target)
        raise unwritable(error, str(target)) from error


def rewrite_live(workshop: Workshop) -> None:
    """Put a fresh copy in the place of the live file, between two reads."""
    file = workshop.folder.path / FILE
    aside = file.with_name(f".{file.name}{ASIDE}")
    with workshop.writing:
        with workshop.cursor() as cursor:
            fresh_copy(cursor, aside)
        workshop.opened.exchange(lambda: put_in_place(aside, file))


def rewrite_backups(folder: Path, change: Callable[[Any], None]) -> list[str]:
    """Change every backup and write it anew; returns their names.

    A broken one is removed: nobody could say what is in it. Raises SiteError where one cannot be
    opened for another reason, as where another process reads it.
    """
    names = []
    for file in sorted((folder / BACKUPS).glob("*.duckdb")):
        try:
            _rewrite_closed(file, change)
            names.append(file.name)
        except _BrokenError as error:
            LOG.warning("the backup %s is broken and was removed: %s", file.name, error)
            _remove(file)
    return names


def put_in_place(aside: Path, file: Path) -> None:
    """Rename a finished file over another that nobody has open. Raises SiteError."""
    journal = file.with_name(f"{file.name}.wal")
    if journal.exists():  # it could not be folded in on closing: it must not meet another file
        _remove(aside)
        todo = "See that the disk has room and the folder can be written to, then try again"
        raise SiteError("the workshop's journal could not be written out", str(journal), todo)
    try:
        aside.replace(file)
        settle(file.parent)
    except OSError as error:
        _remove(aside)
        raise unwritable(error, str(file)) from error


def sweep(folder: Path) -> None:
    """Remove what a kill left lying: files that were never finished, and what was spilled.

    Only for who has the workshop open and has asked nothing of it yet. Raises SiteError.
    """
    try:
        for place in (folder, folder / BACKUPS):
            for file in place.glob(f".*{ASIDE}*"):
                file.unlink(missing_ok=True)
            for spilled in place.glob("*.duckdb.tmp"):
                shutil.rmtree(spilled, ignore_errors=True)
        for file in (*(folder / "media").glob(".*"), *folder.glob(f".{begun.NOTE}.*")):
            file.unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(error, str(folder)) from error


class _BrokenError(Exception):
    pass


def _rewrite_closed(file: Path, change: Callable[[Any], None]) -> None:
    import duckdb

    aside = file.with_name(f".{file.name}{ASIDE}")
    try:
        with duckdb.connect(str(file)) as connection:
            connection.begin()
            change(connection)
            connection.commit()
            fresh_copy(connection, aside)
    except (duckdb.Error, SiteError) as error:
        if is_corrupt(error):
            raise _BrokenError(str(error)) from error
        raise unwritable(error, str(file)) from error
    put_in_place(aside, file)


def is_corrupt(error: BaseException) -> bool:
    """Whether DuckDB says that a file is broken, not only that it cannot be had just now."""
    return any(sign in str(error) for sign in BROKEN)


def overwrite_live(workshop: Workshop, erasure: Erasure) -> None:
    """Words and tombstones in one write: nobody sees the one without the other."""
    with workshop.writing:
        _overwrite_live(workshop, erasure)


def _overwrite_live(workshop: Workshop, erasure: Erasure) -> None:
    with workshop.cursor() as cursor:
        standing = {row[0] for row in tombstones_of(cursor, erasure)}
        ended = cursor.execute(HAS_ENDED, [erasure.room_id]).fetchone()
    rows = [
        Row("withdrawal", target.row_id, erasure.person_id,
            {"table_name": target.table, "what_id": target.what_id, "manner": ERASED,
             "moderating": False, "room_id": erasure.room_id})
        for target in erasure.targets if target.row_id not in standing and not ended
    ]  # fmt: skip
    if erasure.whole_room and workshop.room_id == erasure.room_id:
        rows.append(Row("room", begun_id(erasure), None, {"kind": ENDED, "title": None}))
    workshop.write(rows, beside=lambda cursor: overwrite(cursor, erasure))
    if erasure.whole_room:
        workshop.enter_current_room()


def begun_id(erasure: Erasure) -> str:
    """The id of the row that says a room has ended: the same, however often it is begun."""
    import uuid

    return str(uuid.uuid5(uuid.UUID(erasure.room_id), ENDED))


def _remove(file: Path) -> None:
    for one in (file, file.with_name(f"{file.name}.wal")):
        one.unlink(missing_ok=True)
