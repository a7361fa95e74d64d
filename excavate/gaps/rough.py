"""The nearest by cosine to rounding: faiss's float32 products as they come.

For measures whose thresholds lie outside of rounding and need no settled order: two to three times
as fast as `embedding/nearest.py`, which settles it in float64. Of rows equally near within rounding
any may stand for the others. Work goes in blocks, each on one thread, so that the numbers are the
same however many threads there are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from multiprocessing.pool import ThreadPool
from typing import Any

import numpy as np

from excavate.progress import Progress, silent

QUERIES = 4096  # of a block of a search
Near = tuple[np.ndarray, np.ndarray]  # rows int32 and similarities float32, (n, k)


def around(vectors: np.ndarray, k: int, progress: Progress = silent) -> Near:
    """The k nearest of each of (n, d) unit vectors, itself left out, the nearest first.

    (n, min(k, n - 1)). An item that is not among its own nearest has as many copies: one of them
    is left out in its place.
    """
    rows, similar = among(vectors, vectors, k + 1, progress)
    itself = rows == np.arange(len(vectors), dtype=np.int32)[:, None]
    itself[~itself.any(axis=1), -1] = True
    shape = len(rows), rows.shape[1] - 1
    return rows[~itself].reshape(shape), similar[~itself].reshape(shape)


def among(queries: np.ndarray, rows: np.ndarray, k: int, progress: Progress = silent) -> Near:
    """The k nearest of each query (m, d) among rows (n, d); (m, min(k, n)). O(m n d)."""
    import faiss

    asked, whole = (np.ascontiguousarray(side, np.float32) for side in (queries, rows))

    def search(block: slice) -> Near:
        similar, found = faiss.knn(
            asked[block], whole, min(k, len(whole)), metric=faiss.METRIC_INNER_PRODUCT
        )
        return found.astype(np.int32), similar

    parts = in_blocks(search, len(asked), QUERIES, "neighbours", progress)
    return np.concatenate([rows for rows, _ in parts]), np.concatenate([s for _, s in parts])


def lengths(similar: np.ndarray) -> np.ndarray:
    """The distances of unit vectors of these cosines."""
    return np.sqrt(np.maximum(2 - 2 * similar.astype(np.float64), 0))


def in_blocks(
    work: Callable[[slice], Any], items: int, size: int, stage: str, progress: Progress
) -> Sequence[Any]:
    """What `work` gives for each block of so many items, in order; each block on one thread."""
    import faiss
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    blocks = [slice(start, start + size) for start in range(0, items, size)]
    threads = max(1, min(len(blocks), faiss.omp_get_max_threads()))
    done = []
    # A thread's own number of OpenMP threads is what faiss goes by; NumPy's BLAS has one for all.
    with threadpool_limits(1), ThreadPool(threads, faiss.omp_set_num_threads, (1,)) as pool:
        for part in pool.imap(work, blocks):
            done.append(part)
            progress(stage, min(len(done) * size, items), items)
    return done
