"""The rows of `regions`: too small, never here, never alone; and how large each label is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from excavate.gaps.shares import share_bounds

SHOWN = 24
TINY = 32**2  # COCO's bound of what is small
Row = dict[str, Any]
ROWS = pa.schema(
    [
        pa.field("kind", pa.string(), nullable=False),
        pa.field("label", pa.string()),  # the source's; of an attribute its name; "" for all
        pa.field("cell", pa.string()),  # "row/column of grid", from the upper left, from 1
        pa.field("count", pa.int64(), nullable=False),
        pa.field("of", pa.int64(), nullable=False),
        pa.field("share", pa.float64(), nullable=False),
        pa.field("low", pa.float64()),  # 95 % of the share
        pa.field("high", pa.float64()),
        pa.field("ratio", pa.float64()),  # of the share to the one expected
        pa.field("median_area", pa.float64()),  # share of the picture
        pa.field("per_item", pa.float64()),  # regions of this label in an item that has it
        pa.field("items", pa.list_(pa.string())),
    ]
)


@dataclass(slots=True)
class Usable:
    """Regions with a usable box: whose, label number, pixels, share of the picture, cell."""

    item_ids: list[str]
    of: np.ndarray
    names: np.ndarray
    label: np.ndarray
    area: np.ndarray
    relative: np.ndarray
    cell: np.ndarray
    grid: int
    tested: int = 0
    by_label: list[np.ndarray] = field(init=False)

    def __post_init__(self) -> None:
        order = np.argsort(self.label, kind="stable")
        counts = np.bincount(self.label, minlength=len(self.names))
        self.by_label = np.split(order, np.cumsum(counts)[:-1])

    def row(
        self, kind: str, label: str, items: np.ndarray, of: int, n: int, count: int = -1
    ) -> Row:
        """A share of `of`, with the interval that `n` independent items give it."""
        self.tested += 1
        count = len(items) if count < 0 else count
        share = count / of
        low, high = share_bounds(share * n, n)
        shown = [self.item_ids[i] for i in dict.fromkeys(items.tolist())][:SHOWN]
        row: Row = dict.fromkeys(ROWS.names)
        return row | {
            "kind": kind, "label": label, "count": count, "of": of, "share": share,
            "low": low, "high": high, "items": shown,
        }  # fmt: skip


def kinds_of_rows(
    usable: Usable,
    attributes: Mapping[str, np.ndarray],
    least: int,
    visible: float,
    subject: str | None,
) -> list[Row]:
    """All rows, kind by kind, within each the strongest first, ties by label."""
    told = [
        (str(name), at, np.unique(usable.of[at]))
        for name, at in zip(usable.names, usable.by_label, strict=True)
        if name
    ]
    judged = [one for one in told if len(one[2]) >= least]
    everything = ("", np.arange(len(usable.of)), np.unique(usable.of))
    unseen = _asserted_unseen(usable, attributes, visible, subject)
    tiny = [row for one in [everything, *told] for row in _too_small(usable, *one)]
    places = [row for one in [everything, *judged] for row in _places(usable, *one)]
    company = list(_company(usable, told, judged))
    sizes = [_size(usable, *one) for one in told]
    return [
        *sorted(unseen, key=lambda r: (-r["low"], r["label"])),
        *sorted(tiny, key=lambda r: (r["label"] != "", -r["low"], r["label"])),
        *sorted(places, key=lambda r: (r["high"], r["label"], r["cell"])),
        *sorted(company, key=lambda r: (r["kind"], r["high"], r["label"])),
        *sorted(sizes, key=lambda r: (r["median_area"] or 0, r["label"])),
    ]


def _asserted_unseen(
    usable: Usable, attributes: Mapping[str, np.ndarray], visible: float, subject: str | None
) -> Iterator[Row]:
    """Attributes of items in which every region of the subject is under `visible` pixels."""
    at = np.flatnonzero(usable.names[usable.label] == subject)
    largest = np.full(len(usable.item_ids), np.nan)
    np.fmax.at(largest, usable.of[at], usable.area[at])
    for name, items in attributes.items() if len(at) else ():
        asserted = items[np.isfinite(largest[items])]
        hidden = asserted[largest[asserted] < visible]
        if len(asserted):
            hidden = hidden[np.argsort(largest[hidden], kind="stable")]
            yield usable.row("attribute", name, hidden, len(asserted), len(asserted))


def _too_small(usable: Usable, name: str, at: np.ndarray, items: np.ndarray) -> Iterator[Row]:
    """Regions under 32 x 32 pixels, the smallest first."""
    sized = at[np.isfinite(usable.area[at])]
    tiny = sized[usable.area[sized] < TINY]
    if len(tiny):
        tiny = tiny[np.argsort(usable.area[tiny], kind="stable")]
        row = usable.row("too small", name, usable.of[tiny], len(sized), len(items))
        yield row | _extent(usable, at, items)


def _places(usable: Usable, name: str, at: np.ndarray, items: np.ndarray) -> Iterator[Row]:
    """Cells that hold surely fewer middles than an even spread would."""
    placed = at[usable.cell[at] >= 0]
    if not len(placed):
        return
    grid, fair = usable.grid, usable.grid**2
    n = len(np.unique(usable.of[placed]))
    for cell, count in enumerate(np.bincount(usable.cell[placed], minlength=fair).tolist()):
        there = usable.of[placed[usable.cell[placed] == cell]]
        row = usable.row("place", name, there, len(placed), n, count)
        if row["high"] < 1 / fair:
            where = f"{cell // grid + 1}/{cell % grid + 1}"
            yield row | {"cell": f"{where} of {grid}", "ratio": row["share"] * fair}


_Told = tuple[str, np.ndarray, np.ndarray]


def _company(usable: Usable, told: list[_Told], judged: list[_Told]) -> Iterator[Row]:
    """Labels whose items never, or always, hold that label alone."""
    kinds = np.zeros(len(usable.item_ids), np.int64)
    for _name, _at, items in told:
        kinds[items] += 1
    lone = int((kinds == 1).sum()) / max(1, int((kinds > 0).sum()))
    for name, _at, items in judged if len(told) > 1 else ():
        alone = items[kinds[items] == 1]
        row = usable.row("never alone", name, alone, len(items), len(items))
        row["ratio"] = row["share"] / lone if lone else None
        if row["high"] < lone and not len(alone):
            yield row | {"items": [usable.item_ids[i] for i in items[:SHOWN].tolist()]}
        elif row["low"] > lone and len(alone) == len(items):
            yield row | {"kind": "always alone"}


def _size(usable: Usable, name: str, at: np.ndarray, items: np.ndarray) -> Row:
    """How many regions a label has, and how much of the picture the middle one fills."""
    order = at[np.argsort(np.nan_to_num(usable.relative[at], nan=np.inf), kind="stable")]
    row = usable.row("size", name, usable.of[order], len(usable.of), len(usable.item_ids))
    return row | {"low": None, "high": None} | _extent(usable, at, items)


def _extent(usable: Usable, at: np.ndarray, items: np.ndarray) -> Row:
    known = usable.relative[at][np.isfinite(usable.relative[at])]
    median = float(np.median(known)) if len(known) else None
    return {"median_area": median, "per_item": len(at) / len(items)}
