"""Columns: what the metadata of a dataset does not say, and what it says too seldom.

Without a table, held against itself: empty cells (Wilson's bounds), groups in which a column is
empty more often than in all, values that name a remainder ("other", 기타), years in which nothing
is dated and decades quieter than their neighbours, and cliffs at a threshold. Against a reference
table: which of its keys are thin, absent or thick in a column, and which values match no key.

Every row is a share, `count` of `of`, with 95 % bounds, held against `expected` where there is
such a share. The strongest of each check come first, the checks in turn; `strength` compares
within a check. Each part says its own method: emptiness.py, years.py, cliffs.py, representation.py.
Time O(items x columns x groups); memory O(items x columns).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from excavate.gaps.cliffs import cliffs, edges, numbers_of
from excavate.gaps.column_rows import Columns, Line, table_of
from excavate.gaps.creators import creators_of
from excavate.gaps.emptiness import empties, empties_in_groups, residuals
from excavate.gaps.finding import Figure, Measured, NotMeasured, Outcome, Reference
from excavate.gaps.reference_tables import ReferenceTable
from excavate.gaps.representation import figures_of, matched, represented
from excavate.gaps.worded import Values, worded
from excavate.gaps.years import is_dated, quiet_times, silent_years
from excavate.i18n import N_

MEASURE = "columns"
NUMBERED = re.compile(
    r"(^|[^a-z])(id|key|uuid|number|no|번호)$", re.IGNORECASE
)  # names, no amounts


@dataclass(frozen=True, slots=True)
class Rule:
    """`alpha`: chance findings to put up with. `drop`: how steep a cliff is.

    `years`: columns that hold dates; None takes those that surely do.
    """

    alpha: float = 0.05
    drop: float = 10.0
    years: Sequence[str] | None = None


def columns(
    said: Mapping[str, Values], item_ids: Sequence[str], rule: Rule | None = None
) -> Outcome:
    """What columns (a value an item, None: nothing said) lack by themselves."""
    rule = rule or Rule()
    columns = {name: worded(values) for name, values in said.items()}
    given = {"columns": list(columns), "alpha": rule.alpha, "drop": rule.drop, "years": rule.years}
    if not len(item_ids):
        return NotMeasured(MEASURE, given, N_("there are no items"))
    if not columns:
        return NotMeasured(MEASURE, given, N_("nothing is said once of each item"))
    grouped, in_groups = empties_in_groups(columns, rule.alpha)
    dated = dated_columns(columns, rule)
    quiet, times = _quiet(columns, dated, rule.alpha)
    steep, places = _steep({n: v for n, v in columns.items() if n not in dated}, rule)
    lines = [*empties(columns), *grouped, *residuals(columns), *quiet, *steep]
    figures = _figures(columns, lines) | _year_figures(columns, dated)
    tested = 2 * len(columns) + in_groups + times + places
    return Measured(
        MEASURE, given | {"years": dated}, Reference("itself"), table_of(lines, item_ids), figures,
        tested,
    )  # fmt: skip


def against_table(
    column: str,
    values: Values,
    item_ids: Sequence[str],
    table: ReferenceTable,
    alpha: float = 0.05,
    least: float = 0.0,
) -> Outcome:
    """One column's shares against those of a table.

    Not measured where no value has a key, or fewer than `least` of those stated.
    """
    given = {"column": column, "alpha": alpha, "least": least}
    if not len(item_ids):
        return NotMeasured(MEASURE, given, N_("there are no items"))
    texts = worded(values)
    found = matched(texts, table, table.is_about(column))
    matches = int((found.keys >= 0).sum())
    named = {"column": column, "table": table.name}
    if not matches:
        why = N_("no value of {column} is a key of the table {table}")
        return NotMeasured(MEASURE, given, why, named)
    if matches < least * found.stated:
        why = N_("only {share} % of what {column} says are keys of the table {table}")
        share = f"{100 * matches / found.stated:.1f}"
        return NotMeasured(MEASURE, given, why, named | {"share": share})
    lines = represented(column, texts, found, table, alpha)
    figures = {"items": Figure(len(item_ids)), "matched": Figure(matches)}
    figures |= figures_of(lines, found, table)
    reference = Reference("table", table.name, table.revision, note=table.note)
    rows = table_of(lines, item_ids)
    return Measured(MEASURE, given, reference, rows, figures, len(table.names))


def dated_columns(columns: Columns, rule: Rule) -> list[str]:
    """Those that hold dates: as the rule says, or surely."""
    if rule.years is not None:
        return [name for name in rule.years if name in columns]
    return [name for name, values in columns.items() if is_dated(name, values)]


def _quiet(columns: Columns, dated: Sequence[str], alpha: float) -> tuple[list[Line], int]:
    found = []
    for name in dated:
        by = creators_of(name, columns)
        creators = (by, columns[by]) if by else None
        found.append(quiet_times(name, columns[name], alpha, creators))
    return [line for lines, _ in found for line in lines], sum(count for _, count in found)


def _steep(columns: Columns, rule: Rule) -> tuple[list[Line], int]:
    read = {name: numbers_of(values) for name, values in columns.items()}
    found = [
        edges(name, numbers, rule.drop)
        for name, numbers in read.items()
        if numbers is not None and not NUMBERED.search(name)
    ]
    return cliffs([one for one in found if one is not None], rule.alpha, rule.drop)


def _figures(columns: Columns, lines: Sequence[Line]) -> dict[str, Figure]:
    checks = [line.check for line in lines]
    items = len(next(iter(columns.values())).codes)
    empty = sum(items - column.stated for column in columns.values())
    return {
        "items": Figure(items),
        "columns": Figure(len(columns)),
        "empty_columns": Figure(checks.count("empty")),
        "empty_cells": Figure(empty / (items * len(columns))),
        "empty_groups": Figure(checks.count("empty-in-group")),
        "residual_values": Figure(checks.count("residual")),
        "quiet_times": Figure(checks.count("silent-years") + checks.count("thin-decade")),
        "cliffs": Figure(checks.count("cliff")),
    }


def _year_figures(columns: Columns, dated: Sequence[str]) -> dict[str, Figure]:
    found = [silent_years(columns[name]) for name in dated]
    if not found:
        return {}
    return {
        "silent_years": Figure(sum(silent for silent, _ in found)),
        "years": Figure(sum(span for _, span in found)),
    }
