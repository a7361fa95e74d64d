"""Where each dataset stands on the Survey's sheet: years across, sizes up, the unknown beside.

A year in which nothing known here was made is drawn narrower; sizes stand on a log scale. What
was brought, unverified, sets no axis: it stands at the edge where it lies beyond, and beside the
sheet where its year is not known or no room is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil, floor, log10

from excavate.components.terrain import Place

EMPTY_YEAR = 0.35  # of the width of a year with datasets
BAND = 0.13  # of the sheet's height: what has no size
UNDATED = (0.2, 0.27)  # of the sheet's width: what has no year, where they are few and many
TIGHT = 19.0  # marks nearer than this are moved apart, sideways
LOW, HIGH = 3, 6  # powers of ten that always stand
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Axes:
    """The years and the powers of ten that a sheet reaches over; finds lie within or beyond."""

    years: tuple[int, ...]  # those with datasets, in order
    decades: tuple[int, int]

    def beyond_years(self, place: Place) -> bool:
        """Whether a place's year lies outside."""
        years = self.years
        return bool(place.year and years and not years[0] <= place.year <= years[-1])

    def beyond_sizes(self, place: Place) -> bool:
        """Whether a place's size lies outside."""
        low, high = self.decades
        return bool(place.items) and not 10**low <= (place.items or 0) <= 10**high


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
    unknown_x: float | None  # where marks of unknown years stand; None: there are none
    unknown_y: float | None
    roots: float  # height of the lane above, for ancestors that have no dossier

    def x(self, year: int | None) -> float:
        """The middle of a year's column, the edge where it lies beyond, or of the unknown."""
        if year is None:
            return self.unknown_x or 0
        first = next(iter(self.years), year)
        return self.years.get(year, self.left + 10 if year < first else self.right - 10)

    def y(self, items: int | None) -> float:
        """The height of a number of pictures, the edge where it lies beyond, or of the unknown."""
        if items is None:
            return self.unknown_y or 0
        low, high = self.decades
        power = min(max(log10(items), low), high)
        return self.bottom - (power - low) / (high - low) * (self.bottom - self.top)


def axes(places: Sequence[Place]) -> Axes:
    """What the sheet reaches over: as far as what is known, to this year where a find is of it.

    Where nothing but finds is there, they set the axes.
    """
    known = [place for place in places if place.kind != "find"] or places
    years = {place.year for place in known if place.year}
    if years:
        last = max(*years, datetime.now(UTC).year)
        years |= {p.year for p in places if p.year and min(years) <= p.year <= last}
    else:
        years = {place.year for place in places if place.year}
    return Axes(tuple(sorted(years)), _decades(known))


def stands_aside(place: Place) -> bool:
    """A find whose year is not known: the sheet has no place for it, however many there are."""
    return place.kind == "find" and place.year is None


def lay_sheet(places: Sequence[Place], width: float, height: float, rooted: bool) -> Sheet:
    """A sheet that holds all of the places but those that stand aside."""
    reach = axes(places)
    known = reach.years
    places = [place for place in places if not stands_aside(place)]
    undated = sum(p.year is None for p in places)
    wide = width * UNDATED[undated > 4]
    unknown_size = any(p.items is None for p in places)
    roots = 64.0 if rooted else 0.0
    left, right = 58.0, width - 14
    plot_right = right - (wide if undated and known else 0)
    if not known:
        plot_right = left
    low_edge = height - 34
    bottom = low_edge - (height * BAND if unknown_size else 0)
    columns, step = _columns(known, left + 8, plot_right - 8)
    return Sheet(
        width, height, left, roots + 16, plot_right, bottom, columns, step, reach.decades,
        plot_right + 22 if undated else None,
        (bottom + low_edge) / 2 + 4 if unknown_size else None, roots,
    )  # fmt: skip


def points(sheet: Sheet, places: Sequence[Place]) -> list[Point | None]:
    """A point for each place, moved sideways where marks would lie on one another.

    None for a find that the sheet has no room for.
    """
    found: list[Point | None] = []
    for place in places:
        spot = None if stands_aside(place) else _free(sheet, place, [p for p in found if p])
        if spot is None and place.kind != "find":
            spot = (sheet.x(place.year), sheet.y(place.items))
        found.append(spot)
    return found


def _free(sheet: Sheet, place: Place, taken: Sequence[Point]) -> Point | None:
    """The nearest free spot; with no size, up and down the band as well."""
    x, y = sheet.x(place.year), sheet.y(place.items)
    steps = range(4) if place.year is None else (0, -1, 1, -2, 2)
    for row in (0, -1, 1) if place.items is None else (0,):
        for step in steps:
            spot = (x + step * TIGHT, y + row * TIGHT)
            if all(abs(spot[0] - a) >= TIGHT or abs(spot[1] - b) >= TIGHT for a, b in taken):
                return spot
    return None


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
