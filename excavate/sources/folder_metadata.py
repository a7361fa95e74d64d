"""metadata.csv and metadata.jsonl beside the pictures: what they say of each, verbatim.

The convention is that of the Hub's image folders: a `file_name`, relative to the metadata file,
and any other columns. Nothing is parsed that need not be: '007' and '1.10' stay as written.
"""

from __future__ import annotations

import csv
import io
import json
import posixpath
from collections.abc import Callable, Iterable, Iterator
from json.decoder import WHITESPACE  # type: ignore[attr-defined]
from pathlib import Path
from typing import IO

from excavate.errors import FaultList
from excavate.sources.places import below, composed, is_text

NAMES = ("metadata.csv", "metadata.jsonl")
FILE = "file_name"

Cells = tuple[str | None, ...]
Opener = Callable[[str], IO[bytes]]  # a file by its name, relative to the root
Row = tuple[int, tuple[str, ...], Cells]  # line, columns, their values
_DECODER = json.JSONDecoder()


class Metadata:
    """What the metadata files of a folder say of its pictures. Memory: one tuple a row.

    A name that differs from the picture's in its Unicode form only is the picture's.
    """

    def __init__(self, opened: Opener, pictures: Iterable[str], faults: FaultList) -> None:
        self._opened, self._pictures, self._faults = opened, set(pictures), faults
        forms = ((composed(picture), picture) for picture in self._pictures)
        self._otherwise = {form: picture for form, picture in forms if form != picture}
        self._said: dict[str, tuple[str, int, tuple[str, ...], Cells]] = {}
        self._columns: dict[tuple[str, ...], tuple[str, ...]] = {}

    def read(self, name: str) -> None:
        """Read one metadata file, `name` relative to the root; faults are collected."""
        rows = _csv_rows if name.endswith(".csv") else _json_rows
        try:
            for line, columns, cells in rows(self._opened, name, self._faults):
                if FILE not in columns or not cells[columns.index(FILE)]:
                    self._faults.add(f"{name} line {line}", f"no {FILE}")
                else:
                    self._take(name, line, columns, cells)
        except OSError as error:
            self._faults.add(name, f"cannot be read ({error.strerror})")

    def of(self, picture: str) -> list[tuple[str, str | None, str]]:
        """(column, value, metadata file) of one picture, in the order of the columns."""
        if picture not in self._said:
            return []
        name, _, columns, cells = self._said[picture]
        said = zip(columns, cells, strict=True)
        return [(column, value, name) for column, value in said if column != FILE]

    def check(self) -> None:
        """Add a fault for each row whose file is not among the pictures."""
        for picture, (name, line, _, _) in self._said.items():
            if picture not in self._pictures:
                self._faults.add(f"{name} line {line}", f"no picture {picture}")

    def _take(self, name: str, line: int, columns: tuple[str, ...], cells: Cells) -> None:
        written = str(cells[columns.index(FILE)])
        inside = below(Path(), posixpath.join(posixpath.dirname(name), written))
        inside = inside and self._as_picture(inside)
        place = f"{name} line {line}"
        if inside is None:
            self._faults.add(place, f"{written!r} leaves the folder")
        elif inside in self._said:
            earlier, before, *_ = self._said[inside]
            self._faults.add(place, f"{written!r} again (first in {earlier} line {before})")
        else:
            self._said[inside] = (name, line, self._columns.setdefault(columns, columns), cells)

    def _as_picture(self, path: str) -> str:
        if path in self._pictures:
            return path
        form = composed(path)
        return form if form in self._pictures else self._otherwise.get(form, path)


def _csv_rows(opened: Opener, name: str, faults: FaultList) -> Iterator[Row]:
    with opened(name) as lines:
        text = io.TextIOWrapper(lines, encoding="utf-8-sig", newline="")
        reader = csv.reader(text, strict=True)
        try:
            columns = tuple(next(reader, []))
            if FILE not in columns or len(set(columns)) < len(columns):
                faults.add(f"{name} line 1", f"the columns need one {FILE}, each named once")
                return
            for cells in reader:
                if len(cells) == len(columns):
                    yield reader.line_num, columns, tuple(cells)
                elif cells:
                    wrong = f"{len(cells)} values for {len(columns)} columns"
                    faults.add(f"{name} line {reader.line_num}", wrong)
        except csv.Error as error:
            faults.add(f"{name} line {reader.line_num}", f"not CSV ({error})")
        except UnicodeDecodeError:
            faults.add(f"{name} line {_line_not_utf8(opened, name)}", "not UTF-8")


def _line_not_utf8(opened: Opener, name: str) -> int:
    with opened(name) as lines:
        return next(number for number, line in enumerate(lines, 1) if not _is_utf8(line))


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _json_rows(opened: Opener, name: str, faults: FaultList) -> Iterator[Row]:
    with opened(name) as lines:
        for number, line in enumerate(lines, 1):
            if not _is_utf8(line):
                faults.add(f"{name} line {number}", "not UTF-8")
                continue
            text = line.decode("utf-8-sig" if number == 1 else "utf-8").strip()
            try:
                fields = verbatim_fields(text) if text else []
            except ValueError as error:
                faults.add(f"{name} line {number}", f"not a JSON object ({error})")
                continue
            if fields:
                names, cells = zip(*fields, strict=True)
                yield number, names, cells


def verbatim_fields(text: str) -> list[tuple[str, str | None]]:
    """The fields of one JSON object: strings decoded, null kept, all else as it is written.

    Raises ValueError for what is not one object, and for a field named twice.
    """
    if not is_text(json.dumps(json.loads(text), ensure_ascii=False)):
        raise ValueError("half of a surrogate pair")
    if not text.startswith("{"):
        raise ValueError("it starts with no brace")
    fields: dict[str, str | None] = {}
    at = _skip(text, 1)
    while text[at] != "}":
        name, at = _DECODER.raw_decode(text, at)
        start = _skip(text, _skip(text, at) + 1)
        value, end = _DECODER.raw_decode(text, start)
        if name in fields:
            raise ValueError(f"{name!r} twice")
        fields[name] = value if value is None or isinstance(value, str) else text[start:end]
        at = _skip(text, end)
        at = _skip(text, at + 1) if text[at] == "," else at
    return list(fields.items())


def _skip(text: str, at: int) -> int:
    return int(WHITESPACE.match(text, at).end())
