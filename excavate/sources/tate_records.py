"""The records of Tate's collection: one JSON a file as Tate published them, or a line each.

`artworks.jsonl[.gz]` holds what the files in `artworks/` hold, a line each; subjects are then ids
of `subject_tree.tsv`, and artists ids of `artists.jsonl[.gz]` or of Tate's own `artist_data.csv`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from excavate.errors import FaultList
from excavate.sources.files_below import files_below, others_said
from excavate.sources.json_text import HalfPairError, parsed
from excavate.sources.tate_lines import content_of, lines_of, texts_of

Record = dict[str, Any]
ARTISTS = ("artists.jsonl.gz", "artists.jsonl", "artists", "artist_data.csv")
ARTWORKS = ("artworks.jsonl.gz", "artworks.jsonl", "artworks")
TREE = "subject_tree.tsv"
LICENCES = ("LICENCE", "LICENSE", "LICENCE.txt", "LICENSE.txt")
SILENT = ("README.md", *LICENCES)
LICENCE_BYTES = 2**20


class Place(NamedTuple):
    """A file of records, or a folder of one in each JSON."""

    path: Path
    stamps: Mapping[str, str]  # by the path below the root

    @property
    def name(self) -> str:
        """Its name in the root."""
        return self.path.name


class Found(NamedTuple):
    """What a folder holds; each but the artworks may be missing."""

    artworks: Place
    artists: Place | None
    tree: Place | None
    licence: Place | None
    not_read: tuple[str, ...]


def found_in(root: Path, faults: FaultList) -> Found | None:
    """What there is; None without artworks. The first of each is read.

    Links that lead out of the root are faults.
    """
    files = files_below(root, faults).stamps
    artworks = _first(root, ARTWORKS, files)
    if artworks is None:
        return None
    artists, licence = _first(root, ARTISTS, files), _first(root, LICENCES, files)
    tree = None if artworks.path.is_dir() else _first(root, (TREE,), files)
    names = {place.name for place in (artworks, artists, tree, licence) if place}
    tops = dict.fromkeys(path.partition("/")[0] for path in files)
    others = sorted(top for top in tops if top not in names and top not in SILENT)
    inside = (
        path
        for path in files
        if path.partition("/")[0] in names and "/" in path and not _is_json(path)
    )
    not_read = [f"{', '.join(others)}: not read"] if others else []
    return Found(artworks, artists, tree, licence, (*not_read, *others_said(inside)))


def records(place: Place, faults: FaultList) -> Iterator[tuple[str, Record]]:
    """(where it stands, record) of each JSON of a folder, or of each line. Faults are collected."""
    if place.path.is_dir():
        yield from _of_files(place, faults)
    elif place.path.suffix == ".csv":
        yield from _of_csv(place.path, faults)
    else:
        for where, line in lines_of(place.path, faults):
            record = None if line.isspace() else _record(line, where, faults)
            if record is not None:
                yield where, record


def licence_of(place: Place | None) -> str | None:
    """The licence's name, if the file says in a line of its own that it is CC0."""
    if place is None:
        return None
    with open(place.path, "rb") as opened:
        lines = opened.read(LICENCE_BYTES).decode("utf-8", "replace").splitlines()
    return next((line.strip() for line in lines if line.strip().startswith("CC0 ")), None)


def _first(root: Path, names: Iterable[str], files: Mapping[str, str]) -> Place | None:
    """The first that is there, as a file, or as a folder where the name is one of a folder."""
    for name in names:
        if name in files:
            return Place(root / name, {name: files[name]})
        if "." not in name and (root / name).is_dir():
            inner = (path for path in files if path.startswith(f"{name}/") and _is_json(path))
            return Place(root / name, {path: files[path] for path in inner})
    return None


def _is_json(path: str) -> bool:
    return path.lower().endswith(".json")


def _of_files(place: Place, faults: FaultList) -> Iterator[tuple[str, Record]]:
    for where in place.stamps:
        content = content_of(place.path.parent / where, where, faults)
        record = None if content is None else _record(content, where, faults)
        if record is not None:
            yield where, record


def _of_csv(file: Path, faults: FaultList) -> Iterator[tuple[str, Record]]:
    reader = csv.reader((line for _, line in texts_of(file, faults)), strict=True)
    try:
        names = next(reader, [])
        for cells in reader:
            where = f"{file.name} line {reader.line_num}"
            if len(cells) != len(names):
                faults.add(where, f"{len(cells)} values for {len(names)} columns")
            else:
                yield where, dict(zip(names, (c or None for c in cells), strict=True))
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
