"""Absences: said whole and once, corrected by who said them, and nothing of it lost."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excavate.errors import NotAllowedError, NotFoundError, RefusedError
from excavate.workshop.about import About
from excavate.workshop.absence_types import NONE, TYPES
from excavate.workshop.absences import (
    KNOWNNESS,
    STANCES,
    GivenAbsence,
    GivenEvidence,
    absences,
    add_evidence,
    correct,
    differs,
    history,
    is_unfillable,
    one_absence,
    say,
    sort,
    translate,
)
from excavate.workshop.ids import new_id
from excavate.workshop.store import Workshop
from excavate.workshop.withdrawing import hide
from tests.workshop.given import TURNING, author


def absence(statement: str = "제사상이 없다", **more) -> GivenAbsence:
    return GivenAbsence(new_id(), statement, **more)


def test_evidence_stands_in_the_order_it_was_given(workshop):
    who, given = author(), tuple(link(f"https://example.org/{n}") for n in range(9))
    said = absence(evidence=given)
    say(workshop, who, said)
    stands = one_absence(workshop, said.absence_id, None).evidence
    assert [one.evidence_id for one in stands] == [one.evidence_id for one in given]


def link(to: str = "https://example.org/a") -> GivenEvidence:
    return GivenEvidence(new_id(), "link", {"link": to})


def test_only_the_statement_is_needed(workshop):
    who, said = author(language="ko"), absence()
    assert say(workshop, who, said)
    (stands,) = absences(workshop, None)
    assert stands == replace(
        one_absence(workshop, said.absence_id, who.person_id), mine=False, my_stance=None
    )
    assert (stands.statement, stands.language, stands.about) == (
        "제사상이 없다", "ko", About("nothing"),
    )  # fmt: skip
    assert (stands.shown_name, stands.person_id) == (who.shown_name, who.person_id)
    assert (stands.stances, stands.types, stands.evidence, stands.corrected) == ({}, {}, (), False)


def test_it_stands_whole(workshop):
    who = author()
    said = absence(
        about=About("dataset", {"dataset": "digits"}), stance="should exist",
        knownness="suspected", agent="those who paid", position="a teacher", visibility="public",
        type="refused", evidence=(link(), GivenEvidence(new_id(), "item", {"item_id": "d/a/1"})),
    )  # fmt: skip
    say(workshop, who, said)
    stands = one_absence(workshop, said.absence_id, who.person_id)
    assert (stands.about, stands.stance, stands.knownness) == (
        said.about, "should exist", "suspected",
    )  # fmt: skip
    assert (stands.agent, stands.position, stands.type) == (
        "those who paid",
        "a teacher",
        "refused",
    )
    assert (stands.stances, stands.types) == ({"should exist": 1}, {"refused": 1})
    assert [(one.about.kind, dict(one.about.value)) for one in stands.evidence] == [
        (one.kind, one.value) for one in said.evidence
    ]
    assert (stands.mine, stands.my_stance, stands.my_type) == (True, "should exist", "refused")
    assert not differs(workshop, who, said)
    assert differs(workshop, who, replace(said, statement="another"))


def any_words(most: int) -> st.SearchStrategy[str]:
    """Something to be seen, and whatever else the workshop takes."""
    signs = st.characters(exclude_categories=("Cc", "Cs"), exclude_characters=TURNING)
    return st.text(signs, max_size=most).map(lambda text: f"갓{text}")


given_words = st.tuples(
    any_words(20), any_words(12), any_words(12), st.sampled_from([None, *STANCES]),
    st.sampled_from([None, *KNOWNNESS]), st.sampled_from([None, NONE, *TYPES]),
)  # fmt: skip


@settings(max_examples=5, deadline=None)
@given(st.lists(given_words, min_size=1, max_size=6))
def test_words_in_any_script_come_back_verbatim(tmp_path_factory, many):
    workshop = Workshop(tmp_path_factory.mktemp("w"))
    who, kept = author(), []
    for statement, agent, position, stance, knownness, type_ in many:
        said = absence(
            statement, agent=agent, position=position, stance=stance, knownness=knownness,
            type=type_,
        )  # fmt: skip
        say(workshop, who, said)
        kept.append(said)
    workshop.close()
    again = Workshop(workshop.folder.path)
    found = absences(again, who.person_id)
    again.close()
    assert [one.statement for one in found] == [one.statement.strip() for one in kept]
    assert [(one.agent, one.position) for one in found] == [
        (one.agent.strip(), one.position.strip()) for one in kept
    ]
    assert [(one.stance, one.knownness, one.type) for one in found] == [
        (one.stance, one.knownness, one.type) for one in kept
    ]


def test_every_fault_is_told_at_once_and_nothing_is_written(workshop):
    bad = GivenAbsence(
        new_id(), " ", About("item", {}), stance="maybe", knownness="guessed", agent="x" * 501,
        position="\x00", visibility="group", type="nonsense",
        evidence=(link("javascript:alert(1)"), GivenEvidence("no id", "rumour", {})),
    )  # fmt: skip
    before = workshop.version
    with pytest.raises(RefusedError) as told:
        say(workshop, replace(author(), consented_to=""), bad)
    assert [str(fault) for fault in told.value.faults] == [
        "Consent: nothing is recorded without it",
        "Statement: nothing is written here yet",
        "What it is said of: it does not say: item_id",
        "Who or what made it absent: 501 characters, at most 500 are kept",
        "Your position: holds signs that cannot be shown",
        "Evidence 1: a link begins with https:// or http:// and names a host",
        "Evidence 2: not an id of ours",
        "Evidence 2: one of: link, finding, item, lasso, dossier",
        "Type: no type of the vocabulary",
        "Stance: one of: should exist, should stay absent, not mine to say, undecided",
        "How it is known: one of: stated by makers, measured, suspected",
        "Who sees it: you are in no group",
    ]
    assert workshop.version == before


@pytest.mark.parametrize(
    "evidence",
    [
        GivenEvidence(new_id(), "link", {"link": 3}),
        GivenEvidence(new_id(), "link", {"link": ""}),
        GivenEvidence(new_id(), "link", {"link": "https://a.org", "more": "x"}),
        GivenEvidence(new_id(), "finding", {}),
        GivenEvidence(new_id(), "dataset", {"dataset": "d"}),
    ],
)
def test_evidence_that_is_malformed_is_refused(workshop, evidence):
    who, said = author(), absence()
    with pytest.raises(RefusedError):
        say(workshop, who, replace(said, evidence=(evidence,)))
    say(workshop, who, said)
    with pytest.raises(RefusedError):
        add_evidence(workshop, who, said.absence_id, evidence)


def test_sent_twice_it_is_one_absence(workshop):
    who, said = author(), absence(stance="undecided", type="lost", evidence=(link(),))
    assert say(workshop, who, said)
    version = workshop.version
    assert not say(workshop, who, said)
    assert workshop.version == version
    (stands,) = absences(workshop, None)
    assert (stands.stances, stands.types) == ({"undecided": 1}, {"lost": 1})
    assert len(stands.evidence) == 1


def test_two_threads_press_and_it_is_written_once(workshop):
    who, said, told = author(), absence(stance="undecided", evidence=(link(),)), []
    say(workshop, who, absence("before"))  # who it is stands already
    gate = threading.Barrier(2)

    def press() -> None:
        gate.wait()
        told.append(say(workshop, who, said))

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [False, True]
    assert [one.statement for one in absences(workshop, None)] == ["before", said.statement]
    assert len(one_absence(workshop, said.absence_id, None).evidence) == 1


def test_many_threads_say_and_nothing_is_lost(workshop):
    failed = []

    def run(number: int) -> None:
        who = author(f"p{number}")
        try:
            for k in range(6):
                said = absence(f"{number}-{k}", stance="undecided")
                say(workshop, who, said)
                absences(workshop, who.person_id)
                correct(workshop, who, new_id(), replace(said, statement=f"{number}-{k}!"))
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    said = {one.statement for one in absences(workshop, None)}
    assert said == {f"{n}-{k}!" for n in range(3) for k in range(6)}


def test_a_correction_supersedes_and_the_history_keeps_what_was_said(workshop):
    who = author(language="ko")
    first = absence("처음", stance="undecided", type="lost", evidence=(link(),))
    say(workshop, who, first)
    more = link("https://example.org/b")
    mended = replace(
        first, statement="다시", stance="should exist", agent="누군가",
        evidence=(*first.evidence, more),
    )  # fmt: skip
    row_id = new_id()
    english = replace(who, language="en")
    assert correct(workshop, english, row_id, mended)
    assert not correct(workshop, english, row_id, mended), "a retry is harmless"
    stands = one_absence(workshop, first.absence_id, who.person_id)
    assert (stands.statement, stands.language, stands.agent) == ("다시", "ko", "누군가")
    assert (stands.stance, stands.stances) == ("should exist", {"should exist": 1})
    assert (stands.types, stands.corrected) == ({"lost": 1}, True)
    assert [one.evidence_id for one in stands.evidence] == [
        first.evidence[0].evidence_id, more.evidence_id,
    ]  # fmt: skip
    versions = history(workshop, first.absence_id, None)
    assert [one.statement for one in versions] == ["처음", "다시"]
    assert [one.row_id for one in versions] == [first.absence_id, row_id]
    assert stands.written_at == versions[0].written_at
    assert stands.writing == versions[1].writing


def test_only_who_said_it_mends_it(workshop):
    who, other, said = author(), author("Bo"), absence()
    say(workshop, who, said)
    with pytest.raises(NotAllowedError, match="only who said it can mend it"):
        correct(workshop, other, new_id(), replace(said, statement="mine now"))
    with pytest.raises(NotFoundError, match="no such absence"):
        correct(workshop, who, new_id(), absence("never said"))
    assert one_absence(workshop, said.absence_id, None).statement == said.statement


def test_a_translation_made_before_a_correction_is_told_to_be_of_the_older(workshop):
    who, said = author(language="ko"), absence()
    say(workshop, who, said)
    translate(workshop, author("Bo"), new_id(), said.absence_id, "en", "No table for ancestors")
    assert [t.stale for t in one_absence(workshop, said.absence_id, None).translations] == [False]
    correct(workshop, who, new_id(), replace(said, statement="제사상도 없다"))
    assert [t.stale for t in one_absence(workshop, said.absence_id, None).translations] == [True]


def test_refused_redacted_and_withdrawn_are_not_to_be_filled(workshop):
    who, said = author(), absence(type="refused")
    say(workshop, who, said)
    assert is_unfillable(one_absence(workshop, said.absence_id, None)), "as its author sorted it"
    for name in ("a", "b"):
        sort(workshop, author(name), new_id(), said.absence_id, "lost")
    assert is_unfillable(one_absence(workshop, said.absence_id, None)), "its author's word stays"
    open_one = absence(type="lost")
    say(workshop, who, open_one)
    assert not is_unfillable(one_absence(workshop, open_one.absence_id, None))
    sort(workshop, author("c"), new_id(), open_one.absence_id, "redacted")
    assert is_unfillable(one_absence(workshop, open_one.absence_id, None)), "as many say so"
    unsorted = absence("not sorted")
    say(workshop, who, unsorted)
    assert not is_unfillable(one_absence(workshop, unsorted.absence_id, None))


def test_what_was_taken_back_is_out_of_every_reading(workshop):
    who, said = author(), absence(evidence=(link(),))
    say(workshop, who, said)
    before = workshop.version
    hide(workshop, who, new_id(), "absence", said.absence_id)
    assert absences(workshop, who.person_id) == []
    assert absences(workshop, None, at=before) == [], "nor is it in a replay"
    for read in (one_absence, history):
        with pytest.raises(NotFoundError):
            read(workshop, said.absence_id, who.person_id)
    with pytest.raises(NotFoundError):
        correct(workshop, who, new_id(), said)


@settings(max_examples=4, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 5)), min_size=6, max_size=14
    )
)
def test_a_replay_shows_every_moment_as_it_was(tmp_path_factory, steps):
    """Kept at each step, then asked for again at the end."""
    workshop = Workshop(tmp_path_factory.mktemp("w"))
    people = [author(str(n)) for n in range(4)]
    said = [absence(f"start {n}") for n in range(4)]
    kept: dict[int, list] = {}
    for who, one, what in steps:
        there = [a.absence_id for a in absences(workshop, None)]
        if said[one].absence_id not in there:
            say(workshop, people[one], said[one])
        elif what == 0:
            text = f"step {workshop.version}"
            correct(workshop, people[one], new_id(), replace(said[one], statement=text))
        else:
            sort(workshop, people[who], new_id(), said[one].absence_id, list(TYPES)[what])
        kept[workshop.version] = absences(workshop, None)
    found = {at: absences(workshop, None, at=at) for at in kept}
    workshop.close()
    assert found == kept
