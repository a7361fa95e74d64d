"""Board: everything said absent in the room, live; sorted in place, presented, replayed."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from urllib.parse import urlencode

import streamlit as st

from excavate.board_route import site_or_none
from excavate.components.addresses import under
from excavate.components.board_about import KIND_NAMES, dataset_of, ground_of, keys_of, said_of
from excavate.components.board_asked import ORDERS, WAYS, Asked, asked_of, board_url
from excavate.components.board_html import page_query
from excavate.components.board_kept import Looks, seen
from excavate.components.replay import show_replay
from excavate.i18n import N_, _, spoken
from excavate.pages.board_sorting import show_sorting
from excavate.pages.ground import workshop_or_notice
from excavate.pages.parts import choose, href
from excavate.pages.presenting import is_presented, stage_look
from excavate.pages.who import here, reaches
from excavate.workshop.absence_record import Absence
from excavate.workshop.groups import groups
from excavate.workshop.store import Workshop

WAY_NAMES = {
    "moment": N_("Moment"), "type": N_("Type"), "dataset": N_("Dataset"), "group": N_("Group"),
    "place": N_("Place on the map"),
}  # fmt: skip
ORDER_NAMES = {
    "newest": N_("Newest first"), "oldest": N_("Oldest first"),
    "answered": N_("Most answered first"),
}  # fmt: skip
TOPICS = "board round room"  # what a board is drawn of


def show() -> None:
    """The whole page."""
    workshop = workshop_or_notice()
    if workshop is None:
        return
    asked = asked_here()
    if asked.presenter:
        show_board(workshop, asked, stage_look())
        return
    looks = looks_here(workshop)
    said = seen(workshop, looks)
    show_head(workshop, said)
    if st.query_params.get("sort") == "1":
        show_sorting(workshop, said)
    ask(workshop, said, asked)
    if st.query_params.get("replay") == "1":
        show_replay(workshop, said)
    show_board(workshop, asked)


def asked_here() -> Asked:
    """The board that the link of this page asks for."""
    query = st.query_params.to_dict()
    presenter = "1" if is_presented("board") else ""
    zone = st.context.timezone or ""
    own = {"presenter": presenter, "at": "", "lang": spoken(), "tz": zone}
    return asked_of(query | own)


def looks_here(workshop: Workshop) -> Looks:
    """Who looks at this page."""
    looks = here(workshop)
    return Looks(looks.person_id or None, looks.role, looks.group_id)


def show_head(workshop: Workshop, said: tuple[Absence, ...]) -> None:
    """The title and the ways from here, for who may go them."""
    sorting, replaying = (st.query_params.get(name) == "1" for name in ("sort", "replay"))
    writes = reaches(workshop, "participant")
    ways = [(href("say"), _("Say what is absent"))] if writes else []
    if said and writes:
        ways.append((_turned("sort", not sorting), _("Stop sorting") if sorting else _("Sort")))
    if said:
        words = _("Back to now") if replaying else _("Replay the session")
        ways.append((_turned("replay", not replaying), words))
    links = "".join(
        f'<a href="{escape(address)}" data-page target="_self">{escape(words)}</a>'
        for address, words in ways
    )
    wall = _ways_to_the_wall() if reaches(workshop, "facilitator") else ""
    st.html(
        f'<div class="exc exc-titled exc-board-title"><h1>{escape(_("Board"))}</h1>'
        f'<p class="exc-ways">{links}{wall}</p></div>'
    )


def _ways_to_the_wall() -> str:
    looks = ((_("For the shared screen"), ""), (_("the same, dark"), "1"))
    return "".join(
        f'<a class="exc-wall-way" href="{escape(_presenter(dark))}" target="_blank" rel="noopener">'
        f"{escape(words)}</a>"
        for words, dark in looks
    )


def _turned(name: str, on: bool) -> str:
    """This page with one thing turned on or off."""
    query = {k: v for k, v in st.query_params.to_dict().items() if k not in (name, "page")}
    return under("/board?" + urlencode(query | ({name: "1"} if on else {})))


def _presenter(dark: str) -> str:
    kept = page_query(replace(asked_here(), presenter=True, names=False, page=1))
    return under("/board?" + urlencode(kept | ({"dark": dark} if dark else {})))


def ask(workshop: Workshop, said: tuple[Absence, ...], asked: Asked) -> None:
    """What the board is grouped and filtered by; every choice stands in the link."""
    st.html(_ways_of_grouping(asked))
    with st.container(key="board-asked", horizontal=True, vertical_alignment="bottom"):
        about = _abouts(said, asked.about)
        choose(_("Said of"), "about", list(about), lambda key: about[key], ("page",))
        titles = {one.group_id: one.title for one in groups(workshop)}
        if titles:
            choose(
                _("Group"), "group", [None, *titles],
                lambda key: titles[key] if key else _("All groups"), ("page",),
            )  # fmt: skip
        choose(
            _("Order"), "order", [None, *ORDERS[1:]],
            lambda key: _(ORDER_NAMES[key or ORDERS[0]]), ("page",),
        )  # fmt: skip


def _ways_of_grouping(asked: Asked) -> str:
    query = {k: v for k, v in st.query_params.to_dict().items() if k not in ("by", "page")}
    links = []
    for way in WAYS:
        current = ' aria-current="true"' if way == asked.by else ""
        address = escape(under("/board?" + urlencode(query | {"by": way})))
        links.append(
            f'<a href="{address}" data-page target="_self"{current}>{escape(_(WAY_NAMES[way]))}</a>'
        )
    label = escape(_("Grouped by"))
    return (
        f'<nav class="exc exc-board-ways" aria-label="{label}"><span>{label}</span>'
        f"{''.join(links)}</nav>"
    )


def _abouts(said: tuple[Absence, ...], asked: str) -> dict[str | None, str]:
    """{key: words} of what there is to filter by: datasets, kinds, and what the link names."""
    ground = ground_of(site_or_none(), ())
    found: dict[str | None, str] = {None: _("everything")}
    datasets = {dataset_of(one.about, ground) for one in said} - {""}
    found |= {f"dataset:{name}": name for name in sorted(datasets)}
    kinds = {one.about.kind for one in said}
    found |= {f"kind:{kind}": _(name) for kind, name in KIND_NAMES.items() if kind in kinds}
    if asked and asked not in found:
        exact = [one.about for one in said if asked in keys_of(one.about, ground)]
        found[asked] = said_of(exact[0], ground) if exact else _("what the link names")
    return found


def show_board(workshop: Workshop, asked: Asked, look: str = "") -> None:
    """The place of the board; the script of every page fills it and keeps it new."""
    me = "" if workshop.shared else looks_here(workshop).person_id or ""
    address = board_url(asked) + (f"&{urlencode({'me': me})}" if me else "")
    waiting = escape(_("The board is on its way …"))
    st.html(
        f'<div class="exc-board-live{look}" id="board" data-live="{TOPICS}"'
        f' data-href="{escape(address)}" aria-busy="true">'
        f'<p class="exc exc-note">{waiting}</p></div>'
    )


show()
