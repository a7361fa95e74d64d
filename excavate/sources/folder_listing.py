"""What lies in a folder of pictures: one walk, in an order that no file system decides."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from PIL import features

from excavate.errors import FaultList
from excavate.sources import folder_metadata
from excavate.sources.places import fingerprint_of, is_text, stamp
from excavate.sources.splits import in_order, is_split
from excavate.sources.telling import irregular_said, kinds_said

PICTURES = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff"),
    *((".avif",) if features.check("avif") else ()),
)


@dataclass
class Listing:
    """Paths relative to the root, sorted part by part. Memory: one string a picture."""

    pictures: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    metadata: list[str] = field(default_factory=list)
    stamps: list[str] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)  # files not read, by their ending
    irregular: list[str] = field(default_factory=list)  # neither files nor folders

    def splits(self) -> list[str]:
        """The top folders, if all of them are well-known splits and no picture lies beside."""
        tops = {folder.partition("/")[0] for folder in self.folders}
        beside = any("/" not in picture for picture in self.pictures)
        return in_order(tops) if tops and not beside and all(map(is_split, tops)) else []

    def fingerprint(self) -> str:
        """Over path, size and time of change of each picture, and the folders' names."""
        pairs = zip(self.pictures, self.stamps, strict=True)
        return fingerprint_of([*(f"{path} {seen}" for path, seen in pairs), *self.folders])

    def left_out(self) -> Iterator[str]:
        """What was found and is not read, a sentence a sort."""
        yield from kinds_said(self.others)
        yield from irregular_said(self.irregular)


def listing(
    root: Path,
    faults: FaultList,
    endings: tuple[str, ...] = PICTURES,
    metadata: tuple[str, ...] = folder_metadata.NAMES,
) -> Listing:
    """Walk a folder. Files that are no pictures (have none of the `endings`) are counted.

    What starts with a dot, and `__MACOSX`, is a system's own and is passed over in silence.
    """
    found = Listing()
    stack = entries_of(root, root, faults)
    while stack:
        entry = stack.pop()
        path = Path(entry.path).relative_to(root).as_posix()
        named = entry.name.lower().endswith(endings) or entry.name in metadata
        if not (named or entry.is_dir()):
            found.others[ending_of(entry.name)] += 1
        elif wrong := wrong_link(entry, root):
            faults.add(path.encode("utf-8", "backslashreplace").decode(), wrong)
        elif entry.is_dir():
            found.folders.append(path)
            stack += entries_of(Path(entry.path), root, faults)
        elif not entry.is_file():
            found.irregular.append(path)
        elif entry.name in metadata:
            found.metadata.append(path)
        else:
            found.pictures.append(path)
            found.stamps.append(stamp(entry))
    return found


def entries_of(folder: Path, root: Path, faults: FaultList) -> list[os.DirEntry[str]]:
    """What a folder holds, last name first; a fault where it cannot be listed."""
    try:
        with os.scandir(folder) as entries:
            wanted = [entry for entry in entries if not of_a_system(entry.name)]
    except OSError as error:
        faults.add(folder.relative_to(root).as_posix(), f"cannot be listed ({error.strerror})")
        return []
    return sorted(wanted, key=lambda entry: entry.name, reverse=True)


def of_a_system(name: str) -> bool:
    """Whether a file or folder of this name is a system's own."""
    return name.startswith(".") or name == "__MACOSX"


def ending_of(name: str) -> str:
    """The ending of a file's name, as it is counted among what is not read."""
    ending = Path(name).suffix.lower()
    return ending.encode("utf-8", "backslashreplace").decode() or "no ending"


def wrong_link(entry: os.DirEntry[str], root: Path) -> str | None:
    """Why a file or folder cannot be gone into; None where it can."""
    if not entry.name.isascii() and not is_text(entry.name):
        return "the name is not UTF-8"
    if not entry.is_symlink():
        return None
    target = os.path.realpath(entry.path)
    if not os.path.exists(target):  # noqa: PTH110 - a loop of links raises in pathlib
        return "a link to nothing"
    if not Path(target).is_relative_to(root):
        return "a link that leaves the folder"
    above = map(os.path.realpath, _parents(entry.path, root))
    return "a link to a folder that holds it" if target in above else None


def _parents(path: str, root: Path) -> Iterator[Path]:
    for parent in Path(path).parents:
        yield parent
        if parent == root:
            return
