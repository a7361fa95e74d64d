"""Concepts: absent, present and blind words told apart; nothing said where nothing can be."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excavate.errors import NotFoundError, SourceError
from excavate.gaps.concepts import Asked, Pictures, concepts
from excavate.gaps.finding import Measured, NotMeasured, Reference
from excavate.gaps.nonsense import nonsense
from excavate.gaps.standing_out import Words, auc, standing
from excavate.gaps.vocabulary import Concept, read_vocabulary, shipped
from tests.gaps.planted_encoder import unit

CONTROL = Reference("dataset", "control", "r1")
# How many of 2,000 pictures show each concept, here and in the control; the last is unknown.
HERE, THERE = (0, 40, 40, 0), (40, 40, 0, 40)
VOCABULARY = [Concept(f"c{n}", "g", f"말{n}", f"word {n}") for n in range(4)]


def shown(draw: np.random.Generator, directions: np.ndarray, counts: tuple[int, ...]) -> Pictures:
    vectors = draw.standard_normal((2000, directions.shape[1]))
    for n, count in enumerate(counts):
        vectors[100 * n : 100 * n + count] += 8 * directions[n]
    return Pictures(unit(vectors), np.array([f"d/all/{n}" for n in range(2000)], object))


def world(seed: int = 0) -> tuple[dict[str, Words], Asked]:
    """English knows all but the last concept, Korean all but the last two."""
    draw = np.random.default_rng(seed)
    directions = unit(draw.standard_normal((4, 64)))
    spoken = {}
    for language, known in (("ko", 2), ("en", 3)):
        prompts = unit(draw.standard_normal((4, 64)))
        prompts[:known] = directions[:known]
        spoken[language] = Words(prompts, unit(draw.standard_normal((50, 64))))
    here, control = (shown(draw, directions, counts) for counts in (HERE, THERE))
    return spoken, Asked(here, control, CONTROL)


def measured(spoken: dict[str, Words], asked: Asked) -> dict[str, dict[str, object]]:
    outcome = concepts(VOCABULARY, spoken, asked, {})
    assert isinstance(outcome, Measured), outcome
    return {row["concept"]: row for row in outcome.rows.to_pylist()}


@pytest.mark.parametrize("seed", range(5))
def test_absent_present_and_blind_are_told_apart(seed: int) -> None:
    rows = measured(*world(seed))
    assert [rows[f"c{n}"]["state"] for n in range(4)] == ["thin", "present", "present", "blind"]
    assert next(iter(rows)) == "c0"
    assert (rows["c0"]["ko_state"], rows["c0"]["en_state"]) == ("thin", "thin")
    assert (rows["c2"]["ko_state"], rows["c2"]["heard_in"]) == ("blind", "en")
    assert rows["c1"]["low"] < 1 < rows["c1"]["high"]
    assert (rows["c3"]["score"], rows["c3"]["low"], rows["c3"]["high"]) == (None, None, None)
    assert set(rows["c1"]["items"]) <= {f"d/all/{n}" for n in range(100, 140)}


@pytest.mark.parametrize("huddled", [False, True])
def test_sixty_planted_words_are_told_apart(huddled: bool) -> None:
    from benchmarks.planted.concepts import TRUTH, told, world

    said = told(world(0, huddled, 0.05))
    assert sum(one == truth for one, truth in zip(said, TRUTH, strict=True)) >= 57
    assert [t for t, one in zip(TRUTH, said, strict=True) if one == "thin"] == ["thin"] * 20


def test_without_a_control_what_is_absent_and_what_is_unknown_look_alike() -> None:
    spoken, asked = world()
    alone = replace(asked, control=None, reference=Reference("vocabulary", "v"))
    rows = measured(spoken, alone)
    assert [rows[f"c{n}"]["state"] for n in range(4)] == ["blind", "present", "present", "blind"]
    assert {row["score"] for row in rows.values()} == {None}


@pytest.mark.parametrize("strength", [0.5, 2.0])
def test_another_style_of_pictures_is_no_gap(strength: float) -> None:
    """All pictures here lie towards one direction, as drawings do against photographs."""
    spoken, asked = world(1)
    style = unit(np.random.default_rng(9).standard_normal(64))
    moved = Pictures(unit(asked.here.vectors + strength * style), asked.here.item_ids)
    rows = measured(spoken, replace(asked, here=moved))
    assert [rows[f"c{n}"]["state"] for n in range(4)] == ["thin", "present", "present", "blind"]


def test_a_dataset_of_one_thing_alone_has_it() -> None:
    spoken, asked = world()
    full = unit(asked.here.vectors + 2 * spoken["en"].prompts[0])
    rows = measured(spoken, replace(asked, here=Pictures(full, asked.here.item_ids)))
    assert (rows["c0"]["state"], rows["c0"]["share"]) == ("present", 1.0)


def test_labels_of_the_control_can_show_that_words_find_something_else() -> None:
    spoken, asked = world()
    first, other = np.zeros((2, 2000), bool)
    first[:40], other[1000:1040] = True, True
    rows = measured(spoken, replace(asked, named={"c0": first, "c1": other}))
    assert rows["c0"]["auc"] > 0.99
    assert (rows["c1"]["state"], rows["c0"]["state"]) == ("blind", "thin")


def test_what_both_have_is_present_the_other_way_round_too() -> None:
    spoken, asked = world()
    assert asked.control is not None
    rows = measured(spoken, replace(asked, here=asked.control, control=asked.here))
    assert [rows[f"c{n}"]["state"] for n in range(4)] == ["present", "present", "thin", "blind"]


def test_a_word_that_a_language_lacks_is_not_measured_in_it() -> None:
    spoken, asked = world()
    prompts = spoken["en"].prompts.copy()
    prompts[1] = 0
    rows = measured({**spoken, "en": Words(prompts, spoken["en"].nonsense)}, asked)
    assert (rows["c1"]["en_state"], rows["c1"]["en_score"]) == ("not measured", None)
    assert (rows["c1"]["state"], rows["c1"]["heard_in"]) == ("present", "ko")


def test_bounds_hold_the_true_ratio() -> None:
    """Nineteen times in twenty, over words that half as many pictures here answer to."""
    draw = np.random.default_rng(3)
    held = []
    for _ in range(12):
        prompt = unit(draw.standard_normal((30, 256)))
        here, there = (unit(draw.standard_normal((1500, 256))) for _ in range(2))
        for n, word in enumerate(prompt):
            here[draw.random(1500) < 0.02] += word * 1.0 if n % 2 else 0
            there[draw.random(1500) < 0.04] += word * 1.0 if n % 2 else 0
        words = Words(prompt, unit(draw.standard_normal((50, 256))))
        stood = standing(words, unit(here), unit(there), 0.001, 0)
        held += list((stood.low <= 0.5) & (stood.high >= 0.5))[1::2]
    assert 0.9 < np.mean(held) < 0.995


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**16), st.floats(0.2, 5.0), st.integers(0, 60))
def test_scaling_the_spread_or_the_order_of_words_changes_no_state(
    seed: int, turn: float, moved: int
) -> None:
    """A prompt's own level and spread are its own: another prompt's do not touch it."""
    spoken, asked = world(7)
    draw = np.random.default_rng(seed)
    order = draw.permutation(4)
    words = spoken["en"]
    stood = standing(words, asked.here.vectors, asked.control.vectors, 0.001, 0)
    prompts = words.prompts[order] * np.float32(turn)
    again = standing(
        Words(prompts, words.nonsense), asked.here.vectors, asked.control.vectors, 0.001, 0
    )
    assert np.array_equal(stood.heard[order], again.heard)
    assert np.allclose(stood.share[order], again.share, atol=1e-3)


def test_what_cannot_be_measured_says_why() -> None:
    spoken, asked = world()
    few = Pictures(asked.here.vectors[:5], asked.here.item_ids[:5])
    same = Pictures(np.repeat(asked.here.vectors[:1], 50, axis=0), asked.here.item_ids[:50])
    broken = asked.here.vectors.copy()
    broken[3] = np.nan
    deaf = {"en": Words(np.zeros((4, 64), np.float32), spoken["en"].nonsense)}
    assert "equally similar" in str(concepts(VOCABULARY, deaf, asked, {}))
    for vocabulary, case, why in (
        ([], asked, "there are no words to look for"),
        (VOCABULARY, replace(asked, here=few), "there are 5 pictures with vectors; 20 are needed"),
        (VOCABULARY, replace(asked, control=few), "there are 5 pictures with vectors"),
        (VOCABULARY, replace(asked, here=same), "all items look the same to the encoder"),
        (VOCABULARY, replace(asked, control=same), "all items look the same to the encoder"),
        (
            VOCABULARY,
            replace(asked, here=Pictures(broken, asked.here.item_ids)),
            "the vectors hold numbers that are not finite",
        ),
    ):
        outcome = concepts(vocabulary, spoken, case, {})
        assert isinstance(outcome, NotMeasured)
        assert str(outcome).startswith(why)


def test_auc_is_scikit_learns() -> None:
    from sklearn.metrics import roc_auc_score

    draw = np.random.default_rng(0)
    named = draw.random(400) < 0.2
    similar = np.round(draw.standard_normal(400) + named, 1)  # with ties
    area, low, high = auc(similar, named)
    assert area == pytest.approx(roc_auc_score(named, similar))
    assert 0.5 < low < area < high < 1


def test_nonsense_is_none_of_our_words_and_always_the_same() -> None:
    prompts = {p for n in shipped() for c in read_vocabulary(n).concepts for p in (c.ko, c.en)}
    for language in ("ko", "en"):
        made = nonsense(language, 60, 0)
        assert len(set(made)) == 60
        assert made == nonsense(language, 60, 0) != nonsense(language, 60, 1)
        assert not set(made) & prompts


def test_the_shipped_vocabularies_are_whole_and_name_things_not_who_people_are() -> None:
    sizes = {name: len(read_vocabulary(name).concepts) for name in shipped()}
    assert sizes.keys() == {"general", "korea", "places"}
    assert sizes["general"] >= 120
    assert sizes["korea"] >= 120
    assert sizes["places"] >= 80
    who = re.compile(
        r"\b(man|woman|men|women|girls?|boys?|child|children|baby|babies|old person|older|elderly|"
        r"young|black person|white person|asian)\b|노인|할머니|할아버지|여성|남성|여자|남자|청년"
    )
    for name in shipped():
        for concept in read_vocabulary(name).concepts:
            assert concept.ko, concept
            assert concept.en, concept
            assert not re.search(who, f"{concept.ko} {concept.en}"), concept
            assert re.search("[가-힣]", concept.ko), concept
            assert concept.en.isascii(), concept


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("id,group,ko\n", "columns are missing: en"),
        ("id,group,ko,en,en\n", "a column stands twice"),
        ("id,group,ko,en\n", "line 2: there is no concept"),
        ("id,group,ko,en\n,g,바다,sea\n", "line 2: it has no id"),
        ("id,group,ko,en\na,g,,\n", "line 2: it has no prompt, neither ko nor en"),
        ("id,group,ko,en\na,g,바다\n", "line 2: 3 columns instead of 4"),
        ("id,group,ko,en\na,g,바다,sea\nb,g,바다,ocean\n", "line 3: ko '바다' stands in line 2"),
        ("id,group,ko,en\na,g,바다,sea\na,g,산,hill\n", "line 3: id 'a' stands in line 2 already"),
        ("id,group,ko,en\na,g,바다,%s\n" % ("x" * 201), "line 2: en is longer than 200 characters"),
        ("id,group,ko,en\na,g,바\x07다,sea\n", "line 2: ko holds a control character"),
        ('id,group,ko,en\na,g,"바다,sea\n', "this is no CSV"),
    ],
)
def test_a_vocabulary_says_every_fault_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "v.csv").write_text(text, "utf-8")
    with pytest.raises(SourceError, match=re.escape(told)):
        read_vocabulary(str(tmp_path / "v.csv"))


def test_a_vocabulary_that_is_no_text_or_not_there(tmp_path: Path) -> None:
    (tmp_path / "v.csv").write_bytes("id,group,ko,en\na,g,바다,sea\n".encode("cp949"))
    with pytest.raises(SourceError, match="it is not UTF-8"):
        read_vocabulary(str(tmp_path / "v.csv"))
    with pytest.raises(NotFoundError, match="Shipped are: general, korea, places"):
        read_vocabulary("nowhere")


def test_a_vocabulary_may_lack_a_language_and_notes(tmp_path: Path) -> None:
    (tmp_path / "v.csv").write_text("﻿id,group,ko,en\n\ngut,rites,굿,\n", "utf-8")
    assert read_vocabulary(str(tmp_path / "v.csv")).concepts == (Concept("gut", "rites", "굿", ""),)


TWO_MEANINGS = {  # what reads otherwise before "사진", and is not a prompt by itself
    "밤", "다리", "해", "비", "양", "굿", "산소", "새", "개", "돌", "돈", "약", "모자", "눈", "배",
    "말", "차", "절", "논", "달", "불", "소", "공",
}  # fmt: skip


@pytest.mark.parametrize("name", shipped())
def test_no_shipped_prompt_has_a_second_meaning(name: str) -> None:
    """A mother and child (모자) are no hat, and a first birthday (돌 사진) is no stone."""
    found = read_vocabulary(name).concepts
    assert not TWO_MEANINGS & {concept.ko for concept in found}
    assert all(concept.ko and concept.en for concept in found)
