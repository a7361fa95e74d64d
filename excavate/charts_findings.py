"""What a chart of a finding draws: its rows as bars. components/bars_drawn.py draws them.

Each measure may say which of its columns is drawn (DRAWN); any other has its first column of
numbers drawn, so that every measure has a chart. The labels are made of the columns that name
a row.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from excavate.gaps.numbers import is_share, said
from excavate.gaps.registry import REGISTRY, saying_of

if TYPE_CHECKING:
    from excavate.gaps.stored import Finding

MOST_BARS = 20


@dataclass(frozen=True, slots=True)
class Drawn:
    """Which columns of a measure's rows are drawn: bars, their bounds, what was expected.

    label: the columns that a row is named by; none of them: the row in words.
    """

    value: str
    expected: str | None = None
    low: str | None = None
    high: str | None = None
    label: tuple[str, ...] = ()


# Of a measure whose rows may be of several kinds, the first that its rows have.
DRAWN: dict[str, tuple[Drawn, ...]] = {
    "intersections": (Drawn("count", "expected", label=("pattern",)),),
    "association": (Drawn("observed", "expected", label=("x", "y")),),
    "columns": (Drawn("share", "expected", "low", "high"),),
    "coverage": (Drawn("size"),),
    "concepts": (Drawn("share", "control", label=("ko", "en")),),
    "taxonomy": (Drawn("count", "target", label=("name",)),),
    "duplicates": (Drawn("size", label=("group",)),),
    "labels": (Drawn("score", None, "low", "high"),),
    "regions": (Drawn("share", None, "low", "high"),),
    "diversity": (
        Drawn("rarefied", None, "low", "high", ("label",)),
        Drawn("seen", "estimated", label=("field", "label")),
    ),
    "compare": (Drawn("value_a", "value_b"),),
}
EXPECTED = ("expected", "uniform", "reference", "floor")
BOUNDS = (("low", "high"), ("lower", "upper"))


@dataclass(frozen=True, slots=True)
class Bars:
    """What a chart draws, strongest first; None is "not measured". share: they are shares."""

    labels: tuple[str, ...]
    values: tuple[float | None, ...]
    expected: tuple[float | None, ...]
    lows: tuple[float | None, ...]
    highs: tuple[float | None, ...]
    title: str
    expected_title: str = ""
    share: bool = False

    def bounds(self, at: int) -> tuple[float, float] | None:
        """A row's interval, where it has one and it is of what is drawn."""
        low, high, value = self.lows[at], self.highs[at], self.values[at]
        if low is None or high is None or value is None or not low <= value <= high:
            return None
        return low, high

    def said(self, value: float | None) -> str:
        """One of its numbers for people."""
        return said(value, self.share)

    def numbers(self, at: int) -> str:
        """The numbers of one row beside its bar: measured, its bounds, expected."""
        bounds, expected = self.bounds(at), self.expected[at]
        between = f" ({self.said(bounds[0])}–{self.said(bounds[1])})" if bounds else ""
        tick = "" if expected is None else f"  | {self.said(expected)}"
        return self.said(self.values[at]) + between + tick


def bars_of(finding: Finding) -> Bars | None:
    """The chart's rows in the language of this run; None where nothing found is a number."""
    drawn = drawn_columns(finding)
    rows = finding.first_rows(MOST_BARS)
    if drawn is None or not rows:
        return None
    saying = saying_of(finding.measure)

    def column(name: str | None) -> tuple[float | None, ...]:
        return tuple(_number(row.get(name)) if name else None for row in rows)

    return Bars(
        tuple(label_of(row, drawn.label) or saying.row(finding, row) for row in rows),
        column(drawn.value), column(drawn.expected), column(drawn.low), column(drawn.high),
        saying.column(drawn.value), saying.column(drawn.expected) if drawn.expected else "",
        is_share(finding.measure, drawn.value),
    )  # fmt: skip


def drawn_columns(finding: Finding) -> Drawn | None:
    """What is declared for the measure, if its rows have it; else the first numbers there."""
    schema = finding.rows.schema
    for declared in DRAWN.get(finding.measure, ()):
        if declared.value in schema.names:
            return declared
    numeric = [f.name for f in schema if _is_number(f.type)]
    free = [name for name in numeric if name not in REGISTRY[finding.measure].key]
    bounds = next((pair for pair in BOUNDS if set(pair) <= set(numeric)), (None, None))
    expected = next((name for name in EXPECTED if name in numeric), None)
    taken = {*bounds, expected}
    value = next((name for name in free if name not in taken), None)
    key = REGISTRY[finding.measure].key
    return Drawn(value, expected, bounds[0], bounds[1], key) if value else None


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def label_of(row: Mapping[str, Any], key: Sequence[str]) -> str:
    """A row's name from some of its columns."""
    return " · ".join(filter(None, (_label(row.get(name)) for name in key)))


def _label(value: Any) -> str:
    if isinstance(value, dict):
        return " · ".join(map(str, value.values()))
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
