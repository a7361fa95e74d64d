"""Trustworthiness of a layout (Venna and Kaski 2001): are its neighbours really neighbours?

    T(k) = 1 - 2 / (n k (2n - 3k - 1)) * sum_i sum_{j in U_k(i)} (r(i, j) - k)

where U_k(i) are those among the k nearest of i in the layout that are not among its k nearest
in embedding space, and r(i, j) is the rank of j there. 1 is best, about 0.5 is chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

EXACT_UP_TO = 5_000  # points; beyond, a seeded sample
SAMPLE = 2_000
BLOCK = 4_000_000  # similarities held at a time


@dataclass(frozen=True, slots=True)
class Trust:
    """`value` over `points` of `of` points; `low` and `high` are 95 % bounds where estimated."""

    value: float | None  # None: not measured (fewer than 4 points)
    k: int
    points: int
    of: int
    low: float | None = None
    high: float | None = None

    def as_result(self) -> dict[str, float | int | None]:
        """For the sidecar of a layout."""
        return {
            "trustworthiness": self.value,
            "trustworthiness_k": self.k,
            "trustworthiness_points": self.points,
            "trustworthiness_low": self.low,
            "trustworthiness_high": self.high,
        }


def trustworthiness(
    vectors: np.ndarray, layout: np.ndarray, k: int, seed: int = 0, sample: int | None = None
) -> Trust:
    """T(k) of a layout (n, 2) of L2-normalised vectors (n, d), neighbours by cosine.

    k is lowered below n / 2, where the measure is defined. Up to EXACT_UP_TO points it is
    exact; beyond, or with `sample`, it is the mean over that many points drawn by `seed`, with
    a 95 % interval (normal approximation, finite population). Memory: a block of similarities.
    """
    n = len(vectors)
    k = min(k, (n - 1) // 2)
    if k < 1:
        return Trust(None, 0, 0, n)
    points = np.arange(n)
    sample = sample or (n if n <= EXACT_UP_TO else SAMPLE)
    if sample < n:
        points = np.sort(np.random.default_rng(seed).choice(n, sample, replace=False))
    penalties = _penalties(vectors, layout, points, k)
    scale = 2.0 / (k * (2.0 * n - 3.0 * k - 1.0))
    value = 1.0 - scale * float(penalties.mean())
    if len(points) == n:
        return Trust(value, k, n, n)
    share = 1.0 - len(points) / n
    error = 1.96 * scale * float(penalties.std(ddof=1)) * np.sqrt(share / len(points))
    return Trust(value, k, len(points), n, value - float(error), min(1.0, value + float(error)))


def _penalties(vectors: np.ndarray, layout: np.ndarray, points: np.ndarray, k: int) -> np.ndarray:
    """For each point the sum of (rank - k) over its layout neighbours that rank beyond k."""
    neighbours = _layout_neighbours(layout, points, k)
    penalties = np.empty(len(points))
    step = max(1, BLOCK // len(vectors))
    for start in range(0, len(points), step):
        part = slice(start, start + step)
        ranks = _ranks(vectors, points[part], neighbours[part])
        penalties[part] = np.clip(ranks - k, 0, None).sum(axis=1)
    return penalties


def _layout_neighbours(layout: np.ndarray, points: np.ndarray, k: int) -> np.ndarray:
    from scipy.spatial import cKDTree  # type: ignore[import-untyped]

    tree = cKDTree(layout)
    _, found = tree.query(layout[points], k=k + 1)
    itself = found == points[:, None]
    itself[~itself.any(axis=1), -1] = True  # crowded out by points on the same spot
    return np.asarray(found[~itself].reshape(len(points), k))


def _ranks(vectors: np.ndarray, points: np.ndarray, neighbours: np.ndarray) -> np.ndarray:
    """Rank (1 = nearest) of each neighbour by similarity; equals share the better rank."""
    similar = np.asarray(vectors[points] @ vectors.T)
    similar[np.arange(len(points)), points] = -np.inf
    asked = np.take_along_axis(similar, neighbours, 1)
    nearer = [(similar > one[:, None]).sum(axis=1) for one in asked.T]
    return np.stack(nearer, axis=1) + 1
