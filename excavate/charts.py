"""Charts: rows in, a plotly figure out. One template, and the colours everything else uses.

Colours: Okabe-Ito for up to eight categories, grey for the rest; cividis for quantities.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pandas import DataFrame

OKABE_ITO = (
    "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8C7A00", "#4B4B4B",
)  # fmt: skip
# Its yellow (#F0E442) is darkened and its black lightened here: on paper the one vanishes, and
# the other is the ink of rings and outlines. On the dark ground the two stand the other way.
ON_DARK = (*OKABE_ITO[:6], "#F0E442", "#E6E2D8")
CIVIDIS = (
    "#00224E", "#123570", "#3B496C", "#575D6D", "#707173", "#8A8678", "#A59C74", "#C3B369",
    "#E1CC55", "#FEE838",
)  # fmt: skip
SHADES = 101


@dataclass(frozen=True, slots=True)
class Paper:
    """The colours of one look: ground, ink and what lies between."""

    ground: str
    raised: str
    ink: str
    quiet: str
    hairline: str
    rest: str
    none: str
    absence: str
    gap: str


LIGHT = Paper(
    "#F7F4EE", "#EFEBE2", "#1C1B19", "#625D54", "#CFC8BA", "#B9B2A4", "#8F887B", "#B5301F",
    "#3E5C76",
)  # fmt: skip
DARK = Paper(
    "#171614", "#211F1C", "#F1EDE4", "#B3ACA0", "#45413A", "#5E594F", "#8F887B", "#EE7B69",
    "#9DBAD3",
)  # fmt: skip


def paper(look: str | None) -> Paper:
    """The colours of a look, 'light' or 'dark'."""
    return DARK if look == "dark" else LIGHT


def category_colours(count: int, chosen: Sequence[int] | None, look: Paper) -> list[str]:
    """A colour for each category by rank, then one for the ranks beyond.

    Up to eight are coloured: the chosen ones, or the eight largest; the rest are grey.
    """
    coloured = list(chosen)[:8] if chosen else list(range(min(count, 8)))
    colours = [look.rest] * (count + 1)
    eight = ON_DARK if look is DARK else OKABE_ITO
    for place, rank in enumerate(coloured):
        if rank < count:
            colours[rank] = eight[place]
    return colours


def quantity_colours() -> list[str]:
    """Cividis in 101 steps, dark to light."""
    stops = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in CIVIDIS], dtype=float)
    at = np.linspace(0, len(stops) - 1, SHADES)
    mixed = [np.interp(at, np.arange(len(stops)), stops[:, k]) for k in range(3)]
    return ["#" + "".join(f"{round(v):02X}" for v in rgb) for rgb in zip(*mixed, strict=True)]


def template(look: Paper) -> dict[str, Any]:
    """The layout every figure shares: no boxes, hairlines, our type."""
    axis = {
        "showgrid": False, "zeroline": False, "linecolor": look.hairline,
        "tickcolor": look.hairline, "tickfont": {"color": look.quiet},
    }  # fmt: skip
    return {
        "paper_bgcolor": look.ground,
        "plot_bgcolor": look.ground,
        "font": {"family": "Pretendard Variable, sans-serif", "size": 14, "color": look.ink},
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "hoverlabel": {"bgcolor": look.ground, "bordercolor": look.ink,
                       "font": {"color": look.ink}},
        "xaxis": axis,
        "yaxis": axis,
        "showlegend": False,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class PointColours:
    """How points are coloured: codes (category ranks) or values, and what they stand for.

    codes: u1 (n,), 254 for ranks beyond, 255 for not labelled; values: f4 (n,), NaN for not
    measured. Exactly one of the two is set. names and counts are by rank.
    has: where points may have several values, every (point, rank) pair as i4 (m, 2); counts are
    then of the points that have a value, of which one is painted.
    """

    title: str
    codes: np.ndarray | None = None
    values: np.ndarray | None = None
    names: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()
    beyond: int = 0
    unlabelled: int = 0
    has: np.ndarray | None = None

    @property
    def several(self) -> int:
        """How many points have more than one value."""
        return 0 if self.has is None else int((np.bincount(self.has[:, 0]) > 1).sum())


OTHER, UNLABELLED = 254, 255


def layout_figure(
    rows: DataFrame,
    at: np.ndarray,
    colours: PointColours,
    chosen: Sequence[int] | None,
    look: Paper,
    height: int,
) -> Any:
    """Points of a layout as scattergl: coloured, hollow where unlabelled, ringed where placed.

    rows: item_id, x, y, placed; at: which of them are drawn. Each point carries its row number
    as customdata, so that a selection says which it is.
    """
    import plotly.graph_objects as go

    colour, empty = _point_colours(colours, chosen, look)
    figure = go.Figure(layout={**template(look), "height": height, "dragmode": "pan"})
    size = 8 if len(at) < 3000 else 5
    names = _said(colours)
    for hollow in (True, False):
        part = at[empty[at] == hollow]
        if not len(part):
            continue
        drawn = rows.iloc[part]
        ring = [2 if later else int(hollow) for later in drawn["placed"]]
        marker = {
            "size": size,
            "color": look.none if hollow else [colour[i] for i in part],
            "symbol": "circle-open" if hollow else "circle",
            "line": {"width": ring, "color": look.none if hollow else look.ink},
        }
        figure.add_scattergl(
            x=drawn["x"], y=drawn["y"], mode="markers", marker=marker, customdata=part,
            text=[f"{names[i]}<br>{plain(n)}" for i, n in
                  zip(part, drawn["item_id"], strict=True)],
            hovertemplate="%{text}<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False, scaleanchor="x")
    return figure


def add_rings(figure: Any, rows: DataFrame, look: Paper) -> None:
    """Rings in slate around some points: the items that a finding names. rows: x, y."""
    if len(rows):
        figure.add_scattergl(
            x=rows["x"], y=rows["y"], mode="markers", hoverinfo="skip",
            marker={"size": 16, "symbol": "circle-open", "color": look.gap,
                    "line": {"width": 3, "color": look.gap}},
        )  # fmt: skip


def plain(text: str) -> str:
    """A text that plotly draws as it is: it reads markup, but does not know &quot; or &#x27;."""
    return escape(text, quote=False)


def _said(colours: PointColours) -> list[str]:
    """What the colouring says of each point, safe for hover labels."""
    if colours.values is not None:
        return ["" if v != v else f"{v:.3f}" for v in colours.values]
    names = [*map(plain, colours.names), ""]
    codes = colours.codes if colours.codes is not None else np.zeros(0, np.uint8)
    return [names[min(int(c), len(names) - 1)] for c in codes]


def _point_colours(
    colours: PointColours, chosen: Sequence[int] | None, look: Paper
) -> tuple[list[str], np.ndarray]:
    if colours.values is not None:
        shades, values = quantity_colours(), colours.values
        empty = np.isnan(values)
        low, high = quantity_range(values)
        share = np.clip((np.nan_to_num(values) - low) / ((high - low) or 1), 0, 1)
        return [shades[i] for i in np.rint(share * (SHADES - 1)).astype(int)], empty
    codes = colours.codes if colours.codes is not None else np.zeros(0, np.uint8)
    palette = category_colours(len(colours.names), chosen, look)
    last = len(palette) - 1
    return [palette[min(int(c), last)] for c in codes], codes == UNLABELLED


def quantity_range(values: np.ndarray) -> tuple[float, float]:
    """The smallest and largest measured value; (0, 1) where nothing is measured."""
    known = values[~np.isnan(values)]
    return (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
