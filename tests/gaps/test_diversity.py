"""Vendi scores and unseen categories: by hand, by another way of computing, on real sites."""

from __future__ import annotations

from math import exp, log, sqrt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excavate.gaps.asking import ask, questions, variants
from excavate.gaps.diversity import Drawing, repetition, undrawn
from excavate.gaps.finding import Measured, NotMeasured
from excavate.gaps.question import Question
from excavate.gaps.records import sentence, speaking
from excavate.gaps.unseen import chao, covered
from excavate.gaps.vendi import of_draws, vendi
from tests.gaps.sites import whole


def turned(count: int, width: int, seed: int, around: float = 0.0) -> np.ndarray:
    """Random vectors of length 1, drawn together by `around`."""
    drawn = np.random.default_rng(seed).standard_normal((count, width)) + around
    return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)


def by_kernel(vectors: np.ndarray) -> float:
    """The definition: all n eigenvalues of K / n."""
    values = np.linalg.eigvals(vectors.astype(float) @ vectors.astype(float).T / len(vectors)).real
    return exp(-sum(v * log(v) for v in values if v > 1e-15))


def test_the_same_is_one_and_the_orthogonal_are_n() -> None:
    same = np.tile(turned(1, 8, 0), (50, 1))
    assert vendi(same) == pytest.approx(1)
    assert vendi(np.eye(7, dtype=np.float32)) == pytest.approx(7)
    assert vendi(np.eye(7, dtype=np.float32)[[0, 1, 2] * 4]) == pytest.approx(3)
    # two kinds, 3 : 1, with nothing in common: exp of the entropy of 3/4 and 1/4
    uneven = np.eye(2, dtype=np.float32)[[0, 0, 0, 1]]
    assert vendi(uneven) == pytest.approx(exp(-(0.75 * log(0.75) + 0.25 * log(0.25))))
    # two vectors of cosine c: eigenvalues of K / 2 are (1 + c) / 2 and (1 - c) / 2
    c = 0.6
    pair = np.array([[1, 0], [c, sqrt(1 - c * c)]], np.float32)
    assert vendi(pair) == pytest.approx(exp(-(0.8 * log(0.8) + 0.2 * log(0.2))), rel=1e-6)


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 30), st.integers(1, 20), st.integers(0, 99))
def test_it_is_what_the_whole_kernel_says(count: int, width: int, seed: int) -> None:
    vectors = turned(count, width, seed, 0.3)
    assert vendi(vectors) == pytest.approx(by_kernel(vectors), rel=1e-5)


def test_draws_are_scores_of_samples() -> None:
    vectors = turned(40, 6, 1)
    for size in (3, 20):  # fewer and more than there are dimensions
        found = of_draws(vectors, size, 5, np.random.default_rng(3))
        random = np.random.default_rng(3)
        chosen = [random.choice(40, size, replace=False) for _ in range(5)]
        assert found == pytest.approx([by_kernel(vectors[at]) for at in chosen], rel=1e-5)


def test_a_label_that_repeats_is_told_and_the_seed_settles_the_draws() -> None:
    vectors = np.concatenate([turned(30, 16, n) for n in range(3)] + [turned(40, 16, 9, 5.0)])
    groups = {("kind", name): np.arange(30 * n, min(130, 30 * n + 30 + 10 * (n == 3)))
              for n, name in enumerate(["a", "b", "c", "same"])}  # fmt: skip
    groups["kind", "few"] = np.arange(4)
    ids = [f"d/all/{n}" for n in range(130)]
    found = repetition(vectors, ids, groups, Drawing(size=15))
    assert isinstance(found, Measured)
    rows = found.rows.to_pylist()
    assert rows[0]["label"] == "same"
    assert rows[0]["high"] < 4 < rows[0]["n"]
    assert set(rows[0]["items"]) < set(ids[90:])
    told = {name: figure.value for name, figure in found.figures.items()}
    assert (told["n"], told["labels"], told["labels_left_out"]) == (130, 4, 1)
    assert told["vendi_per_item"] == pytest.approx(told["vendi"] / 130)
    again = repetition(vectors, ids, dict(reversed(groups.items())), Drawing(size=15))
    assert isinstance(again, Measured)
    assert again.rows.equals(found.rows)
    other = repetition(vectors, ids, groups, Drawing(size=15, seed=1, every=True))
    assert isinstance(other, Measured)
    assert other.rows.num_rows == 4
    assert other.rows["rarefied"][0] != found.rows["rarefied"][0]


def test_what_cannot_be_measured_says_why() -> None:
    vectors = turned(5, 4, 0)
    strange = vectors.copy()
    strange[1, 2], strange[3] = np.nan, 0
    for given_, why in (
        (vectors[:1], "fewer than two items have a vector"),
        (strange, "2 vectors are not finite numbers of length 1"),
    ):
        found = repetition(given_, list("abcde"), {}, Drawing())
        assert isinstance(found, NotMeasured)
        assert str(found) == why
    same = repetition(np.tile(vectors[:1], (9, 1)), list("abcdefghi"), {}, Drawing())
    assert isinstance(same, Measured)
    assert same.figures["vendi"].value == pytest.approx(1)
    alone = {"f": (np.arange(3), np.zeros(3, int))}
    for labels, why in (({}, "no item has a label"), (alone, "one category alone")):
        none = undrawn(labels, list("abc"))
        assert isinstance(none, NotMeasured)
        assert why in str(none)


def test_chao_by_hand() -> None:
    # 10 categories: 4 seen once, 2 twice, 3 five times, 1 eleven times: 34 items
    counts = np.array([1] * 4 + [2] * 2 + [5] * 3 + [11])
    found = chao(counts, 34)
    more = 33 / 34 * 16 / 4
    assert found.value == pytest.approx(10 + more)
    a, r = 33 / 34, 4 / 2
    variance = 2 * (a * r**2 / 2 + a**2 * r**3 + a**2 * r**4 / 4)
    factor = exp(1.959964 * sqrt(log(1 + variance / more**2)))
    assert (found.low, found.high) == pytest.approx((10 + more / factor, 10 + more * factor))
    once = chao(np.array([1, 1, 1, 4]), 7)  # nothing twice: f1 (f1 - 1) / 2
    assert once.value == pytest.approx(4 + 6 / 7 * 3)
    full = chao(np.array([50, 60, 70]), 180)
    assert (full.value, full.low) == (3, 3)
    assert full.high == pytest.approx(3, abs=1e-6)
    assert covered(counts).value == pytest.approx(1 - 4 / 34)
    low = 1 - 4 / 34 - 1.959964 * sqrt(4 * (1 - 4 / 34) + 4) / 34
    assert covered(counts).low == pytest.approx(low)


def test_chao_holds_the_truth_where_categories_are_alike_and_stays_below_where_not() -> None:
    held, bounds = 0, []
    for seed in range(200):
        draw = np.random.default_rng(seed)
        even = chao(np.bincount(draw.integers(0, 60, 90)), 90)
        assert even.low is not None
        assert even.high is not None
        held += even.low <= 60 <= even.high
        share = np.arange(1, 61, dtype=float) ** -1.5
        uneven = chao(np.bincount(draw.choice(60, 90, p=share / share.sum())), 90)
        bounds.append(uneven.value)
    assert held > 180
    assert 40 < np.mean(bounds) < 60  # on the average it is a lower bound


def test_good_turing_covers_what_is_left_to_see() -> None:
    share = np.arange(1, 201, dtype=float) ** -1.2
    share /= share.sum()
    held = 0
    for seed in range(200):
        counts = np.bincount(np.random.default_rng(seed).choice(200, 300, p=share), minlength=200)
        found = covered(counts)
        assert found.low is not None
        assert found.high is not None
        held += found.low <= share[counts > 0].sum() <= found.high
    assert held > 180


def test_rows_of_what_was_not_drawn() -> None:
    labels = {"kind": (np.arange(6), np.array([0, 0, 0, 1, 2, 3])),
              "set": (np.arange(6), np.array([0, 0, 0, 1, 1, 1]))}  # fmt: skip
    found = undrawn(labels, [f"d/all/{n}" for n in range(6)])
    assert isinstance(found, Measured)
    [row] = found.rows.to_pylist()
    assert (row["field"], row["seen"], row["once"], row["twice"]) == ("kind", 4, 3, 0)
    assert row["items"] == ["d/all/3", "d/all/4", "d/all/5"]
    assert found.figures["coverage:kind"].value == 0.5
    assert found.figures["coverage:set"].value == 1


def test_through_a_site(tmp_path: Path) -> None:
    site = whole(tmp_path)
    asked = questions(site, "all", ["diversity"])
    repeated, unseen = (ask(site, one) for one in asked)
    assert repeated.figures["n"].value == 90
    assert 1 < repeated.figures["vendi"].value < 10
    assert repeated.parameters["size_drawn"] == 15
    assert unseen.figures["coverage:folder"].value == 1
    with speaking("en"):
        assert sentence(repeated).startswith("90 items are as diverse as ")
        assert sentence(unseen) == "Nothing points to categories that were never drawn."
    others = variants(site, repeated)
    assert len({ask(site, one).id for one in [*others, repeated.question]}) == len(others) + 1
    part = ask(site, Question("diversity", "part", parameters={"every": True, "size": 10}))
    assert part.rows.num_rows == 2
    assert variants(site, part) == variants(site, unseen) == []  # nothing could move their rows
