"""The rows of `regions`: too small, rarely here, never alone; and how large each label is.

Whether a cell is rare, or a label surely never or always alone, is tested for every label, and
corrected for all these tests (q, Benjamini and Hochberg 1995).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from excavate.gaps.clustered import effective_items, rarer
from excavate.gaps.pair_statistics import adjusted
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
        pa.field("q", pa.float64()),  # the share of false rows if all so unlikely are told
        pa.field("median_area", pa.float64()),  # share of the picture
        pa.field("per_item", pa.float64()),  # regions of this label in an item that has it
        pa.field("items", pa.list_(pa.string())),
    ]
)


@dataclass(frozen=True, slots=True)
class Asked:
    """`grid` cells a side; a label in fewer than `least` items is not judged; an attribute is
    asserted of `subject`, which shows nothing under `visible` pixels; `alpha`: the share of
    false rows to put up with among those that were tested."""

    grid: int = 3
    least: int = 5
    subject: str | None = None
    visible: float = 1000.0
    alpha: float = 0.05


@dataclass(slots=True)
class Usable:
    """Regions with a usable box: whose, label number, pixels, share of the picture, cell, and
    whether each is of what the attributes are said of."""

    item_ids: list[str]
    of: np.ndarray
    names: np.ndarray
    label: np.ndarray
    area: np.ndarray
    relative: np.ndarray
    cell: np.ndarray
    grid: int
    subject: np.ndarray
    tested: int = 0
    by_label: list[np.ndarray] = field(init=False)

    def __post_init__(self) -> None:
        order = np.argsort(self.label, kind="stable")
        counts = np.bincount(self.label, minlength=len(self.names))
        self.by_label = np.split(order, np.cumsum(counts)[:-1])

    def row(
        self, kind: str, label: str, items: np.ndarray, of: int, n: float, count: int = -1
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


def kinds_of_rows(usable: Usable, attributes: Mapping[str, np.ndarray], asked: Asked) -> list[Row]:
    """All rows, kind by kind, within each the strongest first, ties by label."""
    told = [
        (str(name), at, np.unique(usable.of[at]))
        for name, at in zip(usable.names, usable.by_label, strict=True)
        if name
    ]
    judged = [one for one in told if len(one[2]) >= asked.least]
    everything = ("", np.arange(len(usable.of)), np.unique(usable.of))
    unseen = _asserted_unseen(usable, attributes, asked.visible)
    tiny = [row for one in [everything, *told] for row in _too_small(usable, *one)]
    places = _places(usable, [everything, *judged], asked.alpha)
    company = list(_company(usable, told, judged, asked.alpha))
    sizes = [_size(usable, *one) for one in told]
    return [
        *sorted(unseen, key=lambda r: (-r["low"], r["label"])),
        *sorted(tiny, key=lambda r: (r["label"] != "", -r["low"], r["label"])),
        *sorted(places, key=lambda r: (r["high"], r["label"], r["cell"])),
        *sorted(company, key=lambda r: (r["kind"], r["high"], r["label"])),
        *sorted(sizes, key=lambda r: (r["median_area"] or 0, r["label"])),
    ]


def _asserted_unseen(
    usable: Usable, attributes: Mapping[str, np.ndarray], visible: float
) -> Iterator[Row]:
    """Attributes of items in which every region of the subject is under `visible` pixels."""
    at = np.flatnonzero(usable.subject)
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
        n = effective_items(usable.of[sized], (usable.area[sized] < TINY).astype(int), 2)[1]
        tiny = tiny[np.argsort(usable.area[tiny], kind="stable")]
        row = usable.row("too small", name, usable.of[tiny], len(sized), n)
        yield row | _extent(usable, at, items)


_Told = tuple[str, np.ndarray, np.ndarray]


def _places(usable: Usable, judged: Sequence[_Told], alpha: float) -> list[Row]:
    """Cells that hold surely fewer middles than an even spread would, of all that were tested."""
    fair = usable.grid**2
    tests = []
    for name, at, _items in judged:
        placed = at[usable.cell[at] >= 0]
        if len(placed):
            cell = usable.cell[placed]
            share = np.bincount(cell, minlength=fair) / len(placed)
            n = effective_items(usable.of[placed], cell, fair)
            tests.append((name, placed, n, rarer(share, n, 1 / fair)))
    q = adjusted(np.concatenate([np.zeros(0), *(p for *_, p in tests)]), "bh").reshape(-1, fair)
    usable.tested += q.size
    rows = [
        _place(usable, name, placed, int(cell), float(n[cell])) | {"q": float(of[cell])}
        for (name, placed, n, _p), of in zip(tests, q, strict=True)
        for cell in np.flatnonzero(of < alpha)
    ]
    return [row for row in rows if row["high"] < 1 / fair]


def _place(usable: Usable, name: str, placed: np.ndarray, cell: int, n: float) -> Row:
    there = usable.of[placed[usable.cell[placed] == cell]]
    row = usable.row("place", name, there, len(placed), n)
    where = f"{cell // usable.grid + 1}/{cell % usable.grid + 1} of {usable.grid}"
    usable.tested -= 1  # counted with its kind
    return row | {"cell": where, "ratio": row["share"] * usable.grid**2}


def _company(
    usable: Usable, told: Sequence[_Told], judged: Sequence[_Told], alpha: float
) -> Iterator[Row]:
    """Labels whose items never, or always, hold that label alone, of all that were tested."""
    kinds = np.zeros(len(usable.item_ids), np.int64)
    for _name, _at, items in told:
        kinds[items] += 1
    lone = int((kinds == 1).sum()) / max(1, int((kinds > 0).sum()))
    if len(told) < 2 or not judged:
        return
    share = np.array([(kinds[items] == 1).mean() for *_, items in judged])
    of = np.array([len(items) for *_, items in judged], float)
    q = adjusted(np.concatenate([rarer(share, of, lone), rarer(1 - share, of, 1 - lone)]), "bh")
    usable.tested += len(judged)  # each row below is the other of its two tests
    for (name, _at, items), never, always in zip(judged, *np.split(q, 2), strict=True):
        alone = items[kinds[items] == 1]
        row = usable.row("never alone", name, alone, len(items), len(items))
        row["ratio"] = row["share"] / lone if lone else None
        if never < alpha and row["high"] < lone and not len(alone):
            shown = [usable.item_ids[i] for i in items[:SHOWN].tolist()]
            yield row | {"items": shown, "q": float(never)}
        elif always < alpha and row["low"] > lone and len(alone) == len(items):
            yield row | {"kind": "always alone", "q": float(always)}


def _size(usable: Usable, name: str, at: np.ndarray, items: np.ndarray) -> Row:
    """How many regions a label has, and how much of the picture the middle one fills."""
    order = at[np.argsort(np.nan_to_num(usable.relative[at], nan=np.inf), kind="stable")]
    row = usable.row("size", name, usable.of[order], len(usable.of), len(usable.item_ids))
    return row | {"low": None, "high": None} | _extent(usable, at, items)


def _extent(usable: Usable, at: np.ndarray, items: np.ndarray) -> Row:
    known = usable.relative[at][np.isfinite(usable.relative[at])]
    median = float(np.median(known)) if len(known) else None
    return {"median_area": median, "per_item": len(at) / len(items)}
