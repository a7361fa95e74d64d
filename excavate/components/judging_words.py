"""What is said of a round of judging, in sentences: how far it is, how far people agree."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from excavate.counter.agreement import FEWEST_ITEMS, Agreement, Coefficient
from excavate.i18n import _, _n
from excavate.workshop.judging import CANNOT, REFUSE, Choice, Judgement, Progress


def progress_sentence(how_far: Progress) -> str:
    """How many take part and how many have answered everything; counts alone, escaped."""
    if not how_far.people:
        return f"<p>{escape(_('Nobody has answered yet.'))}</p>"
    people = _n("{n} person has begun", "{n} people have begun", how_far.people)
    through = _n("{n} has answered everything", "{n} have answered everything", how_far.finished)
    answers = _n("{n} answer so far", "{n} answers so far", how_far.answers)
    said = (
        people.format(n=how_far.people), through.format(n=how_far.finished),
        answers.format(n=f"{how_far.answers:,}"),
    )  # fmt: skip
    return f"<p>{escape(' · '.join(said))}</p>"


def agreement_sentences(found: Agreement, people: int) -> list[str]:
    """How far people agree, in plain words, each number with its interval and its n.

    `people`: all who answered; of the coefficients only those who chose are part.
    """
    said = _n("{n} person answered", "{n} people answered", people)
    items = _n("{m} picture was answered by two or more",
               "{m} pictures were answered by two or more",
               found.items)  # fmt: skip
    first = f"{said.format(n=people)}. {items.format(m=found.items)}."
    return [first, _observed(found), _alpha(found.alpha)]


def _observed(found: Agreement) -> str:
    one = found.observed
    if one.value is None:
        return _("How often two answers are the same is not measured: {why}.").format(
            why=reason(one.why)
        )
    words = _n("Of {n} pair of answers to the same picture, {share} % are the same{bounds}.",
               "Of {n} pairs of answers to the same picture, {share} % are the same{bounds}.",
               found.pairs)  # fmt: skip
    share = f"{100 * one.value:.0f}"
    return words.format(n=f"{found.pairs:,}", share=share, bounds=bounds(one, 100, 0))


def _alpha(one: Coefficient) -> str:
    if one.value is None:
        words = _("Agreement beyond chance (Krippendorff's alpha) is not measured: {why}.")
        return words.format(why=reason(one.why))
    words = _("Agreement beyond chance (Krippendorff's alpha): {value}{bounds}. At 0 people agree "
              "as often as chance would have it, at 1 always.")  # fmt: skip
    return words.format(value=f"{one.value:.2f}", bounds=bounds(one, 1, 2))


def kappa_sentence(one: Coefficient) -> str:
    """Fleiss' kappa, or why there is none."""
    if one.value is None:
        return _("Fleiss' kappa is not measured: {why}.").format(why=reason(one.why))
    words = _("Fleiss' kappa: {value}{bounds}.")
    return words.format(value=f"{one.value:.2f}", bounds=bounds(one, 1, 2))


def change_sentence(one: Coefficient) -> str:
    """How alpha changed from one round to the next, on the same pictures."""
    if one.value is None:
        words = _("How agreement changed is not measured: {why}.")
        return words.format(why=reason(one.why))
    words = _("From the round before to this one, alpha changed by {value}{bounds}, on the "
              "pictures that two or more answered in both.")  # fmt: skip
    return words.format(value=f"{one.value:+.2f}".replace("-", "\u2212"), bounds=bounds(one, 1, 2))


def bounds(one: Coefficient, times: int, digits: int) -> str:
    """The interval behind a number, or why there is none."""
    if one.low is None or one.high is None:
        return " " + _("(no interval: {why})").format(why=reason(one.why_no_interval))
    low, high = (
        f"{times * bound:.{digits}f}".replace("-", "\u2212") for bound in (one.low, one.high)
    )
    return " " + _("({low} to {high})").format(low=low, high=high)


def reason(why: str) -> str:
    """Why something is not measured, in the language of this run."""
    return _(why).format(n=FEWEST_ITEMS)


def apart_sentence(cannot: int, refused: int) -> str:
    """Who could not say and who refused: counted here, and part of no coefficient."""
    could_not = _n("{n} answer is “I cannot say”", "{n} answers are “I cannot say”", cannot)
    refusal = _n("{n} is “I refuse”", "{n} are “I refuse”", refused)
    words = _("{cannot}, {refused}: they are shown, and part of no coefficient.")
    return words.format(cannot=could_not.format(n=cannot), refused=refusal.format(n=refused))


def choice_words(
    choices: tuple[Choice, ...], language: str, said: Sequence[Judgement] = ()
) -> dict[str, str]:
    """{code: words} of the choices, then of what stands beside every set of choices.

    Choices whose words were taken back are called by their codes, as `said` names them.
    """
    codes = sorted({one.choice for one in said} - {CANNOT, REFUSE})
    gone = {code: f"{code} ({_('taken back')})" for code in codes}
    named = gone | {one.code: one.words(language) for one in choices}
    return {**named, CANNOT: _("I cannot say"), REFUSE: _("I refuse")}
