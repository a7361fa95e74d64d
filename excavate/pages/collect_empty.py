"""An empty place: kept empty on purpose, with the caption that will hang beside it."""

from __future__ import annotations

from functools import partial
from html import escape

import streamlit as st

from excavate.components.drafts import forget_typed, keep_typed
from excavate.counter.members import add_member
from excavate.counter.records import GivenMember, Plan
from excavate.i18n import _, spoken
from excavate.pages.collect_fields import ask_label, put_each
from excavate.pages.parts import PAGES
from excavate.pages.who import ask_author, remember
from excavate.settings import Settings
from excavate.workshop.ids import new_id
from excavate.workshop.store import Workshop


def ask_empty(workshop: Workshop, plan: Plan) -> None:
    """Its caption is all that it has; it is drawn, hung and released as a dashed frame."""
    scope = f"collect-empty:{plan.given.plan_id}"
    keep_typed(scope)
    draft = st.session_state.setdefault(f"draft {scope}", new_id())
    words = _("A place for what cannot, may not or shall not be shown. It hangs as an empty frame, "
              "and every release carries it as such.")  # fmt: skip
    frame, said = st.columns([1, 2], gap="large")
    with frame:
        kept = escape(_("kept empty"))
        st.html(f'<figure class="exc exc-member-large exc-member-empty">'
                f'<span class="exc-hollow exc-kept-empty">{kept}</span></figure>')  # fmt: skip
    with said:
        st.html(f'<p class="exc exc-note">{escape(words)}</p>')
        with st.container(key="empty-form"), st.form(key=f"empty-{draft}", border=False):
            caption = st.text_area(
                _("Its caption: what is not here, and why the place is kept"),
                key=f"{draft}-caption", height=120,
            )  # fmt: skip
            label = ask_label(draft, plan, _("What it would be called"))
            author = ask_author(draft)
            sent = st.form_submit_button(_("Keep this place empty"), type="primary")
    if not sent:
        return
    given = GivenMember(
        draft, plan.given.plan_id, "empty", caption or "", label=label, found_by={"way": "place"}
    )
    put = partial(add_member, workshop, author, given, Settings.from_environment(), None)
    if put_each([(_("An empty place"), put)], author):
        remember(author)
        forget_typed(scope)
        st.session_state.pop(f"draft {scope}")
        query = {"id": plan.given.plan_id, "lang": spoken()}
        st.switch_page(PAGES["counter"], query_params=query)
