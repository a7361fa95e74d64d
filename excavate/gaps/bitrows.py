"""Items rolled up a DAG as bits: for graphs whose nodes have too many ancestors to be listed."""

from __future__ import annotations

import numpy as np

from excavate.catalog.tree import Tree

BITS = np.uint64(1) << np.arange(64, dtype=np.uint64)
MEMORY = 1 << 27  # bytes of bits that are held at once
WIDEST = 256  # words of 64 items


def count_by_bits(
    tree: Tree, starts: np.ndarray, nodes: np.ndarray, weights: np.ndarray
) -> np.ndarray:
    """Weighted kinds of items at or below each node, each kind once: int64 (n_nodes,).

    Kind i has the nodes `nodes[starts[i]:starts[i + 1]]` and stands for `weights[i]` items. One
    bit a kind at each node, handed from children to parents: edges x kinds / 64 steps.
    """
    counts = np.zeros(len(tree), np.int64)
    place = np.empty(len(tree), np.int64)
    place[tree.order] = np.arange(len(tree))
    kinds = np.repeat(np.arange(len(weights)), np.diff(starts))
    lowest = np.maximum.reduceat(place[nodes], starts[:-1]) if len(nodes) else place[:0]
    order = np.argsort(lowest, kind="stable")  # a chunk of kinds that lie high reaches few nodes
    column = np.empty(len(order), np.int64)
    column[order] = np.arange(len(order))
    width = 64 * max(1, min(WIDEST, MEMORY // (8 * max(1, len(tree)))))
    chunk, bit = np.divmod(column[kinds], width)
    for number in range(-(-len(order) // width)):
        at = chunk == number
        rows = _filled(len(tree), min(width, len(order)), nodes[at], bit[at])
        reached = _handed_up(tree, rows, nodes[at])
        counts[reached] += _weighed(rows[reached], weights[order[width * number :][:width]])
    return counts


def _filled(count: int, width: int, nodes: np.ndarray, bits: np.ndarray) -> np.ndarray:
    rows = np.zeros((count, -(-width // 64)), np.uint64)
    np.bitwise_or.at(rows, (nodes, bits // 64), BITS[bits % 64])
    return rows


def _handed_up(tree: Tree, rows: np.ndarray, nodes: np.ndarray) -> list[int]:
    """Give each parent its children's bits; the nodes that have any."""
    each = list(rows)
    filled = set(nodes.tolist())
    join = np.bitwise_or
    for node in reversed(tree.order):
        if node in filled:
            for parent in tree.parents[node]:
                join(each[parent], each[node], each[parent])
            filled.update(tree.parents[node])
    return sorted(filled)


def _weighed(rows: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The weights of each row's bits together: the bits of the weights one after another."""
    counts = np.zeros(len(rows), np.int64)
    for power in range(int(weights.max()).bit_length()):
        chosen = np.zeros(64 * rows.shape[1], bool)
        chosen[: len(weights)] = weights >> power & 1
        mask = np.packbits(chosen, bitorder="little").view(np.uint64)
        for first in range(0, len(rows), 4096):
            held = np.bitwise_count(rows[first : first + 4096] & mask).sum(1, dtype=np.int64)
            counts[first : first + 4096] += held << power
    return counts
