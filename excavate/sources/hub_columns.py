"""Arrow columns of a Hub-shaped dataset, turned into label, attribute and region tables.

Whole columns at a time: sixty thousand labels cost milliseconds. Only objects with boxes are
taken one by one.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from excavate.model import (
    ATTRIBUTE_COLUMNS,
    LABEL_COLUMNS,
    Batch,
    Item,
    Label,
    Region,
    as_json,
    as_text,
    batch_of,
)
from excavate.sources.hub_features import Classes, Objects

UNLABELLED = -1  # the Hub's habit for test sets whose classes are kept back


def flat(column: pa.Array) -> tuple[Any, pa.Array]:
    """The values of a column of lists, at any depth, and the row of each (int32 numpy)."""
    rows = np.arange(len(column), dtype=np.int32)
    while pa.types.is_nested(column.type) and not pa.types.is_struct(column.type):
        lengths = pc.fill_null(pc.list_value_length(column), 0)
        rows = np.repeat(rows, lengths.to_numpy(zero_copy_only=False))
        column = pc.list_flatten(column)
    return rows, column


def class_labels(field: str, column: pa.Array, classes: Classes) -> pa.Table:
    """Labels from class numbers; null and -1 are no label, a number without a name stays one."""
    rows, numbers = flat(column)
    index = pc.fill_null(numbers.cast(pa.int64()), UNLABELLED).to_numpy(zero_copy_only=False)
    said = index != UNLABELLED
    rows, index = rows[said], index[said]
    named = (index >= 0) & (index < len(classes.names))
    names = pa.array(classes.names, pa.string())
    words = names.take(pa.array(np.where(named, index, 0), pa.int64(), mask=~named))
    numerals = pa.array(index, pa.int64()).cast(pa.string())
    ids = pc.binary_join_element_wise(classes.prefix, numerals, "")
    return _labels(field, rows, pc.coalesce(words, numerals), pc.if_else(named, ids, None))


def word_labels(field: str, column: pa.Array) -> pa.Table:
    """Labels from text (or numbers), one or a list a row; nulls are none."""
    rows, values = flat(column)
    words = texts(values)
    said = pc.is_valid(words).to_numpy(zero_copy_only=False)
    return _labels(field, rows[said], words.drop_null(), None)


def attributes(name: str, values: pa.Array, source: str) -> pa.Table:
    """One attribute a row; a null stays null."""
    return _attribute_rows(name, np.arange(len(values), dtype=np.int32), texts(values), source)


def attributes_where_said(name: str, values: pa.Array, source: str) -> pa.Table:
    """Attributes of the rows that have a value."""
    rows = np.flatnonzero(pc.is_valid(values).to_numpy(zero_copy_only=False)).astype(np.int32)
    return _attribute_rows(name, rows, texts(values.drop_null()), source)


def texts(values: pa.Array) -> pa.Array:
    """Values as text, verbatim: numbers in their shortest form, nested ones as JSON.

    Bytes are counted, not copied: {"bytes": 1024}.
    """
    kind = values.type
    if pa.types.is_string(kind):
        return values
    plain = (pa.types.is_integer, pa.types.is_decimal, pa.types.is_temporal)
    if pa.types.is_large_string(kind) or any(is_kind(kind) for is_kind in plain):
        return values.cast(pa.string())
    if pa.types.is_floating(kind):
        return pa.array([_number(value) for value in _numpy(values)], pa.string())
    return pa.array([as_text(_countable(value)) for value in values.to_pylist()], pa.string())


def objects(column: pa.Array, read_as: Objects, field: str) -> Batch:
    """Regions of a column of objects, and the distinct categories as labels `FIELD.category`."""
    return batch_of([_with_regions(cell, read_as, field) for cell in column.to_pylist()])


def joined(pieces: Iterable[pa.Table], schema: pa.Schema) -> pa.Table:
    """One table of several, each item's rows together, in the order of the pieces."""
    tables = [piece for piece in pieces if piece.num_rows] or [schema.empty_table()]
    whole = pa.concat_tables(tables).cast(schema)
    if len(tables) < 2:
        return whole
    return whole.take(np.argsort(whole["row"].to_numpy(), kind="stable"))


def _labels(field: str, rows: Any, values: pa.Array, ids: pa.Array | None) -> pa.Table:
    count = len(rows)
    columns = [
        pa.array(rows, pa.int32()),
        _constant(field, count),
        values,
        pa.nulls(count, pa.string()) if ids is None else ids,
        _constant("source", count),
    ]
    return pa.Table.from_arrays(columns, schema=LABEL_COLUMNS)


def _attribute_rows(name: str, rows: Any, values: pa.Array, source: str) -> pa.Table:
    words = (_constant(word, len(rows)) for word in (name, "metadata", source))
    named, said_by, said_in = words
    columns = [pa.array(rows, pa.int32()), named, values, said_by, said_in]
    return pa.Table.from_arrays(columns, schema=ATTRIBUTE_COLUMNS)


def _constant(word: str, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(word, pa.string()), count)


def _numpy(values: pa.Array) -> list[Any]:
    """Each value in its own precision, so that a float32 0.1 is written 0.1; None for null."""
    numbers = values.to_numpy(zero_copy_only=False)
    valid = pc.is_valid(values).to_numpy(zero_copy_only=False)
    return [number if there else None for number, there in zip(numbers, valid, strict=True)]


def _number(value: Any) -> str | None:
    return None if value is None else str(value)


def _countable(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"bytes": len(value)}
    if isinstance(value, dict):
        return {name: _measure(inner) for name, inner in value.items()}
    return [_countable(inner) for inner in value] if isinstance(value, list) else value


def _measure(value: Any) -> Any:
    return len(value) if isinstance(value, bytes) else _countable(value)


def _with_regions(cell: Any, read_as: Objects, field: str) -> Item:
    regions = [_region(record, read_as) for record in _records(cell)]
    named = {(r.value, r.category_id) for r in regions if r.value is not None}
    order = dict.fromkeys((r.value, r.category_id) for r in regions)
    labels = [Label(f"{field}.category", str(v), c) for v, c in order if (v, c) in named]
    return Item(key="", labels=labels, regions=regions)


def _records(cell: Any) -> Iterator[dict[str, Any]]:
    if isinstance(cell, dict):
        columns = [values or [] for values in cell.values()]
        yield from (dict(zip(cell, row, strict=True)) for row in zip_longest(*columns))
    else:
        yield from (record for record in cell or [] if record is not None)


def _region(record: dict[str, Any], read_as: Objects) -> Region:
    box, said = record[read_as.box], record.get(read_as.category or "")
    used = {read_as.category}
    if box is not None and len(box) == 4 and None not in box and all(map(math.isfinite, box)):
        used.add(read_as.box)
    extra = {name: v for name, v in record.items() if name not in used and v is not None}
    value, category_id = _named(said, read_as.classes)
    whole = tuple(map(float, box)) if read_as.box in used else None
    plain = json.loads(as_json(_countable(extra)))
    return Region("box", whole, None, value, category_id, plain)  # type: ignore[arg-type]


def _named(said: Any, classes: Classes | None) -> tuple[str | None, str | None]:
    if said is None or (classes and said == UNLABELLED):
        return None, None
    if classes and isinstance(said, int) and 0 <= said < len(classes.names):
        return classes.names[said], f"{classes.prefix}{said}"
    return as_text(said), None
