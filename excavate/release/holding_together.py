"""Whether the formats of a release say the same: each is held against items.parquet."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from excavate.errors import InputFault
from excavate.release.checksums import digest
from excavate.release.items_csv import cells_of
from excavate.release.links import lost_links

TABLE = "items.parquet"
ASKED = ("number", "member_id", "kind", "file", "sha256", "by_reference", "strokes")
RIGHTS_ROW = re.compile(r"\| (\d+) \|")
TOGETHER = 64
UNREADABLE = (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError,
              AssertionError, csv.Error)  # fmt: skip
BROKEN = "cannot be read as what it is"


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    member_id: str
    kind: str
    file: str
    sha256: str
    by_reference: bool
    strokes: str
    picture: str  # sha256 of the bytes in the table; empty: it holds none


@dataclass(frozen=True, slots=True)
class _There:
    """The plain files of a release: nothing else is opened, a pipe or a device has no end."""

    folder: Path
    names: AbstractSet[str]

    def has(self, file: Path) -> bool:
        """Whether it is one of them."""
        return file.relative_to(self.folder).as_posix() in self.names

    def below(self, folder: Path, ending: str = "") -> list[Path]:
        """Those in a folder, however deep, sorted."""
        start = f"{folder.relative_to(self.folder).as_posix()}/"
        found = (one for one in self.names if one.startswith(start) and one.endswith(ending))
        return [self.folder / one for one in sorted(found)]


def format_faults(folder: Path, plain: AbstractSet[str]) -> tuple[int, list[InputFault]]:
    """(how many plates the table has, every fault of the formats that are there).

    `plain` are the plain files of the release: what is none of them is not opened.
    """
    there = _There(folder, plain)
    if TABLE not in plain:
        return 0, [InputFault(TABLE, "missing: the other formats cannot be held against it")]
    try:
        rows = list(_rows(folder / TABLE))
    except Exception as error:  # Arrow raises many kinds on broken files
        return 0, [InputFault(TABLE, f"{BROKEN} ({_first_line(error)})")]
    faults = list(_table_faults(there, rows))
    for name, check in CHECKS.items():
        if name in plain or there.below(folder / name):
            faults += _checked(name, check, there, rows)
    return len(rows), faults


def _checked(name: str, check: Check, there: _There, rows: list[_Row]) -> list[InputFault]:
    """The faults of one format; a file that breaks its reader is one fault."""
    try:
        return [InputFault(name, what) for what in check(there.folder / name, rows, there)]
    except UNREADABLE as error:
        return [InputFault(name, f"{BROKEN} ({_first_line(error)})")]


def _rows(file: Path) -> Iterator[_Row]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(file) as table:
        for group in range(table.num_row_groups):
            for batch in table.iter_batches(TOGETHER, [group], ["image", *ASKED]):
                pictures = map(_digest, batch.column("image"))
                for row, picture in zip(batch.select(ASKED).to_pylist(), pictures, strict=True):
                    yield _Row(**row, picture=picture)


def _digest(cell: Any) -> str:
    """The sha256 of the picture in a cell, its bytes read where they lie; empty without one."""
    content = cell["bytes"].as_buffer() if cell.is_valid else None
    return hashlib.sha256(content).hexdigest() if content else ""


def _table_faults(there: _There, rows: list[_Row]) -> Iterator[InputFault]:
    if [row.number for row in rows] != list(range(1, len(rows) + 1)):
        yield InputFault(TABLE, "its rows are not numbered from 1 on")
    for row in rows:
        place = f"{TABLE} row {row.number}"
        yield from (InputFault(place, what) for what in _row_faults(there, row))
    named = {name for row in rows for name in (row.file, row.strokes) if name}
    lying = {name for name in there.names if name.startswith("items/")}
    for name in sorted(lying - named - {"items/metadata.jsonl"}):
        yield InputFault(name, "no row of the table names it")


def _row_faults(there: _There, row: _Row) -> Iterator[str]:
    if row.kind == "empty" and row.file:
        yield "a place kept empty has a picture"
    if row.by_reference and (row.file or row.picture):
        yield "an item by reference has a picture"
    if row.kind != "empty" and not row.by_reference and not row.file:
        yield "its picture is not named"
    if row.file and row.picture != row.sha256:
        yield "the picture in the table is not the one it names"
    for name in (row.file, row.strokes):
        if name and name not in there.names:
            yield f"{name} is not there"
        elif name == row.file and name and digest(there.folder / name) != row.sha256:
            yield f"{name} is not the picture of this row"


def _manifest(file: Path, rows: list[_Row], there: _There) -> Iterator[str]:
    canvases = [str(one["id"]) for one in _document(file)["items"]]
    members = [one.rpartition("/")[2] for one in canvases if "/canvas/absence/" not in one]
    if members != [row.member_id for row in rows]:
        yield f"{len(members)} canvases of members for {len(rows)} rows, or another order"
    if len(set(canvases)) < len(canvases):
        yield "two canvases have one id"


def _annotations(file: Path, rows: list[_Row], there: _There) -> Iterator[str]:
    made = [json.loads(line) for line in _lines(file)]
    known = {str(one["id"]) for one in made}
    if len(known) < len(made):
        yield "two annotations have one id"
    canvases = known | _canvases(file.with_name("manifest.json"), there)
    for number, one in enumerate(made, start=1):
        lost = [t for t in _targets(one) if "/canvas/" in t and t.partition("#")[0] not in canvases]
        if lost:
            yield f"line {number} points at {lost[0]}, which is not there"


def _canvases(file: Path, there: _There) -> set[str]:
    return {str(one["id"]) for one in _document(file)["items"]} if there.has(file) else set()


def _targets(annotation: dict[str, Any]) -> Iterator[str]:
    said = annotation.get("target", [])
    for one in said if isinstance(said, list) else [said]:
        named = one if isinstance(one, str) else one.get("source", one.get("id"))
        if isinstance(named, str):
            yield named


def _rights(file: Path, rows: list[_Row], there: _There) -> Iterator[str]:
    numbers = [int(found[1]) for line in _lines(file) if (found := RIGHTS_ROW.match(line))]
    if numbers != [row.number for row in rows]:
        yield f"{len(numbers)} rows of rights for {len(rows)} plates, or another order"


def _csv(file: Path, rows: list[_Row], there: _There) -> Iterator[str]:
    wanted = _as_csv(file.with_name(TABLE))
    with file.open(encoding="utf-8-sig", newline="") as lines:
        before = csv.field_size_limit(2**31 - 1)  # the csv module's limit is everyone's
        try:
            said = csv.reader(lines)
            same = next(said, None) == next(wanted)
            pairs = enumerate(zip_longest(said, wanted), start=1)
            differing = [number for number, (one, other) in pairs if one != other] if same else []
        finally:
            csv.field_size_limit(before)
    if not same:
        yield "its columns are not those of the table"
    elif differing:
        which = f"{len(differing)}, the first is no. {differing[0]}"
        yield f"rows that are not those of the table: {which}"


def _as_csv(table: Path) -> Iterator[list[str]]:
    """The names of the table's columns but the picture's, then its rows, as a CSV holds them."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(table) as opened:
        names = [name for name in opened.schema_arrow.names if name != "image"]
        yield names
        for batch in opened.iter_batches(TOGETHER, columns=names):
            yield from map(cells_of, batch.select(names).to_pylist())


def _imagefolder(file: Path, rows: list[_Row], there: _There) -> Iterator[str]:
    said = [json.loads(line) for line in _lines(file)]
    named = [(f"items/{one['file_name']}", one["sha256"]) for one in said]
    if named != [(row.file, row.sha256) for row in rows if row.file]:
        yield "its pictures are not those of the table"


def _coco(file: Path, rows: list[_Row], there: _There) -> Iterator[str]:
    document = _document(file)
    images = [(one["id"], one["file_name"]) for one in document["images"]]
    if images != [(row.number, row.file) for row in rows if row.file]:
        yield "its images are not those of the table"
    licences = {one["id"] for one in document["licenses"]}
    if any(one["license"] not in licences for one in document["images"]):
        yield "an image names a licence that is not there"
    numbers, categories = {n for n, _ in images}, {one["id"] for one in document["categories"]}
    for one in document["annotations"]:
        if one["image_id"] not in numbers or one["category_id"] not in categories:
            yield f"annotation {one['id']} is of no image or no category"


def _labelme(folder: Path, rows: list[_Row], there: _There) -> Iterator[str]:
    said = {file.name: _document(file)["imagePath"] for file in there.below(folder, ".json")}
    wanted = {f"{row.number:04d}.json": f"../{row.file}" for row in rows if row.file}
    for name in sorted(said.keys() ^ wanted.keys()):
        yield f"{name} and the table do not agree that it is there"
    for name in sorted(said.keys() & wanted.keys()):
        if said[name] != wanted[name]:
            yield f"{name} is of another picture"


def _croissant(file: Path, rows: list[_Row], there: _There) -> Iterator[str]:
    for one in _document(file).get("distribution", []):
        name, said = str(one.get("contentUrl", "")).rpartition("/")[2], one.get("sha256")
        beside = file.with_name(name)
        if said and name and there.has(beside) and digest(beside) != said:
            yield f"the checksum of {name} is not that of the file"


def _exhibition(folder: Path, rows: list[_Row], there: _There) -> Iterator[str]:
    pages = {page.name for page in there.below(folder / "items", ".html")}
    for name in sorted({f"{row.number:04d}.html" for row in rows} - pages):
        yield f"items/{name} is not there"
    for page in there.below(folder, ".html"):
        name = page.relative_to(folder).as_posix()
        yield from (f"{name} {what}" for what in lost_links(page, folder.parent))


def _finding_aid(file: Path, rows: list[_Row], there: _There) -> Iterator[str]:
    yield from lost_links(file, file.parent)


def _catalogue(file: Path, rows: list[_Row], there: _There) -> Iterator[str]:
    with file.open("rb") as content:
        if content.read(5) != b"%PDF-":
            yield "is no PDF"


def _lines(file: Path) -> list[str]:
    """The lines of a file; signs that end a line for some readers are signs of its words."""
    return [line for line in file.read_text("utf-8").split("\n") if line]


def _document(file: Path) -> dict[str, Any]:
    found = json.loads(file.read_text("utf-8"))
    if not isinstance(found, dict):
        raise ValueError("no JSON object")
    return found


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


Check = Callable[[Path, list[_Row], _There], Iterator[str]]
CHECKS: dict[str, Check] = {
    "manifest.json": _manifest,
    "annotations.jsonl": _annotations,
    "RIGHTS.md": _rights,
    "croissant.json": _croissant,
    "items.csv": _csv,
    "items/metadata.jsonl": _imagefolder,
    "coco.json": _coco,
    "labelme": _labelme,
    "finding-aid.html": _finding_aid,
    "exhibition": _exhibition,
    "catalogue.pdf": _catalogue,
}
