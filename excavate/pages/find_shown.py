"""One find: what was brought, by whom, what others add, contest and ask, and its export."""

from __future__ import annotations

from html import escape

import streamlit as st

from excavate.components.addresses import under
from excavate.components.dossier_words import TOPICS
from excavate.components.drafts import forget_typed, keep_typed
from excavate.components.facts import Shown, fact_html, of_find, worded
from excavate.components.live import follow
from excavate.components.moments import moment_html
from excavate.components.outside import outward
from excavate.dossiers.reading import read_archive
from excavate.dossiers.writing import to_toml
from excavate.errors import RefusedError
from excavate.i18n import N_, _, _n
from excavate.pages.keep_here import show_keep
from excavate.pages.parts import link
from excavate.pages.who import ask_author, remember, show_faults
from excavate.settings import Settings
from excavate.workshop.exporting import as_dossier, id_of
from excavate.workshop.finds import Find, GivenFact, Reply, add_fact, answer
from excavate.workshop.ids import new_id
from excavate.workshop.store import Workshop

KINDS = {"contest": N_("Contest"), "ask": N_("Ask"), "add": N_("Add a fact")}
DONE = {"add": N_("added"), "contest": N_("contested"), "ask": N_("asked")}


def show_find(workshop: Workshop, find: Find) -> None:
    """The whole page of one find."""
    keep_typed(find.find_id)
    st.html(title(find))
    told, beside = st.columns([3, 2], gap="large")
    with told:
        st.html(f'<div class="exc">{facts(find)}{answers(find, find.find_id)}</div>')
    with beside:
        show_picture(find)
        show_keep("find", {"find_id": find.find_id})
        ask_answer(workshop, find)
        show_export(find)
    follow(workshop, "finds", "board")


def title(find: Find) -> str:
    """Its name, who brought it and why, and where it leads."""
    when = f"{find.written_at:%Y-%m-%d}"
    by = _("brought by {name} on {date}, unverified").format(name=find.shown_name, date=when)
    where = f"<p>{outward(find.link, find.link)}</p>" if find.link else ""
    why = escape(_("Why I brought it"))
    return (
        f'<div class="exc exc-wall exc-brought-title"><h1 lang="{find.language}"><bdi>'
        f"{escape(find.name)}</bdi></h1>"
        f'<p class="exc-state"><span class="exc-dashed">{escape(by)}</span></p>{where}'
        f'<h3>{why}</h3><p class="exc-why">{worded(find.why, find.language)}</p>'
        f'<p class="exc-ways">{link("survey", _("See it on the Survey"))}</p></div>'
    )


def facts(find: Find) -> str:
    """Its facts, each with what others answered to it; an empty place where there is none."""
    head = f'<h2 class="exc-part">{escape(_("What is said of it"))}</h2>'
    if not find.facts:
        return head + f'<p class="exc-dashed">{escape(_("Nothing yet but its name."))}</p>'
    drawn = "".join(
        f'<div class="exc-topic"><h3>{escape(_(TOPICS[fact.topic]))}</h3>'
        f"<div>{fact_html(fact)}{answers(find, fact.id)}</div></div>"
        for fact in of_find(find)
    )
    return head + drawn


def answers(find: Find, about: str) -> str:
    """What others contest and ask, oldest first."""
    return "".join(_answer(reply) for reply in find.replies if reply.about == about)


def _answer(reply: Reply) -> str:
    who = f"{reply.shown_name} · {_(DONE[reply.kind])}"
    return (
        f'<div class="exc-answer exc-answer-{reply.kind}"><p>{worded(reply.text, reply.language)}'
        f"</p><small><bdi>{escape(who)}</bdi> · {moment_html(reply.written_at)}</small></div>"
    )


def show_picture(find: Find) -> None:
    """The screenshot that was brought, whole."""
    if not find.sha256:
        words = escape(_("No picture was brought."))
        st.html(f'<div class="exc"><p class="exc-dashed">{words}</p></div>')
        return
    alt = escape(_("Screenshot brought with {name}").format(name=find.name))
    image = f'<img src="{under(f"/brought/{find.sha256}")}" alt="{alt}" decoding="async">'
    st.html(f'<figure class="exc exc-shot">{image}</figure>')


def ask_answer(workshop: Workshop, find: Find) -> None:
    """Forms to contest, to ask and to add a fact, a tab each: changing tabs loses nothing."""
    st.html(f'<div class="exc"><h2 class="exc-part">{escape(_("Add or contest"))}</h2></div>')
    for kind, tab in zip(KINDS, st.tabs([_(words) for words in KINDS.values()]), strict=True):
        with tab:
            ask_one(workshop, find, kind)


def ask_one(workshop: Workshop, find: Find, kind: str) -> None:
    """One form; what was typed is kept in the tab until it is written."""
    draft = st.session_state.setdefault(f"answer-draft-{kind}", new_id())
    with st.form(key=f"answer-{draft}", border=False):
        about, topic = ("", _topic(draft)) if kind == "add" else (_about(draft, find), "")
        text = st.text_area(_("What I say"), key=f"{draft}-{kind}-text")
        source = _source(draft) if kind == "add" else ""
        author = ask_author(draft)
        pressed = st.form_submit_button(_(KINDS[kind]))
    if not pressed:
        return
    try:
        if kind == "add":
            add_fact(workshop, author, draft, find.find_id, GivenFact(topic, text, source))
        else:
            answer(workshop, author, draft, about, kind, text)
    except RefusedError as error:
        show_faults(error)
        return
    remember(author)
    forget_typed(find.find_id, f"{kind}-")
    st.session_state[f"answer-draft-{kind}"] = new_id()
    st.rerun()


def _source(draft: str) -> str:
    return st.text_input(_("Where from"), key=f"{draft}-add-source") or ""


def _topic(draft: str) -> str:
    return str(
        st.selectbox(
            _("About"), list(TOPICS), format_func=lambda one: _(TOPICS[one]), key=f"{draft}-topic"
        )
    )


def _about(draft: str, find: Find) -> str:
    """Which part is meant: the find as a whole, or one of its facts."""
    shown = {find.find_id: _("the find as a whole")}
    shown |= {fact.id: _in_short(fact) for fact in of_find(find)}
    return str(
        st.selectbox(
            _("What is meant"), list(shown), format_func=lambda one: shown.get(one, one),
            key=f"{draft}-about",
        )
    )  # fmt: skip


def _in_short(fact: Shown) -> str:
    text = fact.text if len(fact.text) <= 60 else fact.text[:59] + "…"
    return f"{_(TOPICS[fact.topic])}: {text}"


def show_export(find: Find) -> None:
    """The find as a dossier, to be checked and put into the archive by a person."""
    st.html(f'<div class="exc"><h2 class="exc-part">{escape(_("As a dossier"))}</h2></div>')
    words = _n(
        "A TOML file for the archive with {n} fact, marked as brought and unverified.",
        "A TOML file for the archive with {n} facts, marked as brought and unverified.",
        len(find.facts) + 1,
    )
    st.html(f'<p class="exc exc-note">{escape(words.format(n=len(find.facts) + 1))}</p>')
    taken = read_archive(Settings.from_environment().archives).dossiers
    text = to_toml(as_dossier(find, taken))
    st.download_button(
        _("Export as a dossier"), text, file_name=f"{id_of(find, taken)}.toml",
        mime="application/toml", on_click="ignore",
    )  # fmt: skip
