"""Pictures in media/ that no row names: a kill between the file and its row leaves them there."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from excavate.errors import SiteError
from excavate.workshop.media import HASH
from excavate.workshop.opened import settle
from excavate.workshop.store import Workshop, unwritable

NAMED = "SELECT DISTINCT sha256 FROM media"
HAS_MEDIA = "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'media'"
BACKUPS = "backups"


def erase_unnamed(workshop: Workshop) -> list[str]:
    """Erase the pictures that neither the workshop nor any backup names; returns their hashes.

    What only a backup names stays: whoever goes back to it finds it. Raises SiteError where a
    backup cannot be read (then nothing goes) or a picture cannot be removed.
    """
    folder = workshop.folder.path
    with workshop.keeping, workshop.writing:  # nobody brings a picture in between
        loose = {one.name for one in (folder / "media").glob("*") if HASH.fullmatch(one.name)}
        if not loose:
            return []
        with workshop.cursor() as cursor:
            loose -= {sha256 for (sha256,) in cursor.execute(NAMED).fetchall()}
        gone = sorted(loose - _named_by_backups(folder)) if loose else []
        erase_pictures(folder, gone)
    return gone


def erase_pictures(folder: Path, hashes: Iterable[str]) -> None:
    """Overwrite pictures and unlink them. Raises SiteError where one cannot be."""
    gone = [one for one in hashes if HASH.fullmatch(one) and (folder / "media" / one).is_file()]
    for sha256 in gone:
        file = folder / "media" / sha256
        try:
            with open(file, "r+b") as out:
                out.write(os.urandom(file.stat().st_size))
                out.flush()
                os.fsync(out.fileno())
            file.unlink()
        except OSError as error:
            raise unwritable(error, str(file)) from error
    if gone:
        settle(folder / "media")


def _named_by_backups(folder: Path) -> set[str]:
    import duckdb

    named: set[str] = set()
    for file in (folder / BACKUPS).glob("*.duckdb"):
        try:
            with duckdb.connect(str(file), read_only=True) as backup:
                if backup.execute(HAS_MEDIA).fetchall() != [(0,)]:
                    named |= {sha256 for (sha256,) in backup.execute(NAMED).fetchall()}
        except duckdb.Error as error:
            todo = "Move it out of the site where it is broken"
            what = f"a backup cannot be read ({str(error).splitlines()[0]})"
            raise SiteError(what, str(file), todo) from error
    return named
