"""A CSV read strictly, line by line: slow, but it knows what is wrong and where.

Arrow reads ten times as fast and says less; this reader is asked where Arrow stumbles.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from excavate.errors import FaultList
from excavate.sources.csv_plan import LARGE, Form
from excavate.sources.places import is_text

CsvRow = tuple[int, list[str]]  # the line it begins on, its fields
ZIP, UTF_16 = b"PK\x03\x04", (b"\xff\xfe", b"\xfe\xff")
PACKED = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zX": "xz", b"(\xb5/\xfd": "zstd"}
SIGNS = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "bars"}
SAVE = 'save it as "CSV UTF-8"'


def header(file: Path, form: Form, faults: FaultList) -> list[str] | None:
    """The names of the columns; None, with the faults told, where there are none."""
    begins = _first_bytes(file)
    if not begins:
        faults.add(file.name, "empty")
    elif begins == ZIP:
        faults.add(file.name, f"an Excel file or another archive: {SAVE}")
    elif packer := next((word for sign, word in PACKED.items() if begins.startswith(sign)), None):
        faults.add(file.name, f"packed by {packer}: unpack it")
    elif begins.startswith(UTF_16) and not form.encoding.startswith("utf-16"):
        faults.add(f"{file.name} line 1", f"UTF-16: {SAVE}, or give encoding=utf-16")
    else:
        return _names(file, form, faults)
    return None


def rows(file: Path, form: Form, faults: FaultList) -> Iterator[CsvRow]:
    """Every row of the file with its line, the header first; all that is no CSV is a fault."""
    odd: list[int] = []
    encoding = "utf-8-sig" if form.is_utf8 else form.encoding
    with open(file, encoding=encoding, errors="surrogateescape", newline="") as lines:
        reader = csv.reader(_watched(lines, odd), delimiter=form.separator, strict=True)
        begins = 1
        try:
            while (cells := _next(reader)) is not None:
                yield begins, cells
                begins = reader.line_num + 1
        except csv.Error as error:
            faults.add(f"{file.name} line {begins}", f"not CSV ({error})")
    if odd:
        more = f", nor are {len(odd) - 1:,} later lines" if len(odd) > 1 else ""
        other = "cp949" if form.is_utf8 else "utf-8"
        what = f"not {form.encoding.upper()}{more}: give encoding={other}, or another"
        faults.add(f"{file.name} line {odd[0]}", what)


def _next(reader: Iterator[list[str]]) -> list[str] | None:
    """The next row. The csv module's limit is everyone's: it is raised for this row alone."""
    before = csv.field_size_limit(4 * LARGE)
    try:
        return next(reader, None)
    finally:
        csv.field_size_limit(before)


def rows_of_length(file: Path, form: Form, width: int, faults: FaultList) -> Iterator[CsvRow]:
    """The rows below the header that have as many cells; the others are faults."""
    below_header = rows(file, form, faults)
    next(below_header, None)
    for line, cells in below_header:
        if len(cells) == width:
            yield line, cells
        elif cells:  # an empty line says nothing
            faults.add(f"{file.name} line {line}", f"{len(cells)} values for {width} columns")


def _first_bytes(file: Path) -> bytes:
    with open(file, "rb") as begun:
        return begun.read(4)


def _names(file: Path, form: Form, faults: FaultList) -> list[str] | None:
    names = next(rows(file, form, faults), (1, []))[1]
    place, before = f"{file.name} line 1", faults.count
    if not names:
        faults.add(place, "no header: the line is empty")
    if not all(map(is_text, names)):
        faults.add(place, f"not {form.encoding.upper()}: give another encoding=")
    for number, name in enumerate(names, 1):
        if not name.strip():
            faults.add(place, f"column {number} has no name")
    for name, count in Counter(names).items():
        if count > 1 and name.strip():
            faults.add(place, f"{count} columns are named {name!r}")
    others = [word for sign, word in SIGNS.items() if len(names) == 1 and sign in names[0]]
    if others:
        faults.add(place, f"separated by {others[0]}? Give separator=: the header is {names[0]!r}")
    return names if faults.count == before else None


def _watched(lines: Iterable[str], odd: list[int]) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        if not is_text(line):
            odd.append(number)
        yield line
