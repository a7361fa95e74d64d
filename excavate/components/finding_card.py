"""A finding as a card that can be read aloud: its sentence, figures, reference, pictures, rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from excavate.components.finding_method import method_html
from excavate.components.finding_words import (
    FOUND,
    NOTHING,
    STATES,
    UNMEASURED,
    figures_html,
    lens_line,
    state_of,
    types_line,
)
from excavate.embedding.spec import short_name
from excavate.gaps.records import held_against, sentence, why_not
from excavate.gaps.registry import REGISTRY, saying_of
from excavate.i18n import _, _n, spoken

if TYPE_CHECKING:
    from excavate.gaps.stored import Finding

ROWS_ON_CARD = 3
FIGURES_ON_CARD = 4


@dataclass(frozen=True, slots=True)
class Around:
    """What a card shows beside the finding itself; what is HTML is safe already."""

    lens: Sequence[tuple[str, str | None]]  # (spec, trained on)
    stands: bool  # of the site's present revisions
    site: str  # the folder's name, for commands
    pictures: str = ""  # HTML of the strip
    checks: str = ""  # HTML: robustness and hand-check
    on_map: str = ""  # HTML of the link
    setting: bool = False  # it was asked as another setting of a finding


def finding_href(finding_id: str) -> str:
    """The link of a finding."""
    return "/finding?" + urlencode({"id": finding_id, "lang": spoken()})


def card(finding: Finding, around: Around) -> str:
    """The whole card. What was not measured has a look of its own, never that of a result."""
    state = state_of(finding)
    inner = unmeasured(finding, around) if state == UNMEASURED else measured(finding, around)
    title = saying_of(finding.measure).title()
    label = escape(f"{title} · {finding.dataset}")
    return (
        f'<article class="exc exc-finding exc-finding-{state}" id="f-{finding.id}"'
        f' aria-label="{label}">{head(finding, around)}{inner}'
        f"{method_html(finding, around.lens, False)}</article>"
    )


def head(finding: Finding, around: Around) -> str:
    """The quiet line on top: measure, dataset, state, marks."""
    state = state_of(finding)
    marks = []
    if state != FOUND:
        hatched = " exc-hatched" if state == UNMEASURED else ""
        marks.append(f'<span class="exc-tag{hatched}"><b>{escape(_(STATES[state]))}</b></span>')
    if REGISTRY[finding.measure].extension:
        marks.append(f'<span class="exc-tag">{escape(_("our extension"))}</span>')
    if around.setting:
        marks.append(f'<span class="exc-tag exc-old">{escape(_("another setting of one"))}</span>')
    if not around.stands:
        marks.append(f'<span class="exc-tag exc-old">{escape(_("of an older revision"))}</span>')
    proxy = escape(_("a proxy of: {types}").format(types=types_line(finding)))
    return (
        f'<p class="exc-finding-head"><strong>{escape(saying_of(finding.measure).title())}</strong>'
        f' <span class="exc-mono">{escape(finding.dataset)}</span>'
        f' <span class="exc-quiet">{proxy}</span> {"".join(marks)}</p>'
    )


def said_html(finding: Finding, linked: bool = True) -> str:
    """The sentence, large; on a card it is the finding's link."""
    text = escape(sentence(finding))
    if not linked:
        return f'<h1 class="exc-sentence">{text}</h1>'
    link = escape(finding_href(finding.id))
    return f'<h2 class="exc-sentence"><a href="{link}" data-page target="_self">{text}</a></h2>'


def measured(finding: Finding, around: Around) -> str:
    """Sentence, figures, what it is held against and seen through, pictures, rows, checks."""
    return (
        f'<div class="exc-finding-body"><div>{said_html(finding)}'
        f"{figures_html(finding, FIGURES_ON_CARD)}{against(finding, around.lens)}"
        f"{around.checks}{ways(finding, around)}</div>"
        f"<div>{around.pictures}{strongest(finding)}</div></div>"
    )


def against(finding: Finding, lens: Sequence[tuple[str, str | None]]) -> str:
    """The reference and the lens: no gap stands without the one, no neighbourhood without both."""
    held = escape(_("Held against: {reference}").format(reference=held_against(finding)))
    seen = "".join(
        f"<br>{escape(lens_line(trained_on))} "
        f"<span class='exc-mono'>{escape(short_name(spec))}</span>"
        for spec, trained_on in lens
    )
    return f'<p class="exc-against-line">{held}{seen}</p>'


def strongest(finding: Finding) -> str:
    """The first rows in words, and how many more there are."""
    rows = finding.first_rows(ROWS_ON_CARD)
    if not rows:
        return ""
    say = saying_of(finding.measure).row
    lines = "".join(f"<li>{escape(say(finding, row))}</li>" for row in rows)
    more = finding.rows.num_rows - len(rows)
    rest = ""
    if more:
        words = _n("and {n} more row", "and {n} more rows", more).format(n=f"{more:,}")
        rest = f'<li class="exc-quiet">{escape(words)}</li>'
    return f'<ol class="exc-strongest">{lines}{rest}</ol>'


def ways(finding: Finding, around: Around) -> str:
    """Where to go from here."""
    link = escape(finding_href(finding.id))
    whole = f'<a href="{link}" data-page target="_self">{escape(_("Open the finding"))}</a>'
    return f'<p class="exc-ways">{whole}{around.on_map}</p>'


def unmeasured(finding: Finding, around: Around) -> str:
    """Its reason and what to do; no figure and no picture: nothing is known here."""
    from excavate.components.finding_words import command_for

    reason = escape(_("Not measured: {why}.").format(why=why_not(finding)))
    link = escape(finding_href(finding.id))
    todo = escape(
        _("This says neither that there is a gap nor that there is none. Give the dataset what "
          "the measure needs, or ask otherwise, and measure again:")
    )  # fmt: skip
    command = escape(command_for(finding, around.site))
    return (
        f'<h2 class="exc-sentence"><a href="{link}" data-page target="_self">{reason}</a></h2>'
        f"<p>{todo}</p><p><code>{command}</code></p>"
    )


__all__ = ["NOTHING", "Around", "card", "finding_href"]
