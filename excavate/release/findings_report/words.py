"""The report's own words, Korean and English beside each other in words.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from excavate.gaps.finding import Figure
from excavate.gaps.numbers import said

FILE = Path(__file__).with_name("words.toml")

ESTIMATED = frozenset({"dimension", "expected", "estimated", "error_share"})


@lru_cache(maxsize=1)
def _read() -> Mapping[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))


def is_estimate(name: str) -> bool:
    """Whether a figure is estimated or expected, not counted of the items at hand."""
    head = name.partition(":")[0].partition("|")[0]
    return head in ESTIMATED or head.endswith("by_chance")


class Words:
    """The words of one language. Raises KeyError for a name that the file has not."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._said = _read()

    def __call__(self, name: str, **filled: object) -> str:
        """A text by its name, its {places} filled."""
        text: str = self._said[name][self.language]
        return text.format(**filled) if filled else text

    @property
    def limits(self) -> list[str]:
        """What every report says of its limits."""
        return [one[self.language] for one in self._said["limit"]]

    def headings(self) -> dict[str, str]:
        """Every text by its name, for the templates."""
        return {n: one[self.language] for n, one in self._said.items() if isinstance(one, dict)}

    def interval(self, name: str, figure: Figure, share: bool = False) -> str:
        """The bounds of an estimate; that it is counted, or estimated without any."""
        if figure.low is None or figure.high is None:
            return self("no_estimate" if is_estimate(name) else "no_interval")
        return self("range", low=said(figure.low, share), high=said(figure.high, share))

    def share(self, figure: Mapping[str, Any] | None) -> str:
        """A share with its bounds; that it is not measured where there is none."""
        if figure is None:
            return self("not_measured")
        value = said(figure["value"], True)
        if figure["low"] is None:
            return value
        low, high = said(figure["low"], True), said(figure["high"], True)
        return self("share_bounds", share=value, low=low, high=high)
