"""Verifying a release from its own files alone: nothing of the site is asked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from excavate.errors import InputFault


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
    raise NotImplementedError
