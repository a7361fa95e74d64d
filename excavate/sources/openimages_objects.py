"""Rows of Open Images' CSVs as JSON objects, every value verbatim as text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from excavate.sources.openimages_rows import FEW


def as_objects(rows: pa.Table, columns: Sequence[str]) -> pa.Array:
    """Each row as a JSON object of its columns, every value verbatim as text.

    Columns of few values are written once for each combination of them.
    """
    few = [name for name in columns if name in FEW]
    many = [name for name in columns if name not in FEW]
    if any(_needs_escape(rows[name]) for name in many):
        records = rows.select(few + many).to_pylist()
        return pa.array([json.dumps(r, ensure_ascii=False) for r in records], pa.string())
    opened = [f'{json.dumps(name, ensure_ascii=False)}: "' for name in many]
    first = (", " if few else "") + opened[0] if many else ""
    pieces: list[Any] = [_combined(rows, few, first)]
    for number, name in enumerate(many):
        pieces += [f'", {opened[number]}'] if number else []
        pieces.append(rows[name].combine_chunks())
    return pc.binary_join_element_wise(*pieces, '"}' if many else "}", "")


def _combined(rows: pa.Table, few: Sequence[str], more: str) -> pa.Array:
    """'{"a": "x", "b": "y"' of each row, for columns of few values, and `more` behind it."""
    codes, columns = np.zeros(rows.num_rows, np.int64), []
    for name in few:
        column = coded(rows[name])
        columns.append((name, column.dictionary.to_pylist()))
        codes = codes * max(len(column.dictionary), 1) + column.indices.to_numpy()
    each = pa.array(codes).dictionary_encode()
    texts = [_opened(code, columns) + more for code in each.dictionary.to_pylist()]
    return pa.array(texts, pa.string()).take(each.indices)


def _opened(code: int, columns: list[tuple[str, list[str]]]) -> str:
    said = []
    for name, values in reversed(columns):
        code, position = divmod(code, max(len(values), 1))
        said.append((name, values[position]))
    return json.dumps(dict(reversed(said)), ensure_ascii=False)[:-1]


def _needs_escape(column: pa.ChunkedArray) -> bool:
    """Whether a quote, a backslash or a control sign stands anywhere in it."""
    content = column.combine_chunks().buffers()[2]
    if not content:
        return False
    signs = np.frombuffer(content, np.uint8)
    return bool(signs.min(initial=255) < 0x20 or (signs == 0x22).any() or (signs == 0x5C).any())


def coded(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """A column of few values as one dictionary-coded array."""
    whole = column.combine_chunks()
    return whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole
