"""The nearest by an index, for sets too large to compare all with all; recall is measured.

An inverted file of faiss: rows are put into cells by k-means, and a query looks into the
`nprobe` cells nearest to it. `nprobe` is doubled until, on a seeded sample, the share of the
true k nearest that are found (recall@k) reaches `WANTED`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from excavate.embedding.nearest import SPARE, nearest_to, settled
from excavate.model import Progress, silent

WANTED = 0.99
SAMPLE = 1000  # queries that recall is measured on
TRAINED_ON = 40  # rows a cell for k-means
FIRST_PROBE = 16
QUERIES = 8192
SEED = 20231  # of the sample and the training rows; fixed, so that a run can be repeated


@dataclass(frozen=True, slots=True)
class Found:
    """Rows and similarities (n, k) as `nearest` gives them, and how far they can be trusted."""

    rows: np.ndarray
    similarities: np.ndarray
    recall: float
    sample: int
    cells: int
    probed: int


def indexed_nearest(
    vectors: np.ndarray, k: int, device: str = "auto", progress: Progress = silent
) -> Found:
    """As `nearest`, approximately: every neighbour given is real, some may be missed.

    Memory: the index holds a copy of the vectors. Recall is measured against exact search.
    """
    k = max(0, min(k, len(vectors) - 1))
    draw = np.random.default_rng(SEED)
    cells = max(1, int(4 * np.sqrt(len(vectors))))
    index = _trained(vectors, cells, draw)
    sample = np.sort(draw.choice(len(vectors), min(SAMPLE, len(vectors)), replace=False))
    truth, _ = nearest_to(vectors[sample], vectors, k, sample, device)
    recall = _tuned(index, vectors, sample, truth, cells)
    found = np.empty((len(vectors), k), np.int32), np.empty((len(vectors), k), np.float32)
    for start in range(0, len(vectors), QUERIES):
        numbers = np.arange(start, min(start + QUERIES, len(vectors)))
        part = slice(start, start + QUERIES)
        found[0][part], found[1][part] = _ask(index, vectors, numbers, k)
        progress("neighbours", int(numbers[-1]) + 1, len(vectors))
    return Found(*found, recall, len(sample), cells, int(index.nprobe))


def recall_of(found: np.ndarray, truth: np.ndarray) -> float:
    """The share of the true rows (m, k) that are among those found (m, k)."""
    hits = (found[:, :, None] == truth[:, None, :]).any(axis=1)
    return float(hits.mean()) if hits.size else 1.0


def _trained(vectors: np.ndarray, cells: int, draw: np.random.Generator) -> Any:
    import faiss

    index = faiss.IndexIVFFlat(
        faiss.IndexFlatIP(vectors.shape[1]), vectors.shape[1], cells, faiss.METRIC_INNER_PRODUCT
    )
    index.own_fields = False
    index.cp.min_points_per_centroid = 1
    chosen = draw.choice(len(vectors), min(len(vectors), cells * TRAINED_ON), replace=False)
    index.train(np.ascontiguousarray(vectors[np.sort(chosen)]))
    for start in range(0, len(vectors), 65536):
        index.add(np.ascontiguousarray(vectors[start : start + 65536]))
    return index


def _tuned(
    index: Any, vectors: np.ndarray, sample: np.ndarray, truth: np.ndarray, cells: int
) -> float:
    index.nprobe = min(FIRST_PROBE, cells)
    while True:
        recall = recall_of(_ask(index, vectors, sample, truth.shape[1])[0], truth)
        if recall >= WANTED or index.nprobe >= cells:
            return recall
        index.nprobe = min(2 * index.nprobe, cells)


def _ask(
    index: Any, vectors: np.ndarray, numbers: np.ndarray, k: int
) -> tuple[np.ndarray, np.ndarray]:
    queries = np.ascontiguousarray(vectors[numbers])
    _, proposed = index.search(queries, min(k + 1 + SPARE, len(vectors)))
    proposed = np.where(proposed == numbers[:, None], -1, proposed)
    rows, similarities = (found[:, :k] for found in settled(queries, vectors, proposed))
    short = np.flatnonzero((rows < 0).any(axis=1))  # fewer than k in the cells looked into
    if len(short):
        exact = nearest_to(queries[short], vectors, k, numbers[short], "cpu")
        rows[short], similarities[short] = exact
    return rows, similarities
