"""Drawings for tests: shapes by hand and any that hypothesis thinks of."""

from __future__ import annotations

import math
from collections.abc import Sequence

from hypothesis import strategies as st

from excavate.counter.strokes import Drawing, Stroke, written

SHEET = 512.0
Line = Sequence[tuple[float, float]]
BAR: list[Line] = [[(256, 90), (252, 420)]]
RING: list[Line] = [
    [(256 + 90 * math.cos(n / 6), 256 + 160 * math.sin(n / 6)) for n in range(39)]
]  # fmt: skip
SEVEN: list[Line] = [[(140, 90), (370, 90), (230, 430)]]


def strokes(lines: Sequence[Line], width: float = 24, pen: str = "mouse") -> str:
    """Lines as the text of a drawing."""
    made = [Stroke(pen, width, tuple((x, y, 0.5, 10.0 * n) for n, (x, y) in enumerate(line)))
            for line in lines]  # fmt: skip
    return written(Drawing(SHEET, SHEET, tuple(made)))


def numbers(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False, allow_infinity=False)


def drawings(least_width: float = 1, least_pressure: float = 0) -> st.SearchStrategy[Drawing]:
    """Any drawing; with a least width and pressure, one whose lines are wider than a pixel."""
    points = st.tuples(
        numbers(0, 512), numbers(0, 512), numbers(least_pressure, 1), numbers(0, 60_000)
    )
    pens = st.sampled_from(("pen", "touch", "mouse"))
    lines = st.lists(points, min_size=1, max_size=6).map(tuple)
    drawn = st.lists(
        st.builds(Stroke, pens, numbers(least_width, 60), lines), min_size=1, max_size=4
    )
    return st.builds(Drawing, st.just(SHEET), st.just(SHEET), drawn.map(tuple))
