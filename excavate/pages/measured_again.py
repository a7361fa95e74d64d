"""The gap that a counter-dataset answers, measured again: before, after, and a way to do it."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from excavate.components.measured_again_html import again_html
from excavate.counter.measured_again import measured_of, stands
from excavate.i18n import _, speak
from excavate.pages import made_job
from excavate.pages.parts import show_error
from excavate.pages.who import reaches

if TYPE_CHECKING:
    from excavate.counter.records import Plan
    from excavate.site import Site
    from excavate.workshop.store import Workshop

KIND = "measure"


def show_measured_again(site: Site, workshop: Workshop, plan: Plan) -> None:
    """What was measured again of a plan, and the press that measures it; draws into the page."""
    plan_id = plan.given.plan_id
    words = _("The gap that it answers, without and with its members: by the same reference, "
              "encoder and parameters.")  # fmt: skip
    st.html(
        f'<div class="exc"><h2>{escape(_("Measured again"))}</h2>'
        f'<p class="exc-note">{escape(words)}</p></div>'
    )
    found = measured_of(site, plan_id, workshop)
    drawn = "".join(again_html(one, stands=stands(site, workshop, one)) for one in found)
    empty = escape(_("Nobody has measured again yet. That is no difference of zero."))
    st.html(f'<section class="exc">{drawn or f"<p class=exc-notice>{empty}</p>"}</section>')
    if made_job.running():
        show_progress()
        return
    show_failed(plan_id)
    if reaches(workshop, "participant"):
        st.button(_("Measure again"), key="measure-again", on_click=made_job.start,
                  args=(KIND, plan_id))  # fmt: skip


@st.fragment(run_every="2s")
def show_progress() -> None:
    """That it is under way, and how far; the whole page runs again when it is done."""
    speak(st.session_state["lang"])  # a fragment runs alone: nobody else has set the language
    if not made_job.running():
        st.rerun()
    st.html(made_job.progress_html())
    if made_job.may_stop():
        st.button(_("Stop it"), key="made-stop", on_click=made_job.stop)


def show_failed(plan_id: str, kind: str = KIND) -> None:
    """Why the last one that was started of this plan did not come to its end."""
    failed = made_job.failure(plan_id, kind)
    if failed is not None:
        show_error(failed)
