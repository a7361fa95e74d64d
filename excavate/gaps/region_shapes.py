"""How large a region is, where its middle lies, and which regions can be measured at all.

A box is x, y, width, height from the upper left corner: its middle is x + width / 2. (A middle
taken as x0 + x1 / 2 of two corners lies off the box by half of x0.)
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

SLACK = 0.01  # pixels: a hair's breadth off the picture is rounding
FAULTS = ("not a number", "negative", "no area", "off the picture")


def middles(boxes: np.ndarray) -> np.ndarray:
    """(m, 2) middles of boxes (m, 4) of x, y, width, height."""
    return boxes[:, :2] + boxes[:, 2:] / 2


def cells(boxes: np.ndarray, sizes: np.ndarray, grid: int) -> np.ndarray:
    """int (m,): row * grid + column of each middle; -1 where it cannot be told.

    sizes (m, 2): width and height of the picture, NaN where they are not known. A middle off
    its picture is in no cell.
    """
    with np.errstate(all="ignore"):
        place = middles(boxes) / sizes
    inside = np.isfinite(place).all(axis=1) & (place >= 0).all(axis=1) & (place <= 1).all(axis=1)
    at = np.minimum((np.where(inside[:, None], place, 0) * grid).astype(np.int64), grid - 1)
    return np.where(inside, at[:, 1] * grid + at[:, 0], -1)


def faults(boxes: np.ndarray, sizes: np.ndarray, flat: np.ndarray) -> np.ndarray:
    """int (m,): the first of FAULTS that each region has; -1 for none.

    `flat` bool (m,): lines and points, which have no area of their own.
    """
    x, y, width, height = boxes.T
    with np.errstate(all="ignore"):
        off = (x < -SLACK) | (y < -SLACK)
        off |= (x + width > sizes[:, 0] + SLACK) | (y + height > sizes[:, 1] + SLACK)
        none = ((width == 0) | (height == 0)) & ~flat
        tests = (~np.isfinite(boxes).all(axis=1), (width < 0) | (height < 0), none, off)
    found = np.full(len(boxes), -1)
    for number, wrong in reversed(list(enumerate(tests))):
        found[wrong] = number
    return found


def areas(kinds: Sequence[str], geometry: Sequence[str | None], boxes: np.ndarray) -> np.ndarray:
    """Float (m,): pixels that each region covers; NaN for lines, points and what has no area.

    Of a mask its pixels, of a polygon the area of its rings (overlaps counted twice), of a
    circle its disc; of a box, and where the shape cannot be read, width times height.
    """
    found = boxes[:, 2] * boxes[:, 3]
    for at, (kind, shape) in enumerate(zip(kinds, geometry, strict=True)):
        if kind in ("line", "point"):
            found[at] = math.nan
        elif kind in _AREAS and shape:
            try:
                found[at] = _AREAS[kind](json.loads(shape))
            except (ValueError, TypeError, KeyError, IndexError):
                continue
    return np.where(np.isfinite(found) & (found > 0), found, math.nan)


def _of_polygon(rings: Sequence[Sequence[float]]) -> float:
    total = 0.0
    for ring in rings:
        x, y = np.asarray(ring[0::2], float), np.asarray(ring[1::2], float)
        total += abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2
    return total


def _of_mask(encoding: Mapping[str, Any]) -> float:
    counts = encoding["counts"]
    if isinstance(counts, str):
        from pycocotools import mask

        size = [int(side) for side in encoding["size"]]
        return float(mask.area({"size": size, "counts": counts.encode("ascii")}))
    return float(sum(counts[1::2]))


def _of_circle(circle: Mapping[str, Any]) -> float:
    return math.pi * float(circle["radius"]) ** 2


_AREAS: dict[str, Callable[[Any], float]] = {
    "polygon": _of_polygon, "mask": _of_mask, "circle": _of_circle,
}  # fmt: skip
