"""Association in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from excavate.gaps.persons import of_persons
from excavate.i18n import N_, _, _n

if TYPE_CHECKING:
    from excavate.gaps.stored import Finding, Row

CODE = re.compile(r"[\d\W_]+|n\d{8}|/[mg]/\w+")  # bare numbers, WordNet's and Freebase's ids
CODES = {
    "kind": {
        "label-label": N_("label and label"),
        "label-attribute": N_("label and attribute"),
        "attribute-attribute": N_("attribute and attribute"),
    }
}
COLUMNS = {
    "kind": N_("kinds"),
    "x_field": N_("field of the first"),
    "x": N_("first value"),
    "y_field": N_("field of the second"),
    "y": N_("second value"),
    "observed": N_("items with both"),
    "expected": N_("expected if independent"),
    "ratio": N_("seen / expected"),
    "low": N_("low (95 %)"),
    "high": N_("high (95 %)"),
    "weaker": N_("the weaker bound"),
    "npmi": N_("nPMI"),
    "p": N_("p (exact)"),
    "q": N_("q (many tests)"),
    "items": N_("items"),
    "pairs": N_("pairs looked at"),
    "fewer": N_("pairs seen less than expected"),
    "never": N_("pairs never seen together"),
    "more": N_("pairs seen more than expected"),
    "values": N_("values looked at"),
    "left_out": N_("values of too few items, left out"),
    "initials": N_("initials of other attributes, left out"),
}


def title() -> str:
    """The measure's name."""
    return _("Association")


def meaning() -> str:
    """What it measures, its papers, its limits."""
    limit = _("Items are taken as independent: many by one maker make it look surer than it is.")
    said = _(
        "Which values are on the same items less often, or more often, than their numbers alone "
        "would give. Of the 95 % bounds of seen / expected the one nearer to 1 decides (Know Your "
        "Data); nPMI as Aka et al. 2021; p exact (hypergeometric), q corrected for all pairs "
        "looked at. It says what is named together, not why."
    )
    return f"{said} {limit}"


def sentence(finding: Finding) -> str:
    """The pair furthest below what is expected, or that there is none."""
    found = finding.first_rows(1)
    if not found:
        return _("No two values are together less, or more, often than expected.")
    return f"{_told(finding, found[0])} {_untold(finding)}".strip()


def _told(finding: Finding, first: Row) -> str:
    if first["ratio"] >= 1:
        words = _("No two values are together less often than expected. More often: {first}.")
        return words.format(first=row(finding, first))
    count = int(finding.figures["fewer"].value)
    words = _n(
        "{n} pair of values is together less often than expected: {first}.",
        "{n} pairs of values are together less often than expected. First of them: {first}.",
        count,
    )
    return words.format(n=f"{count:,}", first=row(finding, first))


def _untold(finding: Finding) -> str:
    """The attributes that were left out because they only sort others."""
    sorting = finding.parameters.get("left_out") or {}
    if not sorting:
        return ""
    pairs = [f"{_plain(one)} ({_plain(other)})" for one, other in sorting.items()]
    words = _("Left out as initials of another attribute: {names}.")
    return words.format(names=", ".join(pairs))


def _plain(field: str) -> str:
    return field.partition(":")[2]


def row(finding: Finding, row: Row) -> str:
    """The pair, how often it was seen and how often expected."""
    words = _("{x} and {y}: {observed} seen, {expected} expected")
    expected = row["expected"]
    return words.format(
        x=_named(row["x_field"], row["x"]),
        y=_named(row["y_field"], row["y"]),
        observed=f"{row['observed']:,}",
        expected=f"{expected:,.0f}" if expected >= 10 else f"{expected:.1f}",
    )


def _named(field: str, value: str) -> str:
    """A label says what it is; an attribute's value ("True") does not without its name."""
    kind, _colon, name = field.partition(":")
    return f"{name} = {value}" if kind == "attribute" else value


def column(name: str) -> str:
    """A column's or figure's heading."""
    return _(COLUMNS.get(name, name))


def judge(finding: Finding, row: Row) -> str | None:
    """Whether two labels are in a picture; not of codes, and nobody is asked what a person is."""
    if row["kind"] != "label-label" or row["observed"] == 0:
        return None
    both = ((row["x_field"], row["x"]), (row["y_field"], row["y"]))
    if any(_cannot_be_asked(field, value) for field, value in both):
        return None
    return _("Are both in the picture: {x} and {y}?").format(x=row["x"], y=row["y"])


def _cannot_be_asked(field: str, value: str) -> bool:
    return bool(CODE.fullmatch(value)) or of_persons(field.partition(":")[2], [value])
