"""`parquet:GLOB`: Parquet files as the Hugging Face hub serves them, or plain ones.

The key is the row number within its split, in the order of the files' names. Splits are told by
the files' names as on the hub: `train-00000-of-00001.parquet`, `val.parquet`, `test/0000.parquet`;
else there is one, `all`. A picture's original is `COLUMN:ROW` of its file, so it can be opened
again; where the file is a link (as in the hub's cache), the original is what it leads to, while
names and splits are told by the link. Columns are read as hub_features says. Memory: some rows.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from excavate.errors import SourceError
from excavate.model import Batch, Category, Description, SourceOptions
from excavate.sources.hub_reading import StreamedSplit, StreamedSplits, streamed_parquet
from excavate.sources.parquet_files import (
    ParquetFile,
    matching,
    opened,
    refuse_paths_outside,
    split_of,
)
from excavate.sources.parquet_rows import rows_of, rows_together
from excavate.sources.places import below, dataset_name, fingerprint_of, is_address
from excavate.sources.splits import chosen, in_order, is_split


class Parquet:
    """The Parquet files that a glob matches. Their footers are read at the first question."""

    def __init__(self, pattern: str, options: SourceOptions) -> None:
        self._pattern, self._options = pattern, options
        self._paths = matching(pattern)
        self.root = _common(path.resolve() for path in self._paths)
        self._given = given = _common(self._paths)
        folders = (folder for folder in (given, *given.parents) if not _generic(folder))
        self._title = next(folders, given).name
        self._dataset = dataset_name(self._title)

    def describe(self) -> Description:
        """Name, root and count. Raises SourceError with every file that cannot be read."""
        files = [file for split in self._read for file in self._files[split]]
        return Description(
            dataset_id=self._dataset,
            title=self._title or self._dataset,
            key_rule="row number within the split, in the order of the files' names",
            fingerprint=fingerprint_of(
                part for file in files for part in (self._path(file), file.seen, file.footer)
            ),
            root=str(self.root),
            count=sum(file.rows for file in files),
        )

    def categories(self) -> Sequence[Category]:
        """The classes that the files' features declare; none for plain Parquet."""
        return self._streamed.categories()

    def batches(self, size: int, start: int = 0) -> Iterator[Batch]:
        """Rows in order. Raises SourceError where a file's pages cannot be read."""
        try:
            yield from self._streamed.batches(size, start)
        except (pa.ArrowException, OSError) as error:
            todo = "Fetch or write the file again"
            raise SourceError(_line("a row", error), self._pattern, todo) from error

    @cached_property
    def _files(self) -> dict[str, list[ParquetFile]]:
        splits: dict[str, list[ParquetFile]] = {}
        files = opened(self._paths, self._pattern)
        refuse_paths_outside(files, self.root, self._pattern)
        for file in files:
            splits.setdefault(split_of(file.path.relative_to(self._given)), []).append(file)
        return splits

    @cached_property
    def _read(self) -> list[str]:
        return chosen(in_order(self._files), self._options.split, self._pattern)

    @cached_property
    def _streamed(self) -> StreamedSplits:
        # numbered names: `datasets` reads a meaning into some, such as "all"
        paths = {
            f"split{n}": [str(file.path) for file in self._files[split]]
            for n, split in enumerate(self._read)
        }
        try:
            streams = streamed_parquet(paths)
            named = (self._split(name, streams[f"split{n}"]) for n, name in enumerate(self._read))
            return StreamedSplits(list(named), self._dataset)
        except (ValueError, TypeError, NotImplementedError, OSError) as error:
            todo = "Write that column in another type"
            raise SourceError(_line("a column", error), self._pattern, todo) from error

    def _split(self, name: str, stream: Any) -> StreamedSplit:
        files = self._files[name]

        def place(row: int, content: pa.Array, paths: pa.Array) -> dict[str, pa.Array]:
            column = str(self._streamed.roles.picture)
            return self._places(files, column, row, content, paths)

        def rows(skipped: int, size: int) -> Iterator[pa.Table]:
            return rows_of(files, stream.features, skipped, rows_together(files, size))

        return StreamedSplit(name, stream, sum(file.rows for file in files), place, rows=rows)

    def _places(
        self,
        files: list[ParquetFile],
        column: str,
        row: int,
        content: pa.Array,
        paths: pa.Array,
    ) -> dict[str, pa.Array]:
        """The item columns path and part: in the Parquet file, or the file that a row names."""
        starts = np.array([*accumulate((file.rows for file in files), initial=0)])
        rows = np.arange(row, row + len(content))
        number = np.searchsorted(starts, rows, side="right") - 1
        names = pa.array([self._path(file) for file in files])
        local = pa.array(rows - starts[number]).cast(pa.string())
        found = {
            "path": names.take(pa.array(number)),
            "part": pc.binary_join_element_wise(column, local, ":"),
        }
        if not content.null_count:
            return found
        return _where_not_held(found, pc.is_valid(content), paths.to_pylist(), self.root)

    def _path(self, file: ParquetFile) -> str:
        """Where the file itself lies; a link may lead to it from outside of the root."""
        return file.path.resolve().relative_to(self.root).as_posix()


def _common(files: Iterable[Path]) -> Path:
    return Path(os.path.commonpath([file.parent for file in files]))


def _generic(folder: Path) -> bool:
    """Whether a folder's name says nothing of the dataset (hub/mnist/data/train)."""
    return folder.name in ("data", "default") or is_split(folder.name)


def _line(what: str, error: Exception) -> str:
    first = (str(error).splitlines() or [type(error).__name__])[0]
    return f"{what} cannot be read ({first.rstrip('.')})"


def _where_not_held(
    found: dict[str, pa.Array], held: pa.Array, paths: list[str | None], root: Path
) -> dict[str, pa.Array]:
    """Where a row has no bytes, its path is a file below the root, or an address of the web."""
    files = [None if path is None or is_address(path) else below(root, path) for path in paths]
    addresses = [path if path and is_address(path) else None for path in paths]
    placed = {
        "path": pc.if_else(held, found["path"], pa.array(files, pa.string())),
        "part": pc.if_else(held, found["part"], pa.scalar(None, pa.string())),
    }
    said = pa.array(addresses, pa.string())
    return placed if said.null_count == len(said) else {**placed, "source_url": said}


def open_source(rest: str, options: SourceOptions) -> Parquet:
    """The Parquet files that the glob `rest` matches. Raises SourceError where none does."""
    return Parquet(rest, options)
