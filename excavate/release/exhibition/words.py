"""Words in Korean and English beside each other, as HTML that shows the chosen one."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

FILE = Path(__file__).with_name("words.toml")
HANGUL = (0xAC00, 0xD7A3)


@dataclass(frozen=True, slots=True)
class Both:
    """The same in both languages; where one is empty the other stands for both."""

    ko: str
    en: str

    def __bool__(self) -> bool:
        return bool(self.ko.strip() or self.en.strip())

    def __html__(self) -> str:
        """Both, each in its language; one alone is always shown."""
        if self.ko.strip() and self.en.strip() and self.ko != self.en:
            return str(
                Markup('<span class="ko" lang="ko">{}</span><span class="en" lang="en">{}</span>')
                .format(self.ko, self.en)
            )  # fmt: skip
        return str(alone(self.ko if self.ko.strip() else self.en))

    @property
    def plain(self) -> str:
        """Korean and English on one line, for titles of windows and pictures."""
        given = [one.strip() for one in (self.ko, self.en) if one.strip()]
        return " · ".join(dict.fromkeys(given))

    def json(self) -> dict[str, str]:
        """As a template of the catalogue reads it."""
        return {"ko": self.ko, "en": self.en}


def alone(words: str, language: str = "") -> Markup:
    """Words that there are in one language only, marked with it."""
    spoken = language or ("ko" if is_korean(words) else "en")
    return Markup('<span lang="{}">{}</span>').format(spoken, words)


def is_korean(words: str) -> bool:
    """Whether a Korean syllable is in it."""
    return any(HANGUL[0] <= ord(sign) <= HANGUL[1] for sign in words)


def say(key: str, **named: Any) -> Both:
    """What the exhibition says under a key, with what is put into its places."""
    one = _all()[key]
    return Both(_filled(one.ko, named, "ko"), _filled(one.en, named, "en"))


def coded(table: str, code: str) -> Both:
    """What a code is called in both languages; the code itself where it is not known."""
    known = _all().get(f"{table}.{code}")
    return known or Both(code, code)


def _filled(text: str, named: Mapping[str, Any], language: str) -> str:
    said = {
        key: getattr(value, language) if isinstance(value, Both) else value
        for key, value in named.items()
    }
    return text.format(**said) if said else text


@lru_cache(maxsize=1)
def _all() -> Mapping[str, Both]:
    found: dict[str, Both] = {}
    for key, one in tomllib.loads(FILE.read_text("utf-8")).items():
        if "ko" in one and isinstance(one["ko"], str):
            found[key] = Both(one["ko"], one["en"])
        else:
            found |= {f"{key}.{code}": Both(two["ko"], two["en"]) for code, two in one.items()}
    return found


__all__ = ["Both", "alone", "coded", "escape", "is_korean", "say"]
