"""Cutting a stream of Arrow tables by rows and by bytes, so that no batch is heavy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

MOST_BYTES = 16 * 2**20  # of pictures in one batch


def cut(
    tables: Iterable[pa.Table],
    weigh: Callable[[pa.Table], list[int]],
    size: int,
) -> Iterator[pa.Table]:
    """The same rows in tables of at most `size` rows and MOST_BYTES, gathered where small.

    `weigh` says the bytes of each row; a row that is heavier alone is a table of its own.
    """
    held: list[pa.Table] = []
    rows = weight = 0
    for table in tables:
        first = 0
        for row, heavy in enumerate(weigh(table)):
            if rows and (rows == size or weight + heavy > MOST_BYTES):
                yield _joined([*held, table.slice(first, row - first)])
                held, first, rows, weight = [], row, 0, 0
            rows, weight = rows + 1, weight + heavy
        held.append(table.slice(first))
    if rows:
        yield _joined(held)


def lengths(pictures: pa.Array) -> list[int]:
    """Bytes of each picture of a column of bytes or of {bytes, path}; 0 for none."""
    held: Any = pc.struct_field(pictures, "bytes") if _is_struct(pictures) else pictures
    found: list[int] = pc.fill_null(pc.binary_length(held), 0).to_pylist()
    return found


def _is_struct(pictures: pa.Array) -> bool:
    return bool(pa.types.is_struct(pictures.type))


def _joined(tables: list[pa.Table]) -> pa.Table:
    return pa.concat_tables(table for table in tables if table.num_rows)
