"""Bars of a finding as HTML, for narrow screens: labels and numbers above each bar, none cut."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from excavate.i18n import _

if TYPE_CHECKING:
    from excavate.charts_findings import Bars


def bars_html(bars: Bars) -> str:
    """A list of bars: a tick where it was expected, a line for the interval, hatched without."""
    low, high = _ends(bars)
    lines = "".join(_line(bars, at, low, high) for at in range(len(bars.labels)))
    expected = any(value is not None for value in bars.expected)
    tick = f"<b>|</b> {escape(bars.expected_title)}" if expected else ""
    return (
        f'<p class="exc-bars-key"><span><i></i>{escape(bars.title)}</span><span>{tick}</span></p>'
        f'<ol class="exc-bars">{lines}</ol>'
    )


def _ends(bars: Bars) -> tuple[float, float]:
    """From where to where the bars can reach; zero lies within."""
    bounds = [end for at in range(len(bars.labels)) for end in bars.bounds(at) or ()]
    known = [value for value in (*bars.values, *bars.expected, *bounds, 0.0) if value is not None]
    return min(known), max(known) if max(known) > min(known) else min(known) + 1


def _line(bars: Bars, at: int, low: float, high: float) -> str:
    def place(value: float) -> float:
        return 100 * (value - low) / (high - low)

    def span(tag: str, start: float, end: float) -> str:
        return f'<{tag} style="left:{place(start):.2f}%;width:{place(end) - place(start):.2f}%">'

    value, expected, bounds = bars.values[at], bars.expected[at], bars.bounds(at)
    hatched = "" if value is not None else ' class="exc-bar-unmeasured"'
    drawn = f"{span('i', min(value, 0.0), max(value, 0.0))}</i>" if value is not None else ""
    drawn += f"{span('u', *bounds)}</u>" if bounds else ""
    drawn += f"{span('s', expected, expected)}</s>" if expected is not None else ""
    words = bars.numbers(at) if value is not None else _("not measured")
    return (
        f"<li{hatched}><span>{escape(bars.labels[at])}</span> <b>{escape(words)}</b>"
        f'<div aria-hidden="true">{drawn}</div></li>'
    )
