"""Counter: the plans, and one plan with its members; a new plan, and a plan's next version."""

from __future__ import annotations

from html import escape

import streamlit as st

from excavate.board_route import site_or_none
from excavate.components.counter_html import plan_card
from excavate.components.counter_pictures import rows_of
from excavate.components.live import follow
from excavate.counter.members import all_members
from excavate.counter.plans import one_plan, plans
from excavate.errors import NotFoundError
from excavate.i18n import _
from excavate.pages.answers_here import answered_here
from excavate.pages.counter_member import show_member
from excavate.pages.counter_plan_form import ask_new, ask_next
from excavate.pages.counter_shown import show_plan
from excavate.pages.ground import head, workshop_or_notice
from excavate.pages.parts import link, notice
from excavate.pages.who import reaches
from excavate.workshop.store import Workshop


def show() -> None:
    """The whole page."""
    workshop = workshop_or_notice()
    if workshop is None:
        return
    asked = st.query_params
    if asked.get("new"):
        ask_new(workshop, asked.get("answers", ""))
    elif asked.get("id"):
        show_one(workshop, asked["id"])
    else:
        show_plans(workshop)


def show_one(workshop: Workshop, plan_id: str) -> None:
    """One plan; one of its members beside it, or the form of its next version."""
    try:
        plan = one_plan(workshop, plan_id)
    except NotFoundError:
        notice(_("This room holds no such counter-dataset"), _("It may have been taken back."))
        st.html(f'<p class="exc exc-ways">{link("counter", _("To the counter-datasets"))}</p>')
        return
    if st.query_params.get("edit"):
        ask_next(workshop, plan)
        return
    member_id = st.query_params.get("member", "")
    if member_id:
        show_member(workshop, plan, member_id)
    else:
        show_plan(workshop, plan)
        follow(workshop, "counter")


def show_plans(workshop: Workshop) -> None:
    """The plans as cards, each with the absences that it answers."""
    words = _("An authored answer to a named absence: planned, collected with reasons, hung, "
              "released. It mends no dataset; it stands against one.")  # fmt: skip
    head(_("Counter-datasets"), words)
    found = plans(workshop)
    if reaches(workshop, "participant"):
        way = link("counter", _("Plan a counter-dataset"), new="1")
        st.html(f'<p class="exc exc-ways">{way}</p>')
    if not found:
        body = _("It begins with an absence on the board, or with a plan.")
        notice(_("No counter-dataset is planned yet"), body)
        st.html(f'<p class="exc exc-ways">{link("board", _("To the board"))}</p>')
        return
    held = all_members(workshop)
    rows = rows_of(site_or_none(), [one.item_id for one in held])
    cards = "".join(
        plan_card(
            plan, answered_here(workshop, plan),
            [one for one in held if one.plan_id == plan.given.plan_id], rows,
        )
        for plan in found
    )  # fmt: skip
    label = escape(_("Counter-datasets"))
    st.html(f'<section class="exc exc-plan-cards" aria-label="{label}">{cards}</section>')
    follow(workshop, "counter")


show()
