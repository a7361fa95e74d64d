"""Finds: brought whole, once, with every fault told; answered by others."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excavate.errors import NotFoundError, RefusedError
from excavate.settings import MAX_PIXELS
from excavate.workshop.finds import (
    Author,
    GivenFact,
    GivenFind,
    answer,
    bring,
    differs,
    finds,
    one_find,
    picture_of,
)
from excavate.workshop.ids import new_id
from excavate.workshop.store import Workshop
from tests.made import encoded, picture
from tests.workshop.given import CONSENT, author, find, words


def test_a_find_stands_whole(workshop):
    who = author("미래", "ko")
    brought = find(
        "을지로 간판", picture=encoded(picture(3)),
        facts=(GivenFact("year", "2019", "its page"), GivenFact("labour_pay", "unpaid")),
    )  # fmt: skip
    assert bring(workshop, who, brought, MAX_PIXELS)
    (stands,) = finds(workshop)
    assert stands == one_find(workshop, brought.find_id)
    assert (stands.name, stands.link, stands.shown_name) == (brought.name, brought.link, "미래")
    assert [(f.topic, f.text, f.source) for f in stands.facts] == [
        ("year", "2019", "its page"),
        ("labour_pay", "unpaid", None),
    ]
    content, media_type = picture_of(workshop, stands.sha256)
    assert media_type == "image/png"
    assert content[:4] == b"\x89PNG"


def test_sent_twice_it_is_one_find(workshop):
    who, brought = author(), find()
    assert bring(workshop, who, brought, MAX_PIXELS)
    version = workshop.version
    assert not bring(workshop, who, brought, MAX_PIXELS)
    assert workshop.version == version
    assert len(finds(workshop)) == 1
    assert len(finds(workshop)[0].facts) == 1


def test_every_fault_is_told_at_once_and_nothing_is_written(workshop):
    facts = (
        GivenFact("year", "", "a page"),
        GivenFact("weather", "x" * 2001),
        *[GivenFact("use", "it is used")] * 5,
    )
    bad = GivenFind(new_id(), " ", "\x00", "javascript:alert(1)", facts, b"<svg></svg>")
    before = workshop.version
    with pytest.raises(RefusedError) as told:
        bring(workshop, Author(new_id(), "", "ko", ""), bad, MAX_PIXELS)
    assert str(told.value) == (
        "not written yet. Mend this and press again\n"
        "  Your name: nothing is written here yet\n"
        "  Consent: nothing is recorded without it\n"
        "  Name: nothing is written here yet\n"
        "  Link: a link begins with https:// or http:// and names a host\n"
        "  Why: holds signs that cannot be shown\n"
        "  Facts: 7 facts, at most 6 are kept\n"
        "  Fact 1: nothing is written here yet\n"
        "  Fact 2: 2001 characters, at most 2000 are kept\n"
        "  Fact 2: say what it is about\n"
        "  Picture: neither a JPEG, a PNG nor a WebP picture"
    )
    assert workshop.version == before
    assert finds(workshop) == []
    assert not (workshop.folder.path / "media").exists()


@pytest.mark.parametrize(
    "link",
    ["ftp://example.org", "//example.org", "example.org", "https://", "data:text/html,x",
     "https://someone:secret@example.org", "https://a b.org", "https://[::1", "http:///x",
     'https://example.org/"onclick=x', "JaVaScRiPt://example.org/%0aalert(1)"],
)  # fmt: skip
def test_only_plain_links_are_taken(workshop, link):
    with pytest.raises(RefusedError, match="Link: a link begins with"):
        bring(workshop, author(), find(link=link), MAX_PIXELS)


def test_others_answer_a_find_and_its_facts(workshop):
    brought = find()
    bring(workshop, author(), brought, MAX_PIXELS)
    fact = finds(workshop)[0].facts[0]
    doubter, reply = author("Doubt"), new_id()
    assert answer(workshop, doubter, reply, fact.fact_id, "contest", "It says 2018 there")
    assert not answer(workshop, doubter, reply, fact.fact_id, "contest", "It says 2018 there")
    answer(workshop, author("Other"), new_id(), brought.find_id, "ask", "Who painted them?")
    stands = one_find(workshop, brought.find_id)
    assert [(r.kind, r.shown_name, r.about) for r in stands.replies] == [
        ("contest", "Doubt", fact.fact_id),
        ("ask", "Other", brought.find_id),
    ]


def test_an_answer_to_nothing_is_refused(workshop):
    with pytest.raises(NotFoundError):
        answer(workshop, author(), new_id(), new_id(), "ask", "Where is it?")
    with pytest.raises(RefusedError, match="one of: add, contest, ask"):
        answer(workshop, author(), new_id(), new_id(), "like", "yes")
    with pytest.raises(NotFoundError):
        one_find(workshop, "' OR 1=1 --")


def test_a_changed_name_is_a_new_row_and_shows_everywhere(workshop):
    who = new_id()
    bring(workshop, author("Mirae", person_id=who), find(), MAX_PIXELS)
    bring(workshop, author("M.", person_id=who), find("Other"), MAX_PIXELS)
    assert {f.shown_name for f in finds(workshop)} == {"M."}
    with workshop.cursor() as cursor:
        names = cursor.execute("SELECT shown_name FROM person ORDER BY writing").fetchall()
    assert names == [("Mirae",), ("M.",)]


WORDS = words(60)


@settings(max_examples=25, deadline=None)
@given(name=WORDS, why=WORDS, facts=st.lists(st.tuples(WORDS, WORDS), max_size=6))
def test_words_come_back_as_they_were_written(tmp_path_factory, name, why, facts):
    workshop = Workshop(tmp_path_factory.mktemp("w"))
    brought = find(name, why=why, facts=tuple(GivenFact("use", *fact) for fact in facts))
    bring(workshop, author(), brought, MAX_PIXELS)
    workshop.close()
    again = Workshop(workshop.folder.path)
    (stands,) = finds(again)
    again.close()
    assert (stands.name, stands.why) == (name.strip(), why.strip())
    assert [(f.text, f.source) for f in stands.facts] == [(t.strip(), s.strip()) for t, s in facts]


def test_consent_is_kept_verbatim(workshop):
    bring(workshop, author(), find(), MAX_PIXELS)
    with workshop.cursor() as cursor:
        assert cursor.execute("SELECT consented_to FROM people").fetchall() == [(CONSENT,)]


@pytest.mark.parametrize("name", ["\u200b", "\u3164\u3164", "\u2060 \ufeff"])
def test_a_name_that_nobody_can_see_is_none(workshop, name):
    with pytest.raises(RefusedError, match="Name: nothing is written here yet"):
        bring(workshop, author(), GivenFind(new_id(), name, "why"), MAX_PIXELS)


def test_signs_that_turn_the_writing_round_are_refused(workshop):
    with pytest.raises(RefusedError, match="Why: holds signs that cannot be shown"):
        bring(workshop, author(), GivenFind(new_id(), "x", "a\u202eb"), MAX_PIXELS)


def test_a_second_press_with_other_words_is_noticed(workshop):
    given = find("Signs")
    assert bring(workshop, author(), given, MAX_PIXELS)
    assert not differs(workshop, given)
    changed = replace(given, why="Another reason")
    assert not bring(workshop, author(), changed, MAX_PIXELS)
    assert differs(workshop, changed)
    more = replace(given, facts=(*given.facts[:5], GivenFact("year", "1999")))
    assert differs(workshop, more)
