"""Parquet files before their rows are read: which a glob matches, what their footers say."""

from __future__ import annotations

import glob
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from excavate.errors import FaultList, SourceError
from excavate.model import NO_SPLIT
from excavate.sources.places import below, is_address, stamp
from excavate.sources.splits import is_split

SHARD = re.compile(r"(\w+(?:\.\w+)*)-\d{5}-of-\d{5}")
FIRST, LAST = b"PAR1", 8  # the magic; the bytes after the footer, its length and the magic again


@dataclass(frozen=True, slots=True)
class ParquetFile:
    """A file whose footer was read: its rows, and what tells it from a later version."""

    path: Path
    rows: int
    footer: bytes
    seen: str
    schema: pa.Schema
    row_bytes: int  # of a row in the heaviest row group, on average


def matching(pattern: str) -> list[Path]:
    """The files of a glob, `~` and `**` too, sorted by path. Raises SourceError if none."""
    place = Path(pattern).expanduser()
    if place.is_dir():
        raise SourceError("this is a folder", pattern, f"Write parquet:{pattern}/*.parquet")
    found = [str(place)] if place.is_file() else glob.glob(str(place), recursive=True)  # noqa: PTH207
    files = sorted({path for path in map(Path, found) if path.is_file()})
    if not files:
        todo = "Check the path, and put the glob in quotation marks"
        raise SourceError("no file matches", pattern, todo)
    chained = [str(file) for file in files if "::" in str(file)]
    if chained:
        raise SourceError("'::' in a path means a file inside of a file", chained[0], "Rename it")
    return sorted(file.absolute().parent.resolve() / file.name for file in files)


def split_of(path: PurePath) -> str:
    """The split that a file's path (below the common folder) tells, by the hub's habits."""
    shard = SHARD.match(path.name)
    if shard:
        return shard[1]
    words = [*re.split(r"[\W_]+", path.stem), *reversed(path.parent.parts)]
    return next((word for word in words if is_split(word)), NO_SPLIT)


def opened(paths: Sequence[Path], where: str) -> list[ParquetFile]:
    """Read every footer. Raises one SourceError with all files that are no Parquet or differ."""
    faults = FaultList()
    files = list(_read(paths, faults))
    for file in files[1:]:
        difference = _difference(files[0].schema, file.schema)
        if difference:
            faults.add(str(file.path), f"{difference} as in {files[0].path.name}")
    faults.raise_if_any("files that cannot be dug together", where, "Mend or leave these out")
    if not any(file.rows for file in files):
        raise SourceError("no rows in any file", where)
    return files


def refuse_paths_outside(files: Sequence[ParquetFile], root: Path, where: str) -> None:
    """Raise one SourceError with every row that names a picture outside of the root.

    Rows that hold the bytes need no path; the paths are read only where some do not.
    """
    faults = FaultList()
    for file in files:
        for column in _picture_columns(file.schema):
            for row, path in _rows_outside(file, column, root):
                faults.add(f"{file.path.name} {column}:{row}", f"{path!r} leaves the folder")
    faults.raise_if_any("pictures outside of the folder", where, "Correct the paths")


def _picture_columns(schema: pa.Schema) -> list[str]:
    structs = (field for field in schema if pa.types.is_struct(field.type))
    return [f.name for f in structs if {child.name for child in f.type} == {"bytes", "path"}]


def _rows_outside(file: ParquetFile, column: str, root: Path) -> Iterator[tuple[int, str]]:
    with pq.ParquetFile(file.path) as parquet:
        first = 0
        for group in range(parquet.num_row_groups):
            rows = parquet.metadata.row_group(group)
            if not _holds_all(rows, f"{column}.bytes"):
                table = parquet.read_row_group(group, columns=[column])
                for row, cell in enumerate(table[column].to_pylist()):
                    path = cell["path"] if cell and cell["bytes"] is None else None
                    if path and not is_address(path) and below(root, path) is None:
                        yield first + row, path
            first += rows.num_rows


def _holds_all(rows: pq.RowGroupMetaData, leaf: str) -> bool:
    """Whether the footer says that no row of the group lacks the bytes."""
    chunks = (rows.column(number) for number in range(rows.num_columns))
    seen = next((chunk.statistics for chunk in chunks if chunk.path_in_schema == leaf), None)
    return bool(seen and seen.has_null_count and seen.null_count == 0)


def _read(paths: Sequence[Path], faults: FaultList) -> Iterator[ParquetFile]:
    for path in paths:
        try:
            footer = pq.read_metadata(path)
            schema = footer.schema.to_arrow_schema()
            heavy = _row_bytes(footer)
            yield ParquetFile(path, footer.num_rows, _footer(path), stamp(path), schema, heavy)
        except (pa.ArrowException, OSError, ValueError) as error:
            faults.add(str(path), _why(path, error))


def _row_bytes(footer: pq.FileMetaData) -> int:
    groups = (footer.row_group(number) for number in range(footer.num_row_groups))
    return max((g.total_byte_size // max(g.num_rows, 1) for g in groups), default=0)


def _why(path: Path, error: Exception) -> str:
    try:
        with open(path, "rb") as file:
            begins = file.read(4)
    except OSError as unreadable:
        return f"cannot be opened ({unreadable.strerror})"
    if not begins:
        return "empty"
    if begins != FIRST:
        return "not Parquet"
    return f"cut off or damaged ({str(error).splitlines()[0]})"


def _footer(path: Path) -> bytes:
    with open(path, "rb") as file:
        file.seek(-LAST, 2)
        length = int.from_bytes(file.read(4), "little")
        file.seek(-LAST - length, 2)
        return file.read(length)


def _difference(first: pa.Schema, other: pa.Schema) -> str | None:
    for name in [*first.names, *other.names]:
        if name not in first.names or name not in other.names:
            return f"column {name!r} is not in both"
        if first.field(name).type != other.field(name).type:
            kinds = f"{other.field(name).type}, not {first.field(name).type}"
            return f"column {name!r} is {kinds}"
        if _features(first).get(name) != _features(other).get(name):
            return f"column {name!r} has not the same feature (its classes, say)"
    return None


def _features(schema: pa.Schema) -> dict[str, Any]:
    try:
        said = json.loads((schema.metadata or {}).get(b"huggingface", b"{}"))
        return dict(said["info"]["features"])
    except (ValueError, KeyError, TypeError):
        return {}
