"""`labelme:DIR`: Labelme, a JSON for each picture, in any folder below DIR.

The key is the JSON's path from DIR. The picture is the file that `imagePath` names, seen from
the JSON's folder; where that is not there, the one inside the JSON (`imageData`), else the
JSON's namesake. A picture without a JSON is no item, and is counted.

Each shape is a region. polygon is a polygon; rectangle a box; circle a circle, whose radius is
computed from its two points; line and linestrip are lines; point a point, and each of `points`
one of its own, `shape` saying which shape of the JSON it is of; mask a mask. Any other type with
three points or more is a polygon. `extra` keeps shape_type, group_id, flags, description and any
other field, and the points where the geometry does not say them. A shape whose points cannot be
read is kept in `extra` without a place, and counted.

The names of the shapes are the labels (`label`) and the categories, after those of each
`labels.txt` below DIR. The picture's flags are attributes (`flags.NAME`); those that are true are
labels (`flag`) too. All else is an attribute. Splits: top folders called train, val and the like,
if no JSON of Labelme lies beside them. Order: split, then path.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from excavate.errors import FaultList, SourceError
from excavate.model import NO_SPLIT, Batch, Category, Description, SourceOptions, as_text
from excavate.sources.files_below import (
    FilesBelow,
    by_stem,
    counted,
    files_below,
    in_a_split,
    others_said,
    text_lines,
    top_splits,
    unsplit_said,
)
from excavate.sources.folder_listing import PICTURES
from excavate.sources.json_text import HalfPairError, parsed
from excavate.sources.labelme_shapes import Shapes
from excavate.sources.places import below, composed, dataset_name, existing, fingerprint_of
from excavate.sources.read_once import ReadOnce, Rows
from excavate.sources.splits import chosen
from excavate.sources.telling import irregular_said

CLASS_NAMES = "labels.txt"
INSIDE = "imageData"
USED = ("shapes", "flags", INSIDE)


@dataclass
class _Reading:
    """Reads JSONs into rows; keeps what is to be said of all of them."""

    files: FilesBelow
    faults: FaultList
    shapes: Shapes = field(default_factory=Shapes)
    used: set[str] = field(default_factory=set)  # pictures
    strange: dict[str, None] = field(default_factory=dict)  # JSONs of another kind

    def read(self, record: tuple[str, str], rows: Rows) -> None:
        """Add one item, unless the JSON is a fault or of another kind."""
        split, path = record
        document = self.document(path)
        if document is None:
            return
        picture, part = self._picture(path, document)
        size = (_whole(document.get("imageWidth")), _whole(document.get("imageHeight")))
        row = rows.item(path, split, picture, part, size)
        self._say(document, posixpath.basename(path), row, rows)
        self.shapes.read(document["shapes"], size, row, rows)

    def _say(self, document: dict[str, Any], file: str, row: int, rows: Rows) -> None:
        for name, value in document.items():
            if name not in USED:
                rows.attributes.append((row, name, as_text(value), "metadata", file))
        flags = document.get("flags") or {}
        for name, value in flags.items():
            rows.attributes.append((row, f"flags.{name}", as_text(value), "metadata", file))
            if value is True:
                rows.labels.append((row, "flag", name, None, "source"))

    def document(self, path: str) -> dict[str, Any] | None:
        """A JSON of Labelme; None where it is a fault or of another kind."""
        try:
            with open(f"{self.files.root}/{path}", "rb", buffering=0) as file:
                content = file.read()
            document = parsed(content)
        except (OSError, ValueError, RecursionError) as error:
            self.faults.add(path, _why(error))
            return None
        if not isinstance(document, dict) or "shapes" not in document:
            self.strange[path] = None
            return None
        wrong = _wrong(document)
        if wrong:
            self.faults.add(path, wrong)
        return None if wrong else document

    def _picture(self, path: str, document: dict[str, Any]) -> tuple[str | None, str | None]:
        """(path below the root, part inside of it)."""
        here, named = posixpath.dirname(path), document.get("imagePath")
        inner = named.replace("\\", "/") if isinstance(named, str) else ""
        wanted = below(self.files.root, posixpath.join(here, inner)) if inner else None
        if wanted is not None and not wanted.lower().endswith(PICTURES):
            wanted = None
        found = self._known.get(composed(wanted)) if wanted else None
        if found is None and document.get(INSIDE):
            return path, INSIDE
        found = found or self._by_stem.get(posixpath.splitext(path)[0])
        if found is not None:
            self.used.add(found)
        return found or wanted, None

    @cached_property
    def _known(self) -> dict[str, str]:
        return {composed(path): path for path in self.files.pictures()}

    @cached_property
    def _by_stem(self) -> dict[str, str]:
        return by_stem(self.files.pictures())


def _why(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"not JSON at line {error.lineno}, column {error.colno} ({error.msg})"
    if isinstance(error, HalfPairError):
        return str(error)
    if isinstance(error, OSError):
        return f"cannot be read ({error.strerror})"
    return f"not JSON ({error})"


def _wrong(document: dict[str, Any]) -> str | None:
    """What keeps a document from being Labelme's."""
    shapes = document["shapes"]
    if not isinstance(shapes, list) or not all(isinstance(shape, dict) for shape in shapes):
        return "shapes is no list of objects"
    if not isinstance(document.get("flags") or {}, dict):
        return "flags is no object"
    return None


def _whole(value: Any) -> int | None:
    return value if type(value) is int and 0 < value < 2**31 else None


class Labelme:
    """A folder of Labelme. Reads every JSON once, at the first question."""

    def __init__(self, path: str, options: SourceOptions) -> None:
        self._path, self._options = path, options
        self._folder = existing(path, "folder")

    def describe(self) -> Description:
        """Name, root and count. Raises SourceError with every fault of every JSON."""
        reading, once = self._read
        files = reading.files
        seen = (f"{path} {stamp}" for path, stamp in files.stamps.items())
        return Description(
            dataset_id=dataset_name(self._folder.name),
            title=self._folder.name or "labelme",
            key_rule="path of the JSON relative to the folder",
            fingerprint=fingerprint_of([*seen, *self._splits()]),
            root=str(files.root),
            count=once.count,
            left_out=tuple(self._left_out(reading)),
        )

    def categories(self) -> Sequence[Category]:
        """The names of each labels.txt, then those that shapes add, as they appear."""
        reading, _ = self._read
        names = dict.fromkeys([*self._class_names, *reading.shapes.names])
        return [Category(name, name) for name in names]

    def batches(self, size: int, start: int = 0) -> Iterator[Batch]:
        """JSONs in order of split, then path."""
        return self._read[1].batches(size, start)

    @cached_property
    def _read(self) -> tuple[_Reading, ReadOnce]:
        faults = FaultList()
        files = files_below(self._folder, faults)
        reading = _Reading(files, faults)
        self._class_names = [
            line
            for path in files.stamps
            if posixpath.basename(path) == CLASS_NAMES
            for line in text_lines(files.root / path, path, faults)
        ]
        self._tops = self._top_splits(reading)
        once = ReadOnce(self._records(reading), reading.read)
        faults.raise_if_any("faults in the folder", self._path, "Correct these")
        if not once.count:
            what = "; ".join(("no JSON of Labelme", *self._left_out(reading)))
            raise SourceError(what, self._path, "Give the folder that Labelme wrote to")
        return reading, once

    def _records(self, reading: _Reading) -> Iterator[tuple[str, str]]:
        jsons = reading.files.ending(".json")
        for path in jsons:
            if self._tops and not in_a_split(path):
                reading.document(path)  # said to be of another kind, or a fault
        for split in self._splits():
            for path in jsons:
                if not self._tops or path.startswith(f"{split}/"):
                    yield split, path

    def _top_splits(self, reading: _Reading) -> list[str]:
        """The splits that are folders: JSONs beside them that are not Labelme's do not count."""
        jsons = reading.files.ending(".json")
        beside = [path for path in jsons if not in_a_split(path)]
        judge = _Reading(reading.files, FaultList())
        if len(beside) == len(jsons) or any(judge.document(path) for path in beside):
            return []
        return top_splits(filter(in_a_split, jsons))

    def _splits(self) -> list[str]:
        return chosen(self._tops or [NO_SPLIT], self._options.split, f"labelme:{self._path}")

    def _left_out(self, reading: _Reading) -> Iterator[str]:
        if strange := list(reading.strange):
            named = f"{counted(len(strange), 'JSON')} of another kind ({strange[0]} the first)"
            yield f"{named}: not read"
        if not self._tops:
            jsons = reading.files.ending(".json")
            yield from unsplit_said(path for path in jsons if path not in reading.strange)
        pictures = [path for path in reading.files.pictures() if path not in reading.used]
        yield from others_said(pictures, "picture", "without a JSON")
        known = (*PICTURES, ".json", CLASS_NAMES)
        yield from others_said(p for p in reading.files.stamps if not p.lower().endswith(known))
        yield from irregular_said(reading.files.irregular)
        for why, count in sorted(reading.shapes.unplaced.items()):
            yield f"{counted(count, 'shape')} {why}: kept without a place"


def open_source(rest: str, options: SourceOptions) -> Labelme:
    """The folder that `rest` names. Raises SourceError where it is none."""
    return Labelme(rest, options)
