"""The nearest by cosine, exactly: candidates in float32, the order settled in float64.

Fast matrix products (faiss on a CPU, torch on CUDA) propose a few more candidates than asked
for; their similarities are computed again in float64 and rounded to float32, so that equal
vectors have equal similarities, and ties go to the lower row. Where so many lie within
rounding of the k-th that the proposals may miss one (many equal vectors), that query is
compared with every row in float64.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from excavate.model import Progress, silent

SPARE = 8  # candidates beyond k
QUERIES = 1024  # rows of queries a block
GATHERED = 4_000_000  # numbers of candidates' vectors held at a time
FULL = 16_000_000  # similarities held at a time where a query is compared with every row

ON_DEVICE = 1 << 18  # rows in one matrix product on CUDA

# Queries, how many -> candidate rows of each query, best first, and their rough similarities.
Propose = Callable[[np.ndarray, int], tuple[np.ndarray, np.ndarray]]


def nearest(
    vectors: np.ndarray, k: int, device: str = "auto", progress: Progress = silent
) -> tuple[np.ndarray, np.ndarray]:
    """The k most similar rows of each row, itself left out.

    `vectors` is (n, d), L2-normalised. Returns int32 rows and float32 cosine similarities,
    both (n, min(k, n - 1)), most similar first, ties by lower row. A zero vector has
    similarity 0 to all. Exact: equal to sorting all float64 similarities rounded to float32.
    """
    return nearest_to(vectors, vectors, k, np.arange(len(vectors)), device, progress)


def nearest_to(
    queries: np.ndarray,
    rows: np.ndarray,
    k: int,
    itself: np.ndarray | None = None,
    device: str = "auto",
    progress: Progress = silent,
) -> tuple[np.ndarray, np.ndarray]:
    """As `nearest`, of other queries (m, d) among `rows` (n, d).

    `itself` (m,) is the row each query must not find, where it is one of them.
    """
    k = max(0, min(k, len(rows) - (itself is not None)))
    found = np.empty((len(queries), k), np.int32), np.empty((len(queries), k), np.float32)
    propose = _proposer(rows, _use_cuda(device, len(queries), rows))
    for start in range(0, len(queries) if k else 0, QUERIES):
        block = slice(start, start + QUERIES)
        avoided = None if itself is None else itself[block]
        found[0][block], found[1][block] = _block(queries[block], rows, k, avoided, propose)
        progress("neighbours", min(start + QUERIES, len(queries)), len(queries))
    return found


def search(rows: np.ndarray, query: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The k rows most similar to one query: int64 rows and float32 similarities, both (k,).

    `rows` (n, d) may be memory-mapped. The query (d,) is normalised here. Exact, ties by
    lower row.
    """
    scores = similarities(rows, query)
    k = max(0, min(k, len(scores)))
    if k == 0:
        return np.empty(0, np.int64), np.empty(0, np.float32)
    least = np.partition(scores, -k)[-k] - _slack(rows.shape[1])
    candidates = np.flatnonzero(scores >= least)
    exact = _dots(rows, candidates[None], _unit(query)[None])[0]
    order = np.argsort(-exact, kind="stable")[:k]
    return candidates[order], exact[order]


def similarities(rows: np.ndarray, query: np.ndarray) -> np.ndarray:
    """Float32 (n,): the cosine similarity of every row to one query (d,), to about 1e-6."""
    unit = _unit(query).astype(np.float32)
    return np.asarray(rows @ unit, dtype=np.float32)


def settled(
    queries: np.ndarray, rows: np.ndarray, proposed: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Proposed rows (m, c) in their true order; -1 (none) goes last with -inf.

    Returns int64 rows and float32 similarities (m, c), ties by lower row.
    """
    exact = np.empty(proposed.shape, np.float32)
    step = max(1, GATHERED // max(1, proposed.shape[1] * rows.shape[1]))
    for start in range(0, len(queries), step):
        part = slice(start, start + step)
        exact[part] = _dots(rows, proposed[part], queries[part])
    exact[proposed < 0] = -np.inf
    order = np.lexsort((proposed, -exact), axis=1)
    return np.take_along_axis(proposed, order, 1), np.take_along_axis(exact, order, 1)


def _block(
    queries: np.ndarray,
    rows: np.ndarray,
    k: int,
    avoided: np.ndarray | None,
    propose: Propose,
) -> tuple[np.ndarray, np.ndarray]:
    count = min(k + SPARE + (avoided is not None), len(rows))
    proposed, rough = propose(queries, count)
    if avoided is not None:
        proposed = np.where(proposed == avoided[:, None], -1, proposed)
    found, exact = settled(queries, rows, proposed)
    if count < len(rows):
        missed = rough[:, -1] >= exact[:, k - 1] - _slack(rows.shape[1])
        for part in _parts(np.flatnonzero(missed), len(rows)):
            mine = None if avoided is None else avoided[part]
            found[part, :k], exact[part, :k] = _against_all(queries[part], rows, k, mine)
    return found[:, :k].astype(np.int32), exact[:, :k]


def _parts(numbers: np.ndarray, width: int) -> list[np.ndarray]:
    step = max(1, FULL // width)
    return [numbers[i : i + step] for i in range(0, len(numbers), step)]


def _against_all(
    queries: np.ndarray, rows: np.ndarray, k: int, avoided: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    scores = np.empty((len(queries), len(rows)), np.float32)
    exact = queries.astype(np.float64)
    for start in range(0, len(rows), 8192):
        part = slice(start, start + 8192)
        scores[:, part] = exact @ rows[part].astype(np.float64).T
    if avoided is not None:
        scores[np.arange(len(queries)), avoided] = -np.inf
    least = np.partition(scores, -k, axis=1)[:, -k, None]
    above, level = scores > least, scores == least
    places_left = k - above.sum(axis=1, keepdims=True)
    chosen = above | (level & (np.cumsum(level, axis=1) <= places_left))
    found = np.nonzero(chosen)[1].reshape(len(queries), k)
    similar = np.take_along_axis(scores, found, 1)
    order = np.argsort(-similar, axis=1, kind="stable")
    return np.take_along_axis(found, order, 1), np.take_along_axis(similar, order, 1)


def _proposer(rows: np.ndarray, cuda: bool) -> Propose:
    return on_torch(rows, "cuda") if cuda else _on_faiss(rows)


def _on_faiss(rows: np.ndarray) -> Propose:
    import faiss

    whole = np.ascontiguousarray(rows, dtype=np.float32)

    def propose(queries: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
        asked = np.ascontiguousarray(queries, dtype=np.float32)
        rough, found = faiss.knn(asked, whole, count, metric=faiss.METRIC_INNER_PRODUCT)
        return found, rough

    return propose


def on_torch(rows: np.ndarray, device: str) -> Propose:
    """Proposals by matrix products on a torch device; the rows are brought there once."""
    import torch

    parts = [
        torch.from_numpy(np.array(rows[start : start + ON_DEVICE], np.float32)).to(device)
        for start in range(0, len(rows), ON_DEVICE)
    ]

    def propose(queries: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
        asked = torch.from_numpy(np.array(queries, np.float32)).to(device)
        tops = [torch.topk(asked @ part.T, min(count, len(part)), dim=1) for part in parts]
        found = [t.indices.cpu().numpy() + i * ON_DEVICE for i, t in enumerate(tops)]
        return _merged(found, [t.values.cpu().numpy() for t in tops], count)

    return propose


def _merged(
    found: list[np.ndarray], rough: list[np.ndarray], count: int
) -> tuple[np.ndarray, np.ndarray]:
    rows, scores = np.concatenate(found, axis=1), np.concatenate(rough, axis=1)
    order = np.argsort(-scores, axis=1)[:, :count]
    return np.take_along_axis(rows, order, 1), np.take_along_axis(scores, order, 1)


def _use_cuda(device: str, queries: int, rows: np.ndarray) -> bool:
    if device not in ("auto", "cuda") or queries * rows.size < 1 << 36:
        return False  # loading torch takes longer than the work
    import torch

    return bool(torch.cuda.is_available())


def _dots(rows: np.ndarray, chosen: np.ndarray, queries: np.ndarray) -> np.ndarray:
    gathered = rows[chosen].astype(np.float64)
    return np.asarray(np.matmul(gathered, queries.astype(np.float64)[:, :, None])[:, :, 0], "f4")


def _unit(query: np.ndarray) -> np.ndarray:
    exact = np.asarray(query, dtype=np.float64).reshape(-1)
    length = np.linalg.norm(exact)
    return np.asarray(exact / length if length > 0 else exact)


def _slack(dimension: int) -> float:
    """More than a float32 dot product of unit vectors is off by."""
    return 1e-6 + 2e-7 * float(np.sqrt(dimension))
