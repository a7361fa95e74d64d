"""Labels rolled up a taxonomy: how many items lie at or below each node, each item once.

A taxonomy may be a DAG and an item may have several labels: it still counts once at each node
above any of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from excavate.catalog.tree import Tree
from excavate.gaps.ancestors import MOST, Ancestors, ancestors
from excavate.gaps.bitrows import count_by_bits

CHUNK = 1 << 24  # pairs of an item and a node above it that are held at once: some 150 MB
A_PAIR, A_WORD = 8e-9, 4e-9  # seconds, roughly: which of two ways is quicker
Labels = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True, slots=True)
class Grouped:
    """Each item's distinct nodes, one item after another; `starts` (items + 1) says where.

    `weights`: how many items there are of this kind.
    """

    starts: np.ndarray
    nodes: np.ndarray
    weights: np.ndarray


NOTHING = Grouped(np.zeros(1, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64))


def roll_up(tree: Tree, labels: Labels) -> np.ndarray:
    """Distinct items at or below each node: int64 (n_nodes,).

    `labels`: (item numbers, node numbers), int64 of equal length, in any order; what is said
    twice counts once. Exact. Cost: the pairs of an item and a node above it, where these are
    few (a tree, or a DAG whose nodes have some hundred ancestors); else edges x items / 64.
    Raises ValueError where the lengths differ or a node is not in the tree.
    """
    own, several = _grouped(*_checked(tree, labels), len(tree))
    used = own > 0
    used[several.nodes] = True
    return _rolled(tree, ancestors(tree, used, MOST), own, several)


class Rolling:
    """One tree to roll several things up: its ancestors are found once. As `roll_up`."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._above = ancestors(tree)

    def items(self, labels: Labels) -> np.ndarray:
        """Distinct items at or below each node: int64 (n,)."""
        own, several = _grouped(*_checked(self.tree, labels), len(self.tree))
        return _rolled(self.tree, self._above, own, several)

    def weights(self, weights: np.ndarray) -> np.ndarray:
        """What the nodes at or below each weigh, each node once: int64 (n,), none below 0."""
        return _rolled(self.tree, self._above, weights.astype(np.int64), NOTHING)

    def lowest(self, labels: Labels) -> Labels:
        """Distinct labels without those that lie above another one of the same item.

        Some sources write a label's parents beside it; they say nothing more. In a graph whose
        ancestors are too many to be listed, all are kept.
        """
        items, nodes = labels
        if self._above is None or not len(items):
            return labels
        inner = np.array([bool(below) for below in self.tree.children])[nodes]
        first = np.flatnonzero(np.diff(items, prepend=items[0] - 1))
        sizes = np.diff(np.append(first, len(items)))
        at = np.repeat(np.logical_or.reduceat(inner, first) & (sizes > 1), sizes)
        if not at.any():
            return labels
        kept = np.ones(len(items), bool)
        kept[at] = ~_above_others(self._above, items[at], nodes[at], inner[at])
        return items[kept], nodes[kept]


def _checked(tree: Tree, labels: Labels) -> Labels:
    items, nodes = (np.asarray(one, np.int64) for one in labels)
    if len(items) != len(nodes):
        raise ValueError(f"{len(items)} items for {len(nodes)} nodes")
    if len(nodes) and not 0 <= nodes.min() <= nodes.max() < len(tree):
        raise ValueError(f"a node lies beyond the {len(tree)} of the tree")
    return items, nodes


def _rolled(tree: Tree, above: Ancestors | None, own: np.ndarray, several: Grouped) -> np.ndarray:
    if above is None or _bits_are_quicker(tree, above, several):
        return count_by_bits(tree, *_together(own, several))
    counts = np.zeros(len(tree), np.int64)
    counts[above.nodes] = _of_ones(above, own) + _of_several(above, several)
    return counts


def distinct_labels(count: int, labels: Labels) -> Labels:
    """Each (item, node) once, by item, then node; items are numbered as they were."""
    items, nodes = (np.asarray(one, np.int64) for one in labels)
    numbers, item = np.unique(items, return_inverse=True)
    pairs = _distinct(item.reshape(-1) * max(count, 1) + nodes)
    found = pairs // max(count, 1)
    return numbers[found], pairs - found * max(count, 1)


def _grouped(items: np.ndarray, nodes: np.ndarray, count: int) -> tuple[np.ndarray, Grouped]:
    """(items of one node alone, by node; the items that have several)."""
    pairs = _numbered(items) * max(count, 1) + nodes
    pairs = _distinct(pairs)
    item = pairs // max(count, 1)
    node = pairs - item * max(count, 1)
    sizes = np.bincount(item)
    alone = sizes[item] == 1 if len(item) else np.zeros(0, bool)
    several = sizes[sizes > 1]
    starts = np.concatenate([[0], np.cumsum(several)]).astype(np.int64)
    own = np.bincount(node[alone], minlength=count)
    return own, Grouped(starts, node[~alone], np.ones(len(several), np.int64))


def _distinct(pairs: np.ndarray) -> np.ndarray:
    """Each once, in order. Sorted: numpy's own unique hashes, ten times slower here."""
    if np.any(pairs[1:] < pairs[:-1]):
        pairs = np.sort(pairs)
    first = np.ones(len(pairs), bool)
    first[1:] = pairs[1:] != pairs[:-1]
    found: np.ndarray = pairs[first]
    return found


def _numbered(items: np.ndarray) -> np.ndarray:
    """The items as 0, 1, 2, … in their order, whatever their numbers were."""
    if np.any(items[1:] < items[:-1]):
        return np.unique(items, return_inverse=True)[1].reshape(-1)
    return np.concatenate([[0], np.cumsum(items[1:] != items[:-1])])[: len(items)]


def _bits_are_quicker(tree: Tree, above: Ancestors, several: Grouped) -> bool:
    sizes = np.diff(above.matrix.indptr)
    pairs = int(sizes[above.rank[several.nodes]].sum(dtype=np.int64))
    words = (len(several.weights) + len(above.nodes)) / 64
    return pairs * A_PAIR > sum(map(len, tree.parents)) * words * A_WORD + 1


def _together(own: np.ndarray, several: Grouped) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(starts, nodes, weights) of the kinds of items: those of one node, those of several."""
    ones = np.flatnonzero(own)
    starts = np.concatenate([np.arange(len(ones)), len(ones) + several.starts])
    nodes = np.concatenate([ones, several.nodes])
    return starts, nodes, np.concatenate([own[ones], several.weights])


def _of_ones(above: Ancestors, own: np.ndarray) -> np.ndarray:
    """By rank: items of a single node. Their ancestors are distinct as they are."""
    weights, matrix = own[above.nodes], above.matrix
    counts = np.zeros(len(above.nodes))
    for first, end in _chunks(np.diff(matrix.indptr)):
        at = slice(matrix.indptr[first], matrix.indptr[end])
        each = np.repeat(weights[first:end], np.diff(matrix.indptr[first : end + 1]))
        counts += np.bincount(matrix.indices[at], each, len(counts))
    return counts.astype(np.int64)  # whole numbers below 2**53 are exact as floats


def _of_several(above: Ancestors, several: Grouped) -> np.ndarray:
    """By rank: items of several nodes, each once: the rows of a sparse product name them."""
    from scipy.sparse import csr_matrix

    counts = np.zeros(len(above.nodes), np.int64)
    ranks = above.rank[several.nodes].astype(np.int32)
    sizes = np.diff(above.matrix.indptr)[ranks]
    reached = np.add.reduceat(sizes, several.starts[:-1]) if len(ranks) else sizes
    for first, end in _chunks(reached):
        at = several.starts[first : end + 1]
        held = ranks[at[0] : at[-1]]
        said: tuple[Any, ...] = (np.ones(len(held), bool), held, at - at[0])
        of_items = csr_matrix(said, (end - first, len(counts)))
        counts += np.bincount((of_items @ above.matrix).indices, minlength=len(counts))
    return counts


def _above_others(
    above: Ancestors, items: np.ndarray, nodes: np.ndarray, inner: np.ndarray
) -> np.ndarray:
    """Which labels lie above another of their item, item by item: bool (n,). Only `inner` may.

    Two by two, or all that an item reaches, whichever is less.
    """
    first = np.flatnonzero(np.diff(items, prepend=items[0] - 1))
    starts = np.append(first, len(items))
    sizes = np.repeat(np.diff(starts), np.diff(starts))
    ranks = above.rank[nodes].astype(np.int32)
    if sizes[inner].sum() <= np.diff(above.matrix.indptr)[ranks].sum():
        return _two_by_two(above, ranks, np.repeat(first, np.diff(starts)), sizes, inner)
    return _reached_again(above, ranks, starts)


def _two_by_two(
    above: Ancestors, ranks: np.ndarray, first: np.ndarray, sizes: np.ndarray, inner: np.ndarray
) -> np.ndarray:
    """Each inner label beside each other one of its item: is it among that one's ancestors?"""
    found, upper = np.zeros(len(ranks), bool), np.flatnonzero(inner)
    for begin, end in _chunks(sizes[upper]):
        some = upper[begin:end]
        each = sizes[some]
        one = np.repeat(some, each)
        other = first[one] + np.arange(len(one)) - np.repeat(np.cumsum(each) - each, each)
        one, other = one[one != other], other[one != other]
        said = np.asarray(above.matrix[ranks[other], ranks[one]]).reshape(-1)
        found[one[said]] = True
    return found


def _reached_again(above: Ancestors, ranks: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """An item reaches a node by each way of counting: more often than by the label itself alone."""
    from scipy.sparse import csr_matrix

    found, matrix = np.zeros(len(ranks), bool), above.matrix.astype(np.int32)
    reached = np.add.reduceat(np.diff(above.matrix.indptr)[ranks], starts[:-1])
    for begin, end in _chunks(reached):
        at = slice(starts[begin], starts[end])
        ones = np.ones(at.stop - at.start, np.int32)
        rows = (ones, ranks[at], starts[begin : end + 1] - at.start)
        times = csr_matrix(rows, (end - begin, matrix.shape[0])) @ matrix
        owner = np.repeat(np.arange(end - begin), np.diff(rows[2]))
        found[at] = np.asarray(times[owner, ranks[at]]).reshape(-1) > 1
    return found


def _chunks(sizes: np.ndarray, most: int = CHUNK) -> list[tuple[int, int]]:
    """(first, end) of runs whose sizes add up to about `most`."""
    if not len(sizes):
        return []
    chunk = np.cumsum(sizes, dtype=np.int64) // most
    cuts = np.flatnonzero(np.diff(chunk)) + 1
    ends = [*cuts.tolist(), len(sizes)]
    return list(zip([0, *ends[:-1]], ends, strict=True))
