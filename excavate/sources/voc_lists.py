"""The text files of a Pascal VOC folder: ImageSets/Main, and the names of the classes."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from excavate.errors import FaultList
from excavate.sources.files_below import FilesBelow, counted
from excavate.sources.splits import in_order

LISTS = "ImageSets/Main"
CLASS_NAMES = ("class_names.txt", "labels.txt", "classes.txt")
UNION = "trainval"
UNLISTED = "unlisted"  # the split of what no list names, where there are lists


@dataclass
class Lists:
    """Split -> the names (paths without ending) in it; lists of one class are counted only."""

    splits: dict[str, list[str]] = field(default_factory=dict)
    class_names: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    single: list[str] = field(default_factory=list)

    def memberships(self, there: set[str]) -> dict[str, list[str]]:
        """The splits of each name that is there; empty where there are no lists.

        A `trainval` counts for those alone that no other list names.
        """
        found: defaultdict[str, list[str]] = defaultdict(list)
        for split in sorted(self.splits, key=lambda split: split == UNION):
            for name in self.splits[split]:
                if (
                    name in there
                    and split not in found[name]
                    and not (split == UNION and found[name])
                ):
                    found[name].append(split)
        return {name: found[name] or [UNLISTED] for name in there} if self.splits else {}

    def left_out(self, there: set[str]) -> Iterator[str]:
        """What the lists say that is not read, a sentence each."""
        if self.single:
            yield f"{counted(len(self.single), 'list')} of single classes in {LISTS}: not read"
        for split, names in self.splits.items():
            gone = [name for name in names if name not in there]
            if gone:
                named = f"{counted(len(gone), 'name')} in {LISTS}/{split}.txt"
                yield f"{named} without XML or picture ({gone[0]} the first)"


def read_lists(tree: FilesBelow, faults: FaultList) -> Lists:
    """Read what there is. A file that is no text is a fault."""
    found = Lists()
    for path in tree.ending(".txt"):
        folder, name = posixpath.split(path)
        if folder != LISTS and path not in CLASS_NAMES:
            continue
        lines = text_lines(tree.root / path, path, faults)
        if path in CLASS_NAMES:
            found.read.append(path)
            found.class_names += lines
        elif lines and len(lines[0].split()) > 1:
            found.single.append(path)
        else:
            found.read.append(path)
            found.splits[posixpath.splitext(name)[0]] = [line.strip() for line in lines]
    found.splits = {split: found.splits[split] for split in in_order(found.splits)}
    return found


def text_lines(file: Path, place: str, faults: FaultList) -> list[str]:
    """The lines of a text file, verbatim, without the empty ones; none and a fault if it is not."""
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not UTF-8"
        faults.add(place, f"cannot be read ({why})")
        return []
    return [line for line in text.splitlines() if line.strip()]
