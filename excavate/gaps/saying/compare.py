"""Compare in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from excavate.gaps.compare import COUNT
from excavate.gaps.saying.references import named
from excavate.i18n import N_, _, _n

if TYPE_CHECKING:
    from collections.abc import Sequence

    from excavate.gaps.finding import Reference
    from excavate.gaps.stored import Finding, Row

CODES = {"part": {"count": N_("count"), "row": N_("row"), "figure": N_("overview number")}}
COLUMNS = {
    "kind": N_("what is compared"),
    "part": N_("kind of number"),
    "key": N_("row"),
    "column": N_("number"),
    "in_a": N_("in the first"),
    "in_b": N_("in the second"),
    "value_a": N_("value in the first"),
    "value_b": N_("value in the second"),
    "difference": N_("difference"),
    "apart": N_("clearly apart"),
    "why": N_("why it is not compared"),
    "items": N_("items"),
    "only_a": N_("only in the first"),
    "only_b": N_("only in the second"),
    "in_both": N_("in both"),
    "not_compared": N_("not measured on both sides"),
    "items_a": N_("items of the first"),
    "items_b": N_("items of the second"),
}
SHOWN = 3
LOOKED_AT = 2000  # rows among which the first of each side are looked for


def title() -> str:
    """The measure's name."""
    return _("Compare")


def meaning() -> str:
    """What it measures and how."""
    return _(
        "Two datasets through the same measures, or two findings of one measure: what only one "
        "of them has, and which shares and numbers differ. Clearly apart means that the 95 % "
        "intervals exclude each other (for shares Wilson's, 1927), each number by itself. What "
        "was not measured on both sides is named and not compared."
    )


def sentence(finding: Finding) -> str:
    """What each has that the other lacks, by name; or that nothing differs."""
    figures = {name: f"{figure.value:,.0f}" for name, figure in finding.figures.items()}
    reference = finding.reference
    if reference is not None and reference.kind == "finding":
        words = _(
            "Beside {other}, {this} has {only_a} rows or numbers that the other lacks and lacks "
            "{only_b}; {apart} of those in both are clearly apart."
        )
        return words.format(this=finding.parameters["a"], other=named(reference), **figures)
    if not finding.rows.num_rows:
        return _("Nothing differs between {this} and {other}.").format(**_names(finding, reference))
    parts = [
        _lacking(finding, reference, "in_a"),
        _lacking(finding, reference, "in_b"),
        _n(
            "{apart} share or number that both have is clearly apart.",
            "{apart} shares or numbers that both have are clearly apart.",
            int(finding.figures["apart"].value),
        ).format(**figures),
    ]
    return " ".join(part for part in parts if part)


def _lacking(finding: Finding, reference: Reference | None, side: str) -> str:
    """The labels, attributes and splits that only one side has, the most frequent first."""
    rows = _only(finding, side)
    if not rows:
        return ""
    this, other = _names(finding, reference).values()
    has, lacks = (this, other) if side == "in_a" else (other, this)
    words = _n(
        "{n} value of {has} has no item in {lacks}: {first}.",
        "{n} values of {has} have no item in {lacks}, first of all {first}.",
        len(rows),
    )
    first = ", ".join(f"{_field(row['kind'])} = {row['key']}" for row in rows[:SHOWN])
    return words.format(n=f"{len(rows):,}", has=has, lacks=lacks, first=first)


def _field(kind: str) -> str:
    """Whose value it is: `cat` of one field and `cat` of another are two things."""
    return kind.partition(":")[2] or kind


def _only(finding: Finding, side: str) -> Sequence[Row]:
    other = "in_b" if side == "in_a" else "in_a"
    return [
        row
        for row in finding.first_rows(LOOKED_AT)
        if row["part"] == COUNT and row[side] and row[other] is False
    ]


def _names(finding: Finding, reference: Reference | None) -> dict[str, str]:
    return {"this": finding.dataset, "other": reference.name if reference else ""}


def row(finding: Finding, row: Row) -> str:
    """What is compared, and its two values."""
    named_row = f"{row['kind']}{' = ' if row['part'] == COUNT else ': '}{row['key']}"
    if row["why"] is not None:
        return _("{row}: not compared ({why})").format(row=named_row, why=_(row["why"]))
    values = [_value(row, side) for side in ("a", "b")]
    return _("{row}: {a} against {b}").format(row=named_row, a=values[0], b=values[1])


def _value(row: Row, side: str) -> str:
    if row[f"in_{side}"] is False:
        return _("none")
    value = row[f"value_{side}"]
    return _("there") if value is None else f"{value:.4g}"


def column(name: str) -> str:
    """A column's or figure's heading."""
    return _(COLUMNS.get(name, name))


def judge(finding: Finding, row: Row) -> str | None:
    """Nothing of a comparison is judged by eye: its own findings are."""
    return None
