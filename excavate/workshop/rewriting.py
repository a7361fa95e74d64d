"""Files written anew, so that what was overwritten is in none of their bytes.

An UPDATE leaves the old words in DuckDB's file; a copy of the database into a new file does not.
Each step leaves the old file whole or the new one: a kill at any moment loses nothing.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from excavate.errors import SiteError
from excavate.workshop import begun
from excavate.workshop.begun import Erasure
from excavate.workshop.opened import settle
from excavate.workshop.overwriting import overwrite, still_named, tombstones_of
from excavate.workshop.store import ENDED, FILE, Row, Workshop, unwritable
from excavate.workshop.withdrawing import ERASED

BACKUPS = "backups"
ASIDE = ".rewriting"
NAME = "SELECT current_database()"
ATTACH = "ATTACH '{file}' AS fresh"
COPY = 'COPY FROM DATABASE "{name}" TO fresh'
DETACH = "DETACH fresh"
LOG = logging.getLogger("excavate.workshop")


def carry_out(workshop: Workshop, erasure: Erasure) -> list[str]:
    """Erase what a note names, everywhere; returns the names of the backups written anew.

    Begun again after a kill, it comes to the same end. Raises SiteError where a file cannot be
    written: the note stays, and the next to open the workshop goes on.
    """
    with workshop.keeping:
        overwrite_live(workshop, erasure)
        return erase_bytes(workshop, erasure)


def erase_bytes(workshop: Workshop, erasure: Erasure) -> list[str]:
    """Write anew the file, between two reads, and then every backup while people write on.

    What the rows say was overwritten before. Raises SiteError as `carry_out`.
    """
    folder = workshop.folder.path
    with workshop.keeping:
        rewrite_live(workshop)
        with workshop.cursor() as cursor:
            stay = tombstones_of(cursor, erasure)
        again = rewrite_backups(folder, lambda cursor: overwrite(cursor, erasure, stay))
        with workshop.writing, workshop.cursor() as cursor:
            _erase_media(folder, [s for s in erasure.media if not still_named(cursor, s)])
        if erasure.whole_room:
            from excavate.workshop.certificates import write_certificate

            write_certificate(folder, erasure, again)
        begun.ended(folder)
    return again


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

    One that cannot be read any more is removed: nobody could say what is in it.
    """
    names = []
    for file in sorted((folder / BACKUPS).glob("*.duckdb")):
        try:
            _rewrite_closed(file, change)
            names.append(file.name)
        except _UnreadableError as error:
            LOG.warning("the backup %s cannot be read and was removed: %s", file.name, error)
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

    Only for who has the workshop open and has asked nothing of it yet.
    """
    for place in (folder, folder / BACKUPS):
        for file in place.glob(f".*{ASIDE}*"):
            file.unlink(missing_ok=True)
        for spilled in place.glob("*.duckdb.tmp"):
            shutil.rmtree(spilled, ignore_errors=True)
    for file in (*(folder / "media").glob(".*"), *folder.glob(f".{begun.NOTE}.*")):
        file.unlink(missing_ok=True)


class _UnreadableError(Exception):
    pass


def _rewrite_closed(file: Path, change: Callable[[Any], None]) -> None:
    import duckdb

    aside = file.with_name(f".{file.name}{ASIDE}")
    try:
        connection = duckdb.connect(str(file))
    except duckdb.Error as error:
        raise _UnreadableError(str(error)) from error
    try:
        connection.begin()
        change(connection)
        connection.commit()
        fresh_copy(connection, aside)
    except duckdb.Error as error:
        raise unwritable(error, str(file)) from error
    finally:
        connection.close()
    put_in_place(aside, file)


def overwrite_live(workshop: Workshop, erasure: Erasure) -> None:
    """Words and tombstones in one write: nobody sees the one without the other."""
    with workshop.writing:
        _overwrite_live(workshop, erasure)


def _overwrite_live(workshop: Workshop, erasure: Erasure) -> None:
    with workshop.cursor() as cursor:
        standing = {row[0] for row in tombstones_of(cursor, erasure)}
    rows = [
        Row("withdrawal", target.row_id, erasure.person_id,
            {"table_name": target.table, "what_id": target.what_id, "manner": ERASED,
             "moderating": False})
        for target in erasure.targets if target.row_id not in standing
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


def _erase_media(folder: Path, hashes: Sequence[str]) -> None:
    """Overwrite pictures and unlink them."""
    for sha256 in hashes:
        file = folder / "media" / sha256
        if not file.is_file():
            continue
        with open(file, "r+b") as out:
            out.write(os.urandom(file.stat().st_size))
            out.flush()
            os.fsync(out.fileno())
        file.unlink()
    if hashes and (folder / "media").is_dir():
        settle(folder / "media")


def _remove(file: Path) -> None:
    for one in (file, file.with_name(f"{file.name}.wal")):
        one.unlink(missing_ok=True)
