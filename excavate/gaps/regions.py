"""Regions: where boxes and masks are small, where they never are, who never stands alone.

After REVISE (Wang, Narayanan and Russakovsky 2020), whose best question is kept: what is
asserted of a thing too small to show it. Sizes in pixels are COCO's (small under 32 x 32, large
from 96 x 96), places are the middles of the boxes in a grid against an even spread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from excavate.gaps.clustered import effective_items
from excavate.gaps.finding import Figure, Measured, NotMeasured, Outcome, Reference
from excavate.gaps.region_rows import ROWS, Asked, Row, Usable, kinds_of_rows
from excavate.gaps.region_shapes import FAULTS, areas, cells, faults
from excavate.gaps.shares import share_bounds
from excavate.i18n import N_

MEASURE = "regions"
SMALL, LARGE = 32**2, 96**2
SIZES = ("small", "medium", "large")
MOST_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class Drawn:
    """The regions of n items, m of them; `of` int64 (m,) says whose each is.

    sizes (n, 2): width and height of the pictures, NaN where unknown. boxes (m, 4): x, y, width,
    height in pixels of the original. geometry: JSON as the catalog keeps it, or None.
    attributes: {name: the items of which it is asserted, int64}. subject: bool (m,), whether it
    is what the attributes are said of, where its label alone does not tell.
    """

    item_ids: Sequence[str]
    sizes: np.ndarray
    of: np.ndarray
    kinds: Sequence[str]
    labels: Sequence[str | None]
    boxes: np.ndarray
    geometry: Sequence[str | None]
    attributes: Mapping[str, np.ndarray] = field(default_factory=dict)
    subject: np.ndarray | None = None


def regions(drawn: Drawn, asked: Asked) -> Outcome:
    """What the regions are too small, too far from, or never without. Linear, but for sorting.

    Intervals (Wilson 1927) count items, as the regions of one item are not independent, and
    fewer where items differ in their regions (clustered.py); what is rare is tested, and
    corrected for all tests (region_rows.py).
    Regions with coordinates that are no numbers, or with negative sides, are left out and told;
    those without area have no size; where no picture has a known size, places are not measured.
    A middle is held against an even spread: what is large cannot have its middle in a corner.
    An item without regions may be empty or may never have been looked at.
    """
    given: dict[str, Any] = {name: getattr(asked, name) for name in Asked.__dataclass_fields__}
    given["attributes"] = list(drawn.attributes)
    if not len(drawn.item_ids):
        return NotMeasured(MEASURE, given, N_("there are no items"))
    if not len(drawn.of):
        return NotMeasured(
            MEASURE, given, N_("no item has a region: nobody drew, or none was kept")
        )
    flat = np.isin(np.array(drawn.kinds, dtype=object), ["line", "point"])
    wrong = faults(drawn.boxes, drawn.sizes[drawn.of], flat)
    kept = np.flatnonzero((wrong != FAULTS.index("not a number")) & (wrong != 1))
    if not len(kept):
        return NotMeasured(MEASURE, given, N_("no region has a usable box"))
    usable = _usable(drawn, kept, asked)
    given["not_measured"] = _untold(usable, drawn)
    rows = [*kinds_of_rows(usable, drawn.attributes, asked)]
    rows += [_without(usable), *_fault_rows(drawn, wrong)]
    rows = [row for row in rows if row["count"] or row["kind"] in ("place", "never alone")]
    table = pa.Table.from_pylist(rows[:MOST_ROWS], schema=ROWS)
    figures = _figures(usable, len(drawn.of)) | {"rows": Figure(len(rows))}
    return Measured(MEASURE, given, Reference("itself"), table, figures, usable.tested)


def _usable(drawn: Drawn, kept: np.ndarray, asked: Asked) -> Usable:
    boxes, sizes = drawn.boxes[kept], drawn.sizes[drawn.of[kept]]
    kinds = [drawn.kinds[i] for i in kept]
    area = areas(kinds, [drawn.geometry[i] for i in kept], boxes)
    labels = np.array([drawn.labels[i] or "" for i in kept], dtype=object)
    names, number = np.unique(labels, return_inverse=True)
    return Usable(
        list(drawn.item_ids), drawn.of[kept], names, number, area,
        area / (sizes[:, 0] * sizes[:, 1]), cells(boxes, sizes, asked.grid), asked.grid,
        labels == asked.subject if drawn.subject is None else drawn.subject[kept],
    )  # fmt: skip


def _untold(usable: Usable, drawn: Drawn) -> dict[str, str]:
    untold = {}
    if (usable.cell < 0).all():
        untold["place"] = N_("no picture's size is known")
    if np.isnan(usable.area).all():
        untold["size"] = N_("lines and points have no size")
    if not drawn.attributes:
        untold["attribute"] = N_("nothing but metadata is said of the items")
    if not usable.subject.any():
        untold["subject"] = N_("no region has “{subject}” as its label or category")
    return untold


def _without(usable: Usable) -> Row:
    have = np.zeros(len(usable.item_ids), bool)
    have[usable.of] = True
    return usable.row("no region", "", np.flatnonzero(~have), len(have), len(have))


def _fault_rows(drawn: Drawn, wrong: np.ndarray) -> list[Row]:
    found = []
    for number, name in enumerate(FAULTS):
        items = drawn.of[wrong == number]
        if len(items):
            row: Row = dict.fromkeys(ROWS.names)
            row |= {"kind": "fault", "label": name, "count": len(items), "of": len(wrong)}
            row["share"] = len(items) / len(wrong)
            row["items"] = [drawn.item_ids[i] for i in dict.fromkeys(items.tolist())][:24]
            found.append(row)
    return found


def _figures(usable: Usable, drawn: int) -> dict[str, Figure]:
    items = len(usable.item_ids)
    per_item = np.bincount(usable.of, minlength=items)
    have = int((per_item > 0).sum())
    found = {
        "items": Figure(items),
        "items_with": Figure(have, None, None),
        "regions": Figure(drawn),
        "left_out": Figure(drawn - len(usable.of)),
        "labels": Figure(int((usable.names != "").sum())),
        "per_item": Figure(float(np.median(per_item[per_item > 0]))),
        "most_per_item": Figure(int(per_item.max())),
    }
    known = np.isfinite(usable.area)
    if known.any():
        found |= _sizes(usable.area[known], usable.of[known])
    relative = usable.relative[np.isfinite(usable.relative)]
    if len(relative):
        found["median_area"] = Figure(float(np.median(relative)))
    return found


def _sizes(area: np.ndarray, of: np.ndarray) -> dict[str, Figure]:
    """The shares of regions that are small, medium, large."""
    size = np.searchsorted([SMALL, LARGE], area, side="right")
    shares = np.bincount(size, minlength=len(SIZES)) / len(size)
    worth = effective_items(of, size, len(SIZES))
    return {
        name: Figure(float(share), *share_bounds(share * n, n))
        for name, share, n in zip(SIZES, shares, worth, strict=True)
    }
