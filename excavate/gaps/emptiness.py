"""What a column does not say: empty cells, in all and in some groups, and remainders by name."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from excavate.gaps.column_rows import Columns, Line, first
from excavate.gaps.pair_statistics import adjusted, exact_p
from excavate.gaps.shares import share_bounds, wilson
from excavate.gaps.worded import Worded

RESIDUAL = Path(__file__).with_name("tables") / "residual.toml"
FEW_NAMES, OFTEN = 1_000, 10
MOST_GROUPS = 50  # a column with more values makes no groups


@lru_cache(maxsize=1)
def residual_words() -> frozenset[str]:
    """The words that name a remainder, casefolded."""
    with open(RESIDUAL, "rb") as stream:
        lists = tomllib.load(stream)
    return frozenset(word.casefold() for words in lists.values() for word in words)


def empties(columns: Columns) -> list[Line]:
    """A line for each column that is empty somewhere, with Wilson's bounds."""
    lines = []
    for name, column in columns.items():
        count, of = int(column.empty.sum()), len(column.codes)
        low, high = share_bounds(count, of)
        if count:
            lines.append(Line("empty", name, count, of, low, high, low, items=first(column.empty)))
    return lines


def residuals(columns: Columns) -> list[Line]:
    """A line for each value that is a remainder's name, of those that the column states.

    In a column of many different values (titles) one that comes a few times is no remainder.
    """
    lines = []
    for name, column in columns.items():
        of, seldom = column.stated, OFTEN if len(column.texts) > FEW_NAMES else 0
        for n in np.flatnonzero(column.counts > seldom).tolist():
            if column.texts[n].strip().casefold() in residual_words():
                count, here = int(column.counts[n]), first(column.which(n))
                low, high = share_bounds(count, of)
                lines.append(
                    Line("residual", name, count, of, low, high, low, value=column.texts[n],
                         items=here)
                )  # fmt: skip
    return lines


@dataclass(frozen=True, slots=True)
class _Cell:
    """How often a column is empty in one group: `both` of `within`."""

    column: str
    by: str
    group: int
    both: int
    within: int
    empty: int


def empties_in_groups(columns: Columns, alpha: float) -> tuple[list[Line], int]:
    """(lines for groups in which a column is empty more often than in all, how many were tested).

    Groups are the values of columns that have few. Exact hypergeometric p for every column by
    group, Benjamini-Hochberg over all of them. Time O(items x columns x columns of few values).
    """
    cells = [
        cell
        for name, column in columns.items()
        if 0 < column.stated < len(column.codes)
        for by, groups in columns.items()
        if by != name and 1 < len(groups.texts) <= MOST_GROUPS
        for cell in _cells(name, column, by, groups)
    ]
    if not cells:
        return [], 0
    counts = (np.array([getattr(c, n) for c in cells]) for n in ("both", "empty", "within"))
    both, empty, within = counts
    total = np.full(len(cells), len(columns[cells[0].column].codes))
    q = adjusted(exact_p(both, empty, within, total), "bh")
    telling = np.flatnonzero((q <= alpha) & (wilson(both, within)[0] > empty / total))
    return [_in_group(cells[n], columns, float(q[n])) for n in telling], len(cells)


def _cells(name: str, column: Worded, by: str, groups: Worded) -> list[_Cell]:
    inside = np.bincount(groups.codes[column.empty] + 1, minlength=len(groups.texts) + 1)[1:]
    empty = int(column.empty.sum())
    return [
        _Cell(name, by, n, int(both), int(within), empty)
        for n, (both, within) in enumerate(zip(inside, groups.counts, strict=True))
    ]


def _in_group(cell: _Cell, columns: Columns, q: float) -> Line:
    column, groups = columns[cell.column], columns[cell.by]
    expected = cell.empty / len(column.codes)
    low, high = share_bounds(cell.both, cell.within)
    return Line(
        "empty-in-group", cell.column, cell.both, cell.within, low, high, low - expected,
        group_column=cell.by, group=groups.texts[cell.group], expected=expected, q=q,
        items=first(column.empty & groups.which(cell.group)),
    )  # fmt: skip
