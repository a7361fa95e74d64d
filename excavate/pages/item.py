"""Item: one picture with all that is said of it, by whom, and what lies near it."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from excavate.catalog import browsing
from excavate.components.addresses import regions_url, under
from excavate.components.gallery import grid, large
from excavate.components.overlay import region_colours, region_name
from excavate.components.part_drawing import show_part_drawing
from excavate.errors import NotFoundError
from excavate.i18n import N_, _, _n
from excavate.pages.keep_here import show_keep
from excavate.pages.parts import (
    facts,
    layout_holding,
    lens_sentence,
    link,
    notice,
    site_or_notice,
    table,
    told,
)
from excavate.pages.put_here import put_way, show_put_way
from excavate.pages.spoken import may_speak, show_absent_way
from excavate.pages.votes import votes
from excavate.site import Site
from excavate.workshop.about import About

SAID_BY = {
    "source": N_("the source"),
    "self": N_("themselves (self-reported)"),
    "perceived": N_("someone looking (perceived)"),
    "machine": N_("a machine"),
    "metadata": N_("metadata"),
}
KINDS = {
    "box": N_("box"),
    "polygon": N_("polygon"),
    "mask": N_("mask"),
    "circle": N_("circle"),
    "line": N_("line"),
    "point": N_("point"),
}
NEIGHBOURS = 16
REGIONS_SHOWN = 60


def show() -> None:
    """The whole page."""
    item_id = st.query_params.get("id")
    if not item_id:
        notice(_("No item is named in the link"), _("Choose one on the Items page or the Map."))
        return
    site = site_or_notice()
    if site is None:
        return
    with site.cursor() as cursor:
        item = browsing.one_item(cursor, item_id)
    if item is None:
        raise NotFoundError(
            _("this site holds no such item"), item_id, _("Choose one on the Items page.")
        )
    st.html(f'<div class="exc"><h1 class="exc-item-name">{escape(item["item_id"])}</h1></div>')
    picture, said = st.columns([3, 2], gap="large")
    with picture:
        show_picture(item)
        pinned = {"item_id": item_id, "sha256": item["sha256"], "revision": item["revision"]}
        show_keep("item", pinned)
        show_absent_ways(item)
    with said:
        elsewhere = votes(item["added_labels"], said_by)
        said_of_it = f"{labels(item)}{elsewhere}{attributes(item)}{faults(item)}"
        st.html(f'<div class="exc">{said_of_it}</div>')
    show_neighbours(site, item)
    st.html(f'<div class="exc"><hr class="exc-rule">{provenance(item)}</div>')


def show_picture(item: dict[str, Any]) -> None:
    """The picture, its regions over it, and their names beside their colours."""
    overlay = None
    if item["regions"]:
        shown = st.toggle(_("Draw the regions"), value=True)
        overlay = regions_url(item["item_id"]) if shown else None
    st.html(large(item, overlay))
    if item["regions"]:
        st.html(f'<div class="exc">{regions(item)}</div>')


def show_absent_ways(item: dict[str, Any]) -> None:
    """What speaks of it already; the way to say that something is absent here, or in a part."""
    about = About("item", {"item_id": item["item_id"]})
    show_absent_way(about)
    if put := put_way([item["item_id"]], "item"):
        st.html(f'<p class="exc exc-ways exc-put-ways">{put}</p>')
    if item["pixels"] == "read" and may_speak():
        show_part_drawing(item["item_id"], under("/say"))


def regions(item: dict[str, Any]) -> str:
    """The regions by name: how many, of which kind."""
    colours = region_colours(item["regions"])
    counted: dict[tuple[str, str], int] = {}
    for region in item["regions"]:
        key = (region_name(region), kind_of(region))
        counted[key] = counted.get(key, 0) + 1
    rows = [
        (
            f'<span class="exc-swatch" style="background:{colours[name]}"></span>'
            f"{escape(name) or escape(_('unnamed'))}",
            escape(kind),
            f"{count:,}",
        )
        for (name, kind), count in list(counted.items())[:REGIONS_SHOWN]
    ]
    total = _n("{n} region", "{n} regions", len(item["regions"])).format(n=len(item["regions"]))
    heads = (_("name"), _("kind"), _("count"))
    return f"<h3>{escape(total)}</h3>{table(heads, rows)}"


def kind_of(region: dict[str, Any]) -> str:
    """The kind in words; what cannot be drawn, since nobody said where it is, is called so."""
    if region["x"] is None and region["geometry"] is None:
        return _("without a place")
    return _(KINDS[region["kind"]]) if region["kind"] in KINDS else str(region["kind"])


def labels(item: dict[str, Any]) -> str:
    """The source labels, verbatim, by who said them."""
    head = f"<h3>{escape(_('Source labels'))}</h3>"
    if not item["labels"]:
        return head + hollow_line(_("The source gave this item no label."))
    values: dict[tuple[str, str], list[str]] = {}
    for row in item["labels"]:
        values.setdefault((row["field"], row["said_by"]), []).append(escape(row["value"]))
    rows = [
        (escape(field), "<br>".join(said), said_by(who)) for (field, who), said in values.items()
    ]
    return head + table((_("field"), _("value"), _("said by")), rows)


def attributes(item: dict[str, Any]) -> str:
    """The attributes, each with who said it and in what."""
    head = f"<h3>{escape(_('Attributes'))}</h3>"
    if not item["attributes"]:
        return head + hollow_line(_("Nobody has said anything else of it."))
    empty = f'<span class="exc-unsaid">{escape(_("left empty"))}</span>'
    rows = []
    for row in item["attributes"]:
        added = f" · {escape(_('added here'))}" if row["added"] else ""
        said = f"{said_by(row['said_by'])}<br><small>{escape(row['source'])}{added}</small>"
        value = empty if row["value"] is None else escape(row["value"])
        rows.append((escape(row["name"]), value, said))
    return head + table((_("name"), _("value"), _("said by")), rows)


def faults(item: dict[str, Any]) -> str:
    """What is wrong with the item; nothing where nothing was found."""
    if not item["faults"]:
        return ""
    rows = [(escape(row["reason"]), escape(row["detail"])) for row in item["faults"]]
    return f"<h3>{escape(_('Faults'))}</h3>" + table((_("reason"), _("detail")), rows)


def said_by(who: str) -> str:
    """Who said it, in words."""
    return escape(_(SAID_BY[who])) if who in SAID_BY else escape(who)


def hollow_line(text: str) -> str:
    """An emptiness, drawn."""
    return f'<p class="exc-notice exc-quiet">{escape(text)}</p>'


def show_neighbours(site: Site, item: dict[str, Any]) -> None:
    """What lies nearest in the encoder's space, with similarities and the lens."""
    item_id = item["item_id"]
    layout_id = layout_holding(site, item["dataset_id"])
    way = link("map", _("Show it on the map"), layout=layout_id, point=item_id) if layout_id else ""
    head = f'<hr class="exc-rule"><h2>{escape(_("Neighbours"))}</h2><p class="exc-ways">{way}</p>'
    st.html(f'<div class="exc">{head}</div>')
    with told():
        lenses = {c.result["spec"]: c.result for c in site.embeddings()}
        if not lenses:
            notice(_("Nothing has been embedded yet"), code="excavate embed --help")
            return
        spec = next(iter(lenses))
        if len(lenses) > 1:
            spec = st.selectbox(_("Lens"), list(lenses))
        near = site.neighbours_of(item_id, k=NEIGHBOURS, encoder=spec)
        lens = lens_sentence(lenses[spec]["trained_on"], lenses[spec]["has_text"])
        note = _("Similarity is the cosine between vectors of {spec}.").format(spec=spec)
        st.html(f'<p class="exc exc-note">{escape(lens)} {escape(note)}</p>')
        with site.cursor() as cursor:
            rows = browsing.items_at(cursor, near["dataset_id"], near["ordinal"])
        rows = rows[rows["item_id"] != item_id]
        likeness = dict(zip(near["item_id"], near["similarity"], strict=True))
        unders = [f"{likeness[i]:.3f}" for i in rows["item_id"]]
        st.html(grid(rows, unders, "exc-strip"))
        show_put_way([str(one) for one in rows["item_id"]], "neighbours", item_id)


def provenance(item: dict[str, Any]) -> str:
    """Where the item comes from, to the byte."""
    unstated = f'<span class="exc-unsaid">{escape(_("not stated"))}</span>'

    def stated(value: Any) -> str:
        return unstated if value is None else escape(str(value))

    def mono(value: Any) -> str:
        return unstated if value is None else f'<span class="exc-mono">{escape(str(value))}</span>'

    size = None if item["width"] is None else f"{item['width']:,} x {item['height']:,}"
    path = item["path"] if not item["part"] else f"{item['path']} · {item['part']}"
    pairs = [
        (_("Dataset"), f"{link('items', item['title'], dataset=item['dataset_id'])}"),
        (_("Split"), escape(item["split"])),
        (_("Key"), f"{mono(item['key'])} <small>({escape(item['key_rule'])})</small>"),
        (_("Dug from"), mono(item["source"])),
        (_("Source revision"), mono(item["source_revision"])),
        (_("Revision"), mono(item["revision"])),
        ("SHA-256", mono(item["sha256"])),
        (_("Size"), stated(size)),
        (_("Format"), stated(item["format"])),
        (_("Path"), mono(path)),
        (_("Licence of the item"), stated(item["licence"])),
        (_("Licence of the dataset"), stated(item["dataset_licence"])),
        (_("Creator"), stated(item["creator"])),
        (_("Address at the source"), mono(item["source_url"])),
    ]
    return f"<h2>{escape(_('Provenance'))}</h2>{facts(pairs)}"


show()
