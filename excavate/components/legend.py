"""The map's legend and the counts of a selection, as HTML. Three states are told apart."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from excavate.charts import (
    LIGHT,
    Paper,
    PointColours,
    category_colours,
    quantity_colours,
    quantity_range,
)
from excavate.i18n import _

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
    shown = [i for i in range(len(colours.names)) if palette[i] != look.rest]
    entries = [_entry("", palette[i], colours.names[i], colours.counts[i]) for i in shown]
    hidden = len(colours.names) - len(shown)
    if hidden:
        rest = sum(colours.counts) - sum(colours.counts[i] for i in shown) + colours.beyond
        words = _("{n} others, in grey").format(n=f"{hidden:,}")
        entries.append(_entry("", "var(--rest)", words, rest))
    return entries


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
    """(name, how many of the selection, how many on the whole map), the most first."""
    if colours.codes is None:
        return []
    inside = np.bincount(colours.codes[at], minlength=256)
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
