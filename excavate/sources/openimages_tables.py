"""What Open Images says of a run of images, as Arrow tables, column by column.

The numbers and words of a row are kept verbatim, as text, in the JSON beside what is made of
them. A class that was looked for and not found (Confidence 0) becomes an attribute, never a
label: who counts labels must not count what is verified to be absent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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
    as_json,
)
from excavate.sources.hub_columns import joined
from excavate.sources.openimages_files import BOX, IMAGE, CsvTable
from excavate.sources.openimages_objects import as_objects, coded
from excavate.sources.openimages_rows import Chunk
from excavate.sources.picture_sizes import Size

ABSENT = {"source": "verified-absent", "machine": "machine-absent"}
MACHINE = "machine"
OF_A_LABEL = {IMAGE, "Source", "LabelName", "Confidence"}
RIGHTS: dict[str, tuple[str, ...]] = {"licence": ("License",), "creator": ("Author",)}
RIGHTS |= {"source_url": ("OriginalLandingURL", "OriginalURL")}
Sizes = list[Size | None]


@dataclass(frozen=True, slots=True)
class Names:
    """The taxonomy, as far as labels need it: category id -> name."""

    known: Mapping[str, str]

    def words(self, labels: pa.DictionaryArray) -> tuple[pa.Array, pa.Array]:
        """(name, category id) of each; a label that is no category is its own name."""
        ids = labels.dictionary.to_pylist()
        names = pa.array([self.known.get(label, label) for label in ids], pa.string())
        categories = pa.array([x if x in self.known else None for x in ids], pa.string())
        return names.take(labels.indices), categories.take(labels.indices)


def batch(
    chunk: Chunk, split: str, paths: Sequence[str | None], sizes: Sizes, names: Names
) -> Batch:
    """All that is said of a run of images. `paths` and `sizes`: of each picture, None unknown."""
    labels: list[pa.Table] = []
    regions: list[pa.Table] = []
    attributes: list[pa.Table] = []
    rights: dict[str, pa.Array] = {}
    for table, rows, places in chunk.tables:
        if table.kind == "boxes":
            labels.append(_box_labels(rows, places, names))
            regions.append(_boxes(table, rows, places, sizes, names))
        elif table.kind == "labels":
            found, absent = _image_labels(table, rows, places, names)
            labels.append(found)
            attributes += [absent, *_confidences(table, rows, places)]
            if set(table.columns) > OF_A_LABEL:
                values = as_objects(rows, [c for c in table.columns if c != IMAGE])
                attributes.append(_attributes(places, "image-label", values, table.name))
        elif table.kind == "relations":
            values = as_objects(rows, [c for c in table.columns if c != IMAGE])
            attributes.append(_attributes(places, "relationship", values, table.name))
        else:
            attributes += _columns(table, rows, places)
            for column, said in _rights(table, rows, places, len(chunk.ids)).items():
                rights[column] = pc.coalesce(rights[column], said) if column in rights else said
    return Batch(
        _items(chunk.ids, split, paths, rights),
        joined(labels, LABEL_COLUMNS),
        joined(regions, REGION_COLUMNS),
        joined(attributes, ATTRIBUTE_COLUMNS),
    )


def cut_by_items(whole: Batch, size: int, start: int = 0) -> Iterator[Batch]:
    """The same from item `start` on, in batches of at most `size` items."""
    tables = (whole.labels, whole.regions, whole.attributes)
    rows = [table["row"].to_numpy() for table in tables]
    for first in range(start, len(whole), size):
        ends = [np.searchsorted(of, [first, first + size]) for of in rows]
        parts = [
            _moved(table.slice(int(a), int(b - a)), first)
            for table, (a, b) in zip(tables, ends, strict=True)
        ]
        yield Batch(whole.items.slice(first, size), *parts)


def _moved(table: pa.Table, first: int) -> pa.Table:
    rows = pc.subtract(table["row"], pa.scalar(first, pa.int32()))
    return table.set_column(0, table.schema.field(0), rows)


def _items(
    ids: pa.Array, split: str, paths: Sequence[str | None], rights: dict[str, pa.Array]
) -> pa.Table:
    said = {"key": ids, "split": _same(split, len(ids)), "path": pa.array(paths, pa.string())}
    said |= rights
    columns = [said.get(f.name, pa.nulls(len(ids), f.type)) for f in ITEM_COLUMNS]
    return pa.Table.from_arrays(columns, schema=ITEM_COLUMNS)


def _boxes(table: CsvTable, rows: pa.Table, places: Any, sizes: Sizes, names: Names) -> pa.Table:
    words, categories = names.words(coded(rows["LabelName"]))
    extra = as_objects(rows, [c for c in table.columns if c not in (IMAGE, "LabelName")])
    boxes = _pixels(rows, places, sizes)
    count = len(places)
    columns = [
        pa.array(places, pa.int32()),
        _same("box", count),
        *boxes,
        pa.nulls(count, pa.string()),
        words,
        categories,
        extra,
    ]
    return pa.Table.from_arrays(columns, schema=REGION_COLUMNS)


def _pixels(rows: pa.Table, places: Any, sizes: Sizes) -> list[pa.Array]:
    """x, y, width, height in pixels, where the picture's size is known and the corners numbers."""
    if not any(sizes):
        return [pa.nulls(len(places), pa.float64())] * 4
    wide, high = (np.array([s[n] if s else np.nan for s in sizes])[places] for n in (0, 1))
    left, right, top, bottom = (_numbers(rows[name]) for name in BOX)
    found = np.stack([left * wide, top * high, (right - left) * wide, (bottom - top) * high])
    unknown = ~np.isfinite(found).all(axis=0)
    return [pa.array(values, pa.float64(), mask=unknown) for values in found]


def are_numbers(rows: pa.Table) -> Any:
    """Which boxes have four finite corners (bool numpy)."""
    return np.isfinite(np.stack([_numbers(rows[name]) for name in BOX])).all(axis=0)


def _numbers(column: pa.ChunkedArray) -> Any:
    try:
        return column.cast(pa.float64()).to_numpy()
    except pa.ArrowInvalid:
        return np.array([_number(text) for text in column.to_pylist()])


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _box_labels(rows: pa.Table, places: Any, names: Names) -> pa.Table:
    """The categories of an image's boxes, each once, in the order of the boxes."""
    labels = coded(rows["LabelName"])
    kinds = max(len(labels.dictionary), 1)
    pairs = places.astype(np.int64) * kinds + labels.indices.to_numpy()
    rows_of, codes = np.divmod(pc.unique(pa.array(pairs)).to_numpy(), kinds)
    once = pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), labels.dictionary)
    words, categories = names.words(once)
    return _labels(rows_of, _same("box", len(once)), words, categories, None)


def _image_labels(
    table: CsvTable, rows: pa.Table, places: Any, names: Names
) -> tuple[pa.Table, pa.Table]:
    """(what is there, what was verified not to be there)."""
    labels, sources = coded(rows["LabelName"]), coded(rows["Source"])
    words, categories = names.words(labels)
    absent = _by_value(coded(rows["Confidence"]), lambda text: _number(text) == 0.0)
    machine = _by_value(sources, lambda text: text == MACHINE)
    there = pa.array(~absent)
    said_by = pa.array(np.where(machine, MACHINE, "source"), pa.string())
    found = _labels(
        places[~absent],
        sources.cast(pa.string()).filter(there),
        words.filter(there),
        categories.filter(there),
        said_by.filter(there),
    )
    ids = labels.cast(pa.string())
    both = pc.binary_join_element_wise(words, " (", ids, ")", "")
    values = pc.if_else(pc.is_valid(categories), both, ids).filter(pa.array(absent))
    by = said_by.filter(pa.array(absent))
    fields = pc.if_else(pc.equal(by, MACHINE), ABSENT[MACHINE], ABSENT["source"])
    where = pc.binary_join_element_wise(table.name, sources.cast(pa.string()), ": ")
    said_in = where.filter(pa.array(absent))
    return found, _attributes(places[absent], fields, values, said_in, by)


def _confidences(table: CsvTable, rows: pa.Table, places: Any) -> Iterator[pa.Table]:
    """For each image {label: confidence}, where any is neither 0 nor 1."""
    plain = _by_value(coded(rows["Confidence"]), lambda text: _number(text) in (0.0, 1.0))
    kept = np.flatnonzero(~plain)
    if not len(kept):
        return
    part = rows.take(pa.array(kept))
    labels, said = part["LabelName"].cast(pa.string()), part["Confidence"].cast(pa.string())
    places, starts = np.unique(places[kept], return_index=True)
    ends = [*starts[1:].tolist(), len(kept)]
    texts = [
        as_json(_by_label(labels[a:b].to_pylist(), said[a:b].to_pylist()))
        for a, b in zip(starts.tolist(), ends, strict=True)
    ]
    yield _attributes(places, "confidence", pa.array(texts, pa.string()), table.name)


def _by_label(labels: Sequence[str], said: Sequence[str]) -> dict[str, str | list[str]]:
    """What is said of each label; a list where it is more than one thing."""
    found: dict[str, list[str]] = {}
    for label, word in zip(labels, said, strict=True):
        found.setdefault(label, []).append(word)
    return {label: words[0] if len(words) == 1 else words for label, words in found.items()}


def _columns(table: CsvTable, rows: pa.Table, places: Any) -> Iterator[pa.Table]:
    for name in table.columns:
        if name != IMAGE:
            values = rows[name].cast(pa.string())
            said = pc.if_else(pc.equal(values, ""), None, values)  # an empty field says nothing
            yield _attributes(places, name, said, table.name)


def _rights(table: CsvTable, rows: pa.Table, places: Any, count: int) -> dict[str, pa.Array]:
    """Item column -> its values; an image that is listed twice has those of its first row."""
    own, first = np.unique(places, return_index=True)
    which = np.zeros(count, np.int64)
    which[own] = first
    unlisted = np.ones(count, bool)
    unlisted[own] = False
    index = pa.array(which, pa.int64(), mask=unlisted)
    found = {}
    for column, candidates in RIGHTS.items():
        there = next((name for name in candidates if name in table.columns), None)
        if there:
            values = rows[there].cast(pa.string()).take(index).combine_chunks()
            found[column] = pc.if_else(pc.equal(values, ""), None, values)
    return found


def _by_value(column: pa.DictionaryArray, is_so: Any) -> Any:
    """is_so of each value, asked once for each that is different."""
    return np.array([is_so(v) for v in column.dictionary.to_pylist()] or [False], bool)[
        column.indices.to_numpy()
    ]


def _labels(
    places: Any, fields: pa.Array, words: pa.Array, categories: pa.Array, by: pa.Array | None
) -> pa.Table:
    said_by = _same("source", len(places)) if by is None else by
    rows = pa.array(places, pa.int32())
    return pa.Table.from_arrays([rows, fields, words, categories, said_by], schema=LABEL_COLUMNS)


def _attributes(
    places: Any,
    name: str | pa.Array,
    values: Any,
    source: str | pa.Array,
    by: pa.Array | None = None,
) -> pa.Table:
    count = len(places)
    names = _same(name, count) if isinstance(name, str) else name
    sources = _same(source, count) if isinstance(source, str) else source
    said_by = _same("metadata", count) if by is None else by
    rows = pa.array(places, pa.int32())
    columns = [rows, names, values, said_by, sources]
    return pa.Table.from_arrays(columns, schema=ATTRIBUTE_COLUMNS)


def _same(word: str, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(word, pa.string()), count)
