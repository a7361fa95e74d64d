"""Where the pictures of Open Images lie, if they are here, and their sizes.

A picture is called as its image, with any ending of a picture. What lies in a folder is known
from one walk: the names are held as Arrow columns, some 40 bytes a picture.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from excavate.sources.picture_sizes import Size, size_of
from excavate.sources.places import below, fingerprint_of

# As CVDF's archives, FiftyOne and plain habit lay them out; earlier ones are looked at first.
FOLDERS = (
    *("{split}", "{split}/data", "{split}_[0-9a-f]"),
    *("images/{split}", "images/{split}_[0-9a-f]", "images", "data", r"\."),
)
ENDING = ".jpg"


@dataclass(slots=True)
class Folder:
    """The pictures that lie in one folder, in the order of their stems, each stem once."""

    name: str  # relative to the root
    stems: pa.Array
    files: pa.Array  # of each stem, with its ending
    taken: Any  # which of them are of an image (bool numpy)
    others: int  # further pictures of a stem
    seen: str  # for a fingerprint

    @classmethod
    def of(cls, name: str, stamped: list[tuple[str, str]]) -> Folder:
        """From (file, stamp) of each picture."""
        each: dict[str, str] = {}
        for file, _ in sorted(stamped, key=_jpeg_first):
            each.setdefault(os.path.splitext(file)[0], file)  # noqa: PTH122 - fast
        stems = sorted(each)
        return cls(
            name,
            pa.array(stems, pa.string()),
            pa.array([each[stem] for stem in stems], pa.string()),
            np.zeros(len(stems), bool),
            len(stamped) - len(stems),
            fingerprint_of(f"{file} {stamp}" for file, stamp in sorted(stamped)),
        )

    def places(self, ids: pa.Array) -> pa.Array:
        """Where in the folder each picture is, null where it is not; the ids are sorted."""
        first = bisect_left(self.stems, ids[0].as_py(), key=_word)
        end = bisect_right(self.stems, ids[-1].as_py(), key=_word)
        near = pc.index_in(ids, value_set=self.stems.slice(first, end - first))
        return pc.add(near, first)

    def inside(self, file: str | pa.Array) -> Any:
        """The path of one file, or of each, from the root."""
        before = "" if self.name == "." else f"{self.name}/"
        if isinstance(file, str):
            return before + file
        return pc.binary_join_element_wise(before, file, "")

    def rest(self) -> int:
        """How many of its pictures are of no image."""
        return int((~self.taken).sum()) + self.others


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pictures of one split, in one or a few folders."""

    root: Path
    folders: tuple[Folder, ...]

    @classmethod
    def of(cls, root: Path, split: str, there: Sequence[Folder]) -> Pictures:
        """Those folders among all that are the split's by their names."""
        named = (re.compile(p.format(split=re.escape(split))) for p in FOLDERS)
        return cls(root, tuple(f for form in named for f in there if form.fullmatch(f.name)))

    def paths(self, ids: pa.Array) -> list[str | None]:
        """The path of each; of one that is not here, where it would be."""
        found = pa.nulls(len(ids), pa.string())
        for folder in self.folders:
            found = pc.coalesce(found, folder.inside(folder.files.take(folder.places(ids))))
        pairs = zip(ids.to_pylist(), found.to_pylist(), strict=True)
        return [path or self._wanted(name) for name, path in pairs]

    def here(self, ids: pa.Array) -> Any:
        """Which of them are here (bool numpy); these are no longer among a folder's rest."""
        found = np.zeros(len(ids), bool)
        for folder in self.folders:
            places = folder.places(ids)
            there = places.is_valid().to_numpy(zero_copy_only=False)
            new = there & ~found
            folder.taken[places.filter(pa.array(new)).to_numpy()] = True
            found |= there
        return found

    def sizes(self, paths: Sequence[str | None]) -> list[Size | None]:
        """(width, height) of each as it is shown; None where it cannot be read."""
        return [None if path is None else size_of(f"{self.root}/{path}") for path in paths]

    def _wanted(self, name: str) -> str | None:
        return None if "/" in name else below(self.root, self.folders[0].inside(name + ENDING))


def unread(own: Sequence[Folder], strange: Sequence[Folder]) -> Iterator[str]:
    """What is to be told of pictures: those of splits without an image, those of no split."""
    alone = [folder for folder in own if folder.rest()]
    if alone:
        count = sum(folder.rest() for folder in alone)
        yield f"pictures of no image in the tables ({_named(alone)}): {count:,}: not read"
    if strange:
        count = sum(len(folder.stems) + folder.others for folder in strange)
        yield f"pictures in folders that are no split's ({_named(strange)}): {count:,}: not read"


def _named(folders: Sequence[Folder]) -> str:
    names = [f"in {'the folder itself' if f.name == '.' else f.name}" for f in folders]
    return ", ".join(names[:5]) + (", …" if len(names) > 5 else "")


def _jpeg_first(stamped: tuple[str, str]) -> tuple[bool, str]:
    return not stamped[0].endswith(ENDING), stamped[0]


def _word(scalar: Any) -> str:
    word: str = scalar.as_py()
    return word
