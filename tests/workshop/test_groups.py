"""Groups: dealt out evenly, moved one by one, nobody lost; a late comer is seen."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excavate.errors import NotAllowedError, NotFoundError, RefusedError
from excavate.workshop.about import About
from excavate.workshop.absences import GivenAbsence, absences, say
from excavate.workshop.authors import Author
from excavate.workshop.groups import (
    apart,
    deal_late,
    end_groups,
    groups,
    in_room,
    make_groups,
    move,
    rename_group,
    set_apart,
    without_group,
)
from excavate.workshop.ids import new_id
from excavate.workshop.members import enter, leave, open_room, set_role
from excavate.workshop.presence import AWAY_AFTER, FORGOTTEN_AFTER, Presence
from excavate.workshop.roles import role_in
from excavate.workshop.store import Workshop
from tests.workshop.given import author


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    opened = shared(tmp_path)
    yield opened
    opened.close()


def shared(site: Path) -> Workshop:
    opened = Workshop(site, shared=True)
    open_room(opened, "A room")
    return opened


def come(workshop: Workshop, name: str, role: str = "participant") -> Author:
    one = author(name)
    enter(workshop, one, role)
    return one


def ids(number: int) -> list[str]:
    return [new_id() for _one in range(number)]


@settings(max_examples=20, deadline=None)
@given(people=st.integers(0, 12), number=st.integers(2, 5))
def test_everybody_is_in_one_group_and_none_is_larger_by_two(
    tmp_path_factory, people: int, number: int
) -> None:
    workshop = shared(tmp_path_factory.mktemp("groups"))
    leader = come(workshop, "Leader", "facilitator")
    for n in range(people):
        come(workshop, f"P{n}")
    make_groups(workshop, leader, ids(number))
    stand = groups(workshop)
    sizes = [len(one.people) for one in stand]
    assert [one.title for one in stand] == [str(n + 1) for n in range(number)]
    assert sum(sizes) == people
    assert max(sizes) - min(sizes) <= 1
    assert without_group(workshop) == []
    assert leader.person_id not in {p for one in stand for p, _name in one.people}
    workshop.close()


def test_a_late_comer_is_seen_and_put_into_the_smallest(workshop: Workshop) -> None:
    leader = come(workshop, "Leader", "facilitator")
    for n in range(3):
        come(workshop, f"P{n}")
    make_groups(workshop, leader, ids(2))
    late = come(workshop, "Late")
    assert [one.shown_name for one in without_group(workshop)] == ["Late"]
    assert deal_late(workshop, leader) == 1
    assert (late.person_id, "Late") in groups(workshop)[1].people
    assert deal_late(workshop, leader) == 0


def test_a_move_keeps_the_role_and_a_role_keeps_the_group(workshop: Workshop) -> None:
    leader, one = come(workshop, "Leader", "facilitator"), come(workshop, "One")
    make_groups(workshop, leader, ids(2))
    second = groups(workshop)[1].group_id
    set_role(workshop, leader, one.person_id, "reviewer")
    assert move(workshop, leader, one.person_id, second)
    assert not move(workshop, leader, one.person_id, second)
    stands = next(p for p in in_room(workshop) if p.person_id == one.person_id)
    assert (stands.role, stands.group_id) == ("reviewer", second)


def test_role_and_group_changed_at_once_undo_neither(workshop: Workshop) -> None:
    leader, one = come(workshop, "Leader", "facilitator"), come(workshop, "One")
    make_groups(workshop, leader, ids(2))
    for turn in range(8):
        to = groups(workshop)[turn % 2].group_id
        role = ("reviewer", "participant")[turn % 2]
        acts = [
            threading.Thread(target=move, args=(workshop, leader, one.person_id, to)),
            threading.Thread(target=set_role, args=(workshop, leader, one.person_id, role)),
        ]
        for act in acts:
            act.start()
        for act in acts:
            act.join()
        stands = next(p for p in in_room(workshop) if p.person_id == one.person_id)
        assert (stands.role, stands.group_id) == (role, to)


def test_groups_made_anew_end_those_before_and_lose_nobody(workshop: Workshop) -> None:
    leader = come(workshop, "Leader", "facilitator")
    for n in range(5):
        come(workshop, f"P{n}")
    first = ids(2)
    assert make_groups(workshop, leader, first)
    assert not make_groups(workshop, leader, first)  # a retry
    make_groups(workshop, leader, ids(3))
    assert len(groups(workshop)) == 3
    assert sum(len(one.people) for one in groups(workshop)) == 5
    set_apart(workshop, leader, new_id(), True)
    assert apart(workshop)
    assert end_groups(workshop, leader) == 3
    assert groups(workshop) == ()
    assert not apart(workshop)
    assert len(without_group(workshop)) == 5


def test_a_group_is_named(workshop: Workshop) -> None:
    leader = come(workshop, "Leader", "facilitator")
    make_groups(workshop, leader, ids(2))
    first = groups(workshop)[0].group_id
    assert rename_group(workshop, leader, new_id(), first, " 을지로 ")
    assert {one.title for one in groups(workshop)} == {"을지로", "2"}
    with pytest.raises(RefusedError, match="nothing is written"):
        rename_group(workshop, leader, new_id(), first, "  ")


def test_a_group_that_ended_is_not_brought_back_by_a_name(workshop: Workshop) -> None:
    leader = come(workshop, "Leader", "facilitator")
    make_groups(workshop, leader, ids(2))
    first = groups(workshop)[0].group_id
    end_groups(workshop, leader)
    with pytest.raises(NotFoundError, match="no such group"):
        rename_group(workshop, leader, new_id(), first, "Again")
    assert groups(workshop) == ()


def test_what_was_said_to_a_group_stays_with_those_it_ended_with(workshop: Workshop) -> None:
    leader = come(workshop, "Leader", "facilitator")
    mine, stays, moved = (come(workshop, name) for name in ("Mirae", "Stays", "Moved"))
    first, second = ids(2)
    make_groups(workshop, leader, [first, second])
    for one in (mine, stays, moved):
        move(workshop, leader, one.person_id, first)
    said = GivenAbsence(new_id(), "Among us", About("nothing", {}), visibility="group")
    say(workshop, mine, said, group_id=first)
    move(workshop, leader, moved.person_id, second)
    make_groups(workshop, leader, ids(2))
    late = come(workshop, "Late")

    def sees(one: Author) -> bool:
        with workshop.cursor() as cursor:
            group = role_in(cursor, workshop.room_id, one.person_id)[1]
        return bool(absences(workshop, one.person_id, group_id=group))

    assert [sees(one) for one in (mine, stays, moved, late)] == [True, True, False, False]


def test_only_a_facilitator_makes_moves_and_parts(workshop: Workshop) -> None:
    leader, guest = come(workshop, "Leader", "facilitator"), come(workshop, "Guest")
    with pytest.raises(NotAllowedError):
        make_groups(workshop, guest, ids(2))
    make_groups(workshop, leader, ids(2))
    second = groups(workshop)[1].group_id
    before = workshop.version
    for act in (
        lambda: move(workshop, guest, guest.person_id, second),
        lambda: set_apart(workshop, guest, new_id(), True),
        lambda: rename_group(workshop, guest, new_id(), second, "mine"),
        lambda: end_groups(workshop, guest),
    ):
        with pytest.raises(NotAllowedError):
            act()
    come(workshop, "Late")
    with pytest.raises(NotAllowedError):
        deal_late(workshop, guest)
    assert workshop.version == before + 1  # but for the late comer, nothing was written


def test_what_is_not_there_is_told(workshop: Workshop) -> None:
    leader = come(workshop, "Leader", "facilitator")
    with pytest.raises(RefusedError, match="between 2 and 30"):
        make_groups(workshop, leader, ids(1))
    with pytest.raises(RefusedError, match="there is no group yet"):
        set_apart(workshop, leader, new_id(), True)
    make_groups(workshop, leader, ids(2))
    with pytest.raises(NotFoundError, match="no such group"):
        move(workshop, leader, leader.person_id, new_id())
    gone = come(workshop, "Gone")
    leave(workshop, gone.person_id)
    with pytest.raises(NotFoundError, match="no such person"):
        move(workshop, leader, gone.person_id, groups(workshop)[0].group_id)


def test_who_is_here_is_known_for_a_while_and_then_forgotten() -> None:
    now = [100.0]
    presence = Presence(lambda: now[0])
    assert presence.away("mirae") is None
    presence.see("mirae")
    assert presence.away("mirae") == 0
    now[0] += AWAY_AFTER + 1
    assert presence.away("mirae") == AWAY_AFTER + 1
    now[0] += FORGOTTEN_AFTER
    assert presence.away("mirae") is None
