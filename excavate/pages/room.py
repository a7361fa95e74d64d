"""The room: for those in it their group and the plan; for its facilitator the desk."""

from __future__ import annotations

from html import escape

import streamlit as st

from excavate.components.addresses import under
from excavate.components.room_html import room_html
from excavate.i18n import _, spoken
from excavate.pages.ground import head, workshop_or_notice
from excavate.pages.parts import link
from excavate.pages.room_desk import show_desk
from excavate.pages.who import here
from excavate.workshop.members import roster
from excavate.workshop.store import Workshop


def show() -> None:
    """The whole page."""
    workshop = workshop_or_notice()
    if workshop is None:
        return
    title = roster(workshop).title or _("The room")
    looks = here(workshop)
    if looks.role == "facilitator":
        head(title)
        show_desk(workshop)
        return
    words = _("What goes on is said at the top of every page: you need not come back here for it.")
    head(title, words)
    st.html(live_room(workshop, looks.person_id))
    st.html(ways(looks.role))


def live_room(workshop: Workshop, person_id: str) -> str:
    """The room as it stands, fetched anew as soon as anything in it changes."""
    address = escape(under(f"/workshop/room?lang={spoken()}"))
    drawn = max(workshop.topics[topic] for topic in ("room", "round"))
    shown = room_html(workshop, person_id)
    live = f'data-live="room round" data-version="{drawn}" data-href="{address}"'
    return f'<div class="exc exc-room" {live}>{shown}</div>'


def ways(role: str) -> str:
    """Where one can go while nothing is asked."""
    said = [link("say", _("Say what is absent"))] if role != "viewer" else []
    said += [link("board", _("The board")), link("map", _("Map"))]
    return f'<p class="exc exc-ways">{" ".join(said)}</p>'


show()
