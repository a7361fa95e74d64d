"""Columns in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from excavate.gaps.saying.references import named
from excavate.i18n import N_, _

if TYPE_CHECKING:
    from excavate.gaps.stored import Finding, Row

CHECKS = {
    "empty": N_("empty"),
    "empty-in-group": N_("empty more often in a group"),
    "residual": N_("says only a remainder"),
    "silent-years": N_("years without an item"),
    "thin-decade": N_("a thin decade"),
    "cliff": N_("stops suddenly"),
    "absent": N_("in the table, in no item"),
    "thin": N_("thin against the table"),
    "thick": N_("thick against the table"),
    "too-few": N_("too few items to tell"),
    "unmatched": N_("no key of the table"),
}
CODES = {"check": CHECKS}
COLUMNS = {
    "check": N_("check"),
    "column": N_("column"),
    "value": N_("value"),
    "group_column": N_("column of the group"),
    "group": N_("group"),
    "count": N_("items"),
    "of": N_("of so many"),
    "share": N_("share"),
    "low": N_("low (95 %)"),
    "high": N_("high (95 %)"),
    "expected": N_("share it is held against"),
    "ratio": N_("share / share held against"),
    "q": N_("q (many tests)"),
    "strength": N_("strength within its check"),
    "items": N_("items"),
    "columns": N_("columns"),
    "empty_columns": N_("columns empty somewhere"),
    "empty_cells": N_("share of empty cells"),
    "empty_groups": N_("groups more often empty"),
    "residual_values": N_("values that name a remainder"),
    "quiet_times": N_("quiet years and decades"),
    "cliffs": N_("cliffs"),
    "silent_years": N_("years without an item"),
    "years": N_("years from first to last"),
    "matched": N_("items with a key of the table"),
    "keys": N_("keys of the table"),
    "absent": N_("keys that no item has"),
    "thin": N_("keys thin against the table"),
    "thick": N_("keys thick against the table"),
    "too_few": N_("keys without an item, too few items to tell"),
    "reached": N_("share of the table behind the keys that are there"),
    "distance": N_("half the sum of all differences of shares"),
    "unmatched": N_("share of values without a key"),
}
LINES = {
    "empty": N_("{column} is empty for {count} of {of} ({share})"),
    "empty-in-group": N_(
        "{column} is empty for {count} of {of} where {group_column} is {group} "
        "({share}; {expected} in all)"
    ),
    "residual": N_("{column} says only “{value}” for {count} of {of} ({share})"),
    "silent-years": N_("{column}: nothing from {value}, beside years with {of} items"),
    "thin-decade": N_("{column}: {count} items from {value}, {of} with the decades beside it"),
    "cliff": N_("{column} stops suddenly: of the {of} items around {value} only {count} lie there"),
    "absent": N_("{value}: none of {of}, {expected} of the table"),
    "thin": N_("{value}: {share} of {of}, {expected} of the table"),
    "thick": N_("{value}: {share} of {of}, only {expected} of the table"),
    "too-few": N_("{value}: none of {of}, {expected} of the table: too few items to tell"),
    "unmatched": N_("“{value}” is no key of the table ({count} of {of})"),
}
OF_CREATORS = {  # each value of another column counted once
    "silent-years": N_(
        "{column}: nothing from {value}, beside years with {of} values of {group_column}"
    ),
    "thin-decade": N_(
        "{column}: {count} values of {group_column} from {value}, {of} with the decades beside it"
    ),
}


def title() -> str:
    """The measure's name."""
    return _("Columns")


def meaning() -> str:
    """What it measures, its papers, its limits."""
    return _(
        "What the metadata does not say: empty cells, remainders such as “other”, years in which "
        "nothing is dated, and values at which a column suddenly stops; or, against a reference "
        "table, which of its keys are thin or absent. Bounds: Wilson 1927, Goodman 1965. Cliffs: "
        "counts on either side, after McCrary 2008. An empty cell may have been left empty for a "
        "good reason."
    )


def sentence(finding: Finding) -> str:
    """The first row of each of the checks that come first, or that nothing was found."""
    lines = finding.first_rows(10)
    reference = finding.reference
    if reference and reference.kind == "table":
        return _against(finding, lines)
    if not lines:
        return _("No column is empty anywhere, and none stops or falls silent.")
    seen = {line["check"]: line for line in reversed(lines)}
    first = [row(finding, seen[check]) for check in LINES if check in seen][:3]
    return "; ".join(first) + "."


def _against(finding: Finding, lines: list[dict[str, Any]]) -> str:
    reference = finding.reference
    thin = [line for line in lines if line["check"] in ("absent", "thin")]
    thin.sort(key=lambda line: -line["strength"])
    told = [row(finding, line) for line in thin[:3]]
    figures = finding.figures
    shown = {name: _shown(int(figure.value)) for name, figure in figures.items()}
    words = _(
        "{column}: of {items} items {matched} ({share}) have a key of {reference}. Of the {keys} "
        "keys {absent} are absent among these and {thin} thin."
    )
    said = words.format(
        column=plain(finding.parameters["column"]),
        reference=named(reference) if reference else "",
        share=_percent(figures["matched"].value / figures["items"].value),
        **{name: shown[name] for name in ("items", "matched", "keys", "absent", "thin")},
    )
    if figures["too_few"].value:
        more = _("There are too few items to tell of {n} more that no item has.")
        said = f"{said} {more.format(n=shown['too_few'])}"
    said = f"{said} {'; '.join(told)}." if told else said
    without = figures["unmatched"].value
    if not without:
        return said
    more = _("{share} of the values are no key: some keys may be there under other names.")
    return f"{said} {more.format(share=_percent(without))}"


def row(finding: Finding, row: Row) -> str:
    """One row in a few words."""
    shown = {name: _shown(row[name]) for name in ("count", "of")}
    shown |= {name: _percent(row[name]) for name in ("share", "expected")}
    shown |= {n: plain(row[n]) for n in ("column", "group_column")}
    lines = OF_CREATORS if row["group_column"] and row["check"] in OF_CREATORS else LINES
    words = _(lines[row["check"]])
    return words.format(value=row["value"], group=row["group"], **shown)


def plain(column: str | None) -> str:
    """A column's name without what kind it is of."""
    return (column or "").partition(":")[2] or (column or "")


def _shown(count: int) -> str:
    return f"{count:,}"


def _percent(share: float | None) -> str:
    if share is None:
        return ""
    return f"{share * 100:.1f} %" if share >= 0.001 or share == 0 else f"{share * 100:.2g} %"


def column(name: str) -> str:
    """A column's or figure's heading."""
    return _(COLUMNS.get(name, name))


def judge(finding: Finding, row: Row) -> str | None:
    """Nothing here can be judged by eye: it is about what is written of the items."""
    return None
