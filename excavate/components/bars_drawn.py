"""Bars of a finding as a plotly figure. Slate is a gap; hatched is not measured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from excavate.charts import Paper, plain, template
from excavate.components.text_widths import wide, wrapped
from excavate.i18n import _

if TYPE_CHECKING:
    from excavate.charts_findings import Bars

BAR, LINE, TOP, BOTTOM = 34, 12, 34, 30  # pixels
LONGEST_LINE = 34  # columns
SIZE, SMALL = 14, 13  # of the type
TICK = {"symbol": "line-ns-open", "size": 18}


def bars_height(bars: Bars) -> int:
    """In pixels: a chart grows with its rows and with the lines of their labels."""
    lines = max((len(_lines(label)) for label in bars.labels), default=1)
    return TOP + BOTTOM + (BAR + LINE * (lines - 1)) * max(1, len(bars.labels))


def bars_figure(bars: Bars, look: Paper, across: int | None = None) -> Any:
    """Horizontal bars, the strongest on top: a tick where it was expected, whiskers for bounds.

    across: its width in pixels, for files; without one it takes what room there is.
    """
    import plotly.graph_objects as go

    numbers = [bars.numbers(at) for at in range(len(bars.labels))]
    left = max((wide(line, SIZE) for label in bars.labels for line in _lines(label)), default=0)
    right = max((wide(words, SIZE) for words in numbers), default=0)
    margin = {"l": left + 16, "r": right + 24, "t": TOP, "b": BOTTOM}
    layout = {
        **template(look), "height": bars_height(bars), "bargap": 0.45, "barmode": "overlay",
        "margin": margin, **({} if across is None else {"width": across}),
    }  # fmt: skip
    figure = go.Figure(layout=layout)
    places = list(range(len(bars.labels)))
    for add in (_add_values, _add_bounds, _add_unmeasured, _add_expected):
        add(figure, bars, places, look)
    _add_axes(figure, bars, look, across is not None)
    for at, words in enumerate(numbers):
        figure.add_annotation(
            text=plain(words), xref="paper", x=1, xshift=12, xanchor="left", y=at, yref="y",
            showarrow=False, font={"size": SIZE},
        )  # fmt: skip
    figure.add_annotation(_key_line(bars, look) | {"xshift": 12 - margin["l"]})
    return figure


def _add_axes(figure: Any, bars: Bars, look: Paper, in_file: bool) -> None:
    figure.update_yaxes(
        tickvals=list(range(len(bars.labels))),
        ticktext=["<br>".join(map(plain, _lines(label))) for label in bars.labels],
        range=[len(bars.labels) - 0.5, -0.5], ticks="", showline=False, fixedrange=True,
        tickfont={"color": look.ink, "size": SIZE}, automargin=in_file,
    )  # fmt: skip
    figure.update_xaxes(
        rangemode="tozero", nticks=6, fixedrange=True, zeroline=True,
        zerolinecolor=look.hairline, tickformat=",.6~%" if bars.share else ",.6~f",
    )  # fmt: skip


def _lines(label: str) -> list[str]:
    """A label in at most two lines."""
    return wrapped(label, LONGEST_LINE, 2) or [""]


def _add_values(figure: Any, bars: Bars, places: Sequence[int], look: Paper) -> None:
    known = [i for i in places if bars.values[i] is not None]
    figure.add_bar(
        y=known, x=[bars.values[i] for i in known], orientation="h", width=0.5,
        marker={"color": look.gap, "line": {"width": 0}},
        hovertext=[_hover(bars, i, bars.title, bars.values[i]) for i in known],
        hoverinfo="text",
    )  # fmt: skip


def _hover(bars: Bars, at: int, title: str, value: float | None) -> str:
    return f"{plain(bars.labels[at])}<br>{plain(title)}: {plain(bars.said(value))}"


def _add_bounds(figure: Any, bars: Bars, places: Sequence[int], look: Paper) -> None:
    """Whiskers, where there is an interval: a row without one has none, not one of no length."""
    bounded = [
        (at, value, *bounds)
        for at in places
        if (bounds := bars.bounds(at)) and (value := bars.values[at]) is not None
    ]
    if not bounded:
        return
    reach = {
        "type": "data", "symmetric": False, "color": look.ink, "thickness": 1.2, "width": 4,
        "array": [high - value for _at, value, _low, high in bounded],
        "arrayminus": [value - low for _at, value, low, _high in bounded],
    }  # fmt: skip
    figure.add_scatter(
        y=[at for at, *_rest in bounded], x=[value for _at, value, *_rest in bounded],
        mode="markers", marker={"opacity": 0}, error_x=reach, hoverinfo="skip", cliponaxis=False,
    )  # fmt: skip


def _add_unmeasured(figure: Any, bars: Bars, places: Sequence[int], look: Paper) -> None:
    """Rows without a number: hatched over the whole width, never a bar of nothing."""
    unknown = [i for i in places if bars.values[i] is None]
    if not unknown:
        return
    drawn = [v for v in (*bars.values, *bars.expected) if v is not None]
    figure.add_bar(
        y=unknown, x=[max(drawn, default=1.0) or 1.0] * len(unknown), orientation="h", width=0.5,
        marker={"color": look.ground, "line": {"color": look.none, "width": 1},
                "pattern": {"shape": "/", "fgcolor": look.hairline, "size": 6}},
        hovertext=[f"{plain(bars.labels[i])}<br>{plain(_('not measured'))}" for i in unknown],
        hoverinfo="text",
    )  # fmt: skip


def _add_expected(figure: Any, bars: Bars, places: Sequence[int], look: Paper) -> None:
    known = [i for i in places if bars.expected[i] is not None]
    if not known:
        return
    figure.add_scatter(
        y=known, x=[bars.expected[i] for i in known], mode="markers", cliponaxis=False,
        marker={**TICK, "color": look.ink, "line": {"color": look.ink, "width": 2.5}},
        hovertext=[_hover(bars, i, bars.expected_title, bars.expected[i]) for i in known],
        hoverinfo="text",
    )  # fmt: skip


def _key_line(bars: Bars, look: Paper) -> dict[str, Any]:
    """What bar and tick stand for, above the bars: there is no legend to look up."""
    words = f'<span style="color:{look.gap}">■</span> {plain(bars.title)}'
    if any(v is not None for v in bars.expected):
        words += f"    <b>|</b> {plain(bars.expected_title)}"
    if any(v is None for v in bars.values):
        words += f'    <span style="color:{look.none}">▨</span> {plain(_("not measured"))}'
    return {
        "text": words, "xref": "paper", "yref": "paper", "x": 0, "y": 1, "yshift": 8,
        "xanchor": "left", "yanchor": "bottom", "showarrow": False, "font": {"size": SMALL},
    }  # fmt: skip
