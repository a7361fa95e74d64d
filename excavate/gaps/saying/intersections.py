"""Intersections in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from excavate.i18n import N_, _, _n

if TYPE_CHECKING:
    from collections.abc import Iterator

    from excavate.gaps.stored import Finding, Row

COLUMNS = {
    "pattern": N_("combination"),
    "attributes": N_("values fixed"),
    "count": N_("items"),
    "parents": N_("with one value left open"),
    "expected": N_("expected if independent"),
    "items": N_("items"),
    "patterns": N_("combinations too thin"),
    "columns": N_("columns crossed"),
    "level": N_("values fixed at most, where all was looked at"),
    "left_out": N_("columns left out"),
}
YES, NO = "yes", "no"  # of a column FIELD=VALUE
SHOWN = 4  # names of columns left out
MUTE = {"true", "false", "yes", "no", "y", "n", "t", "f"}  # say nothing without their column


def title() -> str:
    """The measure's name."""
    return _("Intersections")


def meaning() -> str:
    """What it measures, its paper, its limits."""
    return _(
        "The most general combinations of values that fewer items have than a threshold, none of "
        "whose parts is that thin alone (Asudeh, Jin and Jagadish 2019). Exact; where there are "
        "too many columns, up to as many values as it says. The number expected is what the "
        "shares alone would give if they were independent."
    )


def sentence(finding: Finding) -> str:
    """The thinnest combination, or that all are filled; then what was not looked at."""
    return " ".join([_first(finding), *_not_looked_at(finding)])


def _first(finding: Finding) -> str:
    tau = finding.parameters["tau"]
    found = finding.first_rows(1)
    if not found:
        return _("Every combination of the chosen values has at least {tau} items.").format(tau=tau)
    figures = finding.figures
    count = int(figures["patterns"].value) if "patterns" in figures else finding.rows.num_rows
    words = _n(
        "{n} combination has fewer than {tau} items; the widest of them is {first}.",
        "{n} combinations have fewer than {tau} items; the widest of them is {first}.",
        count,
    )
    return words.format(n=f"{count:,}", tau=tau, first=row(finding, found[0]))


def _not_looked_at(finding: Finding) -> Iterator[str]:
    figures = finding.figures
    if "level" in figures and figures["level"].value < figures["columns"].value:
        words = _("Looked at are combinations of up to {level} of {columns} columns.")
        said = {name: f"{figures[name].value:.0f}" for name in ("level", "columns")}
        yield words.format(**said)
    left_out = finding.parameters.get("left_out")
    if left_out:
        words = _n("{n} column is left out: {names}.", "{n} columns are left out: {names}.",
                   len(left_out))  # fmt: skip
        names = [_why_not(name, count) for name, count in left_out.items()]
        yield words.format(
            n=len(names), names=", ".join(names[:SHOWN]) + "…" * (len(names) > SHOWN)
        )


def _why_not(name: str, count: int | None) -> str:
    if count is None:
        return _("{name} (several values an item)").format(name=name)
    return _("{name} ({count} values)").format(name=name, count=f"{count:,}")


def row(finding: Finding, row: Row) -> str:
    """The combination and its count."""
    values = (_named(name, value) for name, value in row["pattern"].items())
    return f"{' · '.join(values) or _('all items')} ({row['count']:,})"


def _named(column: str, value: str) -> str:
    """A label says what it is, but for yes, no and numbers; an attribute's value never does."""
    field, equals, member = column.partition("=")
    if equals and value in (YES, NO):
        words = "{value}" if value == YES else _("not {value}")
        return words.format(value=_named(field, member))
    kind, _colon, name = field.partition(":")
    speaks = any(map(str.isalpha, value)) and value.lower() not in MUTE
    return value if kind == "label" and speaks else f"{name or field} = {value}"


def column(name: str) -> str:
    """A column's or figure's heading."""
    return _(COLUMNS.get(name, name))


def judge(finding: Finding, row: Row) -> str | None:
    """Nothing can be judged by eye: the items are not there, and nobody guesses attributes."""
    return None
