"""The marks of the Survey: colour says the chosen facet, form says what became of a dataset.

Nothing here is cinnabar: a withdrawn dataset is known, not absent. What is not known is grey
and hatched; what was brought by somebody is a diamond drawn with a dashed line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from math import cos, pi, sin

from excavate.charts import OKABE_ITO, ON_DARK
from excavate.components.terrain import Place

RADIUS = 7.0
GREY = "var(--none)"
REST = "var(--rest)"
Colours = Mapping[str, str]  # value of the facet -> CSS colour


def facet_colours(values: Sequence[str | None]) -> dict[str, str]:
    """A colour for each known value, in the order given; grey beyond eight."""
    known = [value for value in values if value is not None]
    pairs = list(zip(OKABE_ITO, ON_DARK, strict=True))
    return {
        value: f"light-dark({pairs[i][0]}, {pairs[i][1]})" if i < len(pairs) else REST
        for i, value in enumerate(known)
    }


def mark(place: Place, facet: str, colours: Colours, x: float = 0, y: float = 0) -> str:
    """One dataset's mark as SVG around (x, y)."""
    painted = [colours.get(value, REST) for value in place.facets.get(facet, ())]
    drawn = _diamond() if place.kind == "find" else _form(place.state, painted)
    if facet in place.unverified and painted:
        drawn = f'<g class="exc-m-pale">{drawn}</g>'
    if place.state == "withdrawn":
        drawn += _slash("status" in place.unverified)
    ring = f'<circle r="{RADIUS + 4}" class="exc-m-dug"/>' if place.dug else ""
    return f'<g transform="translate({x:.1f} {y:.1f})">{drawn}{ring}</g>'


def mark_alone(place: Place, facet: str, colours: Colours) -> str:
    """A mark as a small picture of its own, for lists and legends."""
    return (
        '<svg class="exc-m" viewBox="-13 -13 26 26" aria-hidden="true" focusable="false">'
        f"{mark(place, facet, colours)}</svg>"
    )


def hatching(name: str) -> str:
    """The pattern of what is not known, to be put once into a picture's <defs>."""
    return (
        f'<pattern id="{escape(name)}" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><path d="M0 0V6" class="exc-m-hatch"/></pattern>'
    )


def _form(state: str | None, painted: Sequence[str]) -> str:
    if state == "withdrawn":
        return _rings(painted)
    if state == "lost":
        return _rings(painted, ' stroke-dasharray="2.5 2.5"')
    body = _disc(painted)
    if state == "redacted":
        return body + f'<path class="exc-m-cut" d="M{-RADIUS - 2} 0H{RADIUS + 2}"/>'
    if state == "enclosed":
        side = RADIUS + 2
        box = f'x="{-side}" y="{-side}" width="{2 * side}" height="{2 * side}"'
        return body + f'<rect class="exc-m-dug" {box}/>'
    return body if state == "active" else body + '<circle r="2.5" class="exc-m-core"/>'


def _slash(unsure: bool) -> str:
    """Across what was withdrawn; dashed where only an unverified source says so."""
    reach = RADIUS + 3
    kind = " exc-unsure" if unsure else ""
    return f'<path class="exc-m-ink{kind}" d="M{-reach} {reach}L{reach} {-reach}"/>'


def _disc(painted: Sequence[str]) -> str:
    """A disc, cut into as many sectors as there are values; hollow where none is known."""
    if not painted:
        return f'<circle r="{RADIUS}" class="exc-m-none"/>'
    if len(painted) == 1:
        return f'<circle r="{RADIUS}" style="fill:{painted[0]}"/>'
    return "".join(
        f'<path d="M0 0L{_at(start)}A{RADIUS} {RADIUS} 0 0 1 {_at(end)}Z" style="fill:{colour}"/>'
        for colour, start, end in _cuts(painted)
    )


def _rings(painted: Sequence[str], more: str = "") -> str:
    """A ring, in as many arcs as there are values."""
    if len(painted) < 2:
        colour = painted[0] if painted else GREY
        return f'<circle r="{RADIUS}" class="exc-m-ring" style="stroke:{colour}"{more}/>'
    return "".join(
        f'<path d="M{_at(start)}A{RADIUS} {RADIUS} 0 0 1 {_at(end)}" class="exc-m-ring"'
        f' style="stroke:{colour}"{more}/>'
        for colour, start, end in _cuts(painted)
    )


def _diamond() -> str:
    reach = RADIUS + 2
    return f'<path class="exc-m-find" d="M0 {-reach}L{reach} 0L0 {reach}L{-reach} 0Z"/>'


def _cuts(painted: Sequence[str]) -> list[tuple[str, float, float]]:
    share = 2 * pi / len(painted)
    return [(c, i * share - pi / 2, (i + 1) * share - pi / 2) for i, c in enumerate(painted)]


def _at(angle: float) -> str:
    return f"{RADIUS * cos(angle):.2f} {RADIUS * sin(angle):.2f}"
