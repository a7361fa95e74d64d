"""A drawing as it was made: strokes with pressure and time, kept as data beside their picture.

JSON: {"width", "height", "strokes": [{"pen", "width", "points": [[x, y, pressure, ms], …]}, …]}
in units of the sheet; pressure 0 to 1 (0.5 where a device tells none), ms since the first touch.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from excavate.errors import InputFault

if TYPE_CHECKING:
    from PIL.Image import Image

PENS = ("pen", "touch", "mouse")
PLACE = "The drawing"
MOST_TEXT = 1_500_000  # characters: 20,000 points with long numbers
MOST_STROKES, MOST_POINTS = 500, 20_000
LEAST_SIDE, MOST_SIDE = 16, 4096
LEAST_WIDTH, WIDEST = 0.5, 0.25  # units; a share of the longest side
MOST_INK = 400.0  # sheets that the lines would cover side by side: what drawing them costs
LONGEST = 24 * 3600 * 1000.0  # ms: nobody draws longer
SIZE = 512  # pixels of the longest side of a drawn picture
FINER = 2  # it is drawn so many times larger, so that its edges are soft
PAPER, INK = 255, 0


@dataclass(frozen=True, slots=True)
class Stroke:
    """One line, from pen down to pen up. A point is (x, y, pressure, ms)."""

    pen: str
    width: float
    points: tuple[tuple[float, float, float, float], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A sheet and what was drawn on it, in the order it was drawn."""

    width: float
    height: float
    strokes: tuple[Stroke, ...]


def strokes_faults(text: str) -> list[InputFault]:
    """What keeps a text from being a drawing: not its form, nothing drawn, or too much."""
    try:
        return list(_faults(_read(text)))
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
        return [InputFault(PLACE, "is not written as strokes are")]


def read_strokes(text: str) -> Drawing:
    """The drawing that a text without faults holds. Raises ValueError of any other."""
    if strokes_faults(text):
        raise ValueError("not strokes")
    return _read(text)


def written(drawing: Drawing) -> str:
    """A drawing as text; reading it again gives the same drawing."""
    strokes = [
        {"pen": one.pen, "width": one.width, "points": [list(point) for point in one.points]}
        for one in drawing.strokes
    ]
    said = {"width": drawing.width, "height": drawing.height, "strokes": strokes}
    return json.dumps(said, separators=(",", ":"))


def drawn(strokes: str, size: int = SIZE) -> Image:
    """The picture of a drawing: dark ink on white paper, one channel of grey (mode L).

    `size` is its longest side in pixels. Raises ValueError where it is no drawing.
    """
    return _drawn(strokes, size).copy()


@lru_cache(maxsize=8)
def _drawn(strokes: str, size: int) -> Image:
    """Drawn once: keeping a drawing, landing it and showing its form all ask for it."""
    from PIL import Image, ImageDraw

    sheet = read_strokes(strokes)
    scale = size * FINER / max(sheet.width, sheet.height)
    wide, high = (max(1, round(side * scale / FINER)) for side in (sheet.width, sheet.height))
    large = Image.new("L", (wide * FINER, high * FINER), PAPER)
    pencil = ImageDraw.Draw(large)
    for one in sheet.strokes:
        _line(pencil, one, scale)
    return large.resize((wide, high), Image.Resampling.BOX)


def thickness(width: float, pressure: float, pen: str) -> float:
    """How wide a line is at a point: a pen's follows its pressure, others keep theirs."""
    return width * (0.4 + 1.2 * pressure) if pen == "pen" else width


def _line(pencil: Any, stroke: Stroke, scale: float) -> None:
    before: tuple[float, float, float] | None = None
    for x, y, pressure, _ms in stroke.points:
        radius = thickness(stroke.width, pressure, stroke.pen) * scale / 2
        here = (x * scale - 0.5, y * scale - 0.5, radius)  # Pillow counts from pixels' centres
        _dot(pencil, *here)
        if before is not None:
            _side(pencil, before, here)
        before = here


def _dot(pencil: Any, x: float, y: float, radius: float) -> None:
    pencil.ellipse((x - radius, y - radius, x + radius, y + radius), fill=INK)


def _side(pencil: Any, start: tuple[float, float, float], end: tuple[float, float, float]) -> None:
    """What lies between two round points, each as wide as it is."""
    (x0, y0, r0), (x1, y1, r1) = start, end
    length = math.hypot(x1 - x0, y1 - y0)
    if length < 1e-9:
        return
    nx, ny = (y0 - y1) / length, (x1 - x0) / length
    pencil.polygon(
        [(x0 + nx * r0, y0 + ny * r0), (x1 + nx * r1, y1 + ny * r1),
         (x1 - nx * r1, y1 - ny * r1), (x0 - nx * r0, y0 - ny * r0)], fill=INK,
    )  # fmt: skip


def _read(text: str) -> Drawing:
    if len(text) > MOST_TEXT:
        raise ValueError("too long")
    said = json.loads(text)
    strokes = tuple(_stroke(one) for one in _listed(said["strokes"]))
    return Drawing(_number(said["width"]), _number(said["height"]), strokes)


def _stroke(said: Any) -> Stroke:
    points = tuple(_point(one) for one in _listed(said["points"]))
    return Stroke(str(said["pen"]), _number(said["width"]), points)


def _point(said: Any) -> tuple[float, float, float, float]:
    x, y, pressure, ms = _listed(said)
    return _number(x), _number(y), _number(pressure), _number(ms)


def _listed(said: Any) -> list[Any]:
    if not isinstance(said, list):
        raise TypeError("not a list")
    return said


def _number(said: Any) -> float:
    if isinstance(said, bool) or not isinstance(said, int | float) or not math.isfinite(said):
        raise ValueError("not a number")
    return float(said)


def _faults(drawing: Drawing) -> Iterator[InputFault]:
    points = sum(len(one.points) for one in drawing.strokes)
    if not all(LEAST_SIDE <= side <= MOST_SIDE for side in (drawing.width, drawing.height)):
        yield InputFault(PLACE, f"its sides are {LEAST_SIDE} to {MOST_SIDE} units")
    if points == 0:
        yield InputFault(PLACE, "nothing is drawn yet")
    if len(drawing.strokes) > MOST_STROKES or points > MOST_POINTS:
        yield InputFault(PLACE, f"at most {MOST_STROKES} strokes of {MOST_POINTS} points are kept")
    if any(not _is_drawable(one, drawing) for one in drawing.strokes):
        yield InputFault(PLACE, "holds a stroke that cannot be drawn")
    elif sum(map(_inked, drawing.strokes)) > MOST_INK * max(drawing.width, drawing.height) ** 2:
        yield InputFault(PLACE, "holds more ink than its sheet can take")


def _inked(stroke: Stroke) -> float:
    """What its dots and the lines between them cover, were they beside each other."""
    ends = zip(stroke.points, stroke.points[1:], strict=False)
    length = sum(math.hypot(x1 - x0, y1 - y0) for (x0, y0, *_), (x1, y1, *_) in ends)
    return stroke.width * (stroke.width * len(stroke.points) + length)


def _is_drawable(stroke: Stroke, drawing: Drawing) -> bool:
    """Pens we know, widths that can be seen, points on the sheet or just beside it."""
    return (
        stroke.pen in PENS
        and LEAST_WIDTH <= stroke.width <= WIDEST * max(drawing.width, drawing.height)
        and all(
            -drawing.width <= x <= 2 * drawing.width
            and -drawing.height <= y <= 2 * drawing.height
            and 0 <= pressure <= 1
            and 0 <= ms <= LONGEST
            for x, y, pressure, ms in stroke.points
        )
    )
