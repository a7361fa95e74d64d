"""The exhibition of a release: a static site that opens from a memory stick, without a server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from excavate.release.record import Contents, Lost


def write(contents: Contents, folder: Path) -> list[Lost]:
    """Write `exhibition/` into a release's folder; returns what a wall cannot hold."""
    from excavate.release.exhibition.writing import write_exhibition

    return write_exhibition(contents, folder)
