"""The map's legend and the counts of a selection, as HTML. Three states are told apart."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from excavate.charts import (
    LIGHT,
    OTHER,
    UNLABELLED,
    Paper,
    PointColours,
    category_colours,
    quantity_colours,
    quantity_range,
)
from excavate.i18n import _, _n

NAMED = 8


def legend(
    colours: PointColours, chosen: Sequence[int] | None, placed: int, look: Paper = LIGHT
) -> str:
    """Colour, name and count of what is coloured; the rest, the unlabelled, the placed."""
    quantity = colours.values is not None
    entries = _quantity(colours) if quantity else _categories(colours, chosen, look)
    if colours.unlabelled:
        unsaid = _("not measured") if quantity else _("not labelled")
        entries.append(_entry("exc-ring", "", unsaid, colours.unlabelled))
    if placed:
        entries.append(_entry("exc-placed", "", _("placed later, by its neighbours"), placed))
    return f'<ul class="exc-legend">{"".join(entries)}</ul>'


def _categories(colours: PointColours, chosen: Sequence[int] | None, look: Paper) -> list[str]:
    palette = category_colours(len(colours.names), chosen, look)
    order = list(chosen) if chosen else range(len(colours.names))
    shown = [i for i in order if palette[i] != look.rest]
    counts = colours.counts if chosen else _painted(colours)
    entries = [_entry("", palette[i], colours.names[i], counts[i]) for i in shown]
    hidden = len(colours.names) - len(shown)
    if hidden:
        rest = sum(n for i, n in enumerate(_painted(colours)) if i not in shown)
        words = _("{n} others, in grey").format(n=f"{hidden:,}")
        entries.append(_entry("", "var(--rest)", words, rest))
    return entries


def sentence(colours: PointColours, n: int, chosen: Sequence[int] | None) -> str:
    """What the map shows, for those who hear it and those who look at it together."""
    shown = _("{n} points, coloured by {title}.").format(n=f"{n:,}", title=colours.title)
    several = colours.several
    if not several:
        return shown
    more = _n(
        "{n} of them has more than one value.", "{n} of them have more than one value.", several
    ).format(n=f"{several:,}")
    rule = (
        _("A chosen value colours every point that has it, the first chosen first.")
        if chosen
        else _("A point takes the colour of the first value the source gives.")
    )
    return f"{shown} {more} {rule}"


def _painted(colours: PointColours) -> list[int]:
    """How many points each rank paints, those beyond last; a point is painted once."""
    codes = colours.codes if colours.codes is not None else np.zeros(0, np.uint8)
    return [int(n) for n in np.bincount(codes, minlength=UNLABELLED + 1)[:UNLABELLED]]


def _quantity(colours: PointColours) -> list[str]:
    values = colours.values if colours.values is not None else np.zeros(0)
    low, high = quantity_range(values)
    stops = ", ".join(quantity_colours()[::10])
    scale = f'<span class="exc-scale" style="background:linear-gradient(90deg,{stops})"></span>'
    return [f"<li>{escape(colours.title)} {low:.3g}{scale}{high:.3g}</li>"]


def _entry(kind: str, colour: str, name: str, count: int) -> str:
    paint = f' style="background:{colour}"' if colour else ""
    swatch = f'<span class="exc-swatch {kind}"{paint}></span>'
    return f'<li title="{escape(name)}">{swatch}{escape(name)}<b>{count:,}</b></li>'


def counts_within(colours: PointColours, at: np.ndarray) -> list[tuple[str, int, int]]:
    """(name, how many of the selection, how many on the whole map), the most first.

    Where points have several values, each is counted under every one of them.
    """
    if colours.codes is None:
        return []
    inside = np.bincount(colours.codes[at], minlength=256)
    if colours.has is not None:
        among = colours.has[np.isin(colours.has[:, 0], at), 1]
        inside[:OTHER] = np.bincount(among, minlength=256)[:OTHER]
    rows = [
        (name, int(inside[i]), colours.counts[i])
        for i, name in enumerate(colours.names)
        if inside[i]
    ]
    rows.sort(key=lambda row: -row[1])
    if inside[254]:
        rows.append((_("others"), int(inside[254]), colours.beyond))
    if inside[255]:
        rows.append((_("not labelled"), int(inside[255]), colours.unlabelled))
    return rows
