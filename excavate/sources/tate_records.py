"""The records of Tate's collection: one JSON a file as Tate published them, or a line each.

`artworks.jsonl[.gz]` holds what the files in `artworks/` hold, a line each; subjects are then ids
of `subject_tree.tsv`, and artists ids of `artists.jsonl[.gz]` or of Tate's own `artist_data.csv`.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from excavate.errors import FaultList
from excavate.sources.json_text import HalfPairError, parsed
from excavate.sources.places import stamp

Record = dict[str, Any]
ARTISTS = ("artists.jsonl.gz", "artists.jsonl", "artists", "artist_data.csv")
ARTWORKS = ("artworks.jsonl.gz", "artworks.jsonl", "artworks")
TREE = "subject_tree.tsv"
LICENCES = ("LICENCE", "LICENSE", "LICENCE.txt", "LICENSE.txt")
SILENT = ("README.md", TREE, *LICENCES)
BROKEN = (OSError, EOFError, zlib.error)
AHEAD = 2**16  # bytes unpacked at a time


class Found(NamedTuple):
    """What a folder holds; each but the artworks may be missing."""

    artworks: Path
    artists: Path | None
    tree: Path | None
    licence: Path | None
    not_read: tuple[str, ...]


class Node(NamedTuple):
    """A subject."""

    name: str
    parents: list[str]


def found_in(root: Path) -> Found | None:
    """What there is; None without artworks. The first of each is read."""
    there = sorted(path.name for path in root.iterdir() if not path.name.startswith("."))
    artworks = _first(root, ARTWORKS)
    if artworks is None:
        return None
    artists, licence = _first(root, ARTISTS), _first(root, LICENCES)
    tree = root / TREE if (root / TREE).is_file() and not artworks.is_dir() else None
    read = {path.name for path in (artworks, artists, licence) if path}
    others = tuple(name for name in there if name not in read and name not in SILENT)
    return Found(artworks, artists, tree, licence, others)


def records(place: Path, faults: FaultList) -> Iterator[tuple[str, Record]]:
    """(where it stands, record) of each JSON of a folder, or of each line. Faults are collected."""
    if place.is_dir():
        yield from _of_files(place, faults)
    elif place.suffix == ".csv":
        yield from _of_csv(place, faults)
    else:
        yield from _of_lines(place, faults)


def stamps(place: Path) -> Iterator[str]:
    """What tells a file, or the files of a folder, from later ones."""
    for file in _files(place) if place.is_dir() else [place]:
        yield str(file)
        yield stamp(file)


def tree_of(file: Path, faults: FaultList) -> dict[str, Node]:
    """The subjects by their ids, as subject_tree.tsv lists them: id, name, parent's id."""
    nodes: dict[str, Node] = {}
    name = file.name
    with open(file, encoding="utf-8-sig", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            cells = line.rstrip("\r\n").split("\t")
            place = f"{name} line {number}"
            if number == 1 and cells[:3] != ["id", "name", "parent_id"]:
                faults.add(place, "the columns are not id, name and parent_id")
                return {}
            if len(cells) != 3:
                faults.add(place, f"{len(cells)} values for 3 columns")
            elif number > 1 and cells[0] in nodes:
                faults.add(place, f"subject {cells[0]} again")
            elif number > 1:
                nodes[cells[0]] = Node(cells[1], [cells[2]] if cells[2] else [])
    for key, node in nodes.items():
        if node.parents and node.parents[0] not in nodes:
            faults.add(file.name, f"subject {key} lies below {node.parents[0]}, which is not there")
    return nodes


def licence_of(file: Path | None) -> str | None:
    """The licence's name, if the file says in a line of its own that it is CC0."""
    if file is None:
        return None
    lines = file.read_text("utf-8", "replace").splitlines()
    return next((line.strip() for line in lines if line.strip().startswith("CC0 ")), None)


def _first(root: Path, names: tuple[str, ...]) -> Path | None:
    return next((root / name for name in names if (root / name).exists()), None)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.json") if path.is_file())


def _of_files(folder: Path, faults: FaultList) -> Iterator[tuple[str, Record]]:
    for file in _files(folder):
        place = file.relative_to(folder.parent).as_posix()
        if not file.resolve().is_relative_to(folder):
            faults.add(place, "a link that leads out of the folder")
            continue
        try:
            content = file.read_bytes()
        except OSError as error:
            faults.add(place, f"cannot be read ({error.strerror})")
            continue
        record = _record(content.removeprefix(b"\xef\xbb\xbf"), place, faults)
        if record is not None:
            yield place, record


def _of_lines(file: Path, faults: FaultList) -> Iterator[tuple[str, Record]]:
    number, name = 0, file.name
    try:
        with _opened(file) as lines:
            for number, line in enumerate(lines, 1):
                place = f"{name} line {number}"
                record = None if line.isspace() else _record(line, place, faults)
                if record is not None:
                    yield place, record
    except BROKEN as error:
        faults.add(f"{file.name} after line {number}", f"cannot be read ({error})")


def _opened(file: Path) -> BinaryIO:
    if file.suffix != ".gz":
        return open(file, "rb")
    return cast(BinaryIO, io.BufferedReader(gzip.GzipFile(file), AHEAD))  # its own lines are slow


def _of_csv(file: Path, faults: FaultList) -> Iterator[tuple[str, Record]]:
    with open(file, encoding="utf-8-sig", errors="replace", newline="") as lines:
        reader = csv.reader(lines, strict=True)
        try:
            names = next(reader, [])
            for cells in reader:
                place = f"{file.name} line {reader.line_num}"
                if len(cells) != len(names):
                    faults.add(place, f"{len(cells)} values for {len(names)} columns")
                else:
                    yield place, dict(zip(names, (c or None for c in cells), strict=True))
        except csv.Error as error:
            faults.add(f"{file.name} line {reader.line_num}", f"not CSV ({error})")


def _record(content: bytes, place: str, faults: FaultList) -> Record | None:
    try:
        record = parsed(content)
    except HalfPairError as error:
        faults.add(place, str(error))
        return None
    except (ValueError, RecursionError) as error:
        faults.add(place, f"not JSON ({error})")
        return None
    if not isinstance(record, dict):
        faults.add(place, "not a JSON object")
    else:
        return record
    return None
