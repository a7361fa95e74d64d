"""Charts: colours are told apart, nothing unmeasured is painted as zero."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from excavate.charts import (
    CIVIDIS,
    DARK,
    LIGHT,
    OKABE_ITO,
    UNLABELLED,
    PointColours,
    category_colours,
    layout_figure,
    quantity_colours,
    quantity_range,
)
from excavate.components.legend import counts_within, legend, sentence
from excavate.components.points import by_ranks, having
from excavate.i18n import speak


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2)."""
    shares = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("look", [LIGHT, DARK])
def test_words_are_readable_on_both_grounds(look):
    for ink in (look.ink, look.quiet, look.absence, look.gap):
        assert contrast(ink, look.ground) >= 4.5
    assert contrast(look.none, look.ground) >= 3


def test_up_to_eight_are_coloured_and_the_rest_are_grey():
    assert category_colours(3, None, LIGHT) == [*OKABE_ITO[:3], LIGHT.rest]
    many = category_colours(12, None, LIGHT)
    assert many[:8] == list(OKABE_ITO)
    assert set(many[8:]) == {LIGHT.rest}
    chosen = category_colours(12, [10, 2], LIGHT)
    assert (chosen[10], chosen[2], chosen[0]) == (OKABE_ITO[0], OKABE_ITO[1], LIGHT.rest)
    assert LIGHT.absence not in many


def test_cividis_runs_from_dark_to_light():
    shades = quantity_colours()
    assert (shades[0], shades[-1]) == (CIVIDIS[0], CIVIDIS[-1])
    light = [luminance(s) for s in shades]
    assert light == sorted(light)


def test_what_is_not_measured_is_hollow_and_out_of_the_range():
    rows = pd.DataFrame(
        {"item_id": list("abc"), "x": [0.0, 1, 2], "y": [0.0, 1, 2], "placed": [False, True, False]}
    )
    values = np.array([0.2, np.nan, 0.6], dtype=np.float32)
    assert quantity_range(values) == pytest.approx((0.2, 0.6))
    colours = PointColours("a dog", values=values, unlabelled=1)
    figure = layout_figure(rows, np.arange(3), colours, None, LIGHT, 300)
    hollow, solid = figure.data
    assert (hollow.marker.symbol, list(hollow.customdata)) == ("circle-open", [1])
    assert list(solid.customdata) == [0, 2]
    assert list(solid.marker.color) == [CIVIDIS[0], CIVIDIS[-1]]


def test_hover_text_is_text():
    rows = pd.DataFrame({"item_id": ["<b>x"], "x": [0.0], "y": [0.0], "placed": [False]})
    colours = PointColours("f", codes=np.zeros(1, np.uint8), names=("<i>",), counts=(1,))
    figure = layout_figure(rows, np.arange(1), colours, None, DARK, 300)
    assert figure.data[0].text[0] == "&lt;i&gt;<br>&lt;b&gt;x"


def test_the_legend_keeps_three_states_apart():
    speak("en")
    codes = np.array([0, 0, 1, UNLABELLED], dtype=np.uint8)
    colours = PointColours("f", codes=codes, names=("<a>", "b"), counts=(2, 1), unlabelled=1)
    shown = legend(colours, None, placed=2)
    assert "&lt;a&gt;<b>2</b>" in shown
    assert "not labelled<b>1</b>" in shown
    assert "placed later, by its neighbours<b>2</b>" in shown
    assert counts_within(colours, np.array([0, 3])) == [("<a>", 1, 2), ("not labelled", 1, 1)]


def test_a_field_of_several_values_says_so_and_counts_them_all():
    speak("en")
    pairs = [(0, "person"), (0, "snow"), (1, "snow"), (2, "person"), (2, "dog")]
    colours = by_ranks("category", pairs, 4)
    shown = legend(colours, None, placed=0)
    assert "person<b>2</b>" in shown
    assert "snow<b>1</b>" in shown, "painted by the first value, a point is counted once"
    told = sentence(colours, 4, None)
    assert "2 of them have more than one value" in told
    assert "the first value the source gives" in told
    snow = colours.names.index("snow")
    chosen = having(colours, ["snow"])
    shown = legend(chosen, [snow], placed=0)
    assert "snow<b>2</b>" in shown
    assert "2 others, in grey<b>1</b>" in shown
    assert "every point that has it" in sentence(chosen, 4, [snow])
    assert counts_within(chosen, np.array([0])) == [("person", 1, 2), ("snow", 1, 2)]


def test_a_legend_lists_what_was_chosen_in_its_order():
    colours = by_ranks("f", [(0, "a"), (0, "b"), (1, "b")], 2)
    places = [colours.names.index(name) for name in ("b", "a")]
    shown = legend(colours, places, placed=0)
    assert shown.index(">b<b>") < shown.index(">a<b>")
