"""`coverage` of 60,000 against 60,000 x 64: its balls beside the bare searches, and its ranking.

The bare searches are faiss's on the same cores: the k-th nearest of R in R, of D in D (for
recall), and the nearest of D to R. They take turns with ours on the same threads. Processor time
says more than the clock where others work on the machine: the bare searches are then kept waiting
as ours are.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.neighbours import random_unit
from excavate.gaps.belonging import SMOOTHED, around_of, ranked
from excavate.gaps.kin import kin
from excavate.gaps.prdc import Balls, balls
from excavate.gaps.two_sample import tell_apart

N, WIDTH, K, ROUNDS = 60_000, 64, 5, 2
Spent = tuple[float, float]  # seconds by the clock, and of the processor


def measure() -> list[dict[str, Any]]:
    """[{name, ours_s, theirs_s, ratio, note}]: ratio is ours to theirs in time, below 1 better."""
    one, other = _clustered(1), _clustered(2)[: N - N // 20]
    ours, bare = [], []
    for _ in range(ROUNDS):
        bare.append(_spent(lambda: _bare(one, other))[0])
        spent, found = _spent(lambda: balls(one, other, K, SMOOTHED))
        ours.append(spent)
    name = f"{N:,} x {WIDTH}: balls to bare searches (wanted: <= 1.3)"
    note = f"keeps {SMOOTHED} neighbours of each; density, coverage, precision and recall"
    return [
        _row(f"{name}, processor time", min(s for _, s in ours), min(s for _, s in bare), note),
        _row(f"{name}, by the clock", min(s for s, _ in ours), min(s for s, _ in bare), note),
        *_ranking(one, other, found),
    ]


def _bare(one: np.ndarray, other: np.ndarray) -> None:
    for side in (one, other):
        _knn(side, side, K + 1)
    _knn(one, other, 1)


def _ranking(one: np.ndarray, other: np.ndarray, found: Balls) -> list[dict[str, Any]]:
    near = found.near_reference, found.near_dataset
    (again, more), around = _spent(lambda: around_of(one, other, *near))
    together = kin(one, other, (around.own, around.theirs, around.across))
    (seconds, work), told = _spent(lambda: tell_apart(one, other, together=together))
    auc = told.auc
    note = f"5 folds; AUC {auc.value:.4f} ({auc.low:.4f} to {auc.high:.4f})"
    (last, least), _ = _spent(lambda: ranked(around, told, K, 0.1))
    name = f"{N:,} x {WIDTH}: ranking,"
    said = f"two searches; {more + least:.1f} s of the processor"
    return [
        {
            "name": f"{name} classifier",
            "ours_s": seconds,
            "note": f"{note}; {work:.1f} s of the processor",
        },
        {"name": f"{name} margins", "ours_s": again + last, "note": said},
    ]


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


def _spent(work: Callable[[], Any]) -> tuple[Spent, Any]:
    begun, busy = time.perf_counter(), time.process_time()
    result = work()
    return (time.perf_counter() - begun, time.process_time() - busy), result


if __name__ == "__main__":
    for row in measure():
        ratio = f" ratio {row['ratio']:.2f}" if "ratio" in row else ""
        print(f"{row['name']}: {row['ours_s']:.1f} s{ratio}; {row['note']}", flush=True)
