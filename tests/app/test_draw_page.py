"""The Draw page: begun by who leads, for whoever takes part, never for what somebody holds back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from excavate.counter.exercises import exercises, ready_plan
from excavate.counter.plans import plan_faults, plans, write_plan
from excavate.workshop.absences import GivenAbsence, say
from excavate.workshop.authors import Author
from excavate.workshop.ids import new_id
from excavate.workshop.store import Workshop
from tests.app.entering import SharedRoom


def begun(workshop: Workshop, who: Author, **change: Any) -> str:
    plan_id = new_id()
    write_plan(workshop, who, plan_id, replace(ready_plan(plan_id, "digits", "ko"), **change))
    return plan_id


def words(app: Any) -> str:
    return "\n".join(str(one.proto.body) for one in app.get("html"))


def sheets(app: Any) -> list[Any]:
    return [one for one in app.get("bidi_component") if "canvas" in str(one)]


def test_who_leads_begins_it_by_one_press_and_the_others_wait(shared_room: SharedRoom) -> None:
    leader, mirae = shared_room.enter("Leader", "facilitator"), shared_room.enter("Mirae")
    waiting = shared_room.run("draw.py", mirae, lang="en")
    assert [one.label for one in waiting.button] == []
    assert "It has not begun yet" in words(waiting)
    desk = shared_room.run("draw.py", leader, lang="ko")
    next(one for one in desk.button if one.label == "이 활동 시작하기").click()
    desk.run()
    (plan,) = plans(shared_room.workshop)
    assert (plan.given.name, plan.given.against) == ("whose-hand", "digits")
    assert (plan.given.title_ko, plan.given.title_en) == (
        "누구의 손이 없는가?", "Whose hand is missing?",
    )  # fmt: skip
    there = shared_room.run("draw.py", mirae, lang="en")
    assert "Whose hand is missing?" in words(there)
    assert sheets(there)


def test_nothing_is_drawn_for_what_somebody_refuses(shared_room: SharedRoom) -> None:
    mirae = shared_room.enter("Mirae")
    absence = new_id()
    say(shared_room.workshop, mirae, GivenAbsence(absence, "Not for you", type="refused"))
    plan_id = begun(shared_room.workshop, mirae, answers=(absence,))
    app = shared_room.run("draw.py", mirae, plan=plan_id, lang="en")
    assert "Nothing is drawn for this one" in words(app)
    assert not sheets(app)


def test_who_only_looks_is_told_so(shared_room: SharedRoom) -> None:
    leader, viewer = shared_room.enter("Leader", "facilitator"), shared_room.enter("", "viewer")
    plan_id = begun(shared_room.workshop, leader)
    app = shared_room.run("draw.py", viewer, plan=plan_id, lang="en")
    assert "You look only" in words(app)
    assert not sheets(app)


def test_the_ready_exercise_is_whole_in_both_languages() -> None:
    for one in exercises():
        for name in ("title", "statement", "excluded", "consent", "decides"):
            assert one[f"{name}_ko"]
            assert one[f"{name}_en"]
    for language in ("ko", "en"):
        assert list(plan_faults(ready_plan(new_id(), "digits", language))) == []
