"""What says what a person is: names and labels that do, names and labels that do not."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from excavate.gaps.persons import names_persons, of_persons, persons_in, words_in

CIFAR10 = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
CELEBA = [
    "5_o_Clock_Shadow",
    "Arched_Eyebrows",
    "Bald",
    "Eyeglasses",
    "Male",
    "No_Beard",
    "Smiling",
    "Young",
]


@pytest.mark.parametrize(
    "field",
    [
        "Young",
        "Male",
        "gender",
        "genders",
        "ageGroup",
        "agegroup",
        "AGE",
        "person.gender",
        "gender?",
        "perceivedGender",
        "race_id",
        "ethnic_group",
        "nationalities",
        "skinTone",
        "성별(추정)",
        "추정성별",
        "나이대",
        "인종",
        "is_child",
        "Fitzpatrick",
    ],
)
def test_a_field_is_of_persons_by_a_word_of_its_name(field: str) -> None:
    assert of_persons(field, ["a", "b"])


@pytest.mark.parametrize(
    "field", ["label", "stage", "image", "message", "category", "trace", "Garage", "나이프"]
)
def test_a_field_is_not_of_persons_by_a_part_of_a_word(field: str) -> None:
    assert not of_persons(field, ["a", "b"])


@pytest.mark.parametrize(
    "labels",
    [
        ["male", "female", "unknown"], ["Male", "Female"], ["boy", "girl"], ["M", "F"],
        ["남", "여", "미상"], ["중년남성", "꽃"], ["소년", "개"], ["man", "dog"],
        ["young woman", "car"],
        ["White", "Black", "East Asian", "Indian"], ["asian", "black", "white"],
        ["White", "Black", "Latino_Hispanic", "Middle Eastern"], ["black", "white", "indian"],
        ["아시아인", "백인", "흑인"], ["black person", "dog"], ["old", "young"],
        ["0-2", "3-9", "10-19", "more than 70"], ["(0, 2)", "(4, 6)"], ["20대", "30대"],
        ["3 years old", "tree"], CELEBA,
    ],
)  # fmt: skip
def test_labels_that_say_what_a_person_is(labels: list[str]) -> None:
    assert of_persons("label", labels)


@pytest.mark.parametrize(
    "labels",
    [
        CIFAR10, [str(n) for n in range(10)], ["Faces", "Faces_easy", "buddha"], ["black", "white"],
        ["person", "bicycle"], ["동", "서", "남", "북"], [chr(97 + n) for n in range(26)],
        ["s", "m", "l"], ["baby carriage", "African elephant", "yellow lady's slipper"],
        ["men's shoes", "bags"], ["ladybug", "manhole cover", "ottoman"], ["Indian", "Thai"],
        ["1990년대", "2000년대"], ["mallard male", "mallard female"], [],
    ],
)  # fmt: skip
def test_labels_that_say_nothing_of_persons(labels: list[str]) -> None:
    assert not of_persons("label", labels)


def test_what_nobody_can_vouch_for_is_told_apart() -> None:
    assert persons_in("gender").plain
    assert persons_in("label", ["woman", "man", "other"]).plain
    some = persons_in("label", ["woman", "vase", "old boat"])
    assert (some.plain, sorted(some.labels)) == (False, ["woman"])
    rocks = persons_in("age", ["Jurassic", "Permian"])
    assert (rocks.plain, rocks.unsure, rocks.labels) == (False, True, frozenset())
    assert not persons_in("years", ["1-300", "301-600"])  # nobody lives so long


def test_names_are_split_in_every_script() -> None:
    assert words_in("isMale_v2, ageGROUP") == ["is", "male", "v", "age", "group"]
    assert words_in("성별Gender(추정)") == ["성별", "gender", "추정"]
    assert words_in("성별") == ["성별"]  # the same, decomposed


def test_a_node_is_of_persons_by_one_word() -> None:
    assert names_persons("woman, adult female")
    assert names_persons("Boys")
    assert names_persons("중년남성")
    assert not names_persons("walker")
    assert not names_persons("manhole cover")


@given(st.text(), st.lists(st.text(), max_size=5))
def test_any_text_can_be_asked_about_and_a_label_of_persons_tells(
    field: str, labels: list[str]
) -> None:
    found = persons_in(field, labels)
    assert found.labels <= set(labels)
    assert of_persons(field, [*labels, "woman"])


@pytest.mark.shared_data
def test_real_fields(shared: Path) -> None:
    with open(shared / "fairface-labels" / "fairface_label_val.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for field in ("age", "gender", "race"):
        assert of_persons("label", {row[field] for row in rows})
    caltech = [p.name for p in (shared / "caltech101").iterdir() if p.is_dir()]
    assert "Faces" in caltech
    assert not of_persons("label", caltech)
