"""Keeping a thing in one's notebook from the page it stands on: one quiet press."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from excavate.errors import ExcavateError
from excavate.i18n import _
from excavate.pages.parts import link, show_error
from excavate.pages.who import here, reaches
from excavate.routes import served_workshop
from excavate.workshop.authors import known_author
from excavate.workshop.ids import new_id
from excavate.workshop.notebooks import KINDS, GivenNote, keep, notebook, saved
from excavate.workshop.store import Workshop

FAILED = "keep-failed"


def show_keep(kind: str, value: Mapping[str, Any]) -> None:
    """The control for one thing: keep it, or, where it is kept, the way to the notebook.

    Who has not written yet is led to the notebook, which asks for their name first.
    """
    try:
        workshop = served_workshop()
    except ExcavateError:
        return  # the page stands without a workshop, too
    if not reaches(workshop, "participant"):
        return
    _show_failure()
    person, at = here(workshop).person_id, str(value[KINDS[kind]])
    if saved(notebook(workshop, person), kind, at):
        way = link("notebook", _("In my notebook"))
        st.html(f'<p class="exc exc-kept">{way}</p>')
    elif known_author(workshop, person) is None:
        way = link("notebook", _("Keep in my notebook"), keep=kind, on=at)
        st.html(f'<p class="exc exc-kept">{way}</p>')
    else:
        _button(workshop, person, kind, at, dict(value))


def _button(workshop: Workshop, person: str, kind: str, at: str, value: Mapping[str, Any]) -> None:
    with st.container(key="keep-here"):
        st.button(
            _("Keep in my notebook"), key=f"keep-{kind}-{at}", on_click=_keep, type="tertiary",
            args=(workshop, person, GivenNote(new_id(), kind, "", value)),
        )  # fmt: skip


def _keep(workshop: Workshop, person: str, given: GivenNote) -> None:
    author = known_author(workshop, person)
    try:
        if author is not None:
            keep(workshop, author, given)
    except ExcavateError as error:
        st.session_state[FAILED] = error


def _show_failure() -> None:
    error = st.session_state.pop(FAILED, None)
    if error is not None:
        show_error(error)
