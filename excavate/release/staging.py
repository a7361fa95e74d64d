"""A folder that is made aside and is there in one step, or not at all.

Staging folders are called `.NAME-vN.<random>`. Whoever makes one holds a lock on it that the
kernel frees when its holder dies; the next run sweeps away those that nobody holds.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from excavate.errors import SiteError
from excavate.workshop.release_folders import alone, staging_name, sweep_dead


def next_version(to: Path, name: str, known: int = 0) -> int:
    """One more than the highest version of a release that lies there or is known of."""
    pattern = re.compile(rf"{re.escape(name)}-v([1-9][0-9]*)")
    there = to.iterdir() if to.is_dir() else ()
    found = [int(match[1]) for path in there if (match := pattern.fullmatch(path.name))]
    return max([known, *found]) + 1


@contextmanager
def staged(to: Path, name: str, version: int) -> Iterator[Path]:
    """A new folder to write into; when the block ends well it is `to/NAME-vN`.

    Nothing is ever written over. Raises SiteError where the folder cannot be made or its name
    was taken meanwhile.
    """
    target = to / f"{name}-v{version}"
    try:
        to.mkdir(parents=True, exist_ok=True)
        with alone(to):
            sweep_dead(to, re.escape(name))
            aside, held = _made(to, staging_name(target.name))
    except OSError as error:
        raise unwritable(error, to) from error
    try:
        yield aside
        _publish(aside, target)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    finally:
        os.close(held)


def settle_all(folder: Path) -> None:
    """Make every file and folder below outlast a power cut."""
    for path, folders, files in os.walk(folder):
        for name in (*files, *folders):
            settle(Path(path, name))
    settle(folder)


def settle(path: Path) -> None:
    """Make one file or folder outlast a power cut."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def unwritable(error: OSError, where: Path) -> SiteError:
    """What a person can do where a release cannot be written."""
    todo = "See that the disk has room and the folder can be written to, then try again"
    what = f"the release cannot be written ({error.strerror or error})"
    return SiteError(what, str(where), todo)


def _publish(aside: Path, target: Path) -> None:
    with alone(target.parent):
        if target.exists() or target.is_symlink():
            todo = "Release again: it gets the next version"
            raise SiteError("another release took this version meanwhile", str(target), todo)
        aside.rename(target)
    settle(target.parent)


def _made(to: Path, name: str) -> tuple[Path, int]:
    """A new folder, and the open handle that holds its lock."""
    aside = to / name
    aside.mkdir()
    held = os.open(aside, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return aside, held
