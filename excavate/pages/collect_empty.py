"""An empty place: kept empty on purpose, with the caption that will hang beside it."""

from __future__ import annotations

from html import escape

import streamlit as st

from excavate.components.drafts import forget_typed, keep_typed
from excavate.counter.records import GivenMember, Plan
from excavate.i18n import _, spoken
from excavate.pages.collect_fields import ask_label, put_in
from excavate.pages.parts import PAGES
from excavate.pages.who import ask_author, remember
from excavate.workshop.authors import Author
from excavate.workshop.ids import new_id
from excavate.workshop.store import Workshop


def ask_empty(workshop: Workshop, plan: Plan) -> None:
    """Its caption is all that it has; it is drawn, hung and released as a dashed frame."""
    scope = f"collect-empty:{plan.given.plan_id}"
    keep_typed(scope)
    draft = st.session_state.setdefault(f"draft {scope}", new_id())
    frame, said = st.columns([1, 2], gap="large")
    with frame:
        kept = escape(_("kept empty"))
        st.html(f'<figure class="exc exc-member-large exc-member-empty">'
                f'<span class="exc-hollow exc-kept-empty">{kept}</span></figure>')  # fmt: skip
    with said:
        given, author = _ask(plan, draft)
    if given and put_in(workshop, author, [(_("An empty place"), given)], None):
        remember(author)
        forget_typed(scope)
        st.session_state.pop(f"draft {scope}")
        query = {"id": plan.given.plan_id, "lang": spoken()}
        st.switch_page(PAGES["counter"], query_params=query)


def _ask(plan: Plan, draft: str) -> tuple[GivenMember | None, Author]:
    """The place as it is given, once the form is pressed, and by whom."""
    words = _("A place for what cannot, may not or shall not be shown. It hangs as an empty frame, "
              "and every release carries it as such.")  # fmt: skip
    st.html(f'<p class="exc exc-note">{escape(words)}</p>')
    with st.container(key="empty-form"), st.form(key=f"empty-{draft}", border=False):
        caption = st.text_area(
            _("Its caption: what is not here, and why the place is kept"), key=f"{draft}-caption",
            height=120,
        )  # fmt: skip
        label = ask_label(draft, plan, _("What it would be called"))
        author = ask_author(draft)
        sent = st.form_submit_button(_("Keep this place empty"), type="primary")
    given = GivenMember(
        draft, plan.given.plan_id, "empty", caption or "", label=label, found_by={"way": "place"}
    )
    return given if sent else None, author
