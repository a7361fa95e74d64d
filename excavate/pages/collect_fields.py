"""What is asked of every member: why it is in, what it is called; and how it all went."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from excavate.counter.records import Plan
from excavate.errors import ExcavateError, RefusedError
from excavate.i18n import _, spoken
from excavate.pages.error_words import worded
from excavate.pages.parts import PAGES
from excavate.pages.who import place_words
from excavate.workshop.authors import Author

JUST = "members-just-put-in"  # in the session: their ids, for the rights that follow


def ask_reason(key: str, *, many: bool) -> str:
    """Why it is in: the author's own words; nothing goes in without."""
    label = _("Why they are in") if many else _("Why it is in")
    return st.text_area(label, key=f"{key}-reason", height=90) or ""


def ask_label(key: str, plan: Plan, words: str, *, first: str = "") -> str:
    """What it is called: one of the names that the plan wants, or a new one."""
    names = list(dict.fromkeys([*([first] if first else []), *(w.what for w in plan.given.wanted)]))
    said = st.selectbox(
        words, names, index=0 if first else None, key=f"{key}-label", accept_new_options=True,
        placeholder=_("a name of the plan, or one of your own"),
    )  # fmt: skip
    return str(said or "")


def put_each(wanted: Sequence[tuple[str, Callable[[], bool]]], author: Author) -> list[str]:
    """Put in one after the other; the names of those that went in. What is wrong is told by name.

    Where the author's own words are at fault, that is told once.
    """
    went, told = [], set()
    with st.spinner(_("Putting it in")):
        for name, put in wanted:
            try:
                put()
            except RefusedError as error:
                told |= {(name, place_words(f.place), worded(f.what)) for f in error.faults}
            except ExcavateError as error:
                told.add((name, "", worded(error.what)))
            else:
                went.append(name)
    _tell(told)
    return went


def _tell(told: set[tuple[str, str, str]]) -> None:
    if not told:
        return
    same = {(place, what) for _name, place, what in told}
    if len(same) == 1 or len({name for name, *_rest in told}) == 1:
        lines = {f"<b>{escape(place)}</b> {escape(what)}" for place, what in same}
    else:
        lines = {f"<b>{escape(n)}</b>: {escape(p)} {escape(w)}" for n, p, w in told}
    listed = "".join(f"<li>{line}</li>" for line in sorted(lines))
    head = escape(_("Not written yet. Mend this and press again; nothing you typed is lost."))
    st.html(f'<div class="exc exc-notice" role="alert"><strong>{head}</strong>'
            f"<ul>{listed}</ul></div>")  # fmt: skip


def go_to_rights(plan: Plan, member_ids: Sequence[str]) -> None:
    """On to rights and consent, for all that were put in just now."""
    st.session_state[JUST] = list(member_ids)
    query = {"plan": plan.given.plan_id, "by": "rights", "lang": spoken()}
    st.switch_page(PAGES["collect"], query_params=query)
