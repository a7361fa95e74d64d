"""The workshop for a command that reads it: the file itself, or, while the app has it, a backup."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from excavate.errors import SiteError
from excavate.workshop.keeping import Backup, backups
from excavate.workshop.store import FILE, InUseError, Workshop

MEDIA = "media"


@dataclass(frozen=True, slots=True)
class Read:
    """A workshop to read from. `backup`: the one it was read from; None where it is the file."""

    workshop: Workshop
    backup: Backup | None

    @property
    def where(self) -> str:
        """What it was read from, for people."""
        if self.backup is None:
            return FILE
        return f"{self.backup.file.name} ({self.backup.made_at:%Y-%m-%d %H:%M} UTC)"


@contextmanager
def read_workshop(site: Path) -> Iterator[Read | None]:
    """The workshop of a site; None where nobody has said anything yet.

    What is written into one that was read from a backup is lost. Raises InUseError where the app
    has the file and there is no backup yet.
    """
    if not (site / FILE).is_file():
        yield None
        return
    try:
        workshop = Workshop(site)
    except InUseError as error:
        newest = _newest(site, error)
        with opened_backup(site, newest) as copied:
            yield Read(copied, newest)
        return
    try:
        yield Read(workshop, None)
    finally:
        workshop.close()


@contextmanager
def opened_backup(site: Path, backup: Backup) -> Iterator[Workshop]:
    """A copy of a backup, opened with the site's pictures beside it."""
    with tempfile.TemporaryDirectory(prefix="excavate-snapshot-") as folder:
        shutil.copyfile(backup.file, Path(folder) / FILE)
        if (site / MEDIA).is_dir():
            (Path(folder) / MEDIA).symlink_to((site / MEDIA).resolve(), target_is_directory=True)
        workshop = Workshop(Path(folder))
        try:
            yield workshop
        finally:
            workshop.close()


def _newest(site: Path, error: InUseError) -> Backup:
    found = [one for one in backups(site) if not one.older]
    if not found:
        todo = "Stop the app, or wait for its first backup (ten minutes), then try again"
        raise SiteError(error.what, error.where, todo) from error
    return found[-1]
