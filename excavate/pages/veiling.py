"""Unveiling contested names: each person for themselves, for this session, in two steps."""

from __future__ import annotations

from html import escape

import streamlit as st

from excavate.components.held_tree import TOP, Branches
from excavate.components.veil import NO_VEIL, Veil, reasons, veil_of
from excavate.i18n import _, _n

UNVEILED = "unveiled"  # in the session, never in the link: a link must not unveil for others


def veil_of_session(branches: Branches) -> Veil:
    """The veil over a tree, unless this session has lifted it."""
    return NO_VEIL if st.session_state.get(UNVEILED) else veil_of(branches)


def show_veil(branches: Branches, node: int) -> None:
    """Why names are veiled, and the switch: first unfolded, then pressed.

    Said where the whole is looked at, and at and below what is contested.
    """
    veil, lifted = veil_of(branches), bool(st.session_state.get(UNVEILED))
    if not veil.nodes or not (node == TOP or node in veil.nodes or node in veil.contested):
        return
    words = _n("{n} name is veiled", "{n} names are veiled", len(veil.nodes))
    if lifted:
        words = _("Names are unveiled for you alone")
    with st.expander(words.format(n=f"{len(veil.nodes):,}")):
        for name, reason in reasons(branches.taxonomy, veil.contested):
            st.html(f'<p class="exc exc-note"><b>{escape(name)}</b> {escape(reason)}</p>')
        st.session_state["unveiling"] = lifted
        st.toggle(_("Unveil them for myself, in this window"), key="unveiling", on_change=_turn)


def _turn() -> None:
    st.session_state[UNVEILED] = st.session_state["unveiling"]
