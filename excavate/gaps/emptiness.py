"""What a column does not say: empty cells, in all and in some groups, and remainders by name."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from excavate.gaps.column_rows import Columns, Line, first
from excavate.gaps.pair_statistics import adjusted, exact_p
from excavate.gaps.shares import wilson

RESIDUAL = Path(__file__).with_name("tables") / "residual.toml"
FEW_NAMES, OFTEN = 1_000, 10
MOST_GROUPS = 50  # a column with more values makes no groups


@lru_cache(maxsize=1)
def residual_words() -> frozenset[str]:
    """The words that name a remainder, casefolded."""
    with open(RESIDUAL, "rb") as stream:
        lists = tomllib.load(stream)
    return frozenset(word.casefold() for words in lists.values() for word in words)


def empties(masks: Mapping[str, np.ndarray]) -> list[Line]:
    """A line for each column that is empty somewhere, with Wilson's bounds."""
    lines = []
    for name, empty in masks.items():
        count, of = int(empty.sum()), len(empty)
        low, high = wilson(count, of)
        if count:
            found = first(empty)
            lines.append(
                Line("empty", name, count, of, float(low), float(high), float(low), items=found)
            )
    return lines


def residuals(columns: Columns, masks: Mapping[str, np.ndarray]) -> list[Line]:
    """A line for each value that is a remainder's name, of those that the column states.

    In a column of many different values (titles) one that comes a few times is no remainder.
    """
    lines = []
    for name, values in columns.items():
        counts = Counter(v for v in values if v is not None)
        of = int((~masks[name]).sum())
        named = [v for v in counts if v.strip().casefold() in residual_words()]
        for value in [v for v in named if len(counts) <= FEW_NAMES or counts[v] >= OFTEN]:
            low, high = wilson(counts[value], of)
            here = first(np.array([v == value for v in values]))
            lines.append(
                Line("residual", name, counts[value], of, float(low), float(high), float(low),
                     value=value, items=here)
            )  # fmt: skip
    return lines


@dataclass(frozen=True, slots=True)
class _Cell:
    """How often a column is empty in one group."""

    column: str
    by: str
    group: str
    empty: np.ndarray  # which items
    inside: np.ndarray


def empties_in_groups(
    columns: Columns, masks: Mapping[str, np.ndarray], alpha: float
) -> tuple[list[Line], int]:
    """(lines for groups in which a column is empty more often than in all, how many were tested).

    Exact hypergeometric p for every column by group, Benjamini-Hochberg over all of them.
    Time O(items x columns x groups).
    """
    groups = {name: _groups(values) for name, values in columns.items()}
    partly = {name: mask for name, mask in masks.items() if 0 < mask.sum() < len(mask)}
    cells = [
        _Cell(name, by, group, mask, inside)
        for name, mask in partly.items()
        for by, found in groups.items()
        if by != name
        for group, inside in found.items()
    ]
    if not cells:
        return [], 0
    both = np.array([int(cell.empty[cell.inside].sum()) for cell in cells])
    empty = np.array([int(cell.empty.sum()) for cell in cells])
    within = np.array([int(cell.inside.sum()) for cell in cells])
    total = np.full(len(cells), len(cells[0].empty))
    q = adjusted(exact_p(both, empty, within, total), "bh")
    low, high = wilson(both, within)
    telling = np.flatnonzero((q <= alpha) & (low > empty / total))
    lines = [
        _in_group(
            cells[n], int(both[n]), int(within[n]), (float(low[n]), float(high[n])), float(q[n])
        )
        for n in telling
    ]
    return lines, len(cells)


def _in_group(cell: _Cell, count: int, of: int, bounds: tuple[float, float], q: float) -> Line:
    expected = float(cell.empty.mean())
    return Line(
        "empty-in-group", cell.column, count, of, *bounds, bounds[0] - expected,
        group_column=cell.by, group=cell.group, expected=expected, q=q,
        items=first(cell.empty & cell.inside),
    )  # fmt: skip


def _groups(values: Sequence[str | None]) -> dict[str, np.ndarray]:
    """{value: which items have it} of a column of few values; what it does not say is no group."""
    names = sorted({v for v in values if v is not None and v.strip()})
    if not 1 < len(names) <= MOST_GROUPS:
        return {}
    number = {name: n for n, name in enumerate(names)}
    codes = np.array([number.get(v, -1) if v is not None else -1 for v in values])
    return {name: codes == n for name, n in number.items()}
