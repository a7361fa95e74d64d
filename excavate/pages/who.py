"""Who looks and who writes: by the door in a shared room; else asked for once in a session."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape

import streamlit as st

from excavate.door.cookie import LOCAL, cookie_name, unsealed
from excavate.door.secrets import host_secrets
from excavate.errors import InputFault, RefusedError
from excavate.i18n import N_, _, spoken
from excavate.pages.error_words import worded
from excavate.routes import served_workshop
from excavate.settings import Settings
from excavate.workshop.authors import Author
from excavate.workshop.ids import derived_id, is_id, new_id
from excavate.workshop.members import author_of, name_of, roster
from excavate.workshop.roles import may
from excavate.workshop.store import Workshop

CONSENT = N_(
    "What I write here, the name I chose and the time are kept in this site, are shown to "
    "everyone in the room, and may be exported with it. Nothing else about me is recorded."
)
PLACES = (
    N_("Your name"), N_("Consent"), N_("Name"), N_("Link"), N_("Why"), N_("Facts"), N_("Fact"),
    N_("Fact {n}"), N_("Evidence {n}"), N_("Picture"), N_("Answer"), N_("Kind"),
    N_("Question"), N_("Choices"), N_("Choice {n}"), N_("Items"), N_("Reason"), N_("Role"),
    N_("Purpose (Korean)"), N_("Purpose (English)"), N_("Kept until"), N_("Contact"),
    N_("Round"), N_("Prompt"), N_("Time"), N_("Where"), N_("Groups"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Here:
    """Who looks at this page. In a shared room, what the door and the workshop say."""

    person_id: str
    shown_name: str
    language: str
    role: str  # gone: they may not look any more
    group_id: str | None = None


def here(workshop: Workshop) -> Here:
    """Who looks at this page; the one at an unshared machine is its facilitator."""
    if not workshop.shared:
        name = _local_name()
        return Here(_person(name) if name else _carried(), name, spoken(), "facilitator")
    key = host_secrets(Settings.from_environment().secrets).key
    known = unsealed(key, st.context.cookies.get(cookie_name(workshop.room_id), ""))
    people = roster(workshop)
    left = known is None or known.device in people.left_devices
    if known is None or left or known.room_id != workshop.room_id:
        return Here("", "", spoken(), "gone")
    if people.role(known.person_id) == "gone":
        return Here("", "", spoken(), "gone")
    member = people.people[known.person_id]
    return Here(member.person_id, member.shown_name, member.language, member.role, member.group_id)


def reaches(workshop: Workshop, least: str) -> bool:
    """Whether the one who looks may do what `least` may: for what to show. The write decides."""
    return may(here(workshop).role, least)


def ask_author(form: str) -> Author:
    """Who writes: known from the door, else fields for the name and the consent.

    What was given is kept for the session.
    """
    workshop = served_workshop()
    if workshop.shared:
        looks = here(workshop)
        known = author_of(workshop, looks.person_id)
        if known is None:
            return Author(looks.person_id, "", spoken(), "")
        return replace(known, language=spoken())
    return _asked(form)


def _asked(form: str) -> Author:
    key = f"{form}-who"
    if not st.session_state.get(key):  # of the other forms, too, once it is known
        st.session_state[key] = _local_name()
    name = st.text_input(
        _("Your name, as it is to be shown"), key=key, help=_("A pseudonym is fine."),
    )  # fmt: skip
    agreed = bool(st.session_state.get("author-consent"))
    if not agreed:
        agreed = st.checkbox(_(CONSENT), key=f"{form}-consent")
    else:
        st.html(f'<p class="exc exc-note">{escape(_(CONSENT))}</p>')
    return Author(_person(name.strip()), name.strip(), spoken(), _(CONSENT) if agreed else "")


def _local_name() -> str:
    return str(st.session_state.get("author-name", ""))


def _carried() -> str:
    """The id of this browser at an unshared machine; of the session, where it keeps none."""
    given = str(st.context.cookies.get(LOCAL, ""))
    return given if is_id(given) else str(st.session_state.setdefault("person-here", new_id()))


def _person(name: str) -> str:
    """Another name at the same machine is another person: it never renames the one before."""
    carried = _carried()
    known = name_of(served_workshop(), carried)
    return carried if known in (None, name) else derived_id(carried, name)


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
    return f"<b>{escape(place_words(fault.place))}</b>: {escape(worded(fault.what))}"


def place_words(place: str) -> str:
    """What a fault calls its place, in the language of the run; its number is kept."""
    word, _blank, number = place.partition(" ")
    return _(f"{word} {{n}}").format(n=number) if number.isdigit() else _(place)
