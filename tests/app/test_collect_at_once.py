"""Many items put in by one press: all of them or none, and nothing that was typed is lost."""

from __future__ import annotations

import re

from excavate.counter.members import members
from excavate.counter.plans import write_plan
from excavate.counter.records import GivenPlan
from excavate.workshop.ids import new_id
from tests.app.counter_made import absence_of, plan_in
from tests.app.entering import SharedRoom
from tests.app.test_find import field, press
from tests.app.test_pages import text

ITEMS = [f"digits/all/{number}" for number in (9, 3, 8, 4, 7)]


def test_one_press_is_one_writing_and_what_is_wrong_of_all_is_told_once(
    shared_room: SharedRoom,
) -> None:
    mirae = shared_room.enter("Mirae", language="en")
    plan = plan_in(shared_room, mirae)
    app = shared_room.run("collect.py", mirae, plan=plan, ids="\n".join(ITEMS), lang="en")
    press(app, "Put what is ticked in")
    told = re.findall(r"<li>.*?</li>", text(app))
    assert [one for one in told if "Why it is in" in one] == [
        "<li><b>Why it is in</b> nothing is written here yet</li>"
    ]
    field(app, "Why they are in").input("They are alike")
    before = shared_room.workshop.version
    press(app, "Put what is ticked in")
    assert shared_room.workshop.version == before + 1
    found = members(shared_room.workshop, plan)
    assert [one.item_id for one in found] == ITEMS, "in the order they were chosen in"
    assert {one.reason for one in found} == {"They are alike"}


def test_nothing_goes_in_where_the_plan_came_to_answer_what_is_refused_meanwhile(
    shared_room: SharedRoom,
) -> None:
    mirae = shared_room.enter("Mirae", language="en")
    plan = plan_in(shared_room, mirae)
    app = shared_room.run("collect.py", mirae, plan=plan, ids="\n".join(ITEMS), lang="en")
    field(app, "Why they are in").input("They are alike")
    refused = absence_of(shared_room, mirae, "We do not give our hands", "refused")
    given = GivenPlan(plan, "hands", "손", statement_ko="말", answers=(refused,))
    write_plan(shared_room.workshop, mirae, new_id(), given)
    press(app, "Put what is ticked in")
    assert members(shared_room.workshop, plan) == []
    assert "A place is kept empty for it" in text(app)
