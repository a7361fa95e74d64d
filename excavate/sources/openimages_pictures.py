"""Where the pictures of Open Images lie, if they are here, and their sizes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from excavate.sources.places import below

# As CVDF's archives, FiftyOne and plain habit lay them out.
FOLDERS = ("{split}", "{split}/data", "images/{split}", "images", "data", ".")
ENDING = ".jpg"


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pictures of one split: ID.jpg in one of a few folders."""

    root: Path
    folders: tuple[str, ...]

    @classmethod
    def of(cls, root: Path, split: str) -> Pictures:
        """Those that lie in a folder; no folders where there is none of them."""
        named = (pattern.format(split=split) for pattern in FOLDERS)
        return cls(root, tuple(name for name in named if _holds_any(root, name)))

    def paths(self, ids: pa.Array) -> list[str | None]:
        """The path of each; of one that is not here, where it would be."""
        return [self._found(name) or self._wanted(name) for name in ids.to_pylist()]

    def here(self, ids: pa.Array) -> list[bool]:
        """Which of them are here."""
        return [bool(self.folders) and self._found(n) is not None for n in ids.to_pylist()]

    def sizes(self, paths: Sequence[str | None]) -> list[tuple[int, int] | None]:
        """(width, height) of each, from its header; None where it cannot be read."""
        return [None if path is None else _size(self.root / path) for path in paths]

    def _wanted(self, name: str) -> str | None:
        return below(self.root, _path(self.folders[0], name)) if "/" not in name else None

    def _found(self, name: str) -> str | None:
        for folder in self.folders:
            path = _path(folder, name)
            if "/" not in name and os.path.isfile(f"{self.root}/{path}"):  # noqa: PTH113 - fast
                return path
        return None


def _path(folder: str, name: str) -> str:
    return f"{name}{ENDING}" if folder == "." else f"{folder}/{name}{ENDING}"


def _holds_any(root: Path, folder: str) -> bool:
    place = root / folder
    if not (place.is_dir() and place.resolve().is_relative_to(root)):
        return False
    with os.scandir(place) as entries:
        return any(entry.name.endswith(ENDING) for entry in entries)


def _size(file: Path) -> tuple[int, int] | None:
    from PIL import Image

    try:
        with Image.open(file) as picture:
            return picture.size
    except Exception:  # Pillow's decoders raise anything; the catalog says what is wrong with it
        return None
