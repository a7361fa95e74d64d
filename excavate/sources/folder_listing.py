"""What lies in a folder of pictures: one walk, in an order that no file system decides."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from excavate.errors import FaultList
from excavate.sources import folder_metadata
from excavate.sources.places import fingerprint_of, is_text, stamp
from excavate.sources.splits import in_order, is_split

PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff")


@dataclass
class Listing:
    """Paths relative to the root, sorted part by part. Memory: one string a picture."""

    pictures: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    metadata: list[str] = field(default_factory=list)
    stamps: list[str] = field(default_factory=list)

    def splits(self) -> list[str]:
        """The top folders, if all of them are well-known splits and no picture lies beside."""
        tops = {folder.partition("/")[0] for folder in self.folders}
        beside = any("/" not in picture for picture in self.pictures)
        return in_order(tops) if tops and not beside and all(map(is_split, tops)) else []

    def fingerprint(self) -> str:
        """Over path, size and time of change of each picture, and the folders' names."""
        pairs = zip(self.pictures, self.stamps, strict=True)
        return fingerprint_of([*(f"{path} {seen}" for path, seen in pairs), *self.folders])


def listing(root: Path, faults: FaultList) -> Listing:
    """Walk a folder. What starts with a dot is left out, as is all that is no picture."""
    found = Listing()
    stack = _entries(root, root, faults)
    while stack:
        entry = stack.pop()
        path = Path(entry.path).relative_to(root).as_posix()
        wrong = _wrong(entry, root)
        if wrong:
            faults.add(path.encode("utf-8", "backslashreplace").decode(), wrong)
        elif entry.is_dir():
            found.folders.append(path)
            stack += _entries(Path(entry.path), root, faults)
        elif entry.name in folder_metadata.NAMES:
            found.metadata.append(path)
        else:
            found.pictures.append(path)
            found.stamps.append(stamp(entry))
    return found


def _entries(folder: Path, root: Path, faults: FaultList) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            wanted = [entry for entry in entries if _matters(entry)]
    except OSError as error:
        faults.add(folder.relative_to(root).as_posix(), f"cannot be listed ({error.strerror})")
        return []
    return sorted(wanted, key=lambda entry: entry.name, reverse=True)


def _matters(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith(".") or entry.name == "__MACOSX":
        return False
    named = entry.name.lower().endswith(PICTURES) or entry.name in folder_metadata.NAMES
    return named or entry.is_dir()


def _wrong(entry: os.DirEntry[str], root: Path) -> str | None:
    if not is_text(entry.name):
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
