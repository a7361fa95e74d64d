"""Map: a layout of the items, painted by what is said of them; a lasso, a search, a prompt."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from html import escape
from typing import Any

import numpy as np
import streamlit as st

from excavate import charts
from excavate.catalog import browsing
from excavate.catalog.computed import Computed
from excavate.charts import PointColours
from excavate.components.addresses import map_is_built
from excavate.components.gallery import caption, frame, grid, item_href
from excavate.components.legend import legend, sentence
from excavate.components.map import palette, show_map
from excavate.components.points import colours_of, having, layout_rows
from excavate.counter.landing import land_again
from excavate.counter.plans import plans
from excavate.embedding.spec import short_name
from excavate.errors import ExcavateError
from excavate.i18n import _
from excavate.pages.finding_on_map import ASKED, RINGED, Marked, marked_by_link, show_marked
from excavate.pages.parts import (
    choose,
    lens_sentence,
    link,
    notice,
    show_error,
    site_or_notice,
    told,
)
from excavate.pages.put_here import show_put_way
from excavate.pages.selection import (
    forget,
    keep_lasso,
    keep_points,
    selected,
    show_lassoed,
    show_selected,
    show_selection,
)
from excavate.pages.spoken import absent_way, show_absent_way
from excavate.routes import served_workshop
from excavate.site import Site
from excavate.workshop.about import About

PLOTLY_UP_TO = 20_000
HEIGHT = 620
NEAR = 8


def show() -> None:
    """The whole page."""
    site = site_or_notice()
    if site is None:
        return
    found = site.layouts()
    if not found:
        st.html(f'<div class="exc"><h1>{escape(_("Map"))}</h1></div>')
        body = _("Items are laid out after they are embedded.")
        notice(_("There is no layout yet"), body, "excavate layout --help")
        return
    title = st.container()
    with st.container(key="paint", horizontal=True, vertical_alignment="bottom"):
        layout = ask_layout(found)
        rows = layout_rows(site, layout.id)
        mode = ask_mode(site, layout)
        plain = painted(site, layout, mode)
        chosen = ask_chosen(plain)
    colours = having(plain, [plain.names[rank] for rank in chosen or ()])
    marked = marked_by_link(site, rows)
    drawn, beside = st.columns([3, 1], gap="medium")
    with drawn:
        if marked:
            show_marked(marked)
        show_points(site, layout, mode, colours, chosen, marked)
        look = charts.paper(st.context.theme.type)
        st.html(legend(colours, chosen, int(rows["placed"].sum()), look))
        shown = escape(sentence(colours, len(rows), chosen))
        st.html(f'<p class="exc exc-note exc-small-print" role="status">{shown}</p>')
        show_warning(site, layout)
        show_drawing_way()
    with title:
        show_title(site, layout)
    at = marked.at if marked else selected(layout, rows)  # plotly has told its own by now
    with beside:
        if at is not None:
            show_selection(colours, at)
            if not marked:
                show_lassoed(layout, rows, at)
        show_beside(site, layout, at is None)
    if at is not None and len(at):
        show_selected(site, rows, at)


def ask_layout(found: list[Computed]) -> Computed:
    """The layout of the URL, else the newest."""
    by_id = {layout.id: layout for layout in reversed(found)}
    if len(by_id) == 1:
        return found[-1]

    told_apart = Counter(named(layout)[:2] for layout in found)

    def shown(layout_id: str | None) -> str:
        datasets, spec, seed = named(by_id[layout_id or ""])
        several = told_apart[datasets, spec] > 1
        return f"{datasets} · {short_name(spec)}" + (f" · {_('seed')} {seed}" if several else "")

    chosen = choose(_("Layout"), "layout", list(by_id), shown, ("point", *ASKED))
    return by_id[chosen or found[-1].id]


def named(layout: Computed) -> tuple[str, str, Any]:
    """A layout's datasets, encoder and seed, for people."""
    datasets = ", ".join(name for name, _revision in layout.provenance["datasets"])
    return datasets, layout.result["spec"], layout.provenance["parameters"]["seed"]


def lens_of(site: Site, layout: Computed) -> dict[str, Any]:
    """The encoder a layout was made through: spec, trained_on, has_text."""
    lens = {"spec": layout.result["spec"], "trained_on": layout.result["trained_on"]}
    texts = [v.result["has_text"] for v in site.embeddings() if v.result["spec"] == lens["spec"]]
    return {**lens, "has_text": any(texts)}


def show_title(site: Site, layout: Computed) -> None:
    """The page's name and whose eyes arranged the pictures."""
    lens = lens_of(site, layout)
    seen = escape(lens_sentence(lens["trained_on"], lens["has_text"]))
    made = f'<span class="exc-mono">{escape(lens["spec"])}</span>'
    st.html(
        f'<div class="exc exc-titled"><h1>{escape(_("Map"))}</h1>'
        f'<p class="exc-lens">{seen} {made}</p></div>'
    )


def show_warning(site: Site, layout: Computed) -> None:
    """What must not be read from the map, and how far it can be trusted."""
    trust, k = (layout.result.get(f"trustworthiness{end}") for end in ("", "_k"))
    measured = _("not measured") if trust is None else f"{trust:.3f} (k={k})"
    words = _(
        "Places here are a layout, in coordinates without a meaning of their own: it opens holes "
        "and closes them, so an empty spot is no gap. Trustworthiness {trust}, seed {seed}."
    ).format(trust=measured, seed=named(layout)[2])
    st.html(f'<p class="exc exc-note exc-small-print">{escape(words)}</p>')


def ask_mode(site: Site, layout: Computed) -> str:
    """What paints the points, from the URL; with a prompt where the encoder has text."""
    modes = colourings(site, layout)
    mode = choose(_("Colour by"), "colour", list(modes), lambda m: modes[m or ""], ("chosen",))
    if mode != "prompt":
        return mode or "dataset"
    prompt = ask_text(_("Prompt"), "prompt")
    return f"prompt:{prompt}" if prompt else "dataset"


def ask_text(label: str, name: str) -> str:
    """A line of text that lives in the URL as `name`."""
    key = f"text-{name}"
    st.session_state[key] = st.query_params.get(name, "")

    def write() -> None:
        st.query_params.pop(name, None)
        if st.session_state[key].strip():
            st.query_params[name] = st.session_state[key].strip()

    return st.text_input(label, key=key, on_change=write).strip()


def colourings(site: Site, layout: Computed) -> dict[str, str]:
    """{mode: its name in the menu}, the first label field first."""
    datasets = [name for name, _revision in layout.provenance["datasets"]]
    with site.cursor() as cursor:
        fields = [browsing.label_fields(cursor, name)["field"] for name in datasets]
        names = [browsing.attribute_names(cursor, name)["name"] for name in datasets]
    found = {f"label:{f}": f"{_('source label')}: {f}" for some in fields for f in some}
    found |= {"split": _("split"), "dataset": _("dataset")}
    found |= {f"attribute:{n}": f"{_('attribute')}: {n}" for some in names for n in some}
    if lens_of(site, layout)["has_text"]:
        found["prompt"] = _("similarity to a prompt")
    return found


def painted(site: Site, layout: Computed, mode: str) -> PointColours:
    """The colours of a mode; where it cannot be had, it is said and the datasets paint."""
    try:
        colours = colours_of(site, layout.id, mode)
    except ExcavateError as error:
        show_error(error)
        mode, colours = "dataset", colours_of(site, layout.id, "dataset")
    return replace(colours, title=_(mode)) if mode in ("split", "dataset") else colours


def ask_chosen(colours: PointColours) -> list[int] | None:
    """Which values are coloured, in the order chosen; None: the largest eight.

    Asked where there are more than eight, or where items have several.
    """
    if len(colours.names) <= len(charts.OKABE_ITO) and colours.has is None:
        return None
    asked = [n for n in st.query_params.get_all("chosen") if n in colours.names]
    st.session_state["map-chosen"] = asked

    def write() -> None:
        st.query_params["chosen"] = st.session_state["map-chosen"]

    counts = dict(zip(colours.names, colours.counts, strict=True))
    names = st.multiselect(
        _("Colour these, up to eight"),
        colours.names,
        format_func=lambda name: f"{name} · {counts[name]:,}",
        key="map-chosen",
        placeholder=_("the eight largest"),
        max_selections=len(charts.OKABE_ITO),
        on_change=write,
    )
    return [colours.names.index(name) for name in names] or None


def show_points(
    site: Site,
    layout: Computed,
    mode: str,
    colours: PointColours,
    chosen: list[int] | None,
    marked: Marked | None = None,
) -> None:
    """The points, by our own component or, where it is not built, by plotly."""
    look = charts.paper(st.context.theme.type)
    ringed = [int(place) for place in marked.at[:RINGED]] if marked else []
    if not map_is_built() or st.query_params.get("draw") == "plotly":
        show_plotly(site, layout, colours, chosen, look, ringed)
        return
    paint = palette(colours, chosen, look)
    rows = layout_rows(site, layout.id)
    said = sentence(colours, len(rows), chosen)
    has = [colours.names[rank] for rank in chosen or () if colours.has is not None]
    at = np.flatnonzero((rows["item_id"] == st.query_params.get("point", "")).to_numpy())
    opened = int(at[0]) if len(at) else None
    held = marked is not None or selected(layout, rows) is not None
    show_map(
        layout.id, site.generation, mode, has, paint, said, opened, held,
        lambda: open_point(rows, st.session_state["map"].opened),
        lambda: keep_lasso(layout.id, st.session_state["map"].lassoed),
        forget, ringed, room_draws(site),
    )  # fmt: skip


def show_drawing_way() -> None:
    """What the framed pictures are, and the way to make one, while the room makes any."""
    if not room_draws():
        return
    words = _("Framed pictures were made here. Each stands between the items nearest to it, which "
              "thin lines point at.")  # fmt: skip
    way = link("draw", _("Draw what is missing"))
    st.html(
        f'<p class="exc exc-note exc-small-print">{escape(words)}</p>'
        f'<p class="exc exc-ways exc-act">{way}</p>'
    )


def room_draws(site: Site | None = None) -> bool:
    """Whether a counter-dataset stands that drawings may land in at any moment.

    With a site, what was made before its newest layout is given a place there.
    """
    try:
        workshop = served_workshop()
        stands = bool(plans(workshop))
    except ExcavateError:
        return False
    if stands and site is not None:
        land_again(site, workshop)
    return stands


def open_point(rows: Any, index: int | None) -> None:
    """Keep the opened item in the URL."""
    if index is not None and 0 <= index < len(rows):
        st.query_params["point"] = rows["item_id"].iloc[int(index)]


def show_plotly(
    site: Site,
    layout: Computed,
    colours: PointColours,
    chosen: list[int] | None,
    look: charts.Paper,
    ringed: list[int],
) -> None:
    """The points by plotly: an even share of them beyond 20,000, and it says so."""
    rows = layout_rows(site, layout.id)
    at = np.arange(len(rows))
    if len(rows) > PLOTLY_UP_TO:
        at = np.linspace(0, len(rows) - 1, PLOTLY_UP_TO).astype(int)
        words = _("{n} of {all} points are drawn. The map's own component draws them all.")
        body = words.format(n=f"{len(at):,}", all=f"{len(rows):,}")
        notice(_("A part is missing"), body, "make setup")
    at = np.random.default_rng(0).permutation(at)  # in order, the last would hide the first
    figure = charts.layout_figure(rows, at, colours, chosen, look, HEIGHT)
    charts.add_rings(figure, rows.iloc[ringed], look)
    seen = st.plotly_chart(
        figure,
        key="map-plotly",
        on_select="rerun",
        selection_mode=("points", "box", "lasso"),
        config={"displaylogo": False, "scrollZoom": True},
    )
    picked = sorted({int(np.ravel(p["customdata"])[0]) for p in seen["selection"]["points"]})
    if len(picked) == 1:
        open_point(rows, picked[0])
    elif picked:
        keep_points(layout.id, picked)
    elif not ringed:
        forget()


def show_beside(site: Site, layout: Computed, hinted: bool) -> None:
    """The opened item with its neighbours; a search where the encoder has text."""
    lens = lens_of(site, layout)
    if lens["has_text"]:
        show_search(site, lens["spec"])
    item_id = st.query_params.get("point")
    if not item_id:
        if hinted:
            st.html(f'<p class="exc exc-notice exc-quiet">{escape(hint())}</p>')
        return
    with told(), site.cursor() as cursor:
        found = browsing.one_item(cursor, item_id)
        if found is None:
            notice(_("this site holds no such item"), item_id)
            return
        row = browsing.items_at(cursor, [found["dataset_id"]], [found["ordinal"]]).iloc[0]
        text = escape(caption(row["labels"]))
        st.html(
            f'<div class="exc exc-opened"><div class="exc-frame">{frame(row, text)}</div>'
            f"<p><strong>{text}</strong><br>"
            f'<a href="{escape(item_href(item_id))}" data-page target="_self">{escape(item_id)}</a>'
            f"</p>{opened_ways(item_id)}<h3>{escape(_('Neighbours'))}</h3></div>"
        )
        near = site.neighbours_of(item_id, k=NEAR + 1, encoder=lens["spec"])
        near = near[near["item_id"] != item_id].head(NEAR)
        show_similar(cursor, near)
        show_put_way([str(one) for one in near["item_id"]], "neighbours", item_id)


def opened_ways(item_id: str) -> str:
    """The way to say that something is absent at this item, as HTML."""
    ways = absent_way(About("item", {"item_id": item_id}))
    return f'<p class="exc-ways">{ways}</p>' if ways else ""


def hint() -> str:
    """What can be done on the map."""
    return _(
        "Point at a dot to see its picture, click it to open it here. "
        "The loop draws around many; two fingers or the wheel zoom."
    )


def show_search(site: Site, spec: str) -> None:
    """Text search through the layout's encoder."""
    text = ask_text(_("Search by words"), "q")
    if text:
        with told(), site.cursor() as cursor:
            near = site.search(text=text, k=NEAR, encoder=spec)
            show_similar(cursor, near)
            show_put_way([str(one) for one in near["item_id"]], "search", spec, text)
            sought = About("search", {"words": text, "encoder": spec})
            show_absent_way(sought, _("Not among them? Record it as absent"))


def show_similar(cursor: Any, near: Any) -> None:
    """Pictures with their similarities."""
    rows = browsing.items_at(cursor, near["dataset_id"], near["ordinal"])
    likeness = dict(zip(near["item_id"], near["similarity"], strict=True))
    st.html(grid(rows, [f"{likeness[i]:.3f}" for i in rows["item_id"]], "exc-grid exc-small"))


show()
