"""Every node's ancestors at once: a sparse matrix, built from the roots down, level by level."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

from excavate.catalog.tree import Tree, levels

MOST = 32_000_000  # pairs of a node and an ancestor that are held: 160 MB
DEEPEST = 256  # levels: each costs a copy of what is held


@dataclass(frozen=True, slots=True)
class Ancestors:
    """Row r names, by rank, the node of rank r and all above it; ranks go down the levels.

    `rank`: of each node, -1 for those that nobody asked for; `nodes`: the node of each rank.
    """

    matrix: Any  # scipy.sparse.csr_matrix of bool
    rank: np.ndarray
    nodes: np.ndarray


def upwards(tree: Tree, used: np.ndarray) -> np.ndarray:
    """Which nodes are used or lie above one that is: bool (n,). O(nodes + edges)."""
    needed: list[bool] = used.tolist()
    for node in reversed(tree.order):
        if needed[node]:
            for parent in tree.parents[node]:
                needed[parent] = True
    return np.array(needed, bool)


def ancestors(tree: Tree, used: np.ndarray | None = None, most: int = MOST) -> Ancestors | None:
    """The ancestors of the used nodes (bool (n,); all without), each once.

    None where they are too many to be listed.

    Time and memory grow with the pairs of a node and an ancestor: in WordNet some nine a node,
    in a ladder or a chain half the square of its length.
    """
    level = np.array(levels(tree), np.int64)
    if level.max(initial=0) >= DEEPEST:
        return None
    needed = np.arange(len(tree)) if used is None else np.flatnonzero(upwards(tree, used))
    nodes = needed[np.argsort(level[needed], kind="stable")]
    rank = np.full(len(tree), -1, np.int64)
    rank[nodes] = np.arange(len(nodes))
    starts, above = _edges(tree, nodes, rank)
    ends = np.cumsum(np.bincount(level[nodes], minlength=1))
    matrix = _grown(starts, above, ends.tolist(), most)
    return None if matrix is None else Ancestors(matrix, rank, nodes)


def _edges(tree: Tree, nodes: np.ndarray, rank: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each rank's parents begin, and their ranks."""
    parents = [tree.parents[node] for node in nodes.tolist()]
    starts = np.zeros(len(nodes) + 1, np.int64)
    np.cumsum([len(above) for above in parents], out=starts[1:])
    flat = np.fromiter(chain.from_iterable(parents), np.int64, int(starts[-1]))
    return starts, rank[flat].astype(np.int32)


def _grown(starts: np.ndarray, above: np.ndarray, ends: list[int], most: int) -> Any | None:
    """A level at a time: what is above a node's parents is above the node. None: too many."""
    indices, pointers = np.zeros(0, np.int32), np.zeros(1, np.int32)
    for first, end in zip([0, *ends[:-1]], ends, strict=True):
        parents = above[starts[first] : starts[end]]
        coming = np.diff(pointers)[parents].sum(dtype=np.int64) + end - first
        if len(indices) + int(coming) > most:
            return None
        own = (starts[first : end + 1] - starts[first]).astype(np.int32)
        found = _said(parents, own, first) @ _said(indices, pointers, len(starts) - 1)
        added, rows = _with_themselves(found, first)
        indices = np.concatenate([indices, added])
        pointers = np.concatenate([pointers, pointers[-1] + rows])
    return _said(indices, pointers, len(starts) - 1)


def _said(indices: np.ndarray, pointers: np.ndarray, width: int) -> Any:
    from scipy.sparse import csr_matrix

    shape = (len(pointers) - 1, width)
    return csr_matrix((np.ones(len(indices), bool), indices, pointers), shape, copy=False)


def _with_themselves(above: Any, first: int) -> tuple[np.ndarray, np.ndarray]:
    """(what is above each of a level's nodes and each node itself; where each of them ends)."""
    count = above.shape[0]
    ends = above.indptr[1:] + np.arange(1, count + 1, dtype=np.int32)
    added = np.empty(above.nnz + count, np.int32)
    itself = np.zeros(len(added), bool)
    itself[ends - 1] = True
    added[itself] = np.arange(first, first + count)
    added[~itself] = above.indices
    return added, ends
