"""Small multiples of the Survey: for each question how many datasets have which answer, or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from excavate.components.dossier_words import FACETS, facet_value
from excavate.components.marks import GREY, Colours, mark_alone
from excavate.components.terrain import UNKNOWN, Place, facet_counts, unverified_counts
from excavate.components.terrain_words import SHOWN
from excavate.i18n import N_, _, _n

FORMS = (
    ("active", N_("active")),
    ("redacted", N_("redacted: parts were taken out")),
    ("withdrawn", N_("withdrawn by its makers")),
    ("lost", N_("lost: it can no longer be had whole")),
    ("enclosed", N_("enclosed: never open to others")),
)
Toggle = Callable[[str, str], tuple[str, bool]]  # facet, value -> (link, whether it is chosen)


def facet_bars(
    places: Sequence[Place], found: Sequence[Place], painted: str, colours: Colours, toggle: Toggle
) -> str:
    """Bars for every facet; a value is a link that filters by it. Not known is a bar, too."""
    blocks = [
        _block(facet, places, found, colours if facet == painted else {}, toggle)
        for facet in FACETS
    ]
    return f'<div class="exc exc-facets">{"".join(blocks)}</div>'


def forms_legend(places: Sequence[Place]) -> str:
    """What the forms of the marks say, for those that occur."""
    states = {place.state for place in places if place.kind == "dossier"}
    entries = [_entry(_example(state), _(words)) for state, words in FORMS if state in states]
    if None in states:
        entries.append(_entry(_example(None), _("status not known")))
    if any(place.kind == "find" for place in places):
        find = Place("", "find", "", "en")
        entries.append(_entry(mark_alone(find, "", {}), _("brought here, unverified")))
    if any(place.dug for place in places):
        dug = Place("", "dossier", "", "en", facets={"status": ("active",)}, dug=("x",))
        entries.append(_entry(mark_alone(dug, "", {}), _("dug here")))
    if any(place.kind == "dossier" and place.unverified & SHOWN for place in places):
        dashed = f'<span class="exc-brought">{escape(_("Name"))}</span>&nbsp;'
        entries.append(_entry(dashed, _("year, size or status unverified")))
    if any(place.kind == "dossier" and place.unverified - SHOWN for place in places):
        pale = Place("", "dossier", "", "en", facets={"status": ("active",), "shown": ("x",)},
                     unverified=frozenset({"shown"}))  # fmt: skip
        drawn = mark_alone(pale, "shown", {"x": "var(--quiet)"})
        entries.append(_entry(drawn, _("its colour is unverified")))
    if any(place.ancestors for place in places):
        line = '<svg class="exc-m" viewBox="-13 -13 26 26" aria-hidden="true">'
        line += '<path class="exc-descent" d="M-12 6Q0 -8 10 2M5.5 1.5L10 2L9 -2.5"/></svg>'
        entries.append(_entry(line, _("made from")))
    return f'<ul class="exc exc-legend exc-forms">{"".join(entries)}</ul>'


def unverified_note(count: int) -> str:
    """How many of a value's datasets have it unverified, in its dashed frame; else nothing."""
    if not count:
        return ""
    words = _n("{n} unverified", "{n} unverified", count).format(n=count)
    return f' <small class="exc-mark-unverified">{escape(words)}</small>'


def _entry(drawn: str, words: str) -> str:
    return f"<li>{drawn}{escape(words)}</li>"


def _example(state: str | None) -> str:
    facets = {"status": (state,) if state else (), "shown": ("x",)}
    place = Place("", "dossier", "", "en", facets=facets)
    return mark_alone(place, "shown", {"x": "var(--quiet)"})


def _block(
    facet: str, places: Sequence[Place], found: Sequence[Place], colours: Colours, toggle: Toggle
) -> str:
    counts, kept = facet_counts(places, facet), facet_counts(found, facet)
    doubted = unverified_counts(places, facet)
    most = max(counts.values(), default=1)
    rows = [
        _bar(
            facet, value, (count, kept.get(value, 0), doubted.get(value, 0)), most, colours, toggle
        )
        for value, count in counts.items()
    ]
    return f"<section><h3>{escape(_(FACETS[facet][0]))}</h3><ul>{''.join(rows)}</ul></section>"


def _bar(
    facet: str, value: str | None, counts: tuple[int, int, int], most: int, colours: Colours,
    toggle: Toggle,
) -> str:  # fmt: skip
    """counts: how many have the value, how many of them are in the filter, or unverified."""
    count, kept, doubted = counts
    link, chosen = toggle(facet, UNKNOWN if value is None else value)
    colour = colours.get(value, "var(--quiet)") if value is not None else GREY
    kind = ' class="exc-hatched"' if value is None else f' style="background:{colour}"'
    wide, inner = 100 * count / most, 100 * kept / count
    number = f"{kept} / {count}" if kept < count else f"{count}"
    current = ' aria-current="true"' if chosen else ""
    return (
        f'<li><a href="{escape(link)}" data-page target="_self"{current}>'
        f"<span>{escape(facet_value(facet, value))}</span><b>{number}{unverified_note(doubted)}</b>"
        f'<i class="exc-whole-bar" style="width:{wide:.1f}%"><i{kind}></i>'
        f'<i class="exc-left-out" style="width:{100 - inner:.1f}%"></i></i></a></li>'
    )
