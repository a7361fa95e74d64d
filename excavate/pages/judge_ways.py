"""The way from what is looked at to having the room judge it; for who leads the room."""

from __future__ import annotations

import streamlit as st

from excavate.errors import ExcavateError
from excavate.i18n import _
from excavate.pages.parts import link
from excavate.pages.who import reaches
from excavate.routes import served_workshop


def show_judge_way(**query: str) -> None:
    """A link to set up a judging of the pictures shown here; nothing for anyone else."""
    try:
        leads = reaches(served_workshop(), "facilitator")
    except ExcavateError:
        return
    if leads:
        way = link("judge", _("Have the room judge these pictures"), new="1", **query)
        st.html(f'<p class="exc exc-ways">{way}</p>')
