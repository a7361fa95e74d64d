"""Labels in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from excavate.embedding.spec import said_name
from excavate.gaps.label_rows import ERROR, NAMELESS, TORN
from excavate.i18n import N_, _, _n

if TYPE_CHECKING:
    from excavate.gaps.stored import Finding, Row

COLUMNS = {
    "kind": N_("what was found"),
    "item": N_("item"),
    "given": N_("label given"),
    "suggested": N_("label suggested"),
    "score": N_("strength"),
    "low": N_("low (95 %)"),
    "high": N_("high (95 %)"),
    "count": N_("items"),
    "apart": N_("neighbours under another label"),
    "for_given": N_("votes for the label given"),
    "votes": N_("votes"),
    "opinion": N_("whose opinion"),
    "items": N_("items"),
    "nearest": N_("neighbours that speak for it"),
    "left_out": N_("items left out (no vector)"),
    "of_persons": N_("items left out (their labels say what a person is)"),
    "judged": N_("items whose label was judged"),
    "names": N_("different labels judged"),
    "likely_errors": N_("items whose label is doubted"),
    "error_share": N_("share of labels doubted"),
    "probe_share": N_("share doubted by the probe alone"),
    "voted": N_("items people voted on"),
    "outvoted": N_("items whose label people outvoted"),
    "disagreeing_labels": N_("different labels apart from their neighbours"),
    "nameless": N_("items without a name of their own"),
    "nameless_regions": N_("dense places without a name"),
}
OPINIONS = {
    "probe": N_("a probe through {encoder}"),
    "people": N_("people ({sets})"),
    "probe and people": N_("people ({sets}) and a probe through {encoder}"),
    "neighbours": N_("neighbours as {encoder} sees them"),
}
WHOSE = {
    "probe": N_("a probe"),
    "people": N_("people"),
    "probe and people": N_("people and a probe"),
    "neighbours": N_("neighbours"),
}
KINDS = {
    ERROR: N_("label in doubt"),
    TORN: N_("label apart from its neighbours"),
    NAMELESS: N_("dense place without a name"),
}
CODES = {"kind": KINDS, "opinion": WHOSE}


def title() -> str:
    """The measure's name."""
    return _("Labels in doubt")


def meaning() -> str:
    """What it measures, its paper, its limits."""
    return _(
        "Which labels another opinion contradicts: a linear probe on the embeddings that never "
        "saw the item's label (confident learning, Northcutt, Jiang and Chuang 2021), pooled "
        "with people's votes where there are any; labels most of whose neighbours carry another; "
        "dense places that no label names. Opinions, not the truth: a rare picture looks like an "
        "error, and an error that everybody makes is not found."
    )


def sentence(finding: Finding) -> str:
    """How many labels are doubted, by whom, and what is torn or nameless."""
    figures = finding.figures
    parts = [_doubted(finding)] if "likely_errors" in figures else []
    torn = int(figures["disagreeing_labels"].value) if "disagreeing_labels" in figures else 0
    if torn:
        words = _n(
            "{n} label lies mostly among items of other labels.",
            "{n} labels lie mostly among items of other labels.",
            torn,
        )
        parts.append(words.format(n=f"{torn:,}"))
    regions = int(figures["nameless_regions"].value) if "nameless_regions" in figures else 0
    if regions:
        words = _n(
            "{n} dense place has no name of its own.",
            "{n} dense places have no name of their own.",
            regions,
        )
        parts.append(words.format(n=f"{regions:,}"))
    return " ".join([*parts, _apart(finding)]).strip()


def _doubted(finding: Finding) -> str:
    doubted, judged = (int(finding.figures[n].value) for n in ("likely_errors", "judged"))
    share = finding.figures["error_share"]
    whose = "probe and people" if finding.question.encoder else "people"
    if not finding.parameters["voices"]:
        whose = "probe"
    words = _n(
        "The {field} label of {n} of {judged} items, {share} % ({low} to {high} %), is doubted by "
        "{whose}.",
        "The {field} labels of {n} of {judged} items, {share} % ({low} to {high} %), are doubted "
        "by {whose}.",
        doubted,
    )
    return words.format(
        n=f"{doubted:,}", judged=f"{judged:,}", field=finding.parameters["field"],
        share=_percent(share.value), low=_percent(share.low), high=_percent(share.high),
        whose=opinion(finding, whose),
    )  # fmt: skip


def _percent(share: float | None) -> str:
    """As it is read aloud: two places, more where nothing but zeros would be left."""
    percent = 100 * (share or 0)
    return f"{percent:.1g}" if 0 < percent < 0.01 else f"{percent:.2f}".rstrip("0").rstrip(".")


def _apart(finding: Finding) -> str:
    """Which labels were not asked about, for they say what a person is."""
    figure = finding.figures.get("of_persons")
    if figure is None:
        return ""
    words = _n(
        "{n} item stayed out: its label says what a person is.",
        "{n} items stayed out: their labels say what a person is.",
        int(figure.value),
    )
    return words.format(n=f"{int(figure.value):,}")


def opinion(finding: Finding, whose: str) -> str:
    """Whose opinion it is, with the encoder and the sets of votes by name."""
    encoder = said_name(finding.parameters.get("lens", ""))  # older findings keep a file's path
    sets = ", ".join(finding.parameters["voices"])
    return _(OPINIONS[whose]).format(encoder=encoder, sets=sets)


def row(finding: Finding, row: Row) -> str:
    """One label, torn label or nameless place, and whose opinion that is; the lens is said once."""
    given = row["given"] if row["given"] is not None else _("no label")
    named = {"given": given, "suggested": row["suggested"] or _("nothing named")}
    if row["kind"] == ERROR:
        words = _("{given}, or {suggested}?")
        if row["votes"]:
            words = _("{given}, or {suggested}? {for_given} of {votes} votes are for {given}")
        named |= {"for_given": row["for_given"], "votes": row["votes"]}
    elif row["kind"] == TORN:
        words = _("{given}: {share} % of the neighbours carry other labels, mostly {suggested}")
        named["share"] = f"{100 * row['score']:.0f}"
    elif row["kind"] == NAMELESS:
        words = _("{n} items close together under {given}; nearest name: {suggested}")
        named["n"] = f"{row['count']:,}"
    else:
        raise ValueError(row["kind"])
    return f"{words.format(**named)} ({_(WHOSE[row['opinion']])})"


def column(name: str) -> str:
    """A column's or figure's heading."""
    return _(COLUMNS.get(name, name))


def judge(finding: Finding, row: Row) -> str | None:
    """Of a doubted label: whether it is wrong. Where a label is torn, or none, nothing is asked."""
    if row["kind"] != ERROR:
        return None
    return _("Is the label {given} wrong for this picture?").format(given=f"“{row['given']}”")
