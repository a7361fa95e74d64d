"""Where an absence was taken back: that it was, and what others answered to it."""

from __future__ import annotations

from html import escape

import streamlit as st

from excavate.components.threads import threads_html
from excavate.i18n import N_, _
from excavate.pages.parts import link
from excavate.pages.who import Here
from excavate.workshop.store import Workshop
from excavate.workshop.tombstones import taken_back

MANNERS = {
    "hidden": N_("This absence was taken out of view on {date}."),
    "erased": N_("This absence was erased on {date}."),
}


def show_taken_back(workshop: Workshop, absence_id: str, looks: Here) -> bool:
    """Say so, with the answers of others; False where nothing was taken back that they saw."""
    stands = taken_back(
        workshop, absence_id, looks.person_id, role=looks.role, group_id=looks.group_id
    )
    if stands is None:
        return False
    said = escape(_(MANNERS[stands.manner]).format(date=f"{stands.written_at:%Y-%m-%d}"))
    st.html(f'<div class="exc exc-notice"><strong>{said}</strong></div>')
    if stands.replies:
        head = escape(_("What others answered stays theirs"))
        threads = threads_html(absence_id, stands.replies, answering=False)
        st.html(f'<div class="exc"><h2 class="exc-part">{head}</h2>{threads}</div>')
    st.html(f'<p class="exc exc-ways">{link("board", _("To the board"))}</p>')
    return True
