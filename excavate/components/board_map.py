"""Absences on small maps: rings and outlines over faint dots. Places are a layout, no measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from html import escape
from typing import TYPE_CHECKING, Any

from excavate.components.board_about import Ground
from excavate.components.board_safe import or_else
from excavate.components.points import layout_rows
from excavate.embedding.spec import short_name
from excavate.i18n import _, _n
from excavate.workshop.about import About
from excavate.workshop.absence_record import Absence

if TYPE_CHECKING:
    from excavate.site import Site

MOST_DOTS = 3_000
MOST_MAPS = 4  # the layouts that most absences point at
SIDE, MARGIN = 1000, 40  # of the drawing, in its own units
RING = 11
WIDE, TALL = 42, 34  # of a number
Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Placed:
    """An absence on a layout: rings where items lie, an outline where somebody drew one."""

    absence: Absence
    layout_id: str
    spots: tuple[Spot, ...]
    outline: tuple[Spot, ...] = ()


def placed(absences: Sequence[Absence], ground: Ground) -> dict[str, list[Placed]]:
    """{layout_id: what lies on it}, the layout with the most first; at most four layouts."""
    found: dict[str, list[Placed]] = {}
    for absence in absences:
        one = or_else(partial(_place, absence, ground), None, absence.absence_id)
        if one is not None:
            found.setdefault(one.layout_id, []).append(one)
    ranked = sorted(found.items(), key=lambda pair: -len(pair[1]))
    return dict(ranked[:MOST_MAPS])


def _place(absence: Absence, ground: Ground) -> Placed | None:
    about = absence.about
    if ground.site is None or about.kind not in ("lasso", "item", "part"):
        return None
    if about.kind == "lasso":
        layout, named = str(about.value["layout_id"]), about.value.get("items") or ()
    else:
        layout, named = _holding(about, ground), (about.value["item_id"],)
    if layout not in ground.layouts:
        return None
    if about.value.get("polygon"):
        outline = tuple((float(x), float(y)) for x, y in about.value["polygon"])
        return Placed(absence, layout, (), outline)
    spots = _spots(ground.site, ground.site.generation, layout)
    there = tuple(spots[str(one)] for one in named if str(one) in spots)
    return Placed(absence, layout, there) if there else None


def _holding(about: About, ground: Ground) -> str:
    """The newest layout that holds the item's dataset."""
    item = str(about.value["item_id"])
    return next(
        (
            layout
            for layout, datasets in reversed(tuple(ground.layouts.items()))
            if any(item.startswith(f"{name}/") for name in datasets)
        ),
        "",
    )


@lru_cache(maxsize=8)
def _spots(site: Site, _generation: str, layout_id: str) -> dict[str, Spot]:
    rows = layout_rows(site, layout_id)
    pairs = zip(rows["x"].tolist(), rows["y"].tolist(), strict=True)
    return dict(zip(rows["item_id"], pairs, strict=True))


@lru_cache(maxsize=8)
def _dots(site: Site, _generation: str, layout_id: str) -> tuple[str, float, float, float]:
    """(an SVG path of at most 3,000 dots, left, top, scale): how places become drawing units."""
    rows = layout_rows(site, layout_id)
    left, right = float(rows["x"].min()), float(rows["x"].max())
    low, top = float(rows["y"].min()), float(rows["y"].max())
    scale = (SIDE - 2 * MARGIN) / max(right - left, top - low, 1e-9)
    thin = rows.iloc[:: -(-len(rows) // MOST_DOTS)]
    drawn = [
        f"M{MARGIN + (x - left) * scale:.0f} {MARGIN + (top - y) * scale:.0f}h0"
        for x, y in zip(thin["x"].tolist(), thin["y"].tolist(), strict=True)
    ]
    return "".join(drawn), left, top, scale


def map_html(site: Site, layout_id: str, here: Sequence[Placed], first: int) -> str:
    """One layout with its absences, numbered from `first` as their cards are; what it shows."""
    dots, left, top, scale = _dots(site, site.generation, layout_id)

    def at(spot: Spot) -> Spot:
        return MARGIN + (spot[0] - left) * scale, MARGIN + (top - spot[1]) * scale

    taken: list[Spot] = []
    marks = "".join(
        _mark([at(s) for s in one.spots], [at(s) for s in one.outline], first + number, taken)
        for number, one in enumerate(here)
    )
    height = _height(site, layout_id, scale)
    said = escape(sentence(site, layout_id, len(here)))
    return (
        f'<figure class="exc-board-map"><svg viewBox="0 0 {SIDE} {height:.0f}" role="img"'
        f' aria-label="{said}"><path class="exc-board-dots" d="{dots}"/>{marks}</svg>'
        f"<figcaption><small>{said}</small></figcaption></figure>"
    )


def _height(site: Site, layout_id: str, scale: float) -> float:
    rows = layout_rows(site, layout_id)
    return float(rows["y"].max() - rows["y"].min()) * scale + 2 * MARGIN


def _mark(spots: Sequence[Spot], outline: Sequence[Spot], number: int, taken: list[Spot]) -> str:
    """Rings and the outline of one absence, its number beside them where none stands yet."""
    rings = "".join(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{RING}"/>' for x, y in spots)
    path = ""
    if outline:
        corners = "L".join(f"{x:.0f} {y:.0f}" for x, y in outline)
        path = f'<path class="exc-board-outline" d="M{corners}Z"/>'
    x, y = _beside(outline or spots, taken)
    taken.append((x, y))
    text = f'<text x="{x:.0f}" y="{y:.0f}">{number}</text>'
    return f'<g class="exc-board-mark">{path}{rings}{text}</g>'


def _beside(around: Sequence[Spot], taken: Sequence[Spot]) -> Spot:
    """Where a number stands: right of it, else left, below, above, or right all the same."""
    right, top = max(x for x, _y in around), min(y for _x, y in around)
    left, low = min(x for x, _y in around), max(y for _x, y in around)
    middle, half = (left + right) / 2, (top + low) / 2
    ways = (
        (right + RING + 3, half), (left - RING - WIDE, half),
        (middle - WIDE / 2, low + RING + TALL / 2), (middle - WIDE / 2, top - RING - TALL / 2),
    )  # fmt: skip
    inside = [way for way in ways if 0 < way[0] < SIDE - WIDE]
    free = [way for way in inside if all(_apart(way, one) for one in taken)]
    return next(iter([*free, *inside]), ways[0])


def _apart(one: Spot, other: Spot) -> bool:
    return abs(one[0] - other[0]) > WIDE or abs(one[1] - other[1]) > TALL


def sentence(site: Site, layout_id: str, count: int) -> str:
    """What a map shows, and what must not be read from it."""
    layout: Any = site.layout_made(layout_id)
    datasets = ", ".join(name for name, _revision in layout.provenance["datasets"])
    words = _n("{n} absence on {datasets}, seen through {lens}.",
               "{n} absences on {datasets}, seen through {lens}.", count)  # fmt: skip
    told = words.format(n=count, datasets=datasets, lens=short_name(layout.result["spec"]))
    limits = _(
        "Places are a layout: what is near looks alike, but holes and distances are no measure."
    )
    return f"{told} {limits}"
