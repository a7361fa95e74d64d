"""Reading splits that `datasets` streams, whatever they were before: Parquet here, or the Hub.

Shared by `parquet:` and `hf:`. Nothing is decoded; a batch of Arrow columns goes in, a Batch
comes out, of at most MOST_BYTES of pictures (see cutting). Memory: a few batches; of the hub's
Parquet and of other formats, also what `datasets` holds of a shard (a row group).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from excavate.errors import SourceError
from excavate.model import (
    ATTRIBUTE_COLUMNS,
    ITEM_COLUMNS,
    LABEL_COLUMNS,
    REGION_COLUMNS,
    Batch,
    Category,
)
from excavate.sources import hub_columns
from excavate.sources.cutting import cut, lengths
from excavate.sources.hub_features import Roles, roles_of, to_peek
from excavate.sources.rights import rights_columns

PEEK = 16  # rows of a look ahead
HUB_ROWS = 32  # read at once where nothing says how large they are
# (first row, pictures' bytes, pictures' paths) -> the item columns path, part, source_url
Placing = Callable[[int, pa.Array, pa.Array], dict[str, pa.Array]]


@dataclass(frozen=True, slots=True)
class StreamedSplit:
    """One split: its stream, how many rows where that is certain, where its pictures lie."""

    name: str
    stream: Any  # datasets.IterableDataset
    count: int | None = None
    place: Placing | None = None
    fetch: Callable[[pa.Array], pa.Array] | None = None  # {bytes, path}: fills in the bytes
    # (rows left out, most rows at once): its tables, where they are not read from the stream
    rows: Callable[[int, int], Iterator[pa.Table]] | None = None

    def tables(self, skipped: int, size: int) -> Iterator[pa.Table]:
        """Tables of at most `size` rows, from row `skipped` on."""
        if self.rows:
            return self.rows(skipped, size)
        stream = self.stream.skip(skipped) if skipped else self.stream
        tables: Iterator[pa.Table] = stream.with_format("arrow").iter(
            batch_size=min(size, HUB_ROWS)
        )
        return tables


class _Rows:
    """Tables of a split from row `skipped` on, `left` rows after it left out too.

    The first are passed over where they lie, the others read: `left` says how many still are to
    be left out when the split has ended.
    """

    def __init__(self, split: StreamedSplit, skipped: int, left: int, size: int) -> None:
        self._tables = split.tables(skipped, size)
        self.left = left

    def __iter__(self) -> Iterator[pa.Table]:
        for table in self._tables:
            passed = min(self.left, table.num_rows)
            self.left -= passed
            if passed < table.num_rows:
                yield table.slice(passed)


class StreamedSplits:
    """Splits with the same features, read one after the other; the key is the row number."""

    def __init__(self, splits: Sequence[StreamedSplit], dataset: str) -> None:
        self._dataset = dataset
        self._splits = [_undecoded(split) for split in splits]
        first = self._splits[0]
        features = _features(first.stream)
        self.roles: Roles = roles_of(features, _first_values(first, to_peek(features)))

    def categories(self) -> Sequence[Category]:
        """The classes that the features declare."""
        return self.roles.categories()

    def batches(self, size: int, start: int = 0) -> Iterator[Batch]:
        """Batches of at most `size` rows, none across two splits, from item `start` on."""
        for split in self._splits:
            if split.count is not None and start >= split.count:
                start -= split.count
                continue
            last = split is self._splits[-1]
            skipped = start if last or split.count is not None else 0
            start -= skipped
            rows = _Rows(split, skipped, start, size)
            row = skipped + start
            tables = (self._with_bytes(split, table) for table in rows)
            for table in cut(tables, self._weights, size):
                yield self._batch(split, table, row)
                row += table.num_rows
            start = rows.left  # lies in the next split

    def _with_bytes(self, split: StreamedSplit, table: pa.Table) -> pa.Table:
        name = self.roles.picture
        if name is None or split.fetch is None or not pa.types.is_struct(table[name].type):
            return table
        number = table.column_names.index(name)
        return table.set_column(number, table.field(number), split.fetch(_whole(table[name])))

    def _weights(self, table: pa.Table) -> list[int]:
        name = self.roles.picture
        return lengths(_whole(table[name])) if name else [0] * table.num_rows

    def _batch(self, split: StreamedSplit, table: pa.Table, row: int) -> Batch:
        plain = {name: _whole(table[name]) for name in table.column_names}
        pictures = plain.get(self.roles.picture or "")
        objects = [
            hub_columns.objects(plain[name], read_as, name)
            for name, read_as in self.roles.objects.items()
        ]
        labels = [*self._labels(plain), *(piece.labels for piece in objects)]
        regions = [piece.regions for piece in objects]
        said = self._attributes(plain, pictures)
        return Batch(
            self._items(split, plain, pictures, row, table.num_rows),
            hub_columns.joined(labels, LABEL_COLUMNS),
            hub_columns.joined(regions, REGION_COLUMNS),
            hub_columns.joined(said, ATTRIBUTE_COLUMNS),
        )

    def _labels(self, plain: dict[str, pa.Array]) -> Iterator[pa.Table]:
        for name in self.roles.columns:
            if name in self.roles.classes:
                yield hub_columns.class_labels(name, plain[name], self.roles.classes[name])
            elif name in self.roles.words:
                yield hub_columns.word_labels(name, plain[name])

    def _attributes(
        self, plain: dict[str, pa.Array], pictures: pa.Array | None
    ) -> Iterator[pa.Table]:
        if pictures is not None and pa.types.is_struct(pictures.type):
            paths = pc.struct_field(pictures, "path")
            name = f"{self.roles.picture}.path"
            yield hub_columns.attributes_where_said(name, paths, self._dataset)
        for name in self.roles.attributes:
            yield hub_columns.attributes(name, plain[name], self._dataset)

    def _items(
        self,
        split: StreamedSplit,
        plain: dict[str, pa.Array],
        pictures: pa.Array | None,
        row: int,
        count: int,
    ) -> pa.Table:
        content, paths = _bytes_and_paths(pictures, count)
        columns = {
            "key": pa.array(np.arange(row, row + count)).cast(pa.string()),
            "split": pa.repeat(split.name, count),
            "content": content,
        }
        for column, name in rights_columns(self.roles.attributes).items():
            columns[column] = hub_columns.texts(plain[name])
        if split.place:
            columns |= split.place(row, content, paths)
        arrays = [columns.get(f.name, pa.nulls(count, f.type)).cast(f.type) for f in ITEM_COLUMNS]
        return pa.Table.from_arrays(arrays, schema=ITEM_COLUMNS)


def streaming() -> Any:
    """The `datasets` module, quiet: no progress bars, no log, no telemetry, no torch.

    What it logs of a file that cannot be read, our own error says. It would import torch, two
    seconds of work, only to share a counter between loaders.
    """
    import datasets
    from huggingface_hub import constants

    constants.HF_HUB_DISABLE_TELEMETRY = True
    datasets.disable_progress_bars()
    datasets.logging.set_verbosity(datasets.logging.CRITICAL)
    datasets.config.TORCH_AVAILABLE = False
    datasets.config.HF_UPDATE_DOWNLOAD_COUNTS = False
    return datasets


def streamed_parquet(paths: dict[str, list[str]]) -> Any:
    """Streams of local Parquet files by split. The paths are taken as they are, not as globs."""
    datasets = streaming()
    from datasets.data_files import DataFilesDict, DataFilesList

    seen = {name: [(path,) for path in files] for name, files in paths.items()}
    files = DataFilesDict({n: DataFilesList(paths[n], seen[n]) for n in paths})
    with TemporaryDirectory() as passing:  # for a lock file, which is all that is ever in it
        asked = {"data_files": files, "streaming": True, "cache_dir": passing}
        return datasets.load_dataset("parquet", **asked)


def streamed_hub(name: str, config: str | None, revision: str) -> Any:
    """Streams of the hub's dataset at one commit, by split. Raises what `datasets` raises.

    Of Parquet, Arrow would keep every row group that it has read until the end of the file.
    """
    from pyarrow.dataset import ParquetFragmentScanOptions

    builder = streaming().load_dataset_builder(name, config, revision=revision)
    if hasattr(builder.config, "fragment_scan_options"):
        builder.config.fragment_scan_options = ParquetFragmentScanOptions(pre_buffer=False)
        builder.config.batch_size = HUB_ROWS
    return builder.as_streaming_dataset()


def _undecoded(split: StreamedSplit) -> StreamedSplit:
    """Resolve the features where a format only shows them by its rows, and decode nothing."""
    stream = split.stream
    if stream.features is None:
        stream = stream._resolve_features()
    return replace(split, stream=stream.decode(False))


def _features(stream: Any) -> Any:
    if not stream.features:
        raise SourceError("a dataset without columns", str(stream))
    return stream.features


def _first_values(split: StreamedSplit, names: list[str]) -> dict[str, Any]:
    """The first value that is not null of each column, to see whether it is a picture."""
    found: dict[str, Any] = {}
    if not names:
        return found
    for table in split.tables(0, PEEK):
        for name in [name for name in names if name not in found]:
            said = [value for value in _whole(table[name]).to_pylist() if _said(value)]
            if said:
                found[name] = said[0]
        if len(found) == len(names):
            break
    return found


def _said(value: Any) -> bool:
    return value.get("bytes") is not None if isinstance(value, dict) else value is not None


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _bytes_and_paths(pictures: pa.Array | None, count: int) -> tuple[pa.Array, pa.Array]:
    if pictures is None:
        return pa.nulls(count, pa.binary()), pa.nulls(count, pa.string())
    if not pa.types.is_struct(pictures.type):
        return pictures.cast(pa.binary()), pa.nulls(count, pa.string())
    return pc.struct_field(pictures, "bytes").cast(pa.binary()), pc.struct_field(pictures, "path")
