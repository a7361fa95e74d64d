"""Map: a layout of the items, painted by what is said of them; a lasso, a search, a prompt."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
import streamlit as st

from excavate import charts
from excavate.catalog import browsing
from excavate.catalog.computed import Computed
from excavate.charts import PointColours
from excavate.components.gallery import caption, frame, grid, item_href
from excavate.components.legend import legend
from excavate.components.map import palette, show_map
from excavate.errors import ExcavateError
from excavate.i18n import _, _n
from excavate.pages.parts import choose, lens_sentence, link, notice, show_error, told
from excavate.points import colours_of, inside, layout_rows
from excavate.routes import map_is_built, served_site
from excavate.site import Site

PLOTLY_UP_TO = 20_000
HEIGHT = 620
SELECTED_SHOWN = 24
NEAR = 8
LASSO = "map-lasso"


def show() -> None:
    """The whole page."""
    st.html(f'<div class="exc"><h1>{escape(_("Map"))}</h1></div>')
    site = served_site()
    found = site.layouts()
    if not found:
        body = _("Items are laid out after they are embedded.")
        notice(_("There is no layout yet"), body, "excavate layout --help")
        return
    layout = ask_layout(found)
    show_lens(site, layout)
    mode = ask_mode(site, layout)
    drawn, beside = st.columns([3, 1], gap="medium")
    with drawn:
        colours = painted(site, layout, mode)
        chosen = ask_chosen(colours)
        rows = layout_rows(site, layout.id)
        show_points(site, layout, mode, colours, chosen)
        st.html(legend(colours, chosen, int(rows["placed"].sum())))
    with beside:
        show_beside(site, layout)
    show_selection(site, layout)


def ask_layout(found: list[Computed]) -> Computed:
    """The layout of the URL, else the newest."""
    by_id = {layout.id: layout for layout in reversed(found)}
    if len(by_id) == 1:
        return found[-1]

    def shown(layout_id: str | None) -> str:
        datasets, spec, seed = named(by_id[layout_id or ""])
        return f"{datasets} · {spec} · {_('seed')} {seed}"

    return by_id[choose(_("Layout"), "layout", list(by_id), shown, ("point",)) or found[-1].id]
