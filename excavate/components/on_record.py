"""What a dossier has on record without a fact of that topic: what it reads from other facts."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

from excavate.components.dossier_words import facet_value
from excavate.components.unverified import marked, rests_on_seen
from excavate.i18n import _

if TYPE_CHECKING:
    from excavate.dossiers.schema import Dossier

# What the Survey knows of a dataset, and the topic it belongs to.
TOPIC_OF = {
    "year": "year", "items": "counts", "images_from": "image_source", "labour": "labour_who",
    "licence": "licence", "status": "status",
}  # fmt: skip


def topics_on_record(dossier: Dossier) -> set[str]:
    """Every topic that a dossier knows something of: by a fact, or read from one."""
    topics: set[str] = {fact.topic for fact in dossier.fact}
    return topics | set(read_from(dossier)) | _family(dossier)


def read_from(dossier: Dossier) -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """{topic: (what is known, the facts it is read from)} of the Survey's own values."""
    ground = dossier.terrain
    known = {
        "year": str(ground.year) if ground.year else "",
        "items": f"{ground.items:,}" if ground.items else "",
        "images_from": ", ".join(facet_value("images_from", one) for one in ground.images_from),
        "labour": ", ".join(facet_value("labour", one) for one in ground.labour),
        "licence": facet_value("licence", ground.licence) if ground.licence else "",
    }
    because: dict[str, tuple[str, ...]] = {
        name: tuple(facts) for name, facts in ground.because.items()
    }
    found = {TOPIC_OF[n]: (words, because.get(n, ())) for n, words in known.items() if words}
    if dossier.status:
        state = facet_value("status", dossier.status.state)
        found["status"] = (state, tuple(dossier.status.because))
    return found


def read_html(dossier: Dossier, words: str, facts: tuple[str, ...]) -> str:
    """What is known, with links to the facts it is read from; unverified where none was seen."""
    links = ", ".join(f'<a href="#{escape(one)}">{escape(one)}</a>' for one in facts)
    source = f"<small>{escape(_('read from'))} {links}</small>" if facts else ""
    doubted = not rests_on_seen(dossier, facts)
    kind = " exc-unverified" if doubted else ""
    said = marked(escape(words), doubted)
    return f'<div class="exc-fact{kind}"><p>{said}</p>{source}</div>'


def _family(dossier: Dossier) -> set[str]:
    named = {"ancestors": dossier.ancestor, "descendants": dossier.descendant}
    return {topic for topic, descents in named.items() if descents}
