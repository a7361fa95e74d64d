"""The text files of a Pascal VOC folder: ImageSets/Main, and the names of the classes."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field

from excavate.errors import FaultList
from excavate.sources.files_below import FilesBelow, counted, text_lines
from excavate.sources.folder_listing import PICTURES
from excavate.sources.splits import in_order

LISTS = "ImageSets/Main"
CLASS_NAMES = ("class_names.txt", "labels.txt", "classes.txt")
UNION = "trainval"
MARKS = ("-1", "0", "1")
UNLISTED = "unlisted"  # the split of what no list names, where there are lists


@dataclass
class Lists:
    """Split -> the names (paths without ending) in it; lists of one class are counted only."""

    splits: dict[str, list[str]] = field(default_factory=dict)
    class_names: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    single: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)  # of years below the folder

    def memberships(self) -> dict[str, list[str]]:
        """The splits of each name; a `trainval` counts for those that no other list names."""
        found: dict[str, list[str]] = {}
        for split in sorted(self.splits, key=lambda split: split == UNION):
            for name in self.splits[split]:
                of = found.setdefault(name, [])
                if split not in of and not (split == UNION and of):
                    of.append(split)
        return found

    def left_out(self, there: set[str]) -> Iterator[str]:
        """What the lists say that is not read, a sentence each."""
        if self.single:
            yield f"{counted(len(self.single), 'list')} of single classes in {LISTS}: not read"
        for split, names in self.splits.items():
            gone = [name for name in names if name not in there]
            if gone:
                named = f"{counted(len(gone), 'name')} in {LISTS}/{split}.txt"
                yield f"{named} without XML or picture ({gone[0]} the first)"
        folders = sorted({posixpath.dirname(path) for path in self.elsewhere})
        if folders:
            more = f" and {counted(len(folders) - 1, 'more folder')}" if folders[1:] else ""
            todo = f"dig {folders[0].removesuffix(f'/{LISTS}')} alone for its splits"
            yield f"{counted(len(self.elsewhere), 'list')} in {folders[0]}{more}: not read; {todo}"


def read_lists(tree: FilesBelow, there: set[str], faults: FaultList) -> Lists:
    """Read what there is; `there` are the stems of all XMLs and pictures, as lists name them.

    A file that is no text is a fault.
    """
    found = Lists()
    for path in tree.ending(".txt"):
        folder, name = posixpath.split(path)
        if folder.endswith(f"/{LISTS}"):
            found.elsewhere.append(path)
        elif path in CLASS_NAMES:
            found.read.append(path)
            found.class_names += text_lines(tree.root / path, path, faults)
        elif folder == LISTS:
            lines = [line.strip() for line in text_lines(tree.root / path, path, faults)]
            if _is_single(lines, there):
                found.single.append(path)
            else:
                found.read.append(path)
                names = [_without_ending(line, there) for line in lines]
                found.splits[posixpath.splitext(name)[0]] = names
    found.splits = {split: found.splits[split] for split in in_order(found.splits)}
    return found


def _is_single(lines: list[str], there: set[str]) -> bool:
    """Whether a list says of each picture if a class is in it: 'NAME 1', 'NAME 0', 'NAME -1'."""
    words = (line.split() for line in lines)
    marked = all(len(of) > 1 and of[-1] in MARKS for of in words)
    return bool(lines) and marked and not any(line in there for line in lines)


def _without_ending(line: str, there: set[str]) -> str:
    """A name as lists have it, also where one names the file ('a.jpg')."""
    stem, ending = posixpath.splitext(line)
    return stem if line not in there and ending.lower() in (".xml", *PICTURES) else line
