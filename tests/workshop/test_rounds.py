"""Rounds: any sequence of acts against a plain model; clocks that go wrong; two who press."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excavate.errors import NotAllowedError, NotFoundError, RefusedError
from excavate.workshop import store
from excavate.workshop.authors import Author
from excavate.workshop.ids import is_id, new_id
from excavate.workshop.members import enter, open_room
from excavate.workshop.now import now_of
from excavate.workshop.round_places import WAYS, put, reordered, take_out_planned
from excavate.workshop.rounds import (
    ACTS,
    CLOSED,
    FROM,
    OPEN,
    PLANNED,
    GivenRound,
    Round,
    act_on_round,
    correct_round,
    hidden_rounds,
    open_round,
    plan_round,
    plan_rounds,
    rounds,
    states,
)
from excavate.workshop.sessions import ready_sessions
from excavate.workshop.store import Workshop
from tests.workshop.given import author, words

START = datetime(2026, 11, 21, 19, 0)
NAMES = ("a", "b", "c")


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    opened = Workshop(tmp_path)
    yield opened
    opened.close()


def planned(**more: object) -> GivenRound:
    said = {"kind": "say", "prompt_ko": "무엇이 없나요?", "prompt_en": "", "seconds": 300, **more}
    return GivenRound(new_id(), **said)  # type: ignore[arg-type]


def three(workshop: Workshop, who: Author, **more: object) -> list[str]:
    given = [planned(**more) for _name in NAMES]
    plan_rounds(workshop, who, given)
    return [one.round_id for one in given]


def found(workshop: Workshop, round_id: str) -> Round:
    return next(one for one in rounds(workshop) if one.round_id == round_id)


ACTED = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(ACTS), st.integers(1, 900),
              st.integers(-4000, 4000)),
    max_size=30,
)  # fmt: skip


def modelled(acts: list[tuple[str, str, int, int]]) -> dict[str, str]:
    """The plainest model: one lamp in the room, and what was ever lit."""
    lit: str | None = None
    ever: set[str] = set()
    gone: set[str] = set()
    for name, act, _seconds, _at in acts:
        if name in gone:
            continue
        fresh = name not in ever
        if act == "drop" and fresh:
            gone.add(name)
        elif (act == "open" and fresh) or (act == "reopen" and not fresh and lit != name):
            lit = name
            ever.add(name)
        elif act == "close" and lit == name:
            lit = None
    return {n: OPEN if n == lit else CLOSED if n in ever else PLANNED
            for n in NAMES if n not in gone}  # fmt: skip


@given(ACTED)
def test_whatever_was_pressed_the_states_are_those_of_a_plain_model(acts) -> None:
    plan = [Round(name, "say", "가", "", 300, False, None, place=n) for n, name in enumerate(NAMES)]
    written = [(n, act, s, START + timedelta(seconds=at)) for n, act, s, at in acts]
    after = states(plan, written)
    assert {one.round_id: one.state for one in after} == modelled(acts)
    for one in after:
        assert (one.ends_at is not None) == (one.state == OPEN)
        if one.opened_at and one.ends_at:
            assert one.ends_at > one.opened_at


@given(ACTED)
def test_no_clock_changes_a_state(acts) -> None:
    plan = [Round(name, "say", "가", "", 300, False, None) for name in NAMES]
    one = states(plan, [(n, act, s, START + timedelta(seconds=at)) for n, act, s, at in acts])
    other = states(plan, [(n, act, s, START - timedelta(days=at)) for n, act, s, at in acts])
    assert [r.state for r in one] == [r.state for r in other]


@settings(max_examples=15, deadline=None)
@given(acts=st.lists(st.tuples(st.integers(0, 2), st.sampled_from(ACTS)), max_size=8))
def test_written_and_read_again_it_is_the_same(tmp_path_factory, acts) -> None:
    site = tmp_path_factory.mktemp("rounds")
    workshop, who = Workshop(site), author()
    ids = three(workshop, who)
    for place, act in acts:
        try:
            act_on_round(workshop, who, new_id(), ids[place], act, 60)
        except (RefusedError, NotFoundError):
            continue
        assert sum(one.state == OPEN for one in rounds(workshop)) <= 1
    stood = rounds(workshop)
    workshop.close()
    again = Workshop(site)
    assert rounds(again) == stood
    again.close()


def test_opening_closes_the_one_before_in_the_same_write(workshop: Workshop) -> None:
    who = author()
    first, second, _third = three(workshop, who)
    act_on_round(workshop, who, new_id(), first, "open", 300)
    before = workshop.version
    act_on_round(workshop, who, new_id(), second, "open", 300)
    assert workshop.version == before + 1
    assert (found(workshop, first).state, found(workshop, second).state) == (CLOSED, OPEN)


def test_time_that_runs_out_closes_nothing_and_more_time_begins_now(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = author()
    first = three(workshop, who)[0]
    with monkeypatch.context() as patched:
        patched.setattr(store, "datetime", clock(datetime(2020, 1, 1)))
        act_on_round(workshop, who, new_id(), first, "open", 60)
    stands = open_round(workshop)  # it ended years ago, and is open
    assert stands
    assert stands.round_id == first
    assert act_on_round(workshop, who, new_id(), first, "extend", 120)
    ends = found(workshop, first).ends_at
    assert ends
    assert ends > utc()


def test_a_clock_set_back_closes_and_reopens_nothing(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = author()
    first, second, _third = three(workshop, who)
    act_on_round(workshop, who, new_id(), first, "open", 300)
    with monkeypatch.context() as patched:
        patched.setattr(store, "datetime", clock(datetime(2001, 1, 1)))
        act_on_round(workshop, who, new_id(), second, "open", 300)
        assert found(workshop, first).state == CLOSED
        act_on_round(workshop, who, new_id(), second, "close")
        act_on_round(workshop, who, new_id(), first, "reopen", 60)
    assert (found(workshop, first).state, found(workshop, second).state) == (OPEN, CLOSED)
    told = now_of(workshop)["round"]
    assert told["most"] == 60_000  # a page never counts down from more than was given


def clock(moment: datetime) -> type[datetime]:
    class Set(datetime):
        @classmethod
        def now(cls, tz=None):  # type: ignore[no-untyped-def]
            return moment.replace(tzinfo=tz)

    return Set


def utc() -> datetime:
    from datetime import UTC

    return datetime.now(UTC).replace(tzinfo=None)


def test_two_press_at_once_and_one_round_is_open(workshop: Workshop) -> None:
    mine, other = author("Mirae"), author("Jun")
    ids = three(workshop, mine)
    for _turn in range(5):
        start = threading.Barrier(2)
        errors: list[Exception] = []

        def press(who: Author, round_id: str, start=start, errors=errors) -> None:
            start.wait()
            act = "open" if found(workshop, round_id).state == PLANNED else "reopen"
            try:
                act_on_round(workshop, who, new_id(), round_id, act, 60)
            except RefusedError as error:
                errors.append(error)

        both = [threading.Thread(target=press, args=(who, round_id))
                for who, round_id in ((mine, ids[0]), (other, ids[1]))]  # fmt: skip
        for one in both:
            one.start()
        for one in both:
            one.join()
        assert errors == []
        assert sum(one.state == OPEN for one in rounds(workshop)) == 1


def test_what_is_pressed_twice_is_done_once(workshop: Workshop) -> None:
    who = author()
    first = three(workshop, who)[0]
    act_id = new_id()
    assert act_on_round(workshop, who, act_id, first, "open", 300)
    assert not act_on_round(workshop, who, act_id, first, "open", 300)
    ends = found(workshop, first).ends_at
    assert not act_on_round(workshop, who, new_id(), first, "open", 900)
    assert found(workshop, first).ends_at == ends
    more = new_id()
    assert act_on_round(workshop, who, more, first, "extend", 60)
    assert not act_on_round(workshop, who, more, first, "extend", 60)
    assert found(workshop, first).ends_at == ends + timedelta(seconds=60)
    assert act_on_round(workshop, who, new_id(), first, "close")
    assert not act_on_round(workshop, who, new_id(), first, "close")


@pytest.mark.parametrize("state", [PLANNED, OPEN, CLOSED])
@pytest.mark.parametrize("act", ACTS)
def test_an_act_that_a_round_is_in_no_state_for_is_refused(workshop, state, act) -> None:
    who = author()
    first = three(workshop, who)[0]
    if state != PLANNED:
        act_on_round(workshop, who, new_id(), first, "open", 60)
    if state == CLOSED:
        act_on_round(workshop, who, new_id(), first, "close")
    done = {"open": OPEN, "close": CLOSED, "reopen": OPEN}.get(act) == state
    if FROM[act] == state:
        assert act_on_round(workshop, who, new_id(), first, act, 60)
    elif done:
        assert not act_on_round(workshop, who, new_id(), first, act, 60)
    else:
        with pytest.raises(RefusedError) as refused:
            act_on_round(workshop, who, new_id(), first, act, 60)
        assert "look again" in str(refused.value.faults[0])


def test_names_are_hidden_until_it_closes(workshop: Workshop) -> None:
    who = author()
    first, second, third = three(workshop, who, anonymous=True)
    assert hidden_rounds(workshop) == {first, second, third}
    act_on_round(workshop, who, new_id(), first, "open", 60)
    assert first in hidden_rounds(workshop)
    act_on_round(workshop, who, new_id(), second, "open", 60)
    assert hidden_rounds(workshop) == {second, third}


def test_all_faults_of_a_round_are_told_at_once(workshop: Workshop) -> None:
    bad = GivenRound("no id", "dance", "", "\u202e", 0, page="nowhere")
    with pytest.raises(RefusedError) as refused:
        plan_round(workshop, Author(new_id(), "", "ko", ""), bad)
    places = [fault.place for fault in refused.value.faults]
    assert places[:2] == ["Your name", "Consent"]
    assert {"Round", "Kind", "Prompt", "Time", "Where"} <= set(places)
    assert rounds(workshop) == ()


@settings(max_examples=20, deadline=None)
@given(ko=words(40), en=words(40))
def test_a_prompt_comes_back_as_it_was_written(tmp_path_factory, ko: str, en: str) -> None:
    workshop = Workshop(tmp_path_factory.mktemp("prompts"))
    given_round = planned(prompt_ko=ko, prompt_en=en)
    plan_round(workshop, author(), given_round)
    stands = rounds(workshop)[0]
    assert stands.prompt("ko") == (ko.strip(), "ko")
    assert stands.prompt("en") == (en.strip(), "en")
    workshop.close()


def test_a_prompt_in_one_language_is_shown_as_such_in_the_other() -> None:
    assert Round("r", "say", "가", "", 1, False, None).prompt("en") == ("가", "ko")
    assert Round("r", "say", "", "a", 1, False, None).prompt("ko") == ("a", "en")


def test_a_round_is_changed_but_not_what_was_promised(workshop: Workshop) -> None:
    who = author()
    given_round = planned(anonymous=True)
    plan_round(workshop, who, given_round)
    act_on_round(workshop, who, new_id(), given_round.round_id, "open", 60)
    shown = GivenRound(given_round.round_id, "say", "무엇이", "What", 300, anonymous=False)
    with pytest.raises(RefusedError, match="it was opened as it is"):
        correct_round(workshop, who, new_id(), shown)
    same = GivenRound(given_round.round_id, "say", "무엇이", "What", 300, anonymous=True)
    assert correct_round(workshop, who, new_id(), same)
    assert (found(workshop, same.round_id).prompt_en, open_round(workshop) is None) == (
        "What",
        False,
    )


def test_only_a_facilitator_leads(tmp_path: Path) -> None:
    workshop = Workshop(tmp_path, shared=True)
    open_room(workshop, "A room")
    leader, guest = author("Leader"), author("Guest")
    enter(workshop, leader, "facilitator")
    enter(workshop, guest)
    given_round = planned()
    with pytest.raises(NotAllowedError):
        plan_round(workshop, guest, given_round)
    plan_round(workshop, leader, given_round)
    with pytest.raises(NotAllowedError):
        act_on_round(workshop, guest, new_id(), given_round.round_id, "open", 60)
    assert found(workshop, given_round.round_id).state == PLANNED
    act_on_round(workshop, leader, new_id(), given_round.round_id, "open", 60)
    assert open_round(workshop)
    workshop.close()


def test_ready_sessions_go_into_the_plan_in_their_order(workshop: Workshop) -> None:
    sessions = ready_sessions()
    assert [set(one.title) for one in sessions] == [{"ko", "en"}] * 3
    for session in sessions:
        given_rounds = session.given()
        assert all(one.prompt_ko and one.prompt_en and is_id(one.round_id) for one in given_rounds)
        plan_rounds(workshop, author(), given_rounds)
    asked = [one.ko for session in sessions for one in session.rounds]
    assert [one.prompt_ko for one in rounds(workshop)] == asked


def test_what_goes_on_is_small(workshop: Workshop) -> None:
    import json

    who = author()
    first = three(workshop, who)[0]
    act_on_round(workshop, who, new_id(), first, "open", 60)
    assert len(json.dumps(now_of(workshop), ensure_ascii=False).encode()) < 600


@given(st.data())
def test_a_round_put_elsewhere_moves_no_other_past_another(data):
    planned = [Round(str(n), "say", "a", "", 60, False, None, place=n) for n in range(6)]
    moved = data.draw(st.sampled_from(planned))
    way = data.draw(st.sampled_from(WAYS))
    order = reordered(planned, moved.round_id, way)
    assert [one for one in order if one != moved] == [one for one in planned if one != moved]
    goal = {"first": 0, "earlier": moved.place - 1, "later": moved.place + 1}[way]
    assert order.index(moved) == min(max(goal, 0), len(planned) - 1)


def test_the_plan_is_put_in_order_and_only_what_is_to_come_moves(workshop):
    who = author("Mirae")
    first, second, third = three(workshop, who)
    act_on_round(workshop, who, new_id(), first, "open", 60)
    act_on_round(workshop, who, new_id(), first, "close")
    press = new_id()
    assert put(workshop, who, press, third, "earlier")
    assert not put(workshop, who, press, third, "later")  # the press of before, once more
    assert [one.round_id for one in rounds(workshop)] == [first, third, second]
    assert not put(workshop, who, new_id(), second, "later")
    assert put(workshop, who, new_id(), second, "first")
    assert [one.round_id for one in rounds(workshop)] == [first, second, third]
    with pytest.raises(RefusedError):
        put(workshop, who, new_id(), first, "later")
    correct_round(workshop, who, new_id(), replace(planned(), round_id=second))
    assert [one.round_id for one in rounds(workshop)] == [first, second, third]


def test_leftovers_leave_the_plan_at_once_and_judgings_stay(workshop):
    who = author("Mirae")
    first, *_others = three(workshop, who)
    judged = planned(kind="judge", judging_id=new_id())
    plan_round(workshop, who, judged)
    act_on_round(workshop, who, new_id(), first, "open", 60)
    press = new_id()
    assert take_out_planned(workshop, who, press) == 2
    assert take_out_planned(workshop, who, press) == 0
    assert [one.round_id for one in rounds(workshop)] == [first, judged.round_id]


def test_a_retry_that_had_come_through_is_none_the_worse(workshop: Workshop) -> None:
    """An extension is pressed, its answer is lost, the round closes, the press is sent again."""
    leader = author("Leader")
    [first, *_others] = three(workshop, leader)
    act_on_round(workshop, leader, new_id(), first, "open", 60)
    more = new_id()
    assert act_on_round(workshop, leader, more, first, "extend", 60)
    act_on_round(workshop, leader, new_id(), first, "close")
    assert not act_on_round(workshop, leader, more, first, "extend", 60)
