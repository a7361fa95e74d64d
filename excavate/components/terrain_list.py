"""The Survey's terrain as lists: for phones, and of the finds that no sheet has a place for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from math import log10

from excavate.components.marks import Colours, mark_alone
from excavate.components.terrain import Place
from excavate.components.terrain_words import SHOWN, described, shortened, size_words, struck
from excavate.i18n import _, _n

Href = Callable[[Place], str]


@dataclass(frozen=True, slots=True)
class View:
    """What colours the marks, which of them are in the filter, and where they lead."""

    facet: str
    colours: Colours
    found: frozenset[str]
    href: Href


def beside_the_sheet(places: Sequence[Place], view: View) -> str:
    """The finds that the sheet has no place for, all of them, by name."""
    title = _n("{n} find without a year, or without room on the sheet",
               "{n} finds without a year, or without room on the sheet",
               len(places)).format(n=len(places))  # fmt: skip
    rows = "".join(_aside_row(place, view) for place in places)
    return f'<section class="exc-aside"><h3>{escape(title)}</h3><ul>{rows}</ul></section>'


def _aside_row(place: Place, view: View) -> str:
    faded = "" if place.id in view.found else " exc-faded"
    drawn = mark_alone(place, view.facet, view.colours)
    return (
        f'<li><a class="exc-place{faded}" href="{escape(view.href(place))}" data-page'
        f' target="_self" title="{escape(described(place))}">{drawn}'
        f'<span class="exc-brought">{escape(shortened(place.name, 40))}</span></a></li>'
    )


def as_list(places: Sequence[Place], view: View) -> str:
    """For phones: a line for each dataset, oldest first, its size along the line."""
    known = [place.items for place in places if place.items]
    most = max(known, default=1)
    rows, before = [], object()
    for place in sorted(places, key=lambda p: (p.year is None, p.year or 0, p.name)):
        if place.year != before:
            year = place.year or escape(_("year not known"))
            rows.append(f'<li class="exc-year">{year}</li>')
            before = place.year
        rows.append(_list_row(place, view, most))
    return f'<ol class="exc-timeline exc-on-narrow">{"".join(rows)}</ol>'


def _list_row(place: Place, view: View, most: int) -> str:
    faded = "" if place.id in view.found else ' class="exc-faded"'
    unsure = "exc-brought" if place.unverified & SHOWN else ""
    name = f'<span class="{f"{unsure} {struck(place)}".strip()}">{escape(place.name)}</span>'
    return (
        f'<li{faded}><a href="{escape(view.href(place))}" data-page target="_self">'
        f"{mark_alone(place, view.facet, view.colours)}{name}"
        f"<small>{escape(_size(place))}</small>{_track(place, most)}</a></li>"
    )


def _size(place: Place) -> str:
    """The size in few signs; unverified where its year or its size is."""
    words = size_words(place)
    return f"{words} · {_('unverified')}" if place.unverified & SHOWN else words


def _track(place: Place, most: int) -> str:
    if not place.items:
        return '<span class="exc-track exc-hatched"></span>'
    share = 100 * log10(max(place.items, 2)) / log10(max(most, 10))
    return f'<span class="exc-track"><i style="width:{share:.0f}%"></i></span>'
