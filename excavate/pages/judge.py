"""Look and judge: the same pictures and one question, each alone; then where people disagree."""

from __future__ import annotations

from datetime import datetime
from html import escape

import streamlit as st

from excavate.components.addresses import judging_progress_url
from excavate.components.faces import MARK, blurred_of
from excavate.components.judging_desk import KEY, LATE_KEY, show_desk, show_late
from excavate.components.judging_words import progress_sentence
from excavate.components.live import follow
from excavate.errors import ExcavateError, NotFoundError, RefusedError
from excavate.i18n import DEFAULT, _, speak, spoken
from excavate.pages.ground import head, workshop_or_notice
from excavate.pages.judge_author import begin_as, judge_here, somebody_else
from excavate.pages.judge_rounds import show_judgings
from excavate.pages.judge_set_up import show_set_up
from excavate.pages.judged import show_judged
from excavate.pages.parts import link, notice, show_error, site_or_notice
from excavate.pages.who import reaches
from excavate.routes import served_site
from excavate.site import Site
from excavate.workshop.authors import Author
from excavate.workshop.ids import new_id
from excavate.workshop.judging import (
    GivenJudgement,
    Judging,
    judge,
    one_judging,
    own,
    progress,
    rounds_of,
)
from excavate.workshop.rounds import CLOSED, Round, act_on_round, open_round, rounds
from excavate.workshop.store import Workshop

TAKEN_KEPT = 400  # ids of answers that the desk may still ask after


def show() -> None:
    """The whole page."""
    site, workshop = site_or_notice(), workshop_or_notice()
    if site is None or workshop is None:
        return
    asked = st.query_params.get("id", "")
    now = judged_now(workshop)
    if st.query_params.get("new") and reaches(workshop, "facilitator"):
        show_set_up(site, workshop)
    elif now and asked in ("", now[0].judging_id):
        show_open(workshop, *now)
    elif asked:
        show_chosen(site, workshop, asked)
    else:
        show_newest(site, workshop)
    follow(workshop, "round")


def show_newest(site: Site, workshop: Workshop) -> None:
    """What came of the judging that was closed last, then all judgings; those alone at first."""
    newest = last_closed(workshop)
    if newest is None:
        show_judgings(site, workshop)
        return
    show_judged(site, workshop, newest)
    show_judgings(site, workshop, below=newest)


def last_closed(workshop: Workshop) -> Judging | None:
    """The judging whose round was opened last, of those that are closed; None before one is."""
    held = [one for one in rounds(workshop) if one.judging_id and one.state == CLOSED]
    for one in sorted(held, key=lambda one: one.opened_at or datetime.min, reverse=True):
        try:
            return one_judging(workshop, str(one.judging_id))
        except NotFoundError:
            continue
    return None


def judged_now(workshop: Workshop) -> tuple[Judging, Round] | None:
    """What is judged in the round that is open; None where no such round is."""
    one = open_round(workshop)
    if one is None or not one.judging_id:
        return None
    try:
        return one_judging(workshop, one.judging_id), one
    except NotFoundError:
        return None


def show_chosen(site: Site, workshop: Workshop, judging_id: str) -> None:
    """What came of one judging; told in words where there is none by this id."""
    try:
        judging = one_judging(workshop, judging_id)
    except NotFoundError:
        head(_("Look and judge"))
        notice(_("This room holds no such judging"), _("The link may have been cut short."))
        st.html(f'<p class="exc exc-ways">{link("judge", _("See all judgings"))}</p>')
        return
    author = judge_here(workshop) if reaches(workshop, "participant") else None
    newest = rounds_of(workshop, judging_id)[-1:]
    if author is not None and newest and newest[0].state == CLOSED:
        late(workshop, author, judging, newest[0].round_id)
    show_judged(site, workshop, judging)


@st.fragment
def late(workshop: Workshop, author: Author, judging: Judging, round_id: str) -> None:
    """What was on its way when the round was closed; what the desk left undone is told."""
    speak(st.session_state.get("lang", DEFAULT))
    taken: list[str] = st.session_state.setdefault("judge-taken", [])

    def take() -> None:
        given = st.session_state[f"{LATE_KEY}-{round_id}"].get("given") or []
        keep(workshop, author, judging, round_id, given, taken)

    show_late(round_id, taken[-TAKEN_KEPT:], take)


def show_open(workshop: Workshop, judging: Judging, now: Round) -> None:
    """The open round: the facilitator's bar, and the desk for whoever judges.

    The link names it from now on: once it is closed, this page shows what came of it.
    """
    st.query_params["id"] = judging.judging_id
    if reaches(workshop, "facilitator"):
        show_bar(workshop, judging, now)
    if not reaches(workshop, "participant"):
        body = _("You look only. Ask the facilitator if you wish to judge, too.")
        notice(_("The room is judging now"), body)
        return
    author = judge_here(workshop)
    if author is None:
        head(_("Look and judge"))
        begin_as(workshop, judging, now.round_id)
        return
    desk(workshop, author, judging, now.round_id)
    words = _("Alone, at your own pace. Nobody sees your answers before the round is closed; then "
              "the room sees them, with your reasons and your name.")  # fmt: skip
    st.html(f'<p class="exc exc-note">{escape(words)}</p>')
    somebody_else(workshop)


def show_bar(workshop: Workshop, judging: Judging, now: Round) -> None:
    """How far the room is, followed live, and the press that closes the round."""
    address = escape(judging_progress_url(judging.judging_id, now.round_id, spoken()))
    told, press = st.columns([3, 1], vertical_alignment="center")
    far = progress_sentence(progress(workshop, judging, now.round_id))
    told.html(f'<div class="exc exc-desk-far" data-live="judge" data-href="{address}">{far}</div>')
    author = judge_here(workshop)
    if author is not None:
        press.button(
            _("Close the round"), on_click=close, args=(workshop, author, now),
            use_container_width=True,
        )  # fmt: skip


def close(workshop: Workshop, author: Author, now: Round) -> None:
    """Close the round: what was said in it is shown from now on."""
    try:
        act_on_round(workshop, author, new_id(), now.round_id, "close")
    except ExcavateError as error:
        show_error(error)


@st.fragment
def desk(workshop: Workshop, author: Author, judging: Judging, round_id: str) -> None:
    """The desk alone runs again with an answer, not the page."""
    speak(st.session_state.get("lang", DEFAULT))  # the page does not run: nobody has said it yet
    taken: list[str] = st.session_state.setdefault("judge-taken", [])

    def take() -> None:
        given = st.session_state[f"{KEY}-{round_id}"].get("given") or []
        st.session_state["judge-told"] = keep(workshop, author, judging, round_id, given, taken)

    answers = own(workshop, judging.judging_id, round_id, author.person_id)
    items = tuple(item.item_id for item in judging.items)
    marks = [MARK if one else "" for one in blurred_of(served_site(), items)]
    show_desk(judging, round_id, answers, taken[-TAKEN_KEPT:], take, marks)
    for error in st.session_state.pop("judge-told", []):
        show_error(error)


def keep(
    workshop: Workshop,
    author: Author,
    judging: Judging,
    round_id: str,
    given: list[dict[str, object]],
    taken: list[str],
) -> list[ExcavateError]:
    """Write what the desk gave; `taken` gets the ids of what stands. Returns what went wrong.

    What can never be written is taken, too: the desk would send it for ever.
    """
    told: list[ExcavateError] = []
    for one in given:
        try:
            judge(workshop, author, read(judging, round_id, one))
        except (RefusedError, NotFoundError) as error:
            told.append(error)
        except ExcavateError as error:  # closed meanwhile, a full disk: the desk tries again
            told.append(error)
            continue
        taken.append(str(one.get("id")))
    return told


def read(judging: Judging, round_id: str, one: dict[str, object]) -> GivenJudgement:
    """An answer as the browser sends it: nothing of it is trusted."""
    number = one.get("number")
    return GivenJudgement(
        str(one.get("id")), judging.judging_id, round_id,
        number if isinstance(number, int) else -1, str(one.get("choice")),
        str(one.get("reason") or ""),
    )  # fmt: skip


show()
