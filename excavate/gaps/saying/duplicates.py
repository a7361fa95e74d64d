"""Duplicates in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from excavate.gaps.duplicates import ANY, OTHERS
from excavate.gaps.saying.references import named
from excavate.i18n import N_, _, _n

if TYPE_CHECKING:
    from excavate.gaps.finding import Figure
    from excavate.gaps.stored import Finding, Row

METHODS = {"exact": N_("the same bytes"), "hash": N_("hash"), "embedding": N_("embedding"),
           "any": N_("whichever way")}  # fmt: skip
TURNS = {
    "mirrored": N_("mirrored"),
    "upside down, mirrored": N_("upside down, mirrored"),
    "half turn": N_("turned by 180 degrees"),
    "transposed": N_("mirrored, turned by 90 degrees"),
    "quarter turn": N_("turned by 90 degrees"),
    "quarter turn back": N_("turned by 90 degrees"),
    "transposed, half turn": N_("mirrored, turned by 90 degrees"),
}
CODES = {"kind": METHODS, "turn": TURNS}
COLUMNS = {
    "group": N_("first item"),
    "kind": N_("alike by"),
    "size": N_("items"),
    "crossing": N_("across splits or datasets"),
    "splits": N_("splits"),
    "bits": N_("bits that differ"),
    "turn": N_("turned"),
    "cosine": N_("cosine similarity, centred"),
    "items": N_("items"),
    "groups": N_("groups of copies"),
    "flat": N_("too plain to compare by hash"),
    "tiny": N_("too small to compare by hash"),
    "not_finite": N_("vectors that are no numbers"),
    "full": N_("items so close together that copies cannot be told apart"),
    "dimension": N_("dimension that the neighbours live in"),
    "recall": N_("recall of the neighbours"),
    "distinct": N_("different pictures"),
    "distinct_share": N_("different pictures, share of the items"),
    "effective_share": N_("effective number, share of the items"),
}


def title() -> str:
    """The measure's name."""
    return _("Duplicates")


def meaning() -> str:
    """What it measures, its papers, its limits."""
    return _(
        "Items that are the same picture: the same bytes; nearly the same hash, mirrored or "
        "turned as well (a cosine transform after Zauner 2010); or nearly the same embedding, "
        "centred, much nearer than an item's other neighbours, more than chance would bring them "
        "where pictures lie evenly (the law of Levina and Bickel 2005). Items that hang together "
        "count as one picture. Where copies stand on both sides of a split, what is tested was "
        "seen in training (Barz and Denzler 2020). Crops and small turns escape the hash; the "
        "embedding may take two pictures of one kind for one."
    )


def sentence(finding: Finding) -> str:
    """How many pictures there really are, the widest leak, and what was not compared."""
    said = [_groups(finding)]
    widest = _widest_leak(finding)
    if widest:
        said.append(_leak(*widest))
    for method, why in finding.parameters["not_measured"].items():
        words = _("Not measured by {method}: {why}.")
        said.append(words.format(method=_(METHODS[method]), why=_(why)))
    return " ".join([*said, *_left_open(finding)])


def _left_open(finding: Finding) -> list[str]:
    """What was looked at and cannot be told: crowds of near items, pictures that are too small."""
    said = []
    full, tiny = (int(f.value) if (f := finding.figures.get(n)) else 0 for n in ("full", "tiny"))
    if full:
        words = _n(
            "{n} item lies so close to many others that its copies cannot be told by embedding.",
            "{n} items lie so close to many others that their copies cannot be told by embedding.",
            full,
        )
        said.append(words.format(n=f"{full:,}"))
    if tiny and "hash" not in finding.parameters["not_measured"]:
        words = _n(
            "{n} picture below {pixels} pixels was not compared by hash.",
            "{n} pictures below {pixels} pixels were not compared by hash.",
            tiny,
        )
        said.append(words.format(n=f"{tiny:,}", pixels=finding.parameters["pixels"]))
    return said


def _groups(finding: Finding) -> str:
    figures, reference = finding.figures, finding.reference
    n = int(figures["groups"].value)
    if reference is not None and reference.kind == "dataset":
        words = _n(
            "{n} group of copies holds items both of {dataset} and of {reference}.",
            "{n} groups of copies hold items both of {dataset} and of {reference}.",
            n,
        )
        return words.format(n=f"{n:,}", dataset=finding.dataset, reference=named(reference))
    items = f"{int(figures['items'].value):,}"
    if n == 0:
        return _("None of the {items} items was found to be a copy of another.").format(items=items)
    words = _n(
        "{items} items are {distinct} different pictures: {n} group is the same or nearly.",
        "{items} items are {distinct} different pictures: {n} groups are the same or nearly.",
        n,
    )
    distinct = f"{int(figures['distinct'].value):,}"
    return words.format(items=items, distinct=distinct, n=f"{n:,}")


def _widest_leak(finding: Finding) -> tuple[str, Figure] | None:
    leaks = {n: f for n, f in finding.figures.items() if n.startswith("leak|") and f.value > 0}
    if not leaks:
        return None
    return max(leaks.items(), key=lambda leak: (leak[1].value, leak[0]))


def _leak(name: str, figure: Figure) -> str:
    _kind, method, side, other = name.split("|", 3)
    words = _("{share} of {side} ({low} to {high}) is also in {other}, by {method}.")
    if method == ANY:
        words = _("{share} of {side} ({low} to {high}) is also in {other}, the same or nearly.")
    there = _elsewhere(side, other)
    return words.format(
        share=f"{figure.value:.2%}", low=f"{figure.low:.2%}", high=f"{figure.high:.2%}",
        side=_("all splits") if side == OTHERS else side, other=there, method=_(METHODS[method]),
    )  # fmt: skip


def _elsewhere(side: str, other: str) -> str:
    """The other side of a leak: of many splits any, another one where the side is one of them."""
    if other != OTHERS:
        return other
    return _("another split") if side == OTHERS else _("any split")


def row(finding: Finding, row: Row) -> str:
    """How many, by what they are alike, and where they stand."""
    kind, splits = _(METHODS[row["kind"]]), ", ".join(row["splits"])
    if row["turn"]:
        kind = f"{kind}, {_(TURNS[row['turn']])}"
    words = _n("{n} item: {kind} ({splits})", "{n} items: {kind} ({splits})", row["size"])
    return words.format(n=f"{row['size']:,}", kind=kind, splits=splits)


def column(name: str) -> str:
    """A column's or figure's heading."""
    if name.startswith("leak|") and name.count("|") >= 3:
        _kind, method, side, other = name.split("|", 3)
        there = _elsewhere(side, other)
        words = _("{side} also in {other}, by {method}")
        side = _("all splits") if side == OTHERS else side
        return words.format(side=side, other=there, method=_(METHODS[method]))
    for beginning, words in (
        ("compared by ", N_("compared by {method}")),
        ("matched by ", N_("found again by {method}")),
    ):
        method = name.removeprefix(beginning)
        if method in METHODS and name != method:
            return _(words).format(method=_(METHODS[method]))
    return _(COLUMNS.get(name, name))


def judge(finding: Finding, row: Row) -> str | None:
    """Whether two pictures are one."""
    return _("Are these two the same picture, apart from size, crop, turning, light or quality?")
