"""A presentation as the room sees it: the owner's title and lead, then one thing after another."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from excavate.components.addresses import under
from excavate.components.facts import worded
from excavate.components.noted import around, noted_html
from excavate.i18n import _, _n, spoken
from excavate.workshop.notebooks import notebook
from excavate.workshop.presentations import Presentation, open_presentations, presentation

if TYPE_CHECKING:
    from excavate.site import Site
    from excavate.workshop.store import Workshop


def presentation_href(person_id: str) -> str:
    """The link of a person's presentation."""
    return under(f"/notebook?of={person_id}&lang={spoken()}")


def live_href(person_id: str) -> str:
    """Where the presentation lies as HTML, for pages that follow it."""
    return under(f"/workshop/presentation?of={person_id}&lang={spoken()}")


def presentation_html(
    site: Site | None, workshop: Workshop, person_id: str, *, preview: bool = False
) -> str:
    """The whole of it; a drawn emptiness where its owner does not show it.

    preview: for its owner, who sees it before it is open.
    """
    made = presentation(workshop, person_id)
    if not preview and (made is None or not made.open):
        words = escape(_("This presentation is not open. Its owner opens it when they want to."))
        return f'<div class="exc-notice"><strong>{words}</strong></div>'
    notes = [note for note in notebook(workshop, person_id) if note.shown]
    held = around(site, workshop, notes)
    shown = "".join(noted_html(note, held) for note in notes)
    empty = f'<p class="exc-dashed">{escape(_("Nothing is marked to be shown yet."))}</p>'
    return f"{_head(made) if made else ''}{shown or empty}"


def _head(made: Presentation) -> str:
    lead = "".join(
        f"<p>{worded(part.strip(), made.language)}</p>"
        for part in made.lead.split("\n\n")
        if part.strip()
    )
    return (
        f'<header class="exc-presentation-head"><p class="exc-quiet"><bdi>'
        f"{escape(made.shown_name)}</bdi></p>"
        f"<h1>{worded(made.title, made.language)}</h1>"
        f'<div class="exc-presentation-lead">{lead}</div></header>'
    )


def list_href() -> str:
    """Where the list of those that are open lies as HTML."""
    return under(f"/workshop/presentations?lang={spoken()}")


def open_list_html(workshop: Workshop) -> str:
    """The presentations that are open in the room, by name; nothing ranks them."""
    found: Sequence[Presentation] = open_presentations(workshop)
    if not found:
        words = escape(_("No presentation is open in this room yet."))
        return f'<p class="exc-dashed">{words}</p>'
    count = _n("{n} presentation is open, by name", "{n} presentations are open, by name",
               len(found)).format(n=len(found))  # fmt: skip
    lines = "".join(_line(one) for one in found)
    return f'<p class="exc-quiet">{escape(count)}</p><ul class="exc-presentations">{lines}</ul>'


def _line(one: Presentation) -> str:
    asked = escape(presentation_href(one.person_id))
    return (
        f'<li data-key="{escape(one.person_id)}"><a href="{asked}" data-page target="_self">'
        f"{worded(one.title, one.language)}</a>"
        f"<small><bdi>{escape(one.shown_name)}</bdi></small></li>"
    )
