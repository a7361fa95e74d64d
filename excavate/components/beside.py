"""Two or more datasets side by side: what each has on record, and what neither has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from excavate.components.dossier_words import FACETS, TOPICS, facet_value
from excavate.components.facts import Shown, worded
from excavate.components.terrain import Place
from excavate.components.terrain_chart import size_words
from excavate.i18n import _


@dataclass(frozen=True, slots=True)
class Column:
    """One dataset: its place, its facts by topic, and two links as HTML."""

    place: Place
    facts: Mapping[str, Sequence[Shown]]
    title: str  # HTML: its name, linked
    remove: str  # HTML: the link that takes it out


def side_by_side(columns: Sequence[Column]) -> str:
    """The table; topics on which none of them has a word are named together at its end."""
    heads = "".join(
        f'<th scope="col">{column.title}<br><small>{column.remove}</small></th>'
        for column in columns
    )
    rows = [_row(_("Year"), [_year(c.place) for c in columns])]
    rows.append(_row(_("Size"), [_size(c.place) for c in columns]))
    for facet, (title, _words) in FACETS.items():
        rows.append(_row(_(title), [_facet(c.place, facet) for c in columns]))
    told = [topic for topic in TOPICS if any(topic in column.facts for column in columns)]
    for topic in told:
        rows.append(_row(_(TOPICS[topic]), [_facts(c.facts.get(topic, ())) for c in columns]))
    body = f"<thead><tr><td></td>{heads}</tr></thead><tbody>{''.join(rows)}</tbody>"
    label = escape(_("Datasets side by side"))
    return (
        f'<div class="exc exc-beside" tabindex="0" role="region" aria-label="{label}">'
        f"<table>{body}</table></div>{_silent([t for t in TOPICS if t not in told])}"
    )


def _row(title: str, cells: Sequence[str]) -> str:
    drawn = "".join(f"<td>{cell}</td>" if cell else f"<td>{_empty()}</td>" for cell in cells)
    return f'<tr><th scope="row">{escape(title)}</th>{drawn}</tr>'


def _empty() -> str:
    return f'<span class="exc-empty">{escape(_("not known"))}</span>'


def _silent(topics: Sequence[str]) -> str:
    if not topics:
        return ""
    names = ", ".join(_(TOPICS[topic]) for topic in topics)
    words = _("None of them has a word on record about: {topics}").format(topics=names)
    return f'<p class="exc exc-dashed exc-silent">{escape(words)}</p>'


def _year(place: Place) -> str:
    return str(place.year) if place.year else ""


def _size(place: Place) -> str:
    return (
        f'<span title="{place.items:,}">{escape(size_words(place))}</span>' if place.items else ""
    )


def _facet(place: Place, facet: str) -> str:
    values = place.facets.get(facet, ())
    when = f" {place.state_date}" if facet == "status" and place.state_date else ""
    return escape(", ".join(facet_value(facet, value) for value in values) + when)


def _facts(facts: Sequence[Shown]) -> str:
    return "".join(
        f'<p class="{"exc-unverified" if fact.mark else ""}">{worded(fact.text, fact.language)}'
        f"{_mark(fact)}</p>"
        for fact in facts
    )


def _mark(fact: Shown) -> str:
    title = escape(fact.mark)
    words = escape(_("unverified"))
    return f' <small title="{title}">{words}</small>' if fact.mark else ""
