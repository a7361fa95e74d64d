"""Rows of local Parquet files, a few at a time, whatever the size of their row groups.

`datasets` (Arrow's scanner) reads a whole row group, several times over: 800 pictures of 1 MB
took 1.7 GB. Here a column is read through a small buffer, page by page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from excavate.sources.cutting import MOST_BYTES
from excavate.sources.parquet_files import ParquetFile

BUFFER = 2**16


def rows_of(
    files: Iterable[ParquetFile], features: Any, skipped: int, together: int
) -> Iterator[pa.Table]:
    """Tables of at most `together` rows in the files' order, from row `skipped` on.

    `features`: those of `datasets`, to whose types the columns are cast. Memory: `together` rows
    and a page of each column. Raises pa.ArrowException or OSError where a page cannot be read.
    """
    from datasets.table import table_cast

    schema = features.arrow_schema
    for file in files:
        if skipped >= file.rows:
            skipped -= file.rows
            continue
        for batch in _batches(file, skipped, together):
            yield table_cast(pa.Table.from_batches([batch]), schema)
        skipped = 0


def rows_together(files: Iterable[ParquetFile], size: int) -> int:
    """How many rows, `size` at most, hold no more than MOST_BYTES, by what the footers say."""
    heaviest = max(file.row_bytes for file in files)
    return max(1, min(size, MOST_BYTES // max(heaviest, 1)))


def _batches(file: ParquetFile, skipped: int, together: int) -> Iterator[pa.RecordBatch]:
    with pq.ParquetFile(file.path, pre_buffer=False, buffer_size=BUFFER) as parquet:
        counts = [parquet.metadata.row_group(n).num_rows for n in range(parquet.num_row_groups)]
        first = 0
        while skipped >= counts[first]:
            skipped -= counts[first]
            first += 1
        groups = list(range(first, len(counts)))
        for batch in parquet.iter_batches(together, row_groups=groups, use_threads=False):
            if skipped < batch.num_rows:
                yield batch.slice(skipped)
            skipped = max(0, skipped - batch.num_rows)
