"""Charts of findings: rows in, a plotly figure out. Slate is a gap; hatched is not measured.

Each measure may say which of its columns is drawn (DRAWN); any other has its first column of
numbers drawn, so that every measure has a chart. The labels are made of the columns that name
a row.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from excavate.charts import Paper, template
from excavate.gaps.registry import REGISTRY, saying_of
from excavate.i18n import _

if TYPE_CHECKING:
    from excavate.gaps.stored import Finding

MOST_BARS = 20
BAR, LINE, TOP, BOTTOM = 34, 12, 34, 30  # pixels
LONGEST_LINE = 40
SIGN = 7.6  # about a sign's width in our type at 14 pixels
TICK = {"symbol": "line-ns-open", "size": 18}


@dataclass(frozen=True, slots=True)
class Drawn:
    """Which columns of a measure's rows are drawn: bars, their bounds, what was expected.

    label: the columns that a row is named by; none of them: the row in words.
    """

    value: str
    expected: str | None = None
    low: str | None = None
    high: str | None = None
    label: tuple[str, ...] = ()


# Of a measure whose rows may be of several kinds, the first that its rows have.
DRAWN: dict[str, tuple[Drawn, ...]] = {
    "intersections": (Drawn("count", "expected", label=("pattern",)),),
    "association": (Drawn("observed", "expected", label=("x", "y")),),
    "columns": (Drawn("share", "expected", "low", "high"),),
    "coverage": (Drawn("size"),),
    "concepts": (Drawn("share", "control", label=("ko", "en")),),
    "taxonomy": (Drawn("count", "target", label=("name",)),),
    "duplicates": (Drawn("size", label=("group",)),),
    "labels": (Drawn("score", None, "low", "high"),),
    "regions": (Drawn("share", None, "low", "high"),),
    "diversity": (
        Drawn("rarefied", None, "low", "high", ("label",)),
        Drawn("seen", "estimated", label=("field", "label")),
    ),
    "compare": (Drawn("value_a", "value_b"),),
}
EXPECTED = ("expected", "uniform", "reference", "floor")
BOUNDS = (("low", "high"), ("lower", "upper"))


@dataclass(frozen=True, slots=True)
class Bars:
    """What a chart draws, strongest first; None is "not measured". Titles are safe text."""

    labels: tuple[str, ...]
    values: tuple[float | None, ...]
    expected: tuple[float | None, ...]
    lows: tuple[float | None, ...]
    highs: tuple[float | None, ...]
    title: str
    expected_title: str = ""

    @property
    def height(self) -> int:
        """In pixels."""
        lines = max((len(_lines(label)) for label in self.labels), default=1)
        return TOP + BOTTOM + (BAR + LINE * (lines - 1)) * max(1, len(self.labels))

    def bounds(self, at: int) -> tuple[float, float] | None:
        """A row's interval, where it has one and it is of what is drawn."""
        low, high, value = self.lows[at], self.highs[at], self.values[at]
        if low is None or high is None or value is None or not low <= value <= high:
            return None
        return low, high


def bars_of(finding: Finding) -> Bars | None:
    """The chart's rows in the language of this run; None where nothing found is a number."""
    drawn = drawn_columns(finding)
    rows = finding.first_rows(MOST_BARS)
    if drawn is None or not rows:
        return None
    saying = saying_of(finding.measure)

    def column(name: str | None) -> tuple[float | None, ...]:
        return tuple(_number(row.get(name)) if name else None for row in rows)

    return Bars(
        tuple(label_of(row, drawn.label) or saying.row(finding, row) for row in rows),
        column(drawn.value), column(drawn.expected), column(drawn.low), column(drawn.high),
        saying.column(drawn.value), saying.column(drawn.expected) if drawn.expected else "",
    )  # fmt: skip


def drawn_columns(finding: Finding) -> Drawn | None:
    """What is declared for the measure, if its rows have it; else the first numbers there."""
    schema = finding.rows.schema
    for declared in DRAWN.get(finding.measure, ()):
        if declared.value in schema.names:
            return declared
    numeric = [f.name for f in schema if _is_number(f.type)]
    free = [name for name in numeric if name not in REGISTRY[finding.measure].key]
    bounds = next((pair for pair in BOUNDS if set(pair) <= set(numeric)), (None, None))
    expected = next((name for name in EXPECTED if name in numeric), None)
    taken = {*bounds, expected}
    value = next((name for name in free if name not in taken), None)
    key = REGISTRY[finding.measure].key
    return Drawn(value, expected, bounds[0], bounds[1], key) if value else None


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind))


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def label_of(row: Mapping[str, Any], key: Sequence[str]) -> str:
    """A row's name from some of its columns."""
    return " · ".join(filter(None, (_label(row.get(name)) for name in key)))


def _label(value: Any) -> str:
    if isinstance(value, dict):
        return " · ".join(map(str, value.values()))
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def bars_figure(bars: Bars, look: Paper, wide: int | None = None) -> Any:
    """Horizontal bars, the strongest on top: a tick where it was expected, whiskers for bounds.

    wide: its width in pixels; without one it takes what room there is.
    """
    import plotly.graph_objects as go

    longest = max((len(line) for label in bars.labels for line in _lines(label)), default=0)
    numbers = [number_line(bars, at) for at in range(len(bars.labels))]
    layout = {
        **template(look), "height": bars.height, "bargap": 0.45, "barmode": "overlay",
        "margin": {"l": int(min(longest * SIGN, 290)) + 16, "t": TOP, "b": BOTTOM,
                   "r": int(max(map(len, numbers), default=0) * SIGN) + 24},
    }  # fmt: skip
    figure = go.Figure(layout=layout if wide is None else {**layout, "width": wide})
    places = list(range(len(bars.labels)))
    _add_values(figure, bars, places, look)
    _add_unmeasured(figure, bars, places, look)
    _add_expected(figure, bars, places, look)
    figure.update_yaxes(
        tickvals=places,
        ticktext=["<br>".join(map(escape, _lines(label))) for label in bars.labels],
        range=[len(places) - 0.5, -0.5], ticks="", showline=False,
        tickfont={"color": look.ink, "size": 14},
    )  # fmt: skip
    figure.update_xaxes(rangemode="tozero", nticks=6, fixedrange=True, zeroline=True,
                        zerolinecolor=look.hairline, tickformat=",.6~f")  # fmt: skip
    figure.update_yaxes(fixedrange=True)
    for at, words in enumerate(numbers):
        figure.add_annotation(
            text=escape(words), xref="paper", x=1, xshift=12, xanchor="left", y=at, yref="y",
            showarrow=False, font={"size": 14},
        )  # fmt: skip
    figure.add_annotation(_key_line(bars, look))
    return figure


def number_line(bars: Bars, at: int) -> str:
    """The numbers of one row beside its bar: measured, its bounds, expected."""
    bounds, expected = bars.bounds(at), bars.expected[at]
    between = f" ({said(bounds[0])}–{said(bounds[1])})" if bounds else ""
    tick = "" if expected is None else f"  | {said(expected)}"
    return said(bars.values[at]) + between + tick


def _lines(label: str) -> list[str]:
    """A label in at most two lines."""
    return wrap(label, LONGEST_LINE, max_lines=2, placeholder=" …") or [""]


def _add_values(figure: Any, bars: Bars, places: Sequence[int], look: Paper) -> None:
    known = [i for i in places if bars.values[i] is not None]
    whiskers = {}
    if any(bars.bounds(i) for i in known):
        whiskers["error_x"] = {
            "type": "data", "symmetric": False, "color": look.ink, "thickness": 1.2, "width": 4,
            "array": [_reach(bars, i)[1] for i in known],
            "arrayminus": [_reach(bars, i)[0] for i in known],
        }  # fmt: skip
    figure.add_bar(
        y=known, x=[bars.values[i] for i in known], orientation="h", width=0.5,
        marker={"color": look.gap, "line": {"width": 0}},
        hovertext=[f"{escape(bars.labels[i])}<br>{escape(bars.title)}: {said(bars.values[i])}"
                   for i in known],
        hoverinfo="text", **whiskers,
    )  # fmt: skip


def _reach(bars: Bars, at: int) -> tuple[float, float]:
    """How far its interval reaches below and above a value; nowhere where there is none."""
    bounds, value = bars.bounds(at), bars.values[at]
    return (value - bounds[0], bounds[1] - value) if bounds and value is not None else (0.0, 0.0)


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
        hovertext=[f"{escape(bars.labels[i])}<br>{escape(_('not measured'))}" for i in unknown],
        hoverinfo="text",
    )  # fmt: skip


def _add_expected(figure: Any, bars: Bars, places: Sequence[int], look: Paper) -> None:
    known = [i for i in places if bars.expected[i] is not None]
    if not known:
        return
    figure.add_scatter(
        y=known, x=[bars.expected[i] for i in known], mode="markers", cliponaxis=False,
        marker={**TICK, "color": look.ink, "line": {"color": look.ink, "width": 2.5}},
        hovertext=[f"{escape(bars.labels[i])}<br>{escape(bars.expected_title)}: "
                   f"{said(bars.expected[i])}" for i in known],
        hoverinfo="text",
    )  # fmt: skip


def _key_line(bars: Bars, look: Paper) -> dict[str, Any]:
    """What bar and tick stand for, above the bars: there is no legend to look up."""
    words = f'<span style="color:{look.gap}">■</span> {escape(bars.title)}'
    if any(v is not None for v in bars.expected):
        words += f"    <b>|</b> {escape(bars.expected_title)}"
    if any(v is None for v in bars.values):
        words += f'    <span style="color:{look.none}">▨</span> {escape(_("not measured"))}'
    return {
        "text": words, "xref": "paper", "yref": "paper", "x": 0, "y": 1, "yshift": 8,
        "xanchor": "left", "yanchor": "bottom", "showarrow": False, "font": {"size": 13},
    }  # fmt: skip


def said(value: float | None) -> str:
    """A number for people: whole ones in full, others to three or four digits."""
    if value is None:
        return "–"
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{value:,.0f}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
