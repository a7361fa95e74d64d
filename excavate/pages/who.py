"""Who writes: the name they chose and their consent, asked once in a session."""

from __future__ import annotations

from html import escape

import streamlit as st

from excavate.errors import InputFault, RefusedError
from excavate.i18n import N_, _, spoken
from excavate.pages.error_words import worded
from excavate.workshop.authors import Author
from excavate.workshop.ids import new_id

CONSENT = N_(
    "What I write here, the name I chose and the time are kept in this site, are shown to "
    "everyone in the room, and may be exported with it. Nothing else about me is recorded."
)
PLACES = (
    N_("Your name"), N_("Consent"), N_("Name"), N_("Link"), N_("Why"), N_("Facts"), N_("Fact"),
    N_("Fact {n}"), N_("Picture"), N_("Answer"), N_("Kind"),
)  # fmt: skip


def ask_author(form: str) -> Author:
    """Fields for the name and the consent; both are kept for the session once given."""
    key = f"{form}-who"
    if not st.session_state.get(key):  # of the other forms, too, once it is known
        st.session_state[key] = st.session_state.get("author-name", "")
    name = st.text_input(
        _("Your name, as it is to be shown"), key=key, help=_("A pseudonym is fine."),
    )  # fmt: skip
    agreed = bool(st.session_state.get("author-consent"))
    if not agreed:
        agreed = st.checkbox(_(CONSENT), key=f"{form}-consent")
    else:
        st.html(f'<p class="exc exc-note">{escape(_(CONSENT))}</p>')
    return Author(_person(name.strip()), name.strip(), spoken(), _(CONSENT) if agreed else "")


def _person(name: str) -> str:
    """Another name at the same machine is another person: it never renames the one before."""
    known: dict[str, str] = st.session_state.setdefault("author-ids", {})
    return known.setdefault(name, new_id())


def remember(author: Author) -> None:
    """Keep the name and the consent, so that neither is asked for again."""
    st.session_state["author-name"] = author.shown_name
    st.session_state["author-consent"] = True


def show_faults(error: RefusedError) -> None:
    """Everything that keeps it from being written, in the language of the run."""
    lines = "".join(f"<li>{_fault(fault)}</li>" for fault in error.faults)
    head = escape(_("Not written yet. Mend this and press again; nothing you typed is lost."))
    st.html(
        f'<div class="exc exc-notice" role="alert"><strong>{head}</strong><ul>{lines}</ul></div>'
    )


def _fault(fault: InputFault) -> str:
    return f"<b>{escape(_place(fault.place))}</b>: {escape(worded(fault.what))}"


def _place(place: str) -> str:
    word, _blank, number = place.partition(" ")
    return _("Fact {n}").format(n=number) if word == "Fact" and number else _(place)
