"""Backups of the workshop: whole files beside it, made while people write, the last ten kept.

Whoever goes back to a backup begins another line: what was backed up after it is of the older
one, goes first when there are more than ten, and never stands for what is written now.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from weakref import WeakKeyDictionary

from excavate.errors import ExcavateError
from excavate.workshop.begun import go_on
from excavate.workshop.opened import settle
from excavate.workshop.rewriting import ASIDE, fresh_copy
from excavate.workshop.store import Workshop, unwritable
from excavate.workshop.unnamed import BACKUPS

EVERY = 600.0  # seconds between two backups, while anything is written
KEPT = 10
NAME = re.compile(r"workshop-(\d{8}T\d{6}Z)-(\d{9})(-older)?\.duckdb")
STAMP = "%Y%m%dT%H%M%SZ"
LOG = logging.getLogger("excavate.workshop")
_failed: WeakKeyDictionary[Workshop, str] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup: where it lies, when it was made (UTC), of which version of the workshop."""

    file: Path
    made_at: datetime
    version: int
    older: bool = False  # of a line that was left when somebody went back to a backup


@dataclass(frozen=True, slots=True)
class BackupState:
    """What a facilitator is told: the newest backup, whether it holds all, why the last failed."""

    newest: Backup | None
    whole: bool  # nothing was written since
    failed: str | None


def backups(folder: Path) -> list[Backup]:
    """The backups of a site, oldest first; in the order of what they hold, whatever the clock."""
    found = []
    for file in (folder / BACKUPS).glob("workshop-*.duckdb"):
        said = NAME.fullmatch(file.name)
        if said:
            made_at = datetime.strptime(said[1], STAMP).replace(tzinfo=UTC)
            found.append(Backup(file, made_at, int(said[2]), bool(said[3])))
    return sorted(found, key=lambda one: (not one.older, one.version, one.made_at))


def back_up(workshop: Workshop) -> Backup | None:
    """Make a backup; None where nothing was written since the newest.

    Made beside and renamed: a backup is whole or not there. Raises SiteError where it cannot be.
    """
    folder = workshop.folder.path
    with workshop.keeping:
        version, made_at = workshop.version, datetime.now(UTC).replace(microsecond=0)
        newest = _newest(folder, version)
        if newest and newest.version == version:
            return None
        target = folder / BACKUPS / f"workshop-{made_at:{STAMP}}-{version:09d}.duckdb"
        try:
            target.parent.mkdir(exist_ok=True)
            set_lines_apart(folder, version)
            _make(workshop, target)
            for old in backups(folder)[:-KEPT]:
                old.file.unlink()
        except OSError as error:
            raise unwritable(error, str(target)) from error
    return Backup(target, made_at, version)


def last_backup(workshop: Workshop) -> BackupState:
    """The newest backup, and why the last try failed, where it did."""
    newest = _newest(workshop.folder.path, workshop.version)
    whole = newest is not None and newest.version == workshop.version
    return BackupState(newest, whole, _failed.get(workshop))


def set_lines_apart(folder: Path, version: int) -> None:
    """Call backups of more than the workshop holds those of an older line. Raises SiteError."""
    for one in backups(folder):
        if one.version > version and not one.older:
            try:
                one.file.replace(one.file.with_name(f"{one.file.stem}-older.duckdb"))
            except OSError as error:
                raise unwritable(error, str(one.file)) from error


def try_back_up(workshop: Workshop) -> None:
    """Make a backup where one is due; a failure is logged and told, and stops nobody."""
    try:
        made = back_up(workshop)
    except ExcavateError as error:
        _failed[workshop] = str(error)
        LOG.error("no backup could be made: %s", error)
    else:
        _failed.pop(workshop, None)
        if made is not None:
            LOG.info("backup %s", made.file.name)


def keep_backups(
    opened: Callable[[], Workshop | None], stop: threading.Event, every: float = EVERY
) -> None:
    """Back up every ten minutes while anything is written, and once more at the end.

    What could not be erased is tried again each time.
    """
    ending = False
    while not ending:
        ending = stop.wait(every)
        workshop = opened()
        if workshop is not None:
            go_on(workshop)
            try_back_up(workshop)


def _newest(folder: Path, version: int) -> Backup | None:
    """The newest of the workshop's own line, whether or not the others are called older yet."""
    own = [one for one in backups(folder) if not one.older and one.version <= version]
    return own[-1] if own else None


def _make(workshop: Workshop, target: Path) -> None:
    aside = target.with_name(f".{target.name}{ASIDE}")
    with workshop.cursor() as cursor:
        fresh_copy(cursor, aside)
    aside.replace(target)
    settle(target.parent)
