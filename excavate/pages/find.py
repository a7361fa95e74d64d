"""Find: bring a dataset you mined yourself; see one that was brought, add to it, contest it."""

from __future__ import annotations

from html import escape

import streamlit as st

from excavate.components.dossier_words import TOPICS
from excavate.components.drafts import forget_typed, keep_typed
from excavate.errors import RefusedError
from excavate.i18n import _, _n, spoken
from excavate.pages.find_shown import show_find
from excavate.pages.ground import head, workshop_or_notice
from excavate.pages.parts import PAGES, notice
from excavate.pages.who import ask_author, remember, show_faults
from excavate.routes import served_site
from excavate.workshop.finds import MOST_FACTS, GivenFact, GivenFind, bring, differs, one_find
from excavate.workshop.ids import new_id
from excavate.workshop.store import Workshop

SCOPE = "bring"
OPEN_FACTS = 2  # shown at once; the others a press away


def show() -> None:
    """The whole page."""
    workshop = workshop_or_notice()
    if workshop is None:
        return
    find_id = st.query_params.get("id")
    if find_id:
        if st.session_state.pop("find-stood", False):
            body = _("The first press had come through. What you changed since is not in it: "
                     "add it here.")  # fmt: skip
            notice(_("It was written already"), body)
        show_find(workshop, one_find(workshop, find_id))
        return
    words = _("A dataset you mined yourself. It stands on the Survey at once, as brought by you "
              "and unverified; others can add to it or contest it.")  # fmt: skip
    head(_("Bring a find"), words)
    ask(workshop)


def ask(workshop: Workshop) -> None:
    """The form; what was typed is kept in the tab until it is written."""
    keep_typed(SCOPE)
    draft = st.session_state.setdefault("find-draft", new_id())
    with st.form(key=f"find-{draft}", border=False):
        given, author = fields(draft), ask_author(draft)
        pressed = st.form_submit_button(_("Put it on the Survey"), type="primary")
    if not pressed:
        return
    try:
        new = bring(workshop, author, given, served_site().settings.max_pixels)
    except RefusedError as error:
        show_faults(error)
        return
    st.session_state["find-stood"] = not new and differs(workshop, given)
    remember(author)
    forget_typed(SCOPE)
    st.session_state["find-draft"] = new_id()
    st.switch_page(PAGES["find"], query_params={"id": draft, "lang": spoken()})


def fields(draft: str) -> GivenFind:
    """What it is, why it was brought, what is known of it, a picture."""
    name = st.text_input(_("Name of the dataset"), key=f"{draft}-name")
    link = st.text_input(
        _("Link"), key=f"{draft}-link", placeholder="https://",
        help=_("Shown as it is; this site never follows it."),
    )  # fmt: skip
    why = st.text_area(_("Why I brought it"), key=f"{draft}-why")
    facts = known_facts(draft)
    picture = st.file_uploader(
        _("One screenshot (JPEG, PNG or WebP, at most 10 MB)"),
        type=["jpg", "jpeg", "png", "webp"], key=f"{draft}-picture", max_upload_size=10,
    )  # fmt: skip
    content = picture.getvalue() if picture else None
    return GivenFind(draft, name, why, link, facts, content)


def known_facts(draft: str) -> tuple[GivenFact, ...]:
    """Up to six facts; each says what it is about, and where it is from."""
    title = _n(
        "What I know of it: up to {n} fact", "What I know of it: up to {n} facts", MOST_FACTS
    )
    words = _("A year alone, or a number of pictures alone, also gives it its place on the chart.")
    st.html(
        f'<div class="exc"><h3>{escape(title.format(n=MOST_FACTS))}</h3>'
        f'<p class="exc-note">{escape(words)}</p></div>'
    )
    given = [one_fact(draft, number) for number in range(OPEN_FACTS)]
    with st.expander(_("More facts")):
        given += [one_fact(draft, number) for number in range(OPEN_FACTS, MOST_FACTS)]
    return tuple(given)


def one_fact(draft: str, number: int) -> GivenFact:
    """One row: what it is about, what is known, where from."""
    usual = ("year", "counts", "makers", "image_source", "labour_who", "licence")
    key = f"{draft}-fact-{number}"
    about, text, source = st.columns([2, 4, 3])
    topics = list(TOPICS)
    with about:
        topic = st.selectbox(
            _("About"), topics, index=topics.index(usual[number]),
            key=f"{key}-topic-{spoken()}", format_func=lambda one: _(TOPICS[one]),
        )  # fmt: skip
    with text:
        said = st.text_input(_("What is known"), key=f"{key}-text")
    with source:
        where = st.text_input(_("Where from"), key=f"{key}-source")
    return GivenFact(topic, said, where)


show()
