"""Below an absence: translate it, correct or take back one's own, its history, its link."""

from __future__ import annotations

from html import escape

import streamlit as st

from excavate.board_route import site_or_none
from excavate.components.absence_html import history_html
from excavate.components.absent_link import absence_href
from excavate.components.copy_link import show_copy_link
from excavate.components.drafts import forget_typed
from excavate.errors import RefusedError
from excavate.i18n import LANGUAGES, _
from excavate.pages.absence_acts import pressed
from excavate.pages.parts import PAGES, link
from excavate.pages.say_fields import ask_visibility
from excavate.pages.who import Here, ask_author, remember, show_faults
from excavate.workshop.absence_record import KNOWNNESS, Absence, GivenAbsence
from excavate.workshop.absence_types import word
from excavate.workshop.absences import correct, history, translate
from excavate.workshop.authors import Author
from excavate.workshop.ids import new_id
from excavate.workshop.roles import may
from excavate.workshop.rounds import hidden_rounds
from excavate.workshop.store import Workshop
from excavate.workshop.withdrawing import hide


def show_own(workshop: Workshop, absence: Absence, looks: Here) -> None:
    """Each folded, so that the conversation stays in front."""
    show_copy_link(absence_href(absence.absence_id))
    if may(looks.role, "participant"):
        with st.expander(_("Translate it")):
            ask_translation(workshop, absence)
    if absence.mine:
        with st.expander(_("Correct it")):
            ask_correction(workshop, absence)
    if absence.corrected:
        with st.expander(_("What it said before")):
            seen = history(
                workshop, absence.absence_id, looks.person_id, role=looks.role,
                group_id=looks.group_id,
            )  # fmt: skip
            st.html(history_html(seen[:-1]))
    if absence.mine or may(looks.role, "reviewer"):
        with st.expander(_("Take it back") if absence.mine else _("Hide it from the room")):
            ask_hiding(workshop, absence, looks)


def ask_translation(workshop: Workshop, absence: Absence) -> None:
    """The statement in another language, by whoever looks."""
    kept = f"translate-draft-{absence.absence_id}"
    draft = st.session_state.setdefault(kept, new_id())
    others = [code for code in LANGUAGES if code != absence.language]
    with st.form(key=f"translate-{draft}", border=False):
        language = others[0]
        if len(others) > 1:
            language = st.selectbox(
                _("Language"), others, key=f"{draft}-language", format_func=lambda c: LANGUAGES[c]
            )
        label = _("The statement in {language}").format(language=LANGUAGES[language])
        text = st.text_area(label, key=f"{draft}-translate-text", height=110)
        author = ask_author(draft)
        sent = st.form_submit_button(_("Add my translation"))
    if not sent:
        return
    try:
        translate(workshop, author, draft, absence.absence_id, language, text or "")
    except RefusedError as error:
        show_faults(error)
        return
    remember(author)
    forget_typed(absence.absence_id, "translate-")
    st.session_state.pop(kept)
    st.rerun()


def ask_correction(workshop: Workshop, absence: Absence) -> None:
    """One's own words, to be said anew; what was said before stays in the history."""
    kept = f"correct-draft-{absence.absence_id}"
    draft = st.session_state.setdefault(kept, new_id())
    if hidden_rounds(workshop) and not absence.anonymous:
        words = _("Names are hidden in this round, but you said this before it: what you change "
                  "here stands under your name.")  # fmt: skip
        st.html(f'<p class="exc exc-note">{escape(words)}</p>')
    with st.form(key=f"correct-{draft}", border=False):
        given, author = corrected(workshop, absence, draft), ask_author(draft)
        sent = st.form_submit_button(_("Correct it"))
    if not sent:
        return
    try:
        correct(workshop, author, draft, given, site=site_or_none())
    except RefusedError as error:
        show_faults(error)
        return
    forget_typed(absence.absence_id, "correct-")
    st.session_state.pop(kept)
    st.rerun()


def corrected(workshop: Workshop, absence: Absence, draft: str) -> GivenAbsence:
    """The fields, as the absence has them now."""
    statement = st.text_area(
        _("Statement"), absence.statement, key=f"{draft}-correct-statement", height=130
    )
    knownness = st.pills(
        _("How it is known"), list(KNOWNNESS), default=absence.knownness,
        key=f"{draft}-correct-known", format_func=lambda code: word("knownness", code),
    )  # fmt: skip
    agent = st.text_input(
        _("Who or what made it absent"), absence.agent, key=f"{draft}-correct-agent"
    )
    position = st.text_input(
        _("From where I say this"), absence.position, key=f"{draft}-correct-position"
    )
    visibility = ask_visibility(workshop, draft, absence.visibility, absence.group_id)
    return GivenAbsence(
        absence.absence_id, statement or "", absence.about, absence.stance, knownness,
        agent or "", position or "", visibility, absence.type,
    )  # fmt: skip


def ask_hiding(workshop: Workshop, absence: Absence, looks: Here) -> None:
    """Out of view now; the way to erase it for good lies on one's own page."""
    words = _("It goes out of view, and stays out of what is released later. It can be shown "
              "again.")  # fmt: skip
    st.html(f'<p class="exc exc-note">{escape(words)}</p>')
    author = Author(looks.person_id, looks.shown_name, looks.language, "")
    row_id = st.session_state.setdefault(f"hide-{absence.absence_id}", new_id())
    if st.button(_("Hide it"), key=f"press-hide-{absence.absence_id}"):
        pressed(lambda: hide(workshop, author, row_id, "absence", absence.absence_id))
        st.switch_page(PAGES["board"] if "board" in PAGES else PAGES["say"])
    if absence.mine and "mine" in PAGES:
        way = link("mine", _("Erase it for good, with all that I gave"))
        st.html(f'<p class="exc exc-ways">{way}</p>')
