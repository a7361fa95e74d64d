"""Intersections in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from excavate.i18n import N_, _, _n

if TYPE_CHECKING:
    from excavate.gaps.stored import Finding, Row

COLUMNS = {
    "pattern": N_("combination"),
    "attributes": N_("values fixed"),
    "count": N_("items"),
    "parents": N_("with one value left open"),
    "expected": N_("expected if independent"),
    "items": N_("items"),
    "patterns": N_("combinations too thin"),
}


def title() -> str:
    """The measure's name."""
    return _("Intersections")


def meaning() -> str:
    """What it measures, its paper, its limits."""
    return _(
        "The most general combinations of values that fewer items have than a threshold, none of "
        "whose parts is that thin alone (Asudeh, Jin and Jagadish 2019). Exact. The number "
        "expected is what the shares alone would give if they were independent."
    )


def sentence(finding: Finding) -> str:
    """The thinnest combination, or that all are filled."""
    tau = finding.parameters["tau"]
    found = finding.first_rows(1)
    if not found:
        return _("Every combination of the chosen values has at least {tau} items.").format(tau=tau)
    words = _n(
        "{n} combination has fewer than {tau} items; the widest of them is {first}.",
        "{n} combinations have fewer than {tau} items; the widest of them is {first}.",
        finding.rows.num_rows,
    )
    return words.format(n=f"{finding.rows.num_rows:,}", tau=tau, first=row(finding, found[0]))


def row(finding: Finding, row: Row) -> str:
    """The combination and its count."""
    named = " · ".join(row["pattern"].values()) or _("all items")
    return f"{named} ({row['count']:,})"


def column(name: str) -> str:
    """A column's or figure's heading."""
    return _(COLUMNS.get(name, name))


def judge(finding: Finding, row: Row) -> str | None:
    """Nothing can be judged by eye: the items are not there, and nobody guesses attributes."""
    return None
