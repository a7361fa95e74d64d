"""Collect: put items, files, drawings and empty places into a counter-dataset, with reasons."""

from __future__ import annotations

from html import escape

import streamlit as st

from excavate.components.counter_html import answers_html
from excavate.components.counter_words import titled
from excavate.counter.plans import one_plan, plans, takes_only_empty
from excavate.counter.records import Plan
from excavate.errors import NotFoundError
from excavate.i18n import N_, _
from excavate.pages.answers_here import answered_here
from excavate.pages.collect_empty import ask_empty
from excavate.pages.collect_files import ask_files
from excavate.pages.collect_items import ask_items, asked_items
from excavate.pages.collect_rights import show_rights
from excavate.pages.ground import head, workshop_or_notice
from excavate.pages.parts import PAGES, href, link, notice
from excavate.pages.who import reaches
from excavate.workshop.store import Workshop

BY = {
    "items": N_("From the catalog"), "files": N_("Files"), "draw": N_("A drawing"),
    "empty": N_("An empty place"), "rights": N_("Rights and consent"),
}  # fmt: skip


def show() -> None:
    """The whole page."""
    workshop = workshop_or_notice()
    if workshop is None:
        return
    if not reaches(workshop, "participant"):
        head(_("Collect"))
        notice(_("You are here to look only"), _("To put something in, enter with a name."))
        return
    plan = asked_plan(workshop)
    if plan is None:
        return
    show_head(workshop, plan)
    only_empty = takes_only_empty(workshop, plan)
    if only_empty:
        body = _("What it answers is refused, redacted or withdrawn: only a place kept empty may "
                 "stand for it.")  # fmt: skip
        notice(_("A place is kept empty for it"), body)
    show_way(workshop, plan, show_tabs(plan, only_empty))


def show_way(workshop: Workshop, plan: Plan, by: str) -> None:
    """The way that the link names."""
    if by == "files":
        ask_files(workshop, plan)
    elif by == "empty":
        ask_empty(workshop, plan)
    elif by == "rights":
        show_rights(workshop, plan)
    else:
        ask_items(workshop, plan)


def asked_plan(workshop: Workshop) -> Plan | None:
    """The plan of the link; else the only one; else they are offered."""
    asked = st.query_params.get("plan", "")
    found = plans(workshop)
    if asked:
        try:
            return one_plan(workshop, asked)
        except NotFoundError:
            notice(_("This room holds no such counter-dataset"), _("It may have been taken back."))
    elif len(found) == 1:
        return found[0]
    show_choice(found)
    return None


def show_choice(found: list[Plan]) -> None:
    """Into which counter-dataset; what was chosen goes along."""
    head(_("Collect"), _("Into which counter-dataset?"))
    kept = {k: v for k, v in st.query_params.to_dict().items() if k not in ("plan", "lang")}
    rows = "".join(
        f"<li>{link('collect', titled(one), **kept, plan=one.given.plan_id)}</li>" for one in found
    )
    count = len(asked_items())
    if rows:
        st.html(f'<ul class="exc exc-collect-plans">{rows}</ul>')
    else:
        body = _("Plan one first; what you chose can be put in after that.") if count else ""
        notice(_("No counter-dataset is planned yet"), body)
    way = link("counter", _("Plan a counter-dataset"), new="1")
    st.html(f'<p class="exc exc-ways">{way}</p>')


def show_head(workshop: Workshop, plan: Plan) -> None:
    """Into what it goes, and what that answers."""
    way = link("counter", titled(plan), id=plan.given.plan_id)
    st.html(
        f'<div class="exc exc-plan-head">{answers_html(answered_here(workshop, plan), short=True)}'
        f"<h1>{escape(_('Collect'))}</h1><p class='exc-ways'>{way}</p></div>"
    )


def show_tabs(plan: Plan, only_empty: bool) -> str:
    """The ways in as links; which of them the link of this page names."""
    offered = ["empty"] if only_empty else list(BY)
    by = st.query_params.get("by", "")
    by = by if by in offered else offered[0]
    kept = {
        k: v for k, v in st.query_params.to_dict().items() if k in ("ids", "way", "of", "words")
    }
    links = []
    for code in offered:
        here = ' aria-current="page"' if code == by else ""
        more = kept if code == "items" else {}
        target = href("collect", **more, plan=plan.given.plan_id, by=code)
        if code == "draw":
            target = href("draw", plan=plan.given.plan_id) if "draw" in PAGES else ""
        if target:
            links.append(f'<a{here} href="{escape(target)}" data-page target="_self">'
                         f"{escape(_(BY[code]))}</a>")  # fmt: skip
    label = escape(_("Ways to put something in"))
    st.html(f'<nav class="exc exc-collect-ways" aria-label="{label}">{"".join(links)}</nav>')
    return by


show()
