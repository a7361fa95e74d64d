"""Originals: the source's own bytes of a picture, wherever they lie under the dataset's root.

An original is a file (`path`), or lies inside of one: `part` is a member of a zip, OFFSET:SIZE:NAME
of a tar, pts:TIME of a clip, COLUMN:ROW of a Parquet file, or the field of a JSON that holds it in
base64. What a file is, its ending says, or its first bytes where it has none (the hub's cache
calls files by their hash). Nothing outside the root is ever opened, and nothing but files.
"""

from __future__ import annotations

import base64
import json
import re
import threading
import zipfile
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

from excavate.sources.clips import ENDINGS as CLIPS
from excavate.sources.clips import ClipError, Reader
from excavate.sources.file_stores import BROKEN, FileError, refuse_huge
from excavate.sources.tar_members import TarError, TarFile, is_tar

UNREADABLE = (*BROKEN, LookupError, ValueError, FileError, TarError, ClipError)
MAGIC = {b"PK\x03\x04": "zip", b"PAR1": "parquet"}
IN_A_TAR = re.compile(r"\d+:\d+:")


class OriginalError(Exception):
    """An original cannot be had; `str()` says why. Where people meet it, it is a fault row."""


class Originals:
    """Reads originals below one root. Safe to share between threads."""

    def __init__(self, root: Path | None) -> None:
        self.root = root.resolve() if root else None
        self._lock = threading.Lock()
        self._row_group = lru_cache(maxsize=2)(_read_row_group)
        self._zip = lru_cache(maxsize=4)(zipfile.ZipFile)
        self._tar = lru_cache(maxsize=4)(TarFile)
        self._clip = lru_cache(maxsize=2)(Reader)

    def read(self, path: str, part: str | None = None) -> bytes:
        """The bytes of one original. Raises OriginalError where they cannot be had."""
        file = self.locate(path)
        if not file.is_file():  # a pipe would be waited for without an end
            raise OriginalError(f"{path} is no file" if file.exists() else f"no file {path}")
        try:
            if part is None:
                refuse_huge(file.stat().st_size)
                return file.read_bytes()
            with self._lock:  # a zip and a row group are read through one open handle
                return self._read_part(file, part)
        except UNREADABLE as error:
            place = path if part is None else f"{path} {part}"
            raise OriginalError(f"{place}: {str(error) or 'ends early'}") from error

    def locate(self, path: str) -> Path:
        """The file of a relative path. Raises OriginalError if it would leave the root."""
        if self.root is None:
            raise OriginalError("the dataset has no root folder")
        file = (self.root / path).resolve()
        if not file.is_relative_to(self.root):
            raise OriginalError(f"{path} leaves the root folder")
        return file

    def _read_part(self, file: Path, part: str) -> bytes:
        kind = _kind(file, part)
        if kind == "zip":
            archive = self._zip(file)
            refuse_huge(archive.getinfo(part).file_size)
            return archive.read(part)
        if kind == "json":
            return _inside_json(file, part)
        if kind == "tar":
            offset, size, _ = part.split(":", 2)
            return self._tar(file).content(int(offset), int(size))
        if kind == "clip":
            return self._clip(file).bmp(int(part.removeprefix("pts:")))
        return self._cell(file, part)

    def _cell(self, file: Path, part: str) -> bytes:
        column, _, row = part.rpartition(":")
        starts = _row_group_starts(file)
        group = bisect_right(starts, int(row)) - 1
        cell = self._row_group(file, group, column)[int(row) - starts[group]]
        if cell is None:
            raise OriginalError(f"{file.name} {part} is empty")
        return bytes(cell)


def _kind(file: Path, part: str) -> str:
    """zip, json, tar, clip or parquet."""
    ending = file.suffix.lower()
    if ending in (".zip", ".json", ".parquet"):
        return ending[1:]
    if is_tar(file.name) or ending in CLIPS:
        return "tar" if is_tar(file.name) else "clip"
    with file.open("rb") as content:
        known = MAGIC.get(content.read(4))
    if known:
        return known
    if IN_A_TAR.match(part):
        return "tar"
    return "clip" if part.startswith("pts:") else "parquet"


def _inside_json(file: Path, field: str) -> bytes:
    """What a field of a JSON holds in base64, as Labelme keeps pictures."""
    refuse_huge(file.stat().st_size)
    document = json.loads(file.read_bytes())
    return base64.b64decode(str(document[field]) if isinstance(document, dict) else "")


@lru_cache(maxsize=16)
def _row_group_starts(file: Path) -> list[int]:
    import pyarrow.parquet as pq

    footer = pq.read_metadata(file)
    sizes = [footer.row_group(g).num_rows for g in range(footer.num_row_groups)]
    return list(accumulate(sizes, initial=0))[:-1] or [0]


def _read_row_group(file: Path, group: int, column: str) -> list[bytes | None]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetFile(file) as parquet:
        cells = parquet.read_row_group(group, columns=[column]).column(0).combine_chunks()
    if pa.types.is_struct(cells.type):
        cells = cells.field("bytes")
    found: list[bytes | None] = cells.to_pylist()
    return found
