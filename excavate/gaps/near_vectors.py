"""Pairs of items that lie close in embedding space, and how close is closer than chance.

The vectors are centred first (what all pictures share says nothing about two of them) and
compared by cosine, as FiftyOne's near-duplicates are. Without a threshold one is derived for
each item from its own neighbourhood: where items lie evenly around one, in d dimensions, its
nearest of k neighbours is within t times the distance of its k-th with probability
1 - (1 - t^d)^(k - 1). The dimension d follows from the median of all items (as Facco et al. 2017
take it from two neighbours), t from how many items may look like copies by chance. Dense and
thin regions are thus judged alike, which one cosine for all would not do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from excavate.progress import Progress, silent

LARGEST_EXACT = 100_000  # beyond it an index proposes the neighbours, and its recall is told
SAME = 1e-3  # a distance that float32 vectors of one picture may have
_FEWEST = 20  # items with neighbours of their own, to tell a dimension


@dataclass(frozen=True, slots=True)
class NearVectors:
    """Pairs of rows, int64 first < second, float32 cosine, each once.

    `ratio`: how much nearer than the k-th neighbour a copy has to be, `dimension` what it was
    derived from; None where a cosine was given. `full`: how many rows have k copies, and maybe
    more. `recall` of the neighbours: 1 where they are exact.
    """

    first: np.ndarray
    second: np.ndarray
    cosine: np.ndarray
    ratio: float | None
    dimension: float | None
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
    """Near pairs of finite vectors (n, d); None where nothing can be derived.

    `own` (n,) bool: where some are not, own ones are compared with the others only. A group of
    more than k copies that are not equal is too dense to stand out: give a cosine to find it.
    Time: n * n * d multiplications up to LARGEST_EXACT rows. Memory: k neighbours of each.
    """
    near = centred(vectors)
    mine, rows, similar, recall = _neighbours(near, own, k, progress)
    if not rows.size:
        return None
    away = np.sqrt(np.maximum(2 - 2 * similar.astype(np.float64), 0))
    ratio = dimension = None
    if threshold is None:
        derived = derived_ratio(away[:, 0], away[:, -1], rows.shape[1], chance)
        if derived is None and not (away[:, 0] < SAME).any():
            return None
        ratio, dimension = derived or (0.0, None)
        hits = (away <= ratio * away[:, -1:]) | (away < SAME)
    else:
        hits = similar >= threshold
    at, column = np.nonzero(hits)
    one, other = mine[at], rows[at, column]
    first, second = np.minimum(one, other), np.maximum(one, other)
    _, kept = np.unique(first.astype(np.int64) * len(vectors) + second, return_index=True)
    cosine = similar[at, column][kept]
    return NearVectors(
        first[kept], second[kept], cosine, ratio, dimension, int(hits[:, -1].sum()), recall
    )


def centred(vectors: np.ndarray) -> np.ndarray:
    """Float32 (n, d): the mean taken away, of length 1 again; zero where nothing is left."""
    moved = vectors - vectors.mean(axis=0, dtype=np.float64).astype(np.float32)
    length = np.linalg.norm(moved, axis=1, keepdims=True)
    moved /= np.where(length > 1e-5, length, np.inf)
    return np.ascontiguousarray(moved, np.float32)


def derived_ratio(
    first: np.ndarray, last: np.ndarray, k: int, chance: float
) -> tuple[float, float] | None:
    """(t, d): nearer than t times the k-th distance, `chance` of n items would be by chance.

    first, last (n,): the distances of the nearest and the k-th neighbour. None where too few
    differ, or k is 1.
    """
    apart = (first >= SAME) & (last > first)
    if apart.sum() < _FEWEST or k < 2:
        return None
    middle = float(np.median(first[apart] / last[apart]))
    dimension = float(np.log(-np.expm1(np.log(0.5) / (k - 1))) / np.log(middle))
    rare = min(max(chance / len(first), 1e-12), 0.5)
    inner = -np.expm1(np.log1p(-rare) / (k - 1))  # t to the power d
    return float(inner ** (1 / dimension)), dimension


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
