"""What was measured again, in sentences of both languages: the words stand in said_again.toml."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from excavate.counter.before_after import Again, exceeds_chance, tells
from excavate.errors import ExcavateError
from excavate.gaps.finding import Figure
from excavate.gaps.records import speaking
from excavate.i18n import _

FILE = Path(__file__).with_name("said_again.toml")
SLIGHTEST = 1e-9  # what is less is what adding up leaves
LANGUAGES = ("ko", "en")
# What is said besides, in this order, of what there is any.
MORE = ("filled", "older", "drawn", "half", "chosen", "already", "same", "near", "without",
        "left_out", "outside")  # fmt: skip
# The number that a measure's sentence is about, and whether it is a share of a whole.
MAIN = {
    "coverage": ("coverage", True), "concentration": ("effective_number", False),
    "diversity": ("rarefied", False), "probe": ("accuracy", True),
}  # fmt: skip


def said_of(measure: str, again: Again, told: Mapping[str, Any]) -> dict[str, str]:
    """What it says, plainly: more, less, or no difference that can be told."""
    if measure == "counts":
        turn = "more" if told["inside"] else "none"
        lines = [_filled(f"counts.{turn}", told)]
    else:
        name, share = MAIN[measure]
        values = {**told, **numbers_of(again, name, share)}
        turn = "none" if _is_slight(again, name) else _turn(again.difference[name])
        if measure == "coverage" and turn == "more" and not exceeds_chance(again):
            turn = "number"
        lines = [_filled(f"{measure}.{turn}", values)]
    if measure == "coverage":
        lines += _coverage_lines(again, told)
    if measure == "probe":
        lines += _probe_lines(again, told)
    for key in MORE:
        if told.get(key):
            lines.append(_filled(f"more.{key}", told))
    return {language: " ".join(line[language] for line in lines) for language in LANGUAGES}


def not_said(key: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """`not_measured` (in English) and `said` of what was not measured, with the reason."""
    why, all_of_it = _filled(f"why.{key}", told), _filled("more.not_measured", {})
    said = {language: f"{all_of_it[language]}: {why[language]}" for language in LANGUAGES}
    return {"not_measured": why["en"], "said": said}


def failed(error: ExcavateError) -> dict[str, Any]:
    """As `not_said`, of what broke off: what happened and what to do, `failed` for the app.

    Raised in English; in Korean where the catalogue has the sentence.
    """
    said = {}
    for language in LANGUAGES:
        with speaking(language):
            told = (f"{error.where}: " if error.where else "") + _(error.what)
            todo = f". {_(error.todo)}" if error.todo else ""
        said[language] = f"{_filled('more.failed', {})[language]}: {told}{todo}"
    named = {"what": error.what, "where": error.where, "todo": error.todo}
    return {"not_measured": str(error), "said": said, "failed": named}


def _coverage_lines(again: Again, told: Mapping[str, Any]) -> list[dict[str, str]]:
    usual = numbers_of(again, "coverage_by_chance", share=True)
    lines = [_filled("more.by_chance", usual)]
    if told["in_reference"]:
        without = numbers_of(again, "coverage_without_own", share=True)
        lines.append(_filled("more.in_reference", {**told, **without}))
    return lines


def _probe_lines(again: Again, told: Mapping[str, Any]) -> list[dict[str, str]]:
    name = "accuracy_of_members"
    values = {**told, **numbers_of(again, name, share=True)}
    lines = [_filled(f"members.{_turn(again.difference[name])}", values)]
    changed = {turn: [n.partition(":")[2] for n, f in again.difference.items()
                      if n.startswith("category:") and _turn(f) == turn]
               for turn in ("more", "less")}  # fmt: skip
    for turn, names in changed.items():
        if names:
            listed = ", ".join(names[:8]) + (" …" if len(names) > 8 else "")
            lines.append(_filled(f"categories.{turn}", {"names": listed}))
    return lines


def _turn(difference: Figure) -> str:
    if not tells(difference):
        return "none"
    return "more" if difference.value > 0 else "less"


def _is_slight(again: Again, name: str) -> bool:
    """Whether a number that is counted, not estimated, changed by less than a part in 1,000."""
    between, before = again.difference[name], again.before[name]
    return between.low is None and abs(between.value) < abs(before.value) / 1000


def numbers_of(again: Again, name: str, share: bool) -> dict[str, str]:
    """A number before, after and between with its bounds, as a sentence prints them."""
    before, after, between = (p[name] for p in (again.before, again.after, again.difference))
    return {
        "before": _number(before.value, share), "after": _number(after.value, share),
        "difference": _number(between.value, share, sign=True),
        "low": _number(between.low, share, sign=True),
        "high": _number(between.high, share, sign=True),
        "gini_before": _number(again.before["gini"].value, False) if "gini" in again.before else "",
        "gini_after": _number(again.after["gini"].value, False) if "gini" in again.after else "",
    }  # fmt: skip


def _number(value: float | None, share: bool, sign: bool = False) -> str:
    """Shares in per cent and differences of shares in points, others to three digits."""
    if value is None:
        return "–"
    shown = 100 * value if share else value
    text = f"{shown:.1f}" if share else f"{shown:.4g}"
    if float(text) == 0:
        text = _slight(shown)
    signed = f"+{text}" if sign and float(text) > 0 else text
    return f"{signed} %" if share and not sign else signed


def _slight(shown: float) -> str:
    """What would round to 0 and is not 0: to its first digit, so that its side is seen."""
    if abs(shown) < SLIGHTEST:
        return "0.0"
    return f"{shown:.{math.ceil(-math.log10(abs(shown)))}f}"


def _filled(key: str, values: Mapping[str, Any]) -> dict[str, str]:
    table, _, name = key.partition(".")
    words = _words()[table][name]
    return {language: str(words[language]).format(**values) for language in LANGUAGES}


@lru_cache(maxsize=1)
def _words() -> Mapping[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))
