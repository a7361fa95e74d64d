"""Mending one's own words while names are hidden."""

from __future__ import annotations

from excavate.workshop.ids import new_id
from excavate.workshop.rounds import GivenRound, act_on_round, plan_round
from tests.app.board_made import told
from tests.app.test_pages import text

SAID = "what you change here stands under your name"


def test_who_corrects_in_an_anonymous_round_what_they_said_before_is_told_of_their_name(
    shared_room,
) -> None:
    leader, mirae = shared_room.enter("Leader", "facilitator"), shared_room.enter("Mirae")
    early = told(shared_room.workshop, mirae, "Said before")
    assert SAID not in text(shared_room.run("absence.py", mirae, id=early, lang="en"))
    plan = GivenRound(new_id(), "say", "무엇이?", "What?", 300, anonymous=True)
    plan_round(shared_room.workshop, leader, plan)
    act_on_round(shared_room.workshop, leader, new_id(), plan.round_id, "open", 300)
    assert SAID in text(shared_room.run("absence.py", mirae, id=early, lang="en"))
    late = told(shared_room.workshop, mirae, "Said in it")
    assert SAID not in text(shared_room.run("absence.py", mirae, id=late, lang="en"))
