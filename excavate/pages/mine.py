"""My record: who I am here, what I gave, the time it took; to take along, and to take back."""

from __future__ import annotations

from html import escape

import streamlit as st

from excavate.components.addresses import under
from excavate.components.drafts import forget_typed, keep_typed
from excavate.errors import RefusedError
from excavate.i18n import LANGUAGES, N_, _, spoken
from excavate.pages.ground import head, workshop_or_notice
from excavate.pages.mine_back import show_given
from excavate.pages.mine_time import show_time
from excavate.pages.parts import notice
from excavate.pages.who import Here, here, remember, show_faults
from excavate.workshop.authors import Author, author_faults, known_author, person_rows, refuse
from excavate.workshop.ids import new_id
from excavate.workshop.own_export import as_json, as_markdown
from excavate.workshop.store import Workshop

ROLE_NAMES = {
    "viewer": N_("looks on"), "participant": N_("takes part"), "reviewer": N_("reviewer"),
    "facilitator": N_("facilitator"),
}  # fmt: skip


def show() -> None:
    """The whole page."""
    workshop = workshop_or_notice()
    if workshop is None:
        return
    looks = here(workshop)
    words = _("What you gave in this room, the time it took, and how to take it along or back. "
              "Only you see this page.")  # fmt: skip
    head(_("My record"), words)
    author = known_author(workshop, looks.person_id)
    if author is None and looks.role == "viewer":
        body = _("To say something yourself, enter with a name.")
        notice(_("You are here to look only"), body)
        show_door()
        return
    if author is None:
        body = _("Whatever you write will stand here, to be taken along and taken back.")
        notice(_("You have not written anything yet"), body)
        if workshop.shared:
            show_door()
        return
    given, beside = st.columns([3, 2], gap="large")
    with beside:
        show_me(workshop, looks, author)
        show_time(workshop, author)
        show_export(workshop, author)
        if workshop.shared:
            show_door()
    with given:
        show_given(workshop, author)


def show_me(workshop: Workshop, looks: Here, author: Author) -> None:
    """Name, role and language; a new name is that of earlier words, too."""
    role = escape(_(ROLE_NAMES.get(looks.role, looks.role)))
    title = escape(_("Who I am here"))
    st.html(f'<div class="exc"><h2 class="exc-part">{title}</h2><p>{role}</p></div>')
    keep_typed("mine")
    draft = st.session_state.setdefault("name-draft", new_id())
    with st.form(key="my-name", border=False):
        name = st.text_input(
            _("Your name, as it is to be shown"), author.shown_name,
            key=f"{draft}-correct-name",
            help=_("What you wrote before is shown under the new name, too."),
        )  # fmt: skip
        tongue = st.selectbox(
            _("Language"), list(LANGUAGES), list(LANGUAGES).index(author.language)
            if author.language in LANGUAGES else 0, format_func=lambda one: LANGUAGES[one],
        )  # fmt: skip
        pressed = st.form_submit_button(_("Save"))
    if pressed:
        rename(workshop, Author(author.person_id, name.strip(), tongue, author.consented_to))


def rename(workshop: Workshop, author: Author) -> None:
    """Write the name and the language; the page goes on in that language."""
    try:
        refuse(author_faults(author))
    except RefusedError as error:
        show_faults(error)
        return
    rows = person_rows(workshop, author)
    if rows:
        workshop.write(rows)
    forget_typed("mine")
    st.session_state.pop("name-draft", None)
    remember(author)
    st.session_state["lang"] = st.query_params["lang"] = author.language
    st.rerun()


def show_export(workshop: Workshop, author: Author) -> None:
    """Everything one gave, as files."""
    title = escape(_("Take it along"))
    words = escape(_("All of it with every wording, your private things too."))
    st.html(
        f'<div class="exc"><h2 class="exc-part">{title}</h2><p class="exc-note">{words}</p></div>'
    )
    with st.container(horizontal=True, key="my-files"):
        st.download_button(
            "JSON", lambda: as_json(workshop, author), file_name="mine.json",
            mime="application/json", on_click="ignore", key="mine-json",
        )  # fmt: skip
        st.download_button(
            "Markdown", lambda: as_markdown(workshop, author), file_name="mine.md",
            mime="text/markdown", on_click="ignore", key="mine-md",
        )  # fmt: skip


def show_door() -> None:
    """The way to the door: a link for another device, leaving this one or the room."""
    title = escape(_("Another device, or leave"))
    words = escape(
        _(
            "Make a link for another device, or leave the room. What you gave stays until you "
            "take it back: do that first, if you want to."
        )
    )
    asked = escape(f"{under('/leave')}?lang={spoken()}")
    way = f'<a href="{asked}" target="_self">{escape(_("Another device, or leave"))}</a>'
    st.html(
        f'<div class="exc"><h2 class="exc-part">{title}</h2><p class="exc-note">{words}</p>'
        f'<p class="exc-ways">{way}</p></div>'
    )


show()
