"""내 기록 거두기: everything one gave, by kind and time, to be hidden, shown again or erased."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from excavate.components.counter_pictures import chosen_rows, picture_html
from excavate.components.counter_words import KINDS
from excavate.components.moments import moment_html
from excavate.counter.curating import rooms_of
from excavate.counter.members import one_member
from excavate.errors import ExcavateError
from excavate.i18n import N_, _
from excavate.pages.notebook_kept import KIND_NAMES as POINTS_AT
from excavate.pages.paging import asked_page, show_turns
from excavate.pages.parts import choose, show_error
from excavate.routes import served_site
from excavate.workshop.absence_types import word
from excavate.workshop.authors import Author, known_author
from excavate.workshop.erasing import erase, erase_everything
from excavate.workshop.ids import new_id
from excavate.workshop.own_export import kinds_of
from excavate.workshop.store import Workshop
from excavate.workshop.withdrawing import (
    ERASED,
    HIDDEN,
    SHOWN,
    Given,
    given_by,
    hide,
    show_again,
)

PAGE = 20
ALL = "everything"
ASKED, FAILED = "erase-asked", "back-failed"
KIND_NAMES = {
    "absence": N_("absences"), "reply": N_("answers"), "translation": N_("translations"),
    "evidence": N_("evidence"), "sorting": N_("sortings"), "stance": N_("stances"),
    "find": N_("finds"), "find_fact": N_("facts of finds"), "judgement": N_("judgements"),
    "hand_answer": N_("hand-checks"), "note": N_("notes"), "presentation": N_("presentation"),
    "labour": N_("time"), "round": N_("prompts of rounds"), "judging": N_("judgings"),
    "room_group": N_("names of groups"), "plan": N_("plans of counter-datasets"),
    "member": N_("members of counter-datasets"), "member_rights": N_("rights of members"),
    "left_out": N_("members left out"), "curation": N_("orders of counter-datasets"),
}  # fmt: skip
STATE_NAMES = {SHOWN: N_("in view"), HIDDEN: N_("hidden"), ERASED: N_("erased")}


def show_given(workshop: Workshop, author: Author) -> None:
    """The list, a kind at a time if one likes, and what can be done with all of it at once."""
    given = list(reversed(given_by(workshop, author.person_id)))
    st.html(f'<div class="exc"><h2 class="exc-part">{escape(_("Taking back what I gave"))}</h2>'
            f"{difference_html()}</div>")  # fmt: skip
    error = st.session_state.pop(FAILED, None)
    if error is not None:
        show_error(error)
    if not given:
        words = escape(_("You gave nothing yet, or took it all back."))
        st.html(f'<div class="exc"><p class="exc-notice">{words}</p></div>')
        return
    counts = kinds_of(given)
    kind = choose(_("Show"), "kind", [None, *counts], lambda one: _kind(one, counts), ["page"])
    shown = [one for one in given if kind in (None, one.table)]
    page = asked_page(len(shown), PAGE)
    for one in shown[page * PAGE : (page + 1) * PAGE]:
        with st.container(key=f"gave-{one.table}-{one.what_id}"):
            _show_one(workshop, author, one)
    show_turns(len(shown), PAGE, page)
    show_all(workshop, author, given)


def difference_html() -> str:
    """What hiding and erasing are, in plain words."""
    lines = (
        (_("Hide"), _("out of everybody's view and of later releases. You can show it again.")),
        (_("Erase"), _("its words are overwritten, here and in every backup. That something stood "
                       "there stays to be seen. There is no way back.")),
    )  # fmt: skip
    drawn = "".join(f"<li><b>{escape(name)}</b>: {escape(what)}</li>" for name, what in lines)
    out = escape(_("A release made before still holds it until a facilitator deletes its folder; "
                   "what was handed on or exported cannot be called back."))  # fmt: skip
    return f'<ul class="exc-difference">{drawn}</ul><p><strong>{out}</strong></p>'


def _kind(table: str | None, counts: dict[str, int]) -> str:
    if table is None:
        total = sum(counts.values())
        return _("all · {n}").format(n=total)
    return f"{_(KIND_NAMES[table])} · {counts[table]}"


def _show_one(workshop: Workshop, author: Author, one: Given) -> None:
    erased = _("The words are gone.") if one.manner == ERASED else plainly(one)
    by = f" · {_('by a reviewer')}" if one.moderated else ""
    dashed = "" if one.manner == SHOWN else " exc-gone"
    kind = escape(_(KIND_NAMES[one.table]))
    st.html(
        f'<div class="exc exc-gave{dashed}">{_picture(workshop, one)}'
        f'<p class="exc-kept-kind">{kind}'
        f" · {moment_html(one.written_at)}"
        f'<span class="exc-tag">{escape(_(STATE_NAMES[one.manner]) + by)}</span></p>'
        f"<p>{escape(erased)}</p></div>"
    )
    if one.manner == ERASED:
        return
    if st.session_state.get(ASKED) == (one.table, one.what_id):
        _ask_once_more(workshop, author, one)
        return
    key = f"{one.table}-{one.what_id}"
    with st.container(horizontal=True, key=f"back-{key}"):
        if one.manner == SHOWN:
            _press(_("Hide"), f"hide-{key}", lambda a: _hide(workshop, a, one), workshop, author)
        elif not one.moderated:
            _press(
                _("Show again"), f"show-{key}", lambda a: _again(workshop, a, one), workshop, author
            )
        st.button(_("Erase…"), key=f"erase-{key}", type="tertiary", on_click=_ask,
                  args=((one.table, one.what_id),))  # fmt: skip


def _picture(workshop: Workshop, one: Given) -> str:
    """What it is of, small, where it is of a member that stands; "" of anything else."""
    if one.table not in ("member", "member_rights", "left_out"):
        return ""
    member_id = one.what_id if one.table == "member" else one.what_id.split("/")[1]
    try:
        member = one_member(workshop, member_id)
        rows = chosen_rows(served_site(), [member]) if member.kind == "chosen" else {}
    except ExcavateError:  # taken back, or nothing is dug here
        return ""
    return f'<div class="exc-gave-picture">{picture_html(member, rows)}</div>'


def plainly(one: Given) -> str:
    """Its words; of what only points at something, the id of that; of time, the kind of it."""
    if one.table == "labour":  # a day
        return one.what_id.rpartition("/")[2]
    if one.table in ("sorting", "stance"):
        return word("types" if one.table == "sorting" else "stances", one.words)
    if one.table == "member" and one.words in KINDS:  # a drawing without a reason yet
        return _(KINDS[one.words])
    if one.table == "curation":
        return " · ".join(room.title_ko or room.title_en for room in rooms_of(one.words or "[]"))
    if one.table not in ("note", "evidence") or one.about == "text":
        return one.words
    try:
        value = json.loads(one.words)
    except ValueError:
        return one.words
    inner = value.get("value", value) if isinstance(value, dict) else one.words
    at = str(next(iter(inner.values()), "")) if isinstance(inner, dict) else one.words
    return f"{_(POINTS_AT[one.about])}: {at}" if one.about in POINTS_AT else at


def _ask_once_more(workshop: Workshop, author: Author, one: Given) -> None:
    words = escape(_("Erase this for good? Its words are overwritten here and in every backup."))
    st.html(f'<div class="exc exc-notice" role="alert"><strong>{words}</strong></div>')
    with st.container(horizontal=True, key="sure"):
        _press(
            _("Erase for good"), "erase-sure", lambda a: _erase(workshop, a, one), workshop, author
        )
        st.button(_("Leave it"), key="erase-not", on_click=_ask, args=(None,), type="tertiary")


def show_all(workshop: Workshop, author: Author, given: Sequence[Given]) -> None:
    """Hide or erase everything at once; erasing asks once more."""
    st.html(f'<div class="exc"><h2 class="exc-part">{escape(_("All of it at once"))}</h2></div>')
    if st.session_state.get(ASKED) == ALL:
        words = escape(_("Erase everything you gave, and your name? There is no way back."))
        st.html(f'<div class="exc exc-notice" role="alert"><strong>{words}</strong></div>')
        with st.container(horizontal=True, key="sure-all"):
            _press(_("Erase everything for good"), "erase-all-sure",
                   lambda a: bool(erase_everything(workshop, a)), workshop, author)  # fmt: skip
            st.button(_("Leave it"), key="erase-all-not", on_click=_ask, args=(None,),
                      type="tertiary")  # fmt: skip
        return
    standing = [one for one in given if one.manner == SHOWN]
    with st.container(horizontal=True, key="all-back"):
        _press(_("Hide everything"), "hide-all", lambda a: _hide_all(workshop, a, standing),
               workshop, author)  # fmt: skip
        st.button(_("Erase everything…"), key="erase-all", on_click=_ask, args=(ALL,),
                  type="tertiary")  # fmt: skip


def _press(
    words: str, key: str, act: Callable[[Author], bool], workshop: Workshop, author: Author
) -> None:
    st.button(words, key=key, type="tertiary", on_click=_act, args=(workshop, author, act))


def _act(workshop: Workshop, author: Author, act: Callable[[Author], bool]) -> None:
    st.session_state.pop(ASKED, None)
    try:
        act(known_author(workshop, author.person_id) or author)
    except ExcavateError as error:
        st.session_state[FAILED] = error


def _ask(what: object) -> None:
    if what is None:
        st.session_state.pop(ASKED, None)
    else:
        st.session_state[ASKED] = what


def _hide(workshop: Workshop, author: Author, one: Given) -> bool:
    return hide(workshop, author, new_id(), one.table, one.what_id)


def _again(workshop: Workshop, author: Author, one: Given) -> bool:
    return show_again(workshop, author, new_id(), one.table, one.what_id)


def _erase(workshop: Workshop, author: Author, one: Given) -> bool:
    return erase(workshop, author, new_id(), one.table, one.what_id)


def _hide_all(workshop: Workshop, author: Author, given: Sequence[Given]) -> bool:
    done = [_hide(workshop, author, one) for one in given]  # all of them, not up to the first
    return any(done)
