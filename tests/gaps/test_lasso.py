"""What a map shows inside an outline: planted groups, planted holes, and what only looks so."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excavate.embedding.nearest import nearest
from excavate.embedding.outline import inside, ringing
from excavate.embedding.vectors import normalised
from excavate.gaps.lasso import (
    BETWEEN,
    MORE_OFTEN,
    NOT_MEASURED,
    ONLY_LAYOUT,
    SUPPORTED,
    TOO_NARROW,
    apart,
    corrected,
    together,
)

SEEDS = range(5)


def on_sphere(points: np.ndarray, base: float = 6.0) -> np.ndarray:
    """Points of a cloud as unit vectors: moved away from the origin first, so that angles tell."""
    moved = np.hstack([points, np.full((len(points), 1), base)])
    return normalised(moved.astype(np.float32))


def circle(x: float, y: float, radius: float, corners: int = 24) -> list[list[float]]:
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    return [[x + radius * np.cos(a), y + radius * np.sin(a)] for a in angles]


def sheet(random: np.random.Generator, n: int, noise: float = 0.05, dimensions: int = 10):
    """A flat square in a space of many dimensions, and its two coordinates."""
    flat = random.uniform(-1, 1, (n, 2))
    return np.hstack([flat, random.normal(0, noise, (n, dimensions - 2))]), flat


@pytest.mark.parametrize("seed", SEEDS)
def test_a_real_cluster_is_supported_and_so_is_the_place_between_two(seed):
    random = np.random.default_rng(seed)
    centres = np.repeat(random.normal(0, 3, (4, 20)), 80, axis=0)
    vectors = on_sphere(centres + random.normal(0, 0.5, centres.shape))
    rows, _ = nearest(vectors, 30)
    found = together(rows, np.arange(80))
    assert found.verdict == SUPPORTED
    assert found.value > 0.9 > found.chance
    corners = np.repeat(np.array([[0, 0], [4, 0], [4, 4], [0, 4]]), 80, axis=0)
    shown = corners + random.normal(0, 0.4, (320, 2))
    assert apart(vectors, *ringing(*shown.T, circle(2, 2, 1.0))).verdict == SUPPORTED


@pytest.mark.parametrize("seed", SEEDS)
def test_items_drawn_at_random_are_only_in_the_layout(seed):
    random = np.random.default_rng(seed)
    vectors = on_sphere(random.normal(0, 1, (500, 16)))
    rows, _ = nearest(vectors, 30)
    found = together(rows, random.choice(500, 60, replace=False))
    assert found.verdict == ONLY_LAYOUT
    assert found.low < found.chance < found.high


@pytest.mark.parametrize("seed", SEEDS)
def test_a_blob_of_a_projection_of_noise_is_only_in_the_layout(seed):
    """Side by side in two of fifty dimensions is not side by side."""
    random = np.random.default_rng(seed)
    points = random.normal(0, 1, (800, 50))
    rows, _ = nearest(on_sphere(points), 30)
    blob = np.flatnonzero(np.hypot(points[:, 0] - 1, points[:, 1]) < 0.5)
    assert len(blob) > 30
    assert together(rows, blob).verdict == ONLY_LAYOUT


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("size", [6, 10, 20, 60, 200])
def test_a_tight_piece_of_a_big_cloud_is_no_invention_of_the_layout(seed, size):
    """Few of their neighbours are inside, yet far more than by chance."""
    random = np.random.default_rng(seed)
    points = random.normal(0, 1, (4000, 6))
    rows, _ = nearest(on_sphere(points), 30)
    start = points[random.integers(len(points))]
    piece = np.argsort(((points[:, :4] - start[:4]) ** 2).sum(axis=1))[:size]
    found = together(rows, piece)
    assert found.verdict != ONLY_LAYOUT
    assert found.value > 3 * found.chance or found.why == BETWEEN
    if found.why == MORE_OFTEN:
        assert float(found.details["times"]) > 3


def test_a_piece_of_a_cloud_says_how_much_more_often_than_by_chance():
    random = np.random.default_rng(0)
    points = random.normal(0, 1, (4000, 6))
    rows, _ = nearest(on_sphere(points), 30)
    piece = np.argsort((points[:, :4] ** 2).sum(axis=1))[:60]
    found = together(rows, piece)
    assert (found.verdict, found.why) == (NOT_MEASURED, MORE_OFTEN)
    assert found.details == {"times": f"{found.value / found.chance:.0f}"}


@pytest.mark.parametrize("dimensions", [2, 3, 4, 5, 8, 12, 20, 30])
def test_a_true_hole_is_never_only_in_the_layout(dimensions):
    """A cloud with nothing in a cylinder through its middle, seen along it."""
    for seed in range(30):
        random = np.random.default_rng(seed)
        radius = (0.3, 0.6, 1.0, 1.5)[seed % 4]
        points = random.normal(0, 1, (3000, dimensions))
        points = points[np.hypot(*points[:, :2].T) > radius][:800]
        ring, directions = ringing(*points[:, :2].T, circle(0, 0, 0.9 * radius))
        found = apart(on_sphere(points), ring, directions)
        assert found.verdict != ONLY_LAYOUT, (seed, radius)
        if dimensions == 30:
            assert found.why == TOO_NARROW


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("dimensions", [2, 3, 10, 50])
def test_a_hole_opened_inside_one_cloud_is_only_in_the_layout_or_too_narrow_to_tell(
    seed, dimensions
):
    random = np.random.default_rng(seed)
    points = random.normal(0, 1, (800, dimensions))
    away = np.hypot(*points[:, :2].T)
    shown = points[:, :2] * ((away + 1.5) / away)[:, None]  # as a layout that tears
    ring, directions = ringing(*shown.T, circle(0, 0, 1.2))
    assert len(ring) >= 30
    found = apart(on_sphere(points), ring, directions)
    wide = dimensions < 10  # in more the usual distance between neighbours is as wide as the ring
    assert found.verdict == (ONLY_LAYOUT if wide else NOT_MEASURED)
    assert found.why == ("" if wide else TOO_NARROW)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("noise", [0.02, 0.1])
def test_a_hole_in_a_ring_is_supported(seed, noise):
    random = np.random.default_rng(seed)
    angle = random.uniform(0, 2 * np.pi, 800)
    shown = np.stack([np.cos(angle), np.sin(angle)], 1) * random.uniform(1, 1.5, 800)[:, None]
    points = np.hstack([shown, random.normal(0, noise, (800, 8))])
    found = apart(on_sphere(points), *ringing(*shown.T, circle(0, 0, 0.8)))
    assert found.verdict == SUPPORTED
    assert found.value > 0.95


@pytest.mark.parametrize("seed", SEEDS)
def test_a_tear_between_real_neighbours_is_only_in_the_layout(seed):
    """A sheet cut in two and laid out with a wide empty place in between."""
    random = np.random.default_rng(seed)
    points, flat = sheet(random, 1500)
    shown = flat + np.where(flat[:, :1] > 0, 1.0, -1.0) * np.array([1, 0])
    ring, directions = ringing(*shown.T, circle(0, 0, 0.8))
    assert apart(on_sphere(points), ring, directions).verdict == ONLY_LAYOUT


@pytest.mark.parametrize("seed", SEEDS)
def test_a_wide_part_of_a_sheet_is_supported(seed):
    random = np.random.default_rng(seed)
    points, flat = sheet(random, 2000)
    rows, _ = nearest(on_sphere(points), 30)
    found = together(rows, np.flatnonzero(inside(*flat.T, circle(0, 0, 0.5))))
    assert found.verdict == SUPPORTED


def test_what_cannot_be_said_is_not_measured_and_says_why():
    random = np.random.default_rng(0)
    vectors = on_sphere(random.normal(0, 1, (60, 5)))
    rows, _ = nearest(vectors, 10)
    assert together(rows, np.arange(4)).details == {"items": 4}
    assert together(rows, np.arange(56)).details == {"outside": 4}
    assert together(rows[:, :0], np.arange(20)).why
    one_side = apart(vectors, np.arange(20), np.linspace(0, 1, 20))
    assert (one_side.verdict, one_side.items) == (NOT_MEASURED, 0)
    assert one_side.value is None


def test_pictures_that_are_all_alike_support_nothing():
    vectors = normalised(np.ones((200, 4), np.float32))
    directions = np.linspace(-3, 3, 30)
    found = apart(vectors, np.arange(30), directions)
    assert (found.value, found.verdict, found.why) == (0.5, NOT_MEASURED, TOO_NARROW)
    assert found.details == {"width": "0.0"}


def test_a_share_near_the_border_is_not_settled_by_few_items():
    """Six items of which each has half of its neighbours inside."""
    neighbours = np.zeros((1000, 5), int) + 999
    neighbours[:6, :3] = [[(i + 1) % 6, (i + 2) % 6, (i + 3) % 6] for i in range(6)]
    found = together(neighbours, np.arange(6))
    assert (found.verdict, found.value, found.k) == (NOT_MEASURED, pytest.approx(0.6), 5)
    assert found.low < 0.5 < found.high


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1000), st.integers(5, 80))
def test_the_numbers_keep_their_order_and_rows_may_be_named_in_any(seed, m):
    random = np.random.default_rng(seed)
    rows, _ = nearest(on_sphere(random.normal(0, 1, (120, 6))), 20)
    chosen = random.choice(120, m, replace=False)
    found = together(rows, chosen)
    assert 0 <= found.low <= found.value <= found.high <= 1
    again = together(rows, np.sort(chosen))
    assert (again.verdict, again.value) == (found.verdict, pytest.approx(found.value))
    assert corrected(found.chance, found.chance) == 0
    assert corrected(1.0, found.chance) == 1


def test_the_measure_knows_no_coordinates():
    """Turned, mirrored or stretched, a map says the same of the same ring."""
    random = np.random.default_rng(3)
    vectors = on_sphere(random.normal(0, 1, (100, 6)))
    directions = random.uniform(-np.pi, np.pi, 30)
    found = apart(vectors, np.arange(30), directions)
    turned = (directions + 1 + np.pi) % (2 * np.pi) - np.pi
    assert apart(vectors, np.arange(30), turned).value == pytest.approx(found.value)
    assert apart(vectors, np.arange(30), -directions).value == pytest.approx(found.value)


def test_the_ring_is_what_is_met_first_looking_out():
    angles = np.linspace(0, 2 * np.pi, 36, endpoint=False) + 0.05
    near = np.stack([np.cos(angles), np.sin(angles)], 1)
    shown = np.vstack([near, 1.1 * near, 1.2 * near, 1.3 * near, 50 * near])
    rows, directions = ringing(*shown.T, circle(0, 0, 0.9))
    assert sorted(rows) == list(range(3 * 36))
    assert np.allclose(np.sort(directions % (2 * np.pi))[::3], angles)
    assert len(ringing(*(shown[4 * 36 :].T), circle(0, 0, 0.9))[0]) == 0
