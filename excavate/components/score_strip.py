"""The documentation score as strips of squares: seen, unverified, none; a square a question."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from excavate.components.dossier_words import in_words
from excavate.components.facts import worded
from excavate.dossiers.scoring import instruments
from excavate.i18n import N_, _

if TYPE_CHECKING:
    from excavate.dossiers.scoring import Answer, Instrument, Score, Section

SAID = {
    "seen": N_("answered, source seen"),
    "unverified": N_("answered, unverified"),
    "none": N_("no answer on record"),
}


def score_strip(score: Score) -> str:
    """A strip for each section of each instrument, a sentence, and the open questions."""
    totals = score.totals()
    words = _(
        "Of {asked} questions, {seen} have an answer whose source was seen, {unverified} only an "
        "unverified one, {none} none."
    ).format(
        asked=totals.asked, seen=totals.seen, unverified=totals.unverified, none=totals.none
    )  # fmt: skip
    legend = "".join(f"<li>{_square(state)}{escape(_(said))}</li>" for state, said in SAID.items())
    strips = "".join(_instrument(instrument, score) for instrument in instruments())
    return (
        f'<div class="exc exc-score"><p>{escape(words)}</p>'
        f'<ul class="exc-legend">{legend}</ul>{strips}{_open_questions(score)}</div>'
    )


def _instrument(instrument: Instrument, score: Score) -> str:
    rows = "".join(_section(instrument, section, score) for section in instrument.sections)
    return f"<h3>{worded(*in_words(instrument.name))}</h3><dl>{rows}</dl>"


def _section(instrument: Instrument, section: Section, score: Score) -> str:
    answers = [
        answer
        for answer in score.answers
        if (answer.question.instrument, answer.question.section) == (instrument.id, section.id)
    ]
    squares = "".join(
        _square(answer.state, in_words(answer.question.text)[0]) for answer in answers
    )
    answered = sum(answer.state != "none" for answer in answers)
    label = escape(_("{n} of {m} answered").format(n=answered, m=len(answers)))
    name = worded(*in_words(section.name))
    return f'<dt>{name}</dt><dd role="img" aria-label="{label}">{squares}</dd>'


def _square(state: str, title: str = "") -> str:
    words = f"{title} – {_(SAID[state])}" if title else _(SAID[state])
    return f'<i class="exc-square exc-is-{state}" title="{escape(words)}"></i>'


def _open_questions(score: Score) -> str:
    left: list[Answer] = [answer for answer in score.answers if answer.state == "none"]
    if not left:
        return ""
    title = escape(_("What nobody here has found answered ({n})").format(n=len(left)))
    lines = "".join(f"<li>{worded(*in_words(answer.question.text))}</li>" for answer in left)
    return f"<details><summary>{title}</summary><ul>{lines}</ul></details>"
