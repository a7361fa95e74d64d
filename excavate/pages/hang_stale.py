"""Two people hang the same walls: what came meanwhile is told, and nothing is replaced unseen."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from html import escape

import streamlit as st

from excavate.components.counter_pictures import Rows
from excavate.components.drafts import forget_typed
from excavate.components.moments import moment_html
from excavate.counter.curating import curation
from excavate.counter.hanging import Rooms, without
from excavate.counter.records import Curation, Member, Plan
from excavate.i18n import _, _n
from excavate.workshop.store import Workshop

NOTHING_SHOWN = -1  # no room of theirs is the one at work
Drawn = Callable[[Plan, Rooms, dict[str, Member], Rows, int], str]


def begun_from(key: str, saved: Curation | None) -> None:
    """Remember which saved order the one at work was begun from."""
    st.session_state[f"{key}-begun"] = saved.row_id if saved else ""


def take_gone(key: str, known: Collection[str]) -> Rooms:
    """The order at work without what was taken back meanwhile; how many is told."""
    rooms, gone = without(st.session_state[key], known)
    if gone:
        st.session_state[key] = rooms
        st.session_state[f"{key}-gone"] = st.session_state.get(f"{key}-gone", 0) + gone
    return rooms


def show_gone(key: str) -> None:
    """That pictures were taken off these walls."""
    gone = st.session_state.get(f"{key}-gone", 0)
    if gone:
        words = _n("{n} picture that hung here was taken back meanwhile: it hangs no more.",
                   "{n} pictures that hung here were taken back meanwhile: they hang no more.",
                   gone).format(n=gone)  # fmt: skip
        st.html(f'<div class="exc exc-notice" role="status">{escape(words)}</div>')


def told_gone(key: str) -> None:
    """It was drawn to its end, and is not told again."""
    st.session_state.pop(f"{key}-gone", None)


def show_met(
    workshop: Workshop, plan: Plan, key: str, known: Mapping[str, Member], rows: Rows, drawn: Drawn
) -> str:
    """Tell of the order that somebody saved since this one was begun; its row, "" of none."""
    stands = curation(workshop, plan.given.plan_id)
    if stands is None or stands.row_id == st.session_state[f"{key}-begun"]:
        return ""
    st.session_state[f"{key}-met"] = stands.row_id
    title = escape(_("Another order was saved meanwhile"))
    body = escape(_("What you moved and typed is kept below, and not saved yet."))
    st.html(
        f'<div class="exc exc-notice" role="alert"><strong>{title}</strong><p>'
        f"<bdi>{escape(stands.shown_name)}</bdi> · {moment_html(stands.written_at)}</p>"
        f"<p>{body}</p></div>"
    )
    with st.expander(_("Show theirs")):
        st.html(drawn(plan, stands.rooms, dict(known), rows, NOTHING_SHOWN))
        if st.button(_("Go on from theirs, without mine"), key=f"{key}-theirs"):
            _leave_mine(key)
            st.rerun()
    return stands.row_id


def _leave_mine(key: str) -> None:
    for name in ("", "-begun", "-met", "-row", "-form", "-gone"):
        st.session_state.pop(f"{key}{name}", None)
    forget_typed(key)
