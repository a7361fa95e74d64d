"""On the desk: the round that is open, and what comes next, in one press each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from html import escape

import streamlit as st

from excavate.components.now import ROUND_KINDS
from excavate.components.room_html import prompt_html, round_line
from excavate.i18n import _, _n
from excavate.workshop.authors import Author
from excavate.workshop.ids import new_id
from excavate.workshop.rounds import PLANNED, Round, act_on_round, open_round, rounds
from excavate.workshop.store import Workshop

Press = Callable[[Callable[[], object]], None]
LONGER = (1, 3)  # minutes that one press adds


def show_rounds(workshop: Workshop, leader: Author, press: Press) -> None:
    """What goes on now and what comes next, or that nothing is planned."""
    now = open_round(workshop)
    following = next((one for one in rounds(workshop) if one.state == PLANNED), None)
    st.html(f'<div class="exc"><h2 class="exc-part">{escape(_("Now"))}</h2></div>')
    if now:
        show_open(workshop, leader, now, press)
    else:
        st.html(f'<p class="exc exc-dashed">{escape(_("No round is open."))}</p>')
    if following:
        show_next(workshop, leader, following, now, press)


def show_open(workshop: Workshop, leader: Author, now: Round, press: Press) -> None:
    """The round that is open: more time, or its end."""
    st.html(f'<div class="exc exc-desk-round">{round_line(now)}{prompt_html(now)}</div>')
    with st.container(horizontal=True, key="desk-now"):
        for minutes in LONGER:
            label = _n("+{n} minute", "+{n} minutes", minutes).format(n=minutes)
            if st.button(label, key=f"longer-{minutes}"):
                press(partial(_act, workshop, leader, now, "extend", 60 * minutes))
        end = _("Close it and show the names") if now.anonymous else _("Close this round")
        if st.button(end, key="close-round", type="primary"):
            press(lambda: _act(workshop, leader, now, "close"))


def show_next(
    workshop: Workshop, leader: Author, following: Round, now: Round | None, press: Press
) -> None:
    """The first round of the plan that was not opened yet; opening it closes the one before."""
    st.html(f'<div class="exc"><h2 class="exc-part">{escape(_("Next"))}</h2></div>')
    shown = round_line(following) + prompt_html(following)
    st.html(f'<div class="exc exc-desk-round exc-desk-next">{shown}</div>')
    kind = _(ROUND_KINDS[following.kind])
    label = _("Open: {kind}").format(kind=kind)
    if now:
        label = _("Close this one and open: {kind}").format(kind=kind)
    if st.button(label, key="open-next", type="secondary" if now else "primary"):
        press(lambda: _act(workshop, leader, following, "open", following.seconds))


def _act(workshop: Workshop, leader: Author, one: Round, act: str, seconds: int = 0) -> None:
    act_on_round(workshop, leader, new_id(), one.round_id, act, seconds)
