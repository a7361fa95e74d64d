"""`coverage` of 60,000 against 60,000 x 64: its balls beside the bare searches, and its ranking.

The bare searches are faiss's on the same cores: the k-th nearest of R in R, of D in D (for
recall), and the nearest of D to R. They take turns with ours.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.neighbours import random_unit
from excavate.gaps.belonging import SMOOTHED, ranked
from excavate.gaps.prdc import Balls, balls
from excavate.gaps.two_sample import Told, tell_apart

N, WIDTH, K, ROUNDS = 60_000, 64, 5, 2


def measure() -> list[dict[str, Any]]:
    """[{name, ours_s, theirs_s, ratio, note}]: ratio is ours to theirs in time, below 1 better."""
    one, other = _clustered(1), _clustered(2)[: N - N // 20]
    ours, all_bare, two_bare = [], [], []
    for _ in range(ROUNDS):
        own = [_timed(lambda a=a: _knn(a, a, K + 1))[0] for a in (one, other)]
        across = _timed(lambda: _knn(one, other, 1))[0]
        all_bare.append(sum(own) + across)
        two_bare.append(own[0] + across)
        seconds, found = _timed(lambda: balls(one, other, K, SMOOTHED))
        ours.append(seconds)
    name = f"{N:,} x {WIDTH}: balls, k = {K}, to bare searches"
    note = f"keeps {SMOOTHED} neighbours of each; density, coverage, precision and recall, exact"
    return [
        _row(f"{name} in R, in D, across (wanted: <= 1.3)", min(ours), min(all_bare), note),
        _row(f"{name} in R and across", min(ours), min(two_bare), "recall needs those in D too"),
        *_ranking(one, other, found),
    ]


def _ranking(one: np.ndarray, other: np.ndarray, found: Balls) -> list[dict[str, Any]]:
    seconds, told = _timed(lambda: tell_apart(one, other))
    auc = told.auc
    note = f"5 folds; AUC {auc.value:.4f} ({auc.low:.4f} to {auc.high:.4f}) by DeLong"
    again, _ = _timed(lambda: _ranked(one, other, told, found))
    return [
        {"name": f"{N:,} x {WIDTH}: the classifier", "ours_s": seconds, "note": note},
        {"name": f"{N:,} x {WIDTH}: margins and ranking", "ours_s": again, "note": "one search"},
    ]


def _ranked(one: np.ndarray, other: np.ndarray, told: Told, found: Balls) -> Any:
    near = (found.near_reference, found.near_dataset)
    return ranked(one, other, told, near, found.closest, K, 0.1)


def _row(name: str, ours: float, theirs: float, note: str) -> dict[str, Any]:
    return {"name": name, "ours_s": ours, "theirs_s": theirs, "ratio": ours / theirs, "note": note}


def _clustered(seed: int) -> np.ndarray:
    """Float32 (N, WIDTH) unit vectors around 200 centres, as pictures are."""
    draw = np.random.default_rng(seed)
    centres = random_unit(200, WIDTH)[draw.integers(0, 200, N)]
    vectors = centres + 0.1 * draw.standard_normal((N, WIDTH), dtype=np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def _knn(queries: np.ndarray, rows: np.ndarray, k: int) -> Any:
    import faiss

    return faiss.knn(queries, rows, k, metric=faiss.METRIC_INNER_PRODUCT)


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result
