"""Unveiling contested names: each person for themselves, for this session, in two steps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import streamlit as st

from excavate.catalog.contested import contested
from excavate.components.held_tree import TOP, Branches
from excavate.components.hidden_names import NOTHING, Hidden, hidden_in
from excavate.components.veil import NO_VEIL, Veil, reasons, veil_of
from excavate.components.veiled_finding import veiled
from excavate.gaps.stored import Finding
from excavate.i18n import _, _n, spoken
from excavate.pages.parts import FACES
from excavate.site import Site

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
    said = reasons(branches.taxonomy, veil.contested)
    _show_switch(words.format(n=f"{len(veil.nodes):,}"), said, lifted)


def _show_switch(title: str, said: Sequence[tuple[str, str]], lifted: bool) -> None:
    if lifted:
        title = _("Names are unveiled for you alone")
    with st.expander(title):
        for name, reason in said:
            st.html(f'<p class="exc exc-note"><b>{escape(name)}</b> {escape(reason)}</p>')
        # only where it has no state yet: put in on every run, it would undo a press on its way
        if "unveiling" not in st.session_state:
            st.session_state["unveiling"] = lifted
        st.toggle(_("Unveil them for myself, in this window"), key="unveiling", on_change=_turn)


def as_shown(site: Site, finding: Finding) -> Finding:
    """A finding as this session sees it: its contested names veiled, unless they lifted the veil.

    Only to be looked at: what leaves the site is the finding itself.
    """
    return finding if st.session_state.get(UNVEILED) else veiled(site, finding)


def hidden_here(site: Site, datasets: Iterable[str], taxonomy: str | None = None) -> Hidden:
    """What this session does not see of some datasets' own labels, and of a taxonomy's names."""
    return NOTHING if st.session_state.get(UNVEILED) else hidden_in(site, datasets, taxonomy)


def show_veil_of(found: Iterable[Hidden]) -> None:
    """Why names of findings and labels are veiled, and the switch; nothing where none are."""
    tops = dict.fromkeys(top for one in found for top in one.tops)
    said = [(f"{contested()[top]['of']} {top}", contested()[top][spoken()]) for top in tops]
    if said:
        _show_switch(_("Contested names are veiled"), said, bool(st.session_state.get(UNVEILED)))


def _turn() -> None:
    st.session_state[UNVEILED] = st.session_state["unveiling"]


def show_face_veil() -> None:
    """Why pictures are blurred, and the switch: first unfolded, then pressed."""
    lifted = bool(st.session_state.get(FACES))
    title = _("Faces are shown to you alone") if lifted else _("Faces are blurred")
    with st.expander(title):
        words = _("The source or the dossier says that these pictures show persons. They were "
                  "seldom asked; what is blurred can be described all the same.")  # fmt: skip
        st.html(f'<p class="exc exc-note">{escape(words)}</p>')
        if "unveiling-faces" not in st.session_state:
            st.session_state["unveiling-faces"] = lifted
        st.toggle(_("Show them to myself, in this window"), key="unveiling-faces", on_change=_show)


def _show() -> None:
    st.session_state[FACES] = st.session_state["unveiling-faces"]
