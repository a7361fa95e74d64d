"""The words around an essay's figures: words.toml, Korean and English side by side."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from excavate.essays.form import TONGUES, Words
from excavate.essays.reckoned import Number
from excavate.gaps.numbers import said
from excavate.gaps.records import speaking

FILE = Path(__file__).with_name("words.toml")


@lru_cache(maxsize=1)
def _known() -> dict[str, dict[str, Words]]:
    read = tomllib.loads(FILE.read_text("utf-8"))
    return {
        part: {key: Words(one["ko"], one["en"]) for key, one in entries.items()}
        for part, entries in read.items()
    }


def words(key: str, **filled: Any) -> Words:
    """Words by `part.key`, in both languages, their {names} filled; Words by their language."""
    part, _, name = key.partition(".")
    found = _known()[part][name]
    if not filled:
        return found
    by = {
        language: {n: v.of(language) if isinstance(v, Words) else v for n, v in filled.items()}
        for language in TONGUES
    }
    return Words(found.ko.format(**by["ko"]), found.en.format(**by["en"]))


def same(text: str) -> Words:
    """What is written alike in both languages: a name, a label, verbatim."""
    return Words(text, text)


def spoken_number(number: Number, language: str) -> str:
    """A number for people, without its interval."""
    with speaking(language):
        return said(number.value, number.share)


def interval(number: Number, language: str) -> str:
    """The 95 % interval of a number in words; "" where it is counted, not estimated."""
    if number.low is None or number.high is None:
        return ""
    with speaking(language):
        low, high = said(number.low, number.share), said(number.high, number.share)
    return words("figure.interval").of(language).format(low=low, high=high)
