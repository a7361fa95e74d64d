"""The types of absence that a gap can be a proxy of, by their names in both languages."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from excavate.i18n import spoken

FILE = Path(__file__).with_name("absence_types.toml")


@dataclass(frozen=True, slots=True)
class AbsenceType:
    """One type: its code, the moment it belongs to, its name in English and Korean."""

    code: str
    moment: str
    en: str
    ko: str

    @property
    def name(self) -> str:
        """Its name in the language of this run."""
        return self.ko if spoken() == "ko" else self.en


@lru_cache(maxsize=1)
def absence_types() -> Mapping[str, AbsenceType]:
    """Every type by its code, in the order of the four moments."""
    found = [AbsenceType(**one) for one in tomllib.loads(FILE.read_text("utf-8"))["types"]]
    return {one.code: one for one in found}


def named(code: str) -> str:
    """A type's name in the language of this run; the code itself where it is not known."""
    known = absence_types().get(code)
    return known.name if known else code
