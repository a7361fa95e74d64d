"""The vocabulary of absence: whole, in both languages, true to the one it is taken from."""

from __future__ import annotations

import json
import re

import pytest

from excavate.gaps.absence_types import absence_types
from excavate.gaps.lasso import NOT_MEASURED, ONLY_LAYOUT, SUPPORTED
from excavate.i18n import speak
from excavate.workshop.absence_record import KNOWNNESS, REPLY_KINDS, STANCES, VISIBILITIES
from excavate.workshop.absence_types import (
    NONE,
    TYPES,
    UNFILLABLE,
    is_type,
    moments,
    types_of,
    word,
    words,
)
from excavate.workshop.holding import CHANGED, GONE, HOLDS, UNCHECKED

HANGUL = re.compile("[가-힣]")
POLITE = re.compile(r"(니다|세요|까요)[.?]$")
TABLES = {
    "stances": STANCES, "knownness": KNOWNNESS, "visibility": VISIBILITIES,
    "replies": REPLY_KINDS, "verdicts": (SUPPORTED, ONLY_LAYOUT, NOT_MEASURED),
    "holding": (HOLDS, CHANGED, GONE, UNCHECKED), "answers": (NONE,),
    "statuses": {one.status for one in TYPES.values()},
}  # fmt: skip


def test_there_are_the_eighteen_in_their_moments_and_order():
    assert list(TYPES) == list(absence_types())
    assert len(TYPES) == 18
    assert [one.code for code in moments() for one in types_of(code)] == list(TYPES)
    assert [len(types_of(code)) for code in moments()] == [3, 6, 5, 4]


@pytest.mark.parametrize("code", TYPES)
def test_every_type_is_explained_in_both_languages(code):
    one = TYPES[code]
    for said in (one.name, one.definition, one.example, *([one.care] if one.care else [])):
        assert HANGUL.search(said.ko), said
        assert not HANGUL.search(said.en), said
    for said in (one.definition, one.example, *([one.care] if one.care else [])):
        assert POLITE.search(said.ko), said.ko
        assert said.en.endswith("."), said.en
    assert one.source


def test_every_moment_says_what_happens_in_it():
    assert len(moments()) == 4
    for one in moments().values():
        assert HANGUL.search(one.name.ko)
        assert POLITE.search(one.says.ko)
        assert one.says.en


@pytest.mark.parametrize("table", TABLES)
def test_every_code_that_is_kept_has_its_words(table):
    assert set(words(table)) == set(TABLES[table])
    for one in words(table).values():
        assert HANGUL.search(one.ko)
        assert one.en


def test_words_are_those_of_the_language_of_the_run():
    speak("ko")
    assert (word("types", "outvoted"), word("types", NONE)) == (
        "다수결에 지워진 의견",
        "이 가운데 없음",
    )
    speak("en")
    assert (word("types", "outvoted"), word("stances", "unheard-of")) == ("outvoted", "unheard-of")


def test_what_was_refused_or_taken_back_cannot_be_filled():
    assert UNFILLABLE == {"refused", "redacted", "withdrawn"} <= set(TYPES)
    assert {code for code, one in TYPES.items() if not one.fillable} == UNFILLABLE
    assert all(TYPES[code].care for code in UNFILLABLE)


def test_none_of_these_is_an_answer():
    assert is_type(NONE)
    assert is_type("lost")
    assert not is_type("nonsense")


def test_it_is_the_vocabulary_it_is_taken_from(shared):
    """Codes, moments, names, the facts' numbers and whether their source was seen."""
    file = shared.parent / "facts" / "absence_vocabulary.json"
    if not file.is_file():
        pytest.skip("no vocabulary beside the real data")
    kept = {one["code"]: one for one in json.loads(file.read_text("utf-8"))["types"]}
    assert list(kept) == list(TYPES)
    for code, one in TYPES.items():
        source = kept[code]
        assert (one.moment, one.name.en, one.name.ko) == (
            source["moment"], source["en"], source["ko"]
        )  # fmt: skip
        recalled = "recalled" in source["example"]
        assert one.status == ("partly seen" if recalled else source["example_status"]), code
        assert bool(one.care) >= bool(source["caution"]), code
        numbers = re.compile(r"\d[\d,.]*\d{2}(?![\d-])|\d+\.\d+")
        lost = set(numbers.findall(source["example"])) - set(numbers.findall(one.example.en))
        assert not lost, code
