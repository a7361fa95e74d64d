"""Points: ranks, quantities, the binary file, and what lies inside an outline."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st
from skimage.measure import points_in_poly

from excavate.components.points import (
    OTHER,
    UNLABELLED,
    as_quantity,
    by_rank,
    by_ranks,
    having,
    inside,
    pack,
)


@given(st.lists(st.one_of(st.none(), st.sampled_from("abcde")), max_size=60))
def test_ranks_count_everything_once(values):
    colours = by_rank("field", values)
    named = [colours.names[c] if c != UNLABELLED else None for c in colours.codes]
    assert named == values
    assert sum(colours.counts) + colours.unlabelled == len(values)
    assert list(colours.counts) == sorted(colours.counts, reverse=True)


def test_more_values_than_codes_are_told_as_beyond():
    values = [f"v{i:04d}" for i in range(300)] + ["v0000"]
    colours = by_rank("field", values)
    assert len(colours.names) == OTHER
    assert colours.beyond == 300 - OTHER
    assert colours.counts[0] == 2
    assert int((colours.codes == OTHER).sum()) == colours.beyond


several = st.lists(st.lists(st.sampled_from("abcde"), unique=True, max_size=4), max_size=30)


@given(several, st.lists(st.sampled_from("abcdex"), unique=True, max_size=3))
def test_a_chosen_value_paints_every_point_that_has_it(values, chosen):
    pairs = [(row, value) for row, given in enumerate(values) for value in given]
    plain = by_ranks("field", pairs, len(values))
    painted = [plain.names[c] if c != UNLABELLED else None for c in plain.codes]
    assert painted == [given[0] if given else None for given in values]
    counts = dict(zip(plain.names, plain.counts, strict=True))
    assert counts == {v: sum(v in given for given in values) for v in counts}
    assert plain.several == sum(len(given) > 1 for given in values)
    asked = having(plain, chosen)
    for code, own in zip(asked.codes, values, strict=True):
        wanted = next((v for v in chosen if v in own), own[0] if own else None)
        assert (plain.names[code] if code != UNLABELLED else None) == wanted


def test_a_choice_among_single_values_changes_nothing():
    colours = by_rank("field", ["a", "b", None])
    assert having(colours, ["b"]) is colours


def test_numbers_become_a_quantity_only_when_they_all_are_and_are_many():
    assert as_quantity([str(i) for i in range(12)]) is None
    assert as_quantity([*map(str, range(20)), "many"]) is None
    assert as_quantity([*map(str, range(20)), "inf"]) is None
    found = as_quantity([*map(str, range(20)), None])
    assert found is not None
    assert np.isnan(found[-1])
    assert found[7] == 7.0


def test_the_file_is_read_back_as_it_was_packed():
    rows = pd.DataFrame(
        {"x": [0.5, -1.0, 2.0], "y": [1.0, 2.0, 3.0], "placed": [False, True, False]}
    )
    content = pack(rows, by_rank("f", ["b", None, "b"]))
    assert np.frombuffer(content, "<u4", 2).tolist() == [3, 0]
    assert np.frombuffer(content, "<f4", 3, 8).tolist() == [0.5, -1.0, 2.0]
    assert np.frombuffer(content, "<f4", 3, 20).tolist() == [1.0, 2.0, 3.0]
    assert np.frombuffer(content, "u1", 6, 32).tolist() == [0, UNLABELLED, 0, 0, 1, 0]
    assert len(content) == 38


outlines = st.lists(
    st.tuples(st.floats(-5, 5, width=16), st.floats(-5, 5, width=16)), min_size=3, max_size=12
)


@given(outlines, st.integers(0, 2**32 - 1))
def test_inside_counts_crossings_of_a_ray(outline, seed):
    """Even-odd rule, against counting one point's crossings in plain Python."""
    points = np.random.default_rng(seed).uniform(-5, 5, (40, 2))
    found = inside(points[:, 0], points[:, 1], outline)
    for (x, y), got in zip(points, found, strict=True):
        crossings = 0
        for (x0, y0), (x1, y1) in zip(outline, outline[1:] + outline[:1], strict=True):
            if (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
                crossings += 1
        assert got == (crossings % 2 == 1)


def test_inside_agrees_with_scikit_image():
    outline = [(0, 0), (4, 0), (4, 4), (2, 1), (0, 4)]
    points = np.random.default_rng(0).uniform(-1, 5, (500, 2))
    found = inside(points[:, 0], points[:, 1], outline)
    assert (found == points_in_poly(points, outline)).all()


def test_no_outline_holds_nothing():
    x = np.zeros(3)
    assert not inside(x, x, []).any()
    assert not inside(x, x, [(0, 0), (1, 1)]).any()
