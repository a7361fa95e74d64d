"""Who sees what: visibility, groups, and names that stay hidden until a round closes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excavate.errors import NotAllowedError, NotFoundError
from excavate.workshop.absences import (
    GivenAbsence,
    GivenEvidence,
    absences,
    add_evidence,
    correct,
    history,
    one_absence,
    reply,
    say,
    sort,
    take_stance,
    translate,
)
from excavate.workshop.authors import Author
from excavate.workshop.erasing import erase
from excavate.workshop.groups import make_groups, move, set_apart
from excavate.workshop.ids import new_id
from excavate.workshop.members import enter, look
from excavate.workshop.rounds import GivenRound, act_on_round, plan_round
from excavate.workshop.store import Workshop
from excavate.workshop.tombstones import taken_back
from excavate.workshop.withdrawing import hide, show_again
from tests.workshop.given import author


class Room:
    """A shared room: a host, and Mirae, Bo and Yu in it."""

    def __init__(self, site: Path) -> None:
        self.workshop = Workshop(site, shared=True)
        self.host, self.mirae, self.bo, self.yu = (
            author(name) for name in ("Host", "Mirae", "Bo", "Yu")
        )
        enter(self.workshop, self.host, "facilitator")
        for who in (self.mirae, self.bo, self.yu):
            enter(self.workshop, who)
        self.group: dict[str, str | None] = {}

    def groups(self) -> tuple[str, str]:
        """Mirae and Bo in one group, Yu in another."""
        one, two = new_id(), new_id()
        make_groups(self.workshop, self.host, [one, two])
        self.group = {self.mirae.person_id: one, self.bo.person_id: one, self.yu.person_id: two}
        for person, group in self.group.items():
            move(self.workshop, self.host, person, group)
        return one, two

    def says(self, who: Author, statement: str, **more) -> str:
        round_id, group = more.pop("round_id", None), self.group.get(who.person_id)
        said = GivenAbsence(new_id(), statement, **more)
        say(self.workshop, who, said, group_id=group, round_id=round_id)
        return said.absence_id

    def eyes(self, who: Author) -> dict:
        role = "facilitator" if who is self.host else "participant"
        return {"viewer": who.person_id, "role": role, "group_id": self.group.get(who.person_id)}

    def sees(self, who: Author) -> list[str]:
        return [one.statement for one in absences(self.workshop, **self.eyes(who))]

    def all_told(self, who: Author) -> str:
        """Everything that any reading tells somebody, as one text."""
        eyes, ids = (
            self.eyes(who),
            [a.absence_id for a in absences(self.workshop, **self.eyes(who))],
        )
        told: list = [absences(self.workshop, **eyes)]
        told += [absences(self.workshop, **eyes, at=self.workshop.version - 1)]
        told += [one_absence(self.workshop, one, **eyes) for one in ids]
        told += [history(self.workshop, one, **eyes) for one in ids]
        return repr(told)

    def round(self, anonymous: bool = True) -> str:
        round_id = new_id()
        plan_round(
            self.workshop, self.host, GivenRound(round_id, "say", "말해요", "Say", 300, anonymous)
        )
        self.act(round_id, "open")
        return round_id

    def act(self, round_id: str, act: str) -> None:
        act_on_round(self.workshop, self.host, new_id(), round_id, act, 300)


@pytest.fixture
def room(tmp_path: Path):
    made = Room(tmp_path)
    yield made
    made.workshop.close()


def test_private_is_for_its_author_alone(room):
    room.says(room.mirae, "mine", visibility="private")
    assert room.sees(room.mirae) == ["mine"]
    assert room.sees(room.host) == room.sees(room.bo) == []
    assert absences(room.workshop, None) == []


def test_group_is_for_the_group_and_the_facilitator_apart_or_together(room):
    room.groups()
    room.says(room.mirae, "ours", visibility="group")
    for apart in (False, True):
        set_apart(room.workshop, room.host, new_id(), apart)
        assert room.sees(room.bo) == room.sees(room.mirae) == room.sees(room.host) == ["ours"]
        assert room.sees(room.yu) == []
        assert absences(room.workshop, None) == []


def test_public_is_for_all_but_while_groups_are_apart(room):
    room.says(room.yu, "before")
    room.groups()
    room.says(room.mirae, "of one")
    room.says(room.yu, "of two")
    assert room.sees(room.bo) == ["before", "of one", "of two"]
    set_apart(room.workshop, room.host, new_id(), True)
    assert room.sees(room.bo) == ["before", "of one"]
    assert room.sees(room.yu) == ["before", "of two"]
    assert room.sees(room.host) == ["before", "of one", "of two"]
    set_apart(room.workshop, room.host, new_id(), False)
    assert room.sees(room.bo) == ["before", "of one", "of two"]


def test_who_has_gone_sees_nothing(room):
    room.says(room.mirae, "public")
    assert absences(room.workshop, None, role="gone") == []
    assert len(absences(room.workshop, None, role="viewer")) == 1


def test_what_one_does_not_see_one_does_not_answer(room):
    """Whatever role and group a caller may claim: the room's own rows decide."""
    room.groups()
    private = room.says(room.mirae, "mine", visibility="private")
    ours = room.says(room.mirae, "ours", visibility="group")
    before = room.workshop.version
    for hidden, who in ((private, room.bo), (private, room.host), (ours, room.yu)):
        for attempt in (
            lambda w, a: reply(room.workshop, w, new_id(), a, "contest", "no"),
            lambda w, a: sort(room.workshop, w, new_id(), a, "lost"),
            lambda w, a: take_stance(room.workshop, w, new_id(), a, "undecided"),
            lambda w, a: translate(room.workshop, w, new_id(), a, "ko", "내 것"),
            lambda w, a: correct(room.workshop, w, new_id(), GivenAbsence(a, "mine now")),
            lambda w, a: one_absence(room.workshop, a, **room.eyes(w)),
            lambda w, a: history(room.workshop, a, **room.eyes(w)),
        ):
            with pytest.raises(NotFoundError, match="no such absence"):
                attempt(who, hidden)
    assert room.workshop.version == before
    assert reply(room.workshop, room.bo, new_id(), ours, "agree", "")


def test_who_only_looks_says_nothing(room):
    guest = author("Guest")
    look(room.workshop, guest.person_id)
    said = room.says(room.mirae, "public")
    before = room.workshop.version
    with pytest.raises(NotAllowedError):
        say(room.workshop, guest, GivenAbsence(new_id(), "I say"))
    with pytest.raises(NotAllowedError):
        reply(room.workshop, guest, new_id(), said, "agree", "")
    assert room.workshop.version == before


def test_what_was_private_before_is_not_in_the_history_of_others(room):
    said = GivenAbsence(new_id(), "SECRET first", visibility="private")
    say(room.workshop, room.mirae, said)
    open_one = replace(said, statement="for all", visibility="public")
    correct(room.workshop, room.mirae, new_id(), open_one)
    assert "SECRET" not in room.all_told(room.bo)
    told = history(room.workshop, said.absence_id, **room.eyes(room.mirae))
    assert [one.statement for one in told] == ["SECRET first", "for all"]
    correct(room.workshop, room.mirae, new_id(), replace(said, statement="again mine"))
    assert room.sees(room.bo) == []
    assert "for all" not in room.all_told(room.bo), "nor in a replay"


def everything(room: Room, who: Author, round_id: str | None, statement: str) -> str:
    """Somebody says, corrects, answers, sorts, translates and adds evidence."""
    said = GivenAbsence(
        new_id(), statement, position=f"position of {who.shown_name}", stance="undecided",
        type="lost", evidence=(GivenEvidence(new_id(), "link", {"link": "https://a.org/1"}),),
    )  # fmt: skip
    say(room.workshop, who, said, round_id=round_id)
    correct(room.workshop, who, new_id(), replace(said, statement=statement + "!"))
    answer(room, who, said.absence_id)
    return said.absence_id


def answer(room: Room, who: Author, absence_id: str) -> None:
    first = new_id()
    reply(room.workshop, who, first, absence_id, "contest", "no")
    reply(room.workshop, who, new_id(), first, "ask", "why")
    sort(room.workshop, who, new_id(), absence_id, "filtered")
    take_stance(room.workshop, who, new_id(), absence_id, "should exist")
    translate(room.workshop, who, new_id(), absence_id, "ko", "옮긴 말")
    evidence = GivenEvidence(new_id(), "link", {"link": "https://a.org/2"})
    add_evidence(room.workshop, who, absence_id, evidence)


def leaks(room: Room, who: Author, of: Author) -> bool:
    told = room.all_told(who)
    return of.shown_name in told or of.person_id in told


@pytest.mark.parametrize("named_round", [True, False])
def test_no_name_leaks_while_an_anonymous_round_is_open(room, named_round):
    """Also where a page forgot to say in which round something was said."""
    early = room.says(room.yu, "said before the round")
    round_id = room.round()
    everything(room, room.mirae, round_id if named_round else None, "in the round")
    answer(room, room.mirae, early)
    for who in (room.bo, room.host, room.yu):
        assert not leaks(room, who, room.mirae), who.shown_name
        assert leaks(room, who, room.yu), "what was said before keeps its name"
    own = room.all_told(room.mirae)
    assert room.mirae.shown_name in own
    assert "position of Mirae" in own
    room.act(round_id, "extend")
    assert not leaks(room, room.bo, room.mirae)
    room.act(round_id, "close")
    assert leaks(room, room.bo, room.mirae)
    assert "position of Mirae" in room.all_told(room.bo)
    room.act(round_id, "reopen")
    assert not leaks(room, room.bo, room.mirae)


def test_answers_in_an_anonymous_round_are_hidden_under_what_has_a_name(room):
    early = room.says(room.mirae, "named")
    round_id = room.round()
    answer(room, room.bo, early)
    seen = one_absence(room.workshop, early, **room.eyes(room.yu))
    assert (seen.shown_name, seen.anonymous) == ("Mirae", False)
    assert {r.shown_name for r in seen.replies} == {None}
    assert seen.types == {"filtered": 1}, "what was said is there, only not by whom"
    mine = one_absence(room.workshop, early, **room.eyes(room.bo))
    assert {r.shown_name for r in mine.replies} == {"Bo"}
    room.act(round_id, "close")
    seen = one_absence(room.workshop, early, **room.eyes(room.yu))
    assert {r.shown_name for r in seen.replies} == {"Bo"}


def test_while_names_are_hidden_a_group_of_one_is_not_named(room):
    one, two = room.groups()
    early = room.says(room.yu, "before the round")
    round_id = room.round()
    alone, together = room.says(room.yu, "alone"), room.says(room.mirae, "together")

    def group_of(absence_id: str, who: Author) -> str | None:
        return one_absence(room.workshop, absence_id, **room.eyes(who)).group_id

    assert [group_of(alone, who) for who in (room.host, room.bo, room.yu)] == [None, None, two]
    assert [group_of(together, who) for who in (room.host, room.yu)] == [one, one]
    assert group_of(early, room.host) == two
    room.act(round_id, "close")
    assert group_of(alone, room.host) == two


def test_rounds_with_names_and_rounds_only_planned_hide_nothing(room):
    hidden = new_id()
    plan_round(
        room.workshop, room.host, GivenRound(hidden, "say", "말해요", "Say", 300, anonymous=True)
    )
    round_id = room.round(anonymous=False)
    everything(room, room.mirae, round_id, "named")
    room.says(room.mirae, "in a round that is not open", round_id=hidden)
    assert leaks(room, room.bo, room.mirae)
    assert {one.shown_name for one in absences(room.workshop, **room.eyes(room.bo))} == {"Mirae"}


def test_the_next_round_hides_its_own_alone(room):
    first = room.round()
    everything(room, room.mirae, first, "of the first")
    second = room.round()  # opening it closes the one before
    everything(room, room.bo, second, "of the second")
    assert leaks(room, room.yu, room.mirae)
    assert not leaks(room, room.yu, room.bo)


@settings(max_examples=5, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 4), st.integers(0, 5)), max_size=10))
def test_whatever_is_done_in_an_anonymous_round_names_nobody(tmp_path_factory, acts):
    room = Room(tmp_path_factory.mktemp("w"))
    people, round_id, said = (room.mirae, room.bo, room.yu), None, []
    round_id = room.round()
    for number, (who, what, at) in enumerate(acts):
        one = people[who]
        if what == 0 or not said:
            said.append(room.says(one, f"s{number}", round_id=round_id, stance="undecided"))
        elif what == 1:
            reply(room.workshop, one, new_id(), said[at % len(said)], "contest", "no")
        elif what == 2:
            translate(room.workshop, one, new_id(), said[at % len(said)], "ko", "말")
        elif what == 3:
            sort(room.workshop, one, new_id(), said[at % len(said)], "lost", round_id)
        else:
            evidence = GivenEvidence(new_id(), "link", {"link": "https://a.org/2"})
            add_evidence(room.workshop, one, said[at % len(said)], evidence)
    leaked = [
        (one.shown_name, other.shown_name)
        for one in (*people, room.host)
        for other in people
        if one is not other and leaks(room, one, other)
    ]
    room.workshop.close()
    assert leaked == []


def test_what_is_drawn_for_one_is_not_another_persons(room):
    """Most of it is shared between viewers: whose it is, and their own answers, never."""
    first = room.says(room.mirae, "one", stance="undecided", type="lost")
    second = room.says(room.bo, "two")
    sort(room.workshop, room.bo, new_id(), first, "filtered")
    told = {
        who.shown_name: [
            (one.absence_id, one.mine, one.my_stance, one.my_type)
            for one in absences(room.workshop, **room.eyes(who))
        ]
        for who in (room.mirae, room.bo, room.yu, room.bo, room.mirae)
    }
    assert told == {
        "Mirae": [(first, True, "undecided", "lost"), (second, False, None, None)],
        "Bo": [(first, False, None, "filtered"), (second, True, None, None)],
        "Yu": [(first, False, None, None), (second, False, None, None)],
    }


def test_answers_of_others_stay_under_what_was_taken_back(room):
    room.groups()
    said = room.says(room.mirae, "SECRET", visibility="group", position="SECRET place")
    reply(room.workshop, room.bo, new_id(), said, "contest", "No, it is there")
    eyes = room.eyes(room.bo)
    assert taken_back(room.workshop, said, **eyes) is None
    hide(room.workshop, room.mirae, new_id(), "absence", said)
    stands = taken_back(room.workshop, said, **eyes)
    assert stands is not None
    assert (stands.manner, [one.text for one in stands.replies]) == ("hidden", ["No, it is there"])
    assert "SECRET" not in repr(stands)
    assert taken_back(room.workshop, said, **room.eyes(room.yu)) is None, "not of their group"
    assert taken_back(room.workshop, new_id(), **eyes) is None
    show_again(room.workshop, room.mirae, new_id(), "absence", said)
    assert taken_back(room.workshop, said, **eyes) is None
    assert one_absence(room.workshop, said, **eyes).statement == "SECRET"


def test_what_was_erased_leaves_its_tombstone_and_nothing_else(room):
    said = GivenAbsence(new_id(), "SECRET first", agent="SECRET agent", stance="undecided",
                        type="lost", position="SECRET place")  # fmt: skip
    say(room.workshop, room.mirae, said)
    correct(room.workshop, room.mirae, new_id(), replace(said, statement="SECRET second"))
    reply(room.workshop, room.bo, new_id(), said.absence_id, "ask", "which?")
    erase(room.workshop, room.mirae, new_id(), "absence", said.absence_id)
    for who in (room.mirae, room.bo, room.host):
        assert "SECRET" not in room.all_told(who)
        stands = taken_back(room.workshop, said.absence_id, **room.eyes(who))
        assert stands is not None
        assert (stands.manner, [one.text for one in stands.replies]) == ("erased", ["which?"])
        assert "SECRET" not in repr(stands)
    with pytest.raises(NotFoundError):
        reply(room.workshop, room.bo, new_id(), said.absence_id, "ask", "again?")
