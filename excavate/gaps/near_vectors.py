"""Pairs of items that lie close in embedding space, and how close is closer than chance.

The vectors are centred first (what all pictures share says nothing about two of them) and
compared by cosine, as FiftyOne's near-duplicates are. Without a threshold one is derived for
each item from its own neighbourhood, in its own dimension: see `near_law.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from excavate.gaps.near_law import SAME, Law, near_law
from excavate.progress import Progress, silent

LARGEST_EXACT = 100_000  # beyond it an index proposes the neighbours, and its recall is told
LOOKED = 4  # times k neighbours are looked at: the nearer half may be copies


@dataclass(frozen=True, slots=True)
class NearVectors:
    """Pairs of rows, int64 first < second, float32 cosine, each once.

    `ratio`: how near a copy has to be at most, in distances to the farthest neighbour looked at,
    and `dimension`, both the median of all items; None where a cosine was given. `full`: how
    many rows may have more copies than were looked at. `recall` of the neighbours: 1 where they
    are exact.
    """

    first: np.ndarray
    second: np.ndarray
    cosine: np.ndarray
    ratio: float | None
    dimension: float | None
    full: int
    recall: float


@dataclass(frozen=True, slots=True)
class _Near:
    """The neighbours that some rows have among others: rows (m, k), similar (m, k)."""

    mine: np.ndarray
    rows: np.ndarray
    similar: np.ndarray
    recall: float = 1.0


def near_vectors(
    vectors: np.ndarray,
    own: np.ndarray,
    threshold: float | None,
    chance: float,
    k: int,
    progress: Progress = silent,
) -> NearVectors | None:
    """Near pairs of finite vectors (n, d); None where nothing can be derived.

    `own` (n,) bool: where some are not, own ones are compared with the others only, and the
    others with them. Groups of up to 2 k copies stand out; who is in a larger one is counted as
    `full`. At most about `chance` items are in a pair by chance: see `near_law`. Time: n * n * d
    multiplications up to LARGEST_EXACT rows. Memory: LOOKED * k neighbours of each.
    """
    found = _neighbours(centred(vectors), own, LOOKED * k, progress)
    if not found:
        return None
    asked = sum(len(one.mine) for one in found)
    laws = [None if threshold is not None else _law(one, chance / asked) for one in found]
    same = any((_away(one)[:, 0] < SAME).any() for one in found)
    if threshold is None and not any(laws) and not same:
        return None
    hits = [_hits(one, law, threshold) for one, law in zip(found, laws, strict=True)]
    pairs = [_pairs(one, hit, len(vectors)) for one, hit in zip(found, hits, strict=True)]
    code, cosine = (np.concatenate(side) for side in zip(*pairs, strict=True))
    code, kept = np.unique(code, return_index=True)
    known = [law for law in laws if law]
    full = sum(int(law.full.sum()) for law in known)
    if threshold is not None:
        full = sum(int(hit[:, -1].sum()) for hit in hits)
    return NearVectors(
        code // len(vectors), code % len(vectors), cosine[kept],
        known[0].ratio if known else None, known[0].dimension if known else None,
        full, min(one.recall for one in found),
    )  # fmt: skip


def centred(vectors: np.ndarray) -> np.ndarray:
    """Float32 (n, d): the mean taken away, of length 1 again; zero where nothing is left."""
    moved = vectors - vectors.mean(axis=0, dtype=np.float64).astype(np.float32)
    length = np.linalg.norm(moved, axis=1, keepdims=True)
    moved /= np.where(length > 1e-5, length, np.inf)
    return np.ascontiguousarray(moved, np.float32)


def _law(near: _Near, rare: float) -> Law | None:
    return near_law(_away(near), rare / 2)  # a pair makes two of its items copies


def _away(near: _Near) -> np.ndarray:
    """The distances of the neighbours, float64 (m, k)."""
    return np.sqrt(np.maximum(2 - 2 * near.similar.astype(np.float64), 0))


def _hits(near: _Near, law: Law | None, threshold: float | None) -> np.ndarray:
    if threshold is not None:
        return np.asarray(near.similar >= threshold)
    away = _away(near)
    reach = np.zeros(len(away)) if law is None else law.reach
    return np.asarray((away <= reach[:, None]) | (away < SAME))


def _pairs(near: _Near, hits: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """(first * n + second, cosine) of each hit."""
    at, column = np.nonzero(hits)
    one, other = near.mine[at].astype(np.int64), near.rows[at, column].astype(np.int64)
    return np.minimum(one, other) * n + np.maximum(one, other), near.similar[at, column]


def _neighbours(near: np.ndarray, own: np.ndarray, k: int, progress: Progress) -> list[_Near]:
    """Of all rows among all; or of the own among the others and of the others among the own."""
    from excavate.embedding.indexed import indexed_nearest
    from excavate.embedding.nearest import nearest, nearest_to

    mine, others = np.flatnonzero(own), np.flatnonzero(~own)
    if len(others):
        ways = ((mine, others), (others, mine)) if len(mine) else ()
        found = []
        for asked, among in ways:
            rows, similar = nearest_to(near[asked], near[among], k, progress=progress)
            found.append(_Near(asked, among[rows], similar))
        return found
    if len(near) < 2:
        return []
    if len(near) <= LARGEST_EXACT:
        return [_Near(mine, *nearest(near, k, progress=progress))]
    index = indexed_nearest(near, k, progress=progress)
    return [_Near(mine, index.rows, index.similarities, index.recall)]
