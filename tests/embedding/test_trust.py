"""Trustworthiness against scikit-learn's, and the estimate against the exact."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excavate.embedding.trust import trustworthiness
from tests.embedding.fakes import random_unit


@settings(max_examples=30, deadline=None)
@given(n=st.integers(4, 120), k=st.integers(1, 30), seed=st.integers(0, 1000))
def test_it_is_scikit_learns(n, k, seed):
    from sklearn.manifold import trustworthiness as theirs

    vectors = random_unit(n, 7, seed)
    layout = np.random.default_rng(seed).standard_normal((n, 2))
    ours = trustworthiness(vectors, layout, k)
    lowered = min(k, (n - 1) // 2)
    wanted = theirs(vectors.astype(np.float64), layout, n_neighbors=lowered, metric="cosine")
    assert ours.value == pytest.approx(wanted, abs=1e-6)
    assert (ours.k, ours.points, ours.low) == (lowered, n, None)


def test_the_estimate_lies_in_its_interval():
    vectors = random_unit(900, 5)
    layout = vectors[:, :2] + np.random.default_rng(0).normal(scale=0.05, size=(900, 2))
    exact = trustworthiness(vectors, layout, 15).value
    estimates = [trustworthiness(vectors, layout, 15, seed=s, sample=300) for s in range(40)]
    inside = sum(e.low <= exact <= e.high for e in estimates)
    assert inside >= 34  # 95 % of 40 is 38
    assert all(e.points == 300 for e in estimates)
    assert estimates[0] == trustworthiness(vectors, layout, 15, seed=0, sample=300)


def test_too_few_points_is_not_measured_never_zero():
    for n in (0, 1, 2):
        trust = trustworthiness(random_unit(3, 4)[:n], np.zeros((n, 2)), 15)
        assert trust.value is None


def test_points_on_one_spot():
    vectors = random_unit(30, 4)
    assert 0 <= trustworthiness(vectors, np.zeros((30, 2)), 5).value <= 1
