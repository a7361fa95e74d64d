"""The points of a layout as the map draws them: colours, the binary file, what a lasso holds."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from excavate.catalog import browsing
from excavate.charts import OTHER, UNLABELLED, PointColours
from excavate.embedding.outline import inside as inside
from excavate.errors import NotFoundError
from excavate.site import Site

if TYPE_CHECKING:
    from pandas import DataFrame

KINDS = ("label", "attribute", "split", "dataset", "prompt")
MAX_NAMED = 254  # codes 254 and 255 mean "another" and "not labelled"
FEW = 12  # an attribute of numbers with more values than this is a quantity


@lru_cache(maxsize=8)
def _frame(site: Site, generation: str, layout_id: str) -> DataFrame:
    return site.layout(layout_id).reset_index(drop=True)


def layout_rows(site: Site, layout_id: str) -> DataFrame:
    """The rows of a layout, read once a generation: dataset_id, ordinal, item_id, x, y, placed."""
    return _frame(site, site.generation, layout_id)


def colours_of(site: Site, layout_id: str, mode: str, chosen: Sequence[str] = ()) -> PointColours:
    """How a mode ('label:target', 'split', 'dataset', 'attribute:NAME', 'prompt:TEXT') paints.

    A point is painted by the first value the source gives it; where it has several, by the
    first of `chosen` that it has. Raises NotFoundError for a mode that is none of these,
    EncoderError where the encoder has no text.
    """
    return having(_colours(site, site.generation, layout_id, mode), chosen)


@lru_cache(maxsize=32)
def _colours(site: Site, generation: str, layout_id: str, mode: str) -> PointColours:
    kind, _, name = mode.partition(":")
    rows = layout_rows(site, layout_id)
    if kind not in KINDS:
        raise NotFoundError("no such colouring", mode, f"One of: {', '.join(KINDS)}")
    if kind == "prompt":
        values = np.asarray(site.similarities(name, layout_id), dtype=np.float32)
        return PointColours(name, values=values, unlabelled=int(np.isnan(values).sum()))
    if kind == "dataset":
        return by_rank("dataset", rows["dataset_id"].tolist())
    datasets = sorted(set(rows["dataset_id"]))
    with site.cursor() as cursor:
        found = browsing.first_values(cursor, kind, name or kind, datasets)
    values_by_row = aligned(rows, found)
    quantity = as_quantity(values_by_row) if kind == "attribute" else None
    if quantity is not None:
        empty = int(np.isnan(quantity).sum())
        return PointColours(name, values=quantity, unlabelled=empty)
    if not (found["given"] > 1).any():
        return by_rank(name or kind, values_by_row)
    with site.cursor() as cursor:
        every = browsing.all_values(cursor, kind, name, datasets)
    return by_ranks(name, placed_pairs(rows, every), len(rows))


def placed_pairs(rows: DataFrame, every: DataFrame) -> list[tuple[int, str]]:
    """(row of the layout, value) pairs, each row's in the source's order."""
    keys = zip(rows["dataset_id"], rows["ordinal"], strict=True)
    place = {(dataset, int(ordinal)): row for row, (dataset, ordinal) in enumerate(keys)}
    given = zip(every["dataset_id"], every["ordinal"], every["value"], strict=True)
    found = ((place.get((dataset, int(ordinal))), value) for dataset, ordinal, value in given)
    return [(row, value) for row, value in found if row is not None]


def aligned(rows: DataFrame, found: DataFrame) -> list[str | None]:
    """The value of each layout row, None where the source gives none."""
    values = {
        (dataset, int(ordinal)): value
        for dataset, ordinal, value in zip(
            found["dataset_id"], found["ordinal"], found["value"], strict=True
        )
    }
    keys = zip(rows["dataset_id"], rows["ordinal"], strict=True)
    return [values.get((dataset, int(ordinal))) for dataset, ordinal in keys]


def by_rank(title: str, values: Sequence[str | None]) -> PointColours:
    """Codes by how many points carry a value, the most first; ties in the order of names."""
    pairs = [(row, value) for row, value in enumerate(values) if value is not None]
    return replace(by_ranks(title, pairs, len(values)), has=None)


def by_ranks(title: str, pairs: Sequence[tuple[int, str]], n: int) -> PointColours:
    """As by_rank for n points that may have several values: (point, value), the first paints.

    Values that paint the most come first; counts are of the points that have a value.
    """
    first: dict[int, str] = {}
    has = Counter(value for _row, value in pairs)
    for row, value in pairs:
        first.setdefault(row, value)
    paints = Counter(first.values())
    ranked = sorted(has, key=lambda value: (-paints[value], -has[value], value))
    rank = {value: min(place, OTHER) for place, value in enumerate(ranked)}
    codes = np.full(n, UNLABELLED, dtype=np.uint8)
    for row, value in first.items():
        codes[row] = rank[value]
    named = tuple(ranked[:MAX_NAMED])
    return PointColours(
        title,
        codes=codes,
        names=named,
        counts=tuple(has[v] for v in named),
        beyond=int((codes == OTHER).sum()),
        unlabelled=n - len(first),
        has=np.array([(row, rank[value]) for row, value in pairs], dtype=np.int32).reshape(-1, 2),
    )


def having(colours: PointColours, chosen: Sequence[str]) -> PointColours:
    """The colours with every point that has a chosen value painted by it, the first chosen first.

    Where points have one value each, nothing changes.
    """
    ranks = [colours.names.index(name) for name in chosen if name in colours.names]
    if colours.has is None or colours.codes is None or not ranks:
        return colours
    codes = colours.codes.copy()
    for rank in reversed(ranks):
        codes[colours.has[colours.has[:, 1] == rank, 0]] = rank
    return replace(colours, codes=codes)


def as_quantity(values: Sequence[str | None]) -> np.ndarray | None:
    """The values as float32 with NaN for None, where all are numbers and more than a few."""
    distinct = {v for v in values if v is not None}
    if len(distinct) <= FEW:
        return None
    try:
        numbers = [np.nan if v is None else float(v) for v in values]
    except ValueError:
        return None
    found = np.array(numbers, dtype=np.float32)
    return None if np.isinf(found).any() else found


def pack(rows: DataFrame, colours: PointColours) -> bytes:
    """The binary point file (little-endian): u32 n, u32 kind (0 category, 1 quantity),
    f32 x[n], f32 y[n], then u8 code[n] or f32 value[n], then u8 placed[n]."""
    quantity = colours.values is not None
    paint = colours.values if quantity else colours.codes
    parts = (
        np.array([len(rows), int(quantity)], dtype="<u4"),
        rows["x"].to_numpy(dtype="<f4"),
        rows["y"].to_numpy(dtype="<f4"),
        np.asarray(paint, dtype="<f4" if quantity else "u1"),
        rows["placed"].to_numpy(dtype="u1"),
    )
    return b"".join(part.tobytes() for part in parts)


def point_file(
    site: Site, layout_id: str, mode: str, chosen: Sequence[str] = ()
) -> tuple[bytes, str]:
    """The packed points of a layout in a colouring, and their etag."""
    content = pack(layout_rows(site, layout_id), colours_of(site, layout_id, mode, chosen))
    return content, hashlib.sha256(content).hexdigest()[:32]
