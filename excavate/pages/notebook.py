"""Notebook: what each person keeps for themselves; and the presentations that the room sees."""

from __future__ import annotations

from html import escape

import streamlit as st

from excavate.components.drafts import forget_typed, keep_typed
from excavate.components.presentation import (
    list_href,
    live_href,
    open_list_html,
    presentation_html,
)
from excavate.errors import ExcavateError, RefusedError
from excavate.i18n import _, _n
from excavate.pages.ground import head, workshop_or_notice
from excavate.pages.notebook_kept import ask_kept, show_entries
from excavate.pages.parts import link, notice
from excavate.pages.who import Here, ask_author, here, remember, show_faults
from excavate.routes import served_site
from excavate.site import Site
from excavate.workshop.authors import Author, known_author
from excavate.workshop.ids import is_id, new_id
from excavate.workshop.notebooks import GivenNote, Note, amend, keep, notebook
from excavate.workshop.presentations import present, presentation
from excavate.workshop.roles import may
from excavate.workshop.store import Workshop
from excavate.workshop.withdrawing import HIDDEN, hide, show_again, withdrawn

SCOPE = "notebook"


def show() -> None:
    """One person's presentation where the link names one, else one's own notebook."""
    workshop = workshop_or_notice()
    if workshop is None:
        return
    looks, of = here(workshop), st.query_params.get("of", "")
    if of:
        show_presentation(workshop, looks, of)
    elif may(looks.role, "participant"):
        show_notebook(workshop, looks)
    else:
        head(_("Presentations"), _("A notebook belongs to who takes part; you look on."))
        show_open(workshop)


def site_or_none() -> Site | None:
    """The site; None where nothing was dug: notes stand without it, too."""
    try:
        site = served_site()
        return site if site.generation else None
    except ExcavateError:
        return None


def show_presentation(workshop: Workshop, looks: Here, of: str) -> None:
    """The presentation, which follows what its owner does; they see it before it is open."""
    if not is_id(of):
        body = _("Its link is that of another room, or it was never made here.")
        notice(_("There is no such presentation"), body)
        return
    made = presentation(workshop, of)
    mine = of == looks.person_id
    back = link("notebook", _("My notebook") if mine else _("All presentations"))
    st.html(f'<p class="exc exc-ways exc-not-printed">{back}</p>')
    if mine and not (made and made.open):
        body = _("Open it in your notebook when you want the room to see it.")
        notice(_("Nobody but you sees this yet"), body)
    if made and made.open and not mine and may(looks.role, "reviewer"):
        show_hide(workshop, looks, of)
    if made is None and not mine and may(looks.role, "reviewer"):
        show_unhide(workshop, looks, of)
    shown = presentation_html(site_or_none(), workshop, of, preview=mine)
    live = f' data-live="own board finds round room" data-href="{escape(live_href(of))}"'
    whole = "" if mine and not (made and made.open) else live
    st.html(f'<article class="exc exc-presentation"{whole}>{shown}</article>')


def show_hide(workshop: Workshop, looks: Here, of: str) -> None:
    """A reviewer takes a presentation out of view; its owner's notebook stays theirs."""
    with st.container(key="hide-presentation"):
        pressed = st.button(_("Hide this presentation from the room"), type="tertiary")
    author = known_author(workshop, looks.person_id)
    if pressed and author:
        hide(workshop, author, new_id(), "presentation", f"presentation/{of}")
        st.rerun()


def show_unhide(workshop: Workshop, looks: Here, of: str) -> None:
    """What a reviewer hid stands hidden until a reviewer shows it."""
    out = withdrawn(workshop).get(f"presentation/{of}")
    if out is None or out.manner != HIDDEN or not out.moderated:
        return
    author = known_author(workshop, looks.person_id)
    if st.button(_("Show again"), key="show-presentation", type="tertiary") and author:
        show_again(workshop, author, new_id(), out.table, out.what_id)
        st.rerun()


def show_notebook(workshop: Workshop, looks: Here) -> None:
    """One's own: what is kept, beside it what is added and how it is shown."""
    keep_typed(SCOPE)
    notes = notebook(workshop, looks.person_id)
    words = _("Yours alone, until you mark what is shown and open your presentation. It is here "
              "again on the next evening, with this browser or your personal link.")  # fmt: skip
    head(_("Notebook"), words)
    way = link("mine", _("What I gave here, and taking it back"))
    st.html(f'<p class="exc exc-ways">{way}</p>')
    kept, beside = st.columns([3, 2], gap="large")
    with kept:
        ask_kept(workshop)
        ask_note(workshop)
        show_entries(workshop, looks, site_or_none(), notes)
    with beside:
        ask_presentation(workshop, looks, notes)
        show_open(workshop)


def ask_note(workshop: Workshop) -> None:
    """The form for one's own words; what was typed is kept in the tab until it is written."""
    st.html(f'<div class="exc"><h2 class="exc-part">{escape(_("Write a note"))}</h2></div>')
    draft = st.session_state.setdefault("note-draft", new_id())
    with st.form(key=f"note-{draft}", border=False):
        text = st.text_area(_("In my own words"), key=f"{draft}-note-text", height=120)
        shown = st.checkbox(_("Show it in my presentation"), key=f"{draft}-note-shown")
        author = ask_author(draft)
        pressed = st.form_submit_button(_("Keep the note"), type="primary")
    if not pressed:
        return
    try:
        if not keep(workshop, author, GivenNote(draft, "text", text, {}, shown)):
            # the first press had come through: what was changed since is not to be lost
            amend(workshop, author, new_id(), draft, text=text, shown=shown)
    except RefusedError as error:
        show_faults(error)
        return
    remember(author)
    forget_typed(SCOPE, "note-")
    st.session_state["note-draft"] = new_id()
    st.rerun()


def ask_presentation(workshop: Workshop, looks: Here, notes: list[Note]) -> None:
    """Title and lead of the presentation, and whether the room sees it."""
    st.html(f'<div class="exc">{marked_html(looks.person_id, notes)}</div>')
    made = presentation(workshop, looks.person_id)
    stands = (made.title, made.lead, made.open) if made else ("", "", False)
    draft = st.session_state.setdefault("presentation-draft", new_id())
    with st.form(key=f"presentation-{draft}", border=False):
        title = st.text_input(_("Title"), stands[0], key=f"{draft}-presentation-title")
        lead = st.text_area(
            _("Lead: a sentence or two"), stands[1], key=f"{draft}-presentation-lead"
        )
        opened = st.checkbox(_("Open to everyone in the room"), stands[2], key=f"{draft}-open")
        author = known_author(workshop, looks.person_id) or ask_author(f"{draft}-p")
        pressed = st.form_submit_button(_("Save the presentation"))
    if pressed:
        save_presentation(workshop, author, draft, title, lead, opened)


def marked_html(person_id: str, notes: list[Note]) -> str:
    """How many notes are marked to be shown, and the way to see it as the room will."""
    words = _n(
        "{n} of {all} note is marked to be shown.",
        "{n} of {all} notes are marked to be shown.",
        len(notes),
    )
    said = escape(words.format(n=sum(note.shown for note in notes), all=len(notes)))
    way = link("notebook", _("See it as it is shown"), of=person_id)
    return (
        f'<h2 class="exc-part">{escape(_("My presentation"))}</h2>'
        f'<p class="exc-note">{said}</p><p class="exc-ways">{way}</p>'
    )


def save_presentation(
    workshop: Workshop, author: Author, draft: str, title: str, lead: str, opened: bool
) -> None:
    """Write it; what is wrong with it is told, and nothing that was typed is lost."""
    try:
        if not present(workshop, author, draft, title, lead, opened):
            present(workshop, author, new_id(), title, lead, opened)  # as it was changed since
    except RefusedError as error:
        show_faults(error)
        return
    remember(author)
    forget_typed(SCOPE, "presentation-")
    st.session_state["presentation-draft"] = new_id()
    st.rerun()


def show_open(workshop: Workshop) -> None:
    """All presentations that are open, by name; the list follows what is opened and closed."""
    title = escape(_("Presentations in this room"))
    listed = open_list_html(workshop)
    live = f'data-live="own room" data-href="{escape(list_href())}"'
    st.html(f'<div class="exc"><h2 class="exc-part">{title}</h2><div {live}>{listed}</div></div>')


show()
