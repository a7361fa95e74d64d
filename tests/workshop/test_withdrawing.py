"""Taking back what one gave: out of view, back again, by who may."""

from __future__ import annotations

from pathlib import Path

import pytest

from excavate.errors import NotAllowedError, NotFoundError
from excavate.workshop.absences import GivenAbsence, absences, reply, say
from excavate.workshop.exports import KINDS, export_now
from excavate.workshop.finds import finds
from excavate.workshop.ids import new_id
from excavate.workshop.presentations import present
from excavate.workshop.store import Row, Workshop
from excavate.workshop.tables import TABLES
from excavate.workshop.withdrawing import (
    WITHDRAWABLE,
    given_by,
    hide,
    show_again,
    withdrawn,
)
from tests.workshop.given import author
from tests.workshop.rooms import SECRET, spoken_room


@pytest.fixture
def shared(tmp_path: Path):
    opened = Workshop(tmp_path, shared=True)
    yield opened
    opened.close()


def member(workshop: Workshop, role: str):
    who = author(role)
    name = {"shown_name": role, "language": "ko", "consented_to": who.consented_to}
    workshop.write([Row("person", new_id(), who.person_id, name)])
    columns = {"role": role, "group_id": None, "given_by": None}
    workshop.write([Row("membership", new_id(), who.person_id, columns)])
    return who


def test_everything_a_person_gave_is_listed_once(workshop):
    said = spoken_room(workshop)
    given = given_by(workshop, said.mirae.person_id)
    assert [(one.table, one.rows) for one in given if one.table == "absence"] == [("absence", 2)]
    assert {one.table for one in given} == {
        "absence", "evidence", "stance", "sorting", "find", "find_fact",
    }  # fmt: skip
    assert given[0].words.startswith("고친 말"), "in its last wording"
    others = given_by(workshop, said.other.person_id)
    assert {one.table for one in others} >= {"reply", "translation", "stance", "sorting", "find"}


def test_hidden_it_is_in_no_view_and_no_export_and_comes_back(workshop):
    said = spoken_room(workshop)
    for given in given_by(workshop, said.mirae.person_id):
        assert hide(workshop, said.mirae, new_id(), given.table, given.what_id)
        assert not hide(workshop, said.mirae, new_id(), given.table, given.what_id)
    assert absences(workshop, None) == []
    assert [find.name for find in finds(workshop)] == ["A find that stays"]
    for kind in KINDS:
        assert SECRET not in export_now(workshop, kind, None).decode()
    assert {one.manner for one in given_by(workshop, said.mirae.person_id)} == {"hidden"}
    for given in given_by(workshop, said.mirae.person_id):
        assert show_again(workshop, said.mirae, new_id(), given.table, given.what_id)
    assert [one.absence_id for one in absences(workshop, None)] == [said.absence_id]
    assert len(finds(workshop)) == 2
    assert withdrawn(workshop) == {}


def test_a_retry_of_hiding_is_harmless(workshop):
    said = spoken_room(workshop)
    pressed = new_id()
    assert hide(workshop, said.mirae, pressed, "absence", said.absence_id)
    version = workshop.version
    assert not hide(workshop, said.mirae, pressed, "absence", said.absence_id)
    assert workshop.version == version


def test_a_reviewer_hides_others_and_the_author_does_not_undo_it(shared):
    people = {role: member(shared, role) for role in ("participant", "reviewer", "viewer")}
    other, absence_id = member(shared, "participant"), new_id()
    say(shared, people["participant"], GivenAbsence(absence_id, "mine"))
    for who in (other, people["viewer"]):
        with pytest.raises(NotAllowedError, match="only who gave it takes it back"):
            hide(shared, who, new_id(), "absence", absence_id)
    assert hide(shared, people["reviewer"], new_id(), "absence", absence_id)
    assert withdrawn(shared)[absence_id].moderated
    assert not show_again(shared, people["participant"], new_id(), "absence", absence_id)
    assert absences(shared, None) == []
    assert show_again(shared, people["reviewer"], new_id(), "absence", absence_id)
    assert hide(shared, people["participant"], new_id(), "absence", absence_id)
    assert not show_again(shared, people["reviewer"], new_id(), "absence", absence_id)
    assert absences(shared, None) == [], "nor does a reviewer undo the author's"
    with pytest.raises(NotFoundError):
        hide(shared, other, new_id(), "absence", new_id())
    with pytest.raises(NotFoundError):
        hide(shared, other, new_id(), "room", shared.room_id)


def test_a_hidden_answer_leaves_those_under_it(workshop):
    said = spoken_room(workshop)
    reply(workshop, said.mirae, new_id(), said.reply_id, "ask", "Why does it stay?")
    hide(workshop, said.other, new_id(), "reply", said.reply_id)
    replies = absences(workshop, None)[0].replies
    assert [(one.withdrawn, one.text) for one in replies] == [
        (True, ""),
        (False, "Why does it stay?"),
    ]


def test_what_is_withdrawn_wakes_those_who_listen_to_it(workshop):
    said = spoken_room(workshop)
    before = workshop.topics
    hide(workshop, said.mirae, new_id(), "find", said.find_id)
    grown = {name for name, version in workshop.topics.items() if version > before[name]}
    assert grown == {"board", "finds"}
    topics = workshop.topics
    workshop.close()
    again = Workshop(workshop.folder.path)
    assert again.topics == topics, "also after a start"
    again.close()


def test_whatever_holds_words_can_be_taken_back_or_is_the_rooms_own():
    kept = {"room", "person", "media"}  # a name goes with erasing everything, a picture with a find
    worded = {name for name, table in TABLES.items() if table.words}
    assert worded <= set(WITHDRAWABLE) | kept


def test_what_a_reviewer_hid_does_not_come_back_by_being_written_anew(shared):
    mirae, reviewer = member(shared, "participant"), member(shared, "reviewer")
    what = f"presentation/{mirae.person_id}"
    present(shared, mirae, new_id(), "First", "", True)
    hide(shared, reviewer, new_id(), "presentation", what)
    hide(shared, mirae, new_id(), "presentation", what)
    present(shared, mirae, new_id(), "Second", "", True)
    assert shown_titles(shared) == []
    [given] = [one for one in given_by(shared, mirae.person_id) if one.table == "presentation"]
    assert (given.manner, given.moderated) == ("hidden", True)
    assert not hide(shared, reviewer, new_id(), "presentation", what), "it is hidden still"
    assert show_again(shared, reviewer, new_id(), "presentation", what)
    assert shown_titles(shared) == ["Second"], "their own hiding was of the first"


def shown_titles(workshop):
    with workshop.cursor() as cursor:
        return [title for (title,) in cursor.execute("SELECT title FROM presentations").fetchall()]
