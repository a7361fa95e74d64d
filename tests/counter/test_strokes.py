"""A drawing is kept as it was made, and its picture is what was drawn."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings

from excavate.counter.strokes import (
    MOST_POINTS,
    Drawing,
    drawn,
    read_strokes,
    strokes_faults,
    thickness,
    written,
)
from tests.counter.strokes_made import BAR, RING, drawings, strokes


@given(drawings())
def test_what_was_drawn_comes_back_from_its_text(drawing: Drawing) -> None:
    assert strokes_faults(written(drawing)) == []
    assert read_strokes(written(drawing)) == drawing


def covered(drawing: Drawing, size: int) -> np.ndarray:
    """Which pixels' centres lie under ink, told by distances to the lines alone."""
    scale = size / max(drawing.width, drawing.height)
    centre = (np.arange(size) + 0.5) / scale
    x, y = np.meshgrid(centre, centre)
    found = np.zeros((size, size), bool)
    for one in drawing.strokes:
        ends = [(px, py, thickness(one.width, p, one.pen) / 2) for px, py, p, _ms in one.points]
        for start, end in zip(ends, ends[1:] or ends, strict=False):
            found |= np.hypot(x - end[0], y - end[1]) <= end[2]
            found |= np.hypot(x - start[0], y - start[1]) <= start[2]
            dx, dy = end[0] - start[0], end[1] - start[1]
            length = math.hypot(dx, dy)
            if length < 1e-6:
                continue
            along = ((x - start[0]) * dx + (y - start[1]) * dy) / length**2
            off = np.abs((x - start[0]) * dy - (y - start[1]) * dx) / length
            radius = start[2] + along * (end[2] - start[2])
            found |= (along >= 0) & (along <= 1) & (off <= radius)
    return found


@settings(max_examples=40, deadline=None)
@given(drawings(16, 0.3))
def test_the_picture_is_ink_where_lines_were_drawn_and_paper_elsewhere(drawing: Drawing) -> None:
    size = 128
    ink = np.asarray(drawn(written(drawing), size)) < 128
    wanted = covered(drawing, size)
    around = np.lib.stride_tricks.sliding_window_view(wanted, (5, 5))
    plain = around.all(axis=(2, 3)) | ~around.any(axis=(2, 3))  # no edge of a line within reach
    wrong = (ink != wanted)[2:-2, 2:-2][plain].sum()
    assert wrong <= 2, "but where two lines part at a sharp angle, the gap is narrower than a pixel"


def test_the_ink_of_a_bar_is_its_length_times_its_width() -> None:
    picture = drawn(strokes([[(256, 100), (256, 400)]], width=40))
    ink = (255 - np.asarray(picture, float)).sum() / 255
    assert ink == pytest.approx(300 * 40 + math.pi * 20**2, rel=0.02)


def test_a_pen_draws_wider_the_harder_it_is_pressed_a_mouse_does_not() -> None:
    assert thickness(20, 1.0, "pen") > thickness(20, 0.2, "pen")
    assert thickness(20, 1.0, "mouse") == thickness(20, 0.2, "mouse") == 20


def test_a_sheet_keeps_its_shape() -> None:
    said = json.loads(strokes(BAR))
    assert drawn(json.dumps({**said, "width": 1024}), 200).size == (200, 100)


def test_what_a_hand_can_draw_is_not_too_much_ink() -> None:
    points = [(5.0 * (n % 100), 2.5 * (n // 100)) for n in range(MOST_POINTS)]
    assert strokes_faults(strokes([points], width=44, pen="pen")) == []


def test_a_drawing_is_drawn_once_and_nobody_draws_into_it() -> None:
    first = drawn(strokes(RING))
    first.paste(0, (0, 0, *first.size))
    assert np.asarray(drawn(strokes(RING))).max() == 255


def changed(**change: object) -> str:
    return json.dumps({**json.loads(strokes(RING)), **change})


def of_point(*point: object) -> str:
    stroke = {"pen": "pen", "width": 24, "points": [list(point)]}
    return changed(strokes=[stroke])


def wide(width: float, points: int) -> object:
    return {"pen": "touch", "width": width, "points": [[8, 8, 0.5, n] for n in range(points)]}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is not written as strokes are"),
        ("{}", "is not written as strokes are"),
        ("[" * 100_000, "is not written as strokes are"),
        (changed(strokes=[]), "nothing is drawn yet"),
        (changed(width=8, strokes=[{"pen": "pen", "width": 3, "points": [[1, 2, 0.5, 0]]}]),
         "its sides are 16 to 4096 units"),
        (changed(width=True), "is not written as strokes are"),
        (changed(height=1e9), "its sides are 16 to 4096 units"),
        (of_point(1, 2, 0.5), "is not written as strokes are"),
        (of_point(1, 2, 7, 0), "holds a stroke that cannot be drawn"),
        (of_point(1e6, 2, 0.5, 0), "holds a stroke that cannot be drawn"),
        (of_point("1", 2, 0.5, 0), "is not written as strokes are"),
        (of_point(1, 2, 0.5, 0).replace("0.5", "NaN"), "is not written as strokes are"),
        (of_point(1, 2, 0.5, -1), "holds a stroke that cannot be drawn"),
        (of_point(1, 2, 0.5, 0).replace('"pen"', '"brush"', 2).replace('"brush":', '"pen":'),
         "holds a stroke that cannot be drawn"),
        (changed(width=16, height=16, strokes=[wide(400, 1)]),
         "holds a stroke that cannot be drawn"),
        (changed(strokes=[wide(128, 8_000)]), "holds more ink than its sheet can take"),
    ],
    ids=["nothing", "empty", "deep", "blank", "narrow", "true", "huge", "short", "pressure",
         "far", "word", "nan", "before", "brush", "wide", "ink"],
)  # fmt: skip
def test_what_is_no_drawing_is_told(text: str, told: str) -> None:
    assert [fault.what for fault in strokes_faults(text)] == [told]
    with pytest.raises(ValueError, match="not strokes"):
        drawn(text)


def test_all_faults_of_a_drawing_are_told_at_once() -> None:
    line = [(600.0 + n, 5_000.0) for n in range(MOST_POINTS + 1)]
    text = json.dumps({**json.loads(strokes([line])), "width": 1})
    assert len(strokes_faults(text)) == 3
