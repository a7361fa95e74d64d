"""Draw: what a dataset has no slot for is made on the spot, and lands beside its nearest."""

from __future__ import annotations

from html import escape

import streamlit as st

from excavate.components.canvas import show_canvas
from excavate.components.hidden_names import hidden_in
from excavate.components.live import follow
from excavate.counter.exercises import exercise_dataset, ready_plan
from excavate.counter.landing import make_ready
from excavate.counter.plans import plans, takes_only_empty, write_plan
from excavate.counter.records import Plan
from excavate.errors import ExcavateError, NotFoundError, RefusedError
from excavate.i18n import _, spoken
from excavate.pages.ground import head, workshop_or_notice
from excavate.pages.parts import PAGES, link, notice, show_error, site_or_notice
from excavate.pages.who import ask_author, here, reaches, remember, show_faults
from excavate.site import Site
from excavate.workshop.authors import (
    Author,
    author_faults,
    known_author,
    person_rows,
    refuse,
)
from excavate.workshop.ids import new_id
from excavate.workshop.store import Workshop


def show() -> None:
    """The whole page."""
    site, workshop = site_or_notice(), workshop_or_notice()
    if site is None or workshop is None:
        return
    found, asked = plans(workshop), st.query_params.get("plan", "")
    plan = next((one for one in found if one.given.plan_id == asked), None)
    if plan is None and len(found) == 1 and not asked:
        plan = found[0]
    if plan is None:
        show_plans(site, workshop, found, asked)
    else:
        show_plan(site, workshop, plan)


def show_plans(site: Site, workshop: Workshop, found: list[Plan], asked: str) -> None:
    """What can be drawn for; where there is nothing yet, the exercise that begins by one press."""
    head(_("Draw"), _("Make on the spot what a dataset has no place for."))
    if asked:
        notice(_("This room holds no such counter-dataset"), _("It may have been taken back."))
    rows = [f"<li>{link('draw', titled(one), plan=one.given.plan_id)}</li>" for one in found]
    if rows:
        st.html(f'<ul class="exc exc-draw-plans">{"".join(rows)}</ul>')
    else:
        show_exercise(site, workshop)


def show_exercise(site: Site, workshop: Workshop) -> None:
    """The first exercise, for whoever leads; the others are told to wait."""
    dataset = exercise_dataset(list(site.revisions()))
    if dataset is None:
        body = _("A drawing goes into a counter-dataset. Plan one first.")
        notice(_("There is nothing to draw for yet"), body)
        st.html(f'<p class="exc exc-ways">{link("counter", _("To the counter-datasets"))}</p>')
        return
    ready = ready_plan("", dataset, spoken())
    title, said = (ready.title_ko, ready.statement_ko) if spoken() == "ko" else (
        ready.title_en, ready.statement_en)  # fmt: skip
    st.html(f'<div class="exc exc-draw-ready"><h2>{escape(title)}</h2><p>{escape(said)}</p></div>')
    if not reaches(workshop, "facilitator"):
        notice(_("It has not begun yet"), _("The facilitator begins it; this page shows it then."))
        follow(workshop, "counter")
        return
    begin_exercise(workshop, dataset)


def begin_exercise(workshop: Workshop, dataset: str) -> None:
    """One press writes its plan."""
    plan_id = st.session_state.setdefault("draw-plan", new_id())
    with st.form(key="draw-exercise", border=False):
        author = ask_author("draw-exercise")
        pressed = st.form_submit_button(_("Begin this exercise"), type="primary")
    if not pressed:
        return
    try:
        write_plan(workshop, author, plan_id, ready_plan(plan_id, dataset, spoken()))
    except RefusedError as error:
        show_faults(error)
        return
    remember(author)
    del st.session_state["draw-plan"]
    st.switch_page(PAGES["draw"], query_params={"plan": plan_id, "lang": spoken()})


def show_plan(site: Site, workshop: Workshop, plan: Plan) -> None:
    """The sheet of one plan, and the ways on."""
    head(titled(plan), stated(plan))
    author = author_or_ask(workshop, plan)
    if author is None:
        return
    make_ready(site, plan.given.against)
    show_canvas(plan, author, labels_of(site, plan))
    ways = [
        link("map", _("See everyone's on the Map")),
        link("counter", _("To this counter-dataset"), id=plan.given.plan_id),
    ]
    st.html(f'<p class="exc exc-ways">{" ".join(ways)}</p>')


def author_or_ask(workshop: Workshop, plan: Plan) -> Author | None:
    """Who draws; at an unshared machine a name and the consent are asked for first."""
    if takes_only_empty(workshop, plan):
        body = _("What it answers is refused, redacted or withdrawn: only a place kept empty may "
                 "stand for it.")  # fmt: skip
        notice(_("Nothing is drawn for this one"), body)
        return None
    if not reaches(workshop, "participant"):
        body = _("You look only. Ask the facilitator if you wish to draw, too.")
        notice(_("The room is drawing"), body)
        return None
    if workshop.shared:
        return ask_author("draw")
    looks = here(workshop)
    known = known_author(workshop, looks.person_id) if looks.shown_name else None
    return known or ask_name(workshop)


def ask_name(workshop: Workshop) -> Author | None:
    """A name and the consent; kept at once, for the drawings are sent by the page itself."""
    with st.form(key="draw-who", border=False):
        author = ask_author("draw-who")
        pressed = st.form_submit_button(_("Go on"), type="primary")
    if not pressed:
        return None
    try:
        refuse(author_faults(author))
        workshop.write(person_rows(workshop, author))
    except RefusedError as error:
        show_faults(error)
        return None
    except ExcavateError as error:
        show_error(error)
        return None
    remember(author)
    st.rerun()


def labels_of(site: Site, plan: Plan) -> list[str]:
    """What the dataset calls what it holds, verbatim; without names that are veiled."""
    dataset = plan.given.against
    if dataset not in site.revisions():
        return []
    try:
        names = site.categories(dataset)["name"].tolist()
    except NotFoundError:
        return []
    hidden = hidden_in(site, [dataset])
    return [name for name in dict.fromkeys(names) if hidden.of(name) == name]


def titled(plan: Plan) -> str:
    """A plan's title in the language of this run where it was written in it."""
    return _either(plan.given.title_ko, plan.given.title_en)


def stated(plan: Plan) -> str:
    """Its statement likewise."""
    return _either(plan.given.statement_ko, plan.given.statement_en)


def _either(korean: str, english: str) -> str:
    return (korean or english) if spoken() == "ko" else (english or korean)


show()
