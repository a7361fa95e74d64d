"""Who judges here: known by the door in a shared room, else by a name and the consent."""

from __future__ import annotations

from html import escape

import streamlit as st

from excavate.errors import RefusedError
from excavate.i18n import _, spoken
from excavate.pages.parts import notice
from excavate.pages.who import CONSENT, ask_author, here, remember, show_faults
from excavate.workshop.authors import Author, author_faults, refuse
from excavate.workshop.judging import Judging, namesakes
from excavate.workshop.store import Workshop

ASKED = "judge-asks"


def judge_here(workshop: Workshop) -> Author | None:
    """Who judges; None at an unshared machine before anybody gave a name."""
    if workshop.shared:
        return ask_author("judge")
    if not (st.session_state.get("author-name") and st.session_state.get("author-consent")):
        return None
    looks = here(workshop)
    return Author(looks.person_id, looks.shown_name, spoken(), _(CONSENT))


def begin_as(workshop: Workshop, judging: Judging, round_id: str) -> None:
    """Ask for a name and the consent; nothing is shown to be judged before."""
    with st.form(key="judge-form", border=False):
        author = ask_author("judge")
        pressed = st.form_submit_button(_("Begin"), type="primary")
    if pressed:
        try:
            refuse(author_faults(author))
        except RefusedError as error:
            show_faults(error)
            return
        st.session_state[ASKED] = author
        if not namesakes(workshop, judging, round_id, author.shown_name):
            enter(author, author.person_id)
            st.rerun()
    ask_whether_the_same(workshop, judging, round_id)


def ask_who(workshop: Workshop) -> None:
    """A name for who leads at an unshared machine, after a reload that forgot it."""
    if judge_here(workshop) is not None:
        return
    words = _("To open or close a round here, say who you are.")
    st.html(f'<p class="exc exc-note">{escape(words)}</p>')
    with st.form(key="judge-leads", border=False):
        author = ask_author("judge-leads")
        pressed = st.form_submit_button(_("Go on"))
    if pressed:
        try:
            refuse(author_faults(author))
        except RefusedError as error:
            show_faults(error)
            return
        remember(author)
        st.rerun()


def ask_whether_the_same(workshop: Workshop, judging: Judging, round_id: str) -> None:
    """A reload forgets who one is: go on as the one of that name, or be another."""
    author = st.session_state.get(ASKED)
    if not isinstance(author, Author):
        return
    for person_id, count in namesakes(workshop, judging, round_id, author.shown_name).items():
        words = _("Somebody called {name} has answered {n} of {all} here.")
        notice(words.format(name=author.shown_name, n=count, all=len(judging.items)))
        st.button(
            _("That is me: go on"), key=f"same-{person_id}", type="primary",
            on_click=enter, args=(author, person_id),
        )  # fmt: skip
    st.button(_("I am somebody else"), on_click=enter, args=(author, author.person_id))


def enter(author: Author, person_id: str) -> None:
    """From now on this session judges as them."""
    remember(author)
    st.session_state.setdefault("author-ids", {})[author.shown_name] = person_id
    st.session_state.pop(ASKED, None)


def somebody_else(workshop: Workshop) -> None:
    """At one machine several judge, one after the other."""
    if not workshop.shared and st.button(_("Somebody else judges here"), type="tertiary"):
        for key in ("author-name", "author-consent", "judge-who", ASKED):
            st.session_state.pop(key, None)
        st.rerun()
