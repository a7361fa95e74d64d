"""The board: inert whatever is written on it, never one person's board for another, as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from excavate.components.board_asked import WAYS, Asked, asked_of
from excavate.components.board_html import AT_ONCE
from excavate.workshop.about import About
from excavate.workshop.absence_record import STANCES, GivenAbsence
from excavate.workshop.absence_types import NONE, TYPES
from excavate.workshop.absences import correct
from excavate.workshop.authors import Author
from excavate.workshop.conversation import reply, sort, take_stance
from excavate.workshop.groups import make_groups, move, set_apart
from excavate.workshop.ids import new_id
from excavate.workshop.members import open_room
from excavate.workshop.rounds import GivenRound, act_on_round, plan_round
from excavate.workshop.store import Workshop
from excavate.workshop.withdrawing import hide
from tests.app.board_made import OURS, PRESSED, SAFE, Read, absence, board_of, drawn, entered, told
from tests.workshop.given import author, words


@settings(max_examples=150, deadline=None)
@given(
    statement=st.text(min_size=1, max_size=400), name=st.text(min_size=1, max_size=60),
    pointed=st.text(min_size=1, max_size=60), by=st.sampled_from(WAYS),
    presenter=st.booleans(), kind=st.sampled_from(["category", "search", "item", "cell"]),
)  # fmt: skip
def test_whatever_is_written_stays_text(statement, name, pointed, by, presenter, kind) -> None:
    value = {
        "category": {"name": pointed, "dataset": pointed, "node_id": pointed},
        "search": {"words": pointed}, "item": {"item_id": pointed},
        "cell": {"dataset": "d", "values": {pointed: pointed}},
    }[kind]  # fmt: skip
    one = absence(statement, shown_name=name, about=About(kind, value), group_id=pointed,
                  types={"lost": 2, pointed: 1}, stances={"undecided": 1})  # fmt: skip
    asked = Asked(by=by, presenter=presenter, names=True, language="en")
    html = drawn([one], asked, {pointed: pointed})
    read = Read(html)
    assert read.tags <= OURS
    assert read.names <= SAFE
    assert statement.replace("\r\n", "\n") in read.text.replace("\r\n", "\n")
    assert name in read.text
    assert "<script" not in html


@settings(deadline=None)
@given(query=st.dictionaries(
    st.sampled_from(["by", "group", "lang", "about", "order", "at", "page", "presenter", "names",
                     "tz", "other"]),
    st.one_of(st.text(max_size=30), st.sampled_from(["1", "type", "oldest", "ko", "²", "-1"])),
))  # fmt: skip
def test_any_address_asks_for_a_board_and_says_it_the_same_again(query) -> None:
    asked = asked_of(query)
    assert asked.by in WAYS
    assert asked.page >= 1
    assert asked_of(asked.query()) == asked


@pytest.fixture
def room(tmp_path: Path) -> Workshop:
    """A shared room with nothing in it."""
    folder = tmp_path / "site"
    folder.mkdir()
    workshop = Workshop(folder, shared=True)
    open_room(workshop, "A room")
    return workshop


@pytest.mark.parametrize("first", ["author", "others"])
def test_what_is_private_is_on_no_other_board_whoever_asks_first(room, first) -> None:
    mirae, other = entered(room, "Mirae"), entered(room, "Jongno")
    leader = entered(room, "Leader", "facilitator")
    told(room, mirae, "For all to see")
    told(room, mirae, "For my eyes alone", visibility="private")

    def hers() -> None:
        assert "For my eyes alone" in board_of(room, mirae)

    def theirs() -> None:
        for who, role in ((other, "participant"), (None, "participant"), (leader, "facilitator")):
            shown = board_of(room, who, role)
            assert "For all to see" in shown
            assert "For my eyes alone" not in shown

    for look in (hers, theirs) if first == "author" else (theirs, hers):
        look()
    theirs()
    hers()


@pytest.mark.parametrize("turned", [False, True])
def test_a_group_sees_its_own_board_while_they_are_apart(room, turned) -> None:
    leader = entered(room, "Leader", "facilitator")
    people = [entered(room, "Mirae"), entered(room, "Jongno")]
    ids = [new_id(), new_id()]
    make_groups(room, leader, ids)
    for person, group in zip(people, ids, strict=True):
        move(room, leader, person.person_id, group)
        told(room, person, f"Said by {person.shown_name}", group_id=group)
    set_apart(room, leader, new_id(), True)
    pairs = list(zip(people, ids, strict=True))
    for person, group in reversed(pairs) if turned else pairs:
        others = next(p for p in people if p is not person)
        shown = board_of(room, person, group=group)
        assert f"Said by {person.shown_name}" in shown
        assert f"Said by {others.shown_name}" not in shown
    both = board_of(room, leader, "facilitator")
    assert all(f"Said by {person.shown_name}" in both for person in people)
    set_apart(room, leader, new_id(), False)
    assert "Said by Jongno" in board_of(room, people[0], group=ids[0])


def test_no_name_is_on_any_board_until_an_anonymous_round_closes(room) -> None:
    leader, mirae = entered(room, "Leader", "facilitator"), entered(room, "Mirae")
    round_id = new_id()
    plan_round(room, leader, GivenRound(round_id, "say", "무엇이?", "What?", 60, anonymous=True))
    act_on_round(room, leader, new_id(), round_id, "open", 60)
    told(room, mirae, "Hands that shake", round_id=round_id)
    told(room, mirae, "Only for me", round_id=round_id, visibility="private")
    for who, role in ((mirae, "participant"), (leader, "facilitator"), (None, "viewer")):
        shown = board_of(room, who, role)
        assert "Hands that shake" in shown
        assert who is mirae or "Mirae" not in shown
    assert "anonymous until the round closes" in board_of(room, leader, "facilitator")
    act_on_round(room, leader, new_id(), round_id, "close")
    assert "Mirae" in board_of(room, leader, "facilitator")


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["say", "say", "sort", "stance", "reply", "correct"]),
        st.integers(0, 9), st.integers(0, 1), words(40),
    ),
    min_size=1, max_size=12,
)  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=[*HealthCheck])
@given(acts=ACTS, by=st.sampled_from(["moment", "type", "dataset"]))
def test_a_replay_shows_the_board_as_it_was(tmp_path_factory, acts, by) -> None:
    workshop = Workshop(tmp_path_factory.mktemp("replayed"))
    people = [author("Mirae"), author("Jongno", "ko")]
    said: list[tuple[str, Author]] = []
    kept: dict[int, str] = {}
    for act, number, person, statement in acts:
        _do(workshop, act, said, number, people[person], statement)
        kept[workshop.version] = board_of(workshop, None, "facilitator", by=by)
    for writing, html in kept.items():
        assert board_of(workshop, None, "facilitator", by=by, at=writing) == html
    workshop.close()


def _do(
    workshop: Workshop, act: str, said: list[tuple[str, Author]], number: int, who: Author,
    statement: str,
) -> None:  # fmt: skip
    if act == "say" or not said:
        kinds: list[str | None] = [None, NONE, *TYPES]
        said.append((told(workshop, who, statement, type=kinds[number]), who))
        return
    absence_id, first = said[number % len(said)]
    if act == "sort":
        sort(workshop, who, new_id(), absence_id, list(TYPES)[number])
    elif act == "stance":
        take_stance(workshop, who, new_id(), absence_id, STANCES[number % 4])
    elif act == "reply":
        reply(workshop, who, new_id(), absence_id, "contest", statement)
    else:
        correct(workshop, first, new_id(), GivenAbsence(absence_id, f"{statement}!"))


def test_a_replay_brings_back_nothing_that_was_taken_back(room) -> None:
    mirae, other = entered(room, "Mirae"), entered(room, "Jongno")
    gone, hidden = told(room, mirae, "Taken back"), told(room, mirae, "Made private")
    then = room.version
    assert "Taken back" in board_of(room, other, at=then)
    hide(room, mirae, new_id(), "absence", gone)
    private = GivenAbsence(hidden, "Made private", visibility="private")
    correct(room, mirae, new_id(), private)
    for at in (then, None):
        shown = board_of(room, other, at=at)
        assert "Taken back" not in shown
        assert "Made private" not in shown


def test_an_audience_has_nothing_to_press_and_reads_no_names() -> None:
    long = absence("No one asked. " * 60, types={"lost": 1}, replies=())
    asked = asked_of({"presenter": "1", "lang": "en"})
    for by in WAYS:
        read = Read(drawn([long, absence()], replace(asked, by=by)))
        assert not read.tags & PRESSED
        assert "Mirae" not in read.text
    named = drawn([absence()], asked_of({"presenter": "1", "names": "1"}))
    assert "Mirae" in named


def test_a_wall_shows_what_everybody_may_see_whoever_asks(room) -> None:
    leader = entered(room, "Leader", "facilitator")
    ids = [new_id(), new_id()]
    make_groups(room, leader, ids)
    told(room, leader, "For all to see")
    told(room, leader, "For my eyes alone", visibility="private")
    told(room, leader, "For one group", visibility="group", group_id=ids[0])
    assert "For one group" in board_of(room, leader, "facilitator")
    wall = board_of(room, leader, "facilitator", ids[0], presenter=True)
    assert "For all to see" in wall
    assert "For my eyes alone" not in wall
    assert "For one group" not in wall


def test_what_nobody_has_said_has_a_place() -> None:
    html = drawn([absence(types={"lost": 1})], Asked(language="en"))
    assert html.count("exc-board-empty") == 3
    assert drawn([], Asked(language="en")).count("exc-board-empty") == 4
    assert drawn([], Asked(by="type", language="en")).count("exc-board-empty") == len(TYPES)
    assert "Nobody has said yet" in drawn([], Asked(by="dataset", language="en"))


def test_many_absences_come_in_pages() -> None:
    many = [
        absence(f"Number {n:04d}.", written_at=datetime(2026, 1, 1, 0, n // 60, n % 60))
        for n in range(2 * AT_ONCE + 5)
    ]
    pages = [drawn(many, Asked(language="en", page=page)) for page in (1, 2, 3, 9)]
    assert [html.count("<article") for html in pages] == [AT_ONCE, AT_ONCE, 5, 5]
    assert "Number 0244." in pages[0]
    assert "Number 0000." in pages[2]
    assert f"{2 * AT_ONCE + 5} absences" in pages[1]


def test_an_absence_stands_where_most_put_it_and_its_card_says_every_answer() -> None:
    split = absence(types={"lost": 1, "outvoted": 2, NONE: 1}, type="lost")
    html = drawn([split], Asked(language="en"))
    narratives = html.split('data-key="c-making of narratives"')[1].split("<section")[0]
    assert "Hands that shake" in narratives
    assert "outvoted <b>2</b>" in narratives
    assert "lost <b>1</b>" in narratives
