"""What others say to an absence: each their own, in threads, and nothing that is not theirs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from excavate.errors import NotFoundError, RefusedError
from excavate.workshop import absence_rows
from excavate.workshop.absence_record import STANCES
from excavate.workshop.absence_types import NONE
from excavate.workshop.absences import (
    GivenAbsence,
    GivenEvidence,
    add_evidence,
    correct,
    one_absence,
    reply,
    say,
    sort,
    take_stance,
    translate,
)
from excavate.workshop.ids import new_id
from excavate.workshop.store import Workshop
from excavate.workshop.withdrawing import hide
from tests.workshop.given import author


@pytest.fixture
def said(workshop):
    given = GivenAbsence(new_id(), "제사상이 없다", stance="should exist")
    say(workshop, author(language="ko"), given)
    return given.absence_id


def test_replies_stand_in_threads(workshop, said):
    bo, yu = author("Bo"), author("유", "ko")
    first, second = new_id(), new_id()
    assert reply(workshop, bo, first, said, "contest", "It is in another dataset")
    assert reply(workshop, yu, second, first, "ask", "어디에요?")
    assert not reply(workshop, yu, second, first, "ask", "어디에요?"), "a retry is harmless"
    assert reply(workshop, yu, new_id(), second, "agree", "")
    replies = one_absence(workshop, said, None).replies
    assert [(r.about, r.kind, r.text, r.language, r.shown_name) for r in replies] == [
        (said, "contest", "It is in another dataset", "en", "Bo"),
        (first, "ask", "어디에요?", "ko", "유"),
        (second, "agree", "", "ko", "유"),
    ]


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        ("contest", " ", "Answer: nothing is written here yet"),
        ("ask", "x" * 2001, "Answer: 2001 characters, at most 2000 are kept"),
        ("shout", "no", "Kind: one of: agree, contest, ask, evidence"),
    ],
)
def test_a_reply_that_says_nothing_is_refused(workshop, said, kind, text, told):
    before = workshop.version
    with pytest.raises(RefusedError) as refused:
        reply(workshop, author("Bo"), new_id(), said, kind, text)
    assert [str(fault) for fault in refused.value.faults] == [told]
    assert workshop.version == before


def test_an_answer_taken_back_stays_as_a_tombstone_while_others_stand_under_it(workshop, said):
    bo, yu, first, alone = author("Bo"), author("Yu"), new_id(), new_id()
    reply(workshop, bo, first, said, "contest", "SECRET of Bo")
    under = new_id()
    reply(workshop, yu, under, first, "ask", "why?")
    reply(workshop, bo, alone, said, "agree", "SECRET alone")
    hide(workshop, bo, new_id(), "reply", first)
    hide(workshop, bo, new_id(), "reply", alone)
    replies = one_absence(workshop, said, yu.person_id).replies
    assert [(r.reply_id, r.text, r.shown_name, r.withdrawn) for r in replies] == [
        (first, "", None, True),
        (under, "why?", "Yu", False),
    ]
    assert "SECRET" not in repr(one_absence(workshop, said, bo.person_id))
    with pytest.raises(NotFoundError):
        reply(workshop, yu, new_id(), first, "agree", "")
    deep = new_id()
    reply(workshop, bo, deep, under, "agree", "deep down")
    hide(workshop, yu, new_id(), "reply", under)
    replies = one_absence(workshop, said, None).replies
    assert [(r.reply_id, r.withdrawn) for r in replies] == [
        (first, True), (under, True), (deep, False),
    ]  # fmt: skip
    hide(workshop, bo, new_id(), "reply", deep)
    assert one_absence(workshop, said, None).replies == (), "nothing stands under it any more"


def test_each_person_has_one_stance_and_stances_are_never_one_verdict(workshop, said):
    people = [author(str(n)) for n in range(3)]
    for who in people:
        take_stance(workshop, who, new_id(), said, "should stay absent")
    row_id = new_id()
    assert take_stance(workshop, people[0], row_id, said, "not mine to say")
    assert not take_stance(workshop, people[0], row_id, said, "not mine to say")
    seen = one_absence(workshop, said, people[0].person_id)
    assert seen.stances == {"should stay absent": 2, "should exist": 1, "not mine to say": 1}
    assert (seen.my_stance, seen.stance) == ("not mine to say", "should exist")
    with pytest.raises(RefusedError):
        take_stance(workshop, people[0], new_id(), said, "perhaps")


def test_each_person_sorts_for_themselves_and_none_of_these_is_an_answer(workshop, said):
    bo, yu = author("Bo"), author("Yu")
    sort(workshop, bo, new_id(), said, "lost")
    sort(workshop, bo, new_id(), said, NONE)
    sort(workshop, yu, new_id(), said, "lost")
    seen = one_absence(workshop, said, bo.person_id)
    assert (seen.types, seen.my_type, seen.type) == ({NONE: 1, "lost": 1}, NONE, None)
    with pytest.raises(RefusedError):
        sort(workshop, bo, new_id(), said, "nonsense")


def test_anybody_translates_and_mends_only_their_own(workshop, said):
    bo, yu, first = author("Bo"), author("Yu"), new_id()
    translate(workshop, bo, first, said, "en", "No table")
    translate(workshop, yu, new_id(), said, "en", "No ancestors' table")
    translate(workshop, bo, new_id(), said, "en", "There is no table")
    found = one_absence(workshop, said, None).translations
    assert {(t.statement, t.shown_name) for t in found} == {
        ("There is no table", "Bo"), ("No ancestors' table", "Yu"),
    }  # fmt: skip
    assert first in {t.translation_id for t in found}
    with pytest.raises(RefusedError) as told:
        translate(workshop, bo, new_id(), said, "xx", "")
    assert [fault.place for fault in told.value.faults] == ["Translation", "Language"]


def test_a_translation_taken_back_is_not_brought_back_by_the_next(workshop, said):
    bo, first = author("Bo"), new_id()
    translate(workshop, bo, first, said, "en", "SECRET")
    hide(workshop, bo, new_id(), "translation", first)
    assert translate(workshop, bo, new_id(), said, "en", "Another")
    (stands,) = one_absence(workshop, said, None).translations
    assert (stands.statement, stands.translation_id != first) == ("Another", True)


def test_evidence_is_added_by_anyone_and_once(workshop, said):
    given = GivenEvidence(new_id(), "link", {"link": " https://example.org/a "})
    assert add_evidence(workshop, author("Bo"), said, given)
    assert not add_evidence(workshop, author("Bo"), said, given)
    (stands,) = one_absence(workshop, said, None).evidence
    assert (dict(stands.about.value), stands.shown_name) == (
        {"link": "https://example.org/a"},
        "Bo",
    )
    assert (stands.verdict, stands.measured) == (None, {})


def test_what_is_not_there_is_not_answered(workshop, said):
    who = author("Bo")
    for nothing in (new_id(), "' OR 1=1", ""):
        for attempt in (
            lambda n: reply(workshop, who, new_id(), n, "agree", ""),
            lambda n: sort(workshop, who, new_id(), n, "lost"),
            lambda n: take_stance(workshop, who, new_id(), n, "undecided"),
            lambda n: translate(workshop, who, new_id(), n, "en", "x"),
            lambda n: add_evidence(
                workshop, who, n, GivenEvidence(new_id(), "link", {"link": "https://a.org"})
            ),
        ):
            with pytest.raises(NotFoundError, match="no such absence"):
                attempt(nothing)


def test_markup_stays_text(workshop, said):
    text = "<script>alert(1)</script> **bold** =1+1 \u05d0\u05d1"
    reply(workshop, author("<b>Bo</b>"), new_id(), said, "contest", text)
    (stands,) = one_absence(workshop, said, None).replies
    assert (stands.text, stands.shown_name) == (text, "<b>Bo</b>")


def test_a_stance_given_after_one_was_taken_back_is_seen(workshop, said):
    bo = author("Bo")
    for table, give in (
        ("stance", lambda what: take_stance(workshop, bo, new_id(), said, what)),
        ("sorting", lambda what: sort(workshop, bo, new_id(), said, what)),
    ):
        first, second = ("undecided", "should stay absent") if table == "stance" else ("lost", NONE)
        give(first)
        hide(workshop, bo, new_id(), table, f"{table}/{said}/{bo.person_id}")
        seen = one_absence(workshop, said, bo.person_id)
        assert (seen.my_stance if table == "stance" else seen.my_type) is None
        give(second)
        seen = one_absence(workshop, said, bo.person_id)
        assert (seen.my_stance if table == "stance" else seen.my_type) == second


def test_a_correction_gives_a_stance_again_that_was_taken_back(workshop):
    who, given = author(), GivenAbsence(new_id(), "one", stance="undecided", type="lost")
    say(workshop, who, given)
    for table in ("stance", "sorting"):
        hide(workshop, who, new_id(), table, f"{table}/{given.absence_id}/{who.person_id}")
    seen = one_absence(workshop, given.absence_id, None)
    assert (seen.stance, seen.stances, seen.types) == (None, {}, {})
    correct(workshop, who, new_id(), given)
    seen = one_absence(workshop, given.absence_id, None)
    assert (seen.stances, seen.types) == ({"undecided": 1}, {"lost": 1})


def test_whoever_writes_need_not_read_the_whole_room(tmp_path, monkeypatch):
    """Each write asks for the one absence alone, however much was said."""
    workshop, who, other = Workshop(tmp_path), author("Mirae"), author("Jongno")
    mine = GivenAbsence(new_id(), "Hands that shake")

    def refused(*_asked):
        raise AssertionError("the whole room was read")

    monkeypatch.setattr(absence_rows, "_read", refused)
    say(workshop, who, mine)
    first = new_id()
    assert reply(workshop, other, first, mine.absence_id, "ask", "Whose?")
    assert reply(workshop, who, new_id(), first, "evidence", "My own.")
    assert take_stance(workshop, other, new_id(), mine.absence_id, STANCES[0])
    assert sort(workshop, other, new_id(), mine.absence_id, "lost")
    assert translate(workshop, other, new_id(), mine.absence_id, "ko", "떨리는 손")
    evidence = GivenEvidence(new_id(), "link", {"link": "https://example.org/"})
    assert add_evidence(workshop, other, mine.absence_id, evidence)
    assert correct(workshop, who, new_id(), replace(mine, statement="Hands"))
    with pytest.raises(NotFoundError):
        reply(workshop, other, new_id(), new_id(), "agree", "")
    hide(workshop, other, new_id(), "reply", first)
    with pytest.raises(NotFoundError):
        reply(workshop, who, new_id(), first, "agree", "")
