"""Two or more datasets side by side: what each has on record, and what neither has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from excavate.components.dossier_words import TOPICS, facet_value
from excavate.components.facts import Shown, worded
from excavate.components.terrain import Place
from excavate.components.unverified import marked
from excavate.i18n import _

FACET_OF = {
    "image_source": "images_from", "labour_who": "labour", "licence": "licence",
    "status": "status", "makers": "countries",
}  # fmt: skip
VALUE_OF = FACET_OF | {"year": "year", "counts": "items"}  # as Place.unverified names them


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
    told = [topic for topic in TOPICS if any(_cell(column, topic) for column in columns)]
    rows = [_row(_(TOPICS[topic]), [_cell(column, topic) for column in columns]) for topic in told]
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


def _cell(column: Column, topic: str) -> str:
    """What the Survey knows of it in bold, then the facts; empty where there is nothing."""
    known = _known(column.place, topic)
    bold = f"<b>{escape(known)}</b>" if known else ""
    bold = marked(bold, VALUE_OF.get(topic, "") in column.place.unverified)
    bold = f"<p>{bold}</p>" if bold else ""
    return bold + _facts(column.facts.get(topic, ()))


def _known(place: Place, topic: str) -> str:
    if topic == "year":
        return str(place.year or "")
    if topic == "counts":
        return f"{place.items:,}" if place.items else ""
    if topic == "ancestors":
        return ", ".join(name for name, _id in place.ancestors)
    facet = FACET_OF.get(topic, "")
    values = place.facets.get(facet, ())
    when = f" {place.state_date}" if facet == "status" and place.state_date else ""
    return ", ".join(facet_value(facet, value) for value in values) + when


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
