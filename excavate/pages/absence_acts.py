"""What anyone in the room can do with an absence: stand somewhere, sort it, answer it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import escape

import streamlit as st

from excavate.board_route import site_or_none
from excavate.components.absence_html import named
from excavate.components.drafts import forget_typed
from excavate.components.type_choice import press_type
from excavate.errors import ExcavateError, RefusedError
from excavate.i18n import _, spoken
from excavate.pages.parts import link, show_error
from excavate.pages.say_fields import evidence_of
from excavate.pages.who import CONSENT, ask_author, here, remember, show_faults
from excavate.workshop.absence_record import REPLY_KINDS, STANCES
from excavate.workshop.absence_types import word
from excavate.workshop.absences import Absence, add_evidence, reply, sort, take_stance
from excavate.workshop.authors import Author, author_faults, refuse
from excavate.workshop.authors import known_author as written_before
from excavate.workshop.checking import tidy
from excavate.workshop.ids import new_id
from excavate.workshop.rounds import open_round
from excavate.workshop.store import Workshop

FAULT = "act-fault"  # of a press, told in the run that follows it


def known_author(workshop: Workshop) -> Author | None:
    """Who writes, where that is known already: nothing has to be asked for one press."""
    if workshop.shared:
        return ask_author("known")
    looks = here(workshop)
    known = written_before(workshop, looks.person_id) if looks.shown_name else None
    if known is None and looks.shown_name and st.session_state.get("author-consent"):
        return Author(looks.person_id, looks.shown_name, spoken(), _(CONSENT))
    return replace(known, language=spoken()) if known else None


def show_act_fault() -> None:
    """What went wrong with the last press."""
    error = st.session_state.pop(FAULT, None)
    if isinstance(error, RefusedError):
        show_faults(error)
    elif isinstance(error, ExcavateError):
        show_error(error)


def pressed(act: Callable[[], object]) -> None:
    """Do what a press asks for; what is wrong with it is told in the run that follows."""
    try:
        act()
    except ExcavateError as error:
        st.session_state[FAULT] = error


def ask_stance(workshop: Workshop, absence: Absence) -> None:
    """One's own stance, in one press; before that, once, a name."""
    author = known_author(workshop)
    if author is None:
        with st.expander(_("Say where I stand")):
            ask_name()
        return
    key = f"stance-{absence.absence_id}"

    def take() -> None:
        chosen = st.session_state[key]
        if chosen:
            pressed(lambda: take_stance(workshop, author, new_id(), absence.absence_id, chosen))

    st.session_state[key] = absence.my_stance
    st.pills(
        _("Where I stand: it …"), list(STANCES), key=key, on_change=take,
        format_func=lambda code: word("stances", code),
    )  # fmt: skip


def ask_name() -> None:
    """A name and consent, for those whom no door has asked."""
    with st.form(key="name-first", border=False):
        author = ask_author("name-first")
        words = _("To answer with this name")
        if not st.form_submit_button(words):
            return
    try:
        refuse(author_faults(author))
    except RefusedError as error:
        show_faults(error)
        return
    remember(author)
    st.rerun()


def ask_type(workshop: Workshop, absence: Absence) -> None:
    """One's own sorting: the moment, the type, one press."""
    author = known_author(workshop)
    if author is None:
        return
    words = _("Sort it otherwise") if absence.my_type else _("Sort it")
    with st.expander(words):
        key = f"sort-{absence.absence_id}"
        code = press_type(key, absence.my_type, _("Sort it as this"))
    if code:
        now = open_round(workshop)
        round_id = now.round_id if now and now.kind == "sort" else None
        pressed(lambda: sort(workshop, author, new_id(), absence.absence_id, code, round_id))
        st.rerun()


def ask_answer(workshop: Workshop, absence: Absence) -> None:
    """The form to agree, contest, ask or add evidence; what was typed is kept in the tab."""
    kept = f"reply-draft-{absence.absence_id}"
    draft = st.session_state.setdefault(kept, new_id())
    about = answered(absence)
    with st.form(key=f"reply-{draft}", border=False):
        kind = st.radio(
            _("What I answer"), list(REPLY_KINDS), key=f"{draft}-reply-kind", horizontal=True,
            format_func=lambda code: word("replies", code),
        )  # fmt: skip
        text = st.text_area(_("In my words"), key=f"{draft}-reply-text", height=110)
        address = st.text_input(
            _("A link, where I add evidence"), key=f"{draft}-reply-link", placeholder="https://"
        )
        author = ask_author(draft)
        sent = st.form_submit_button(_("Send my answer"))
    if not sent:
        return
    try:
        write_answer(workshop, author, draft, absence, about, str(kind), text or "", address or "")
    except RefusedError as error:
        show_faults(error)
        return
    remember(author)
    forget_typed(absence.absence_id, "reply-")
    st.session_state.pop(kept)
    st.query_params.pop("to", None)
    st.rerun()


def write_answer(
    workshop: Workshop, author: Author, draft: str, absence: Absence, about: str, kind: str,
    text: str, address: str,
) -> None:  # fmt: skip
    """The answer; a link that is given with evidence stands among what the absence rests on."""
    given = evidence_of([tidy(address)] if kind == "evidence" and tidy(address) else [])
    for one in given:
        add_evidence(workshop, author, absence.absence_id, one, site=site_or_none())
    if text.strip() or not given:
        reply(workshop, author, draft, about, kind, text)


def answered(absence: Absence) -> str:
    """What the answer is to: the absence, or the answer of the link; shown above the form."""
    asked = st.query_params.get("to", "")
    found = [one for one in absence.replies if one.reply_id == asked and not one.withdrawn]
    if not found:
        return absence.absence_id
    whole = link("absence", _("Answer the absence instead"), id=absence.absence_id)
    head = escape(_("In answer to {name}:")).format(name=named(found[0].shown_name))
    st.html(
        f'<div class="exc exc-answer exc-answered"><small>{head}</small>'
        f'<p lang="{escape(found[0].language)}">{escape(found[0].text)}</p>'
        f"<small>{whole}</small></div>"
    )
    return found[0].reply_id
