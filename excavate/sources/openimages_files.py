"""What lies in a folder of Open Images: the CSVs, told apart by their header, and the pictures.

They are looked for at any depth. What a table is follows from its columns, its split from its
name or its folders'.
"""

from __future__ import annotations

import csv
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from excavate.errors import FaultList
from excavate.sources.folder_listing import PICTURES, ending_of, entries_of, wrong_link
from excavate.sources.openimages_pictures import Folder
from excavate.sources.places import stamp
from excavate.sources.splits import is_split

BOX = ("XMin", "XMax", "YMin", "YMax")
CORNERS = frozenset(BOX)
IMAGE = "ImageID"
NAMED = 20  # tables of other kinds; the others are counted
HEADER_BYTES = 65_536
# What is known and not read, by a column that nothing else has.
PASSED_OVER = {"MaskPath": "masks", "EstimatedYesNo": "point labels"}
LISTS = frozenset(("OriginalURL", "OriginalLandingURL", "License", "Rotation", "Subset"))


@dataclass(frozen=True, slots=True)
class CsvTable:
    """One CSV: boxes, labels, relations or images."""

    path: Path
    name: str  # relative to the folder
    kind: str
    columns: tuple[str, ...]
    split: str | None  # None: said of none, or row by row in the column Subset

    @property
    def by_subset(self) -> bool:
        """Whether each row says its own split."""
        return self.split is None and "Subset" in self.columns


@dataclass
class Found:
    """What lies there."""

    tables: list[CsvTable] = field(default_factory=list)
    descriptions: list[Path] = field(default_factory=list)
    hierarchies: list[Path] = field(default_factory=list)
    passed_over: list[tuple[str, str]] = field(default_factory=list)  # name, why it is not read
    others: Counter[str] = field(default_factory=Counter)
    pictures: list[Folder] = field(default_factory=list)
    stamps: list[str] = field(default_factory=list)

    def left_out(self) -> Iterator[str]:
        """What was found and is not read, a sentence each."""
        for name, why in self.passed_over[:NAMED]:
            yield f"{name}: {why}, not read"
        if len(self.passed_over) > NAMED:
            yield f"{len(self.passed_over) - NAMED:,} more tables of other kinds: not read"
        if self.others:
            kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(self.others.items())[:10])
            yield f"files of other kinds ({kinds}): not read"


def files_of(root: Path, faults: FaultList) -> Found:
    """All tables and pictures. Reads the first line of each table, and counts masks."""
    found = Found()
    for file in _walk(root, found, faults):
        name = file.relative_to(root).as_posix()
        found.stamps.append(f"{name} {stamp(file)}")
        if file.suffix.lower() == ".json":
            found.hierarchies.append(file)
        elif "class-descriptions" in file.name.lower():
            found.descriptions.append(file)
        else:
            _add_table(found, file, name, faults)
    return found


def _walk(root: Path, found: Found, faults: FaultList) -> list[Path]:
    """CSVs and hierarchies, those of a folder before those of the folders in it."""
    wanted: list[Path] = []
    folders = [root]
    while folders:
        folder = folders.pop()
        inner: list[Path] = []
        name = folder.relative_to(root).as_posix()
        for entry in _entries(folder, name, root, found, faults):
            path = Path(entry.path)
            if entry.is_dir():
                inner.append(path)
            elif not entry.is_file():
                found.others["neither file nor folder"] += 1
            elif _is_wanted(entry.name.lower()):
                wanted.append(path)
            else:
                found.others[ending_of(entry.name)] += 1
        folders += reversed(inner)
    return wanted


def _entries(
    folder: Path, name: str, root: Path, found: Found, faults: FaultList
) -> list[os.DirEntry[str]]:
    """What is no picture, by name; the pictures are kept. Wrong links are faults."""
    rest: list[os.DirEntry[str]] = []
    pictures: list[tuple[str, str]] = []
    for entry in entries_of(folder, root, faults)[::-1]:
        if wrong := wrong_link(entry, root):
            path = f"{name}/{entry.name}".removeprefix("./")
            faults.add(path.encode("utf-8", "backslashreplace").decode(), wrong)
        elif entry.name.lower().endswith(PICTURES) and entry.is_file():
            pictures.append((entry.name, stamp(entry)))
        else:
            rest.append(entry)
    if pictures:
        found.pictures.append(Folder.of(name, pictures))
    return rest


def _is_wanted(name: str) -> bool:
    return name.endswith(".csv") or (name.endswith(".json") and "hierarchy" in name)


def _add_table(found: Found, file: Path, name: str, faults: FaultList) -> None:
    try:
        columns = _header(file)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        faults.add(name, f"its first line cannot be read ({error})")
        return
    kind = _kind(columns)
    if kind is None:
        found.passed_over.append((name, _why(file, columns)))
    elif len(set(columns)) < len(columns):
        twice = next(c for c in columns if columns.count(c) > 1)
        faults.add(name, f"two columns are called {twice!r}")
    else:
        found.tables.append(CsvTable(file, name, kind, tuple(columns), split_of(name)))


def _header(file: Path) -> list[str]:
    with file.open("rb") as lines:
        return next(csv.reader([lines.readline(HEADER_BYTES).decode("utf-8-sig")]), [])


def _kind(columns: list[str]) -> str | None:
    there = set(columns)
    if IMAGE not in there or there & set(PASSED_OVER):
        return None
    if {"LabelName", *CORNERS} <= there:
        return "boxes"
    if {"LabelName1", "LabelName2"} <= there:
        return "relations"
    if {"LabelName", "Confidence", "Source"} <= there:
        return "labels"
    return "images" if there & LISTS or columns == [IMAGE] else None


def _why(file: Path, columns: list[str]) -> str:
    for column, what in PASSED_OVER.items():
        if column in columns:
            return f"{what}: {count_lines(file) - 1:,}"
    listed = ", ".join(columns[:6]) + (", …" if len(columns) > 6 else "")
    return f"a table of another kind ({listed[:200]})"


def count_lines(file: Path) -> int:
    """Lines of a file; the last may lack its end."""
    count, last = 0, b"\n"
    with file.open("rb") as content:
        while block := content.read(2**20):
            count, last = count + block.count(b"\n"), block[-1:]
    return count + (last != b"\n")


def split_of(name: str) -> str | None:
    """The split that a file's name says, or else its folder's; in the words used there."""
    folder, _, own = name.rpartition("/")
    for words in (own, folder):
        for word in re.split(r"[^A-Za-z]+", words):
            if is_split(word):
                return word
    return None
