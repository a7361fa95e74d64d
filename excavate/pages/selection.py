"""What a lasso on the map holds: kept for the session, counted, shown as pictures."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
import streamlit as st

from excavate.catalog import browsing
from excavate.catalog.computed import Computed
from excavate.charts import PointColours
from excavate.components.gallery import grid
from excavate.components.legend import counts_within
from excavate.components.points import inside, layout_rows
from excavate.i18n import _, _n
from excavate.pages.finding_on_map import unmark
from excavate.pages.judge_ways import show_judge_way
from excavate.pages.parts import notice, table
from excavate.pages.put_here import show_put_way
from excavate.pages.spoken import show_absent_way
from excavate.site import Site
from excavate.workshop.about import MOST_ITEMS, About

SELECTED_SHOWN = 24
COUNTS_SHOWN = 10
LASSO = "map-lasso"
CORNERS = 3  # fewer enclose nothing


def keep_lasso(layout_id: str, drawn: Any) -> None:
    """Keep the outline for the runs to come; what a link marked gives way to it."""
    if drawn:
        unmark()
        st.session_state[LASSO] = {"layout": layout_id, "outline": drawn["outline"]}


def keep_points(layout_id: str, points: list[int]) -> None:
    """Keep points that were selected one by one (by plotly)."""
    unmark()
    st.session_state[LASSO] = {"layout": layout_id, "points": points}


def forget() -> None:
    """Let go of the lasso, and of what a link marked."""
    unmark()
    st.session_state.pop(LASSO, None)


def selected(layout: Computed, rows: Any) -> np.ndarray | None:
    """The row numbers inside the lasso; None where none was drawn on this layout."""
    kept = st.session_state.get(LASSO)
    if not kept or kept["layout"] != layout.id:
        return None
    if "outline" not in kept:
        return np.array(kept["points"], dtype=int)
    inner = inside(rows["x"].to_numpy(), rows["y"].to_numpy(), kept["outline"])
    return np.flatnonzero(inner)


def selected_ids(site: Site) -> list[str]:
    """The ids of the items inside the lasso of this session; none where none was drawn."""
    kept = st.session_state.get(LASSO)
    found = [made for made in site.layouts() if kept and made.id == kept["layout"]]
    if not found:
        return []
    rows = layout_rows(site, found[0].id)
    at = selected(found[0], rows)
    return [] if at is None else [str(one) for one in rows.iloc[at]["item_id"]]


def show_selection(colours: PointColours, at: np.ndarray) -> None:
    """How many were selected, and how what paints the map is spread among them."""
    title = _n("{n} item selected", "{n} items selected", len(at)).format(n=f"{len(at):,}")
    st.html(f'<div class="exc exc-selection" role="status"><h2>{escape(title)}</h2></div>')
    if len(at):
        show_counts(colours, at)
    else:
        notice(_("No point lies inside the line you drew"))
    st.button(_("Let go of the selection"), on_click=forget)


def show_lassoed(layout: Computed, rows: Any, at: np.ndarray) -> None:
    """The way to say what is absent inside the line, or among the points that were selected."""
    kept = st.session_state[LASSO]
    value: dict[str, Any] = {"layout_id": layout.id}
    if "outline" in kept:
        outline = [[round(float(x), 4), round(float(y), 4)] for x, y in kept["outline"]]
        if len(outline) < CORNERS:
            return
        value |= {"polygon": outline}
    else:
        value |= {"items": [str(one) for one in rows["item_id"].iloc[at[:MOST_ITEMS]]]}
    show_absent_way(About("lasso", value), _("Record as absent: this place"))
    show_put_way([str(one) for one in rows["item_id"].iloc[at]], "lasso", layout.id)


def show_selected(site: Site, rows: Any, at: np.ndarray) -> None:
    """Pictures of a selection, evenly chosen where there are many."""
    few = np.linspace(0, len(at) - 1, min(len(at), SELECTED_SHOWN)).astype(int)
    shown = rows.iloc[at[few]]
    with site.cursor() as cursor:
        found = browsing.items_at(cursor, shown["dataset_id"], shown["ordinal"])
    words = _("In the selection")
    if len(at) > SELECTED_SHOWN:
        words += " · " + _("{n} of them, evenly chosen").format(n=SELECTED_SHOWN)
    st.html(f'<div class="exc"><hr class="exc-rule"><h2>{escape(words)}</h2></div>')
    st.html(grid(found))
    show_judge_way(**{"from": "selection"})


def show_counts(colours: PointColours, at: np.ndarray) -> None:
    """How many of the selection carry what, against the whole map."""
    if colours.values is not None:
        inner = colours.values[at]
        words = _("{title}: median {median} here, {whole} on the map").format(
            title=colours.title,
            median=f"{np.nanmedian(inner):.3g}" if np.isfinite(inner).any() else "–",
            whole=f"{np.nanmedian(colours.values):.3g}",
        )
        st.html(f'<p class="exc">{escape(words)}</p>')
        return
    rows = [
        (
            escape(name),
            f'<span class="exc-number">{n:,}</span><span class="exc-ratio"><span class="exc-bar"'
            f' style="width:{100 * n / len(at):.1f}%"></span></span>',
            f"{whole:,}",
        )
        for name, n, whole in counts_within(colours, at)[:COUNTS_SHOWN]
    ]
    counted = table((colours.title, _("here"), _("on the map")), rows)
    st.html(f'<div class="exc exc-counted">{counted}</div>')
