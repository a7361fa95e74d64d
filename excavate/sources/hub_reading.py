"""Reading splits that `datasets` streams, whatever they were before: Parquet here, or the Hub.

Shared by `parquet:` and `hf:`. Nothing is decoded; a batch of Arrow columns goes in, a Batch
comes out. Memory: one batch, and what `datasets` holds of the shard it reads (a row group).
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
from excavate.sources.hub_features import Roles, roles_of, to_peek
from excavate.sources.rights import rights_columns

PEEK = 16  # rows of a look ahead
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


class StreamedSplits:
    """Splits with the same features, read one after the other; the key is the row number."""

    def __init__(self, splits: Sequence[StreamedSplit], dataset: str) -> None:
        self._dataset = dataset
        self._splits = [_undecoded(split) for split in splits]
        stream = self._splits[0].stream
        features = _features(stream)
        self.roles: Roles = roles_of(features, _first_values(stream, to_peek(features)))

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
            read = split.stream.skip(skipped) if skipped else split.stream
            start -= skipped
            row = skipped
            for table in read.with_format("arrow").iter(batch_size=size):
                passed = min(start, table.num_rows)
                start -= passed
                if passed < table.num_rows:
                    yield self._batch(split, table.slice(passed), row + passed)
                row += table.num_rows
            # what is left of `start` lies in the next split

    def _batch(self, split: StreamedSplit, table: pa.Table, row: int) -> Batch:
        plain = {name: _whole(table[name]) for name in table.column_names}
        pictures = plain.get(self.roles.picture or "")
        if pictures is not None and split.fetch and pa.types.is_struct(pictures.type):
            pictures = split.fetch(pictures)
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
            paths = pc.struct_field(plain[str(self.roles.picture)], "path")
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
    """The `datasets` module, quiet: no progress bars, no telemetry, no torch.

    It would import torch, two seconds of work, only to share a counter between loaders.
    """
    import datasets
    from huggingface_hub import constants

    constants.HF_HUB_DISABLE_TELEMETRY = True
    datasets.disable_progress_bars()
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


def _first_values(stream: Any, names: list[str]) -> dict[str, Any]:
    """The first value that is not null of each column, to see whether it is a picture."""
    found: dict[str, Any] = {}
    if not names:
        return found
    for table in stream.with_format("arrow").iter(batch_size=PEEK):
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
