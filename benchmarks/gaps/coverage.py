"""`coverage` of 60,000 against 60,000 x 64: its balls beside the bare searches, and its ranking.

The bare searches are faiss's on the same cores: the k-th nearest of R in R, of D in D (for
recall), and the nearest of D to R. They take turns with ours. Processor time is that of one thread
each and holds on a busy machine too; by the clock all threads work, and where others keep them
waiting, faiss's wait for each other and ours do not: the ratio is then too good.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.neighbours import random_unit
from excavate.gaps.belonging import SMOOTHED, around_of, ranked
from excavate.gaps.kin import kin
from excavate.gaps.prdc import Balls, balls
from excavate.gaps.two_sample import tell_apart

N, WIDTH, K, ROUNDS = 60_000, 64, 5, 2
Spent = tuple[float, float]  # seconds: by the clock and of the processor, or ours and theirs


def measure() -> list[dict[str, Any]]:
    """[{name, ours_s, theirs_s, ratio, note}]: ratio is ours to theirs in time, below 1 better."""
    one, other = _clustered(1), _clustered(2)[: N - N // 20]
    alone, together = [], []
    for _ in range(ROUNDS):
        with threadpool_limits(1):
            alone.append(_both(one, other)[1])
        found, _, clock = _both(one, other)
        together.append(clock)
    name = f"{N:,} x {WIDTH}: balls to bare searches (wanted: <= 1.3)"
    note = f"keeps {SMOOTHED} neighbours of each; density, coverage, precision and recall"
    return [
        _row(f"{name}, processor time", np.min(alone, axis=0), note),
        _row(f"{name}, by the clock", np.min(together, axis=0), note),
        *_ranking(one, other, found),
    ]


def _both(one: np.ndarray, other: np.ndarray) -> tuple[Balls, Spent, Spent]:
    """The balls; the seconds of the processor, and by the clock, of ours and of the bare."""
    bare, _ = _spent(lambda: _bare(one, other))
    ours, found = _spent(lambda: balls(one, other, K, SMOOTHED))
    return found, (ours[1], bare[1]), (ours[0], bare[0])


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


def _row(name: str, spent: np.ndarray, note: str) -> dict[str, Any]:
    ours, theirs = spent.tolist()
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
