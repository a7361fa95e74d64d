"""Regions: picked items put into groups that lie together in embedding space.

Spherical k-means on seeded starts; how many groups is what the silhouette (Rousseeuw 1987)
likes best, and one where it likes none. Deterministic.
"""

from __future__ import annotations

import numpy as np

MOST_GROUPS = 12
LEAST_SILHOUETTE = 0.1  # below it the groups are not apart
SAMPLE = 2000  # items that the silhouette is measured on
LEAST_ITEMS = 8  # fewer are one group


def grouped(vectors: np.ndarray, seed: int = 0) -> np.ndarray:
    """A group for each of (n, d) unit vectors, 0 the largest; ties by the first item."""
    chosen = np.zeros(len(vectors), np.int64)
    if len(vectors) >= LEAST_ITEMS and len(np.unique(vectors, axis=0)) > 2:
        chosen = _best(vectors, seed)
    kinds, first, place, counts = np.unique(
        chosen, return_index=True, return_inverse=True, return_counts=True
    )
    rank = np.empty(len(kinds), np.int64)
    rank[np.lexsort((first, -counts))] = np.arange(len(kinds))
    return rank[place]


def central(vectors: np.ndarray) -> np.ndarray:
    """Rows of (n, d), the nearest to their common direction first; ties by lower row."""
    return np.argsort(-(vectors @ vectors.mean(axis=0)), kind="stable")


def _best(vectors: np.ndarray, seed: int) -> np.ndarray:
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    distinct = len(np.unique(vectors, axis=0))
    best, chosen = LEAST_SILHOUETTE, np.zeros(len(vectors), np.int64)
    for count in range(2, min(MOST_GROUPS, distinct - 1, len(vectors) // 4) + 1):
        groups = KMeans(count, n_init=4, random_state=seed).fit_predict(vectors)
        size = min(SAMPLE, len(vectors))
        if len(np.unique(groups)) < 2:
            continue
        worth = silhouette_score(
            vectors, groups, metric="cosine", sample_size=size, random_state=seed
        )
        if worth > best:
            best, chosen = worth, groups.astype(np.int64)
    return chosen
