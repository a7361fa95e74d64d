"""The vocabulary of absence: eighteen types in four moments, stances, and their words.

Names and order are those of gaps/absence_types.py; here stands what a person needs to choose:
what a type means, an example with its source, and the care it asks for. Both languages are in
the file beside this one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from excavate.gaps.absence_types import absence_types
from excavate.i18n import spoken

FILE = Path(__file__).with_name("absence_types.toml")
NONE = "none of these"
UNFILLABLE = frozenset({"refused", "redacted", "withdrawn"})  # nothing here offers to fill them
LANGUAGES = ("en", "ko")


@dataclass(frozen=True, slots=True)
class Words:
    """The same in both languages; `str()` is that of the run."""

    en: str
    ko: str

    def __str__(self) -> str:
        return self.ko if spoken() == "ko" else self.en


@dataclass(frozen=True, slots=True)
class Moment:
    """One of the four moments in which silences enter: its code, name, what happens in it."""

    code: str
    name: Words
    says: Words


@dataclass(frozen=True, slots=True)
class Type:
    """One type of absence, as it is explained to who chooses.

    `status` says whether the source of the example was seen; what was not is shown as
    unverified. `care` is what to mind in naming it, where there is something to mind.
    """

    code: str
    moment: str
    name: Words
    definition: Words
    example: Words
    source: str
    status: str
    care: Words | None = None

    @property
    def verified(self) -> bool:
        """Whether everything in the example rests on a source that was seen at first hand."""
        return self.status == "seen"

    @property
    def fillable(self) -> bool:
        """Whether it could be answered by collecting: what was refused or taken back cannot."""
        return self.code not in UNFILLABLE


@lru_cache(maxsize=1)
def moments() -> Mapping[str, Moment]:
    """The four moments by code, in their order."""
    kept = _file()["moments"]
    return {code: Moment(code, _words(one), _words(one, "says_")) for code, one in kept.items()}


@lru_cache(maxsize=1)
def types() -> Mapping[str, Type]:
    """The eighteen types by code, in the order of the moments."""
    kept = _file()["types"]
    return {
        code: Type(
            code, one.moment, Words(one.en, one.ko), _words(kept[code]),
            _words(kept[code], "example_"), kept[code]["source"], kept[code]["status"],
            _words(kept[code], "care_") if "care_en" in kept[code] else None,
        )
        for code, one in absence_types().items()
    }  # fmt: skip


def types_of(moment: str) -> list[Type]:
    """The types of one moment."""
    return [one for one in types().values() if one.moment == moment]


def word(table: str, code: str) -> str:
    """What a stance, a knownness, a verdict … is called in the language of this run.

    `table`: stances, knownness, visibility, replies, verdicts, holding, answers, moments or
    types. The code itself where it is not known.
    """
    if table == "types":
        return str(types()[code].name) if code in types() else word("answers", code)
    known = words(table).get(code)
    return str(known) if known else code


@lru_cache(maxsize=16)
def words(table: str) -> Mapping[str, Words]:
    """{code: its words} of one table of the vocabulary, in its order."""
    return {code: _words(one) for code, one in _file()[table].items()}


def is_type(code: str) -> bool:
    """Whether it is one of the eighteen, or none of these."""
    return code == NONE or code in absence_types()


def _words(table: Mapping[str, Any], before: str = "") -> Words:
    return Words(*(str(table[before + language]) for language in LANGUAGES))


@lru_cache(maxsize=1)
def _file() -> Mapping[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))


TYPES: Mapping[str, Type] = types()
