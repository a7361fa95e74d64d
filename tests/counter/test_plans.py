"""Plans: every version stays, who may write the next, and what nothing may fill."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from excavate.counter.members import add_member, members
from excavate.counter.plans import (
    answered,
    one_plan,
    plan_named,
    plan_versions,
    plans,
    takes_only_empty,
    write_plan,
)
from excavate.counter.records import Wanted
from excavate.errors import NotAllowedError, NotFoundError, RefusedError
from excavate.settings import Settings
from excavate.workshop.absences import GivenAbsence, say, sort
from excavate.workshop.ids import new_id
from excavate.workshop.withdrawing import hide, show_again
from tests.counter.planned import (
    a_plan,
    entered,
    given_drawn,
    given_empty,
    planned,
    put,
    said_absence,
)
from tests.workshop.given import author, words


def test_a_version_never_overwrites_one(workshop):
    who, given = author(), a_plan(wanted=(Wanted("left hands", 13),))
    assert write_plan(workshop, who, given.plan_id, given)
    assert not write_plan(workshop, who, given.plan_id, given), "a retry is harmless"
    pressed, later = new_id(), replace(given, title_ko="손들", excluded_ko="얼굴")
    assert write_plan(workshop, who, pressed, later)
    assert not write_plan(workshop, who, pressed, later)
    assert [one.given for one in plan_versions(workshop, given.plan_id)] == [given, later]
    assert [one.version for one in plan_versions(workshop, given.plan_id)] == [1, 2]
    assert one_plan(workshop, given.plan_id).given == later
    assert one_plan(workshop, given.plan_id, 1).given == given
    assert [one.given.name for one in plans(workshop)] == ["hands"]
    assert plan_named(workshop, "hands").version == 2
    with pytest.raises(NotFoundError, match="hands"):
        plan_named(workshop, "feet")


@given(title=words(200), statement=words(300), what=words(100), count=st.integers(1, 1_000_000))
@settings(max_examples=15, deadline=None,
          suppress_health_check=[*HealthCheck])  # fmt: skip
def test_what_is_given_is_read_back(workshop, title, statement, what, count):
    number = len(plans(workshop))
    given = a_plan(name=f"p{number}", title_ko=title.strip(), statement_en=statement.strip(),
                   wanted=(Wanted(what.strip(), count),))  # fmt: skip
    assert write_plan(workshop, author(), given.plan_id, given)
    assert one_plan(workshop, given.plan_id).given == given


def test_every_fault_is_told_at_once(workshop):
    given = a_plan(name="Hände!", title_ko="", statement_en="", licence="mine",
                   wanted=(Wanted("", 0), Wanted("x", -1)), answers=("x",))  # fmt: skip
    with pytest.raises(RefusedError) as refused:
        write_plan(workshop, author(""), given.plan_id, given)
    places = [fault.place for fault in refused.value.faults]
    assert set(places) == {"Your name", "Short name", "Title", "Statement of the plan", "Licence",
                           "How many of what", "Absences it answers"}  # fmt: skip
    assert plans(workshop) == []


def test_a_name_is_one_plan_s(workshop):
    who = author()
    plan_id = planned(workshop, who)
    with pytest.raises(RefusedError, match="another counter-dataset has this name"):
        planned(workshop, who)
    assert write_plan(workshop, who, new_id(), a_plan(plan_id, title_ko="손 둘")), "its own it may"


def test_the_next_version_is_its_author_s_or_a_reviewer_s(shared_room):
    who, other, reviewer = (entered(shared_room, r) for r in ("participant",) * 2 + ("reviewer",))
    plan_id = planned(shared_room, who)
    with pytest.raises(NotAllowedError, match="who made a plan"):
        write_plan(shared_room, other, new_id(), a_plan(plan_id, title_ko="남의 것"))
    assert write_plan(shared_room, reviewer, new_id(), a_plan(plan_id, title_ko="함께"))
    assert write_plan(shared_room, who, new_id(), a_plan(plan_id, title_ko="다시"))
    assert [one.shown_name for one in plan_versions(shared_room, plan_id)] == [
        "participant", "reviewer", "participant",
    ]  # fmt: skip
    with pytest.raises(NotAllowedError):
        planned(shared_room, entered(shared_room, "viewer"), name="looked-at")


@pytest.mark.parametrize("kind", ["refused", "redacted", "withdrawn"])
def test_what_was_refused_redacted_or_withdrawn_takes_empty_places_only(workshop, kind):
    who = author()
    plan_id = planned(workshop, who, answers=(said_absence(workshop, who, kind),))
    assert takes_only_empty(workshop, one_plan(workshop, plan_id))
    with pytest.raises(RefusedError, match="only a place kept empty"):
        add_member(workshop, who, given_drawn(plan_id), Settings(), None)
    put(workshop, who, given_empty(plan_id))
    assert [one.kind for one in members(workshop, plan_id)] == ["empty"]


def test_a_plan_that_holds_pictures_takes_no_absence_that_is_refused(workshop):
    who = author()
    plan_id = planned(workshop, who, answers=(said_absence(workshop, who),))
    put(workshop, who, given_drawn(plan_id))
    refused = said_absence(workshop, who, "refused")
    with pytest.raises(RefusedError, match="is not filled"):
        write_plan(workshop, who, new_id(), a_plan(plan_id, answers=(refused,)))


def test_what_most_people_call_refused_is_not_filled_either(workshop):
    who = author()
    absence_id = said_absence(workshop, who)
    plan_id = planned(workshop, who, answers=(absence_id,))
    for n in range(2):
        sort(workshop, author(f"P{n}"), new_id(), absence_id, "refused")
    with pytest.raises(RefusedError, match="only a place kept empty"):
        add_member(workshop, who, given_drawn(plan_id), Settings(), None)


def test_what_is_one_s_own_is_answered_and_shown_to_nobody_else(shared_room):
    """A private absence: its author sees it in the plan, others do not; it counts all the same."""
    who, other = entered(shared_room, "participant"), entered(shared_room, "reviewer")
    absence_id = new_id()
    private = GivenAbsence(absence_id, "mine alone", visibility="private", type="refused")
    say(shared_room, who, private)
    plan_id = planned(shared_room, who, answers=(absence_id,))
    assert write_plan(shared_room, other, new_id(), a_plan(plan_id, answers=(absence_id,)))
    plan = one_plan(shared_room, plan_id)
    assert answered(shared_room, plan) == []
    assert answered(shared_room, plan, other.person_id, role="facilitator") == []
    mine = answered(shared_room, plan, who.person_id)
    assert [one.statement for one in mine] == ["mine alone"]
    assert takes_only_empty(shared_room, plan)


def test_a_plan_answers_only_what_its_author_sees(workshop):
    who = author()
    with pytest.raises(RefusedError, match="no such absence that you see"):
        planned(workshop, who, answers=(new_id(),))


def test_with_its_plan_a_member_is_out_of_every_view(workshop):
    who = author()
    plan_id = planned(workshop, who)
    put(workshop, who, given_drawn(plan_id))
    what = f"plan/{plan_id}/{who.person_id}"
    assert hide(workshop, who, new_id(), "plan", what)
    assert plans(workshop) == []
    assert members(workshop, plan_id) == []
    with pytest.raises(NotFoundError):
        one_plan(workshop, plan_id)
    assert show_again(workshop, who, new_id(), "plan", what)
    assert len(members(workshop, plan_id)) == 1
