"""Facts as HTML: what is said, in which language, where it is from, and whether that was seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from excavate.components.dossier_words import in_words
from excavate.components.outside import outward
from excavate.i18n import _, spoken

if TYPE_CHECKING:
    from excavate.dossiers.schema import Dossier, Fact
    from excavate.workshop.finds import Find, FindFact


@dataclass(frozen=True, slots=True)
class Shown:
    """One fact ready to be drawn. `mark`: why it is unverified; empty where it was seen.

    `way`: HTML of a link that stands behind its source.
    """

    id: str
    topic: str
    text: str
    language: str
    source: str
    url: str | None
    mark: str
    note: str = ""
    note_language: str = ""
    disagrees: tuple[str, ...] = ()
    way: str = ""


def of_dossier(dossier: Dossier) -> list[Shown]:
    """The facts of a dossier, in its order."""
    return [_of_fact(fact) for fact in dossier.fact]


def of_find(find: Find) -> list[Shown]:
    """The facts of a find: all unverified, each by whoever said it."""
    return [_of_find_fact(fact) for fact in find.facts]


def by_topic(facts: list[Shown]) -> Mapping[str, list[Shown]]:
    """Facts under their topics."""
    found: dict[str, list[Shown]] = {}
    for fact in facts:
        found.setdefault(fact.topic, []).append(fact)
    return found


def worded(text: str, language: str) -> str:
    """Text with its language where that is not the page's; escaped."""
    if language == spoken():
        return escape(text)
    return f'<span lang="{escape(language)}">{escape(text)}</span>'


def fact_html(fact: Shown) -> str:
    """One fact: its words, then its source, and *unverified* where it is."""
    kind = " exc-unverified" if fact.mark else ""
    mark = f' <span class="exc-mark-unverified">{escape(fact.mark)}</span>' if fact.mark else ""
    note = f'<p class="exc-fact-note">{worded(fact.note, fact.note_language)}</p>'
    source = outward(fact.url, fact.source) if fact.source else escape(_("no source given"))
    return (
        f'<div class="exc-fact{kind}" id="{escape(fact.id)}">'
        f"<p>{worded(fact.text, fact.language)}</p>{note if fact.note else ''}"
        f"<small>{source}{mark}{f' · {fact.way}' if fact.way else ''}</small></div>"
    )


def _of_fact(fact: Fact) -> Shown:
    text, language = in_words(fact.text)
    note, note_language = in_words(fact.note) if fact.note else ("", "")
    source = f"{fact.source} ({fact.seen_in})" if fact.seen_in else fact.source
    return Shown(
        fact.id, fact.topic, text, language, source, fact.url,
        _why_unverified(fact), note, note_language, tuple(fact.disagrees_with),
    )  # fmt: skip


def _why_unverified(fact: Fact) -> str:
    if fact.verified:
        return ""
    if fact.status == "recalled":
        return _("unverified: recalled, nobody looked it up")
    if fact.status == "brought":
        return _("unverified: brought by somebody")
    return _("unverified: only a link to it was seen")


def _of_find_fact(fact: FindFact) -> Shown:
    mark = _("unverified: said by {name}").format(name=fact.shown_name)
    source = fact.source or ""
    url = source if source.startswith(("http://", "https://")) else None
    return Shown(fact.fact_id, fact.topic, fact.text, fact.language, source, url, mark)
