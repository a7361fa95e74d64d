"""Items: filter, sort, page through. Every choice stands in the URL, so that a view is shared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import streamlit as st

from excavate.catalog import browsing
from excavate.catalog.browsing import Filter
from excavate.components.gallery import grid
from excavate.i18n import N_, _, _n
from excavate.pages.parts import choose, notice, site_or_notice, tick
from excavate.pages.put_here import show_put_way
from excavate.pages.spoken import show_absent_way, with_dataset
from excavate.workshop.about import About

if TYPE_CHECKING:
    from pandas import DataFrame

PAGE = 48
ORDERS = {
    "source": N_("source order"),
    "key": N_("by key"),
    "largest": N_("largest first"),
    "smallest": N_("smallest first"),
    "labels": N_("most labels"),
}
PIXELS = {
    "read": N_("with pixels"),
    "none": N_("without pixels"),
    "fault": N_("unreadable"),
}


@dataclass(frozen=True, slots=True)
class Menus:
    """What the menus offer: names with counts, by what is chosen so far."""

    datasets: DataFrame
    splits: DataFrame
    fields: DataFrame
    values: DataFrame | None
    attributes: DataFrame
    attribute_values: DataFrame | None


def show() -> None:
    """The whole page."""
    st.html(f'<div class="exc"><h1>{escape(_("Items"))}</h1></div>')
    site = site_or_notice()
    if site is None:
        return
    with site.cursor() as cursor:
        wanted, order = ask(cursor)
        count = browsing.count_items(cursor, wanted)
        page = min(asked_page(), max(0, (count - 1) // PAGE))
        found = browsing.browse_items(cursor, wanted, order, PAGE, page * PAGE)
    show_position(count, page)
    if count:
        st.html(grid(found, [escape(row) for row in under_lines(found)]))
        show_put_way([str(one) for one in found["item_id"]], "item")
    else:
        notice(_("Nothing here matches"), _("Loosen a filter above; nothing was removed."))
    show_ways(wanted, count)
    show_turns(count, page)


def show_ways(wanted: Filter, count: int) -> None:
    """The way to say what is absent: of the cell or filter that holds nothing, of the dataset."""
    if not count:
        show_absent_way(nothing_found(wanted), _("Record as absent: what was looked for"))
    if wanted.dataset:
        name = str(wanted.dataset)
        words = _("Record as absent: of the whole dataset")
        show_absent_way(About("dataset", {"dataset": name}), words, key=f"dataset:{name}")


def nothing_found(wanted: Filter) -> About:
    """What a filter asked for: a cell of what is said of items, else a search in words."""
    values = {}
    if wanted.field and wanted.value:
        values[f"label:{wanted.field}"] = wanted.value
    if wanted.attribute and wanted.attribute_value:
        values[f"attribute:{wanted.attribute}"] = wanted.attribute_value
    if wanted.dataset and len(values) > 1:
        return About("cell", {"dataset": wanted.dataset, "values": values})
    said = [f"{name}: {value}" for name, value in values.items()]
    said += [str(one) for one in (wanted.split, wanted.field, wanted.attribute) if one]
    said += [_(PIXELS[wanted.pixels])] if wanted.pixels else []
    said += [_("only with faults")] if wanted.faults else []
    words = " · ".join(dict.fromkeys(said)) or _("all items")
    return About("search", {"words": words} | with_dataset(wanted.dataset))


def ask(cursor: Any) -> tuple[Filter, str]:
    """The filter and order of the URL, with menus to change them."""
    menus = read_menus(cursor)
    with st.container(key="filters", horizontal=True, vertical_alignment="bottom"):
        dataset = counted(
            _("Dataset"), "dataset", menus.datasets, "dataset_id", _("all datasets"),
            ("split", "field", "value", "unlabelled", "attribute", "attribute_value", "page"),
        )  # fmt: skip
        split = counted(_("Split"), "split", menus.splits, "split", _("all splits"))
        field = counted(
            _("Source label"), "field", menus.fields, "field", _("any"),
            ("value", "unlabelled", "page"),
        )  # fmt: skip
        value, state = None, "given"
        if field and menus.values is not None:
            value = counted(field, "value", menus.values, "value", _("any value"))
            if tick(_("not labelled"), "unlabelled", ("value", "page")):
                value, state = None, "empty"
        attribute = counted(
            _("Attribute"), "attribute", menus.attributes, "name", _("any"),
            ("attribute_value", "page"),
        )  # fmt: skip
        attribute_value = None
        if attribute and menus.attribute_values is not None:
            attribute_value = counted(
                attribute, "attribute_value", menus.attribute_values, "value", _("any value")
            )
        pixels = choose(_("Pixels"), "pixels", [None, *PIXELS], _named(PIXELS), ("page",))
        order = choose(_("Order"), "order", list(ORDERS), _named(ORDERS), ("page",))
        faults = tick(_("only with faults"), "faults", ("page",))
    wanted = Filter(dataset, split, field, value, state, attribute, attribute_value, pixels, faults)
    return wanted, order or "source"


def read_menus(cursor: Any) -> Menus:
    """What can be chosen, given what the URL chooses already."""
    asked = st.query_params
    dataset, field, attribute = asked.get("dataset"), asked.get("field"), asked.get("attribute")
    values = browsing.label_values(cursor, field, dataset) if field else None
    said = browsing.attribute_values(cursor, attribute, dataset) if attribute else None
    return Menus(
        browsing.datasets(cursor),
        browsing.splits(cursor, dataset),
        browsing.label_fields(cursor, dataset),
        values,
        browsing.attribute_names(cursor, dataset),
        said,
    )


def counted(
    label: str, name: str, menu: DataFrame, column: str, anything: str, clears: Any = ("page",)
) -> str | None:
    """A menu of names with the number of items each has."""
    tally = "items" if "items" in menu else "labels"
    counts = dict(zip(menu[column], menu[tally], strict=True))

    def shown(value: str | None) -> str:
        return anything if value is None else f"{value} · {counts.get(value, 0):,}"

    return choose(label, name, [None, *menu[column]], shown, clears)


def _named(names: dict[str, str]) -> Callable[[str | None], str]:
    return lambda value: _("any") if value is None else _(names[value])


def asked_page() -> int:
    """The page number of the URL, from 0; what is no number is 0."""
    text = st.query_params.get("page", "1")
    return max(0, int(text) - 1) if text.isdecimal() else 0


def under_lines(found: DataFrame) -> list[str]:
    """The quiet second line: split/key, the end of the item's id."""
    return [f"{split}/{key}" for split, key in zip(found["split"], found["key"], strict=True)]


def show_position(count: int, page: int) -> None:
    """Where in the whole this page stands."""
    total = _n("{n} item", "{n} items", count).format(n=f"{count:,}")
    first, last = page * PAGE + 1, min(count, (page + 1) * PAGE)
    here = f" · {first:,}–{last:,}" if count > PAGE else ""
    st.html(f'<p class="exc-quiet" role="status">{escape(total + here)}</p>')


def show_turns(count: int, page: int) -> None:
    """Buttons to the pages before and after."""
    last = max(0, (count - 1) // PAGE)
    if not last:
        return
    with st.container(key="turns", horizontal=True, vertical_alignment="center"):
        st.button(_("Previous"), disabled=page == 0, on_click=turn, args=(page - 1,))
        st.html(f'<span class="exc-quiet">{page + 1:,} / {last + 1:,}</span>', width="content")
        st.button(_("Next"), disabled=page >= last, on_click=turn, args=(page + 1,))


def turn(page: int) -> None:
    """Go to a page, in the URL."""
    st.query_params["page"] = str(page + 1)


show()
