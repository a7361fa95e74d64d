"""On the desk: the links to give out, what people are told on entering, the end of an evening."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st

from excavate.components.addresses import under
from excavate.components.drafts import forget_typed
from excavate.door.links import RoomLinks, new_code, new_role_links, room_links
from excavate.i18n import _, _n, spoken
from excavate.settings import Settings
from excavate.workshop.authors import Author
from excavate.workshop.groups import apart, set_apart
from excavate.workshop.ids import new_id
from excavate.workshop.keeping import last_backup
from excavate.workshop.rounds import act_on_round, open_round
from excavate.workshop.store import Workshop
from excavate.workshop.terms import Terms, set_terms, terms_of

Press = Callable[[Callable[[], object]], None]


def show_entrance(workshop: Workshop, leader: Author, press: Press) -> None:
    """The join link with the room code, the other links, the terms."""
    if not workshop.shared:
        return
    links = room_links(workshop, secrets_folder(), leader)
    st.html(f'<div class="exc"><h2 class="exc-part">{escape(_("To let people in"))}</h2></div>')
    st.html(
        f'<p class="exc exc-code"><small>{escape(_("Room code"))}</small> <b>{escape(links.code)}'
        "</b></p>"
    )
    st.code(origin() + under(f"/join?code={links.code}"), language=None, wrap_lines=True)
    with st.expander(_("Links for those who lead and review")):
        show_other_links(workshop, leader, links, press)
    with st.expander(_("What people are told on entering")):
        show_terms(workshop, leader, press)


def show_other_links(workshop: Workshop, leader: Author, links: RoomLinks, press: Press) -> None:
    """Links that carry a role, and another code."""
    for words, token in (
        (_("Whoever has this link leads the room:"), links.facilitator),
        (_("Whoever has this link is a reviewer:"), links.reviewer),
    ):
        st.html(f'<p class="exc exc-note">{escape(words)}</p>')
        st.code(origin() + under(f"/enter/{token}"), language=None, wrap_lines=True)
    words = _("New links end these two. Those who are in keep their role.")
    st.html(f'<p class="exc exc-note">{escape(words)}</p>')
    if st.button(_("Make new links for those two"), key="new-role-links"):
        press(lambda: new_role_links(workshop, secrets_folder(), leader))
    words = _("A new code ends the one before. Those who are in stay in.")
    st.html(f'<p class="exc exc-note">{escape(words)}</p>')
    if st.button(_("Make a new room code"), key="new-code"):
        press(lambda: new_code(workshop, secrets_folder(), leader))


def show_terms(workshop: Workshop, leader: Author, press: Press) -> None:
    """The words shown to everybody who enters; who is in had agreed to those before."""
    draft = st.session_state.setdefault("terms-draft", new_id())
    stands = terms_of(workshop)
    with st.form(key=f"terms-{draft}", border=False):
        ko = st.text_area(
            _("What is recorded and what for, in Korean"), stands.purpose_ko, key=f"{draft}-pko",
            height=160,
        )  # fmt: skip
        en = st.text_area(
            _("What is recorded and what for, in English"), stands.purpose_en, key=f"{draft}-pen",
            height=160,
        )  # fmt: skip
        kept = st.text_input(_("Kept until"), stands.kept_until, key=f"{draft}-kept")
        contact = st.text_input(_("Whom to ask"), stands.contact, key=f"{draft}-contact")
        pressed = st.form_submit_button(_("Keep these words"))
    if pressed:
        press(lambda: _keep_terms(workshop, leader, draft, Terms(ko, en, kept, contact)))


def _keep_terms(workshop: Workshop, leader: Author, draft: str, given: Terms) -> None:
    set_terms(workshop, leader, draft, given)
    forget_typed("room-plan", "")
    st.session_state["terms-draft"] = new_id()


def show_evening(workshop: Workshop, leader: Author, press: Press) -> None:
    """The end of an evening: the round closes, all are together, the room stays open."""
    st.html(f'<div class="exc"><h2 class="exc-part">{escape(_("End of the evening"))}</h2></div>')
    words = _("Closes the open round and brings everyone together. The room stays open until the "
              "next evening; nothing is deleted.")  # fmt: skip
    st.html(f'<p class="exc exc-note">{escape(words)}</p>')
    idle = open_round(workshop) is None and not apart(workshop)
    if st.button(_("End the evening"), key="end-evening", disabled=idle):
        press(lambda: _end(workshop, leader))
    if idle:
        words = _("No round is open and everyone is together: nothing is left to end.")
        st.html(f'<p class="exc exc-note">{escape(words)}</p>')
    st.html(f'<div class="exc">{taking_away()}{backup_line(workshop)}</div>')


def taking_away() -> str:
    """The whole conversation as files, read at any time."""
    shown = " ".join(
        f'<a href="{escape(under(f"/workshop/export.{ending}?lang={spoken()}"))}" download>'
        f"{escape(words)}</a>"
        for ending, words in (
            ("md", _("Minutes (Markdown)")),
            ("csv", _("Table (CSV)")),
            ("jsonl", _("Annotations (JSON Lines)")),
        )
    )
    head = escape(_("Take the conversation away"))
    return f'<h3>{head}</h3><p class="exc-ways">{shown}</p>'


def backup_line(workshop: Workshop) -> str:
    """When the last backup was made; what could not be done, where that is so."""
    return f"{_unfinished_line(workshop)}{_last_line(workshop)}"


def _unfinished_line(workshop: Workshop) -> str:
    if workshop.unfinished is None:
        return ""
    words = _(
        "Something that was to be erased may still lie in a file of this site. Nobody is "
        "shown it, and it is tried again every ten minutes. The host's log says why."
    )
    return f'<p class="exc-dashed" role="alert">{escape(words)}</p>'


def _last_line(workshop: Workshop) -> str:
    state = last_backup(workshop)
    if state.failed:
        words = _("No backup could be made. The host's log says why; nothing said is lost.")
        return f'<p class="exc-dashed" role="alert">{escape(words)}</p>'
    if state.newest is None:
        words = _("No backup yet: one is made every ten minutes while people write.")
    else:
        return _ago_line(state.newest.made_at, datetime.now(UTC))
    return f'<p class="exc-note">{escape(words)}</p>'


def _ago_line(made_at: datetime, now: datetime) -> str:
    minutes = max(0, int((now - made_at).total_seconds() // 60))
    words = _n("Last backup: {n} minute ago", "Last backup: {n} minutes ago", minutes)
    said = words.format(n=minutes) if minutes else _("Last backup: just now")
    return f'<p class="exc-note" title="{made_at:%Y-%m-%d %H:%M} UTC">{escape(said)}</p>'


def _end(workshop: Workshop, leader: Author) -> None:
    now = open_round(workshop)
    if now:
        act_on_round(workshop, leader, new_id(), now.round_id, "close")
    if apart(workshop):
        set_apart(workshop, leader, new_id(), False)


def origin() -> str:
    """The address that this page was reached at, as those can be who are sent a link."""
    parts = urlsplit(st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def secrets_folder() -> Path:
    """Where the host's secrets lie."""
    return Settings.from_environment().secrets
