"""Cliffs: a value at which a numeric column suddenly stops, as a filter at a threshold leaves it.

At every value t the items up to h below it are counted and those up to h above it, t itself with
the fuller side: of a smooth column about half are on either side.
A cliff is told where the emptier side has, by the upper 95 % bound, less than 1 in `drop` of the
fuller one, with Benjamini-Hochberg over all t of all columns. h is Freedman and Diaconis' bin width
(1981), 2 IQR / n^(1/3). The test is McCrary's idea (2008) by counts instead of densities.

Not told: where most of the fuller side is one single value (a habit of rounding, not a rule);
near zero in columns that have nothing below it; columns of whole numbers that are all different
(numbers of items); columns of fewer than DISTINCT values. A cliff says that something stops there,
not who stopped it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from excavate.gaps.column_rows import SHOWN, Line
from excavate.gaps.pair_statistics import adjusted
from excavate.gaps.shares import share_bounds
from excavate.gaps.worded import Worded

MOSTLY = 0.9  # of what a column states has to be a number
DISTINCT = 20
FULLER = 20  # items at least on the fuller side
HEAP = 0.5
PLACES = 5_000  # values looked at in one column


@dataclass(frozen=True, slots=True)
class Edges:
    """Places of one column, each (places,): `below` is whether the emptier side lies below."""

    column: str
    numbers: np.ndarray  # (items,), NaN where nothing is said
    at: np.ndarray
    below: np.ndarray
    few: np.ndarray
    many: np.ndarray
    p: np.ndarray
    width: float


def numbers_of(column: Worded) -> np.ndarray | None:
    """The column as numbers, NaN where nothing is said; None where it is no column of numbers."""
    read = column.read(_number)
    sure = int(column.counts[~np.isnan(read)].sum())
    return column.spread(read) if sure and sure >= MOSTLY * column.stated else None


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def edges(column: str, numbers: np.ndarray, drop: float) -> Edges | None:
    """Every place of a column with its p; None where it has no places. O(n log n)."""
    from scipy.special import bdtr

    values = np.sort(numbers[np.isfinite(numbers)])
    distinct = np.unique(values)
    whole = bool((values == np.floor(values)).all())
    if len(distinct) < DISTINCT or (whole and len(distinct) == len(values)):
        return None
    width = _width(values, whole)
    at = distinct[np.unique(np.linspace(0, len(distinct) - 1, PLACES).astype(int))]
    at = at[at > width] if values[0] >= 0 else at
    few, many = _sides(values, at, width)
    p = np.where(many < FULLER, 1.0, bdtr(few, few + many, 1 / (1 + drop)))
    below = np.repeat([True, False], len(at))
    return Edges(column, numbers, np.tile(at, 2), below, few, many, p, width)


def _width(values: np.ndarray, whole: bool) -> float:
    quarter, half = np.quantile(values, (0.25, 0.75))
    width = 2 * float(half - quarter) / len(values) ** (1 / 3)
    width = width or float(values[-1] - values[0]) / 50
    return max(2.0, float(np.ceil(width))) if whole else width


def _sides(values: np.ndarray, at: np.ndarray, width: float) -> tuple[np.ndarray, np.ndarray]:
    """(items on the side that may be empty, on the other): first for below, then for above."""

    def under(place: np.ndarray, side: Literal["left", "right"]) -> np.ndarray:
        return np.searchsorted(values, place, side)

    down = under(at, "left") - under(at - width, "left")  # [t - h, t)
    from_t = under(at + width, "left") - under(at, "left")  # [t, t + h)
    up = under(at + width, "right") - under(at, "right")  # (t, t + h]
    to_t = under(at, "right") - under(at - width, "right")  # (t - h, t]
    return np.concatenate([down, up]), np.concatenate([from_t, to_t])


def cliffs(found: Sequence[Edges], alpha: float, drop: float) -> tuple[list[Line], int]:
    """(a line for each cliff, how many places were tested)."""
    tested = sum(len(one.p) for one in found)
    if not tested:
        return [], 0
    q = adjusted(np.concatenate([one.p for one in found]), "bh")
    lines = []
    for one, own in zip(found, np.split(q, np.cumsum([len(e.p) for e in found])[:-1]), strict=True):
        lines += [_line(one, n, float(own[n]), drop) for n in _peaks(one, own <= alpha)]
    return [line for line in lines if line.strength > 0], tested


def _peaks(found: Edges, telling: np.ndarray) -> list[int]:
    """The clearest places, none within two widths of a clearer one; heaps left out."""
    kept: list[int] = []
    for n in np.lexsort((found.at, -found.many, found.few, found.p)):
        near = any(abs(found.at[n] - found.at[k]) <= 2 * found.width for k in kept)
        if telling[n] and not near and not _heaped(found, int(n)):
            kept.append(int(n))
    return kept


def _heaped(found: Edges, n: int) -> bool:
    _, counts = np.unique(found.numbers[_fuller(found, n)], return_counts=True)
    return bool(counts.max() > HEAP * counts.sum())


def _fuller(found: Edges, n: int) -> np.ndarray:
    """Which items are on the fuller side of a place."""
    away = found.numbers - found.at[n]
    away = away if found.below[n] else -away
    return np.asarray((away >= 0) & (away < found.width))


def _line(found: Edges, n: int, q: float, drop: float) -> Line:
    few, of = int(found.few[n]), int(found.few[n] + found.many[n])
    low, high = share_bounds(few, of)
    fuller = _fuller(found, n)
    order = np.argsort(np.where(fuller, np.abs(found.numbers - found.at[n]), np.inf), kind="stable")
    return Line(
        "cliff", found.column, few, of, low, high, 1 - high * (1 + drop),
        value=f"{'<' if found.below[n] else '>'} {found.at[n]:g}", expected=0.5, q=q,
        items=[int(i) for i in order[: min(SHOWN, int(fuller.sum()))]],
    )  # fmt: skip
