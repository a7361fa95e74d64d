"""Words of RIGHTS.md and NOT-HELD.md, and people's words as Markdown that means nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from excavate.workshop.absence_types import Words
from excavate.workshop.minutes import plain

FILE = Path(__file__).with_name("release.toml")


@lru_cache(maxsize=1)
def _words() -> dict[str, Words]:
    kept = tomllib.loads(FILE.read_text("utf-8"))["words"]
    return {code: Words(one["en"], one["ko"]) for code, one in kept.items()}


def word(code: str) -> Words:
    """One of our words in both languages. Raises KeyError where there is none."""
    return _words()[code]


@lru_cache(maxsize=4096)
def both(words: Words) -> str:
    """Korean and English beside each other, escaped; once where they are the same."""
    said = dict.fromkeys(text for text in (words.ko, words.en) if text.strip())
    return " · ".join(cell(text) for text in said)


@lru_cache(maxsize=4096)
def cell(text: str) -> str:
    """People's words in a cell of a Markdown table: no sign of theirs means anything."""
    return plain(text).replace("\\|", "|").replace("|", "\\|")


def table(heads: Iterable[str], lines: Iterable[Iterable[str]]) -> list[str]:
    """A Markdown table of cells that are escaped already."""
    named = list(heads)
    return [_line(named), _line("---" for _ in named), *map(_line, lines)]


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
