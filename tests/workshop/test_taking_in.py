"""Files of elsewhere: every fault is told with its line, and none of them harms the room."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from excavate.errors import SourceError
from excavate.workshop.absences import GivenAbsence, absences, reply, say, sort
from excavate.workshop.checks import check
from excavate.workshop.exports import export_now
from excavate.workshop.finds import finds
from excavate.workshop.ids import new_id
from excavate.workshop.rounds import GivenRound, act_on_round, plan_round
from excavate.workshop.store import Row, Workshop
from excavate.workshop.taking_in import take_in
from tests.workshop.given import author
from tests.workshop.rooms import spoken_room

Line = dict[str, Any]


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    opened = Workshop(tmp_path_factory.mktemp("room"))
    yield opened, spoken_room(opened)
    opened.close()


@pytest.fixture
def other(tmp_path: Path):
    opened = Workshop(tmp_path)
    yield opened
    opened.close()


def lines_of(workshop: Workshop) -> dict[str, Line]:
    """One line of each kind, as it is exported."""
    said = [json.loads(one) for one in export_now(workshop, "jsonl", None).decode().splitlines()]
    return {one["excavate"]["kind"]: one for one in said}


def told(workshop: Workshop, *lines: Line | str) -> list[str]:
    """What is told of lines that cannot be taken in; the room stays as it was."""
    before = workshop.version
    text = "\n".join(one if isinstance(one, str) else json.dumps(one) for one in lines)
    with pytest.raises(SourceError) as error:
        take_in(workshop, text, "x.jsonl")
    assert workshop.version == before
    return [str(fault) for fault in error.value.faults]


def changed(line: Line, where: str, value: Any) -> Line:
    made = copy.deepcopy(line)
    *way, last = where.split("/")
    at: Any = made
    for step in way:
        at = at[0] if isinstance(at, list) else at[step]
    (at[0] if isinstance(at, list) else at)[last] = value
    return made


HOSTILE = [
    ("absence", "created", "0001-01-01T00:00:00+14:00", "line 1: no annotation of a room"),
    ("absence", "created", "9999-12-31T23:59:59-12:00", "line 1: no annotation of a room"),
    ("absence", "created", "2999-01-01T00:00:00Z", "line 1: said before there were rooms"),
    ("absence", "created", "1066-01-01T00:00:00Z", "line 1: said before there were rooms"),
    ("absence", "body", [], "line 1: nothing is written here yet"),
    ("absence", "excavate/of", {}, "line 1, of: this is no text"),
    ("absence", "excavate/of", new_id(), "line 1: it does not say what it is said of"),
    ("absence", "body/value", 5, "line 1, words: this is no text"),
    ("absence", "body/value", ["a"], "line 1, words: this is no text"),
    ("absence", "creator/nickname", ["a"], "line 1, name: this is no text"),
    ("absence", "excavate/more/agent", {"a": 1}, "line 1, agent: this is no text"),
    ("absence", "excavate/more/stance", {}, "line 1, stance: this is no text"),
    ("absence", "excavate/more/about/kind", ["x"], "line 1, about: this is no text"),
    ("absence", "excavate/more/about/at", {"x": float("nan")}, "line 1: no annotation of a room"),
    ("absence", "excavate/more/about/at", {"x": "\ud800"}, "line 1: no annotation of a room"),
    ("evidence", "excavate/more/measured", [1], "line 1, measured: these are no numbers"),
    ("evidence", "excavate/more/verdict", {"a": 1}, "line 1, verdict: this is no text"),
    ("evidence", "excavate/more/verdict", "<script>", "line 1, measured: "),
    ("sorting", "body/value", ["x"], "line 1, words: this is no text"),
    ("find", "excavate/more/link", 7, "line 1, link: this is no text"),
    ("find_fact", "excavate/more/topic", ["x"], "line 1, topic: this is no text"),
]


@pytest.mark.parametrize(("kind", "where", "value", "said"), HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_line_is_told(room, kind, where, value, said):
    line = changed(lines_of(room[0])[kind], where, value)
    assert told(room[0], line)[0].startswith(said)


@pytest.mark.parametrize("line", ["[" * 100_000, '{"a":', "[]", '"x"', '{"id": 1e999}'])
def test_what_is_no_line_is_told(room, line):
    assert told(room[0], line) == ["line 1: no annotation of a room"]


def test_no_id_of_another_thing_hides_anything_of_the_room(room):
    workshop, said = room
    by = lines_of(workshop)
    gone = {"kind": "tombstone", "more": {"manner": "hidden"}}
    for of in (said.find_id, said.reply_id):
        stone = {**changed(by["absence"], "id", f"urn:uuid:{of}"), "excavate": gone}
        assert told(workshop, stone) == ["line 1: its id is that of another thing"]
    again = new_id()
    first, second = (changed(by[k], "id", f"urn:uuid:{again}") for k in ("absence", "find"))
    assert told(workshop, first, second) == ["line 2: its id is that of another thing"]
    assert len(finds(workshop)) == 2
    assert check(workshop) == []


def of(line: Line, what: str) -> Line:
    return changed(changed(line, "id", f"urn:uuid:{new_id()}"), "excavate/of", what)


def test_everything_is_said_of_what_it_can_be_said_of(room):
    workshop, said = room
    by = lines_of(workshop)
    found = told(workshop, of(by["translation"], said.reply_id), of(by["sorting"], said.find_id),
                 of(by["find_fact"], said.absence_id), of(by["reply"], new_id()))  # fmt: skip
    assert ["another kind (reply)" in found[0], "another kind (find)" in found[1],
            "another kind (absence)" in found[2], "neither" in found[3]] == [True] * 4  # fmt: skip


def test_answers_that_answer_themselves_are_told(room):
    workshop, _said = room
    line = lines_of(workshop)["reply"]
    one, two = new_id(), new_id()
    first = changed(changed(line, "id", f"urn:uuid:{one}"), "excavate/of", two)
    second = changed(changed(line, "id", f"urn:uuid:{two}"), "excavate/of", one)
    assert len(told(workshop, first, second)) == 2
    assert told(workshop, changed(first, "excavate/of", one)) == [
        "line 1: it answers itself in the end"
    ]


def dark_room(workshop: Workshop) -> None:
    """Three people sort one absence, and one answers, while nobody is named."""
    leader, people = author("Leader"), [author(f"P{n}") for n in range(3)]
    round_id, absence_id = new_id(), new_id()
    plan_round(workshop, leader, GivenRound(round_id, "say", "말하기", "Say", 60, anonymous=True))
    act_on_round(workshop, leader, new_id(), round_id, "open", 60)
    say(workshop, people[0], GivenAbsence(absence_id, "in the dark"), round_id=round_id)
    for who in people:
        sort(workshop, who, new_id(), absence_id, "filtered", round_id=round_id)
    reply(workshop, people[1], new_id(), absence_id, "ask", "who?")


def test_voices_without_a_name_stay_apart(other, tmp_path_factory):
    dark = Workshop(tmp_path_factory.mktemp("dark"))
    dark_room(dark)
    text = export_now(dark, "jsonl", None).decode()
    dark.close()
    assert "P1" not in text
    taken = take_in(other, text, "x.jsonl")
    assert absences(other, None)[0].types == {"filtered": 3}
    assert take_in(other, text, "x.jsonl").people == 0
    assert taken.people == taken.added == 5
    assert check(other) == []


def test_a_clock_that_is_set_back_turns_no_conversation_round(other):
    say(other, (who := author()), GivenAbsence(absence_id := new_id(), "first"))
    early = datetime(2020, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    answer = {"reply_id": new_id(), "about": absence_id, "kind": "ask", "text": "then",
              "language": "en", "written_at": early}  # fmt: skip
    other.write([Row("reply", answer["reply_id"], who.person_id, answer)])
    text = export_now(other, "jsonl", None).decode()
    assert text.index('"first"') < text.index('"then"')
    assert text.index("2020-01-01") > 0, "the times are told as they were written"
