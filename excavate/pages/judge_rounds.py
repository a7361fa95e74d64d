"""The judgings of a room and their rounds: what is open, what is planned, what came of them."""

from __future__ import annotations

from html import escape

import streamlit as st

from excavate.catalog import browsing
from excavate.components.gallery import frame
from excavate.components.judging_desk import question_language, question_of
from excavate.errors import ExcavateError
from excavate.i18n import N_, _, _n
from excavate.pages.ground import head
from excavate.pages.judge_author import ask_who, judge_here
from excavate.pages.parts import link, notice, show_error
from excavate.pages.who import reaches
from excavate.site import Site
from excavate.workshop.authors import Author
from excavate.workshop.ids import new_id
from excavate.workshop.judging import Judging, judgings, rounds_of
from excavate.workshop.judging_begun import judge_again
from excavate.workshop.rounds import Round, act_on_round
from excavate.workshop.store import Workshop

STATES = {"planned": N_("planned"), "open": N_("open"), "closed": N_("closed")}


def show_judgings(site: Site, workshop: Workshop, below: Judging | None = None) -> None:
    """Every judging with its rounds, newest first; `below`: what came of that one stands above."""
    words = _("Everybody gets the same pictures and one question, and answers alone. Then the "
              "room looks at where it disagrees.")  # fmt: skip
    if below:
        st.html(f'<div class="exc"><h2 class="exc-part">{escape(_("All judgings"))}</h2></div>')
    else:
        head(_("Look and judge"), words)
    leads = reaches(workshop, "facilitator")
    if leads:
        way = link("judge", _("Set up a judging"), new="1")
        st.html(f'<p class="exc exc-ways">{way}</p>')
    found = judgings(workshop)
    if not found:
        body = "" if leads else _("The facilitator sets it up; this page follows by itself.")
        notice(_("Nothing is judged yet"), body)
    elif leads:
        ask_who(workshop)
    for judging in reversed(found):
        above = below is not None and judging.judging_id == below.judging_id
        show_one(site, workshop, judging, leads and not above)


def show_one(site: Site, workshop: Workshop, judging: Judging, leads: bool) -> None:
    """One judging: its question, its rounds, the ways on."""
    rounds = rounds_of(workshop, judging.judging_id)
    closed = any(one.state == "closed" for one in rounds)
    items = _n("{n} picture", "{n} pictures", len(judging.items)).format(n=len(judging.items))
    said = [items, *(round_words(n, one) for n, one in enumerate(rounds, 1))]
    way = link("judge", _("See all answers"), id=judging.judging_id) if closed else ""
    st.html(
        f'<div class="exc exc-judging"><hr class="exc-rule">'
        f'<h2 lang="{question_language(judging)}"><bdi>{escape(question_of(judging))}</bdi>'
        f'</h2><p class="exc-quiet">{escape(" · ".join(said))}</p>'
        f'<p class="exc-ways">{way}</p></div>'
    )
    if leads:
        st.html(f'<div class="exc">{pictures(site, judging)}</div>')
        show_presses(workshop, judging, rounds)


def pictures(site: Site, judging: Judging) -> str:
    """What the room will see, folded, without a word on what it is."""
    with site.cursor() as cursor:
        rows = browsing.items_named(cursor, [one.item_id for one in judging.items])
    words, alt = escape(_("See the pictures")), escape(_("a picture to judge"))
    frames = "".join(f"<figure>{frame(row, alt)}</figure>" for row in rows.to_dict("records"))
    return (
        f'<details class="exc-method"><summary>{words}</summary>'
        f'<div class="exc-strip exc-strip-unnamed">{frames}</div></details>'
    )


def round_words(number: int, one: Round) -> str:
    """A round in short: its number and its state."""
    return _("round {n}: {state}").format(n=number, state=_(STATES[one.state]))


def show_presses(workshop: Workshop, judging: Judging, rounds: list[Round]) -> None:
    """Open what is planned; once a round is closed, judge again."""
    author = judge_here(workshop)
    if author is None or any(one.state == "open" for one in rounds):
        return
    planned = [one for one in rounds if one.state == "planned"]
    if planned:
        st.button(
            _("Open the round"), key=f"open-{planned[0].round_id}", type="primary",
            on_click=open_planned, args=(workshop, author, planned[0]),
        )  # fmt: skip
    elif rounds:
        st.button(
            _("Judge the same pictures again"), key=f"again-{judging.judging_id}",
            on_click=again, args=(workshop, author, rounds[-1]),
            help=_("After the conversation: a new round, laid beside the one before."),
        )  # fmt: skip


def open_planned(workshop: Workshop, author: Author, one: Round) -> None:
    """Open a round; the one that was open is closed by it."""
    try:
        act_on_round(workshop, author, new_id(), one.round_id, "open", one.seconds)
    except ExcavateError as error:
        show_error(error)


def again(workshop: Workshop, author: Author, before: Round) -> None:
    """Another round of the same judging, opened at once."""
    try:
        judge_again(workshop, author, before)
    except ExcavateError as error:
        show_error(error)
