"""Taxonomy in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from excavate.gaps.persons import names_persons, of_persons
from excavate.gaps.saying import references
from excavate.i18n import N_, _, _n

if TYPE_CHECKING:
    from excavate.gaps.stored import Finding, Row

CODES = {"action": {"acquire": N_("acquire"), "augment": N_("augment")}}
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
    "q": N_("that chance, corrected for all categories asked (q)"),
    "nodes": N_("categories"),
    "leaves": N_("lowest categories"),
    "leaves_empty": N_("lowest categories that are empty"),
    "of_persons": N_("says what a person is"),
    "items": N_("items"),
    "items_labelled": N_("items with labels"),
    "items_unplaced": N_("items that no label places"),
    "nodes_empty": N_("empty categories"),
    "branches_empty": N_("wholly empty branches"),
    "nodes_thin": N_("thin categories"),
    "by_chance": N_("gaps that chance alone may give"),
    "leaf_coverage": N_("share of the lowest categories that hold anything"),
    "gini": N_("Gini coefficient"),
    "effective_number": N_("effective number of categories"),
    "labels_unplaced": N_("labels that name no category"),
    "renamed": N_("categories found by id under another name"),
    "ambiguous": N_("names that several categories have"),
    "unmatched": N_("categories that are not in the taxonomy"),
    "reference_items_labelled": N_("items of the reference with labels"),
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
        "apart; an even spread over it is a yardstick, not a norm. Another dataset is a sample: a "
        "difference from it that chance alone may give is no gap (Benjamini and Hochberg 1995). "
        "The Gini coefficient and the effective number are counted over the items at hand, not "
        "estimated for others, and have no interval."
    )


def sentence(finding: Finding) -> str:
    """The largest empty branch, else the thinnest category, else that all are filled; how much of
    it chance may give, and which items have no place."""
    found = finding.first_rows(1)
    against = references.named(finding.reference) if finding.reference else ""
    if not found:
        leading = _nothing(finding, against)
    elif found[0]["count"]:
        leading = _thinnest(finding, found[0], against)
    else:
        leading = _empty(finding, found[0], against)
    return " ".join(filter(None, (leading, _chance(finding), _no_place(finding))))


def _nothing(finding: Finding, against: str) -> str:
    words = _("Held against {reference}, no category is empty or thin.")
    if _figure(finding, "by_chance"):
        words = _("Held against {reference}, no category is empty or thin beyond chance.")
    return words.format(reference=against)


def _thinnest(finding: Finding, first: Row, against: str) -> str:
    words = _n(
        "No category is empty. Held against {reference}, “{name}” lacks most: {count} item where "
        "{target} would be.",
        "No category is empty. Held against {reference}, “{name}” lacks most: {count} items where "
        "{target} would be.",
        first["count"],
    )
    if _figure(finding, "nodes_empty"):
        words = _n(
            "Held against {reference}, “{name}” lacks most: {count} item where {target} would be.",
            "Held against {reference}, “{name}” lacks most: {count} items where {target} would be.",
            first["count"],
        )
    told = {"count": f"{first['count']:,}", "target": f"{first['target']:,.0f}"}
    return words.format(reference=against, name=first["name"], **told)


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


def _chance(finding: Finding) -> str:
    """How many gaps are beyond chance; "" where none may be by chance."""
    by_chance = _figure(finding, "by_chance")
    told = _figure(finding, "branches_empty") + _figure(finding, "nodes_thin")
    if not by_chance:
        return ""
    # Against a dataset what chance may give is left out of the rows, else it is among them.
    apart = finding.reference is not None and finding.reference.kind == "dataset"
    every = told + by_chance if apart else told
    words = _n(
        "Of {all} empty branches and thin categories, {n} is beyond chance.",
        "Of {all} empty branches and thin categories, {n} are beyond chance.",
        every - by_chance,
    )
    return words.format(all=f"{every:,}", n=f"{every - by_chance:,}")


def _no_place(finding: Finding) -> str:
    """How many labelled items are in none of the categories; "" where all are."""
    labelled, there = _figure(finding, "items_labelled"), _figure(finding, "items")
    if labelled <= there:
        return ""
    words = _n(
        "{n} of {all} labelled items is under none of these categories and counts nowhere.",
        "{n} of {all} labelled items are under none of these categories and count nowhere.",
        labelled - there,
    )
    return words.format(n=f"{labelled - there:,}", all=f"{labelled:,}")


def _figure(finding: Finding, name: str) -> int:
    figure = finding.figures.get(name)
    return int(figure.value) if figure else 0


def row(finding: Finding, row: Row) -> str:
    """The category, what it has or how much hangs empty below it; that chance may give as few."""
    if row["count"]:
        target = f"{row['target']:,.1f}" if row["target"] < 10 else f"{row['target']:,.0f}"
        words = _("{name}: {count} where {target} would be")
        said = words.format(name=row["name"], count=f"{row['count']:,}", target=target)
    else:
        words = _("{name}: empty, {nodes}")
        said = words.format(name=row["name"], nodes=_categories(row["nodes"]))
    if (row.get("q") or 0) > finding.parameters.get("alpha", 1):
        return _("{row} (chance alone may give as few)").format(row=said)
    return said


def _categories(count: int) -> str:
    return _n("{n} category", "{n} categories", count).format(n=f"{count:,}")


def column(name: str) -> str:
    """A column's or figure's heading."""
    return _(COLUMNS.get(name, name))


def judge(finding: Finding, row: Row) -> str | None:
    """Of an empty category its relatives are looked through; of a thin one, its own items.

    Nobody is asked what a person is: neither of a category that says so, nor where a field does.
    """
    fields = finding.parameters.get("fields") or ()
    if row.get("of_persons") or any(map(names_persons, (row["name"], *(row.get("path") or ())))):
        return None
    if any(map(of_persons, fields)):
        return None
    words = _("Is “{name}” in this picture?")
    if not row["count"]:
        if not row.get("items"):  # of any picture at all yes would nearly always be right
            return None
        words = _("Can it be said that “{name}” is nowhere in this picture?")
    return words.format(name=row["name"])
