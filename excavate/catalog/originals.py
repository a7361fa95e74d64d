"""Originals: the source's own bytes of a picture, wherever they lie under the dataset's root.

An original is a file (`path`), a member of a zip (`path` + `part`), a cell of a Parquet file
(`path` + `part` = COLUMN:ROW) or base64 in a field of a JSON (`path` + `part` = its name).
Nothing outside the root is ever opened.
"""

from __future__ import annotations

import base64
import json
import threading
import zipfile
import zlib
from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

from excavate.sources.clips import ClipError, Reader
from excavate.sources.tar_members import TarError, TarFile, is_tar

BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, TarError, ClipError)
MOST_BYTES = 512 * 2**20  # a larger file is no picture that a workshop looks at


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
        try:
            if part is None:
                _refuse_huge(file.stat().st_size, path)
                return file.read_bytes()
            with self._lock:  # a zip and a row group are read through one open handle
                return self._read_part(file, part)
        except FileNotFoundError as error:
            raise OriginalError(f"no file {path}") from error
        except (OSError, LookupError, ValueError, RuntimeError, *BROKEN) as error:
            raise OriginalError(f"{path} {part or ''}: {error}".strip()) from error

    def locate(self, path: str) -> Path:
        """The file of a relative path. Raises OriginalError if it would leave the root."""
        if self.root is None:
            raise OriginalError("the dataset has no root folder")
        file = (self.root / path).resolve()
        if not file.is_relative_to(self.root):
            raise OriginalError(f"{path} leaves the root folder")
        return file

    def _read_part(self, file: Path, part: str) -> bytes:
        if file.suffix.lower() == ".zip":
            archive = self._zip(file)
            _refuse_huge(archive.getinfo(part).file_size, part)
            return archive.read(part)
        if file.suffix.lower() == ".json":
            return _inside_json(file, part)
        if is_tar(file.name):
            offset, size, _ = part.split(":", 2)
            return self._tar(file).content(int(offset), int(size))
        if part.startswith("pts:"):
            return self._clip(file).bmp(int(part.removeprefix("pts:")))
        column, _, row = part.rpartition(":")
        starts = _row_group_starts(file)
        group = bisect_right(starts, int(row)) - 1
        cell = self._row_group(file, group, column)[int(row) - starts[group]]
        if cell is None:
            raise OriginalError(f"{file.name} {part} is empty")
        return bytes(cell)


def _inside_json(file: Path, field: str) -> bytes:
    """What a field of a JSON holds in base64, as Labelme keeps pictures."""
    _refuse_huge(file.stat().st_size, file.name)
    document = json.loads(file.read_bytes())
    return base64.b64decode(str(document[field]) if isinstance(document, dict) else "")


def _refuse_huge(size: int, name: str) -> None:
    if size > MOST_BYTES:
        raise OriginalError(f"{name} has {size:,} bytes, more than the {MOST_BYTES:,} allowed")


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
