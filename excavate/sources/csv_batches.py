"""Blocks of a CSV turned into Batches: whole columns at a time, then cut without copying."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from excavate.model import (
    ATTRIBUTE_COLUMNS,
    ITEM_COLUMNS,
    LABEL_COLUMNS,
    REGION_COLUMNS,
    Batch,
    Category,
)
from excavate.sources.csv_plan import Plan
from excavate.sources.csv_reading import NUMBER, is_web, texts
from excavate.sources.places import below, is_address

NONE = REGION_COLUMNS.empty_table()


class Vocabulary:
    """The distinct values of the label columns, numbered as they are met, column by column."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._words: dict[str, dict[str, int]] = {name: {} for name in plan.labels}

    def learn(self, block: pa.RecordBatch) -> None:
        """Take in the values of a block."""
        for name, words in self._words.items():
            for cell in _encoded(block[name]).dictionary.to_pylist():
                for word in self._parts(name, cell):
                    words.setdefault(word, len(words))

    def categories(self) -> list[Category]:
        """One for each column, and below it one for each value."""
        found = []
        for name, words in self._words.items():
            found.append(Category(f"{name}:", name, (), {"column": True}))
            found += [Category(f"{name}:{word}", word, (f"{name}:",)) for word in words]
        return found

    @cached_property
    def entries(self) -> pa.RecordBatch:
        """Value and category of each word, by its number; final once this was asked for."""
        words = [word for words in self._words.values() for word in words]
        ids = [f"{name}:{word}" for name, words in self._words.items() for word in words]
        columns = [pa.array(words, pa.string()), pa.array(ids, pa.string())]
        return pa.record_batch(columns, names=["value", "category_id"])

    def numbers(self, name: str, column: pa.Array) -> tuple[Any, Any]:
        """(row, number of its entry) of every label that the column holds."""
        encoded = _encoded(column)
        first = sum(len(self._words[n]) for n in self._plan.labels[: self._plan.labels.index(name)])
        words, cells = self._words[name], encoded.dictionary.to_pylist()
        if name not in self._plan.separators:
            numbers = np.array([first + words[cell] for cell in cells], np.int32)
            if not encoded.null_count:
                return _once(encoded), numbers[encoded.indices.to_numpy()]
            said = encoded.drop_null().indices.to_numpy()
            rows = np.flatnonzero(encoded.is_valid().to_numpy(zero_copy_only=False))
            return rows.astype(np.int32), numbers[said]
        known = [[first + words[word] for word in self._parts(name, cell)] for cell in cells]
        lists = pa.array(known, pa.list_(pa.int32())).take(encoded.indices)
        lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
        rows = np.repeat(np.arange(len(column), dtype=np.int32), lengths)
        return rows, lists.flatten().to_numpy(zero_copy_only=False)

    def _parts(self, name: str, cell: str) -> Sequence[str]:
        separator = self._plan.separators.get(name)
        if separator is None:
            return (cell,)
        return [part.strip() for part in cell.split(separator) if part.strip()]


def batches(
    plan: Plan, key: str | None, words: Vocabulary, source: str, split: str, blocks: Any, size: int
) -> Iterator[Batch]:
    """Batches of at most `size` rows of the blocks of one file and split."""
    for block in _aligned(blocks, size):
        whole = Batch(
            _items(block, plan, key, split),
            _labels(block, words, plan),
            NONE,
            _attributes(block, plan, key, source),
        )
        yield from _cut(whole, size)


def _aligned(blocks: Iterable[pa.RecordBatch], size: int) -> Iterator[pa.RecordBatch]:
    """The same rows, each block but the last a whole number of batches."""
    held: list[pa.RecordBatch] = []
    for block in blocks:
        lacking = size - sum(map(len, held)) if held else 0
        if lacking > len(block):
            held.append(block)
            continue
        if held:
            yield _joined([*held, block.slice(0, lacking)])
        rest = (len(block) - lacking) % size
        if len(block) - lacking - rest:
            yield block.slice(lacking, len(block) - lacking - rest)
        held = [block.slice(len(block) - rest)] if rest else []
    if held:
        yield _joined(held)


def _joined(blocks: Sequence[pa.RecordBatch]) -> pa.RecordBatch:
    columns = [pa.concat_arrays([texts(b[n]) for b in blocks]) for n in blocks[0].schema.names]
    return pa.record_batch(columns, names=blocks[0].schema.names)


def _cut(whole: Batch, size: int) -> Iterator[Batch]:
    """Runs of `size` items; the rows of labels and attributes are counted anew in each."""
    starts = range(0, len(whole), size)
    tables = [whole.labels, whole.attributes]
    rows = [table["row"].to_numpy() for table in tables]
    bounds = [np.searchsorted(r, [*starts, len(whole)]).tolist() for r in rows]
    counted = [
        table.set_column(0, table.schema.field(0), pa.array(r % size, pa.int32()))
        for table, r in zip(tables, rows, strict=True)
    ]
    for number, start in enumerate(starts):
        labels, attributes = (
            table.slice(b[number], b[number + 1] - b[number])
            for table, b in zip(counted, bounds, strict=True)
        )
        yield Batch(whole.items.slice(start, size), labels, NONE, attributes)


def _items(block: pa.RecordBatch, plan: Plan, key: str | None, split: str) -> pa.Table:
    keys = block[NUMBER].cast(pa.string()) if key is None else texts(block[key])
    found = {"key": keys, "split": pa.repeat(pa.scalar(split, pa.string()), len(block))}
    found |= {column: texts(block[name]) for column, name in plan.rights.items()}
    if plan.picture:
        found |= _places(texts(block[plan.picture]), found.get("source_url"))
    nulls = {f.name: pa.nulls(len(block), f.type) for f in ITEM_COLUMNS if f.name not in found}
    return pa.Table.from_arrays(
        [(found | nulls)[n] for n in ITEM_COLUMNS.names], schema=ITEM_COLUMNS
    )


def _places(column: pa.Array, url: pa.Array | None) -> dict[str, pa.Array]:
    """Paths below the root, and the web's addresses that stand where a path might."""
    from pathlib import Path

    cells = column.to_pylist()
    paths = [below(Path(), c) if c and not is_address(c) else None for c in cells]
    addresses = pa.array([c if c and is_web(c) else None for c in cells], pa.string())
    said = addresses if url is None else pc.coalesce(url, addresses)
    return {"path": pa.array(paths, pa.string()), "source_url": said}


def _labels(block: pa.RecordBatch, words: Vocabulary, plan: Plan) -> pa.Table:
    pieces = [words.numbers(name, block[name]) for name in plan.labels]
    if not pieces:
        return LABEL_COLUMNS.empty_table()
    order, rows, whose = _in_rows([rows for rows, _ in pieces])
    numbers = pa.array(np.concatenate([numbers for _, numbers in pieces])[order])
    entries = words.entries
    who = [plan.said_by.get(name, "source") for name in plan.labels]
    columns = [
        pa.array(rows),
        _each(plan.labels, whose),
        entries["value"].take(numbers),
        entries["category_id"].take(numbers),
        _each(who, whose),
    ]
    return pa.Table.from_arrays(columns, schema=LABEL_COLUMNS)


def _attributes(block: pa.RecordBatch, plan: Plan, key: str | None, source: str) -> pa.Table:
    names = plan.attributes(key)
    pieces = [_cells(texts(block[name]), plan.separators.get(name)) for name in names]
    if not pieces:
        return ATTRIBUTE_COLUMNS.empty_table()
    order, rows, whose = _in_rows([rows for rows, _ in pieces])
    values = [values for _, values in pieces]
    columns = [
        pa.array(rows),
        _each(names, whose),
        values[0] if len(values) == 1 else pa.concat_arrays(values).take(pa.array(order)),
        _each([plan.said_by.get(name, "metadata") for name in names], whose),
        pa.repeat(pa.scalar(source, pa.string()), len(rows)),
    ]
    return pa.Table.from_arrays(columns, schema=ATTRIBUTE_COLUMNS)


def _in_rows(pieces: Sequence[Any]) -> tuple[Any, Any, Any]:
    """(order that sorts all pieces by row, the rows so sorted, the piece of each)."""
    count, each = len(pieces), _once(pieces[0])
    if all(np.array_equal(piece, each) for piece in pieces):  # one in every row
        order: Any = np.arange(len(each) * count, dtype=np.int32).reshape(count, -1).T.ravel()
        return order, np.repeat(each, count), np.tile(_once(pieces), len(each))
    rows = np.concatenate(pieces)
    whose = np.repeat(_once(pieces), [len(piece) for piece in pieces])
    order = np.argsort(rows, kind="stable")
    return order, rows[order], whose[order]


def _each(words: Sequence[str], whose: Any) -> pa.Array:
    """The word that each number means."""
    if len(set(words)) == 1:
        return pa.repeat(pa.scalar(words[0], pa.string()), len(whose))
    if len(whose) % len(words) == 0 and (whose.reshape(-1, len(words)) == _once(words)).all():
        return _in_turn(tuple(words), len(whose))
    return pa.array(words, pa.string()).take(pa.array(whose))


def _once(things: Any) -> Any:
    return np.arange(len(things), dtype=np.int32)


@lru_cache(maxsize=8)
def _in_turn(words: tuple[str, ...], count: int) -> pa.Array:
    """The words again and again: blocks are mostly of one length, and so are their columns."""
    return pa.array(words, pa.string()).take(pa.array(np.arange(count) % len(words)))


def _cells(column: pa.Array, separator: str | None) -> tuple[Any, pa.Array]:
    """(row, value) of a column; several a row where cells are cut, one null where it is empty."""
    rows = np.arange(len(column), dtype=np.int32)
    if separator is None:
        return rows, column
    parts = [
        [part.strip() for part in (cell or "").split(separator) if part.strip()] or [None]
        for cell in column.to_pylist()
    ]
    lengths = [len(found) for found in parts]
    return np.repeat(rows, lengths), pa.array([p for found in parts for p in found], pa.string())


def _encoded(column: pa.Array) -> pa.DictionaryArray:
    return column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
