"""Exact neighbours and search against a full float64 sort; the index against the exact."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excavate.embedding import nearest as module
from excavate.embedding.indexed import indexed_nearest, recall_of
from excavate.embedding.nearest import nearest, nearest_to, on_torch, search, similarities
from tests.embedding.fakes import random_unit


def sorted_in_full(
    queries: np.ndarray, rows: np.ndarray, k: int, itself: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The oracle: all similarities in float64, rounded to float32, a stable sort."""
    scores = (queries.astype(np.float64) @ rows.astype(np.float64).T).astype(np.float32)
    if itself is not None:
        scores[np.arange(len(queries)), itself] = -np.inf
    order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
    return order, np.take_along_axis(scores, order, 1)


def assert_same(found: tuple[np.ndarray, np.ndarray], wanted: tuple[np.ndarray, np.ndarray]):
    assert np.array_equal(found[0], wanted[0])
    assert np.allclose(found[1], wanted[1], rtol=0, atol=1e-7)


@settings(max_examples=60, deadline=None)
@given(
    n=st.integers(0, 60),
    distinct=st.integers(1, 60),
    d=st.integers(1, 9),
    k=st.integers(0, 70),
    seed=st.integers(0, 1000),
)
def test_nearest_equals_a_full_sort_with_any_number_of_twins(n, distinct, d, k, seed):
    draw = np.random.default_rng(seed)
    pool = random_unit(distinct, d, seed)
    pool[draw.random(distinct) < 0.1] = 0  # all-black pictures
    vectors = pool[draw.integers(0, distinct, n)]
    asked = max(0, min(k, n - 1))
    found = nearest(vectors, k)
    assert found[0].shape == found[1].shape == (n, asked)
    assert_same(found, sorted_in_full(vectors, vectors, asked, np.arange(n)))


def test_more_rows_than_a_block_and_more_twins_than_are_spare(monkeypatch):
    monkeypatch.setattr(module, "QUERIES", 128)
    monkeypatch.setattr(module, "FULL", 5_000)
    vectors = random_unit(40, 33)[np.random.default_rng(1).integers(0, 40, 700)]
    assert_same(nearest(vectors, 12), sorted_in_full(vectors, vectors, 12, np.arange(700)))


def test_it_agrees_with_scikit_learn():
    from sklearn.neighbors import NearestNeighbors

    vectors = random_unit(1500, 64)
    rows, similar = nearest(vectors, 15)
    brute = NearestNeighbors(n_neighbors=15, algorithm="brute", metric="cosine").fit(vectors)
    distances, indices = brute.kneighbors()
    assert np.allclose(1 - similar, distances, atol=1e-6)
    assert (rows == indices).mean() > 0.999  # float32 there: near-ties may swap


@pytest.mark.torch
def test_the_torch_road_gives_the_same():
    vectors = np.concatenate([random_unit(300, 20), random_unit(50, 20)])  # 50 twins
    propose = on_torch(vectors, "cpu")
    found = module._block(vectors, vectors, 10, np.arange(350), propose)
    assert_same(found, sorted_in_full(vectors, vectors, 10, np.arange(350)))


@pytest.mark.torch
def test_the_torch_road_in_several_parts(monkeypatch):
    monkeypatch.setattr(module, "ON_DEVICE", 64)
    vectors = random_unit(200, 12)
    found = module._block(vectors[:30], vectors, 5, None, on_torch(vectors, "cpu"))
    assert_same(found, sorted_in_full(vectors[:30], vectors, 5))


@pytest.mark.torch
def test_cuda_gives_the_same():
    import torch

    if not torch.cuda.is_available():
        pytest.skip("no CUDA device on this machine")
    vectors = random_unit(3000, 64)
    found = module._block(vectors, vectors, 15, np.arange(3000), on_torch(vectors, "cuda"))
    assert_same(found, sorted_in_full(vectors, vectors, 15, np.arange(3000)))


def test_other_queries():
    rows, queries = random_unit(200, 8), random_unit(30, 8, seed=5)
    assert_same(nearest_to(queries, rows, 7), sorted_in_full(queries, rows, 7))
    assert nearest_to(queries[:0], rows, 7)[0].shape == (0, 7)
    assert nearest_to(queries, rows[:0], 7)[0].shape == (30, 0)


def test_progress_reaches_the_end(monkeypatch):
    monkeypatch.setattr(module, "QUERIES", 40)
    told = []
    nearest(random_unit(100, 3), 2, progress=lambda *what: told.append(what))
    assert told == [("neighbours", 40, 100), ("neighbours", 80, 100), ("neighbours", 100, 100)]


@settings(max_examples=40, deadline=None)
@given(n=st.integers(0, 200), k=st.integers(0, 210), seed=st.integers(0, 1000))
def test_search_equals_a_full_sort(n, k, seed):
    draw = np.random.default_rng(seed)
    rows = random_unit(20, 6, seed)[draw.integers(0, 20, n)]
    query = draw.standard_normal(6) * 40  # not normalised
    found = search(rows, query, k)
    exact = query / np.linalg.norm(query)
    scores = (rows.astype(np.float64) @ exact).astype(np.float32)
    order = np.argsort(-scores, kind="stable")[:k]
    assert np.array_equal(found[0], order)
    assert np.allclose(found[1], scores[order], atol=1e-7)


def test_search_in_a_mapped_file(tmp_path):
    rows = random_unit(500, 16)
    np.save(tmp_path / "v.npy", rows)
    mapped = np.load(tmp_path / "v.npy", mmap_mode="r")
    found, similar = search(mapped, rows[123], 3)
    assert found[0] == 123
    assert np.isclose(similar[0], 1)
    assert np.allclose(similarities(mapped, rows[123]), rows @ rows[123], atol=1e-6)


def test_a_zero_query_is_similar_to_nothing():
    found, similar = search(random_unit(10, 4), np.zeros(4), 3)
    assert found.tolist() == [0, 1, 2]
    assert similar.tolist() == [0, 0, 0]


def test_the_index_finds_what_it_says_it_finds():
    vectors = random_unit(3000, 24)
    found = indexed_nearest(vectors, 10)
    truth, exact = sorted_in_full(vectors, vectors, 10, np.arange(3000))
    assert (found.rows != np.arange(3000)[:, None]).all()
    recall = recall_of(found.rows, truth)
    assert recall > 0.95
    assert abs(recall - found.recall) < 0.03  # measured on a sample of 1,000
    assert found.sample == 1000
    true_similarity = np.einsum("nkd,nd->nk", vectors[found.rows], vectors)
    assert np.allclose(true_similarity, found.similarities, atol=1e-6)
    assert (np.diff(found.similarities, axis=1) <= 0).all()


def test_the_index_gives_k_neighbours_even_where_a_cell_holds_fewer():
    far_apart = np.eye(200, dtype=np.float32)
    found = indexed_nearest(far_apart, 150)
    assert (found.rows >= 0).all()
    assert all(len(set(row)) == 150 for row in found.rows.tolist())


def test_recall_by_hand():
    assert recall_of(np.array([[1, 2], [3, 4]]), np.array([[2, 5], [4, 3]])) == 0.75
