"""Going back to a backup: what stood until now is backed up first, and no other copy is left.

Everything lies in `backups/` afterwards, where an erasure reaches it.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from excavate.errors import SiteError
from excavate.workshop.keeping import STAMP, back_up, backups
from excavate.workshop.rewriting import ASIDE, is_corrupt, put_in_place
from excavate.workshop.store import FILE, InUseError, Workshop, unwritable
from excavate.workshop.unnamed import BACKUPS

ROOMS = "SELECT max(writing) FROM room"


@dataclass(frozen=True, slots=True)
class Restored:
    """What stands now, and the backup of what stood before; None where there was nothing."""

    version: int
    before: Path | None


def restore(site: Path, backup: Path) -> Restored:
    """Put a backup in the place of a site's workshop.

    Raises SiteError where the app has the workshop, where the backup is none, and where a file
    cannot be written; what stood stands then.
    """
    file, aside = site / FILE, site / f".{FILE}{ASIDE}"
    source = _meant(site, backup)
    _refuse_other(source)
    before = _put_away(site, file) if file.is_file() else None
    try:
        shutil.copyfile(source, aside)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise unwritable(error, str(aside)) from error
    put_in_place(aside, file)
    workshop = Workshop(site)
    try:
        return Restored(workshop.version, before)
    finally:
        workshop.close()


def _meant(site: Path, backup: Path) -> Path:
    """The file that is named: as it is given, or by its name in the site's backups/."""
    found = [one for one in (backup, site / BACKUPS / backup.name) if one.is_file()]
    if not found:
        names = ", ".join(one.file.name for one in reversed(backups(site))) or "no backup"
        raise SiteError("no such backup", str(backup), f"There is: {names}")
    return found[0]


def _refuse_other(source: Path) -> None:
    import duckdb

    try:
        with duckdb.connect(str(source), read_only=True) as opened:
            opened.execute(ROOMS).fetchone()
    except duckdb.Error as error:
        what = f"no backup of a workshop ({str(error).splitlines()[0]})"
        raise SiteError(what, str(source), "Name another") from error


def _put_away(site: Path, file: Path) -> Path:
    """Back up what stands, its journal folded in; what is broken goes as it is to the backups."""
    try:
        workshop = Workshop(site)
    except InUseError:
        raise
    except SiteError as error:
        if not is_corrupt(error):
            raise
        return _put_broken_away(site, file)
    try:
        made = back_up(workshop)
        held = [one for one in backups(site) if not one.older]
    finally:
        workshop.close()
    return made.file if made else held[-1].file


def _put_broken_away(site: Path, file: Path) -> Path:
    """What cannot be read lies where the next erasure removes it."""
    name = f"workshop-{datetime.now(UTC):{STAMP}}-000000000-older.duckdb"
    target = site / BACKUPS / name
    try:
        target.parent.mkdir(exist_ok=True)
        target.hardlink_to(file)  # it stands until the backup takes its place
        journal = file.with_name(f"{file.name}.wal")
        if journal.exists():
            journal.replace(target.with_name(f"{name}.wal"))
    except OSError as error:
        raise unwritable(error, str(target)) from error
    return target
