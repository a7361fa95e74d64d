"""Absence: what somebody says is absent, what it rests on, and what others say to it."""

from __future__ import annotations

from html import escape

import streamlit as st

from excavate.board_route import site_or_none
from excavate.components.absence_html import held_html, statement_html
from excavate.components.absence_live import live_html
from excavate.components.drafts import keep_typed
from excavate.errors import NotFoundError
from excavate.i18n import _
from excavate.pages.about_shown import about_html
from excavate.pages.absence_acts import ask_answer, ask_stance, ask_type, show_act_fault
from excavate.pages.absence_own import show_own
from excavate.pages.ground import workshop_or_notice
from excavate.pages.keep_here import show_keep
from excavate.pages.parts import link
from excavate.pages.put_here import show_answering
from excavate.pages.taken_back import show_taken_back
from excavate.pages.who import here
from excavate.workshop.absences import Absence, one_absence
from excavate.workshop.holding import held
from excavate.workshop.roles import may

SAID, STOOD, CHANGED = "said", "stood", "changed"  # how it came to be written


def show() -> None:
    """The whole page."""
    workshop = workshop_or_notice()
    if workshop is None:
        return
    looks = here(workshop)
    absence_id = st.query_params.get("id", "")
    try:
        absence = one_absence(
            workshop, absence_id, looks.person_id, role=looks.role, group_id=looks.group_id
        )
    except NotFoundError:
        if show_taken_back(workshop, absence_id, looks):
            return
        raise
    keep_typed(absence.absence_id)
    tell_written(absence)
    show_act_fault()
    writes, site = may(looks.role, "participant"), site_or_none()

    def live(part: str) -> None:
        st.html(live_html(part, absence, site, writes, looks.person_id))

    st.html(statement_html(absence))
    show_keep("absence", {"absence_id": absence.absence_id})
    told, beside = st.columns([3, 2], gap="large")
    with told:
        st.html(about_html(absence.about, held_html(held(site, None, absence.about))))
        live("talk")
        if writes:
            ask_answer(workshop, absence)
    with beside:
        live("stances")
        if writes:
            ask_stance(workshop, absence)
        live("types")
        if writes:
            ask_type(workshop, absence)
        show_answering(workshop, absence)
        show_own(workshop, absence, looks)


def tell_written(absence: Absence) -> None:
    """Just after it was written: that it stands, and the way to the next one."""
    how, written = st.session_state.get("absence-written", ("", ""))
    if written != absence.absence_id:
        return
    titles = {
        SAID: _("It is recorded."),
        STOOD: _("It was recorded already: your first press had come through."),
        CHANGED: _("It was recorded already. What you changed since is not in it: correct it "
                   "below."),
    }  # fmt: skip
    ways = f"{link('say', _('Say another'))}{link('board', _('To the board'))}"
    st.html(
        f'<div class="exc exc-notice exc-recorded" role="status"><strong>{escape(titles[how])}'
        f'</strong><p class="exc-ways">{ways}</p></div>'
    )


show()
