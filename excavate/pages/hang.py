"""Hang: the authored order of a counter-dataset, in rooms with wall texts. No drag is needed.

What is moved and typed stays in this session until it is saved as one version; every press in a
room's form takes its words along, so that none is lost.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from html import escape

import streamlit as st

from excavate.board_route import site_or_none
from excavate.components.counter_pictures import Rows, chosen_rows, picture_html
from excavate.components.counter_words import either, titled
from excavate.components.drafts import keep_typed
from excavate.counter.curating import curate, curation
from excavate.counter.hanging import Rooms, sent, unhung
from excavate.counter.members import members
from excavate.counter.plans import may_decide, one_plan, plans
from excavate.counter.records import Member, Plan, WallRoom
from excavate.errors import ExcavateError, RefusedError, StaleError
from excavate.i18n import _, _n
from excavate.pages.ground import head, workshop_or_notice
from excavate.pages.hang_room import ask_room
from excavate.pages.hang_stale import begun_from, show_gone, show_met, take_gone, told_gone
from excavate.pages.parts import href, link, notice, show_error
from excavate.pages.who import here, remember, show_faults
from excavate.workshop.authors import Author
from excavate.workshop.ids import new_id
from excavate.workshop.store import Workshop


def show() -> None:
    """The whole page."""
    workshop = workshop_or_notice()
    if workshop is None:
        return
    plan = asked_plan(workshop)
    if plan is None:
        return
    head(_("Hang"))
    way = link("counter", titled(plan), id=plan.given.plan_id)
    st.html(f'<p class="exc exc-ways">{way}</p>')
    if not may_decide(workshop, here(workshop).person_id, plan.given.plan_id):
        notice(_("Only who made the plan, or a reviewer, hangs it"))
        return
    held = members(workshop, plan.given.plan_id)
    if not held:
        notice(_("Nothing is in it yet"), _("What was put in is hung here."))
        return
    show_walls(workshop, plan, held)


def asked_plan(workshop: Workshop) -> Plan | None:
    """The plan of the link, else the only one; else they are offered."""
    asked, found = st.query_params.get("plan", ""), plans(workshop)
    if asked:
        return one_plan(workshop, asked)
    if len(found) == 1:
        return found[0]
    head(_("Hang"), _("Which counter-dataset?"))
    rows = "".join(f"<li>{link('hang', titled(p), plan=p.given.plan_id)}</li>" for p in found)
    st.html(f'<ul class="exc exc-collect-plans">{rows}</ul>')
    return None


def show_walls(workshop: Workshop, plan: Plan, held: list[Member]) -> None:
    """All rooms in small; the one that is worked on; what hangs nowhere; the press that saves."""
    plan_id = plan.given.plan_id
    key = f"hang:{plan_id}"
    keep_typed(key)
    known = {one.member_id: one for one in held}
    rooms = working(workshop, key, plan_id, known)
    rows = chosen_rows(site_or_none(), held)
    number = asked_room(len(rooms))
    st.html(walls_html(plan, rooms, known, rows, number))
    show_gone(key)
    met = show_met(workshop, plan, key, known, rows, walls_html)
    if not met:
        show_state(workshop, plan, rooms)
    show_pool(key, rooms, held, rows, number)
    if rooms:
        keep = partial(save, workshop, plan, key)
        ask_room(key, rooms, known, rows, number, keep, met)
    with st.container(key="hang-rooms", horizontal=True):
        if st.button(_("One more room"), key=f"{key}-more"):
            st.session_state[key] = (*rooms, WallRoom())
            st.query_params["room"] = str(len(rooms) + 1)
            st.rerun()
    told_gone(key)


def working(workshop: Workshop, key: str, plan_id: str, known: Collection[str]) -> Rooms:
    """The order as it is being made: what was saved, until something is moved.

    What was taken back meanwhile hangs no more: else nothing of it could be saved.
    """
    if key not in st.session_state:
        saved = curation(workshop, plan_id)
        st.session_state[key] = saved.rooms if saved else ()
        begun_from(key, saved)
    return take_gone(key, known)


def asked_room(count: int) -> int:
    """The room of the link, from 0."""
    said = st.query_params.get("room", "1")
    return min(max(0, int(said) - 1 if said.isdecimal() else 0), max(0, count - 1))


def walls_html(plan: Plan, rooms: Rooms, known: dict[str, Member], rows: Rows, number: int) -> str:
    """Every room as a strip of its pictures; the one that is worked on is marked."""
    drawn = []
    for n, room in enumerate(rooms):
        here_ = ' aria-current="true"' if n == number else ""
        title = either(room.title_ko, room.title_en) or _("Room {n}").format(n=n + 1)
        target = escape(href("hang", plan=plan.given.plan_id, room=str(n + 1)))
        frames = "".join(
            f'<span class="exc-plan-frame">{picture_html(known[one.member_id], rows)}</span>'
            for one in room.hung if one.member_id in known
        )  # fmt: skip
        empty = f'<span class="exc-quiet">{escape(_("nothing hangs here yet"))}</span>'
        drawn.append(
            f'<li><a{here_} href="{target}" data-page target="_self"><b>{n + 1}</b> '
            f'{escape(title)}</a><div class="exc-wall-strip" tabindex="0" role="group" '
            f'aria-label="{escape(title)}">{frames or empty}</div></li>'
        )
    label = escape(_("Exhibition rooms"))
    return f'<ol class="exc exc-walls" aria-label="{label}">{"".join(drawn)}</ol>'


def show_pool(key: str, rooms: Rooms, held: list[Member], rows: Rows, number: int) -> None:
    """What hangs nowhere, each with a press that hangs it in the room at work."""
    loose = unhung(rooms, held)
    if not loose:
        return
    words = _n("{n} hangs nowhere", "{n} hang nowhere", len(loose)).format(n=len(loose))
    st.html(f'<div class="exc"><h2>{escape(words)}</h2></div>')
    words = _("Hang all of them in this room")
    if not rooms:
        words = _("Hang all in a first room")
        told = _("A room holds what hangs together, in its order, under a title and a wall text.")
        st.html(f'<p class="exc exc-note">{escape(told)}</p>')
    if st.button(words, key=f"{key}-all"):
        st.session_state[key] = _hung_all(rooms, loose, number)
        st.rerun()
    with st.container(key="hang-pool", horizontal=True):
        for one in loose:
            with st.container(key=f"hang-loose-{one.member_id}", width=132):
                st.html(f'<figure class="exc exc-pick"><span class="exc-plan-frame">'
                        f"{picture_html(one, rows)}</span></figure>")  # fmt: skip
                if st.button(_("Hang it here"), key=f"{key}-hang-{one.member_id}"):
                    st.session_state[key] = _hung_all(rooms, [one], number)
                    st.rerun()


def _hung_all(rooms: Rooms, loose: list[Member], number: int) -> Rooms:
    rooms = rooms or (WallRoom(),)
    for one in loose:
        rooms = sent(rooms, one.member_id, number)
    return rooms


def show_state(workshop: Workshop, plan: Plan, rooms: Rooms) -> None:
    """Whether what hangs here is saved."""
    saved = curation(workshop, plan.given.plan_id)
    words = _("Moved, but not saved yet")
    if rooms == (saved.rooms if saved else ()):
        words = _("Saved as it stands") if saved else _("Nothing is hung yet")
    st.html(f'<p class="exc exc-quiet" role="status">{escape(words)}</p>')


def save(
    workshop: Workshop, plan: Plan, key: str, rooms: Rooms, author: Author, *, over: bool
) -> bool:
    """The whole order as one version; what keeps it from being saved is told.

    `over`: over the order of somebody else that was shown beside it.
    """
    row_id = st.session_state.setdefault(f"{key}-row", new_id())
    begun = st.session_state[f"{key}-met" if over else f"{key}-begun"]
    try:
        curate(workshop, author, row_id, plan.given.plan_id, rooms, begun)
    except StaleError:
        st.rerun()  # the words are kept in the order; the other's is shown above it
    except RefusedError as error:
        show_faults(error)
        return False
    except ExcavateError as error:
        show_error(error)
        return False
    remember(author)
    st.session_state.pop(f"{key}-row")
    st.session_state.pop(f"{key}-met", None)
    st.session_state.pop(key)
    return True


show()
