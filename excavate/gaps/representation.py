"""Shares of a column's values against the shares of a reference table.

Representation ratio: the share in the dataset over the share in the table. The bounds hold for all
keys together (Goodman 1965). A key is thin where its upper bound lies below the table's share, and
thick where its lower bound lies above it. A key that no item has is absent where its upper bound
lies below the table's share; else there are too few items to tell. Values that no key matches are
told, and are not part of the shares.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from excavate.gaps.column_rows import MOST, SHOWN, Line, first
from excavate.gaps.finding import Figure
from excavate.gaps.reference_tables import ReferenceTable
from excavate.gaps.shares import goodman, share_bounds
from excavate.gaps.worded import Worded


@dataclass(frozen=True, slots=True)
class Matched:
    """`keys` (items,): the number of the table's name, -1 where none matches or nothing is said.

    `unmatched`: {value: how many items say it}, the most frequent first.
    """

    keys: np.ndarray
    unmatched: dict[str, int]

    @property
    def stated(self) -> int:
        """Items of which something is said."""
        return int((self.keys >= 0).sum()) + sum(self.unmatched.values())


def matched(column: Worded, table: ReferenceTable, any_case: bool = False) -> Matched:
    """Which name of the table each value means; `any_case` for its codes too. O(items)."""
    of_texts = column.read(lambda text: table.find(text, any_case))
    keys = np.nan_to_num(column.spread(of_texts), nan=-1).astype(np.int64)
    counts = column.counts.tolist()
    without = [n for n in np.flatnonzero(np.isnan(of_texts)).tolist() if counts[n]]
    without.sort(key=lambda n: -counts[n])  # texts stand in the order of the alphabet
    return Matched(keys, {column.texts[n]: counts[n] for n in without})


def represented(
    name: str, column: Worded, found: Matched, table: ReferenceTable, alpha: float
) -> list[Line]:
    """Lines for keys that are thin, thick or absent or untold, and for values without a key."""
    counts = np.bincount(found.keys[found.keys >= 0], minlength=len(table.names))
    expected = np.array(table.weights) / sum(table.weights)
    low, high = goodman(counts, alpha)
    lines = []
    for n, key in enumerate(table.names):
        check = _check(int(counts[n]), float(low[n]), float(high[n]), float(expected[n]))
        if check:
            away = low[n] - expected[n] if check == "thick" else expected[n] - high[n]
            lines.append(
                Line(
                    check, name, int(counts[n]), int(counts.sum()), float(low[n]),
                    float(high[n]), float(away), value=key, expected=float(expected[n]),
                    items=np.flatnonzero(found.keys == n)[:SHOWN].tolist(),
                )
            )  # fmt: skip
    return lines + _unmatched(name, column, found)


def _check(count: int, low: float, high: float, expected: float) -> str:
    if high < expected:
        return "thin" if count else "absent"
    if expected > 0 and count == 0:
        return "too-few"
    return "thick" if low > expected else ""


def _unmatched(name: str, column: Worded, found: Matched) -> list[Line]:
    number = {text: n for n, text in enumerate(column.texts)}
    lines: list[Line] = []
    for text, count in list(found.unmatched.items())[:MOST]:
        low, high = share_bounds(count, found.stated)
        here = first(column.which(number[text])) if len(lines) < SHOWN else ()
        lines.append(
            Line("unmatched", name, count, found.stated, low, high, low, value=text, items=here)
        )
    return lines


def figures_of(lines: Sequence[Line], found: Matched, table: ReferenceTable) -> dict[str, Figure]:
    """How many keys are what, and what share of the table stands behind those that are there."""
    checks = [line.check for line in lines]
    weights = np.array(table.weights) / sum(table.weights)
    counts = np.bincount(found.keys[found.keys >= 0], minlength=len(weights))
    unmatched, stated = sum(found.unmatched.values()), found.stated
    low, high = share_bounds(unmatched, stated)
    return {
        "keys": Figure(len(weights)),
        "absent": Figure(checks.count("absent")),
        "thin": Figure(checks.count("thin")),
        "thick": Figure(checks.count("thick")),
        "too_few": Figure(checks.count("too-few")),
        "reached": Figure(float(weights[counts > 0].sum())),
        "distance": Figure(float(abs(counts / max(1, counts.sum()) - weights).sum() / 2)),
        "unmatched": Figure(unmatched / max(1, stated), low, high),
    }
