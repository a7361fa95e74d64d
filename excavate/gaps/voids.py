"""Regions: picked items put into groups that lie together in embedding space.

k-means on seeded starts. How many groups there are is what lies most above chance: the silhouette
(Rousseeuw 1987) of the items less that of as many points of one normal heap with the same mean
and spread, after the gap statistic (Tibshirani, Walther and Hastie 2001); one group where none
lies clearly above. Deterministic. Time O(n d groups) and O(SAMPLE^2 d) for each number tried.
"""

from __future__ import annotations

import numpy as np

COUNTS = (2, 3, 4, 5, 6, 8, 10, 12)  # groups that are tried
LEAST_EXCESS = 0.05  # of the silhouette above one heap's
SAMPLE = 1000  # items that the number of groups is chosen on
LEAST_ITEMS = 8  # fewer are one group; and a group has to be of half as many in the mean


def grouped(vectors: np.ndarray, seed: int = 0) -> np.ndarray:
    """A group for each of (n, d) unit vectors, 0 the largest; ties by the first item."""
    chosen = np.zeros(len(vectors), np.int64)
    count = _count(vectors, seed) if len(vectors) >= LEAST_ITEMS else 1
    if count > 1:
        chosen = _clustered(vectors, count, seed)
    kinds, first, place, counts = np.unique(
        chosen, return_index=True, return_inverse=True, return_counts=True
    )
    rank = np.empty(len(kinds), np.int64)
    rank[np.lexsort((first, -counts))] = np.arange(len(kinds))
    return rank[place]


def central(vectors: np.ndarray) -> np.ndarray:
    """Rows of (n, d), the nearest to their common direction first; ties by lower row."""
    return np.argsort(-(vectors @ vectors.mean(axis=0)), kind="stable")


def _count(vectors: np.ndarray, seed: int) -> int:
    """How many groups: 1 where none of COUNTS lies clearly above one heap."""
    draw = np.random.default_rng(seed)
    sample = vectors[np.sort(draw.permutation(len(vectors))[:SAMPLE])].astype(np.float64)
    distinct = len(np.unique(sample, axis=0))
    heap = _heap(sample, draw)
    best, chosen = LEAST_EXCESS, 1
    for count in COUNTS:
        if count < min(distinct, 2 * len(sample) / LEAST_ITEMS + 1):
            excess = _silhouette(sample, count, seed) - _silhouette(heap, count, seed)
            if excess > best:
                best, chosen = excess, count
    return chosen


def _heap(vectors: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    """As many unit vectors of one normal distribution: their mean, their covariance."""
    middle = vectors.mean(axis=0)
    mixed = draw.standard_normal((len(vectors), len(vectors))) / np.sqrt(len(vectors))
    heap = middle + mixed @ (vectors - middle)
    lengths = np.linalg.norm(heap, axis=1, keepdims=True)
    return np.asarray(heap / np.where(lengths > 0, lengths, 1))


def _clustered(vectors: np.ndarray, count: int, seed: int) -> np.ndarray:
    from sklearn.cluster import KMeans

    found = KMeans(count, n_init=3, random_state=seed).fit_predict(vectors)
    return np.asarray(found, np.int64)


def _silhouette(vectors: np.ndarray, count: int, seed: int) -> float:
    from sklearn.metrics import silhouette_score

    groups = _clustered(vectors, count, seed)
    kinds = len(np.unique(groups))
    return float(silhouette_score(vectors, groups)) if 1 < kinds < len(vectors) else 0.0
