"""Numbers as people can say them: whole ones in full, shares in per cent, never an exponent."""

from __future__ import annotations

import math
import re

from excavate.i18n import _

# Columns and figures that are shares of a whole, in any measure or in one.
SHARES = frozenset(
    {"share", "covered", "reached", "recall", "precision", "empty_cells", "median_area", "control",
     "leak", "coverage"}
)  # fmt: skip
SHARES_OF: dict[str, frozenset[str]] = {
    "columns": frozenset({"expected", "low", "high", "unmatched"}),
    "concepts": frozenset(),
    "coverage": frozenset({"coverage_by_chance"}),
    "labels": frozenset({"apart"}),
    "regions": frozenset({"low", "high", "small", "medium", "large"}),
    "taxonomy": frozenset({"leaf_coverage"}),
}
HEAD = re.compile(r"[^|:]*")  # of `coverage:age` or `leak|any|test|train`
SMALLEST = 1e-4  # what is nearer to zero (in per cent: to a whole, too) is said to be so


def is_share(measure: str, name: str) -> bool:
    """Whether a column or figure of a measure is a share, and said in per cent."""
    head = str(HEAD.match(name)[0])  # type: ignore[index]
    own = SHARES_OF.get(measure, frozenset())
    return head in SHARES or head in own or head.endswith("_share")


def said(value: float | None, share: bool = False) -> str:
    """A number for people: whole ones in full, others to three digits; a share in per cent."""
    if value is None:
        return "–"
    if share and abs(value) <= 1:
        return percent(value) if value >= 0 else f"-{percent(-value)}"
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{value:,.0f}"
    return f"{value:,.0f}" if abs(value) >= 1000 else _fraction(value)


def percent(share: float) -> str:
    """A share in per cent, with as many digits as tell it from nothing and from the whole."""
    number = 100 * share
    for digits in range(1 if number >= 1 or not share else 2, 5):
        text = f"{number:.{digits}f}"
        if share in (0, 1) or 0 < float(text) < 100:
            return f"{text} %"
    return _under(f"{SMALLEST:.4f} %") if number < 1 else _over(f"{100 - SMALLEST:.4f} %")


def _fraction(value: float) -> str:
    if abs(value) < SMALLEST:
        return _under(f"{SMALLEST:.4f}") if value > 0 else _over(f"{-SMALLEST:.4f}")
    return _short(f"{value:.{max(0, 2 - math.floor(math.log10(abs(value))))}f}")


def _short(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _under(number: str) -> str:
    return _("under {number}").format(number=number)


def _over(number: str) -> str:
    return _("over {number}").format(number=number)
