"""The entries of one's notebook: in their order, to be moved, changed, marked and taken out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from excavate.catalog import browsing
from excavate.components.drafts import forget_typed
from excavate.components.noted import Around, around, noted_html
from excavate.errors import ExcavateError, RefusedError
from excavate.i18n import N_, _
from excavate.pages.parts import show_error
from excavate.pages.who import Here, ask_author, remember, show_faults
from excavate.routes import served_site
from excavate.site import Site
from excavate.workshop.authors import Author, known_author
from excavate.workshop.ids import new_id
from excavate.workshop.notebooks import (
    KINDS,
    GivenNote,
    Note,
    amend,
    keep,
    move,
    notebook,
    saved,
    take_out,
)
from excavate.workshop.store import Workshop

KIND_NAMES = {
    "text": N_("Note"), "item": N_("Item"), "finding": N_("Finding"), "absence": N_("Absence"),
    "find": N_("Find"),
}  # fmt: skip
EDITING, FAILED = "note-edited", "note-failed"


def ask_kept(workshop: Workshop) -> None:
    """Where a link asks to keep something: the form that does, with one's own words beside it."""
    kind, at = st.query_params.get("keep", ""), st.query_params.get("on", "")
    if kind not in KINDS or not at:
        return
    st.html(f'<div class="exc"><h2 class="exc-part">{escape(_("Keep this"))}</h2>'
            f'<p class="exc-mono">{escape(at)}</p></div>')  # fmt: skip
    draft = st.session_state.setdefault("keep-draft", new_id())
    with st.form(key=f"keep-{draft}", border=False):
        text = st.text_area(_("My words beside it (not needed)"), key=f"{draft}-keep-text")
        author = ask_author(draft)
        pressed = st.form_submit_button(_("Keep in my notebook"), type="primary")
    if pressed:
        _keep_asked(workshop, author, GivenNote(draft, kind, text, value_of(kind, at)))


def _keep_asked(workshop: Workshop, author: Author, given: GivenNote) -> None:
    try:
        if saved(notebook(workshop, author.person_id), given.kind, given.value[KINDS[given.kind]]):
            pass  # the first press had come through
        else:
            keep(workshop, author, given)  # sent twice, it is one
    except RefusedError as error:
        show_faults(error)
        return
    remember(author)
    forget_typed("notebook", "keep-")
    st.session_state["keep-draft"] = new_id()
    for gone in ("keep", "on"):
        st.query_params.pop(gone, None)
    st.rerun()


def value_of(kind: str, at: str) -> dict[str, str]:
    """What a note of this kind points at; of an item as it is now, so that a change is noticed."""
    if kind != "item":
        return {KINDS[kind]: at}
    try:
        with served_site().cursor() as cursor:
            item = browsing.one_item(cursor, at)
    except ExcavateError:
        item = None
    more = {"sha256": item["sha256"], "revision": item["revision"]} if item else {}
    return {"item_id": at, **more}


def show_entries(workshop: Workshop, looks: Here, site: Site | None, notes: Sequence[Note]) -> None:
    """All entries, each with its controls."""
    error = st.session_state.pop(FAILED, None)
    if error is not None:
        show_error(error)
    if not notes:
        words = _("Nothing is kept yet. Write a note, or press “Keep in my notebook” where you "
                  "see an item, a finding, an absence or a find.")  # fmt: skip
        st.html(f'<div class="exc"><p class="exc-notice">{escape(words)}</p></div>')
        return
    held = around(site, workshop, notes, looks.person_id)
    for place, note in enumerate(notes):
        with st.container(key=f"kept-{note.note_id}"):
            _show_one(workshop, looks.person_id, note, held, place, len(notes))


def _show_one(
    workshop: Workshop, person: str, note: Note, held: Around, place: int, count: int
) -> None:
    kind = escape(_(KIND_NAMES[note.kind]))
    state = _("shown") if note.shown else _("yours alone")
    st.html(
        f'<div class="exc exc-kept-entry"><p class="exc-kept-kind">{place + 1} · {kind}'
        f'<span class="exc-tag">{escape(state)}</span></p>{noted_html(note, held)}</div>'
    )
    if st.session_state.get(EDITING) == note.note_id:
        _ask_words(workshop, person, note)
        return
    _controls(workshop, person, note, place, count)


def _controls(workshop: Workshop, person: str, note: Note, place: int, count: int) -> None:
    key = note.note_id
    with st.container(key=f"turn-{key}", horizontal=True, gap="small"):
        _button(_("Up"), f"up-{key}", lambda a: move(workshop, a, new_id(), key, -1),
                workshop, person, place == 0)  # fmt: skip
        _button(_("Down"), f"down-{key}", lambda a: move(workshop, a, new_id(), key, 1),
                workshop, person, place == count - 1)  # fmt: skip
        mark = _("Do not show it") if note.shown else _("Mark to be shown")
        turned = not note.shown
        _button(mark, f"mark-{key}", lambda a: amend(workshop, a, new_id(), key, shown=turned),
                workshop, person)  # fmt: skip
        words = _("Edit") if note.text else _("Write beside it")
        st.button(words, key=f"edit-{key}", on_click=_edit, args=(key,), type="tertiary")
        _button(_("Take out"), f"out-{key}", lambda a: take_out(workshop, a, new_id(), key),
                workshop, person)  # fmt: skip


def _button(
    words: str,
    key: str,
    act: Callable[[Author], bool],
    workshop: Workshop,
    person: str,
    disabled: bool = False,
) -> None:
    st.button(
        words, key=key, on_click=_act, args=(workshop, person, act), type="tertiary",
        disabled=disabled,
    )  # fmt: skip


def _act(workshop: Workshop, person: str, act: Callable[[Author], bool]) -> None:
    author = known_author(workshop, person)
    try:
        if author is not None:
            act(author)
    except ExcavateError as error:
        st.session_state[FAILED] = error


def _edit(note_id: str) -> None:
    st.session_state[EDITING] = note_id
    st.session_state["edit-draft"] = new_id()


def _ask_words(workshop: Workshop, person: str, note: Note) -> None:
    draft = st.session_state.setdefault("edit-draft", new_id())
    with st.form(key=f"edit-{draft}", border=False):
        text = st.text_area(_("In my own words"), note.text, key=f"{draft}-edit-text", height=160)
        kept = st.form_submit_button(_("Keep the change"), type="primary")
        left = st.form_submit_button(_("Leave it as it was"))
    if left:
        st.session_state.pop(EDITING, None)
        st.rerun()
    if kept:
        _amend(workshop, person, note, draft, text)


def _amend(workshop: Workshop, person: str, note: Note, draft: str, text: str) -> None:
    author = known_author(workshop, person)
    try:
        if author and not amend(workshop, author, draft, note.note_id, text=text):
            amend(workshop, author, new_id(), note.note_id, text=text)  # changed since
    except RefusedError as error:
        show_faults(error)
        return
    st.session_state.pop(EDITING, None)
    st.rerun()
