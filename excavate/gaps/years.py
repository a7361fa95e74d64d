"""Years in which nothing is dated, and decades that are quieter than those beside them.

A run of empty years is held against the years next to it, as many on either side as it is long:
if items fell on each of them alike, all of the c items beside it would have missed the run with
(sides / (run + sides))^c. A run was looked for among all years, so each year that might have
begun one counts as a test. A decade is held against its two neighbours in the same way (a binomial
tail). Where the dates are those of creators, each creator counts once. Dates are read where they
are sure: 1987, 1987-05, 1987-05-31, 1987:05:31, with or without a time; anything else is not
dated, and is counted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from excavate.gaps.column_rows import SHOWN, Line
from excavate.gaps.pair_statistics import adjusted
from excavate.gaps.shares import share_bounds
from excavate.gaps.worded import Worded

DATE = re.compile(
    r"(1\d{3}|20\d{2}|21\d{2})(?:[-:/.](?:0?[1-9]|1[0-2])(?:[-:/.]\d{1,2}(?:[T ].*)?)?)?$"
)
WHOLE_DATE = re.compile(r"\d{4}[-:/.]\d{1,2}[-:/.]\d{1,2}")
NAMED = re.compile(r"year|date|연도|년도|날짜|일자|일시", re.IGNORECASE)
MOSTLY = 0.9  # of what a column states has to be a date


def year_of(value: str | None) -> int | None:
    """The year of a date that is sure."""
    found = DATE.match(value.strip()) if value else None
    return int(found[1]) if found else None


def is_dated(name: str, column: Worded) -> bool:
    """Whether a column holds dates: most of its values are, and its name or their form says so."""
    read = ~np.isnan(column.read(year_of))
    if not column.stated or column.counts[read].sum() < MOSTLY * column.stated:
        return False
    texts = (text for text, dated in zip(column.texts, read, strict=True) if dated)
    return bool(NAMED.search(name)) or all(WHOLE_DATE.match(text.strip()) for text in texts)


@dataclass(frozen=True, slots=True)
class _Time:
    """Years first..last with their items, and the items of so many years beside them."""

    check: str
    first: int
    last: int
    inside: int
    beside: int
    years_beside: int

    @property
    def expected(self) -> float:
        """The share of the window's items that would fall inside if all its years were alike."""
        own = self.last - self.first + 1
        return own / (own + self.years_beside)

    @property
    def p(self) -> float:
        """How often so few would fall inside by chance."""
        from scipy.special import bdtr

        return float(bdtr(self.inside, self.inside + self.beside, self.expected))


def quiet_times(
    name: str, column: Worded, alpha: float, creators: tuple[str, Worded] | None = None
) -> tuple[list[Line], int]:
    """(lines for empty runs of years and thin decades, how many were tested). O(items + years).

    `creators`: (name, column) of those whose dates they are: each is counted once.
    """
    years = _years(column)
    dated = _once(years, creators[1].codes) if creators else years[years >= 0]
    if not len(dated):
        return [], 0
    start = int(dated.min())
    counts = np.bincount(dated - start)
    runs, decades = _empty_runs(counts, start), _decades(counts, start)
    times, tested = runs + decades, len(counts) + len(decades)
    p = np.ones(tested)  # of the years that begin no run
    p[: len(times)] = [time.p for time in times]
    q = adjusted(p, "bh")
    by = creators[0] if creators else None
    lines = [_line(name, t, float(q[n]), years, by) for n, t in enumerate(times) if q[n] <= alpha]
    return [line for line in lines if line.strength > 0], tested


def _once(years: np.ndarray, creators: np.ndarray) -> np.ndarray:
    """The years of items, one for each creator; an item of nobody stands for itself."""
    dated = years >= 0
    _, first = np.unique(creators[dated & (creators >= 0)], return_index=True)
    of_creators = years[dated & (creators >= 0)][first]
    return np.concatenate([of_creators, years[dated & (creators < 0)]])


def silent_years(column: Worded) -> tuple[int, int]:
    """(years without an item between the first and the last that have one, all those years)."""
    there = np.unique(_years(column))
    there = there[there >= 0]
    span = int(there[-1] - there[0]) + 1 if len(there) else 0
    return span - len(there), span


def _years(column: Worded) -> np.ndarray:
    """int64 (items,): -1 where no year is sure."""
    years = np.nan_to_num(column.spread(column.read(year_of)), nan=-1)
    return np.asarray(years.astype(np.int64))


def _empty_runs(counts: np.ndarray, start: int) -> list[_Time]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], counts == 0, [0]])))
    found = []
    for begin, end in edges.reshape(-1, 2):
        wide = end - begin
        left, right = counts[max(0, begin - wide) : begin], counts[end : end + wide]
        beside, around = int(left.sum() + right.sum()), len(left) + len(right)
        found.append(
            _Time("silent-years", int(start + begin), int(start + end - 1), 0, beside, around)
        )
    return found


def _decades(counts: np.ndarray, start: int) -> list[_Time]:
    """Whole decades that have a whole one on either side; empty ones are runs already."""
    before = start % 10
    full = np.concatenate([np.zeros(before, int), counts])
    tens = full[: len(full) // 10 * 10].reshape(-1, 10).sum(axis=1)
    first_whole = 1 if before else 0
    return [
        _Time(
            "thin-decade", start - before + 10 * n, start - before + 10 * n + 9,
            int(tens[n]), int(tens[n - 1] + tens[n + 1]), 20,
        )
        for n in range(first_whole + 1, len(tens) - 1)
        if tens[n]
    ]  # fmt: skip


def _line(name: str, time: _Time, q: float, years: np.ndarray, by: str | None) -> Line:
    low, high = share_bounds(time.inside, time.inside + time.beside)
    said = f"{time.first}–{time.last}" if time.last > time.first else str(time.first)
    return Line(
        time.check, name, time.inside, time.inside + time.beside, low, high,
        1 - high / time.expected, value=said, group_column=by,
        expected=time.expected, q=q, items=_nearest(time, years),
    )  # fmt: skip


def _nearest(time: _Time, years: np.ndarray) -> list[int]:
    """Items dated closest to the time, those inside it first."""
    away = np.maximum(0, np.maximum(time.first - years, years - time.last))
    away = np.where(years >= 0, away, np.iinfo(np.int64).max)
    order = np.argsort(away, kind="stable")[:SHOWN]
    return [int(n) for n in order if years[n] >= 0]
