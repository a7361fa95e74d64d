"""What passes between the folders: frozen dataclasses and Arrow schemas.

A source yields `Batch`es. Sources that think in single pictures build `Item`s and let
`batch_of` turn a run of them into one Batch; sources that already hold columns build the
Arrow tables themselves.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol

import pyarrow as pa

from excavate.progress import Progress as Progress
from excavate.progress import silent as silent

SAID_BY = ("source", "self", "perceived", "machine", "metadata")
NO_SPLIT = "all"
_STRICT = json.JSONEncoder(ensure_ascii=False, default=str, allow_nan=False)
# Geometry, in pixels of the original. polygon: rings [[x, y, …], …]; mask: RLE {size, counts};
# circle: {"centre": [x, y], "radius": r}; line: open paths [[x, y, …], …]; point: [x, y].
REGION_KINDS = ("box", "polygon", "mask", "circle", "line", "point")

ITEM_COLUMNS = pa.schema(
    [
        pa.field("key", pa.string(), nullable=False),
        pa.field("split", pa.string(), nullable=False),
        # The picture: encoded bytes, or raw pixels where `mode` is set, or a path under the
        # source's root (read where it is needed), or none of them: an item without pixels.
        pa.field("content", pa.binary()),
        pa.field("mode", pa.string()),
        pa.field("width", pa.int32()),  # as the source declares it; of the raw pixels if mode
        pa.field("height", pa.int32()),
        pa.field("path", pa.string()),  # where the original lies, relative to the root
        pa.field("part", pa.string()),  # inside that file: a zip member, or COLUMN:ROW of Parquet
        pa.field("licence", pa.string()),
        pa.field("creator", pa.string()),
        pa.field("source_url", pa.string()),
    ]
)
LABEL_COLUMNS = pa.schema(
    [
        pa.field("row", pa.int32(), nullable=False),  # which item of the batch
        pa.field("field", pa.string(), nullable=False),  # the source's own name: label, caption, …
        pa.field("value", pa.string(), nullable=False),  # verbatim
        pa.field("category_id", pa.string()),  # where the value is a node of the taxonomy
        pa.field("said_by", pa.string(), nullable=False),
    ]
)
REGION_COLUMNS = pa.schema(
    [
        pa.field("row", pa.int32(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),  # one of REGION_KINDS
        pa.field("x", pa.float64()),  # bounding box, in pixels of the original, verbatim
        pa.field("y", pa.float64()),
        pa.field("width", pa.float64()),
        pa.field("height", pa.float64()),
        pa.field("geometry", pa.string()),  # JSON, as REGION_KINDS says
        pa.field("value", pa.string()),
        pa.field("category_id", pa.string()),
        pa.field("extra", pa.string()),  # JSON: what else the source says of it, verbatim
    ]
)
ATTRIBUTE_COLUMNS = pa.schema(
    [
        pa.field("row", pa.int32(), nullable=False),
        pa.field("name", pa.string(), nullable=False),
        pa.field("value", pa.string()),  # verbatim; JSON where the source nests; null stays null
        pa.field("said_by", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
    ]
)


@dataclass(frozen=True, slots=True)
class Label:
    """What the source said of an item, verbatim; a caption is one too."""

    field: str
    value: str
    category_id: str | None = None
    said_by: str = "source"


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a picture, one of REGION_KINDS; `box` is x, y, width, height around it."""

    kind: str
    box: tuple[float, float, float, float] | None
    geometry: Any = None
    value: str | None = None
    category_id: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attribute:
    """A named property of an item, with who said it (one of SAID_BY) and in what."""

    name: str
    value: Any
    said_by: str = "metadata"
    source: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One picture as its source gives it. Pixels, labels or both may be missing."""

    key: str
    split: str = NO_SPLIT
    content: bytes | None = None
    mode: str | None = None
    width: int | None = None
    height: int | None = None
    path: str | None = None
    part: str | None = None
    licence: str | None = None
    creator: str | None = None
    source_url: str | None = None
    labels: Sequence[Label] = ()
    regions: Sequence[Region] = ()
    attributes: Sequence[Attribute] = ()


@dataclass(frozen=True, slots=True)
class Category:
    """A node of the source's taxonomy (a DAG)."""

    category_id: str
    name: str
    parents: Sequence[str] = ()
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Batch:
    """A run of items with all that the source says of them, as Arrow tables."""

    items: pa.Table
    labels: pa.Table
    regions: pa.Table
    attributes: pa.Table

    def __len__(self) -> int:
        return int(self.items.num_rows)

    def head(self, count: int) -> Batch:
        """The first `count` items and what belongs to them."""
        import pyarrow.compute as pc

        def kept(table: pa.Table) -> pa.Table:
            return table.filter(pc.less(table["row"], count))

        return Batch(
            self.items.slice(0, count),
            kept(self.labels),
            kept(self.regions),
            kept(self.attributes),
        )


@dataclass(frozen=True, slots=True)
class Description:
    """What a source says of the dataset as a whole.

    `fingerprint` changes when the input does: a dig resumes, or is skipped, only while it
    stays the same. `source_revision` is the maker's own version (a commit), where there is one.
    `left_out`: sentences that say what was found and not read, each for one fault row.
    """

    dataset_id: str
    title: str
    key_rule: str
    fingerprint: str
    root: str | None = None
    source_revision: str | None = None
    licence: str | None = None
    homepage: str | None = None
    citation: str | None = None
    count: int | None = None
    left_out: tuple[str, ...] = ()  # what was found and not read, a sentence each


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """What a person may say about the reading, beside the source string."""

    split: str | None = None
    images: str | None = None
    given: Mapping[str, str] = field(default_factory=dict)  # --option NAME=VALUE, as REGISTRY says


class Source(Protocol):
    """Reads one public dataset. Order is deterministic; reading twice yields the same."""

    def describe(self) -> Description:
        """Facts about the whole. Raises SourceError with every fault of the index."""
        ...

    def categories(self) -> Sequence[Category]:
        """The taxonomy the source declares; empty where it declares none."""
        ...

    def batches(self, size: int, start: int = 0) -> Iterator[Batch]:
        """Batches of at most `size` items, from item number `start` on."""
        ...


def as_text(value: Any) -> str | None:
    """A value verbatim as text: strings untouched, None kept, booleans and all nested as JSON."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return as_json(value)


def as_json(value: Any) -> str:
    """A value as JSON that any reader takes: a number that is none becomes text ("NaN")."""
    try:
        return _STRICT.encode(value)
    except ValueError:
        return json.dumps(_with_finite_numbers(value), ensure_ascii=False, default=str)


def _with_finite_numbers(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return json.dumps(value)  # NaN, Infinity or -Infinity
    if isinstance(value, dict):
        return {name: _with_finite_numbers(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_with_finite_numbers(inner) for inner in value]
    return value


def batch_of(items: Sequence[Item]) -> Batch:
    """Turn items into one Batch. O(items + labels + regions + attributes)."""
    plain = [f.name for f in ITEM_COLUMNS]
    columns = [[getattr(item, name) for item in items] for name in plain]
    return Batch(
        pa.Table.from_arrays(
            [pa.array(column, f.type) for column, f in zip(columns, ITEM_COLUMNS, strict=True)],
            schema=ITEM_COLUMNS,
        ),
        table_of(LABEL_COLUMNS, _label_rows(items)),
        table_of(REGION_COLUMNS, _region_rows(items)),
        table_of(ATTRIBUTE_COLUMNS, _attribute_rows(items)),
    )


def batches_of(items: Iterable[Item], size: int, start: int = 0) -> Iterator[Batch]:
    """Cut a stream of items into Batches of at most `size`, skipping the first `start`."""
    stream = islice(items, start, None)
    while chunk := list(islice(stream, size)):
        yield batch_of(chunk)


def table_of(schema: pa.Schema, rows: list[tuple[Any, ...]]) -> pa.Table:
    """Tuples in the order of a schema's columns as an Arrow table of that schema."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    arrays = [pa.array(column, f.type) for column, f in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def _label_rows(items: Sequence[Item]) -> list[tuple[Any, ...]]:
    return [
        (row, label.field, label.value, label.category_id, label.said_by)
        for row, item in enumerate(items)
        for label in item.labels
    ]


def _region_rows(items: Sequence[Item]) -> list[tuple[Any, ...]]:
    return [
        (
            row,
            region.kind,
            *(region.box or (None, None, None, None)),
            None if region.geometry is None else as_json(region.geometry),
            region.value,
            region.category_id,
            as_json(region.extra) if region.extra else None,
        )
        for row, item in enumerate(items)
        for region in item.regions
    ]


def _attribute_rows(items: Sequence[Item]) -> list[tuple[Any, ...]]:
    return [
        (row, a.name, as_text(a.value), a.said_by, a.source)
        for row, item in enumerate(items)
        for a in item.attributes
    ]
