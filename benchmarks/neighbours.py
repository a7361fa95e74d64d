"""Neighbours: exact ones against scikit-learn's brute force, and where an index takes over."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from excavate.embedding.indexed import indexed_nearest
from excavate.embedding.nearest import nearest
from excavate.embedding.neighbours import EXACT_UP_TO

K = 15


def measure() -> list[dict[str, Any]]:
    """[{name, ours_s, theirs_s, ratio, note}]: ratio is theirs to ours in time."""
    vectors = random_unit(10_000, 512)
    nearest(vectors[:1000], K)
    ours, found = timed(lambda: nearest(vectors, K))
    wrong = int((found[0] != sorted_in_full(vectors)).sum())
    rows = []
    for metric in ("cosine", "euclidean"):
        theirs, _ = timed(lambda m=metric: _brute(vectors, m))
        rows.append(
            {
                "name": f"10,000 x 512, k = {K}, sklearn brute {metric} (wanted: >= 1)",
                "ours_s": ours,
                "theirs_s": theirs,
                "ratio": theirs / ours,
                "note": f"{wrong} of {found[0].size} differ from a float64 sort",
            }
        )
    return rows + [_takeover(count) for count in (EXACT_UP_TO // 2, 2 * EXACT_UP_TO)]


def _takeover(count: int) -> dict[str, Any]:
    vectors = clustered(count, 128)
    exact, _ = timed(lambda: nearest(vectors, K))
    index, found = timed(lambda: indexed_nearest(vectors, K))
    return {
        "name": f"{count:,} x 128: index (ours) against exact (theirs)",
        "ours_s": index,
        "theirs_s": exact,
        "ratio": exact / index,
        "note": f"recall {found.recall:.4f}; exact is used up to {EXACT_UP_TO:,}",
    }


def random_unit(n: int, d: int) -> np.ndarray:
    """Seeded float32 (n, d) of length 1."""
    vectors = np.random.default_rng(0).standard_normal((n, d), dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def clustered(n: int, d: int) -> np.ndarray:
    """As `random_unit`, around 200 centres, as pictures are."""
    centres = random_unit(200, d)[np.random.default_rng(1).integers(0, 200, n)]
    vectors = centres + 0.8 * random_unit(n, d)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def sorted_in_full(vectors: np.ndarray) -> np.ndarray:
    """The oracle: float64 similarities rounded to float32, a stable sort."""
    found = []
    for start in range(0, len(vectors), 1000):
        block = vectors[start : start + 1000].astype(np.float64)
        scores = (block @ vectors.T.astype(np.float64)).astype(np.float32)
        scores[np.arange(len(block)), np.arange(start, start + len(block))] = -np.inf
        found.append(np.argsort(-scores, axis=1, kind="stable")[:, :K])
    return np.concatenate(found)


def _brute(vectors: np.ndarray, metric: str) -> Any:
    from sklearn.neighbors import NearestNeighbors

    brute = NearestNeighbors(n_neighbors=K, algorithm="brute", metric=metric)
    return brute.fit(vectors).kneighbors()


def timed(work: Any, rounds: int = 3) -> tuple[float, Any]:
    """The best of some runs in seconds, and what the last gave."""
    seconds = []
    for _ in range(rounds):
        begun = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - begun)
    return min(seconds), result
