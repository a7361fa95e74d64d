"""Concepts in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from excavate.gaps.concepts import BLIND, PRESENT, THIN, UNDECIDED, UNMEASURED
from excavate.gaps.saying.references import named
from excavate.i18n import N_, _, _n, spoken

if TYPE_CHECKING:
    from excavate.gaps.stored import Finding, Row

STATES = {
    THIN: N_("thin against the control"),
    PRESENT: N_("present"),
    UNDECIDED: N_("undecided"),
    BLIND: N_("the encoder may not know it"),
    UNMEASURED: N_("not measured"),
}
COLUMNS = {
    "concept": N_("concept"),
    "group": N_("group"),
    "ko": N_("in Korean"),
    "en": N_("in English"),
    "state": N_("state"),
    "score": N_("times the control's share"),
    "low": N_("at least"),
    "high": N_("at most"),
    "share": N_("share above the bar here"),
    "control": N_("share above the bar in the control"),
    "auc": N_("how well the words find the control's own labels (AUC)"),
    "heard_in": N_("heard in"),
    "items": N_("nearest items"),
    "concepts": N_("concepts"),
    "thin": N_("thin against the control"),
    "blind": N_("the encoder may not know them"),
    "undecided": N_("undecided"),
    "present": N_("present"),
    "not_measured": N_("not measured"),
    "disagree": N_("Korean and English disagree"),
    "control_items": N_("items of the control"),
    "second_state": N_("state by the second encoder"),
    "second_score": N_("times the control's share, by the second encoder"),
    "encoders_agree": N_("both encoders say the same"),
}
OF_LANGUAGE = {"ko": N_("{what}, by the Korean words"), "en": N_("{what}, by the English words")}
EXTRA = {"shift": N_("how far nonsense words lie from the control (spreads)")}
SHOWN = 3


def title() -> str:
    """The measure's name."""
    return _("Concepts")


def meaning() -> str:
    """What it measures, its origin, its limits."""
    return _(
        "Words of a vocabulary, Korean and English each by itself, are held against the pictures "
        "through an encoder that knows words (after Radford et al. 2021; the calibration is our "
        "own extension). A picture answers to a word where it stands out more than pictures do "
        "for words without meaning. Thin means that the share of such pictures is clearly below "
        "the control's (95 % bounds, each word by itself). Where nothing answers, neither here "
        "nor in the control, the encoder may not know the word: that says nothing of the dataset."
    )


def sentence(finding: Finding) -> str:
    """What is thin against the control, what the encoder may not know; or what answers at all."""
    numbers = {name: f"{figure.value:,.0f}" for name, figure in finding.figures.items()}
    reference = finding.reference
    if reference is None or reference.kind != "dataset":
        return _(
            "Without a control: {present} of {concepts} concepts find pictures in {dataset}; for "
            "{blind} nothing answers, and whether the encoder knows them cannot be told."
        ).format(dataset=finding.dataset, **numbers)
    thin = [row for row in finding.first_rows(SHOWN) if row["state"] == THIN]
    if not thin:
        return _(
            "None of {concepts} concepts is clearly thin in {dataset} against {reference}; "
            "{blind} the encoder may not know."
        ).format(dataset=finding.dataset, reference=named(reference), **numbers)
    words = _n(
        "{thin} of {concepts} concepts is thin in {dataset} against {reference}: {first}. "
        "{blind} others the encoder may not know.",
        "{thin} of {concepts} concepts are thin in {dataset} against {reference}, first of all "
        "{first}. {blind} others the encoder may not know.",
        int(finding.figures["thin"].value),
    )
    first = ", ".join(_name(row) for row in thin)
    return words.format(dataset=finding.dataset, reference=named(reference), first=first, **numbers)


def row(finding: Finding, row: Row) -> str:
    """The concept in both languages, and its state."""
    both = " · ".join(text for text in (row["ko"], row["en"]) if text)
    return f"{both}: {_(STATES[row['state']])}"


def column(name: str) -> str:
    """A column's or figure's heading."""
    language, _sep, rest = name.partition("_")
    if language in OF_LANGUAGE and rest:
        return _(OF_LANGUAGE[language]).format(what=_({**COLUMNS, **EXTRA}.get(rest, rest)))
    return _(COLUMNS.get(name, name))


def judge(finding: Finding, row: Row) -> str | None:
    """Whether a picture shows what the words say; for a thin one, whether it does not."""
    if row["state"] == PRESENT:
        return _("Does the picture show this: {words}?").format(words=_name(row))
    if row["state"] == THIN:
        return _("Is this missing from the picture: {words}?").format(words=_name(row))
    return None


def _name(row: Row) -> str:
    """The concept's words in the language of this run, or in the other where it has none."""
    here, other = ("ko", "en") if spoken() == "ko" else ("en", "ko")
    return str(row[here] or row[other])
