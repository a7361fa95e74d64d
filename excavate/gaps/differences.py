"""What came out otherwise when a finding was computed again: figures, rows gone, new and moved.

Numbers are the same where they differ by no more than `TOLERANCE` of themselves (or of 1, where
they are smaller): another machine adds in another order. How far they differ is told all the
same. Pure: two outcomes in, their differences out.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

TOLERANCE = 1e-6
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Result:
    """What a finding says. `rows` may be the first of `count`, or None where none is known."""

    status: str
    why: str
    figures: Mapping[str, Sequence[float | None]]
    reference: Mapping[str, Any] | None
    parameters: Mapping[str, Any]
    tested: int
    count: int
    rows: Sequence[Row] | None


@dataclass
class Differences:
    """What differs, in plain words a line; `largest` is the largest difference within tolerance."""

    lines: list[str] = field(default_factory=list)
    gone: int = 0
    new: int = 0
    moved: int = 0
    changed: int = 0
    largest: float = 0.0

    def number(self, before: Any, after: Any) -> bool:
        """Whether two numbers are the same, within the tolerance; remembers how far they are."""
        if before == after:
            return True
        if not math.isfinite(before) or not math.isfinite(after):
            return bool(math.isnan(before) and math.isnan(after))
        apart = abs(before - after) / max(1.0, abs(before), abs(after))
        if apart <= TOLERANCE:
            self.largest = max(self.largest, apart)
            return True
        return False

    def same(self, before: Any, after: Any) -> bool:
        """Whether two values of any kind are the same, numbers within the tolerance."""
        if isinstance(before, float | int) and isinstance(after, float | int):
            return self.number(before, after)
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            return before.keys() == after.keys() and all(
                self.same(before[name], after[name]) for name in before
            )
        if isinstance(before, list | tuple) and isinstance(after, list | tuple):
            return len(before) == len(after) and all(map(self.same, before, after))
        return bool(before == after)


def differences(before: Result, after: Result, key: Sequence[str]) -> Differences:
    """What the second of two results of one measure says otherwise than the first.

    `key` names the columns that name a row; rows are matched by it, twins by their order.
    """
    found = Differences()
    if (before.status, before.why) != (after.status, after.why):
        said = (f"{r.status}{f' ({r.why})' if r.why else ''}" for r in (before, after))
        found.lines.append("it was {}, now it is {}".format(*said))
        return found
    _figures(before, after, found)
    if not found.same(before.reference, after.reference):
        found.lines.append(f"held against {before.reference}, now against {after.reference}")
    for name in sorted({*before.parameters, *after.parameters}):
        values = before.parameters.get(name), after.parameters.get(name)
        if not found.same(*values):
            found.lines.append("parameter {}: {}, now {}".format(name, *values))
    if before.tested != after.tested:
        found.lines.append(f"{before.tested:,} comparisons, now {after.tested:,}")
    if before.count != after.count:
        found.lines.append(f"{before.count:,} rows, now {after.count:,}")
    if before.rows is not None and after.rows is not None:
        _rows(before.rows, after.rows[: len(before.rows)], key, found)
    return found


def _figures(before: Result, after: Result, found: Differences) -> None:
    for name in sorted({*before.figures, *after.figures}):
        old, new = before.figures.get(name), after.figures.get(name)
        if old is None or new is None:
            found.lines.append(f"figure {name}: {'gone' if new is None else 'new'}")
        elif not found.same(list(old), list(new)):
            found.lines.append(f"figure {name}: {_figure(old)}, now {_figure(new)}")


def _figure(values: Sequence[float | None]) -> str:
    value, low, high = [*values, None, None][:3]
    bounds = "" if low is None or high is None else f" ({low:.10g} to {high:.10g})"
    return f"{value:.10g}{bounds}" if isinstance(value, int | float) else str(value)


def _rows(
    before: Sequence[Row], after: Sequence[Row], key: Sequence[str], found: Differences
) -> None:
    old, new = _by_name(before, key), _by_name(after, key)
    found.gone, found.new = len(old.keys() - new.keys()), len(new.keys() - old.keys())
    shared = [name for name in old if name in new]
    changed: dict[str, int] = {}
    for name in shared:
        (place, was), (now_at, now) = old[name], new[name]
        found.moved += place != now_at
        otherwise = [c for c in {**was, **now} if not found.same(was.get(c), now.get(c))]
        found.changed += bool(otherwise)
        changed |= {c: changed.get(c, 0) + 1 for c in otherwise}
    if found.gone or found.new or found.moved:
        line = f"rows: {found.gone:,} gone, {found.new:,} new, {found.moved:,} at another place"
        found.lines.append(line)
    if found.changed:
        columns = ", ".join(f"{c} in {n:,}" for c, n in changed.items())
        found.lines.append(f"{found.changed:,} rows say otherwise: {columns}")


def _by_name(rows: Sequence[Row], key: Sequence[str]) -> dict[tuple[str, int], tuple[int, Row]]:
    """{(name, which of that name): (place, row)}."""
    counts: dict[str, int] = {}
    named = {}
    for place, row in enumerate(rows):
        name = repr([_plain(row.get(column)) for column in key])
        counts[name] = counts.get(name, 0) + 1
        named[name, counts[name]] = (place, row)
    return named


def _plain(value: Any) -> Any:
    return sorted(value.items()) if isinstance(value, Mapping) else value


def as_json(value: Any) -> Any:
    """A value as JSON gives it back: tuples as lists, times as text."""
    return json.loads(json.dumps(value, ensure_ascii=False, default=str))


def rows_of(table: pa.Table) -> list[dict[str, Any]]:
    """The rows as JSON would hold them."""
    found: list[dict[str, Any]] = as_json(table.to_pylist(maps_as_pydicts="strict"))
    return found
