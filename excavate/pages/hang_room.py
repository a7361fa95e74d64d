"""One room at work: its wall text, and each picture with its words, its place and its room."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from html import escape

import streamlit as st

from excavate.components.counter_pictures import Rows, picture_html
from excavate.components.counter_words import called, either
from excavate.components.drafts import forget_typed
from excavate.counter.hanging import UNHUNG, Rooms, moved, room_moved, sent, without_room
from excavate.counter.records import Hung, Member, WallRoom
from excavate.i18n import _
from excavate.pages.paging import asked_page, show_turns
from excavate.pages.who import ask_author
from excavate.workshop.ids import new_id

AT_ONCE = 16  # pictures whose words are asked: more of them make every press slow
Known = Mapping[str, Member]


def ask_room(
    key: str, rooms: Rooms, known: Known, rows: Rows, number: int,
    save: Callable[..., bool], met: str,
) -> None:  # fmt: skip
    """The form of one room; each of its presses takes the words along, that which saves too.

    `met`: the row of another order that was saved meanwhile; this one is saved over it by a
    press of its own, or "".
    """
    draft = st.session_state.setdefault(f"{key}-form", new_id())
    count = len(rooms[number].hung)
    page = asked_page(count, AT_ONCE)
    with st.container(key="hang-room"), st.form(key=f"{key}-room-{number}", border=False):
        said = ask_wall(f"{draft}-correct-{number}", rooms[number], number)
        hung, asked, act = ask_hanging(draft, rooms, number, known, rows, page)
        act = ask_acts(rooms, number) or act
        author = ask_author(draft)
        act = ask_save(met) or act
    show_turns(count, AT_ONCE, page)
    if not act:
        return
    rooms = (*rooms[:number], replace(said, hung=hung), *rooms[number + 1 :])
    rooms = _rehung(draft, rooms, number)
    st.session_state[key] = acted(rooms, number, act)
    if act not in ("save", "over") or save(rooms, author, over=act == "over"):
        for said_of in (str(number), *asked):
            forget_typed(key, f"correct-{said_of}-")
        st.rerun()


def ask_hanging(
    draft: str, rooms: Rooms, number: int, known: Known, rows: Rows, page: int
) -> tuple[tuple[Hung, ...], list[str], str]:
    """All that hangs in the room, with its words; whose words were asked, and what was pressed."""
    hung: list[Hung] = []
    asked: list[str] = []
    act = ""
    for place, one in enumerate(rooms[number].hung):
        words = one
        if one.member_id in known and place // AT_ONCE == page:
            with st.container(key=f"hang-{one.member_id}"):
                words, pressed = ask_hung(draft, rooms, number, place, known, rows)
            act = pressed or act
            asked.append(one.member_id)
        hung.append(words)
    return tuple(hung), asked, act


def ask_wall(name: str, room: WallRoom, number: int) -> WallRoom:
    """Title and wall text in both languages."""
    st.html(f'<div class="exc"><h2>{escape(_("Room {n}").format(n=number + 1))}</h2></div>')
    korean, english = st.columns(2, gap="medium")
    with korean:
        title_ko = st.text_input(_("Title, Korean"), room.title_ko, key=f"{name}-title-ko")
        text_ko = st.text_area(_("Wall text, Korean"), room.text_ko, key=f"{name}-text-ko")
    with english:
        title_en = st.text_input(_("Title, English"), room.title_en, key=f"{name}-title-en")
        text_en = st.text_area(_("Wall text, English"), room.text_en, key=f"{name}-text-en")
    return WallRoom(title_ko or "", title_en or "", text_ko or "", text_en or "")


def ask_hung(
    draft: str, rooms: Rooms, number: int, place: int, known: Known, rows: Rows
) -> tuple[Hung, str]:
    """One picture: its words, the presses that move it; which of them was pressed."""
    one, name = rooms[number].hung[place], f"{draft}-correct-{rooms[number].hung[place].member_id}"
    member = known[one.member_id]
    picture, words, moves = st.columns([0.7, 3.4, 1.3], gap="small")
    with picture:
        shown = f'<span class="exc-plan-frame">{picture_html(member, rows)}</span>'
        caption = escape(called(member))
        st.html(f'<figure class="exc exc-pick">{shown}<figcaption><span>{place + 1}. {caption}'
                "</span></figcaption></figure>")  # fmt: skip
    with words:
        korean, english = st.columns(2, gap="small")
        title_ko = korean.text_input(_("Title, Korean"), one.title_ko, key=f"{name}-title-ko")
        title_en = english.text_input(_("Title, English"), one.title_en, key=f"{name}-title-en")
        size = korean.text_input(_("Size on the wall"), one.size, key=f"{name}-size")
        credit = english.text_input(_("Credit line"), one.credit, key=f"{name}-credit")
    with moves:
        pressed = ask_moves(name, rooms, number, place)
    said = Hung(one.member_id, title_ko or "", title_en or "", size or "", credit or "")
    return said, f"{pressed}:{place}" if pressed else ""


def ask_moves(name: str, rooms: Rooms, number: int, place: int) -> str:
    """Up, down, and the room it hangs in."""
    last = len(rooms[number].hung) - 1
    with st.container(horizontal=True, key=f"{name}-moves"):
        up = st.form_submit_button("↑", key=f"{name}-up", disabled=place == 0,
                                   help=_("One place earlier"))  # fmt: skip
        down = st.form_submit_button("↓", key=f"{name}-down", disabled=place == last,
                                     help=_("One place later"))  # fmt: skip
    st.selectbox(
        _("Hangs in"), [*range(len(rooms)), UNHUNG], index=number, key=f"{name}-room-of-{number}",
        format_func=lambda n: _room_name(rooms, n),
    )  # fmt: skip
    return "up" if up else "down" if down else ""


def ask_acts(rooms: Rooms, number: int) -> str:
    """What can be done with the whole room."""
    with st.container(key="hang-acts", horizontal=True):
        take = st.form_submit_button(_("Take these words"))
        up = st.form_submit_button(_("Room one earlier"), disabled=number == 0)
        down = st.form_submit_button(_("Room one later"), disabled=number == len(rooms) - 1)
        out = st.form_submit_button(_("Close this room"))
    acts = {"take": take, "room-up": up, "room-down": down, "close": out}
    return next((name for name, pressed in acts.items() if pressed), "")


def ask_save(met: str) -> str:
    """Save; where another order stands by now, over that one alone: no later one unseen."""
    if met:
        words = escape(_("Not saved: another order was saved meanwhile. It is shown above."))
        st.html(f'<p class="exc exc-note" role="status">{words}</p>')
        over = st.form_submit_button(_("Save mine over it"), key=f"over-{met}", type="primary")
        return "over" if over else ""
    return "save" if st.form_submit_button(_("Save this order"), type="primary") else ""


def acted(rooms: Rooms, number: int, act: str) -> Rooms:
    """The order after a press."""
    what, _colon, place = act.partition(":")
    if what in ("up", "down"):
        return moved(rooms, number, int(place), -1 if what == "up" else 1)
    if what in ("room-up", "room-down"):
        by = -1 if what == "room-up" else 1
        st.query_params["room"] = str(min(max(number + by, 0), len(rooms) - 1) + 1)
        return room_moved(rooms, number, by)
    if what == "close":
        st.query_params["room"] = "1"
        return without_room(rooms, number)
    return rooms


def _rehung(draft: str, rooms: Rooms, number: int) -> Rooms:
    """Each where its choice of a room says."""
    for one in rooms[number].hung:
        key = f"{draft}-correct-{one.member_id}-room-of-{number}"
        to = int(st.session_state.get(key, number))
        if to != number:
            rooms = sent(rooms, one.member_id, to)
    return rooms


def _room_name(rooms: Rooms, number: int) -> str:
    if number == UNHUNG:
        return _("nowhere")
    room = rooms[number]
    title = either(room.title_ko, room.title_en)
    return f"{number + 1}. {title}" if title else str(number + 1)
