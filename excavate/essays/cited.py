"""An essay's sources as a list: who says so, where it was seen, and what nobody looked up."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from excavate.dossiers.reading import read_archive
from excavate.errors import ExcavateError
from excavate.essays.drawing import beside
from excavate.essays.form import TONGUES, Essay, Source, Words
from excavate.essays.marks import notes_in
from excavate.essays.worded import same, words
from excavate.gaps.records import speaking
from excavate.gaps.registry import saying_of

if TYPE_CHECKING:
    from excavate.dossiers.schema import Fact

Known = Mapping[str, "Fact"]


def known_facts(archives: Path) -> Known:
    """{fact id: fact} of every dossier; nothing where the folder cannot be read."""
    try:
        dossiers = read_archive(archives).dossiers.values()
    except ExcavateError:
        return {}
    return {fact.id: fact for dossier in dossiers for fact in dossier.fact}


def order_of(essay: Essay) -> dict[str, int]:
    """{source: its number}, in the order in which they are first named."""
    named = [note for pair in essay.pairs for note in notes_in(pair.words.ko)]
    return {source: number for number, source in enumerate(dict.fromkeys(named), 1)}


def doubted_in(essay: Essay, known: Known) -> frozenset[str]:
    """The sources that rest on a fact which nobody saw, or which is gone."""
    return frozenset(
        source.id
        for source in essay.sources.values()
        if any(fact not in known or not known[fact].verified for fact in source.facts)
    )


def sources_html(essay: Essay, known: Known, language: str, prefix: str) -> str:
    """The list of sources, each under its number."""
    order = order_of(essay)
    entries = "".join(
        f'<li id="{prefix}note-{number}">{_entry(essay.sources[name], known, language)}</li>'
        for name, number in order.items()
        if name in essay.sources
    )
    head = beside(words("essay.sources"), language)
    return f'<h2>{head}</h2><ol class="essay-sources">{entries}</ol>' if entries else ""


def _entry(source: Source, known: Known, language: str) -> str:
    if source.facts:
        return "; ".join(_fact(one, known, language) for one in source.facts)
    if source.measure:
        by = {}
        for tongue in TONGUES:
            with speaking(tongue):
                title = saying_of(source.measure).title()
            by[tongue] = words("essay.of_measure", name=title).of(tongue)
        return f"{beside(Words(by['ko'], by['en']), language)} <code>docs/measures.md</code>"
    named = beside(source.named or same(source.id), language)
    if source.document:
        own = beside(words("essay.own_words"), language)
        return f"{named} <code>{escape(source.document)}</code> <small>{own}</small>"
    return f"{_outward(source.url, named)} {_seen(source.seen_in, language)}"


def _fact(fact_id: str, known: Known, language: str) -> str:
    """One fact's source; its id names the fact in the dossiers."""
    fact = known.get(fact_id)
    if fact is None:
        return beside(words("essay.fact_gone", fact=fact_id), language)
    parts = [_outward(fact.url, escape(fact.source)), f"<code>{escape(fact_id)}</code>"]
    if fact.seen_in and fact.verified:
        parts.append(_seen(fact.seen_in, language))
    if not fact.verified:
        unseen = beside(words("figure.unverified"), language)
        parts.append(f'<small class="essay-unverified">{unseen}</small>')
    return " ".join(parts)


def _seen(where: str, language: str) -> str:
    """Where somebody looked at a source: a page, a mirror, an excerpt."""
    return f"<small>{beside(words('essay.seen_in'), language)}: {escape(where)}</small>"


def _outward(url: str | None, html: str) -> str:
    """A link out, where the address is http or https; the words alone where not."""
    if urlsplit(url or "").scheme not in ("http", "https"):
        return html
    rel = "noopener noreferrer nofollow"
    return f'<a href="{escape(str(url))}" rel="{rel}" target="_blank">{html}</a>'
