"""A drawing drawn again as it was: each bit of each stroke with its width and its moment."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

LONGEST_PAUSE = 600.0  # ms between two points: a longer one is shortened to this
MOST_POINTS = 20_000


@dataclass(frozen=True, slots=True)
class Bit:
    """From one point to the next: where, how wide, and when it is drawn (seconds)."""

    path: str
    width: float
    at: float


@dataclass(frozen=True, slots=True)
class Redrawn:
    """A drawing as an SVG can play it."""

    width: float
    height: float
    bits: tuple[Bit, ...]
    seconds: float


def redrawn(strokes: str) -> Redrawn | None:
    """The drawing of a member's strokes; None where there is none to be seen."""
    try:
        said = json.loads(strokes)
        wide, high = float(said["width"]), float(said["height"])
        points = [(one, _points(one)) for one in said["strokes"]]
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    if not (0 < wide < math.inf and 0 < high < math.inf) or sum(len(p) for _s, p in points) == 0:
        return None
    bits = _bits(points)
    return Redrawn(wide, high, tuple(bits), bits[-1].at if bits else 0.0)


def _points(stroke: Any) -> list[tuple[float, ...]]:
    points = [tuple(float(part) for part in one) for one in stroke["points"]]
    if any(len(one) != 4 or not all(map(math.isfinite, one)) for one in points):
        raise ValueError("not points")
    return points[:MOST_POINTS]


def _bits(strokes: list[tuple[Any, list[tuple[float, ...]]]]) -> list[Bit]:
    bits: list[Bit] = []
    clock, before = 0.0, None
    for stroke, points in strokes:
        start: tuple[float, ...] | None = None
        for x, y, pressure, moment in points:
            if before is not None:
                clock += min(LONGEST_PAUSE, max(0.0, moment - before))
            before = moment
            from_x, from_y = (start[0], start[1]) if start else (x, y)
            path = f"M{from_x:g} {from_y:g}L{x:g} {y:g}"
            bits.append(Bit(path, _width(stroke, pressure), round(clock / 1000, 3)))
            start = (x, y)
    return bits


def _width(stroke: Any, pressure: float) -> float:
    from excavate.counter.strokes import thickness

    try:
        wide = thickness(float(stroke.get("width", 1)), pressure, str(stroke.get("pen", "")))
    except (TypeError, ValueError):
        return 1.0
    return round(wide, 2) if math.isfinite(wide) and wide > 0 else 1.0
