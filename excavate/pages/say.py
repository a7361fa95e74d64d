"""Say: record something as absent. Only the statement is needed; all else can be given later."""

from __future__ import annotations

from html import escape

import streamlit as st

from excavate.board_route import site_or_none
from excavate.components.drafts import forget_typed, keep_typed
from excavate.errors import RefusedError
from excavate.i18n import _, spoken
from excavate.pages.about_shown import about_html, lasso_told
from excavate.pages.ground import workshop_or_notice
from excavate.pages.parts import PAGES, link, notice
from excavate.pages.say_fields import fields, scope_of
from excavate.pages.who import ask_author, here, reaches, remember, show_faults
from excavate.workshop.about import About, about_of, about_query
from excavate.workshop.absences import GivenAbsence, absences, differs, say
from excavate.workshop.authors import Author
from excavate.workshop.checking import tidy
from excavate.workshop.ids import is_id, new_id
from excavate.workshop.rounds import Round, open_round
from excavate.workshop.store import Workshop


def show() -> None:
    """The whole page."""
    workshop = workshop_or_notice()
    if workshop is None:
        return
    written = st.query_params.get("id", "")
    if is_id(written):  # the line dropped on the way to the absence's own page
        st.switch_page(PAGES["absence"], query_params={"id": written, "lang": spoken()})
    st.html(f'<div class="exc exc-say-head"><h1>{escape(_("Record as absent"))}</h1></div>')
    try:
        about = about_of(st.query_params.to_dict())
    except RefusedError as error:
        show_faults(error)
        st.html(f'<p class="exc exc-ways">{link("say", _("Say it of nothing in particular"))}</p>')
        return
    round_now = said_round(workshop)
    st.html(about_html(about, lasso_told(about)))
    if not reaches(workshop, "participant"):
        body = _("To say something yourself, enter with a name.")
        notice(_("You are here to look only"), body)
        return
    ask(workshop, about, round_now)


def said_round(workshop: Workshop) -> Round | None:
    """The round of saying that is open now."""
    now = open_round(workshop)
    return now if now and now.kind == "say" else None


def ask(workshop: Workshop, about: About, now: Round | None) -> None:
    """The form; what was typed is kept in the tab until it is written."""
    scope = scope_of(about)
    keep_typed(scope)
    kept = f"absence-draft {scope}"
    draft = st.session_state.setdefault(kept, new_id())
    with st.container(key="say-form"), st.form(key=f"say-{draft}", border=False):
        given, author = fields(workshop, draft, about), ask_author(draft)
        pressed = st.form_submit_button(_("Record as absent"), type="primary")
    if not pressed:
        return
    try:
        how, absence_id = write(workshop, author, given, now)
    except RefusedError as error:
        show_faults(error)
        return
    remember(author)
    forget_typed(scope)
    st.session_state.pop(kept)
    st.session_state["absence-written"] = (how, absence_id)
    st.switch_page(PAGES["absence"], query_params={"id": absence_id, "lang": spoken()})


def write(
    workshop: Workshop, author: Author, given: GivenAbsence, now: Round | None
) -> tuple[str, str]:
    """Record it, once; how that went (said, stood, changed) and the id that stands."""
    stands = said_before(workshop, author, given)
    if stands:
        return "stood", stands
    new = say(
        workshop, author, given, group_id=here(workshop).group_id,
        round_id=now.round_id if now else None, site=site_or_none(),
    )  # fmt: skip
    if new:
        return "said", given.absence_id
    return "changed" if differs(workshop, author, given) else "stood", given.absence_id


def said_before(workshop: Workshop, author: Author, given: GivenAbsence) -> str | None:
    """The absence of the same author that says the same of the same, where one stands.

    A press whose answer was lost is pressed again, perhaps after a reload: it stays one absence.
    """
    asked = (tidy(given.statement), about_query(given.about))
    for one in absences(workshop, author.person_id):
        if one.mine and (one.statement, about_query(one.about)) == asked:
            return one.absence_id
    return None


show()
