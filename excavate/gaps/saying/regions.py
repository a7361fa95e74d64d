"""Regions in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from excavate.i18n import N_, _, _n

if TYPE_CHECKING:
    from excavate.gaps.stored import Finding, Row

KINDS = {
    "attribute": N_("asserted, too small to see"),
    "too small": N_("too small"),
    "place": N_("rarely here"),
    "never alone": N_("never alone"),
    "always alone": N_("always alone"),
    "no region": N_("without regions"),
    "fault": N_("cannot be measured"),
    "size": N_("sizes"),
}
CODES = {"kind": KINDS}
FAULTS = {
    "not a number": N_("coordinates that are no numbers"),
    "negative": N_("negative width or height"),
    "no area": N_("no area"),
    "off the picture": N_("reaching off the picture"),
}
PARTS = {
    "place": N_("Places"),
    "size": N_("Sizes"),
    "attribute": N_("Attributes"),
    "subject": N_("What is too small to be seen"),
}
COLUMNS = {
    "kind": N_("what was found"),
    "label": N_("label"),
    "cell": N_("cell (row/column)"),
    "count": N_("count"),
    "of": N_("of"),
    "share": N_("share"),
    "low": N_("95 % interval, from"),
    "high": N_("95 % interval, to"),
    "ratio": N_("against what was expected"),
    "q": N_("q (many tests)"),
    "median_area": N_("median area, share of the picture"),
    "per_item": N_("regions per item that has any"),
    "items": N_("items"),
    "items_with": N_("items with regions"),
    "regions": N_("regions"),
    "left_out": N_("regions left out"),
    "labels": N_("labels"),
    "most_per_item": N_("most regions in an item"),
    "small": N_("small (under 32 x 32 pixels)"),
    "medium": N_("medium"),
    "large": N_("large (96 x 96 pixels and more)"),
    "rows": N_("rows in all"),
}
_SHOWN = ("attribute", "place", "never alone", "always alone", "no region")


def title() -> str:
    """The measure's name."""
    return _("Regions")


def meaning() -> str:
    """What it measures, its papers, its limits."""
    return _(
        "Boxes and masks: which labels are drawn too small to be seen, in which cells of a grid "
        "their middles are surely rarer than an even spread would have them, which labels never "
        "or always stand alone, and what is asserted of people in pictures where every person is "
        "too small to show it (after REVISE, Wang et al. 2020). Sizes are COCO's. What is large "
        "cannot have its middle in a corner. Intervals count items, not regions; q corrects for "
        "all labels and cells that were looked at."
    )


def sentence(finding: Finding) -> str:
    """Sizes, then the strongest row of another kind, then what was not measured."""
    figures = finding.figures
    regions, items = int(figures["regions"].value), int(figures["items_with"].value)
    words = _n("{regions} region in {items} items.", "{regions} regions in {items} items.", regions)
    said = [words.format(regions=f"{regions:,}", items=f"{items:,}")]
    if "small" in figures:
        small = figures["small"]
        words = _("{share} ({low} to {high}) are smaller than 32 x 32 pixels.")
        said.append(words.format(**_shares(small.value, small.low or 0.0, small.high or 1.0)))
    said += [row(finding, one) + "." for one in _strongest(finding)]
    for part, why in finding.parameters["not_measured"].items():
        reason = _(why).format(subject=finding.parameters["subject"])
        said.append(_("{part} not measured: {why}.").format(part=_(PARTS[part]), why=reason))
    return " ".join(said)


def _strongest(finding: Finding) -> list[Row]:
    """The first row of each kind that speaks of a label, of places, or of items without any."""
    kinds = finding.rows["kind"].to_pylist()
    first = [kinds.index(kind) for kind in _SHOWN if kind in kinds]
    return [finding.rows.slice(at, 1).to_pylist()[0] for at in first]


def row(finding: Finding, row: Row) -> str:
    """One row in a few words."""
    label = f"“{row['label']}”" if row["label"] else _("All labels")
    named = {"label": label, "count": f"{row['count']:,}", "of": f"{row['of']:,}"}
    if row["kind"] == "fault":
        return f"{_(FAULTS[row['label']])}: {named['count']}"
    if row["kind"] == "no region":
        words = _("{count} of {of} items have no region: empty, or never looked at")
        return words.format(**named)
    named |= _shares(row["share"], row["low"] or 0.0, row["high"] or 1.0)
    kind = row["kind"]
    if kind == "size" and row["median_area"] is None:
        kind = "count"
    at, _space, grid = (row["cell"] or "/ of ").partition(" of ")
    line, _slash, place = at.partition("/")
    return _(_SENTENCES[kind]).format(
        **named, row=line, column=place, grid=grid,
        visible=f"{finding.parameters['visible']:g}", subject=finding.parameters["subject"] or "",
        per=f"{row['per_item'] or 0:.1f}", area=f"{row['median_area'] or 0:.2%}",
    )  # fmt: skip


_SENTENCES = {
    "attribute": N_(
        "{label} is said of {of} items with {subject}; in {count} of them none is as large as "
        "{visible} pixels"
    ),
    "too small": N_("{label}: {count} of {of} regions are smaller than 32 x 32 pixels ({share})"),
    "place": N_(
        "{label}: {count} of {of} middles lie in row {row}, column {column} of {grid} x {grid} "
        "cells ({share}, at most {high}), rarer than an even spread"
    ),
    "never alone": N_("{label} stands in {of} items and never alone"),
    "always alone": N_("{label} stands in {of} items and always alone"),
    "size": N_("{label}: {count} regions, {per} an item, the middle one fills {area}"),
    "count": N_("{label}: {count} regions, {per} an item"),
}


def _shares(share: float, low: float, high: float) -> dict[str, str]:
    return {"share": f"{share:.1%}", "low": f"{low:.1%}", "high": f"{high:.1%}"}


def column(name: str) -> str:
    """A column's or figure's heading; also the name of a row's kind."""
    return _(COLUMNS.get(name) or KINDS.get(name, name))


def judge(finding: Finding, row: Row) -> str | None:
    """Whether what is asserted can be seen; nothing of the kinds that are plain counts."""
    if row["kind"] in ("too small", "attribute"):
        words = _("Can you tell from the picture alone that {label} is in it?")
        return words.format(label=row["label"]) if row["label"] else None
    return None
