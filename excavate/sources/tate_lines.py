"""The files of Tate's collection, a line at a time, packed or not, none of them without end."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

from excavate.errors import FaultList

MOST = 64 * 2**20  # bytes of one record: a small file can unpack to a line of many gigabytes
BROKEN = (OSError, EOFError, zlib.error)
AHEAD = 2**16  # bytes unpacked at a time
MARK = b"\xef\xbb\xbf"


def lines_of(file: Path, faults: FaultList) -> Iterator[tuple[str, bytes]]:
    """(where it stands, bytes) of each line. What cannot be read ends it, with a fault."""
    number, name = 0, file.name
    try:
        with _opened(file) as opened:
            for number, line in enumerate(iter(partial(opened.readline, MOST + 1), b""), 1):
                place = f"{name} line {number}"
                if len(line) > MOST:
                    faults.add(place, f"more than the {MOST:,} bytes allowed in a line")
                    return
                yield place, line.removeprefix(MARK) if number == 1 else line
    except BROKEN as error:
        faults.add(f"{name} after line {number}", f"cannot be read ({error})")


def texts_of(file: Path, faults: FaultList) -> Iterator[tuple[str, str]]:
    """The same as text; a line that is no UTF-8 is a fault, and its bytes are shown as such."""
    for place, line in lines_of(file, faults):
        try:
            yield place, line.decode()
        except UnicodeDecodeError as error:
            faults.add(
                place, f"not UTF-8 (byte {line[error.start]:#04x} is number {error.start + 1})"
            )
            yield place, line.decode(errors="backslashreplace")


def content_of(file: Path, place: str, faults: FaultList) -> bytes | None:
    """The bytes of a file that is one record; None with a fault told."""
    try:
        with open(file, "rb") as opened:
            content = opened.read(MOST + 1)
    except OSError as error:
        faults.add(place, f"cannot be read ({error.strerror})")
        return None
    if len(content) > MOST:
        faults.add(place, f"more than the {MOST:,} bytes allowed in a record")
        return None
    return content.removeprefix(MARK)


def _opened(file: Path) -> BinaryIO:
    if file.suffix != ".gz":
        return open(file, "rb")
    return cast(BinaryIO, io.BufferedReader(gzip.GzipFile(file), AHEAD))  # its own lines are slow
