"""The map component: points of a layout by WebGL, built from `frontend/map`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from excavate.charts import (
    Paper,
    PointColours,
    category_colours,
    quantity_colours,
    quantity_range,
)
from excavate.components.addresses import asset_url, hover_url, made_on_url, points_url
from excavate.i18n import _, spoken

# The script is fetched from our own route, cached for good, instead of travelling with each run.
LOADER = """
const script = import(new URL("%s", document.baseURI).href);
export default function (component) {
  let leave = null;
  let left = false;
  script.then((atlas) => { if (!left) leave = atlas.default(component); });
  return () => { left = true; if (leave) leave(); };
}
"""


@lru_cache(maxsize=2)
def _component(url: str) -> Any:
    import streamlit as st

    html = '<div class="exc-atlas"></div>'
    return st.components.v2.component(
        "excavate_map", html=html, js=LOADER % url, isolate_styles=False
    )


def palette(colours: PointColours, chosen: Sequence[int] | None, look: Paper) -> dict[str, Any]:
    """The colours the component needs: by rank or by shade, and those of the paper."""
    if colours.values is not None:
        shades, span = quantity_colours(), quantity_range(colours.values)
    else:
        shades, span = category_colours(len(colours.names), chosen, look), (0.0, 1.0)
    return {
        "colours": shades,
        "rest": look.rest,
        "none": look.none,
        "ground": look.ground,
        "ink": look.ink,
        "range": list(span),
    }


def words() -> dict[str, str]:
    """What the component says, in the language of this run."""
    return {
        "canvas": _(
            "Map of the layout. Arrow keys move, plus and minus zoom, 0 shows the whole, "
            "Enter opens the item nearest the middle."
        ),
        "lasso": _("Draw around points"),
        "nearer": _("Zoom in"),
        "farther": _("Zoom out"),
        "whole": _("Show the whole"),
        "loading": _("Fetching the points"),
        "failed": _("The points did not come; reload the page"),
        "made": _("Made here: {who}. Open it in its counter-dataset."),
        "landed": _("A drawing has landed: {who}"),
        "somebody": _("somebody in the room"),
    }


def show_map(
    layout_id: str,
    generation: str,
    mode: str,
    chosen: Sequence[str],
    paint: dict[str, Any],
    said: str,
    opened: int | None,
    held: bool,
    on_opened: Callable[[], None],
    on_lassoed: Callable[[], None],
    on_cleared: Callable[[], None],
    ringed: Sequence[int] = (),
    drawing: bool = False,
) -> Any:
    """Mount the map; `said` is what it shows, in a sentence; `held`: a lasso stands.

    ringed: the numbers of points to be ringed, few of them: the items that a finding names.

    drawing: something is made in the room just now: what lands is looked for more often.

    Its triggers: `opened` a point's number, `lassoed` {outline, count}, `cleared`.
    """
    sent = {
        "points": points_url(layout_id, generation, mode, chosen),
        "hover": hover_url(layout_id, generation, mode),
        "palette": paint,
        "opened": opened,
        "held": held,
        "ringed": list(ringed),
        "made": {"ask": made_on_url(layout_id, spoken()), "open": drawing},
        "words": {**words(), "canvas": f"{said} {words()['canvas']}"},
    }
    return _component(asset_url("map.js"))(
        key="map",
        data=sent,
        on_opened_change=on_opened,
        on_lassoed_change=on_lassoed,
        on_cleared_change=on_cleared,
    )
