"""Compare: two datasets, splits or findings side by side; what is not measured stays so."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import streamlit as st

from excavate.catalog import browsing
from excavate.catalog.counting import column_names, items_by_value, spread_ordinals
from excavate.catalog.holding import is_number
from excavate.components.gallery import grid
from excavate.components.hidden_names import hidden_in
from excavate.components.side_by_side import Sides, only_list, paired_bars, sides_of
from excavate.errors import NotFoundError
from excavate.gaps.gathering import Part, part_of
from excavate.gaps.stored import finding
from excavate.i18n import _, _n
from excavate.pages.compared import (
    show_figures,
    show_reach,
    show_two_findings,
    show_versions,
    show_what_was_said,
)
from excavate.pages.ground import head
from excavate.pages.parts import choose, href, link, not_given_out, notice, site_or_notice
from excavate.pages.veiling import hidden_here, show_veil_of
from excavate.site import Site

PICTURES = 8


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two: the part of a dataset, its row of Site.datasets(), its number of items."""

    part: Part
    row: Mapping[str, Any]
    items: int


def show() -> None:
    """The whole page."""
    lead = _("Two datasets, or two splits, side by side: what one has that the other lacks. "
             "Neither is the measure of the world; each is thin against the other.")  # fmt: skip
    head(_("Compare"), lead)
    site = site_or_notice()
    if site is None:
        return
    if two_findings(site):
        return
    names = offered(site)
    if len(names) < 2:
        notice(
            _("There is nothing to compare it with"),
            _("Two datasets are needed, or one with two splits. Dig another."),
        )
        return
    sides = ask(site, names)
    if sides[0].part == sides[1].part:
        notice(_("This is the same on both sides"), _("Choose another for one of them."))
        return
    show_sides(site, sides)


def two_findings(site: Site) -> bool:
    """Show two findings where the link names such; else say that it does not."""
    asked = [st.query_params.get(side, "") for side in ("a", "b")]
    there = site.revisions()
    if not all(asked) or any(name.partition("/")[0] in there or name in there for name in asked):
        return False
    try:
        a, b = (finding(site.folder, one) for one in asked)
    except NotFoundError:
        notice(_("Neither a dataset nor a finding has this name"), " · ".join(asked))
        return False
    show_two_findings(site, a, b)
    return True


def offered(site: Site) -> list[str]:
    """Datasets, each followed by its splits where it has several."""
    found = []
    for row in site.datasets().to_dict("records"):
        found.append(str(row["dataset_id"]))
        if len(row["splits"]) > 1:
            found += [f"{row['dataset_id']}/{split}" for split in row["splits"]]
    return found


def ask(site: Site, names: list[str]) -> tuple[Side, Side]:
    """The two sides of the link, with menus to change them."""
    with st.container(key="filters", horizontal=True, vertical_alignment="bottom"):
        first = choose(_("First"), "a", names, str, ("in_a",))
        second = choose(_("Second"), "b", [*names[1:], names[0]], str, ("in_b",))
    return side_of(site, str(first)), side_of(site, str(second))


def side_of(site: Site, name: str) -> Side:
    """What a name of the menu means."""
    part = part_of(site, name)
    rows = site.datasets().to_dict("records")
    row = next(row for row in rows if row["dataset_id"] == part.dataset)
    return Side(part, row, int(row["splits"][part.split] if part.split else row["items"]))


def show_sides(site: Site, sides: tuple[Side, Side]) -> None:
    """Everything that can be said of the two, from plain counts to what was measured."""
    show_veil_of([hidden_in(site, [side.part.dataset for side in sides])])
    with st.container(key="compare-heads"):
        for column, side in zip(st.columns(2, gap="large"), sides, strict=True):
            with column:
                show_side(site, side)
    names = (sides[0].part.name, sides[1].part.name)
    show_what_was_said(site, names)
    show_labels(site, sides)
    show_reach(site, names)
    show_figures(site, names)
    show_versions(site, names)


def show_side(site: Site, side: Side) -> None:
    """Its name, its counts, some pictures."""
    part, row = side.part, side.row
    said = [(_("items"), side.items)]
    if part.split is None:
        words = {"with_pixels": _("with pixels"), "labels": _("source labels"),
                 "categories": _("categories"), "attributes": _("attributes"),
                 "regions": _("regions")}  # fmt: skip
        said += [(name, int(row[key])) for key, name in words.items()]
    counts = "".join(f"<li><b>{n:,}</b><span>{escape(name)}</span></li>" for name, n in said)
    with site.cursor() as cursor:
        spread = spread_ordinals(cursor, part.dataset, part.split, side.items, PICTURES)
        items = browsing.items_at(cursor, [part.dataset] * len(spread), spread)
    shown = hidden_here(site, [part.dataset]).captions(items)
    name = link("items", part.name, dataset=part.dataset, split=part.split)
    st.html(
        f'<div class="exc exc-side"><h2>{name}</h2>{not_given_out(row)}'
        f'<ul class="exc-counts">{counts}</ul></div>{grid(shown, kind="exc-strip")}'
    )


def show_labels(site: Site, sides: tuple[Side, Side]) -> None:
    """Values that both say, as paired bars, and those that only one says, with their counts."""
    st.html(f'<div class="exc"><h2 class="exc-part">{escape(_("What is said of them"))}</h2></div>')
    chosen = ask_columns(site, sides)
    if chosen is None:
        return
    a, b = sides
    with site.cursor() as cursor:
        counted = [
            items_by_value(cursor, side.part.dataset, side.part.split, column)
            for side, column in zip(sides, chosen, strict=True)
        ]
    hidden = hidden_here(site, [a.part.dataset, b.part.dataset])
    ours, theirs = map(hidden.counts, counted)
    found = sides_of(ours, theirs, (a.items, b.items))
    show_shared(found, (a.part.name, b.part.name), chosen)
    with st.container(key="compare-only"):
        for column, place in zip(st.columns(2, gap="large"), (0, 1), strict=True):
            with column:
                veiled = frozenset(hidden.names.values())
                show_only(found, sides[place], chosen[place], place, veiled)


def ask_columns(site: Site, sides: tuple[Side, Side]) -> tuple[str, str] | None:
    """Which field or attribute of each is laid beside which; None where one side says nothing."""
    with site.cursor() as cursor:
        offered = [column_names(cursor, side.part.dataset) for side in sides]
    silent = [side.part.name for side, names in zip(sides, offered, strict=True) if not names]
    if silent:
        words = _("Without labels and attributes nothing can be counted; that is not empty.")
        title = _("Not measured: nothing is said of the items of {names}")
        notice(title.format(names=", ".join(silent)), words)
        return None
    shared = [name for name in offered[0] if name in offered[1]]
    lists = [[*shared, *(n for n in names if n not in shared)] for names in offered]
    with st.container(key="filters-columns", horizontal=True, vertical_alignment="bottom"):
        words = _("Said in {name}")
        return (
            str(choose(words.format(name=sides[0].part.name), "in_a", lists[0], spelled)),
            str(choose(words.format(name=sides[1].part.name), "in_b", lists[1], spelled)),
        )


def spelled(column: str | None) -> str:
    """`label:FIELD` as a menu shows it: the source's own word, after what it is."""
    kind, _colon, name = str(column).partition(":")
    return f"{_('source label') if kind == 'label' else _('attribute')} · {name}"


def show_shared(found: Sides, names: tuple[str, str], columns: tuple[str, str]) -> None:
    """One sentence and the bars; that they share no value where so. Each side by its field."""
    if not found.both:
        words = _("They share no value, letter for letter.")
        st.html(f'<p class="exc exc-notice exc-quiet">{escape(words)}</p>')
        return
    apart = sum(pair.apart for pair in found.both)
    both = _n("Both have {n} value.", "Both have {n} values.", len(found.both))
    words = _n(
        "In {n} of them the shares of all items are apart: their 95 % intervals exclude each "
        "other.",
        "In {n} of them the shares of all items are apart: their 95 % intervals exclude each "
        "other.",
        apart,
    )
    if not apart:
        words = _("No share of all items is apart: all 95 % intervals overlap.")
    words = f"{both.format(n=f'{len(found.both):,}')} {words.format(n=f'{apart:,}')}"
    key = "".join(
        f'<li><span class="exc-key exc-key-{side}"></span>{escape(name)} '
        f"<small>{escape(spelled(column))}</small></li>"
        for side, name, column in zip("ab", names, columns, strict=True)
    )
    if any(is_number(pair.value) for pair in found.both):
        words += " " + _("A number of one is not the number of the other: the same numerals may "
                         "stand for different things.")  # fmt: skip
    st.html(
        f'<div class="exc"><p class="exc-note">{escape(words)}</p>'
        f'<ul class="exc-legend">{key}</ul>{paired_bars(found.both, names)}</div>'
    )


def show_only(found: Sides, side: Side, column: str, place: int, veiled: Collection[str]) -> None:
    """What only this side says. A link names what it leads to: of what is veiled there is none."""
    kind, _colon, name = column.partition(":")
    keys = ("field", "value") if kind == "label" else ("attribute", "attribute_value")

    def address(value: str) -> str | None:
        if value in veiled:
            return None
        chosen = {keys[0]: name, keys[1]: value}
        return href("items", dataset=side.part.dataset, split=side.part.split, **chosen)

    values = found.only[place]
    title = _n("{n} value only in {name}", "{n} values only in {name}", len(values))
    words = escape(title.format(n=f"{len(values):,}", name=side.part.name))
    st.html(f'<div class="exc"><h3>{words}</h3>{only_list(values, address)}</div>')


show()
