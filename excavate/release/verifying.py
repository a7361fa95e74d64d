"""Verifying a release from its own files alone: nothing of the site is asked.

First the checksums, both ways; then each format against the table that is in every release.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from excavate.errors import InputFault, SiteError
from excavate.release.checksums import FILE as CHECKSUMS
from excavate.release.checksums import digest, read_checksums, walked
from excavate.release.formats import ALWAYS
from excavate.release.holding_together import format_faults
from excavate.release.not_held import FILE as NOT_HELD

NOT_PLAIN = "a link or no plain file: a release holds plain files alone"


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
    sums = folder / CHECKSUMS
    if not sums.is_symlink() and not sums.is_file():
        todo = "Name the folder of a release: it is called NAME-vN"
        raise SiteError("no release", str(folder), todo)
    there = dict(walked(folder))
    faults = list(_sum_faults(folder, there))
    plates, more = format_faults(folder, {name for name, plain in there.items() if plain})
    return Verified(folder.resolve().name, len(there), plates, (*faults, *more))


def _sum_faults(folder: Path, there: dict[str, bool]) -> Iterator[InputFault]:
    """What the checksums tell; where they are a link nothing is held against what it leads to."""
    if not there[CHECKSUMS]:
        yield InputFault(CHECKSUMS, NOT_PLAIN)
        return
    listed, faults = read_checksums(folder / CHECKSUMS)
    yield from faults
    yield from _differing(folder, listed, there)


def _differing(
    folder: Path, listed: dict[str, str], there: dict[str, bool]
) -> Iterator[InputFault]:
    for name in sorted({*listed, *there} - {CHECKSUMS}):
        what = _difference(folder / name, listed.get(name), there.get(name))
        if what:
            yield InputFault(name, what)
    for name in (*(name for entry in ALWAYS.values() for name in entry.files), NOT_HELD):
        if name not in there and name not in listed:
            yield InputFault(name, "missing: every release has it")


def _difference(file: Path, listed: str | None, plain: bool | None) -> str:
    """What is wrong with a file; `plain`: whether it is one, None where nothing lies there."""
    if plain is None:
        return "missing: it is in the checksums and not in the folder"
    if not plain:
        return NOT_PLAIN
    if listed is None:
        return "added: it is not in the checksums"
    return "" if digest(file) == listed else "changed: it is not the file of the checksums"
