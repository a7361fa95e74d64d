"""Release: what would go out of a counter-dataset, what holds it back, and what went out."""

from __future__ import annotations

from html import escape

import streamlit as st

from excavate.components.counter_pictures import chosen_rows
from excavate.components.counter_words import titled
from excavate.components.live import follow
from excavate.components.release_html import (
    FORMATS,
    goes_out_html,
    made_html,
    stopped_html,
    strip_html,
    verified_html,
)
from excavate.counter.plans import plans
from excavate.counter.records import Plan
from excavate.errors import ExcavateError, SourceError
from excavate.i18n import _, spoken
from excavate.pages import made_job
from excavate.pages.error_words import worded
from excavate.pages.ground import head, workshop_or_notice
from excavate.pages.measured_again import show_failed, show_progress
from excavate.pages.parts import choose, link, notice, show_error
from excavate.pages.who import here, reaches
from excavate.release.deleting import delete_release
from excavate.release.formats import BY_CHOICE
from excavate.release.gate import Stopped, stopped
from excavate.release.released import Made, made, taken_back
from excavate.release.standing import standing
from excavate.release.verifying import verify
from excavate.release.writing import BASE, refuse_base
from excavate.routes import served_site
from excavate.site import Site
from excavate.workshop.store import Workshop

KIND = "release"
ASKED, FAILED = "delete-asked", "delete-failed"
FIRST = ("exhibition", "catalogue")  # of the formats by choice, those that are ticked at first


def show() -> None:
    """The whole page."""
    workshop = workshop_or_notice()
    if workshop is None:
        return
    words = _("A release is a folder that works without this tool: immutable, versioned, "
              "checksummed. It can be cited, and hung on a wall.")  # fmt: skip
    head(_("Release"), words)
    found = {one.given.plan_id: one for one in plans(workshop)}
    if not found:
        notice(_("No counter-dataset is planned yet"), _("A release is made of one."))
        way = link("counter", _("To the counter-datasets"))
        st.html(f'<p class="exc exc-ways">{way}</p>')
        return
    if st.query_params.get("plan") and st.query_params["plan"] not in found:
        notice(_("This room holds no such counter-dataset"), _("It may have been taken back."))
        show_choice(list(found.values()))
        return
    plan_id = choose(_("Counter-dataset"), "plan", list(found), lambda one: titled(found[str(one)]))
    show_plan(served_site(), workshop, found[str(plan_id)])
    follow(workshop, "counter")


def show_choice(found: list[Plan]) -> None:
    """Those that are there, each a link: none is shown instead of another unasked."""
    rows = "".join(f"<li>{link('release', titled(p), plan=p.given.plan_id)}</li>" for p in found)
    st.html(f'<ul class="exc exc-collect-plans">{rows}</ul>')


def show_plan(site: Site, workshop: Workshop, plan: Plan) -> None:
    """One counter-dataset: what would go out, what stops it, the press, what went out."""
    plan_id = plan.given.plan_id
    stands = standing(site, workshop, plan_id)
    show_made(site, workshop, plan)
    st.html(f'<div class="exc"><h2>{escape(_("What would go out"))}</h2></div>')
    if stands.members:
        st.html(strip_html(stands.members, chosen_rows(site, stands.members)))
    st.html(goes_out_html(stands))
    stops = stopped(workshop, stands)
    st.html(stopped_html(stops, plan_id, [reason(one) for one in stops]))
    ways = [link("counter", _("To the counter-dataset"), id=plan_id),
            link("collect", _("Rights of many at once"), plan=plan_id, by="rights")]  # fmt: skip
    st.html(f'<p class="exc exc-ways">{"".join(ways)}</p>')
    if made_job.running():
        show_progress()
        return
    show_failed(plan_id, KIND)
    if not stops:
        ask(workshop, plan)


def reason(one: Stopped) -> tuple[str, str]:
    """What stops it and what to do, in the language of the run."""
    return worded(one.what), worded(one.todo)


def ask(workshop: Workshop, plan: Plan) -> None:
    """Formats, address, essays, and the press, for who may."""
    if not reaches(workshop, "reviewer"):
        notice(_("A reviewer or a facilitator makes the release"))
        return
    st.html(f'<div class="exc"><h2>{escape(_("Make the release"))}</h2></div>')
    with st.form(key=f"release-{plan.given.plan_id}", border=False):
        formats = [one for one in FORMATS if one in BY_CHOICE and tick(one)]
        base = st.text_input(
            _("Address it will have"), value=BASE, key="release-base",
            help=_("Where the folder will be published: ids and codes begin with it."),
        )  # fmt: skip
        essays = st.multiselect(_("Essays to go along"), essay_names(), key="release-essays",
                                format_func=essay_title, placeholder="")  # fmt: skip
        pressed = st.form_submit_button(_("Make the release"), type="primary")
    if pressed:
        press(plan, formats, base.strip(), essays)


def tick(name: str) -> bool:
    """A format by choice."""
    return bool(st.checkbox(_(FORMATS[name]), value=name in FIRST, key=f"release-format-{name}"))


def press(plan: Plan, formats: list[str], base: str, essays: list[str]) -> None:
    """Start it, where the address is one; the page shows how far it is."""
    try:
        refuse_base(base)
    except SourceError as error:
        show_error(error)
        return
    made_job.start(KIND, plan.given.plan_id, formats=formats, base=base.rstrip("/"), essays=essays)
    st.rerun()


def essay_names() -> list[str]:
    """The essays that can go along."""
    from excavate.essays import names

    return list(names())


def essay_title(name: str) -> str:
    """An essay's title in the language of the run."""
    from excavate.essays import read_essay

    title = read_essay(name).title
    return (title.ko if spoken() == "ko" else title.en) or name


def show_made(site: Site, workshop: Workshop, plan: Plan) -> None:
    """The releases that were made, newest first; each can be verified by one press."""
    if (failed := st.session_state.pop(FAILED, None)) is not None:
        show_error(failed)
    found = made(site.folder.path, plan.given.name)
    if not found:
        return
    st.html(f'<div class="exc"><h2>{escape(_("Releases"))}</h2></div>')
    for one in found:
        show_one(workshop, one)


def show_one(workshop: Workshop, one: Made) -> None:
    """One release, its ways, and what verifying it came to, where somebody pressed."""
    with st.container(key=f"made-{one.name}"):
        gone = taken_back(workshop, one.checksum)
        st.html(made_html(one, gone))
        if gone and reaches(workshop, "facilitator"):
            ask_deleting(workshop, one)
        if st.button(_("Verify it"), key=f"verify-{one.name}"):
            with st.spinner(_("Every file is read again")):
                st.html(verified_html(verify(one.folder)))


def ask_deleting(workshop: Workshop, one: Made) -> None:
    """The press that removes its folder for good, which asks once more."""
    if st.session_state.get(ASKED) != one.name:
        st.button(_("Delete its folder…"), key=f"delete-{one.name}", type="tertiary",
                  on_click=st.session_state.__setitem__, args=(ASKED, one.name))  # fmt: skip
        return
    words = _("Delete the folder of {name} from the site for good? Nobody can look at it or take "
              "it away again; its version is not given again.")  # fmt: skip
    words = escape(words.format(name=one.name))
    st.html(f'<div class="exc exc-notice" role="alert"><strong>{words}</strong></div>')
    with st.container(horizontal=True, key="delete-sure-ways"):
        st.button(_("Delete it for good"), key="delete-sure", type="tertiary",
                  on_click=delete, args=(workshop, one.name))  # fmt: skip
        st.button(_("Leave it"), key="delete-not", type="tertiary",
                  on_click=st.session_state.pop, args=(ASKED, None))  # fmt: skip


def delete(workshop: Workshop, name: str) -> None:
    """Remove it; what went wrong is shown where the releases are."""
    st.session_state.pop(ASKED, None)
    try:
        delete_release(workshop, here(workshop).person_id, name)
    except ExcavateError as error:
        st.session_state[FAILED] = error


show()
