"""Exports: valid Web Annotations, tables that run nothing, minutes that show words as words."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from excavate.errors import NotFoundError, SourceError
from excavate.i18n import speak
from excavate.workshop.about import About
from excavate.workshop.absences import GivenAbsence, absences, one_absence, reply, say, translate
from excavate.workshop.annotations_out import as_annotations, jsonl
from excavate.workshop.cells import safe_cell
from excavate.workshop.checks import check
from excavate.workshop.erasing import erase
from excavate.workshop.exports import export_now
from excavate.workshop.ids import new_id
from excavate.workshop.minutes import COLUMNS, csv_table, markdown, plain
from excavate.workshop.rounds import GivenRound, act_on_round, plan_round
from excavate.workshop.said import Conversation, Said, conversation
from excavate.workshop.store import Workshop
from excavate.workshop.taking_in import take_in
from excavate.workshop.withdrawing import hide
from tests.workshop.given import author, words
from tests.workshop.rooms import spoken_room

MOTIVATIONS = {
    "assessing", "bookmarking", "classifying", "commenting", "describing", "editing",
    "highlighting", "identifying", "linking", "moderating", "questioning", "replying", "tagging",
}  # fmt: skip
NOT_ALONG = re.compile(r'(?<="corrected"):true')
POINTS = (
    About("dataset", {"dataset": "digits"}),
    About("item", {"item_id": "digits/all/한글 3"}),
    About("part", {"item_id": "digits/all/3", "xywh": "percent:1,2,30,40"}),
    About("category", {"dataset": "digits", "taxonomy": "t", "node_id": "n:1", "name": "셋 & 3"}),
    About("cell", {"dataset": "digits", "values": {"skin": "a", "age": "b=c"}}),
    About("finding", {"finding_id": "f1", "row": 3}),
    About("dossier", {"dossier_id": "mnist", "fact_id": "mnist-01"}),
    About("search", {"words": "두 손 <b>"}),
    About("lasso", {"layout_id": "L1", "polygon": [[0, 0], [1.5, 0], [1, -2]]}),
    About("nothing"),
)


@pytest.fixture
def other(tmp_path_factory):
    opened = Workshop(tmp_path_factory.mktemp("other"))
    yield opened
    opened.close()


def one_of_each(workshop: Workshop) -> None:
    spoken_room(workshop)
    for about in POINTS:
        say(workshop, author("미래", "ko"), GivenAbsence(new_id(), f"of {about.kind}", about))


def is_iri(text: Any) -> bool:
    parts = urlsplit(text)
    return isinstance(text, str) and bool(parts.scheme) and not re.search(r'[\s<>"{}|\\^`]', text)


def check_resource(made: Any) -> None:
    """A body or target, as section 3.2 and 4 of the model ask for."""
    if isinstance(made, str):
        assert is_iri(made)
    elif made.get("type") == "TextualBody":
        assert isinstance(made["value"], str)
        assert made["purpose"] in MOTIVATIONS
        assert made.get("language", "ko") in ("ko", "en")
    elif made.get("type") == "SpecificResource":
        source = made["source"]
        assert is_iri(source["id"] if isinstance(source, dict) else source)
        check_selector(made.get("selector"))
    else:
        assert is_iri(made["id"])


def check_selector(selector: Any) -> None:
    if selector is None:
        return
    assert isinstance(selector["value"], str)
    if selector["type"] == "SvgSelector":
        root = ElementTree.fromstring(selector["value"])  # noqa: S314 - our own
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
    else:
        assert selector["type"] == "FragmentSelector"
        assert selector["conformsTo"] == "http://www.w3.org/TR/media-frags/"
        assert re.fullmatch(r"xywh=percent:[\d.]+(,[\d.]+){3}", selector["value"])


def check_annotation(made: dict[str, Any]) -> None:
    """What the Web Annotation Data Model says an annotation MUST be."""
    assert made["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert is_iri(made["id"])
    assert made["type"] == "Annotation"
    motivation = made["motivation"]
    assert set(motivation if isinstance(motivation, list) else [motivation]) <= MOTIVATIONS
    assert datetime.fromisoformat(made["created"]).tzinfo == UTC
    bodies = made.get("body", [])
    for body in bodies if isinstance(bodies, list) else [bodies]:
        check_resource(body)
    assert made["target"], "one target or more"
    check_resource(made["target"])
    if "creator" in made:
        assert is_iri(made["creator"]["id"])
        assert made["creator"]["type"] == "Person"
        assert isinstance(made["creator"]["nickname"], str)


def test_every_line_is_a_valid_annotation(workshop):
    one_of_each(workshop)
    lines = export_now(workshop, "jsonl", None).decode().split("\n")[:-1]
    made = [json.loads(line) for line in lines]
    for one in made:
        check_annotation(one)
    assert len({one["id"] for one in made}) == len(made)
    assert {one["excavate"]["kind"] for one in made} == {
        "absence", "translation", "evidence", "sorting", "stance", "reply", "find", "find_fact",
    }  # fmt: skip
    targets = {json.dumps(one["target"]) for one in made if one["excavate"]["kind"] == "absence"}
    assert len(targets) == len(POINTS), "each kind of thing has a target of its own"


def test_taken_in_elsewhere_it_is_the_same_and_twice_adds_nothing(workshop, other):
    one_of_each(workshop)
    text = export_now(workshop, "jsonl", None).decode()
    taken = take_in(other, text, "room.jsonl")
    assert (taken.added, taken.stood) == (text.count("\n"), 0)
    assert sorted(export_now(other, "jsonl", None).decode().split("\n")) == [
        NOT_ALONG.sub(":false", re.sub(r'"sha256":"\w+"', '"sha256":null', line))
        for line in sorted(text.replace(workshop.room_id, other.room_id).split("\n"))
    ], "only earlier wordings and pictures do not come along"
    version = other.version
    again = take_in(other, text, "room.jsonl")
    assert (again.added, again.stood, other.version) == (0, taken.added, version)
    assert [f for f in check(other) if "never recorded" not in f.what] == []


def test_what_cannot_be_taken_in_is_told_line_by_line_and_nothing_is_written(workshop, other):
    spoken_room(workshop)
    lines = export_now(workshop, "jsonl", None).decode().split("\n")[:-1]
    said = [json.loads(line) for line in lines]
    absence = next(n for n, one in enumerate(said) if one["excavate"]["kind"] == "absence")
    answer = next(one for one in said if one["excavate"]["kind"] == "reply")
    said[absence]["excavate"]["more"]["stance"] = "ought"
    said[absence]["body"][0]["value"] = "\x00"
    answer["excavate"]["of"] = new_id()
    given = ["no json", *(json.dumps(one) for one in said), '{"id": 3}']
    version = other.version
    with pytest.raises(SourceError) as told:
        take_in(other, "\n".join(given), "room.jsonl")
    text = str(told.value)
    assert "room.jsonl: this is no conversation that can be taken in" in text
    assert "line 1: no annotation of a room" in text
    assert f"line {absence + 2}: holds signs that cannot be shown" in text
    assert f"line {absence + 2}: stance: one of: should exist" in text
    assert f"line {len(given)}: no annotation of a room" in text
    assert f"said of {answer['excavate']['of']}, which is neither in this file" in text
    assert other.version == version


def test_answers_to_what_was_taken_back_stand_under_a_tombstone(workshop, other):
    said = spoken_room(workshop)
    whole = export_now(workshop, "jsonl", None).decode()
    reply(workshop, author("Third"), new_id(), said.reply_id, "ask", "An answer to the answer")
    erase(workshop, said.mirae, new_id(), "absence", said.absence_id)
    for kind in ("jsonl", "csv", "md"):
        text = export_now(workshop, kind, None).decode()
        assert "An answer that stays" in text
        assert "An answer to the answer" in text
        assert "첫 말" not in text
    speak("en")
    assert "### Taken back\n\n- Other" in export_now(workshop, "md", None).decode()
    lines = export_now(workshop, "jsonl", None).decode()
    for line in lines.split("\n")[:-1]:
        check_annotation(json.loads(line))
    take_in(other, lines, "room.jsonl")
    assert absences(other, None) == []
    assert sorted(export_now(other, "jsonl", None).decode().count(k) for k in KEPT) == [1, 1, 1]
    assert take_in(other, lines, "room.jsonl").added == 0
    assert [f for f in check(other) if "never recorded" not in f.what] == []
    assert take_in(workshop, whole, "room.jsonl").added == 0, "erased, it stays erased"


def test_what_a_reviewer_hid_and_its_author_erased_is_told_as_erased(workshop):
    said = spoken_room(workshop)
    hide(workshop, author("Reviewer"), new_id(), "absence", said.absence_id)
    stone = next(one for one in conversation(workshop, None).said if one.kind == "tombstone")
    assert stone.more == {"manner": "hidden"}
    erase(workshop, said.mirae, new_id(), "absence", said.absence_id)
    stone = next(one for one in conversation(workshop, None).said if one.kind == "tombstone")
    assert stone.more == {"manner": "erased"}


KEPT = ("An answer that stays", "An answer to the answer", "tombstone")
STATEMENTS = words(80)


@settings(max_examples=6, deadline=None, suppress_health_check=[*HealthCheck])
@given(statement=STATEMENTS, name=words(30), answer=STATEMENTS)
@example("=HYPERLINK(1)\n# head <script>alert(1)</script>", "@SUM", "\u2028+1 | `x` [a](b)")
def test_any_words_come_through_every_export(workshop, other, statement, name, answer):
    who, absence_id = author(name), new_id()
    say(workshop, who, GivenAbsence(absence_id, statement))
    reply(workshop, who, new_id(), absence_id, "ask", answer)
    translate(workshop, who, new_id(), absence_id, "ko", answer)
    take_in(other, export_now(workshop, "jsonl", None).decode(), "w")
    stands = one_absence(other, absence_id, None)
    assert (stands.statement, stands.shown_name) == (statement.strip(), name.strip())
    assert stands.replies[0].text == stands.translations[0].statement == answer.strip()
    table = export_now(workshop, "csv", None).decode().removeprefix("\ufeff")
    rows = list(csv.reader(io.StringIO(table, newline="")))
    assert {len(row) for row in rows} == {len(COLUMNS)}
    assert not any(cell[:1] in ("=", "+", "-", "@", "\t", "\r") for r in rows for cell in r if cell)
    minutes = export_now(workshop, "md", None).decode()
    assert not re.search(r"<[a-zA-Z!/]", minutes), "no markup of theirs"
    heads = [line for line in minutes.split("\n") if re.match(r" {0,3}#", line)]
    assert len(heads) == 2 + len(absences(workshop, None)), "theirs make no heading"


@given(st.one_of(words(40), st.text(max_size=20), st.integers(), st.floats(), st.none()))
def test_no_cell_is_a_formula(value):
    cell = safe_cell(value)
    if isinstance(value, str):
        assert not cell.lstrip(" \t\r\n\u00a0\u3000").startswith(("=", "+", "-", "@"))
        assert cell.removeprefix("'") == value.replace("\x00", "").removeprefix("'")
    elif isinstance(value, int):
        assert cell == str(value), "numbers stay numbers"


def test_names_stay_away_while_a_round_is_anonymous(workshop):
    leader, speaker = author("Leader"), author("Speaker")
    round_id, absence_id = new_id(), new_id()
    plan_round(workshop, leader, GivenRound(round_id, "say", "말하기", "Say", 60, anonymous=True))
    act_on_round(workshop, leader, new_id(), round_id, "open", 60)
    said = GivenAbsence(absence_id, "said in the dark", stance="undecided", type="filtered")
    say(workshop, speaker, said, round_id=round_id)
    for kind in ("jsonl", "csv", "md"):
        out = export_now(workshop, kind, None).decode()
        assert "said in the dark" in out
        assert "Speaker" not in out
        assert speaker.person_id not in out
        assert "Speaker" in export_now(workshop, kind, speaker.person_id, own=True).decode()
    act_on_round(workshop, leader, new_id(), round_id, "close")
    assert "Speaker" in export_now(workshop, "jsonl", None).decode()


def test_private_things_are_in_ones_own_export_alone(workshop):
    who, someone = author("Mirae"), author("Someone")
    say(workshop, who, GivenAbsence(new_id(), "for me alone", visibility="private"))
    say(workshop, someone, GivenAbsence(new_id(), "for all"))
    for viewer in (None, someone.person_id, who.person_id):
        assert "for me alone" not in export_now(workshop, "csv", viewer).decode()
    own = export_now(workshop, "csv", who.person_id, own=True).decode()
    assert "for me alone" in own
    assert "for all" not in own
    assert "for me alone" not in export_now(workshop, "csv", None, own=True).decode()
    with pytest.raises(NotFoundError, match="jsonl, csv, md"):
        export_now(workshop, "xlsx", None)


def test_minutes_are_in_the_language_of_the_run():
    at = datetime(2026, 11, 21, 10, 0)
    one = Said("absence", new_id(), "", "손이 없다", "ko", None, None, at,
               {"types": {"filtered": 2}, "stances": {}})  # fmt: skip
    answer = Said("reply", new_id(), one.id, "1. *No*", "en", "p", "A_b", at, {"kind": "contest"})
    room = Conversation("r", "First *evening*", (one, answer))
    speak("en")
    text = markdown(room, at)
    assert text.startswith("# First \\*evening\\*\n\nWritten out 2026-11-21 10:00 UTC.\n")
    assert "### 손이 없다\n\nanonymous, 2026-11-21 10:00 UTC\n" in text
    assert "2 people" in text
    assert "- A\\_b, 2026-11-21 10:00 UTC contest: 1\\. \\*No\\*" in text
    speak("ko")
    assert "익명, 2026-11-21 10:00 UTC" in markdown(room, at)
    assert "반론" in markdown(room, at)
    assert plain("a\nb  <c>&") == "a b &lt;c&gt;&amp;"
    assert plain("12. one. two: https://x www.y - z") == "12\\. one. two: https\\://x www\\.y - z"
    assert [plain(line) for line in ("- a", "+ b", "=c", "1) d")] == [
        "\\- a", "\\+ b", "\\=c", "1\\) d",
    ]  # fmt: skip
    assert csv_table(room).startswith("\ufeffkind,id,of,words")
    assert len(list(as_annotations(room))) == jsonl(room).count("\n") == 2


def test_a_thread_may_be_as_deep_as_people_make_it():
    at = datetime(2026, 11, 21, 10, 0)
    said = [Said("absence", "0", "", "top", "en", None, None, at)]
    said += [Said("reply", str(n), str(n - 1), f"deep {n}", "en", None, None, at, {"kind": "ask"})
             for n in range(1, 3000)]  # fmt: skip
    assert "deep 2999" in markdown(Conversation("r", "", tuple(said)), at)


def test_a_conversation_keeps_its_order(workshop):
    one_of_each(workshop)
    said = conversation(workshop, None, role="facilitator").said
    assert [one.written_at for one in said] == sorted(one.written_at for one in said)
