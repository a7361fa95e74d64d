"""Coverage, pure: prdc's numbers, AUC by hand, what is planted is found, what cannot be says so."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_limits

from excavate.gaps.belonging import SMOOTHED, picked
from excavate.gaps.coverage import Settings, Side, alone_in, coverage
from excavate.gaps.coverage_rows import unlike
from excavate.gaps.delong import auc, auc_of_parts
from excavate.gaps.finding import Measured, NotMeasured, Reference
from excavate.gaps.kin import kin
from excavate.gaps.naming import named
from excavate.gaps.prdc import balls, by_chance, figures_of, share
from excavate.gaps.rough import among, around
from excavate.gaps.two_sample import tell_apart
from excavate.gaps.voids import central, grouped

R = Reference("dataset", "theirs", "1")


def unit(vectors: np.ndarray) -> np.ndarray:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def blobs(sizes: list[int], seed: int, width: int = 8) -> np.ndarray:
    """Unit vectors around an axis each, so many of each."""
    draw = np.random.default_rng(seed)
    centres = np.repeat(np.eye(width)[: len(sizes)], sizes, axis=0)
    return unit(centres + 0.15 * draw.standard_normal(centres.shape))


def side(name: str, vectors: np.ndarray, labels: list[list[str]] | None = None) -> Side:
    ids = np.array([f"{name}/all/{n}" for n in range(len(vectors))], object)
    return Side(name, np.asarray(vectors, np.float32), ids, labels or ())


def measured(dataset: Side, reference: Side, **given: int) -> Measured:
    outcome = coverage(dataset, reference, R, Settings(**given))
    assert isinstance(outcome, Measured), outcome
    return outcome


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.integers(12, 60), st.integers(12, 60), st.integers(1, 8))
def test_it_is_what_prdc_says(seed: int, n: int, m: int, k: int) -> None:
    from prdc import compute_prdc

    draw = np.random.default_rng(seed)
    one = unit(draw.standard_normal((n, 3)))
    other = unit(draw.standard_normal((m, 3)) + draw.normal(size=3))
    theirs = compute_prdc(one.astype(float), other.astype(float), k)
    ours = figures_of(balls(one, other, k))
    assert {name: figure.value for name, figure in ours.items()} == pytest.approx(theirs, abs=1e-9)
    for figure in ours.values():
        assert figure.low <= figure.value <= figure.high


def test_an_item_that_both_hold_is_reached_and_its_copies_are_no_border() -> None:
    one = blobs([20, 20], 0)
    found = balls(one, one[:20], 3)
    assert (found.held[:20] > 0).all()  # its own twin, though it is the border of other balls
    assert (found.held[20:] == 0).all()
    assert found.reached.tolist() == [True] * 20 + [False] * 20
    copies = np.repeat(one[:2], 8, axis=0)  # balls without extension hold their own centre
    assert (balls(copies, one[:8], 3).held.reshape(2, 8) > 0).all()


def test_what_lies_on_the_border_is_not_inside() -> None:
    degrees = np.radians([0, 10, 30, 150, 200])
    one = np.stack([np.cos(degrees), np.sin(degrees)], axis=1).astype(np.float32)
    found = balls(one[:3], one[[1, 3, 4]], 1)  # the second is the nearest of both others
    assert found.held.tolist() == [0, 1, 0]
    assert found.found.tolist() == [True, False, False]


def test_tiles_do_not_matter() -> None:
    draw = np.random.default_rng(3)
    one, other = (unit(draw.standard_normal((n, 4))) for n in (600, 9000))
    found = balls(one, other, 4)
    similar = one.astype(float) @ other.astype(float).T
    border, theirs = (np.sort(s.astype(float) @ s.T, axis=1)[:, -5] for s in (one, other))
    assert found.held.tolist() == (similar > border[:, None] + 1e-6).sum(axis=1).tolist()
    assert found.found.tolist() == (similar > border[:, None] + 1e-6).any(axis=0).tolist()
    assert found.reached.tolist() == (similar > theirs + 1e-6).any(axis=1).tolist()
    assert found.closest == pytest.approx(similar.max(axis=1), abs=1e-6)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10**6), st.integers(6, 40), st.integers(6, 40), st.integers(1, 5))
def test_copies_and_ties_are_as_a_full_comparison_has_them(
    seed: int, n: int, m: int, k: int
) -> None:
    """Vectors out of few, so that most have copies in both sets and many lie on borders."""
    draw = np.random.default_rng(seed)
    few = unit(draw.integers(-1, 2, (9, 3)) + 1e-3)
    one, other = few[draw.integers(0, 9, n)], few[draw.integers(0, 9, m)]
    found = balls(one, other, k)
    similar = one.astype(float) @ other.astype(float).T
    mine, theirs = (
        np.minimum(np.sort(s.astype(float) @ s.astype(float).T, axis=1)[:, -k - 1] + 1e-5, 1 - 1e-5)
        for s in (one, other)
    )
    assert found.held.tolist() == (similar > mine[:, None]).sum(axis=1).tolist()
    assert found.found.tolist() == (similar > mine[:, None]).any(axis=0).tolist()
    assert found.reached.tolist() == (similar > theirs).any(axis=1).tolist()


def test_neighbours_are_those_of_a_full_sort() -> None:
    draw = np.random.default_rng(5)
    one, other = (unit(draw.standard_normal((n, 6))) for n in (700, 900))
    similar = one.astype(float) @ other.astype(float).T
    rows, found = among(one, other, 7)
    assert rows.tolist() == np.argsort(-similar, axis=1)[:, :7].tolist()
    assert found == pytest.approx(-np.sort(-similar, axis=1)[:, :7], abs=1e-6)
    own = one.astype(float) @ one.astype(float).T
    np.fill_diagonal(own, -2)
    assert around(one, 7)[0].tolist() == np.argsort(-own, axis=1)[:, :7].tolist()
    copies = around(np.repeat(one[:3], 9, axis=0), 4)  # more copies than are asked for
    assert (copies[0] // 9).tolist() == np.repeat(np.arange(3), 9)[:, None].repeat(4, 1).tolist()
    assert (copies[0] != np.arange(27)[:, None]).all()
    assert around(one[:3], 9)[0].shape == (3, 2)


def test_wilson_by_hand() -> None:
    figure = share(np.array([True] * 8 + [False] * 2))  # Wilson 1927: 0.490 to 0.943
    assert (round(figure.low, 3), figure.value, round(figure.high, 3)) == (0.49, 0.8, 0.943)
    assert (share(np.zeros(5, bool)).low, share(np.ones(5, bool)).high) == (0, 1)


@settings(deadline=None)
@given(st.lists(st.integers(0, 6), min_size=2), st.lists(st.integers(0, 6), min_size=2))
def test_the_area_is_the_share_of_pairs_in_order(ours: list[int], theirs: list[int]) -> None:
    found = auc(np.array(ours, float), np.array(theirs, float))
    pairs = [[(a > b) + (a == b) / 2 for b in theirs] for a in ours]
    assert found.value == pytest.approx(np.mean(pairs))
    table = np.array(pairs)  # DeLong 1988 as it is written: the two structural components
    variance = table.mean(1).var(ddof=1) / len(ours) + table.mean(0).var(ddof=1) / len(theirs)
    least = 1 - 0.025 ** (1 / min(len(ours), len(theirs)))
    low = max(0.0, np.mean(pairs) - max(1.959964 * variance**0.5, least))
    assert found.low == pytest.approx(low, abs=1e-9)


def test_sets_wholly_apart_leave_room_for_one_item_that_is_not() -> None:
    found = auc(np.arange(20.0) + 50, np.arange(30.0))
    assert (found.value, found.high) == (1, 1)
    assert found.low == pytest.approx(0.025 ** (1 / 20))  # of 20 none: at most 16.8 %


def test_the_mean_of_folds_by_hand() -> None:
    one = (np.array([1.0, 3]), np.array([0.0, 2]))  # 3 of 4 pairs in order
    other = (np.array([9.0]), np.array([8.0, 10]))  # 1 of 2; on a scale of its own
    found = auc_of_parts([one, other])
    assert found.value == pytest.approx((3 + 1) / 6)
    whole = auc_of_parts([(one[0], one[1] + 5)] * 60, 2.0)
    assert whole.value == 0
    wide, narrow = (auc_of_parts([one] * 60, widened) for widened in (2.0, 1.0))
    assert wide.high - 0.75 == pytest.approx(2**0.5 * (narrow.high - 0.75))


@pytest.mark.parametrize(
    ("n", "m", "both", "k"),
    [
        (60, 60, 0, 5),
        (90, 18, 0, 5),
        (20, 90, 0, 3),
        (60, 40, 20, 5),
        (60, 30, 30, 4),
        (9, 9, 3, 1),
    ],
)
def test_what_is_usual_for_sets_of_these_sizes(n: int, m: int, both: int, k: int) -> None:
    """Drawn alike, so often as to see it; and what is usual is seldom called less."""
    draw = np.random.default_rng(n + m + k)
    found = []
    for _ in range(150):
        reference = unit(draw.standard_normal((n, 4)))
        ours = np.concatenate([reference[:both], unit(draw.standard_normal((m - both, 4)))])
        found.append(figures_of(balls(reference, ours, k)))
    usual = by_chance(n, m, both, k)
    for name in ("coverage", "density"):
        values = [figures[name].value for figures in found]
        error = np.std(values) / 150**0.5
        assert usual[f"{name}_by_chance"].value == pytest.approx(np.mean(values), abs=4 * error)
    assert np.mean([f["coverage"].high < usual["coverage_by_chance"].value for f in found]) <= 0.08


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    draw = np.random.default_rng(0)
    truth = 0.7602  # Phi(1 / sqrt 2) of two normals one apart
    found = [auc(draw.normal(1, 1, 60), draw.normal(0, 1, 80)) for _ in range(400)]
    inside = np.mean([f.low <= truth <= f.high for f in found])
    assert 0.91 <= inside <= 0.98


def test_alike_is_not_told_apart_and_shuffling_agrees() -> None:
    apart = [
        tell_apart(blobs([60, 60], s), blobs([60, 60], 50 + s), permutations=5, seed=s).apart
        for s in range(6)
    ]
    assert sum(apart) <= 1
    told = tell_apart(blobs([60, 60], 1), blobs([110, 10], 2), permutations=39)
    assert told.apart
    assert told.chance.low < 0.5 < told.chance.high < told.auc.value


def test_the_interval_is_as_wide_as_alike_sets_differ() -> None:
    """Folds learn from each other: as if they did not, it would be too narrow by a third."""
    draw = np.random.default_rng(0)
    found = []
    for seed in range(80):
        vectors = unit(draw.standard_normal((160, 40)))
        found.append(tell_apart(vectors[:80], vectors[80:], seed=seed).auc)
    said = np.mean([(figure.high - figure.low) / 2 / 1.959964 for figure in found])
    assert 0.9 < said / np.std([figure.value for figure in found]) < 1.3
    assert sum(figure.low > 0.5 for figure in found) <= 4


@pytest.mark.parametrize("noise", [0, 1e-3, 1e-2])
def test_copies_do_not_betray_each_other(noise: float) -> None:
    """Each item stands often in its set: seen copies would be recognised, and told apart."""
    draw = np.random.default_rng(7)
    for seed in range(3):
        copies = np.repeat(draw.standard_normal((80, 40)), 6, axis=0)
        vectors = unit(copies + noise * draw.standard_normal(copies.shape))
        assert not tell_apart(vectors[:240], vectors[240:], seed=seed).apart


def test_kin_are_copies_near_copies_and_theirs() -> None:
    base = blobs([40, 40], 1, 24)
    draw = np.random.default_rng(1)
    near = unit(base[:3] + 1e-3 * draw.standard_normal((3, 24)))
    nearer = unit(near[:1] + 1e-3 * draw.standard_normal((12, 24)))
    groups = kin(np.concatenate([base, nearer]), np.concatenate([near, base[5:6]]))
    mine, theirs = groups[:80], groups[92:]
    assert len(set(mine)) == 80
    assert set(groups[80:92]) == {mine[0]}  # more of them than neighbours are asked for
    assert theirs.tolist() == mine[[0, 1, 2, 5]].tolist()


def test_benjamini_hochberg_by_hand() -> None:
    dataset = np.arange(99.0)  # p-values: 0.01, 0.01, 0.03, 0.5
    reference = np.array([97.5, 200.0, 96.5, 49.5])
    p = [(1 + (dataset >= r).sum()) / 100 for r in reference]
    assert p == [0.02, 0.01, 0.03, 0.5]
    assert picked(reference, dataset, 0.04).tolist() == [1, 0, 2]  # 0.01, 0.02, 0.03, 0.04
    assert picked(reference, dataset, 0.03).tolist() == []
    assert picked(reference, np.full(99, 300.0), 0.5).tolist() == []


def shell(count: int, draw: np.random.Generator) -> np.ndarray:
    """Around a middle that a straight line cannot tell from it."""
    return np.concatenate([unit(draw.standard_normal((count, 12))), np.ones((count, 1))], axis=1)


def middle(count: int, draw: np.random.Generator) -> np.ndarray:
    return np.concatenate([0.05 * draw.standard_normal((count, 12)), np.ones((count, 1))], axis=1)


def test_of_the_picked_few_lie_where_the_dataset_does() -> None:
    draw = np.random.default_rng(2)
    wrong, right = 0, 0
    for _ in range(4):
        theirs = unit(np.concatenate([shell(600, draw), middle(300, draw)]))
        given = Settings(k=5), balls(theirs, ours := unit(shell(900, draw)), 5, SMOOTHED)
        alone = alone_in(side("theirs", theirs), side("ours", ours), given[1], given[0])
        wrong += int((alone.ranked.picked < 600).sum())
        right += int((alone.ranked.picked >= 600).sum())
    assert right > 1100
    assert wrong / (wrong + right) < 0.13  # 0.1 is allowed


def test_a_small_group_is_told_though_the_wholes_are_not() -> None:
    draw = np.random.default_rng(3)
    theirs = unit(np.concatenate([shell(800, draw), middle(30, draw)]))
    labels = [["shell"]] * 800 + [["middle"]] * 30
    outcome = measured(side("ours", unit(shell(800, draw))), side("theirs", theirs, labels))
    assert outcome.figures["apart"].value == 0
    assert outcome.rows["name"].to_pylist() == ["middle"]


def test_nothing_is_picked_where_sets_are_drawn_alike() -> None:
    """Heaps that no item of the smaller set happens to lie in are no gap."""
    draw = np.random.default_rng(4)
    shown = 0
    for seed in range(20):
        vectors = unit(draw.standard_normal((600, 6)))
        outcome = measured(side("ours", vectors[:120]), side("theirs", vectors[120:]), seed=seed)
        shown += outcome.rows.num_rows > 0
    assert shown <= 1


def test_labels_that_name_a_group() -> None:
    cat, dog = [["cat", "animal"]] * 6 + [["catt", "animal"]], [["dog", "animal"]] * 5
    first, second = named([cat, dog], [["animal"]] * 20)
    assert first.labels == ("cat", "animal")  # "catt" stands on one item only
    assert first.shares == pytest.approx((6 / 7, 1))
    assert second.labels == ("dog", "animal")
    assert named([[[], []]], []) == [type(first)((), ())]
    many = [[f"k{n}" for n in range(9)]] * 3
    assert named([many])[0].labels == ("k0", "k1", "k2", "k3")


def test_groups_lie_together_the_largest_first() -> None:
    vectors = blobs([20, 50, 30], 4)
    groups = grouped(vectors)
    assert [set(groups[a:b]) for a, b in ((0, 20), (20, 70), (70, 100))] == [{2}, {0}, {1}]
    assert set(grouped(blobs([60], 1))) == {0}
    assert set(grouped(np.ones((30, 4), np.float32))) == {0}
    assert grouped(vectors[:3]).tolist() == [0, 0, 0]
    assert central(unit(np.array([[1, 1.0], [1, 0], [0.9, 0.1]])))[0] == 2


def test_what_is_planted_is_found_and_named() -> None:
    reference = blobs([80, 80, 40], 1)
    labels = [["red"]] * 80 + [["green"]] * 80 + [["blue"]] * 40
    outcome = measured(side("ours", blobs([80, 80], 2)), side("theirs", reference, labels))
    [row] = outcome.rows.to_pylist()  # what was picked by chance is no region
    assert (row["name"], row["labels"][0]) == ("blue", "blue")
    assert row["size"] >= 36
    assert row["share"] == row["size"] / 200
    assert row["label_shares"][0] > 0.9
    assert row["density"] < row["density_high"] < 0.5
    assert row["density"] < 0.1
    numbers = [int(item.rpartition("/")[2]) for item in row["items"]]
    assert len(numbers) == 24
    assert min(numbers) >= 160
    assert all(item.startswith("ours/") for item in row["nearest"])
    assert row["scores"] == sorted(row["scores"], reverse=True)
    assert outcome.figures["coverage"].value == pytest.approx(0.8, abs=0.05)
    assert outcome.figures["auc"].low > 0.5


def test_two_holes_are_two_regions() -> None:
    labels = [[name] for name, n in (("a", 90), ("b", 40), ("c", 60)) for _ in range(n)]
    theirs = side("theirs", blobs([90, 40, 60], 1), labels)
    outcome = measured(side("ours", blobs([90], 2)), theirs)
    assert outcome.rows["name"].to_pylist() == ["c", "b"]
    assert outcome.figures["picked"].value >= sum(outcome.rows["size"].to_pylist())


def test_regions_of_one_label_have_names_of_their_own() -> None:
    taken: set[str] = set()
    found = []
    for labels in (["a", "b"], ["a", "b"], ["a", "b"], ["a", "b"], ["a"], ["c"], ["a, b (2)"]):
        found.append(unlike(labels, taken))
        taken.add(found[-1])
    assert found == ["a", "a, b", "a, b (2)", "a, b (3)", "a (2)", "c", "a, b (2) (2)"]
    labels = [["kept"]] * 90 + [["gone"]] * 100
    theirs = side("theirs", blobs([90, 40, 60], 1), labels)
    names = measured(side("ours", blobs([90], 2)), theirs).rows["name"].to_pylist()
    assert names == ["gone", "gone (2)"]


def test_the_number_of_threads_does_not_matter() -> None:
    theirs = side("theirs", blobs([900, 40, 900], 1, 64))
    ours = side("ours", np.concatenate([blobs([700], 2, 64), theirs.vectors[:30]]))
    found = []
    for threads in (1, 3):
        with threadpool_limits(threads):
            found.append(measured(ours, theirs))
    assert found[0].rows.num_rows
    assert found[0].rows.equals(found[1].rows)
    assert found[0].figures == found[1].figures


def test_nothing_is_shown_where_nothing_is_missing() -> None:
    outcome = measured(side("ours", blobs([80, 80], 2)), side("theirs", blobs([80, 80], 1)))
    assert outcome.rows.num_rows == 0
    assert outcome.figures["apart"].value == 0
    assert outcome.figures["auc"].low <= 0.5


def test_the_whole_against_its_part() -> None:
    whole = blobs([80, 80, 40], 1)
    labels = [["kept"]] * 160 + [["gone"]] * 40
    outcome = measured(side("ours", whole[:160]), side("theirs", whole, labels))
    assert outcome.figures["in_both"].value == 160
    [row] = outcome.rows.to_pylist()
    assert (row["name"], row["size"], row["label_shares"]) == ("gone", 40, [1.0])
    back = measured(side("ours", whole), side("theirs", whole[:160]))
    assert "auc" not in back.figures
    assert (back.rows.num_rows, back.figures["coverage"].value) == (0, 1)


@settings(deadline=None, max_examples=8)
@given(st.randoms())
def test_the_order_of_the_items_does_not_matter(random: object) -> None:
    """Of the balls: the classifier's folds are drawn by place."""
    one, other = blobs([30, 30], 1), blobs([30, 10], 2)
    order = np.arange(60)
    random.shuffle(order)  # type: ignore[attr-defined]
    same = figures_of(balls(one, other, 4)), figures_of(balls(one[order], other, 4))
    assert [f.value for f in same[0].values()] == pytest.approx([f.value for f in same[1].values()])


def test_it_can_be_repeated_to_the_bit() -> None:
    ours, theirs = side("ours", blobs([60, 10], 2)), side("theirs", blobs([60, 60], 1))
    runs = [measured(ours, theirs, permutations=9) for _ in range(2)]
    assert runs[0].rows.equals(runs[1].rows)
    assert runs[0].figures == runs[1].figures


def test_useless_vectors_are_left_out_and_counted() -> None:
    good = blobs([40, 40], 1)
    bad = np.concatenate([good, np.zeros((2, 8)), np.full((1, 8), np.nan)])
    outcome = measured(side("ours", bad), side("theirs", blobs([40, 40], 2)))
    assert outcome.figures["left_out"].value == 3
    assert outcome.figures["items"].value == 80


def test_what_cannot_be_measured_says_why() -> None:
    good = blobs([30, 30], 1)
    for ours, theirs, why in (
        (good[:0], good, "no item of ours has a vector by this encoder"),
        (good, np.full((40, 8), np.nan), "no item of theirs has a vector by this encoder"),
        (good[:9], good, "too few items to compare: ours has 9, 10 are needed"),
        (good, good[:3], "too few items to compare: theirs has 3, 10 are needed"),
        (good, good[:, :5], "the vectors have different dimensions"),
        (good, np.tile(good[:1], (30, 1)), "all items of theirs look the same to this encoder"),
    ):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            outcome = coverage(side("ours", ours), side("theirs", theirs), R)
        assert isinstance(outcome, NotMeasured)
        assert str(outcome) == why
    alike = measured(side("ours", np.tile(good[:1], (30, 1))), side("theirs", good))
    assert alike.figures["coverage"].value < 0.5
