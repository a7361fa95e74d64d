"""What the room is told of its time: after the close, by year, never one person by difference."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from excavate.workshop.authors import Author
from excavate.workshop.ids import new_id
from excavate.workshop.labour import choose
from excavate.workshop.labour_sums import RoomTime, given_to
from excavate.workshop.rounds import act_on_round
from excavate.workshop.store import Row
from excavate.workshop.withdrawing import given_by, hide
from tests.workshop.given import author
from tests.workshop.test_judging import Room

NEW_YEAR = datetime(2025, 12, 31, 15, 0)  # in Seoul


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path)
    yield made
    made.workshop.close()


def counted(room: Room, minutes: float, started: datetime, who: Author | None = None) -> Author:
    who = who or author(new_id())
    choose(room.workshop, who, new_id(), True)
    columns = {"activity": "judge", "about": room.judging_id, "started_at": started,
               "seconds": 60 * minutes}  # fmt: skip
    room.workshop.write([Row("labour", new_id(), who.person_id, columns)])
    return who


def earlier() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None) - timedelta(minutes=10)


def test_minutes_are_of_the_year_they_were_given_in(room):
    before, after = NEW_YEAR - timedelta(seconds=1), NEW_YEAR
    for minutes in (1, 2, 3):
        counted(room, minutes, before)
    for minutes in (4, 5):
        counted(room, minutes, after)
    room.close()
    assert given_to(room.workshop, room.judging_id).years == (RoomTime(2025, 3, 6),)
    act_on_round(room.workshop, room.leader, new_id(), room.round_id, "reopen", 60)
    counted(room, 6, after)
    room.close()
    found = given_to(room.workshop, room.judging_id)
    assert found.years == (RoomTime(2025, 3, 6), RoomTime(2026, 3, 15))
    assert len(found.people) == 6


def test_nothing_is_told_before_the_close_nor_of_fewer_than_three(room):
    for _n in range(2):
        counted(room, 1, earlier())
    room.close()
    assert given_to(room.workshop, room.judging_id).years == ()
    act_on_round(room.workshop, room.leader, new_id(), room.round_id, "reopen", 60)
    counted(room, 1.4, earlier())
    room.close()
    [told] = given_to(room.workshop, room.judging_id).years
    assert (told.people, told.minutes) == (3, 3), "in whole minutes"


def test_a_sum_is_not_told_while_the_first_round_is_open(room):
    for _n in range(3):
        counted(room, 1, earlier())
    assert given_to(room.workshop, room.judging_id).years == ()


def test_one_more_is_told_with_two_others_only(room):
    for _n in range(3):
        counted(room, 10, earlier())
    room.close()
    [first] = given_to(room.workshop, room.judging_id).years
    for _n in range(2):
        counted(room, 7, earlier())
        assert given_to(room.workshop, room.judging_id).years == (first,)
    counted(room, 7, earlier())
    [second] = given_to(room.workshop, room.judging_id).years
    assert (second.people, second.minutes) == (6, 51)


def test_who_takes_their_time_back_is_not_told_by_what_is_left(room):
    people = [counted(room, 10, earlier()) for _n in range(4)]
    room.close()
    assert given_to(room.workshop, room.judging_id).years
    [day] = [g for g in given_by(room.workshop, people[0].person_id) if g.table == "labour"]
    hide(room.workshop, people[0], new_id(), "labour", day.what_id)
    assert given_to(room.workshop, room.judging_id).years == ()
