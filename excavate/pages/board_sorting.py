"""Sorting on the board, one absence at a time: the moment, then the type, in two presses."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from html import escape

import streamlit as st

from excavate.board_route import site_or_none
from excavate.components.board_about import ground_of
from excavate.components.board_asked import Asked
from excavate.components.board_cards import card
from excavate.errors import RefusedError
from excavate.i18n import _, _n
from excavate.pages.who import ask_author, here, reaches, remember, show_faults
from excavate.workshop.absence_record import Absence
from excavate.workshop.absence_rows import said_now
from excavate.workshop.absence_types import NONE, moments, types_of, word
from excavate.workshop.authors import Author
from excavate.workshop.conversation import sort
from excavate.workshop.ids import new_id
from excavate.workshop.rounds import open_round
from excavate.workshop.store import Workshop

LATER, OPEN = "board-sort-later", "board-sort-open"  # what this person put off, and has before them


def show_sorting(workshop: Workshop, said: tuple[Absence, ...]) -> None:
    """The next absence that this person has not sorted, and what they may answer."""
    if not reaches(workshop, "participant"):
        return
    waiting = in_turn(workshop, said, here(workshop).person_id)
    with st.container(key="board-sorting"):
        if not waiting:
            words = escape(_("You have sorted everything that is here."))
            st.html(f'<div class="exc"><p class="exc-dashed" role="status">{words}</p></div>')
            return
        show_one(workshop, waiting)


def in_turn(workshop: Workshop, said: tuple[Absence, ...], person_id: str) -> list[Absence]:
    """What this person has not sorted: first what nobody has, each person in another order."""
    later, sorted_ = st.session_state.get(LATER, []), said_now(workshop).types

    def turn(one: Absence) -> tuple[int, int, str]:
        mixed = hashlib.sha256(f"{person_id}{one.absence_id}".encode()).hexdigest()
        put_off = later.index(one.absence_id) + 1 if one.absence_id in later else 0
        return put_off, sum(one.types.values()), mixed

    left = [one for one in said if person_id not in sorted_.get(one.absence_id, {})]
    left.sort(key=turn)
    open_now = st.session_state.get(OPEN)  # what lies open stays, whatever others do meanwhile
    left.sort(key=lambda one: one.absence_id != open_now)
    return left


def show_one(workshop: Workshop, waiting: list[Absence]) -> None:
    """One absence with its moments and types."""
    absence = waiting[0]
    st.session_state[OPEN] = absence.absence_id
    shown, asked = st.columns(2, gap="large")
    with shown:
        show_bare(absence, len(waiting))
    with asked:
        pressed = ask_type(absence)
        if len(waiting) > 1 and st.button(_("Later"), key=f"later-{absence.absence_id}"):
            put_off = [one for one in st.session_state.get(LATER, []) if one != absence.absence_id]
            st.session_state[LATER] = [*put_off, absence.absence_id]
            del st.session_state[OPEN]
            st.rerun()
        author = ask_author("board-sort")
    if pressed:
        keep(workshop, author, absence, pressed)


def show_bare(absence: Absence, waiting: int) -> None:
    """Its card without how others sorted it: nobody is led by those before them."""
    bare = replace(absence, types={}, stances={}, replies=())
    count = _n("{n} to be sorted by you", "{n} to be sorted by you", waiting).format(n=waiting)
    ground = ground_of(site_or_none(), [absence.about])
    st.html(
        f'<div class="exc exc-board-sorting"><p class="exc-board-count"><b>{escape(count)}</b></p>'
        f"{card(bare, Asked(), ground)}</div>"
    )


def ask_type(absence: Absence) -> str | None:
    """The moment, then the type; what was pressed."""
    offered = {code: str(one.name) for code, one in moments().items()}
    offered[NONE] = word("types", NONE)
    moment = st.pills(
        _("In which moment does it go missing?"), list(offered), format_func=lambda m: offered[m],
        key=f"moment-{absence.absence_id}",
    )  # fmt: skip
    return NONE if moment == NONE else show_types(absence, moment)


def show_types(absence: Absence, moment: str | None) -> str | None:
    """The types of a moment, each with what it means; the one that was pressed."""
    pressed = None
    if moment is None:
        return None
    with st.container(key="board-types"):
        for one in types_of(moment):
            if st.button(str(one.name), key=f"type-{absence.absence_id}-{one.code}"):
                pressed = one.code
            care = f" {one.care}" if one.care else ""
            st.html(f'<p class="exc exc-note">{escape(f"{one.definition}{care}")}</p>')
    return pressed


def keep(workshop: Workshop, author: Author, absence: Absence, code: str) -> None:
    """Write the answer; the next absence follows."""
    row_id = st.session_state.setdefault(f"sorting-{absence.absence_id}", new_id())
    now = open_round(workshop)
    in_round = now.round_id if now and now.kind == "sort" else None
    try:
        sort(workshop, author, row_id, absence.absence_id, code, in_round)
    except RefusedError as error:
        show_faults(error)
        return
    remember(author)
    st.rerun()
