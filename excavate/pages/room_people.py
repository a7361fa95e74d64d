"""On the desk: who is here, groups as in Zoom's breakout rooms, roles."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from excavate.components.addresses import under
from excavate.components.room_html import group_title, here_html
from excavate.i18n import _, _n, spoken
from excavate.pages.room_person import show_person
from excavate.workshop.authors import Author
from excavate.workshop.groups import (
    apart,
    deal_late,
    end_groups,
    groups,
    in_room,
    make_groups,
    rename_group,
    set_apart,
    without_group,
)
from excavate.workshop.ids import new_id
from excavate.workshop.presence import PRESENCE
from excavate.workshop.store import Workshop

Press = Callable[[Callable[[], object]], None]


def show_people(workshop: Workshop, leader: Author, press: Press) -> None:
    """Everybody in the room; nothing of groups where nobody else can come in."""
    st.html(f'<div class="exc"><h2 class="exc-part">{escape(_("In the room"))}</h2></div>')
    if not workshop.shared:
        words = _(
            "Only this machine is in the room. To let others in, start it anew as a shared room."
        )
        st.html(f'<p class="exc exc-dashed">{escape(words)}</p>')
        return
    address = escape(under(f"/workshop/here?lang={spoken()}"))
    st.html(
        f'<div class="exc exc-here-list" data-live="room round" data-every="10" '
        f'data-href="{address}">{here_html(workshop, PRESENCE)}</div>'
    )
    show_groups(workshop, leader, press)
    show_person(workshop, leader, press)


def show_groups(workshop: Workshop, leader: Author, press: Press) -> None:
    """Make groups; send them apart, bring them together; put late comers into one."""
    st.html(f'<div class="exc"><h2 class="exc-part">{escape(_("Groups"))}</h2></div>')
    if not groups(workshop):
        words = _("As many as there are breakout rooms in Zoom; everybody is dealt out evenly.")
        st.html(f'<p class="exc exc-note">{escape(words)}</p>')
        show_making(workshop, leader, press)
        return
    show_late(workshop, leader, press)
    away = apart(workshop)
    label = _("Bring everyone together") if away else _("Send the groups apart")
    if st.button(label, key="apart", type="secondary"):
        press(lambda: set_apart(workshop, leader, new_id(), not away))
    with st.expander(_("Change the groups")):
        show_naming(workshop, leader, press)
        show_making(workshop, leader, press)
        if st.button(_("End all groups"), key="end-groups"):
            press(lambda: end_groups(workshop, leader))


def show_late(workshop: Workshop, leader: Author, press: Press) -> None:
    """Those who came after the groups were made."""
    late = without_group(workshop)
    if not late:
        return
    count = _n("{n} person is in no group", "{n} people are in no group", len(late))
    st.html(f'<p class="exc exc-dashed">{escape(count.format(n=len(late)))}</p>')
    if st.button(_("Put them into the smallest groups"), key="deal-late", type="primary"):
        press(lambda: deal_late(workshop, leader))


def show_making(workshop: Workshop, leader: Author, press: Press) -> None:
    """How many groups; making them anew deals everybody out once more."""
    usual = usual_groups(len(in_room(workshop)))
    number = int(st.number_input(_("How many groups"), 2, 30, usual, key="group-number"))
    stand = bool(groups(workshop))
    label = _("Make them anew and deal everyone out") if stand else _("Make groups")
    if st.button(label, key="make-groups"):
        press(lambda: make_groups(workshop, leader, [new_id() for _one in range(number)]))


def usual_groups(people: int) -> int:
    """About a group for every four people, at least two, never more than there are people."""
    return max(2, min(round(people / 4), people, 30))


def show_naming(workshop: Workshop, leader: Author, press: Press) -> None:
    """Another name for a group, as the room in Zoom is called."""
    titles = {group.group_id: group_title(group.title) for group in groups(workshop)}
    with st.form("group-naming", border=False):
        chosen = st.selectbox(_("Group"), list(titles), format_func=lambda g: titles.get(g, g))
        title = st.text_input(_("Its name"), max_chars=60)
        if st.form_submit_button(_("Name it")):
            press(lambda: rename_group(workshop, leader, new_id(), str(chosen), title))
