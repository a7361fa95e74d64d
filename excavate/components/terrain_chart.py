"""The Survey's chart as SVG: every dataset by year and size, its descent, the unknown hatched.

Drawn twice, for a wide and for a narrower sheet, and as a list for phones; the style sheet shows
one of them. Each mark is a link to its page. What is dashed is unverified.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import hypot

from excavate.components.dossier_words import short_number
from excavate.components.labelling import (
    Label,
    column_labels,
    fitted,
    place_labels,
    spread,
    text_width,
)
from excavate.components.marks import RADIUS, hatching, mark
from excavate.components.terrain import Place
from excavate.components.terrain_list import View, as_list, beside_the_sheet
from excavate.components.terrain_sheet import Point, Sheet, axes, lay_sheet, points
from excavate.components.terrain_words import SHOWN, described, shortened
from excavate.i18n import _, _n

SHEETS = (("wide", 1100, 640, 26), ("middle", 860, 760, 20))  # name, width, height, longest name


def chart(places: Sequence[Place], view: View, sentence: str) -> str:
    """The chart with its sentence; names that found no room are counted below it."""
    drawn = [_drawn(places, view, *size) for size in SHEETS]
    return (
        f'<figure class="exc exc-terrain">{"".join(drawn)}{as_list(places, view)}'
        f"<figcaption>{escape(sentence)}</figcaption></figure>"
    )


def _drawn(
    places: Sequence[Place], view: View, name: str, width: float, height: float, longest: int
) -> str:
    """One sheet, what it leaves unnamed, and the finds that stand beside it."""
    sheet = lay_sheet(places, width, height, bool(_roots(places, width)))
    spots = points(sheet, places)
    standing = [(place, at) for place, at in zip(places, spots, strict=True) if at]
    aside = [place for place, at in zip(places, spots, strict=True) if not at]
    svg, left = _sheet(standing, sheet, view, name, longest) if standing else ("", 0)
    unnamed = f'<p class="exc-quiet">{escape(_unnamed(left))}</p>' if left else ""
    beside = beside_the_sheet(aside, view) if aside else ""
    return f'<div class="exc-on-{name}">{svg}{unnamed}{beside}</div>'


def _sheet(
    standing: Sequence[tuple[Place, Point]], sheet: Sheet, view: View, name: str, longest: int
) -> tuple[str, int]:
    """(the SVG, how many names found no room)."""
    places, at = [place for place, _spot in standing], [spot for _place, spot in standing]
    roots = _roots(places, sheet.width)
    names = _names(places, longest)
    labels = _labels(places, at, sheet, names)
    hatch = f"exc-hatch-{name}"
    body = [
        f"<defs>{hatching(hatch)}</defs>",
        _bands(sheet, hatch),
        _axes(sheet),
        _descents(sheet, places, at, roots),
        *[_leader(at[label.index], label) for label in labels if label.leader],
        *[_link(place, view, spot, None, "") for place, spot in _unlabelled(places, at, labels)],
        *[_link(places[la.index], view, at[la.index], la, names[la.index]) for la in labels],
    ]
    title = escape(_("Datasets by year and size"))
    svg = (
        f'<svg class="exc-sheet" viewBox="0 0 {sheet.width:g} {sheet.height:g}" role="group"'
        f' aria-label="{title}">{"".join(body)}</svg>'
    )
    return svg, len(places) - len(labels)


def _names(places: Sequence[Place], longest: int) -> list[str]:
    """What stands beside each mark: its name, and its year or size where it lies beyond."""
    reach = axes(places)
    names = []
    for place in places:
        name = shortened(place.name, longest)
        if reach.beyond_years(place):
            name += f" · {place.year}"
        if reach.beyond_sizes(place):
            name += f" · {short_number(place.items or 0)}"
        names.append(name)
    return names


def _labels(
    places: Sequence[Place], at: Sequence[Point], sheet: Sheet, names: list[str]
) -> list[Label]:
    """Where the names stand; those without a year are cut to their column. Finds choose last."""
    undated = [index for index, place in enumerate(places) if place.year is None]
    column = max((at[index][0] for index in undated), default=0.0) + 22
    for index in undated:
        names[index] = fitted(places[index].name, sheet.width - 18 - column)
    widths = [text_width(text) for text in names]
    right = sheet.right - 4 if undated else sheet.width - 4
    within = (sheet.left, sheet.roots + 4, right, sheet.height - 30)
    given = column_labels(undated, at, widths, column, sheet.top, sheet.height - 40)
    finds = {index for index, place in enumerate(places) if place.kind == "find"}
    return place_labels(at, widths, within, given, last=finds)


def _unlabelled(
    places: Sequence[Place], at: Sequence[tuple[float, float]], labels: Sequence[Label]
) -> list[tuple[Place, tuple[float, float]]]:
    named = {label.index for label in labels}
    return [(p, at[i]) for i, p in enumerate(places) if i not in named]


def _link(place: Place, view: View, at: tuple[float, float], label: Label | None, name: str) -> str:
    faded = "" if place.id in view.found else " exc-faded"
    here = " exc-here" if place.dug else ""
    brought = " exc-brought" if place.kind == "find" else ""
    text = ""
    if label:
        spot = f'x="{label.x:.1f}" y="{label.y:.1f}"'
        if place.state == "withdrawn":
            spot += f' textLength="{label.width:.1f}"'
        text = f'<text {spot} class="exc-name{here}{brought}">{escape(name)}</text>'
        text += _strike(label, place) if place.state == "withdrawn" else ""
        text += _doubt(label) if place.unverified & SHOWN else ""
    return (
        f'<a class="exc-place{faded}" href="{escape(view.href(place))}" data-page target="_self">'
        f"<title>{escape(described(place))}</title>"
        f'<circle class="exc-m-touch" cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="14"/>'
        f"{mark(place, view.facet, view.colours, *at)}{text}</a>"
    )


def _doubt(label: Label) -> str:
    """A dashed line under a name whose year, size or status nobody saw a source of."""
    return f'<path class="exc-doubt" d="M{label.x:.1f} {label.y + 4:.1f}h{label.width:.1f}"/>'


def _strike(label: Label, place: Place) -> str:
    """A line through a name. Text decoration would be drawn twice, with the text's halo."""
    start = f"M{label.x - 1:.1f} {label.y - 4.5:.1f}"
    unsure = " exc-unsure" if "status" in place.unverified else ""
    return f'<path class="exc-strike{unsure}" d="{start}h{label.width + 2:.1f}"/>'


def _unnamed(count: int) -> str:
    return _n(
        "{n} name found no room; its mark tells it, and the table below has it.",
        "{n} names found no room; their marks tell them, and the table below has all.",
        count,
    ).format(n=count)


def _bands(sheet: Sheet, hatch: str) -> str:
    """The places of what is not known: hatched, with a dashed edge, and said in words."""
    drawn = []
    low, far = sheet.height - 34, sheet.width - 14
    if sheet.unknown_x is not None:
        drawn.append(_band(sheet.right, sheet.top - 8, far, low, hatch))
        drawn.append(_said(sheet.right + 10, sheet.height - 12, _("year not known"), "start"))
    if sheet.unknown_y is not None:
        drawn.append(_band(sheet.left, sheet.bottom + 8, max(sheet.right, far), low, hatch))
        drawn.append(_said(sheet.left + 6, low - 8, _("size not known"), "start"))
    return "".join(drawn)


def _band(left: float, top: float, right: float, bottom: float, hatch: str) -> str:
    return (
        f'<rect class="exc-band" x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}"'
        f' height="{bottom - top:.1f}" style="fill:url(#{hatch})"/>'
    )


def _said(x: float, y: float, text: str, anchor: str) -> str:
    spot = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {spot} class="exc-axis">{escape(text)}</text>'


def _axes(sheet: Sheet) -> str:
    drawn = [_said(sheet.left - 8, sheet.top - 15, _("Pictures"), "end")]
    for power in range(sheet.decades[0], sheet.decades[1] + 1):
        y = sheet.y(10**power)
        drawn.append(f'<path class="exc-grid-line" d="M{sheet.left} {y:.1f}H{sheet.right:.1f}"/>')
        drawn.append(_said(sheet.left - 8, y + 5, short_number(10**power), "end"))
    narrow = sheet.step < 34
    for year, x in sheet.years.items():
        text = f"’{year % 100:02d}" if narrow else str(year)
        drawn.append(_said(x, sheet.height - 12, text, "middle"))
    return "".join(drawn)


def _roots(places: Sequence[Place], width: float) -> dict[str, list[int]]:
    """Ancestors that have no dossier: name -> the places made from them, as many as fit."""
    found: dict[str, list[int]] = {}
    for index, place in enumerate(places):
        for name, known in place.ancestors:
            if known is None:
                found.setdefault(shortened(name, 24), []).append(index)
    kept, room = {}, width - 74
    for name in sorted(found, key=lambda name: -len(found[name])):
        room -= text_width(name) + 22
        if room >= 0:
            kept[name] = found[name]
    return kept


def _descents(
    sheet: Sheet,
    places: Sequence[Place],
    at: Sequence[tuple[float, float]],
    roots: dict[str, list[int]],
) -> str:
    where = {place.id: at[index] for index, place in enumerate(places)}
    lines = [
        _line(where[parent], at[index], RADIUS + 3)
        for index, place in enumerate(places)
        for _name, parent in place.ancestors
        if parent in where
    ]
    names = list(roots)
    wanted = [sum(at[i][0] for i in roots[name]) / len(roots[name]) for name in names]
    room = [text_width(name) + 22 for name in names]
    for name, x in zip(names, spread(wanted, room, 60, sheet.width - 14), strict=True):
        lines += [_line((x, 30), at[i], 0) for i in roots[name]]
        lines.append(f'<circle class="exc-m-root" cx="{x:.1f}" cy="30" r="4"/>')
        lines.append(_said(x, 18, name, "middle"))
    return "".join(lines)


def _line(start: tuple[float, float], end: tuple[float, float], off: float) -> str:
    """A curve from an ancestor to what was made from it, with a head."""
    (x0, y0), (x1, y1) = start, end
    bend_x, bend_y = (x0 + x1) / 2, (y0 + y1) / 2 - 0.18 * abs(x1 - x0)
    if off == 0:
        bend_x, bend_y = x0, (y0 + y1) / 2
    far = hypot(x1 - bend_x, y1 - bend_y) or 1.0
    ux, uy = (x1 - bend_x) / far, (y1 - bend_y) / far
    tip_x, tip_y = x1 - ux * (RADIUS + 5), y1 - uy * (RADIUS + 5)
    wings = [(tip_x - ux * 7 - s * uy * 3.5, tip_y - uy * 7 + s * ux * 3.5) for s in (1, -1)]
    head = f"M{wings[0][0]:.1f} {wings[0][1]:.1f}L{tip_x:.1f} {tip_y:.1f}"
    head += f"L{wings[1][0]:.1f} {wings[1][1]:.1f}"
    curve = f"M{x0:.1f} {y0:.1f}Q{bend_x:.1f} {bend_y:.1f} {tip_x:.1f} {tip_y:.1f}"
    return f'<path class="exc-descent" d="{curve}{head}"/>'


def _leader(at: tuple[float, float], label: Label) -> str:
    end = f"{label.end_nearest(at[0]):.1f} {label.y - 4:.1f}"
    return f'<path class="exc-leader" d="M{at[0]:.1f} {at[1]:.1f}L{end}"/>'
