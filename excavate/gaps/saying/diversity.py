"""Diversity in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from excavate.i18n import N_, _, _n

if TYPE_CHECKING:
    from excavate.gaps.stored import Finding, Row

COLUMNS = {
    "field": N_("field"),
    "label": N_("label"),
    "n": N_("items with a vector"),
    "vendi": N_("Vendi score: as many wholly different items"),
    "vendi_per_item": N_("Vendi score per item"),
    "rarefied": N_("Vendi score of a sample"),
    "low": N_("95 % from"),
    "high": N_("95 % to"),
    "items": N_("items"),
    "labels": N_("labels compared"),
    "labels_left_out": N_("labels with too few items to compare"),
    "items_labelled": N_("items with a label"),
    "seen": N_("categories seen"),
    "once": N_("categories seen once"),
    "twice": N_("categories seen twice"),
    "estimated": N_("categories there may be, at least"),
    "coverage": N_("share that the categories seen cover"),
}


def title() -> str:
    """The measure's name."""
    return _("Diversity")


def meaning() -> str:
    """What it measures, its papers, its limits and assumptions."""
    return _(
        "Repetition: the Vendi score (Friedman and Dieng 2023) says how many wholly different "
        "items would be as diverse as these, seen through one encoder; labels are compared by "
        "samples of one size. Undrawn, an extension of ours: Chao's lower bound (1984, 1987) of "
        "the categories there are, and Good and Turing's coverage (Good 1953). Both suppose that "
        "items were drawn one by one from one population; where makers chose so many of each "
        "category, they say nothing."
    )


def sentence(finding: Finding) -> str:
    """How many different items it comes to and which label repeats most; or what is undrawn."""
    if finding.parameters["of"] == "undrawn":
        return _undrawn(finding)
    figures = finding.figures
    words = _("{n} items are as diverse as {vendi} wholly different ones.")
    whole = words.format(n=f"{figures['n'].value:,.0f}", vendi=f"{figures['vendi'].value:,.1f}")
    found = finding.first_rows(1)
    if not found:
        return whole
    words = _n(
        "{whole} {n} label repeats more than half of the labels do; most of all {first}.",
        "{whole} {n} labels repeat more than half of the labels do; most of all {first}.",
        finding.rows.num_rows,
    )
    told = {"n": f"{finding.rows.num_rows:,}", "first": row(finding, found[0])}
    return words.format(whole=whole, **told)


def _undrawn(finding: Finding) -> str:
    found = finding.first_rows(1)
    if not found:
        return _("Nothing points to categories that were never drawn.")
    return row(finding, found[0])


def row(finding: Finding, row: Row) -> str:
    """The label and its score; or the field with what was seen and what there may be."""
    if "estimated" in row:
        words = _(
            "{field}: {seen} categories were seen; if items were drawn by chance, there are at "
            "least about {estimated} (95 %: {low} to {high})."
        )
        numbers = {name: f"{row[name]:,.0f}" for name in ("seen", "estimated", "low", "high")}
        return words.format(field=row["field"], **numbers)
    words = _("“{label}” ({rarefied} of {size} items drawn)")
    size = finding.parameters["size_drawn"]
    return words.format(label=row["label"], rarefied=f"{row['rarefied']:.1f}", size=size)


def column(name: str) -> str:
    """A column's or figure's heading; figures of a field end in its name."""
    first, colon, field = name.partition(":")
    said = _(COLUMNS.get(first, first))
    return f"{said}: {field}" if colon else said


def judge(finding: Finding, row: Row) -> str | None:
    """Of a label that repeats: whether an item is like the most typical one."""
    if "estimated" in row:
        return None
    return _("Do many pictures of “{label}” look almost like this one?").format(label=row["label"])
