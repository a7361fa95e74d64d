"""What is asked of every member: why it is in, what it is called; and how it all went."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from excavate.counter.members import add_members
from excavate.counter.records import GivenMember, Plan
from excavate.errors import ExcavateError, RefusedError
from excavate.i18n import _, spoken
from excavate.pages.error_words import worded
from excavate.pages.parts import PAGES, show_error
from excavate.pages.who import place_words
from excavate.settings import Settings
from excavate.site import Site
from excavate.workshop.authors import Author
from excavate.workshop.store import Workshop

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


def put_in(
    workshop: Workshop, author: Author, named: Sequence[tuple[str, GivenMember]],
    site: Site | None,
) -> bool:  # fmt: skip
    """Put all of them in at once; whether they are. Where not, none is: what is wrong is told by
    name, and where the author's own words are at fault, that is told once."""
    names = {given.member_id: name for name, given in named}
    settings = Settings.from_environment()
    try:
        with st.spinner(_("Putting it in")):
            add_members(workshop, author, [given for _name, given in named], settings, site)
    except RefusedError as error:
        _tell({(names.get(f.of, ""), place_words(f.place), worded(f.what)) for f in error.faults})
        return False
    except ExcavateError as error:
        show_error(error)
        return False
    return True


def _tell(told: set[tuple[str, str, str]]) -> None:
    """What is wrong with each; what is the same of all is told once, without their names."""
    same = {(place, what) for _name, place, what in told}
    if len(same) == 1 or len({name for name, *_rest in told}) == 1:
        told = {("", place, what) for place, what in same}
    lines = sorted(
        f"{f'<b>{escape(name)}</b>: ' if name else ''}<b>{escape(place)}</b> {escape(what)}"
        for name, place, what in told
    )
    listed = "".join(f"<li>{line}</li>" for line in lines)
    head = escape(_("Not written yet. Mend this and press again; nothing you typed is lost."))
    st.html(f'<div class="exc exc-notice" role="alert"><strong>{head}</strong>'
            f"<ul>{listed}</ul></div>")  # fmt: skip


def go_to_rights(plan: Plan, member_ids: Sequence[str]) -> None:
    """On to rights and consent, for all that were put in just now."""
    st.session_state[JUST] = list(member_ids)
    query = {"plan": plan.given.plan_id, "by": "rights", "just": "1", "lang": spoken()}
    st.switch_page(PAGES["collect"], query_params=query)
