"""One query over 1,000,000 x 512 in a memory-mapped file, against numpy on the same file."""

from __future__ import annotations

import resource
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.lib.format import open_memmap

from excavate.embedding.nearest import search

ROWS, DIMENSION, K, ROUNDS = 1_000_000, 512, 20, 7


def measure() -> list[dict[str, Any]]:
    """[{name, ours_s, theirs_s, ratio, note}]: ratio is ours to theirs in time (<= 1.5 wanted)."""
    with tempfile.TemporaryDirectory() as folder:
        matrix = _matrix(Path(folder) / "million.npy")
        query = np.ascontiguousarray(matrix[123_456])
        _numpy(matrix, query)  # the file is in memory from here on
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        ours, theirs = [], []
        for _ in range(ROUNDS):
            theirs.append(_timed(lambda: _numpy(matrix, query)))
            ours.append(_timed(lambda: search(matrix, query, K)))
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        same = set(_numpy(matrix, query)) == set(search(matrix, query, K)[0])
    return [
        {
            "name": "search 1,000,000 x 512 (wanted: <= 1.5 of numpy's time)",
            "ours_s": median(ours),
            "theirs_s": median(theirs),
            "ratio": median(ours) / median(theirs),
            "note": f"same {K} rows: {same}; memory grew by {grown / 1024:.0f} MB",
        }
    ]


def _matrix(file: Path) -> np.ndarray:
    made = open_memmap(file, mode="w+", dtype=np.float32, shape=(ROWS, DIMENSION))
    draw = np.random.default_rng(0)
    for start in range(0, ROWS, 50_000):
        block = draw.standard_normal((50_000, DIMENSION), dtype=np.float32)
        made[start : start + 50_000] = block / np.linalg.norm(block, axis=1, keepdims=True)
    made.flush()
    return np.load(file, mmap_mode="r")


def _numpy(matrix: np.ndarray, query: np.ndarray) -> np.ndarray:
    scores = matrix @ query
    top = np.argpartition(-scores, K)[:K]
    return top[np.argsort(-scores[top])]


def _timed(work: Any) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
