"""Pairs of items that lie close in embedding space, and how close is closer than chance.

The vectors are centred first (what all pictures share says nothing about two of them) and
compared by cosine, as FiftyOne's near-duplicates are. Without a threshold it is derived: the
similarities of the nearest neighbours, as Fisher's z, are held against the law of extremes
(Gumbel 1958) that their lower half obeys; beyond the threshold `chance` items in all would be
expected to have a neighbour that near.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from excavate.progress import Progress, silent

LARGEST_EXACT = 100_000  # beyond it an index proposes the neighbours, and its recall is told
_QUARTILES = (0.25, 0.5)  # what duplicates do not reach while fewer than half have one


@dataclass(frozen=True, slots=True)
class NearVectors:
    """Pairs of rows, int64 first < second, float32 cosine >= threshold, each once.

    `full`: how many rows have k neighbours above the threshold, and maybe more. `recall` of
    the neighbours: 1 where they are exact.
    """

    first: np.ndarray
    second: np.ndarray
    cosine: np.ndarray
    threshold: float
    full: int
    recall: float


def near_vectors(
    vectors: np.ndarray,
    own: np.ndarray,
    threshold: float | None,
    chance: float,
    k: int,
    progress: Progress = silent,
) -> NearVectors | None:
    """Near pairs of finite vectors (n, d); None where no threshold can be derived.

    `own` (n,) bool: where some are not, own ones are compared with the others only. Time:
    n * n * d multiplications up to LARGEST_EXACT rows. Memory: k neighbours of each.
    """
    near = centred(vectors)
    mine, rows, similar, recall = _neighbours(near, own, k, progress)
    if not rows.size:
        return None
    limit = derived_threshold(similar[:, 0], chance) if threshold is None else threshold
    if limit is None:
        return None
    at, column = np.nonzero(similar >= limit)
    one, other = mine[at], rows[at, column]
    first, second = np.minimum(one, other), np.maximum(one, other)
    _, kept = np.unique(first.astype(np.int64) * len(vectors) + second, return_index=True)
    full = int((similar[:, -1] >= limit).sum())
    return NearVectors(
        first[kept], second[kept], similar[at, column][kept], limit, full, recall
    )  # fmt: skip


def centred(vectors: np.ndarray) -> np.ndarray:
    """Float32 (n, d): the mean taken away, of length 1 again; zero where nothing is left."""
    moved = vectors - vectors.mean(axis=0, dtype=np.float64).astype(np.float32)
    length = np.linalg.norm(moved, axis=1, keepdims=True)
    moved /= np.where(length > 1e-5, length, np.inf)
    return np.ascontiguousarray(moved, np.float32)


def derived_threshold(nearest: np.ndarray, chance: float) -> float | None:
    """The cosine above which `chance` of these nearest similarities (n,) are expected.

    None where half of them are equal: there is no spread to derive anything from.
    """
    z = np.arctanh(np.clip(nearest.astype(np.float64), -0.999999, 0.999999))
    quarter, half = np.quantile(z, _QUARTILES)
    low, middle = (-np.log(-np.log(p)) for p in _QUARTILES)
    scale = (half - quarter) / (middle - low)
    if scale < 1e-6:
        return None
    place = half - scale * middle
    rare = min(max(chance / len(nearest), 1e-12), 0.5)
    return float(np.tanh(place - scale * np.log(-np.log1p(-rare))))


def _neighbours(
    near: np.ndarray, own: np.ndarray, k: int, progress: Progress
) -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    """(rows asked, their neighbours' rows (m, k), similarities (m, k), recall)."""
    from excavate.embedding.indexed import indexed_nearest
    from excavate.embedding.nearest import nearest, nearest_to

    mine, others = np.flatnonzero(own), np.flatnonzero(~own)
    if len(others):
        rows, similar = nearest_to(near[mine], near[others], k, progress=progress)
        return mine, others[rows], similar, 1.0
    if len(near) <= LARGEST_EXACT:
        rows, similar = nearest(near, k, progress=progress)
        return mine, rows.astype(np.int64), similar, 1.0
    found = indexed_nearest(near, k, progress=progress)
    return mine, found.rows.astype(np.int64), found.similarities, found.recall
