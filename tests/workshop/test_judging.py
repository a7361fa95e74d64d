"""Judging: one row for each item, annotator and round; nobody's answers before it closes."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import excavate
from excavate.errors import NotAllowedError, NotFoundError, RefusedError
from excavate.workshop.authors import Author
from excavate.workshop.erasing import erase
from excavate.workshop.ids import new_id
from excavate.workshop.judged_items import (
    changed,
    from_dataset,
    from_finding,
    from_list,
    from_selection,
)
from excavate.workshop.judging import (
    CANNOT,
    GRACE,
    REFUSE,
    Choice,
    GivenJudgement,
    GivenJudging,
    JudgedItem,
    judge,
    judgings,
    long_frame,
    namesakes,
    one_judging,
    own,
    progress,
    rounds_of,
    set_up,
    voices,
)
from excavate.workshop.judging_begun import begin_judging, judge_again
from excavate.workshop.judging_csv import judging_csv
from excavate.workshop.members import look
from excavate.workshop.rounds import GivenRound, act_on_round, open_round, plan_round
from excavate.workshop.store import Workshop
from tests.made import picture
from tests.workshop.given import author

CHOICES = (Choice("1", "예", "Yes"), Choice("2", "아니요", "No"))
ITEMS = tuple(JudgedItem(f"d/all/{n}", f"{n:064d}", "r") for n in range(5))
ALL_ROWS = "SELECT count(*) FROM judgement"
SUPERSEDED = "SELECT row_id, supersedes FROM judgement ORDER BY writing"


def asked(**more: object) -> GivenJudging:
    said = {"question_ko": "무엇인가요?", "question_en": "What is it?", "choices": CHOICES,
            "items": ITEMS, **more}  # fmt: skip
    return GivenJudging(new_id(), **said)  # type: ignore[arg-type]


class Room:
    """A workshop with one judging and its first round open."""

    def __init__(self, folder: Path) -> None:
        self.workshop, self.leader = Workshop(folder), author("Leader")
        self.judging_id = asked_id(self.workshop, self.leader)
        self.round_id = self.another()

    def another(self) -> str:
        given_round = GivenRound(new_id(), "judge", "봅시다", "Look", 60, True, self.judging_id)
        plan_round(self.workshop, self.leader, given_round)
        act_on_round(self.workshop, self.leader, new_id(), given_round.round_id, "open", 60)
        return given_round.round_id

    def close(self) -> None:
        act_on_round(self.workshop, self.leader, new_id(), self.round_id, "close")

    def say(self, who: Author, number: int, choice: str, **more: object) -> bool:
        row_id = str(more.pop("row_id", new_id()))
        round_id = str(more.pop("round_id", self.round_id))
        given_ = GivenJudgement(row_id, self.judging_id, round_id, number, choice, **more)  # type: ignore[arg-type]
        return judge(self.workshop, who, given_)


def asked_id(workshop: Workshop, leader: Author) -> str:
    given_judging = asked()
    assert set_up(workshop, leader, given_judging)
    assert not set_up(workshop, leader, given_judging), "sent twice, it is there once"
    return given_judging.judging_id


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path)
    yield made
    made.workshop.close()


def test_a_judging_is_read_as_it_was_set_up(room):
    [found] = judgings(room.workshop)
    assert found == one_judging(room.workshop, room.judging_id)
    assert (found.choices, found.items) == (CHOICES, ITEMS)
    assert found.question("ko") == "무엇인가요?"
    assert Choice("1", "", "Only").words("ko") == "Only"


@pytest.mark.parametrize(
    ("more", "places"),
    [
        ({"question_ko": " ", "question_en": ""}, ["Question"]),
        ({"choices": CHOICES[:1]}, ["Choices"]),
        ({"choices": tuple(Choice(str(n), str(n), "") for n in range(8))}, ["Choices"]),
        ({"choices": (CHOICES[0], CHOICES[0])}, ["Choices"]),
        ({"choices": (CHOICES[0], Choice(REFUSE, "거부", "No"))}, ["Choices"]),
        ({"choices": (CHOICES[0], Choice("2", "", ""))}, ["Choices"]),
        ({"items": ()}, ["Items"]),
        ({"items": ITEMS * 41, "question_ko": "", "question_en": ""}, ["Question", "Items"]),
    ],
)
def test_every_fault_of_a_judging_is_told_at_once(room, more, places):
    with pytest.raises(RefusedError) as refused:
        set_up(room.workshop, author(), asked(**more))
    assert [fault.place for fault in refused.value.faults] == places
    assert len(judgings(room.workshop)) == 1


def test_a_later_answer_supersedes_the_one_before(room):
    mirae = author("Mirae")
    assert room.say(mirae, 0, "1", reason="as it looks")
    assert room.say(mirae, 0, CANNOT)
    found = own(room.workshop, room.judging_id, room.round_id, mirae.person_id)
    assert {n: (one.choice, one.reason) for n, one in found.items()} == {0: (CANNOT, None)}
    with room.workshop.cursor() as cursor:
        first, second = cursor.execute(SUPERSEDED).fetchall()
    assert first[1] is None
    assert second[1] == first[0]


def test_sent_twice_it_is_one_answer(room):
    mirae, row_id = author("Mirae"), new_id()
    assert room.say(mirae, 0, "1", row_id=row_id)
    assert not room.say(mirae, 0, "1", row_id=row_id)
    with room.workshop.cursor() as cursor:
        assert cursor.execute(ALL_ROWS).fetchone()[0] == 1


def test_nobody_sees_an_answer_before_the_round_is_closed(room):
    mirae, haneul = author("Mirae"), author("Haneul")
    for number in range(5):
        room.say(mirae, number, "1")
    room.say(haneul, 0, REFUSE, reason="not mine to say")
    with pytest.raises(NotAllowedError, match="not closed"):
        voices(room.workshop, room.judging_id, room.round_id)
    far = progress(room.workshop, one_judging(room.workshop, room.judging_id), room.round_id)
    assert (far.people, far.finished, far.answers) == (2, 1, 6)
    assert "Mirae" not in repr(far)
    room.close()
    said = voices(room.workshop, room.judging_id, room.round_id)
    assert sorted((one.shown_name, one.choice) for one in said if not one.number) == [
        ("Haneul", REFUSE), ("Mirae", "1"),
    ]  # fmt: skip
    act_on_round(room.workshop, room.leader, new_id(), room.round_id, "reopen", 60)
    with pytest.raises(NotAllowedError):
        voices(room.workshop, room.judging_id, room.round_id)


def test_what_is_no_choice_is_in_no_agreement(room):
    mirae, haneul = author("Mirae"), author("Haneul")
    for who, choices in ((mirae, ("1", CANNOT)), (haneul, ("2", REFUSE))):
        for number, choice in enumerate(choices):
            room.say(who, number, choice)
    room.close()
    frame = long_frame(voices(room.workshop, room.judging_id, room.round_id))
    assert sorted(frame["label"]) == ["1", "2"]
    assert set(frame["item"]) == {0}


def test_what_was_on_its_way_at_the_close_is_taken_for_some_seconds(room, monkeypatch):
    mirae = author("Mirae")
    room.close()
    assert room.say(mirae, 0, "1")
    closed_at = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: closed_at + GRACE + 1)
    with pytest.raises(NotAllowedError, match="closed"):
        room.say(mirae, 1, "1")
    assert [one.number for one in voices(room.workshop, room.judging_id, room.round_id)] == [0]


def test_a_round_that_another_process_closed_takes_nothing(room):
    room.close()
    room.workshop.close()
    room.workshop = Workshop(room.workshop.folder.path)
    with pytest.raises(NotAllowedError, match="closed"):
        room.say(author("Mirae"), 0, "1")


def test_of_two_who_ask_for_another_round_one_makes_it(room):
    room.close()
    [before] = rounds_of(room.workshop, room.judging_id)
    assert judge_again(room.workshop, room.leader, before)
    assert not judge_again(room.workshop, author("Another"), before)
    assert [one.state for one in rounds_of(room.workshop, room.judging_id)] == ["closed", "open"]


def test_a_judging_with_its_round_and_opening_is_one_write(room):
    given_, version = asked(), room.workshop.version
    first = GivenRound(new_id(), "judge", "봅시다", "Look", 60, True, given_.judging_id)
    assert begin_judging(room.workshop, room.leader, given_, first, now=True)
    assert not begin_judging(room.workshop, room.leader, given_, first, now=True)
    assert room.workshop.version == version + 1
    assert open_round(room.workshop).judging_id == given_.judging_id
    assert room.say(author("Mirae"), 0, "1"), "what was closed by it still takes what is late"


def test_a_question_that_was_taken_back_is_gone_and_its_answers_stand(room):
    mirae = author("Mirae")
    room.say(mirae, 0, "1")
    room.close()
    erase(room.workshop, room.leader, new_id(), "judging", room.judging_id)
    erase(room.workshop, room.leader, new_id(), "round", room.round_id)
    found = one_judging(room.workshop, room.judging_id)
    assert (found.question_ko, found.question_en, found.choices) == ("", "", ())
    [held] = rounds_of(room.workshop, room.judging_id)
    assert (held.prompt_ko, held.prompt_en, held.state) == ("", "", "closed")
    assert len(voices(room.workshop, room.judging_id, room.round_id)) == 1
    with room.workshop.cursor() as cursor:
        assert cursor.execute("SELECT question_ko || prompt_ko FROM judging, round").fetchall() == [
            ("",)
        ]


def test_a_closed_round_takes_no_answer_and_none_of_another(room, monkeypatch):
    mirae = author("Mirae")
    room.close()
    closed_at = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: closed_at + GRACE + 1)
    with pytest.raises(NotAllowedError, match="closed"):
        room.say(mirae, 0, "1")
    second = room.another()
    with pytest.raises(NotFoundError):
        room.say(mirae, 0, "1", round_id=new_id())
    assert room.say(mirae, 0, "2", round_id=second)
    assert voices(room.workshop, room.judging_id, room.round_id) == []


@pytest.mark.parametrize(
    ("number", "choice", "more"),
    [(0, "9", {}), (5, "1", {}), (-1, "1", {}), (0, "1", {"reason": "x" * 2001}),
     (0, "1", {"reason": "a\u202eb"})],
)  # fmt: skip
def test_no_answer_that_cannot_be_is_kept(room, number, choice, more):
    with pytest.raises(RefusedError):
        room.say(author("Mirae"), number, choice, **more)
    with room.workshop.cursor() as cursor:
        assert cursor.execute(ALL_ROWS).fetchone()[0] == 0


def test_in_a_shared_room_only_who_takes_part_judges(tmp_path):
    room = Room(tmp_path)
    room.workshop.shared = True
    viewer = author("Viewer")
    look(room.workshop, viewer.person_id)
    with pytest.raises(NotAllowedError, match="only a participant"):
        room.say(viewer, 0, "1")
    with pytest.raises(NotAllowedError, match="only a facilitator"):
        set_up(room.workshop, viewer, asked())
    room.workshop.close()


ACTS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 4), st.sampled_from(["1", "2", CANNOT, REFUSE]),
              st.integers(0, 1)),
    max_size=25,
)  # fmt: skip


@settings(max_examples=8, deadline=None)
@given(ACTS)
def test_what_stands_is_the_last_of_each_person_item_and_round(tmp_path_factory, acts):
    room = Room(tmp_path_factory.mktemp("judging"))
    people, expected = [author(name) for name in ("Ada", "Jun", "Wren")], {}
    first = room.round_id
    for which in (0, 1):
        if which:
            room.round_id = room.another()  # opening it closes the one before
        for person, number, choice, at in acts:
            if at == which:
                room.say(people[person], number, choice)
                expected[which, number, people[person].person_id] = choice
    room.close()
    found = {
        (which, one.number, one.person_id): one.choice
        for which, round_id in enumerate((first, room.round_id))
        for one in voices(room.workshop, room.judging_id, round_id)
    }
    room.workshop.close()
    assert found == expected


def test_namesakes_are_those_who_answer_under_a_name(room):
    mirae, other = author("Mirae"), author("Mirae")
    room.say(mirae, 0, "1")
    room.say(mirae, 1, "1")
    judging = one_judging(room.workshop, room.judging_id)
    assert namesakes(room.workshop, judging, room.round_id, "Mirae") == {mirae.person_id: 2}
    room.say(other, 0, "2")
    assert len(namesakes(room.workshop, judging, room.round_id, "Mirae")) == 2


def test_the_table_has_all_the_voices_and_nothing_that_runs(room):
    mirae, haneul = author("=Mirae"), author("하늘", "ko")
    room.say(mirae, 0, "1", reason="@SUM(A1)")
    room.say(haneul, 0, REFUSE, reason="제가 말할 일이 아닙니다")
    judging = one_judging(room.workshop, room.judging_id)
    assert len(judging_csv(room.workshop, judging).splitlines()) == 1, "the round is open"
    room.close()
    text = judging_csv(room.workshop, judging)
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert sorted(row["choice"] for row in rows) == ["1", REFUSE]
    by = {row["annotator"]: row for row in rows}
    assert by[mirae.person_id]["reason"] == "'@SUM(A1)"
    assert by[mirae.person_id]["shown_name"] == "'=Mirae"
    assert by[haneul.person_id]["reason"] == "제가 말할 일이 아닙니다"
    assert {row["item_id"] for row in rows} == {"d/all/0"}
    assert {row["sha256"] for row in rows} == {ITEMS[0].sha256}


@pytest.fixture(scope="module")
def dug(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from excavate.digging import dig

    root = tmp_path_factory.mktemp("judged")
    (root / "d" / "kind").mkdir(parents=True)
    for n in range(30):
        picture(n % 25, 48, 48).save(root / "d" / "kind" / f"{n:02d}.png")
    (root / "d" / "kind" / "99.png").write_bytes(b"\x89PNG no more")
    dig(f"folder:{root / 'd'}", root / "site", dataset="d", only="catalogue")
    return root / "site"


def test_items_are_drawn_by_lot_and_the_same_lot_draws_them_again(dug):
    site = excavate.open_site(dug)
    drawn = from_dataset(site, "d", 20, 1)
    assert drawn == from_dataset(site, "d", 20, 1)
    assert drawn != from_dataset(site, "d", 20, 2)
    assert len({one.item_id for one in drawn}) == 20
    every = from_dataset(site, "d", 200, 1)
    assert len(every) == 30, "what has no pixels is nothing to look at"
    assert [one.item_id for one in every] != sorted(one.item_id for one in every)
    known = {row.item_id: row.sha256 for row in site.items("d").itertuples()}
    assert all(known[one.item_id] == one.sha256 for one in drawn)
    assert {one.revision for one in drawn} == {site.revisions()["d"]}
    few = [one.item_id for one in every[:7]]
    assert {one.item_id for one in from_selection(site, few, 20, 0)} == set(few)
    with pytest.raises(NotFoundError):
        from_dataset(site, "nowhere")


def test_items_of_a_finding_are_those_of_its_rows(dug):
    site = excavate.open_site(dug)
    found = excavate.measure(site, "duplicates", "d")
    named = {item for row in found.first_rows(50) for item in row["items"]}
    drawn = from_finding(site, found.id, 20, 0)
    assert named
    assert {one.item_id for one in drawn} <= named
    with pytest.raises(NotFoundError):
        from_finding(site, "0000")


def test_ids_that_are_not_there_are_all_named(dug):
    site = excavate.open_site(dug)
    there = site.items("d")["item_id"].tolist()
    assert [one.item_id for one in from_list(site, there[3:0:-1])] == there[3:0:-1]
    with pytest.raises(RefusedError) as refused:
        from_list(site, [there[0], "d/no", "d/nor"])
    assert [fault.place for fault in refused.value.faults] == ["d/no", "d/nor"]


def test_a_changed_picture_is_noticed(dug):
    site = excavate.open_site(dug)
    stands = from_dataset(site, "d", 2, 0)
    other = JudgedItem(stands[0].item_id, "0" * 64, stands[0].revision)
    gone = JudgedItem("d/all/gone", "0" * 64, "r")
    assert changed(site, (*stands, gone)) == {"d/all/gone": "gone"}
    assert changed(site, (other, stands[1])) == {stands[0].item_id: "changed"}
