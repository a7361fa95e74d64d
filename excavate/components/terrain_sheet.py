"""Where each dataset stands on the Survey's sheet: years across, sizes up, the unknown beside.

A year in which nothing known here was made is drawn narrower; sizes stand on a log scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from excavate.components.terrain import Place

EMPTY_YEAR = 0.35  # of the width of a year with datasets
BAND = 0.13  # of the sheet: what is not known
TIGHT = 15.0  # marks nearer than this are moved apart, sideways
LOW, HIGH = 3, 6  # powers of ten that always stand


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of `width` x `height`; its plot lies between left, top, right and bottom."""

    width: float
    height: float
    left: float
    top: float
    right: float
    bottom: float
    years: dict[int, float]  # year -> middle of its column; those with datasets
    step: float  # width of a year with datasets
    decades: tuple[int, int]  # lowest and highest power of ten
    unknown_x: float | None  # middle of the band of unknown years; None: there is none
    unknown_y: float | None
    roots: float  # height of the lane above, for ancestors that have no dossier

    def x(self, year: int | None) -> float:
        """The middle of a year's column, or of the unknown."""
        return (self.unknown_x or 0) if year is None else self.years[year]

    def y(self, items: int | None) -> float:
        """The height of a number of pictures, or of the unknown."""
        if items is None:
            return self.unknown_y or 0
        low, high = self.decades
        return self.bottom - (log10(items) - low) / (high - low) * (self.bottom - self.top)


def lay_sheet(places: Sequence[Place], width: float, height: float, rooted: bool) -> Sheet:
    """A sheet that holds all of the places."""
    known = sorted({p.year for p in places if p.year is not None})
    unknown_year = any(p.year is None for p in places)
    unknown_size = any(p.items is None for p in places)
    roots = 64.0 if rooted else 0.0
    left, right = 58.0, width - 14
    plot_right = right - (width * BAND if unknown_year and known else 0)
    if not known:
        plot_right = left
    low_edge = height - 34
    bottom = low_edge - (height * BAND if unknown_size else 0)
    columns, step = _columns(known, left + 8, plot_right - 8)
    return Sheet(
        width, height, left, roots + 16, plot_right, bottom, columns, step, _decades(places),
        (plot_right + right) / 2 if unknown_year else None,
        (bottom + low_edge) / 2 + 4 if unknown_size else None, roots,
    )  # fmt: skip


def points(sheet: Sheet, places: Sequence[Place]) -> list[tuple[float, float]]:
    """A point for each place, moved sideways where marks would lie on one another."""
    found: list[tuple[float, float]] = []
    for place in places:
        x, y = sheet.x(place.year), sheet.y(place.items)
        unknown = place.year is None or place.items is None
        reach = int(_room(sheet, place) / 2 / TIGHT) if not unknown else 60
        found.append(_free(x, y, found, reach, sheet if unknown else None, place))
    return found


def _free(
    x: float, y: float, taken: Sequence[tuple[float, float]], reach: int,
    sheet: Sheet | None, place: Place,
) -> tuple[float, float]:  # fmt: skip
    """The nearest free spot: sideways, and in the unknown bands up and down as well."""
    for row in (0, -1, 1) if sheet and place.items is None else (0,):
        for k in range(2 * reach + 1):
            moved = x + (k + 1) // 2 * (TIGHT if k % 2 else -TIGHT)
            spot = (moved, y + row * TIGHT)
            if sheet and not _within_band(spot, sheet, place):
                continue
            if all(abs(spot[0] - a) >= TIGHT or abs(spot[1] - b) >= TIGHT for a, b in taken):
                return spot
    return (x, y)


def _within_band(spot: tuple[float, float], sheet: Sheet, place: Place) -> bool:
    if place.year is None:
        return sheet.right + 8 < spot[0] < sheet.width - 22
    return abs(spot[0] - sheet.x(place.year)) <= max(sheet.step / 2, TIGHT)


def _room(sheet: Sheet, place: Place) -> float:
    return max(sheet.step, TIGHT * 2)


def _columns(years: Sequence[int], left: float, right: float) -> tuple[dict[int, float], float]:
    if not years:
        return {}, 0.0
    every = range(years[0], years[-1] + 1)
    shares = [1.0 if year in set(years) else EMPTY_YEAR for year in every]
    unit = (right - left) / sum(shares)
    at, found = left, {}
    for year, share in zip(every, shares, strict=True):
        if share == 1.0:
            found[year] = at + unit / 2
        at += unit * share
    return found, unit


def _decades(places: Sequence[Place]) -> tuple[int, int]:
    sizes = [log10(p.items) for p in places if p.items]
    return min([LOW, *map(floor, sizes)]), max([HIGH, *map(ceil, sizes)])
