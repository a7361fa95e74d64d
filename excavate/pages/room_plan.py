"""On the desk: the plan of rounds, ready sessions, and a form for one's own rounds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from html import escape

import streamlit as st

from excavate.components.drafts import forget_typed, keep_typed
from excavate.components.now import GO, ROUND_KINDS
from excavate.components.room_html import prompt_html, round_line
from excavate.i18n import _, _n, spoken
from excavate.workshop.authors import Author
from excavate.workshop.ids import new_id
from excavate.workshop.round_places import put, take_out_planned, to_come
from excavate.workshop.rounds import (
    CLOSED,
    KINDS,
    OPEN,
    PAGES,
    PLANNED,
    GivenRound,
    Round,
    act_on_round,
    correct_round,
    one_round,
    plan_round,
    plan_rounds,
    rounds,
)
from excavate.workshop.sessions import ReadySession, ready_sessions
from excavate.workshop.store import Workshop

Press = Callable[[Callable[[], object]], None]
AGAIN = 180  # seconds of a round that is opened once more
USUAL = 480  # seconds of a round of one's own, until it is said otherwise
SCOPE = "room-plan"


def show_plan(workshop: Workshop, leader: Author, press: Press) -> None:
    """All rounds with what can be done with each, then what can be added."""
    keep_typed(SCOPE)
    plan = rounds(workshop)
    st.html(f'<div class="exc"><h2 class="exc-part">{escape(_("The plan"))}</h2></div>')
    if not plan:
        words = escape(_("Nothing is planned yet. Take a ready session, or plan a round."))
        st.html(f'<p class="exc exc-dashed">{words}</p>')
    ahead = to_come(workshop)
    for one in plan:
        if one.state != CLOSED:
            show_round(workshop, leader, one, press, _ways(one, ahead))
    show_leftovers(workshop, leader, ahead, press)
    show_held(workshop, leader, [one for one in plan if one.state == CLOSED], press)
    show_sessions(workshop, leader, press)
    edited = st.session_state.get("round-edited")
    stands = next((one for one in plan if one.round_id == edited), None)
    title = _("Change this round") if stands else _("Plan a round of my own")
    with st.expander(title, expanded=stands is not None):
        show_form(workshop, leader, stands, press)


def show_held(workshop: Workshop, leader: Author, held: Sequence[Round], press: Press) -> None:
    """The rounds that are closed, folded: they can be opened again."""
    if not held:
        return
    title = _n("{n} round is closed", "{n} rounds are closed", len(held)).format(n=len(held))
    with st.expander(title):
        for one in held:
            show_round(workshop, leader, one, press)


def show_leftovers(
    workshop: Workshop, leader: Author, ahead: Sequence[Round], press: Press
) -> None:
    """Several rounds are taken out together, as those that an earlier session left over."""
    left = sum(not one.judging_id for one in ahead)
    if left < 2:
        return
    with st.expander(_("Take out all that is planned")):
        words = _("The {n} rounds that were not opened yet leave the plan. Rounds of a judging "
                  "stay; so does what was said.").format(n=left)  # fmt: skip
        st.html(f'<p class="exc exc-note">{escape(words)}</p>')
        if st.button(_("Take all of them out"), key="take-out-planned"):
            press(lambda: take_out_planned(workshop, leader, new_id()))


def show_round(
    workshop: Workshop, leader: Author, one: Round, press: Press,
    ways: Sequence[tuple[str, str]] = (),
) -> None:  # fmt: skip
    """One round of the plan; `ways`: to where in it the round can be put."""
    with st.container(key=f"plan-{one.round_id}"):
        st.html(f'<div class="exc exc-round-{one.state}">{round_line(one)}{prompt_html(one)}</div>')
        with st.container(horizontal=True):
            for act, label, seconds in _acts(one):
                if st.button(label, key=f"{act}-{one.round_id}"):
                    press(partial(_do, workshop, leader, one, act, seconds))
            for way, label in ways:
                if st.button(label, key=f"{way}-{one.round_id}", type="tertiary"):
                    press(partial(put, workshop, leader, new_id(), one.round_id, way))


def _ways(one: Round, ahead: Sequence[Round]) -> list[tuple[str, str]]:
    """Where a planned round can be put among those that are to come: (way, button)."""
    if one not in ahead:
        return []
    at, last = ahead.index(one), len(ahead) - 1
    first = [("first", _("Do it next"))] if at > 1 else []
    earlier = [("earlier", _("One earlier"))] if at else []
    return [*earlier, *([("later", _("One later"))] if at < last else []), *first]


def _acts(one: Round) -> list[tuple[str, str, int]]:
    """What can be done with a round in its state: (act, button, seconds)."""
    if one.state == PLANNED:
        return [("open", _("Open"), one.seconds), ("edit", _("Change"), 0),
                ("drop", _("Take out"), 0)]  # fmt: skip
    if one.state == CLOSED:
        again = _n("Open again for {n} minute", "Open again for {n} minutes", AGAIN // 60)
        return [("reopen", again.format(n=AGAIN // 60), AGAIN)]
    return [("edit", _("Change"), 0)]


def _do(workshop: Workshop, leader: Author, one: Round, act: str, seconds: int) -> None:
    if act == "edit":
        st.session_state["round-edited"] = one.round_id
        st.session_state["round-draft"] = new_id()
        return
    act_on_round(workshop, leader, new_id(), one.round_id, act, seconds)


def show_sessions(workshop: Workshop, leader: Author, press: Press) -> None:
    """The three evenings, each a press away; their rounds can be changed before they open."""
    with st.expander(_("Take a ready session"), expanded=not rounds(workshop)):
        for number, session in enumerate(ready_sessions(), 1):
            st.html(f'<div class="exc">{_session_html(number, session)}</div>')
            if st.button(_("Put its rounds into the plan"), key=f"session-{session.name}"):
                press(partial(plan_rounds, workshop, leader, session.given()))


def _session_html(number: int, session: ReadySession) -> str:
    minutes = sum(one.minutes for one in session.rounds)
    kinds = " → ".join(_(ROUND_KINDS[one.kind]) for one in session.rounds)
    long = _n("{n} minute", "{n} minutes", minutes).format(n=minutes)
    return (
        f"<h3>{number}. {escape(session.title[spoken()])} <small>{escape(long)}</small></h3>"
        f"<p>{escape(session.lead[spoken()])}</p>"
        f'<p class="exc-note">{escape(kinds)}</p>'
    )


def show_form(workshop: Workshop, leader: Author, stands: Round | None, press: Press) -> None:
    """A round as a form; what was typed stays until it is written."""
    draft = st.session_state.setdefault("round-draft", new_id())
    with st.form(key=f"round-{draft}", border=False):
        given = fields(draft, stands)
        label = _("Keep the change") if stands else _("Put it into the plan")
        pressed = st.form_submit_button(label, type="primary")
    if stands and st.button(_("Leave it as it was"), key="round-leave"):
        press(_finish)
    if pressed:
        press(lambda: _keep(workshop, leader, draft, given, stands))


def fields(draft: str, stands: Round | None) -> GivenRound:
    """Kind, prompts in both languages, minutes, whether names are hidden, where."""
    shown = stands or Round(draft, "say", "", "", USUAL, anonymous=False, judging_id=None)
    kinds = [shown.kind] if shown.judging_id else [kind for kind in KINDS if kind != "judge"]
    kind = st.selectbox(
        _("Kind"), kinds, kinds.index(shown.kind), key=f"{draft}-kind",
        format_func=lambda k: _(ROUND_KINDS[k]),
    )  # fmt: skip
    ko = st.text_area(_("Prompt in Korean"), shown.prompt_ko, key=f"{draft}-ko")
    en = st.text_area(_("Prompt in English"), shown.prompt_en, key=f"{draft}-en")
    seconds = shown.seconds  # of a round that is open, more time is given on the desk
    if shown.state != OPEN:
        seconds = 60 * int(st.number_input(
            _("Minutes"), 1, 120, max(1, shown.seconds // 60), key=f"{draft}-minutes"
        ))  # fmt: skip
    page = st.selectbox(
        _("Where it is done"), PAGES, PAGES.index(shown.page), key=f"{draft}-page",
        format_func=_page_words,
    )  # fmt: skip
    anonymous = st.checkbox(
        _("Hide names until it closes"), shown.anonymous, key=f"{draft}-anonymous"
    )
    return GivenRound(
        shown.round_id, str(kind), ko, en, seconds, anonymous, shown.judging_id, str(page)
    )


def _page_words(page: str) -> str:
    return _(GO[page]) if page else _("as its kind has it")


def _keep(
    workshop: Workshop, leader: Author, draft: str, given: GivenRound, stands: Round | None
) -> None:
    if stands:
        one_round(workshop, stands.round_id)  # it may have been taken out meanwhile
        correct_round(workshop, leader, draft, given)
    else:
        plan_round(workshop, leader, given)
    _finish()


def _finish() -> None:
    forget_typed(SCOPE)
    st.session_state.pop("round-edited", None)
    st.session_state["round-draft"] = new_id()
