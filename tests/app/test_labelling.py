"""Names on the Survey: none lies on another, none on a foreign mark, all within the sheet."""

from __future__ import annotations

from itertools import pairwise
from math import dist

from hypothesis import given
from hypothesis import strategies as st

from excavate.components.labelling import (
    LINE,
    column_labels,
    fitted,
    place_labels,
    spread,
    text_width,
)

WITHIN = (0.0, 0.0, 800.0, 500.0)
POINTS = st.lists(
    st.tuples(st.floats(20, 780), st.floats(20, 480), st.floats(10, 160)), max_size=40
)


def box(label):
    return (label.x, label.y - LINE * 0.75, label.x + label.width, label.y + LINE * 0.25)


def meet(one, other) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@given(POINTS)
def test_no_name_lies_on_another_or_on_a_foreign_mark(given_points):
    points = [(x, y) for x, y, _ in given_points]
    labels = place_labels(points, [width for *_xy, width in given_points], WITHIN)
    boxes = [box(label) for label in labels]
    for k, one in enumerate(boxes):
        assert one[0] >= 0
        assert one[1] >= 0
        assert one[2] <= 800
        assert one[3] <= 500
        assert not any(meet(one, other) for other in boxes[:k])
        for index, (x, y) in enumerate(points):
            if index != labels[k].index:
                assert not meet(one, (x - 9, y - 9, x + 9, y + 9))


@given(POINTS)
def test_a_name_stands_nearest_to_its_own_mark(given_points):
    points = [(x, y) for x, y, _ in given_points]
    for label in place_labels(points, [width for *_xy, width in given_points], WITHIN):
        left, top, right, bottom = box(label)

        def away(point, edges=(left, top, right, bottom)):
            x, y = point
            inner = (min(max(x, edges[0]), edges[2]), min(max(y, edges[1]), edges[3]))
            return dist(point, inner)

        assert away(points[label.index]) == min(map(away, points))


def test_a_name_is_not_read_with_the_mark_on_its_line():
    """The only room is above the end of its own mark, just behind another's mark."""
    within, widths = (640.0, 640.0, 735.0, 668.0), [999.0, 68.0]
    assert place_labels([(644.0, 658.0), (729.0, 677.0)], widths, within) == []
    (label,) = place_labels([(600.0, 658.0), (729.0, 677.0)], widths, within)
    assert label.index == 1


def test_a_name_alone_stands_beside_its_mark():
    (label,) = place_labels([(100.0, 100.0)], [50.0], WITHIN)
    assert (label.x, label.leader) == (113.0, False)


def test_what_finds_no_room_is_left_out():
    assert place_labels([(400.0, 250.0)], [900.0], WITHIN) == []


@given(st.lists(st.tuples(st.floats(0, 500), st.floats(5, 20)), max_size=20))
def test_a_column_keeps_its_order_and_distance_where_it_fits(rows):
    wanted, apart = [at for at, _ in rows], [room for _, room in rows]
    places = spread(wanted, apart, 0, 500)
    order = sorted(range(len(rows)), key=lambda i: wanted[i])
    for one, other in pairwise(order):
        assert places[other] - places[one] >= (apart[one] + apart[other]) / 2 - 1e-6
    assert all(-1e-6 <= place <= 500 + 1e-6 for place in places)


def test_a_column_keeps_what_fits_and_leaves_the_rest_out():
    points = [(0.0, 50.0)] * 60
    labels = column_labels(range(60), points, [9.0] * 60, 30.0, 20.0, 200.0)
    assert [label.index for label in labels] == list(range(10))
    assert all(box(label)[1] >= 20 and box(label)[3] <= 201 for label in labels)


def test_who_chooses_last_gets_what_is_left():
    points, within = [(50.0, 60.0), (150.0, 60.0)], (55.0, 50.0, 140.0, 70.0)
    for last in (0, 1):
        (label,) = place_labels(points, [60.0, 60.0], within, last={last})
        assert label.index == 1 - last


def test_a_column_of_names():
    labels = column_labels([0, 1], [(0.0, 50.0), (0.0, 51.0)], [9.0, 9.0], 30.0, 0.0, 100.0)
    assert [label.x for label in labels] == [30.0, 30.0]
    assert round(labels[1].y - labels[0].y, 6) == LINE


@given(st.text(max_size=60), st.floats(20, 300))
def test_a_name_is_cut_to_its_room(text, room):
    cut = fitted(text, room)
    assert text_width(cut) <= room
    assert cut == text or cut.endswith("…")
