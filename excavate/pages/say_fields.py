"""The fields of an absence: the statement first, then, folded, all that may be given with it."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qs, urlsplit

import streamlit as st

from excavate.components.addresses import under
from excavate.components.type_choice import choose_type
from excavate.errors import ExcavateError
from excavate.gaps.records import sentence
from excavate.gaps.shelf import shelf
from excavate.i18n import _
from excavate.pages.veiling import as_shown
from excavate.pages.who import here
from excavate.routes import served_site
from excavate.workshop.about import About, about_query
from excavate.workshop.absence_record import KNOWNNESS, STANCES, GivenAbsence, GivenEvidence
from excavate.workshop.absence_types import word
from excavate.workshop.checking import tidy
from excavate.workshop.groups import groups
from excavate.workshop.ids import new_id
from excavate.workshop.notebooks import Note, notebook
from excavate.workshop.store import Workshop

OURS = {"finding": ("finding", "finding_id"), "item": ("item", "item_id"),
        "dossier": ("dossier", "dossier_id")}  # fmt: skip


def scope_of(about: About) -> str:
    """What the tab keeps the typed words by: they belong to what they are said of."""
    asked = about_query(about)
    return f"say:{asked['of']}:{asked['on']}"


def fields(workshop: Workshop, draft: str, about: About) -> GivenAbsence:
    """The statement; below it, folded, what may be said with it."""
    statement = st.text_area(
        _("What is missing here? Say it in your own words."), key=f"{draft}-statement", height=150,
    )  # fmt: skip
    with st.expander(_("More, if you wish: each of it can also be given later")):
        kind = choose_type(f"{draft}-type")
        stance = _pills(_("Where I stand: it …"), draft, "stance", "stances", STANCES)
        known = "measured" if about.kind == "finding" else None
        knownness = _pills(
            _("How it is known"), draft, "knownness", "knownness", KNOWNNESS, known
        )  # fmt: skip
        agent = st.text_input(_("Who or what made it absent"), key=f"{draft}-agent")
        links, kept = ask_links(draft), ask_kept(workshop, draft)
        position = st.text_input(
            _("From where I say this"), key=f"{draft}-position",
            help=_("Only if you wish: what you are to it, as far as you want others to know."),
        )  # fmt: skip
        visibility = ask_visibility(workshop, draft)
    return GivenAbsence(
        draft, statement, about, stance, knownness, agent or "", position or "", visibility, kind,
        (*evidence_of(links), *kept),
    )  # fmt: skip


def _pills(
    label: str, draft: str, name: str, table: str, codes: Iterable[str], chosen: str | None = None
) -> str | None:
    """One of a few, or none of them: nothing has to be said."""
    return st.pills(
        label, list(codes), default=chosen, key=f"{draft}-{name}",
        format_func=lambda code: word(table, code),
    )  # fmt: skip


def ask_links(draft: str) -> list[str]:
    """Links as evidence, one a line."""
    said = st.text_area(
        _("Evidence: links, one on each line"), key=f"{draft}-links", height=80,
        help=_("A page elsewhere, or a finding, an item or a dossier of this site: paste its "
               "address."),
    )  # fmt: skip
    return [tidy(line) for line in (said or "").splitlines() if tidy(line)]


def ask_kept(workshop: Workshop, draft: str) -> list[GivenEvidence]:
    """Items and findings of one's notebook as evidence; nothing to choose where it has none."""
    kept = [one for one in notebook(workshop, here(workshop).person_id) if one.kind in OURS]
    if not kept:
        return []
    named = {one.note_id: _named(one) for one in kept}
    chosen = st.multiselect(
        _("Evidence from my notebook"), list(named), key=f"{draft}-kept",
        format_func=lambda one: named.get(one, one), placeholder=_("choose"),
    )  # fmt: skip
    return [
        GivenEvidence(new_id(), *_kept_as(one)) for one in kept if one.note_id in chosen
    ]  # fmt: skip


def _kept_as(note: Note) -> tuple[str, dict[str, str]]:
    kind, name = OURS[note.kind]
    return kind, {name: note.points_at}


def _named(note: Note) -> str:
    """What an entry points at, in few words: a finding by its sentence, an item by its id."""
    if note.kind != "finding":
        return note.points_at
    try:
        site = served_site()
        return sentence(as_shown(site, shelf(site.folder).one(note.points_at)))
    except ExcavateError:
        return note.points_at


def ask_visibility(
    workshop: Workshop, draft: str, chosen: str = "public", group_id: str | None = None
) -> str:
    """Who sees it; one's group only where there are groups and one is in one."""
    offered = ["public", "private"]
    if chosen == "group" or (groups(workshop) and (group_id or here(workshop).group_id)):
        offered.insert(1, "group")
    said = st.radio(
        _("Who sees it"), offered, offered.index(chosen), key=f"{draft}-visibility",
        horizontal=True, format_func=lambda code: word("visibility", code),
    )  # fmt: skip
    return str(said)


def evidence_of(links: Iterable[str]) -> list[GivenEvidence]:
    """Each link as evidence; one that leads to a page of this site is what that page shows."""
    return [GivenEvidence(new_id(), *_pointed_at(one)) for one in dict.fromkeys(links)]


def _pointed_at(address: str) -> tuple[str, dict[str, str]]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return "link", {"link": address}
    ours = not parts.netloc or parts.netloc == st.context.headers.get("Host")
    page = parts.path.removeprefix(under("")).strip("/")
    named = parse_qs(parts.query).get("id", [""])[0]
    if ours and page in OURS and named:
        kind, name = OURS[page]
        return kind, {name: named}
    return "link", {"link": address}
