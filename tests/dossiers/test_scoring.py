"""The documentation score: strict about what answers a question, and how well it was seen."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from excavate.dossiers.reading import read_archive
from excavate.dossiers.schema import Dossier, Topic
from excavate.dossiers.scoring import Totals, instruments, questions, score
from tests.dossiers.written import written

RAI = """
dataCollection dataCollectionType dataCollectionMissingData dataCollectionRawData
dataCollectionTimeframe dataPreprocessingProtocol dataImputationProtocol
dataManipulationProtocol dataReleaseMaintenancePlan personalSensitiveInformation
dataAnnotationProtocol dataAnnotationPlatform dataAnnotationAnalysis annotationsPerItem
annotatorDemographics machineAnnotationTools dataSocialImpact dataBiases dataLimitations
dataUseCases
""".split()  # noqa: SIM905


def dossier(*facts: dict[str, object]) -> Dossier:
    whole = [
        {"id": f"a-{n:02}", "text": {"en": "So."}, "source": "A letter", "status": "seen",
         "seen_in": "the letter", "topic": "names"} | fact
        for n, fact in enumerate(facts, 1)
    ]  # fmt: skip
    return Dossier.model_validate(
        {"id": "a", "kind": "image", "name": {"en": "A"}, "fact": whole or [{}]}
    )


def state(record: Dossier, question: str) -> tuple[str, tuple[str, ...]]:
    (found,) = [a for a in score(record).answers if a.question.id == question]
    return found.state, found.facts


def test_the_instruments_ask_what_was_published() -> None:
    asked = {i.id: [(s.id, len(s.questions)) for s in i.sections] for i in instruments()}
    published = {"motivation": 4, "composition": 17, "collection": 13, "preprocessing": 4,
                 "uses": 6, "distribution": 7, "maintenance": 8}  # fmt: skip
    # Each section of the datasheet ends in "any other comments?", which asks nothing.
    assert asked["datasheet"] == [(name, count - 1) for name, count in published.items()]
    rai = [q.id.removeprefix("rai-") for i in instruments() if i.id == "croissant-rai"
           for q in i.sections[0].questions]  # fmt: skip
    assert rai == RAI
    assert [q for q in questions() if q.startswith("unasked-")] == [
        "unasked-labour-who", "unasked-labour-number", "unasked-labour-platform",
        "unasked-labour-pay", "unasked-labour-hours", "unasked-withdrawal",
        "unasked-refusal", "unasked-descendants",
    ]  # fmt: skip
    assert asked["excavate"] == [
        ("labour", 5), ("withdrawal", 1), ("refusal", 1), ("descendants", 1),
    ]  # fmt: skip
    assert len(questions()) == 52 + 20 + 8


def test_every_question_is_asked_in_both_languages_once() -> None:
    everything = [q for i in instruments() for s in i.sections for q in s.questions]
    assert len({q.id for q in everything}) == len(everything)
    for question in everything:
        assert question.text.en, question.id
        assert any("가" <= sign <= "힣" for sign in question.text.ko or ""), question.id
        assert set(question.topics) <= set(get_args(Topic)), question.id


def test_a_topic_answers_only_the_questions_that_list_it() -> None:
    found = score(dossier({"topic": "counts"}))
    assert [a.question.id for a in found.answers if a.state != "none"] == ["composition-count"]
    assert found.totals() == Totals(1, 0, 79)
    assert found.totals("datasheet", "composition") == Totals(1, 0, 15)
    assert found.totals("croissant-rai") == Totals(0, 0, 20)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([{"status": "seen"}], "seen"),
        ([{"status": "recalled", "seen_in": None}], "unverified"),
        ([{"status": "brought"}], "unverified"),
        ([{"status": "seen", "link_only": True}], "unverified"),
        ([{"status": "recalled", "seen_in": None}, {"status": "seen"}], "seen"),
    ],
)
def test_one_seen_source_is_enough_and_none_is_unverified(
    facts: list[dict[str, object]], expected: str
) -> None:
    record = dossier(*({"topic": "funder"} | fact for fact in facts))
    ids = tuple(f"a-{n:02}" for n in range(1, len(facts) + 1))
    assert state(record, "motivation-funder") == (expected, ids)


def test_a_fact_answers_what_it_names_and_counts_once() -> None:
    record = dossier({"topic": "consent", "answers": ["collection-consent", "collection-notice"]})
    assert state(record, "collection-notice") == ("seen", ("a-01",))
    assert state(record, "collection-consent") == ("seen", ("a-01",))
    assert state(record, "collection-revoke") == ("none", ())


def test_who_laboured_says_nothing_of_pay_and_nobody_collects_by_labelling() -> None:
    record = dossier({"topic": "labour_who"})
    answered = [a.question.id for a in score(record).answers if a.state != "none"]
    assert answered == ["unasked-labour-who"]
    for part in ("number", "platform", "pay", "hours"):
        of_part = dossier({"topic": f"labour_{part}"})
        assert state(of_part, f"unasked-labour-{part}") == ("seen", ("a-01",))
        assert state(of_part, "unasked-labour-who") == ("none", ())
        assert state(of_part, "collection-labour") == ("none", ())


def test_the_grounds_of_the_status_say_what_became_of_it() -> None:
    plain = dossier({"topic": "access"}, {"topic": "use", "status": "recalled", "seen_in": None})
    for because, found in ((["a-01"], "seen"), (["a-02"], "unverified")):
        whole = plain.model_dump(exclude_none=True) | {
            "status": {"state": "active", "because": because}
        }
        found_facts = state(Dossier.model_validate(whole), "unasked-withdrawal")
        assert found_facts == (found, tuple(because))
    assert state(plain, "unasked-withdrawal") == ("none", ())


def test_the_grounds_of_descent_count_in_whichever_dossier_they_stand(tmp_path: Path) -> None:
    top = '[[descendant]]\nname = "Beta"\nbecause = ["beta-01"]'
    written(tmp_path, "alpha", top=top)
    written(tmp_path, "beta")
    archive = read_archive(tmp_path)
    alpha = archive.dossiers["alpha"]
    found = {a.question.id: a for a in score(alpha, archive).answers}
    assert found["unasked-descendants"].state == "unverified"
    assert found["unasked-descendants"].facts == ("beta-01",)
    assert state(alpha, "unasked-descendants") == ("none", ())


facts = st.lists(
    st.fixed_dictionaries(
        {
            "topic": st.sampled_from(get_args(Topic)),
            "status": st.sampled_from(["seen", "recalled", "brought"]),
            "link_only": st.booleans(),
            "answers": st.lists(st.sampled_from(sorted(questions())), max_size=3),
        }
    ),
    min_size=1,
    max_size=8,
)


@given(facts, facts)
def test_parts_add_up_and_more_facts_never_answer_less(
    first: list[dict[str, object]], more: list[dict[str, object]]
) -> None:
    few, many = score(dossier(*first)), score(dossier(*first, *more))
    rank = {"none": 0, "unverified": 1, "seen": 2}
    for before, after in zip(few.answers, many.answers, strict=True):
        assert rank[after.state] >= rank[before.state]
    for found in (few, many):
        parts = [found.totals(i.id, s.id) for i in instruments() for s in i.sections]
        assert found.totals().asked == 80
        assert found.totals().seen == sum(part.seen for part in parts)
        assert found.totals().unverified == sum(part.unverified for part in parts)
