"""Compare: what one of two datasets, or of two findings, has that the other lacks.

Counts first: values of labels, attributes and splits that only one has, or that both have in
shares whose Wilson 95 % intervals (1927) exclude each other; names (a value for each item, files,
addresses) are no values to compare, and are told as left out. Then what measures said of both:
rows that only one finding has, rows and figures that both have with their difference. What was
not measured on one side is told as such and never compared with a number.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from excavate.gaps.finding import Figure, Measured, NotMeasured, Outcome, Reference
from excavate.gaps.shares import share_bounds
from excavate.i18n import N_

MEASURE = "compare"
MOST_ROWS = 10_000
MOST_VALUES = 50_000  # of one field; more are names, not kinds
NEARLY, OWN_VALUES = 0.9, 20
FILE = re.compile(r"^https?://|[^ ]\.(jpe?g|png|gif|webp|bmp|tiff?|svg|json|txt|xml|npy)$", re.I)
MOST_COLUMNS = 3  # numbers of a row that are laid side by side
COUNT, ROW, FIGURE = "count", "row", "figure"
ROWS = pa.schema(
    [
        pa.field("kind", pa.string(), nullable=False),  # split, label:FIELD, …; or a measure
        pa.field("part", pa.string(), nullable=False),  # COUNT, ROW or FIGURE
        pa.field("key", pa.string(), nullable=False),
        pa.field("column", pa.string()),  # the number that is compared; a count's is its share
        pa.field("in_a", pa.bool_()),  # None: not measured there
        pa.field("in_b", pa.bool_()),
        pa.field("value_a", pa.float64()),
        pa.field("value_b", pa.float64()),
        pa.field("difference", pa.float64()),
        pa.field("apart", pa.bool_()),  # whether the 95 % intervals exclude each other
        pa.field("why", pa.string()),  # why it cannot be compared
        pa.field("items", pa.list_(pa.string())),
    ]
)
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Side:
    """A dataset or a finding: `counts` is {kind: {value: items that have it}} of `items`.

    shown: {kind: {value: ids of some of these items}}.
    """

    name: str
    items: int = 0
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    shown: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """What a measure said of one side; `why` where it was not measured."""

    rows: pa.Table | None = None
    figures: Mapping[str, Figure] = field(default_factory=dict)
    why: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """One measure of both sides; `key` names its rows, or is () where they name own items."""

    measure: str
    key: tuple[str, ...]
    a: Said
    b: Said


def compare(
    a: Side, b: Side, told: Sequence[Told], reference: Reference, parameters: Mapping[str, Any]
) -> Outcome:
    """ROWS: what only one side has first, then numbers that are apart, then other differences."""
    if not told and not (a.items and b.items):
        why = N_("one of the two has no items")
        return NotMeasured(MEASURE, parameters, why)
    counted = list(_counts(a, b)) if a.items and b.items else []
    rows = [*counted, *(row for one in told for row in _measured(one))]
    different = sorted((row for row in rows if _differs(row)), key=_order)
    figures = {
        "only_a": sum(row["in_a"] is True and row["in_b"] is False for row in different),
        "only_b": sum(row["in_b"] is True and row["in_a"] is False for row in different),
        "apart": sum(bool(row["apart"]) for row in different if row["in_a"] and row["in_b"]),
        "in_both": sum(bool(row["in_a"] and row["in_b"]) for row in rows),
        "not_compared": sum(row["why"] is not None for row in different),
    }
    if counted:
        figures |= {"items_a": a.items, "items_b": b.items}
    table = pa.Table.from_pylist(different[:MOST_ROWS], ROWS)
    found = {name: Figure(number) for name, number in figures.items()}
    return Measured(MEASURE, parameters, reference, table, found, len(rows))


def _row(kind: str, part: str, key: str, column: str | None = None, **given: Any) -> Row:
    return dict.fromkeys(ROWS.names) | {"kind": kind, "part": part, "key": key} | {
        "column": column, "items": [], **given,
    }  # fmt: skip


def _counts(a: Side, b: Side) -> Iterator[Row]:
    for kind in dict.fromkeys([*a.counts, *b.counts]):
        ours, theirs = a.counts.get(kind, {}), b.counts.get(kind, {})
        why = _no_kinds(ours, theirs)
        if why:
            yield _row(kind, COUNT, kind, why=why, in_a=bool(ours), in_b=bool(theirs))
            continue
        for value in dict.fromkeys([*ours, *theirs]):
            n, m = ours.get(value, 0), theirs.get(value, 0)
            apart = _exclude(share_bounds(n, a.items), share_bounds(m, b.items))
            numbers = _numbers(n / a.items, m / b.items)
            items = [] if n and m else [*_some(a, kind, value), *_some(b, kind, value)]
            yield _row(
                kind, COUNT, value, "share", in_a=n > 0, in_b=m > 0, apart=apart, items=items,
                **numbers,
            )  # fmt: skip


def _no_kinds(ours: Mapping[str, int], theirs: Mapping[str, int]) -> str | None:
    """Why values are no kinds of things that two datasets could share."""
    values, items = len(ours) + len(theirs), sum(ours.values()) + sum(theirs.values())
    if values >= OWN_VALUES and values >= NEARLY * items:
        return N_("nearly every item has a value of its own")
    files = sum(FILE.search(value) is not None for side in (ours, theirs) for value in side)
    if values and files >= NEARLY * values:
        return N_("these are names of files, or addresses")
    if max(len(ours), len(theirs)) > MOST_VALUES:
        return N_("too many different values to lay side by side")
    return None


def _some(side: Side, kind: str, value: str) -> Sequence[str]:
    return side.shown.get(kind, {}).get(value, ())


def _measured(told: Told) -> Iterator[Row]:
    """The rows and figures of a measure side by side; one row that says why, where it is none."""
    reasons = "; ".join(dict.fromkeys(said.why for said in (told.a, told.b) if said.why))
    if reasons:
        there: dict[str, Any] = {
            "in_a": None if told.a.why else True,
            "in_b": None if told.b.why else True,
        }
        yield _row(told.measure, FIGURE, told.measure, why=reasons, **there)
        return
    for name in dict.fromkeys([*told.a.figures, *told.b.figures]):
        yield _figure(told.measure, name, told.a.figures.get(name), told.b.figures.get(name))
    if told.key:
        yield from _joined(told)


def _figure(measure: str, name: str, a: Figure | None, b: Figure | None) -> Row:
    if a is None or b is None:
        one = a or b
        there = {"in_a": a is not None, "in_b": b is not None}
        values = {"value_a" if a else "value_b": one.value if one else None}
        return _row(measure, FIGURE, name, name, **there, **values)
    bounds = (_bounds(a.low, a.high), _bounds(b.low, b.high))
    apart = _exclude(*bounds)
    numbers = _numbers(a.value, b.value)
    return _row(measure, FIGURE, name, name, in_a=True, in_b=True, apart=apart, **numbers)


def _joined(told: Told) -> Iterator[Row]:
    ours, theirs = (dict(keyed(said.rows, told.key)) for said in (told.a, told.b))
    for key in dict.fromkeys([*ours, *theirs]):
        a, b = ours.get(key), theirs.get(key)
        if a is None or b is None:
            yield _alone(told.measure, key, a, b, told.key)
            continue
        for column in _numeric(told.a.rows, told.key):
            if isinstance(a.get(column), int | float) and isinstance(b.get(column), int | float):
                bounds = [_bounds(*_limits(row, column)) for row in (a, b)]
                yield _row(
                    told.measure, ROW, key, column, in_a=True, in_b=True, apart=_exclude(*bounds),
                    **_numbers(a[column], b[column]), items=_items(a, b),
                )  # fmt: skip


def _alone(measure: str, key: str, a: Row | None, b: Row | None, named: tuple[str, ...]) -> Row:
    row = a or b or {}
    column = next((c for c in row if c not in named and _is_number(row[c])), None)
    value = {"value_a" if a else "value_b": float(row[column])} if column else {}
    there = {"in_a": a is not None, "in_b": b is not None}
    return _row(measure, ROW, key, column, **there, **value, items=_items(row))


def keyed(rows: pa.Table | None, key: Sequence[str]) -> list[tuple[str, Row]]:
    """(the row's name in text, the row) for each row; the columns `key` name it."""
    if rows is None or not set(key) <= set(rows.column_names):
        return []
    found = rows.to_pylist(maps_as_pydicts="strict")
    return [(" · ".join(_text(row[column]) for column in key), row) for row in found]


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{n}={_text(v)}" for n, v in sorted(value.items()))
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    return "" if value is None else str(value)


def _numeric(rows: pa.Table | None, key: Sequence[str]) -> list[str]:
    """The first numbers of a row, without those that bound others or name it."""
    names = [] if rows is None else rows.schema
    numbers = [
        f.name
        for f in names
        if (pa.types.is_integer(f.type) or pa.types.is_floating(f.type)) and f.name not in key
    ]
    return [n for n in numbers if not n.endswith(("low", "high"))][:MOST_COLUMNS]


def _limits(row: Row, column: str) -> tuple[Any, Any]:
    """The bounds of a number: NAME_low and NAME_high; `low` and `high` belong to what they hold."""
    if f"{column}_low" in row:
        return row[f"{column}_low"], row.get(f"{column}_high")
    before = list(row)[max(0, list(row).index("low") - 1)] if "low" in row else None
    return (row["low"], row.get("high")) if before == column else (None, None)


def _bounds(low: Any, high: Any) -> tuple[float, float] | None:
    return (float(low), float(high)) if _is_number(low) and _is_number(high) else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _exclude(a: tuple[float, float] | None, b: tuple[float, float] | None) -> bool | None:
    if a is None or b is None:
        return None
    return a[1] < b[0] or b[1] < a[0]


def _numbers(a: float, b: float) -> dict[str, float]:
    return {"value_a": float(a), "value_b": float(b), "difference": float(a) - float(b)}


def _items(*rows: Row) -> list[str]:
    return list(dict.fromkeys(i for row in rows for i in (row.get("items") or ())[:6]))


def _differs(row: Row) -> bool:
    if row["why"] is not None or not (row["in_a"] and row["in_b"]):
        return True
    return bool(abs(row["difference"]) > 1e-12)


def _order(row: Row) -> tuple[int, int, float, str, str, str]:
    """Only in one; apart; what else differs, by how much of itself; what was not compared.

    In each of these counts first.
    """
    values = [abs(v) for v in (row["value_a"], row["value_b"]) if v is not None]
    if row["why"] is not None:
        group, weight = 3, 0.0
    elif not (row["in_a"] and row["in_b"]):
        group, weight = 0, max(values, default=0.0)
    else:
        group = 1 if row["apart"] else 2
        weight = abs(row["difference"]) / max(*values, 1e-12)
    part = (COUNT, ROW, FIGURE).index(row["part"])
    return group, part, -weight, row["kind"], row["key"], row["column"] or ""
