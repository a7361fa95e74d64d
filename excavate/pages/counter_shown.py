"""One plan: what it answers and says, how many of what are there, its members, the ways on."""

from __future__ import annotations

from html import escape

import streamlit as st

from excavate.board_route import site_or_none
from excavate.components.counter_html import (
    answers_html,
    counted,
    facts_of,
    statement_html,
    versions_html,
    wanted_html,
)
from excavate.components.counter_pictures import chosen_rows, grid_html
from excavate.components.counter_words import blanks, titled
from excavate.counter.members import members
from excavate.counter.plans import may_decide, plan_versions, takes_only_empty
from excavate.counter.records import Member, Plan
from excavate.i18n import _, _n
from excavate.pages.absence_acts import pressed, show_act_fault
from excavate.pages.answers_here import answered_here
from excavate.pages.measured_again import show_measured_again
from excavate.pages.parts import PAGES, facts, link, notice
from excavate.pages.who import here, reaches
from excavate.workshop.authors import Author
from excavate.workshop.ids import new_id
from excavate.workshop.rounds import hidden_rounds
from excavate.workshop.store import Workshop
from excavate.workshop.withdrawing import hide


def show_plan(workshop: Workshop, plan: Plan) -> None:
    """The whole plan; pictures before everything that is only said of it."""
    held, site = members(workshop, plan.given.plan_id), site_or_none()
    names = not hidden_rounds(workshop)
    show_act_fault()
    st.html(
        f'<div class="exc exc-plan-head">{answers_html(answered_here(workshop, plan))}'
        f"<h1>{escape(titled(plan))}</h1>"
        f'<p class="exc-quiet">{escape(counted(plan, held))}</p></div>'
    )
    st.html(statement_html(plan))
    show_ways(workshop, plan, held)
    if held:
        st.html(grid_html(held, chosen_rows(site, held), names=names))
    else:
        body = _("Choose items of the catalog, bring files, draw, or keep a place empty.")
        notice(_("Nothing is in it yet"), body)
    said, counts = st.columns([3, 2], gap="large")
    with said:
        st.html(f'<div class="exc">{facts(facts_of(plan))}</div>')
    with counts:
        if plan.given.wanted:
            st.html(wanted_html(plan, held))
        show_versions(workshop, plan, names=names)
    if site is not None and site.generation:
        show_measured_again(site, workshop, plan)
    show_back(workshop, plan)


def show_ways(workshop: Workshop, plan: Plan, held: list[Member]) -> None:
    """What can be done with it; what is blank is counted where it can be mended."""
    plan_id = plan.given.plan_id
    if not reaches(workshop, "participant"):
        return
    ways = [link("collect", _("Put something in"), plan=plan_id)]
    if takes_only_empty(workshop, plan):
        ways = [link("collect", _("Keep a place empty"), plan=plan_id, by="empty")]
    elif "draw" in PAGES:
        ways.append(link("draw", _("Draw"), plan=plan_id))
    blank = sum(bool(blanks(one)) for one in held)
    if blank:
        words = _n("Rights of {n} member are blank", "Rights of {n} members are blank", blank)
        ways.append(link("collect", words.format(n=blank), plan=plan_id, by="rights"))
    if may_decide(workshop, here(workshop).person_id, plan_id):
        ways.append(link("hang", _("Hang it"), plan=plan_id))
        ways.append(link("counter", _("Write its next version"), id=plan_id, edit="1"))
    ways.append(link("release", _("Release"), plan=plan_id))
    st.html(f'<p class="exc exc-ways exc-plan-ways">{"".join(ways)}</p>')


def show_versions(workshop: Workshop, plan: Plan, *, names: bool) -> None:
    """What it said before, folded."""
    said = plan_versions(workshop, plan.given.plan_id)
    if len(said) > 1:
        words = _n("{n} version", "{n} versions", len(said)).format(n=len(said))
        with st.expander(words):
            st.html(versions_html(said, names=names))


def show_back(workshop: Workshop, plan: Plan) -> None:
    """Its own author takes their words back; a reviewer hides them."""
    looks = here(workshop)
    mine = plan.person_id == looks.person_id
    if not (mine or reaches(workshop, "reviewer")):
        return
    with st.expander(_("Take it back") if mine else _("Hide it from the room")):
        words = _("It goes out of view, and stays out of what is released later. It can be shown "
                  "again.")  # fmt: skip
        st.html(f'<p class="exc exc-note">{escape(words)}</p>')
        row_id = st.session_state.setdefault(f"hide-{plan.row_id}", new_id())
        if st.button(_("Hide it"), key=f"press-hide-{plan.row_id}"):
            author = Author(looks.person_id, looks.shown_name, looks.language, "")
            what = f"plan/{plan.given.plan_id}/{plan.person_id}"
            pressed(lambda: hide(workshop, author, row_id, "plan", what))
            st.switch_page(PAGES["counter"])
