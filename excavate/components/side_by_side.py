"""Two sides as HTML: paired bars of shares with their intervals, values that only one has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from excavate.gaps.numbers import percent
from excavate.gaps.shares import wilson
from excavate.i18n import _, _n

SHOWN = 20
SIDES = ("a", "b")


@dataclass(frozen=True, slots=True)
class Pair:
    """A value that both sides have: its items on each, its shares of all items with 95 % bounds
    (Wilson 1927), and whether these exclude each other."""

    value: str
    items: tuple[int, int]
    shares: tuple[float, float]
    bounds: tuple[tuple[float, float], tuple[float, float]]

    @property
    def apart(self) -> bool:
        """Whether the intervals exclude each other."""
        (a_low, a_high), (b_low, b_high) = self.bounds
        return a_high < b_low or b_high < a_low


@dataclass(frozen=True, slots=True)
class Sides:
    """What two sides say: what both have, the furthest apart first, and what only one has."""

    both: tuple[Pair, ...]
    only: tuple[Mapping[str, int], Mapping[str, int]]


def sides_of(a: Mapping[str, int], b: Mapping[str, int], items: tuple[int, int]) -> Sides:
    """Lay the counts of values side by side; `items`: how many there are in all on each side."""
    shared = [value for value in a if value in b]
    counts = np.array([[a[v] for v in shared], [b[v] for v in shared]], float).reshape(2, -1)
    totals = np.array(items, float)[:, None] * np.ones_like(counts)
    low, high = wilson(counts, totals)
    pairs = [
        Pair(
            value, (a[value], b[value]), (a[value] / items[0], b[value] / items[1]),
            ((float(low[0, n]), float(high[0, n])), (float(low[1, n]), float(high[1, n]))),
        )
        for n, value in enumerate(shared)
    ]  # fmt: skip
    pairs.sort(key=lambda pair: (-abs(pair.shares[0] - pair.shares[1]), pair.value))
    only = ({v: n for v, n in a.items() if v not in b}, {v: n for v, n in b.items() if v not in a})
    return Sides(tuple(pairs), only)


def paired_bars(pairs: Sequence[Pair], names: tuple[str, str]) -> str:
    """A row for each value, a bar for each side, its interval as a line; apart said in words."""
    most = max((high for pair in pairs for _low, high in pair.bounds), default=1) or 1
    rows = "".join(_row(pair, most, names) for pair in pairs[:SHOWN])
    more = len(pairs) - SHOWN
    if more > 0:
        words = _n("and {n} more that both have", "and {n} more that both have", more)
        rows += f'<li class="exc-quiet">{escape(words.format(n=f"{more:,}"))}</li>'
    return f'<ul class="exc-pairs">{rows}</ul>'


def _row(pair: Pair, most: float, names: tuple[str, str]) -> str:
    bars = "".join(_bar(pair, side, most, names[side]) for side in (0, 1))
    apart = f"<em>{escape(_('apart'))}</em>" if pair.apart else ""
    return f"<li><span>{escape(pair.value)}{apart}</span><div>{bars}</div></li>"


def _bar(pair: Pair, side: int, most: float, name: str) -> str:
    low, high = pair.bounds[side]
    share = pair.shares[side]
    start, wide = 100 * low / most, 100 * (high - low) / most
    words = _("{name}: {share}, 95 %: {low} to {high}").format(
        name=name, share=percent(share), low=percent(low), high=percent(high)
    )
    return (
        f'<div class="exc-pair-{SIDES[side]}" title="{escape(words)}"><i class="exc-pair-track">'
        f'<i style="width:{100 * share / most:.2f}%"></i>'
        f'<u style="left:{start:.2f}%;width:{wide:.2f}%"></u></i>'
        f"<b>{percent(share)}</b> <small>{pair.items[side]:,}</small></div>"
    )


def only_list(values: Mapping[str, int], address: Callable[[str], str | None]) -> str:
    """Values that only one side has, with their counts, the most frequent first.

    `address`: the link of a value's items, None where there is none.
    """
    rows = ""
    for value, count in list(values.items())[:SHOWN]:
        href, name = address(value), escape(value)
        inner = f'<a href="{escape(href)}" data-page target="_self">{name}</a>' if href else name
        rows += f"<li><span>{inner}</span><b>{count:,}</b></li>"
    more = len(values) - SHOWN
    if more > 0:
        words = _("and {n} more").format(n=f"{more:,}")
        rows += f'<li class="exc-quiet">{escape(words)}</li>'
    if not rows:
        return f'<p class="exc-quiet">{escape(_("nothing that the other lacks"))}</p>'
    return f'<ul class="exc-branches exc-branches-one">{rows}</ul>'


def unmeasured(reason: str, command: str = "") -> str:
    """The hatched place of what was not measured on one side; never a number."""
    code = f"<code>{escape(command)}</code>" if command else ""
    return (
        f'<span class="exc-cell-unmeasured exc-unmeasured"><b>{escape(_("not measured"))}</b>'
        f" {escape(reason)} {code}</span>"
    )
