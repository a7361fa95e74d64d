"""The facilitator's desk: what goes on now first, then the plan, the people, the links."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from excavate.components.live import follow
from excavate.errors import ExcavateError, RefusedError
from excavate.i18n import _, spoken
from excavate.pages.parts import link, show_error
from excavate.pages.room_people import show_people
from excavate.pages.room_plan import show_plan
from excavate.pages.room_rounds import show_rounds
from excavate.pages.room_share import show_entrance, show_evening
from excavate.pages.who import CONSENT, ask_author, here, remember, show_faults
from excavate.workshop.authors import Author, author_faults, refuse
from excavate.workshop.store import Workshop

Press = Callable[[Callable[[], object]], None]


def show_desk(workshop: Workshop) -> None:
    """The whole desk, or who leads where that is not known yet."""
    leader = leader_of(workshop)
    if leader is None:
        ask_leader()
        return
    st.html(f'<p class="exc exc-ways">{ways()}</p>')
    left, right = st.columns([3, 2], gap="large")
    with left:
        with st.container(key="desk-rounds"):
            show_rounds(workshop, leader, press)
        with st.container(key="desk-plan"):
            show_plan(workshop, leader, press)
    with right:
        show_people(workshop, leader, press)
        show_entrance(workshop, leader, press)
        show_evening(workshop, leader, press)
    follow(workshop, "round", "room")


def ways() -> str:
    """What a facilitator shows to the others."""
    shown = [
        link("board", _("The board")),
        link("board", _("Presenter's view"), view="presenter"),
        link("judge", _("Look and judge")),
    ]
    return " ".join(shown)


def leader_of(workshop: Workshop) -> Author | None:
    """Who leads: known by the door; at an unshared machine once they gave a name."""
    if workshop.shared:
        return ask_author("desk")  # draws nothing in a shared room
    looks = here(workshop)
    if not looks.shown_name or not st.session_state.get("author-consent"):
        return None
    return Author(looks.person_id, looks.shown_name, spoken(), _(CONSENT))


def ask_leader() -> None:
    """Before the first press at an unshared machine: a name, and consent."""
    with st.form("leader", border=False):
        author = ask_author("leader")
        pressed = st.form_submit_button(_("Lead this room"), type="primary")
    if not pressed:
        return
    try:
        refuse(author_faults(author))
    except RefusedError as error:
        show_faults(error)
        return
    remember(author)
    st.rerun()


def press(act: Callable[[], object]) -> None:
    """Do what a button says and draw anew; where it cannot be done, say why on the spot."""
    with said():
        act()
        st.rerun()


@contextmanager
def said() -> Iterator[None]:
    """Every error that a press can raise, told in words."""
    try:
        yield
    except RefusedError as error:
        show_faults(error)
    except ExcavateError as error:
        show_error(error)
