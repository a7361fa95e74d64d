"""On the desk: one person: another group or role, a personal link, out of the room."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from excavate.components.addresses import under
from excavate.components.room_html import ROLES, group_title
from excavate.door.links import new_code, new_role_links, personal_link
from excavate.i18n import _
from excavate.pages.room_share import origin, secrets_folder
from excavate.workshop.authors import Author
from excavate.workshop.groups import InRoom, groups, in_room, move
from excavate.workshop.members import remove, set_role
from excavate.workshop.roles import may
from excavate.workshop.store import Workshop

Press = Callable[[Callable[[], object]], None]


def show_person(workshop: Workshop, leader: Author, press: Press) -> None:
    """One person: another group, another role, a link back in, out of the room."""
    people = {one.person_id: one for one in in_room(workshop)}
    with st.expander(_("Move or change one person")):
        if not people:
            return
        chosen = st.selectbox(
            _("Person"), list(people), key="person-chosen",
            format_func=lambda p: people[p].shown_name or _("no name") if p in people else p,
        )  # fmt: skip
        if chosen in people:
            show_moving(workshop, leader, people[chosen], press)
            show_role(workshop, leader, people[chosen], press)
            show_link(workshop, leader, people[chosen], press)
            show_removing(workshop, leader, people[chosen], press)


def show_moving(workshop: Workshop, leader: Author, one: InRoom, press: Press) -> None:
    """Into which group."""
    titles = {"": _("In no group")}
    titles |= {group.group_id: group_title(group.title) for group in groups(workshop)}
    if len(titles) == 1:
        return
    offered = list(titles)
    at = offered.index(one.group_id) if one.group_id in offered else 0
    into = st.selectbox(
        _("Group"), offered, at, format_func=lambda g: titles.get(g, g),
        key=f"group-of-{one.person_id}",
    )  # fmt: skip
    if st.button(_("Move"), key="move-person", disabled=into == (one.group_id or "")):
        press(lambda: move(workshop, leader, one.person_id, into or None))


def show_role(workshop: Workshop, leader: Author, one: InRoom, press: Press) -> None:
    """What they may do."""
    offered = list(ROLES)
    role = st.selectbox(
        _("Role"), offered, offered.index(one.role), format_func=lambda r: _(ROLES[r]),
        key=f"role-of-{one.person_id}",
    )  # fmt: skip
    lower = not may(str(role), one.role)
    anew = lower and offer_new_links(f"lower-{one.person_id}")
    if st.button(_("Give this role"), key="give-role", disabled=role == one.role):
        press(lambda: _lower(workshop, leader, one, str(role), anew))


def offer_new_links(key: str) -> bool:
    """Whether the links that they may still have are to open no more."""
    return st.checkbox(
        _("Also make a new room code and new links: the old ones may be known to them."), key=key
    )


def make_new_links(workshop: Workshop, leader: Author) -> None:
    """After somebody was lowered or sent out: whoever has the old ones comes in by none."""
    new_code(workshop, secrets_folder(), leader)
    new_role_links(workshop, secrets_folder(), leader)


def _lower(workshop: Workshop, leader: Author, one: InRoom, role: str, anew: bool) -> None:
    set_role(workshop, leader, one.person_id, role)
    if anew and one.person_id != leader.person_id:
        make_new_links(workshop, leader)


def show_link(workshop: Workshop, leader: Author, one: InRoom, press: Press) -> None:
    """A way back for who lost theirs: shown in this page alone, until it is put away."""
    made: dict[str, str] = st.session_state.setdefault("personal-links", {})
    if one.person_id in made:
        words = _("Give this to them alone. It works once, within 24 hours.")
        st.html(f'<p class="exc exc-note">{escape(words)}</p>')
        st.code(made[one.person_id], language=None, wrap_lines=True)
        if st.button(_("I have given it"), key="put-link-away"):
            press(lambda: made.pop(one.person_id, None))
    elif one.shown_name and st.button(_("Make a personal link for them"), key="make-link"):
        press(lambda: made.update({one.person_id: _link(workshop, leader, one)}))


def _link(workshop: Workshop, leader: Author, one: InRoom) -> str:
    token = personal_link(workshop, secrets_folder(), leader, one.person_id)
    return origin() + under(f"/me/{token}")


def show_removing(workshop: Workshop, leader: Author, one: InRoom, press: Press) -> None:
    """Out of the room, after a tick: what they said stays."""
    if one.person_id == leader.person_id:
        return
    sure = st.checkbox(
        _("Send them out of the room. What they said stays."), key=f"sure-{one.person_id}"
    )
    anew = sure and offer_new_links(f"out-{one.person_id}")
    if st.button(_("Send out"), key="remove-person", disabled=not sure):
        press(lambda: _send_out(workshop, leader, one, anew))


def _send_out(workshop: Workshop, leader: Author, one: InRoom, anew: bool) -> None:
    remove(workshop, leader, one.person_id)
    if anew:
        make_new_links(workshop, leader)
