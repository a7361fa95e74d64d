"""Laying points out in two dimensions: UMAP (McInnes et al. 2018) from known neighbours.

umap-learn's own two steps are called with the neighbours at hand, so nothing is searched
twice and pynndescent's compilation is not paid for; the outcome is that of
`umap.UMAP(precomputed_knn=…).fit`. Where there are too few points for a graph, a plain
projection stands in, and says so.
"""

from __future__ import annotations

import threading
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from excavate.errors import ExcavateError

FEWEST = 10  # points that UMAP's spectral start works with
_ONE_AT_A_TIME = threading.Lock()  # numba's default threads abort when entered twice


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a layout is asked for. `n_neighbors` counts the point itself, as umap-learn does."""

    n_neighbors: int = 15  # 2 or more
    min_dist: float = 0.1  # 0 to 1
    seed: int = 42  # 0 to 4294967295

    def __post_init__(self) -> None:
        """Raises ExcavateError that names every parameter out of its range."""
        wrong = {
            "n_neighbors must be 2 or more": self.n_neighbors >= 2,
            "min_dist must lie from 0 to 1": 0 <= self.min_dist <= 1,
            "seed must lie from 0 to 4294967295": 0 <= self.seed < 1 << 32,
        }
        said = "; ".join(what for what, holds in wrong.items() if not holds)
        if said:
            raise ExcavateError(said, "layout")


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Coordinates float32 (n, 2), and how they really came about."""

    points: np.ndarray
    method: str  # umap, pca or circle
    n_neighbors: int
    start: str  # spectral or random for umap, else none


def arrange(
    vectors: np.ndarray, rows: np.ndarray, similar: np.ndarray, asked: Parameters
) -> Arrangement:
    """Lay out n points by their neighbours (`rows`, `similar`: (n, k), itself left out).

    At least `min(n_neighbors, n) - 1` neighbours are needed. The same input and seed give the
    same layout. Never NaN: a start that fails is replaced by a random one.
    """
    n = len(vectors)
    if n < FEWEST:
        return _few(vectors)
    size = min(asked.n_neighbors, n)
    indices, distances = _with_itself(rows, similar, size)
    for start in ("spectral", "random"):
        points = _umap(vectors, indices, distances, asked, start)
        if np.isfinite(points).all():
            return Arrangement(points, "umap", size, start)
    return _few(vectors)


def _with_itself(rows: np.ndarray, similar: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """umap-learn wants the point itself first, at distance 0, and exactly `size` columns."""
    n = len(rows)
    if rows.shape[1] < size - 1:
        raise ValueError(f"{rows.shape[1]} neighbours given, {size - 1} needed")
    itself = np.arange(n, dtype=np.int32)[:, None]
    indices = np.hstack([itself, rows[:, : size - 1].astype(np.int32)])
    apart = np.clip(1.0 - similar[:, : size - 1], 0.0, 2.0)
    distances = np.hstack([np.zeros((n, 1)), apart]).astype(np.float32)
    return np.ascontiguousarray(indices), np.ascontiguousarray(distances)


def _umap(
    vectors: np.ndarray, indices: np.ndarray, distances: np.ndarray, asked: Parameters, start: str
) -> np.ndarray:
    from umap.umap_ import find_ab_params, fuzzy_simplicial_set, simplicial_set_embedding

    draw = np.random.RandomState(asked.seed)
    a, b = find_ab_params(1.0, asked.min_dist)
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        graph, _, _ = fuzzy_simplicial_set(
            vectors,
            indices.shape[1],
            draw,
            "cosine",
            knn_indices=indices,
            knn_dists=distances,
        )
        points, _ = simplicial_set_embedding(
            vectors, graph, 2, 1.0, a, b, 1.0, 5, None, start, draw, "cosine", {}, False, {}, False
        )
    return np.asarray(points, dtype=np.float32)


def _few(vectors: np.ndarray) -> Arrangement:
    """The two main directions of a handful of points; a circle where they are all alike."""
    n = len(vectors)
    centred = np.asarray(vectors, dtype=np.float64)
    centred = centred - centred.mean(axis=0) if n else centred
    if n == 0 or np.abs(centred).max(initial=0.0) < 1e-6:
        return Arrangement(_circle(n), "circle", 0, "none")
    left, sizes, _ = np.linalg.svd(centred, full_matrices=False)
    points = np.zeros((n, 2))
    kept = min(2, len(sizes))
    points[:, :kept] = left[:, :kept] * sizes[:kept]
    return Arrangement(_scaled(points), "pca", 0, "none")


def _circle(n: int) -> np.ndarray:
    if n < 2:
        return np.zeros((n, 2), np.float32)
    angles = 2 * np.pi * np.arange(n) / n
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def _scaled(points: np.ndarray) -> np.ndarray:
    largest: Any = np.abs(points).max()
    return np.asarray(points * (10.0 / largest), dtype=np.float32)
