"""Taxonomy in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from excavate.gaps.saying import references
from excavate.i18n import N_, _, _n

if TYPE_CHECKING:
    from excavate.gaps.stored import Finding, Row

ACTIONS = {"acquire": N_("acquire"), "augment": N_("augment")}
COLUMNS = {
    "node_id": N_("id"),
    "name": N_("category"),
    "path": N_("path from the root"),
    "action": N_("what would fill it"),
    "count": N_("items at and below it"),
    "own": N_("items at itself"),
    "target": N_("items by the reference"),
    "deficit": N_("items lacking"),
    "share": N_("share of the items"),
    "target_share": N_("share by the reference"),
    "chance": N_("chance of so few by the reference"),
    "nodes": N_("categories"),
    "leaves": N_("lowest categories"),
    "leaves_empty": N_("lowest categories that are empty"),
    "items": N_("items"),
    "items_unplaced": N_("items that no label places"),
    "nodes_empty": N_("empty categories"),
    "branches_empty": N_("wholly empty branches"),
    "nodes_thin": N_("thin categories"),
    "leaf_coverage": N_("share of the lowest categories that hold anything"),
    "gini": N_("Gini coefficient"),
    "effective_number": N_("effective number of categories"),
    "labels_unplaced": N_("labels that name no category"),
    "renamed": N_("categories found by id under another name"),
    "ambiguous": N_("names that several categories have"),
    "unmatched": N_("categories that are not in the taxonomy"),
    "reference_labels_unplaced": N_("labels of the reference that name no category"),
    "reference_renamed": N_("categories of the reference found by id under another name"),
    "reference_ambiguous": N_("names of the reference that several categories have"),
    "reference_unmatched": N_("categories of the reference that are not in the taxonomy"),
}


def title() -> str:
    """The measure's name."""
    return _("Taxonomy")


def meaning() -> str:
    """What it measures, its source, its limits."""
    return _(
        "Items are counted upwards through the tree of categories, each once at each category "
        "above its labels. What is empty comes first, by how much of the tree hangs below; then "
        "what has too little by the reference (after DataEval's Representation). A category is "
        "empty by the labels given, whatever the pictures show. A tree names what its makers told "
        "apart; an even spread over it is a yardstick, not a norm."
    )


def sentence(finding: Finding) -> str:
    """The largest empty branch, else the thinnest category, else that all are filled."""
    found = finding.first_rows(1)
    against = references.named(finding.reference) if finding.reference else ""
    if not found:
        words = _("Held against {reference}, no category is empty or thin.")
        return words.format(reference=against)
    first = found[0]
    if first["count"]:
        words = _(
            "No category is empty. Held against {reference}, “{name}” lacks most: {count} items "
            "where {target} would be."
        )
        told = {"count": f"{first['count']:,}", "target": f"{first['target']:,.0f}"}
        return words.format(reference=against, name=first["name"], **told)
    return _empty(finding, first, against)


def _empty(finding: Finding, first: Row, against: str) -> str:
    figures = finding.figures
    words = _n(
        "{empty} of {all} categories holds nothing, held against {reference}; the largest empty "
        "branch is “{name}” ({nodes}).",
        "{empty} of {all} categories hold nothing, held against {reference}; the largest empty "
        "branch is “{name}” ({nodes}).",
        int(figures["nodes_empty"].value),
    )
    return words.format(
        empty=f"{figures['nodes_empty'].value:,.0f}", all=f"{figures['nodes'].value:,.0f}",
        reference=against, name=first["name"], nodes=_categories(first["nodes"]),
    )  # fmt: skip


def row(finding: Finding, row: Row) -> str:
    """The category, and what it has or how much hangs empty below it."""
    if not row["count"]:
        return _("{name}: empty, {nodes}").format(name=row["name"], nodes=_categories(row["nodes"]))
    words = _("{name}: {count} where {target} would be")
    target = f"{row['target']:,.1f}" if row["target"] < 10 else f"{row['target']:,.0f}"
    return words.format(name=row["name"], count=f"{row['count']:,}", target=target)


def _categories(count: int) -> str:
    return _n("{n} category", "{n} categories", count).format(n=f"{count:,}")


def column(name: str) -> str:
    """A column's or figure's heading."""
    return _(COLUMNS.get(name, name))


def judge(finding: Finding, row: Row) -> str | None:
    """Of an empty category its relatives are looked through; of a thin one, its own items."""
    words = _("Is “{name}” in this picture?")
    if not row["count"]:
        words = _("Can it be said that “{name}” is nowhere in this picture?")
    return words.format(name=row["name"])
