"""Verifying a release from its own files alone: nothing of the site is asked.

First the checksums, both ways; then each format against the table that is in every release.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from excavate.errors import InputFault, SiteError
from excavate.release.checksums import FILE as CHECKSUMS
from excavate.release.checksums import digest, read_checksums
from excavate.release.formats import ALWAYS
from excavate.release.holding_together import format_faults


@dataclass(frozen=True, slots=True)
class Verified:
    """What was looked at, and every fault of it at once; without faults the release is whole."""

    name: str  # NAME-vN
    files: int
    plates: int
    faults: tuple[InputFault, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.faults


def verify(folder: Path) -> Verified:
    """Check a release: its checksums both ways, and each format against the others.

    Raises SiteError where the folder is no release.
    """
    if not (folder / CHECKSUMS).is_file():
        todo = "Name the folder of a release: it is called NAME-vN"
        raise SiteError("no release", str(folder), todo)
    listed, faults = read_checksums(folder / CHECKSUMS)
    there = dict(_walked(folder))
    faults += _differing(folder, listed, there)
    plates, more = format_faults(folder)
    return Verified(folder.resolve().name, len(there), plates, (*faults, *more))


def _walked(folder: Path) -> Iterator[tuple[str, bool]]:
    """(path in the release, whether it is a plain file) of all that lies in it; no link is
    followed."""
    for path, folders, files in os.walk(folder):
        here = Path(path)
        linked = [name for name in folders if (here / name).is_symlink()]
        for name in (*files, *linked):
            one = here / name
            yield one.relative_to(folder).as_posix(), one.is_file() and not one.is_symlink()


def _differing(
    folder: Path, listed: dict[str, str], there: dict[str, bool]
) -> Iterator[InputFault]:
    for name in sorted({*listed, *there} - {CHECKSUMS}):
        what = _difference(folder / name, listed.get(name), there.get(name))
        if what:
            yield InputFault(name, what)
    for name in (name for entry in ALWAYS.values() for name in entry.files):
        if name not in there and name not in listed:
            yield InputFault(name, "missing: every release has it")


def _difference(file: Path, listed: str | None, plain: bool | None) -> str:
    """What is wrong with a file; `plain`: whether it is one, None where nothing lies there."""
    if plain is None:
        return "missing: it is in the checksums and not in the folder"
    if not plain:
        return "a link or no plain file: a release holds plain files alone"
    if listed is None:
        return "added: it is not in the checksums"
    return "" if digest(file) == listed else "changed: it is not the file of the checksums"
