"""Folders of releases in a site: what a room was told of, removed; what died while it was made.

A release is never changed, so what it holds of what was erased goes with its whole folder alone.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from excavate.workshop.opened import settle

FOLDER = "releases"  # of the releases that the app makes, in the site
NAME = re.compile(r"(?P<name>[a-z0-9][a-z0-9-]*)-v(?P<version>[1-9][0-9]*)")
CHECKSUMS = "checksums.sha256"
RANDOM = 8  # bytes at the end of a staging folder's name
STAGING = re.compile(rf"\.(?P<release>.+-v[1-9][0-9]*)\.[0-9a-f]{{{2 * RANDOM}}}")
TOLD = "SELECT DISTINCT checksum FROM released WHERE room_id = $1"


def told_folders(cursor: Any, site: Path, room_id: str) -> dict[str, str]:
    """{NAME-vN: checksum} of the releases in a site that a room was told of."""
    told = {checksum for (checksum,) in cursor.execute(TOLD, [room_id]).fetchall()}
    found = {folder.name: checksum_of(folder) for folder in _folders(site) if told}
    return {name: checksum for name, checksum in sorted(found.items()) if checksum in told}


def remove_releases(site: Path, releases: Mapping[str, str]) -> None:
    """Remove these releases, where they are still what their checksums say. Raises OSError."""
    for folder in list(_folders(site)):
        if folder.name in releases and checksum_of(folder) == releases[folder.name]:
            remove_release(folder)


def remove_release(folder: Path) -> None:
    """Remove one: out of its name in one step; what a kill leaves of it is swept. Raises OSError;
    no link is followed."""
    aside = folder.with_name(staging_name(folder.name))
    with alone(folder.parent):
        folder.rename(aside)
        settle(folder.parent)
        shutil.rmtree(aside)
        settle(folder.parent)


def checksum_of(folder: Path) -> str:
    """The sha256 of a release's file of checksums."""
    with (folder / CHECKSUMS).open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def staging_name(release: str) -> str:
    """What a folder is called that is not there yet, or not any more."""
    return f".{release}.{secrets.token_hex(RANDOM)}"


def sweep_site(site: Path) -> None:
    """Remove every staging folder in a site that died. Raises OSError."""
    to = site / FOLDER
    if to.is_dir() and not to.is_symlink():
        with alone(to):
            sweep_dead(to, ".+")


def sweep_dead(to: Path, name: str) -> None:
    """Remove the staging folders of a pattern's releases that died; never one that is written.
    Only for who is `alone` there."""
    pattern = re.compile(rf"{name}-v[1-9][0-9]*")
    for stale in list(to.iterdir()):
        staged = STAGING.fullmatch(stale.name)
        if not (staged and pattern.fullmatch(staged["release"])):
            continue
        if stale.is_symlink() or not stale.is_dir():
            continue
        held = os.open(stale, os.O_RDONLY)
        try:
            with suppress(BlockingIOError):
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(stale)
        finally:
            os.close(held)


@contextmanager
def alone(to: Path) -> Iterator[None]:
    """One at a time makes, sweeps, renames and removes in a folder."""
    held = os.open(to, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _folders(site: Path) -> Iterator[Path]:
    """The releases directly below, nothing that only a link leads to."""
    to = site / FOLDER
    for one in to.iterdir() if to.is_dir() and not to.is_symlink() else ():
        real = NAME.fullmatch(one.name) and one.is_dir() and not one.is_symlink()
        sums = one / CHECKSUMS
        if real and sums.is_file() and not sums.is_symlink():
            yield one
