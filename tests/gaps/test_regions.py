"""Regions: middles where they are, sizes by shape, and what is said of what cannot be seen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycocotools import mask
from scipy.stats import binom
from scipy.stats import t as student

from excavate.gaps.clustered import effective_items, rarer
from excavate.gaps.finding import Measured, NotMeasured
from excavate.gaps.region_rows import Asked
from excavate.gaps.region_shapes import FAULTS, areas, cells, faults, middles
from excavate.gaps.regions import Drawn, regions

Box = tuple[float, float, float, float]


def drawn(
    boxes: list[tuple[int, str | None, Box]],
    items: int,
    size: tuple[float, float] = (300, 300),
    **more: Any,
) -> Drawn:
    """(item, label, box) as Drawn, every picture of one size."""
    n = len(boxes)
    return Drawn(
        [f"d/s/{i}" for i in range(items)],
        np.tile(np.array(size, float), (items, 1)),
        np.array([b[0] for b in boxes], np.int64),
        more.pop("kinds", ["box"] * n),
        [b[1] for b in boxes],
        np.array([b[2] for b in boxes], float).reshape(n, 4),
        more.pop("geometry", [None] * n),
        **more,
    )


def measured(outcome: object) -> Measured:
    assert isinstance(outcome, Measured)
    return outcome


def of_kind(outcome: Measured, kind: str) -> list[dict[str, Any]]:
    return [row for row in outcome.rows.to_pylist() if row["kind"] == kind]


def test_the_middle_of_a_box_is_in_it() -> None:
    """x + width / 2; corners taken as x0 + x1 / 2 would give 200 here, off the box."""
    assert middles(np.array([[100.0, 40, 100, 20]])).tolist() == [[150, 50]]


@given(
    st.tuples(*[st.floats(0, 1)] * 2), st.tuples(*[st.floats(0, 1)] * 2), st.integers(1, 12)
)  # fmt: skip
def test_a_box_on_its_picture_has_its_middle_in_a_cell(
    corner: tuple[float, float], extent: tuple[float, float], grid: int
) -> None:
    x, y = (c * 640 for c in corner)
    w, h = (e * (640 - at) for e, at in zip(extent, (x, y), strict=True))
    [cell] = cells(np.array([[x, y, w, h]]), np.array([[640.0, 640.0]]), grid)
    assert cell >= 0
    row, column = divmod(int(cell), grid)
    assert column * 640 / grid - 1e-6 <= x + w / 2 <= (column + 1) * 640 / grid + 1e-6
    assert row * 640 / grid - 1e-6 <= y + h / 2 <= (row + 1) * 640 / grid + 1e-6


def test_the_first_fault_of_each_box() -> None:
    nan = float("nan")
    boxes = [(0, 0, 5, 5), (nan, 0, 5, 5), (0, 0, -5, 5), (1, 1, 0, 5), (98, 0, 5, 5), (5, 5, 0, 0)]
    flat = np.array([False] * 5 + [True])
    found = faults(np.array(boxes), np.tile([100.0, 100.0], (6, 1)), flat)
    named = [FAULTS[n] if n >= 0 else None for n in found]
    assert named == [None, "not a number", "negative", "no area", "off the picture", None]
    assert (faults(np.array(boxes[:1]), np.full((1, 2), np.nan), flat[:1]) == -1).all()


def test_areas_are_those_of_the_shapes() -> None:
    disc = np.zeros((20, 30), np.uint8)
    disc[3:9, 4:17] = 1
    packed = mask.encode(np.asfortranarray(disc))
    shapes = [
        ("box", None, 200.0),
        ("polygon", "[[0, 0, 10, 0, 10, 10], [20, 0, 24, 0, 24, 4, 20, 4]]", 50 + 16.0),
        ("mask", f'{{"size": [20, 30], "counts": "{packed["counts"].decode()}"}}', 6 * 13.0),
        ("mask", '{"size": [2, 3], "counts": [1, 2, 3]}', 2.0),
        ("circle", '{"centre": [1, 1], "radius": 2}', 4 * np.pi),
        ("polygon", "not json", 200.0),
        ("line", "[[0, 0, 5, 5]]", np.nan),
        ("point", "[1, 2]", np.nan),
    ]
    kinds, geometry = [s[0] for s in shapes], [s[1] for s in shapes]
    found = areas(kinds, geometry, np.tile([0.0, 0, 20, 10], (len(shapes), 1)))
    assert found == pytest.approx([s[2] for s in shapes], nan_ok=True)


def test_where_middles_never_are() -> None:
    """All in the upper left of 3 x 3; 60 items bound each other cell at about 6 %."""
    outcome = measured(
        regions(drawn([(i, "cat", (10, 10, 40, 40)) for i in range(60)], 60), Asked())
    )
    rows = [r for r in of_kind(outcome, "place") if r["label"] == ""]
    assert sorted(r["cell"] for r in rows) == [
        "1/2 of 3", "1/3 of 3", "2/1 of 3", "2/2 of 3", "2/3 of 3", "3/1 of 3", "3/2 of 3",
        "3/3 of 3",
    ]  # fmt: skip
    assert {(r["count"], r["of"], r["ratio"]) for r in rows} == {(0, 60, 0.0)}
    assert rows[0]["high"] == pytest.approx(0.0602, abs=1e-4)
    few = measured(regions(drawn([(i, "cat", (10, 10, 40, 40)) for i in range(20)], 20), Asked()))
    assert of_kind(few, "place") == []  # 20 items cannot say so


def test_many_regions_of_one_item_count_as_one_for_the_interval() -> None:
    one = measured(regions(drawn([(0, "cat", (10, 10, 40, 40))] * 500, 1), Asked()))
    assert of_kind(one, "place") == []
    assert one.figures["small"].high == pytest.approx(0.793, abs=1e-3)


def test_an_even_spread_is_no_gap() -> None:
    draw = np.random.default_rng(0)
    boxes = [(i, "cat", (*draw.uniform(0, 290, 2), 10.0, 10.0)) for i in range(900)]
    outcome = measured(regions(drawn(boxes, 900), Asked()))
    assert of_kind(outcome, "place") == []


def test_of_many_labels_spread_evenly_hardly_any_cell_is_told() -> None:
    """80 labels of 60 items: 3 to 7 rows of each set where every test stands alone."""
    draw, told = np.random.default_rng(0), []
    for _ in range(8):
        boxes = [
            (int(i), f"l{label:02}", (*draw.uniform(0, 290, 2), 10.0, 10.0))
            for label in range(80) for i in draw.choice(1000, 60, replace=False)
        ]  # fmt: skip
        outcome = measured(regions(drawn(boxes, 1000), Asked()))
        told.append(len(of_kind(outcome, "place")))
        assert of_kind(outcome, "never alone") == of_kind(outcome, "always alone") == []
    assert sum(told) <= 2
    assert outcome.tested > 81 * 9 + 2 * 80
    planted = [(i, "corner", (10.0, 10.0, 9.0, 9.0)) for i in range(100)]
    found = of_kind(measured(regions(drawn(boxes + planted, 1000), Asked())), "place")
    assert [row["label"] for row in found].count("corner") == 8
    assert max(row["q"] for row in found) < 0.05


def test_who_stands_alone_by_chance_is_not_told() -> None:
    """Each item has one or two of 80 labels, by the throw of a coin: q keeps chance out."""
    draw, told = np.random.default_rng(3), 0
    for _ in range(8):
        boxes = []
        for i in range(700):
            labels = draw.choice(80, draw.choice([1, 2], p=[0.3, 0.7]), replace=False)
            boxes += [(i, f"l{label}", (0.0, 0.0, 50.0, 50.0)) for label in labels]
        outcome = measured(regions(drawn(boxes, 700), Asked()))
        told += len(of_kind(outcome, "never alone")) + len(of_kind(outcome, "always alone"))
    assert told <= 1


def test_intervals_of_sizes_hold_what_is_true() -> None:
    """Crowded pictures show smaller things: 200 draws of 200 pictures, of a known share."""
    draw = np.random.default_rng(0)

    def of_pictures(count: int) -> tuple[np.ndarray, np.ndarray]:
        each = np.minimum(200, 1 + draw.pareto(1.2, count) * 2).astype(int)
        of = np.repeat(np.arange(count), each)
        return of, draw.random(len(of)) < np.where(each > 10, 0.9, 0.1)[of]

    true, held = of_pictures(100_000)[1].mean(), 0
    for _ in range(200):
        of, small = of_pictures(200)
        boxes = [(int(i), "a", (0.0, 0.0, *[10.0 if s else 50.0] * 2))
                 for i, s in zip(of, small, strict=True)]  # fmt: skip
        figure = measured(regions(drawn(boxes, 200), Asked())).figures["small"]
        assert figure.value == pytest.approx(small.mean())
        held += figure.low <= true <= figure.high
    assert held >= 186  # 93 %


def test_how_many_items_a_share_is_worth() -> None:
    one_each = np.arange(50)
    assert effective_items(one_each, one_each % 2, 2) == pytest.approx(
        [49 * (1.959963984540054 / student.ppf(0.975, 49)) ** 2] * 2
    )
    assert effective_items(one_each, np.zeros(50, int), 2).tolist() == [50, 50]
    assert effective_items(np.zeros(500, int), np.arange(500) % 2, 2).tolist() == [1, 1]
    crowded = np.repeat([0, 1, 2], [1, 1, 98])  # Kish: 100 ** 2 / (1 + 1 + 98 ** 2)
    assert effective_items(crowded, np.zeros(100, int), 1)[0] == pytest.approx(1e4 / 9606)
    pairs = np.repeat(np.arange(40), 2)  # two of an item always alike: 40 items, not 80
    alike = (pairs % 2).astype(int)
    assert effective_items(pairs, alike, 2)[1] <= 40


def test_p_is_the_binomial_tail() -> None:
    for k, n, expected in ((0, 60, 1 / 9), (3, 60, 1 / 9), (7, 7, 0.2)):
        p = rarer(np.array(k / n), np.array(float(n)), expected)
        assert float(p) == pytest.approx(binom.cdf(k, n, expected))


def test_small_regions_and_attributes_of_what_cannot_be_seen() -> None:
    boxes = [
        (0, "person", (0, 0, 20, 20)), (1, "person", (0, 0, 20, 20)),
        (1, "person", (50, 50, 100, 100)), (2, "person", (0, 0, 31, 32)),
        (3, "dog", (0, 0, 200, 200)), (3, "dog", (0, 0, 40, 40)),
    ]  # fmt: skip
    smiling = {"smiling": np.array([0, 1, 2, 3]), "tall": np.array([3])}
    outcome = measured(regions(drawn(boxes, 5, attributes=smiling), Asked(subject="person")))
    [row] = of_kind(outcome, "attribute")
    assert (row["label"], row["count"], row["of"]) == ("smiling", 2, 3)
    assert row["items"] == ["d/s/0", "d/s/2"]  # 400 and 992 px; in 1 somebody is large
    tiny = {r["label"]: (r["count"], r["of"]) for r in of_kind(outcome, "too small")}
    assert tiny == {"": (3, 6), "person": (3, 4)}
    [empty] = of_kind(outcome, "no region")
    assert (empty["count"], empty["of"], empty["items"]) == (1, 5, ["d/s/4"])
    figures = {name: figure.value for name, figure in outcome.figures.items()}
    assert (figures["small"], figures["medium"], figures["large"]) == (3 / 6, 1 / 6, 2 / 6)
    assert (figures["items_with"], figures["most_per_item"]) == (4, 2)
    assert outcome.rows["kind"].to_pylist()[0] == "attribute"


def test_who_never_stands_alone() -> None:
    big: Box = (0, 0, 50, 50)
    boxes = [(i, "cup", big) for i in range(20)] + [(i, "table", big) for i in range(20)]
    boxes += [(20 + i, "dog", big) for i in range(40)]
    outcome = measured(regions(drawn(boxes, 60), Asked()))
    never = {r["label"]: (r["count"], r["of"], r["share"]) for r in of_kind(outcome, "never alone")}
    assert never == {"cup": (0, 20, 0), "table": (0, 20, 0)}
    [always] = of_kind(outcome, "always alone")
    assert (always["label"], always["ratio"]) == ("dog", 1.5)  # 40 of 60 items have one label


def test_what_is_no_box_is_left_out_and_told() -> None:
    nan = float("nan")
    boxes = [(0, "a", (0, 0, 50, 50)), (0, "a", (nan, 0, 5, 5)), (1, "a", (0, 0, -5, 5)),
             (1, "b", (5, 5, 0, 10)), (1, "b", (290, 0, 50, 50))]  # fmt: skip
    outcome = measured(regions(drawn(boxes, 2), Asked()))
    told = {r["label"]: (r["count"], r["items"]) for r in of_kind(outcome, "fault")}
    assert told == {
        "not a number": (1, ["d/s/0"]), "negative": (1, ["d/s/1"]),
        "no area": (1, ["d/s/1"]), "off the picture": (1, ["d/s/1"]),
    }  # fmt: skip
    assert outcome.figures["left_out"].value == 2
    assert of_kind(outcome, "too small") == []  # what has no area is not small


def test_without_sizes_of_pictures_places_are_not_measured() -> None:
    nan = float("nan")
    boxes: list[tuple[int, str | None, Box]] = [(0, None, (0, 0, 10, 10))]
    outcome = measured(regions(drawn(boxes, 1, (nan, nan)), Asked()))
    assert outcome.parameters["not_measured"]["place"] == "no picture's size is known"
    assert "median_area" not in outcome.figures
    assert outcome.figures["small"].value == 1
    points = drawn([(0, "x", (5, 5, 0, 0))], 1, kinds=["point"], geometry=["[5, 5]"])
    told = measured(regions(points, Asked()))
    assert told.parameters["not_measured"]["size"] == "lines and points have no size"
    assert "small" not in told.figures
    assert of_kind(told, "fault") == []


def test_what_cannot_be_measured_says_why() -> None:
    nan = float("nan")
    for said, why in (
        (drawn([], 0), "there are no items"),
        (drawn([], 3), "no item has a region: nobody drew, or none was kept"),
        (drawn([(0, "a", (nan, nan, nan, nan))], 1), "no region has a usable box"),
    ):
        outcome = regions(said, Asked())
        assert isinstance(outcome, NotMeasured)
        assert str(outcome) == why
