"""Notebooks: one's own order, one's own words, nobody else's hand in them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from excavate.errors import NotAllowedError, NotFoundError, RefusedError
from excavate.workshop.ids import new_id
from excavate.workshop.minutes import plain
from excavate.workshop.notebooks import (
    LONGEST_NOTE,
    GivenNote,
    amend,
    keep,
    move,
    moved_by,
    notebook,
    take_out,
)
from excavate.workshop.own_export import as_json, as_markdown
from excavate.workshop.presentations import open_presentations, present, presentation
from excavate.workshop.store import Workshop
from excavate.workshop.withdrawing import given_by
from tests.workshop.given import author, words


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    opened = Workshop(tmp_path)
    yield opened
    opened.close()


def text(said: str = "a note", **more) -> GivenNote:
    return GivenNote(new_id(), "text", said, **more)


@settings(max_examples=10, deadline=None, suppress_health_check=[*HealthCheck])
@given(moves=st.lists(st.tuples(st.integers(0, 5), st.integers(-7, 7)), max_size=5))
def test_moving_is_a_permutation_and_what_is_read_is_what_was_meant(workshop, moves):
    who = author()
    for number in range(6):
        keep(workshop, who, text(str(number)))
    take_out(workshop, who, new_id(), notebook(workshop, who.person_id)[2].note_id)
    keep(workshop, who, text("6"))
    for at, by in moves:
        before = notebook(workshop, who.person_id)
        move(workshop, who, new_id(), before[at].note_id, by)
        after = [note.text for note in notebook(workshop, who.person_id)]
        assert after == [note.text for note in moved_by(before, at, by)]
        assert sorted(after) == ["0", "1", "3", "4", "5", "6"]
        assert after.index(before[at].text) == min(max(at + by, 0), 5)


def test_a_note_sent_twice_is_one(workshop):
    who, given_once = author(), text()
    assert keep(workshop, who, given_once)
    assert not keep(workshop, who, given_once)
    assert len(notebook(workshop, who.person_id)) == 1
    retried = new_id()
    note_id = given_once.note_id
    assert amend(workshop, who, retried, note_id, text="better")
    assert not amend(workshop, who, retried, note_id, text="better")
    assert notebook(workshop, who.person_id)[0].text == "better"


@settings(max_examples=15, deadline=None, suppress_health_check=[*HealthCheck])
@given(said=words(200))
def test_what_was_written_is_read_back(workshop, said):
    who = author()
    keep(workshop, who, text(said))
    assert notebook(workshop, who.person_id)[0].text == said.strip()


def test_nobody_changes_anothers_notebook(workshop):
    who, other = author(), author("Jun")
    keep(workshop, who, text())
    note_id = notebook(workshop, who.person_id)[0].note_id
    for act in (
        lambda: amend(workshop, other, new_id(), note_id, text="mine now"),
        lambda: move(workshop, other, new_id(), note_id, 1),
        lambda: take_out(workshop, other, new_id(), note_id),
    ):
        with pytest.raises(NotAllowedError):
            act()
    with pytest.raises(NotFoundError):
        amend(workshop, who, new_id(), new_id(), shown=True)
    assert notebook(workshop, who.person_id)[0].text == "a note"
    assert notebook(workshop, other.person_id) == []


@pytest.mark.parametrize(
    "wrong",
    [text(""), text("\u200b"), text("a" * (LONGEST_NOTE + 1)), GivenNote(new_id(), "poem", "x"),
     GivenNote(new_id(), "item", ""), GivenNote(new_id(), "item", "", {"item_id": ""}),
     GivenNote(new_id(), "item", "", {"item_id": ["x"]})],
)  # fmt: skip
def test_what_cannot_be_kept_is_told(workshop, wrong):
    with pytest.raises(RefusedError):
        keep(workshop, author(), wrong)


def test_a_note_is_shown_to_nobody_until_it_is_marked(workshop):
    who = author()
    keep(workshop, who, GivenNote(new_id(), "item", "", {"item_id": "digits/all/5"}))
    (note,) = notebook(workshop, who.person_id)
    assert not note.shown
    assert note.points_at == "digits/all/5"
    amend(workshop, who, new_id(), note.note_id, shown=True)
    assert notebook(workshop, who.person_id)[0].shown


def test_presentations_are_listed_by_name_and_only_while_open(workshop):
    people = [author(name) for name in ("Zoe", "ann", "가람", "Bora")]
    for who in people:
        present(workshop, who, new_id(), f"By {who.shown_name}", "", True)
    assert [one.shown_name for one in open_presentations(workshop)] == [
        "ann",
        "Bora",
        "Zoe",
        "가람",
    ]
    present(workshop, people[0], new_id(), "By Zoe", "", False)
    assert "Zoe" not in [one.shown_name for one in open_presentations(workshop)]
    assert presentation(workshop, people[0].person_id).title == "By Zoe"
    with pytest.raises(RefusedError):
        present(workshop, people[0], new_id(), " ", "", True)


def test_what_one_takes_along_holds_ones_private_words_and_nobody_elses(workshop):
    who, other = author(), author("Jun")
    keep(workshop, who, text("first <b>*words*</b>"))
    keep(workshop, other, text("not yours"))
    note_id = notebook(workshop, who.person_id)[0].note_id
    amend(workshop, who, new_id(), note_id, text="second [x](javascript:1)")
    whole, readable = as_json(workshop, who), as_markdown(workshop, who)
    assert "first <b>*words*</b>" in whole  # every wording
    assert "second" in whole
    assert "not yours" not in whole + readable
    assert "second \\[x\\](javascript:1)" in readable
    assert len(given_by(workshop, who.person_id)) == 1


@given(said=st.text())
def test_plain_text_keeps_every_sign(said):
    back = html.unescape(re.sub(r"\\(.)", r"\1", plain(said)))
    assert back == " ".join(said.split())
    assert "<" not in plain(said)
