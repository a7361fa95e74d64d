"""A taxonomy as a graph of numbered nodes: order, depth, what lies below. Pure, safe for DAGs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

WITH_BIT = [np.flatnonzero(np.arange(256) >> place & 1) for place in range(8)]


@dataclass(frozen=True, slots=True)
class Tree:
    """Nodes 0 to n - 1 with their parents and children; `order` has every parent first.

    Without cycles, though a node may have several parents.
    """

    parents: list[list[int]]
    children: list[list[int]]
    order: list[int]

    def __len__(self) -> int:
        return len(self.parents)


def tree_of(count: int, edges: Iterable[tuple[int, int]]) -> Tree:
    """The tree of (child, parent) pairs over `count` nodes. O(nodes + edges).

    Raises ValueError where there is a cycle (see `circles`).
    """
    parents: list[list[int]] = [[] for _ in range(count)]
    children: list[list[int]] = [[] for _ in range(count)]
    for child, parent in edges:
        parents[child].append(parent)
        children[parent].append(child)
    order = _order(parents, children)
    if len(order) < count:
        raise ValueError("a node lies below itself")
    return Tree(parents, children, order)


def _order(parents: list[list[int]], children: list[list[int]]) -> list[int]:
    """Parents before children; nodes on or below a cycle are missing (Kahn, 1962)."""
    waiting = [len(above) for above in parents]
    order = [node for node, count in enumerate(waiting) if not count]
    for node in order:
        for child in children[node]:
            waiting[child] -= 1
            if not waiting[child]:
                order.append(child)
    return order


def circles(count: int, edges: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Cycles among (child, parent) pairs, each from its first node upwards; [] where none is.

    Every tangle of cycles is told by at least one of them. O(nodes + edges).
    """
    parents: list[list[int]] = [[] for _ in range(count)]
    children: list[list[int]] = [[] for _ in range(count)]
    for child, parent in edges:
        parents[child].append(parent)
        children[parent].append(child)
    free = set(_order(parents, children))
    seen: set[int] = set()
    found = []
    for start in range(count):
        walk: dict[int, None] = {}
        node = start
        while node not in free and node not in seen:
            seen.add(node)
            walk[node] = None
            node = next(parent for parent in parents[node] if parent not in free)
        if node in walk:
            path = list(walk)
            found.append(path[path.index(node) :])
    return found


def levels(tree: Tree) -> list[int]:
    """How far each node lies below a root, by the longest way, in edges."""
    level = [0] * len(tree)
    for node in tree.order:
        for child in tree.children[node]:
            level[child] = max(level[child], level[node] + 1)
    return level


def sums_below(tree: Tree, weights: Sequence[int]) -> list[int]:
    """For each node, the weights of it and of all below it, each node counted once.

    O(nodes + edges) in a forest. Where s nodes of several parents lie below a node, it costs
    s / 8 steps more and each of its edges s / 64: on one of two cores 0.1 s for a ladder of
    10,000 nodes; of 82,115 nodes some 0.2 s as a forest, 1 s where every third has two parents,
    6 s where all have. Memory: 256 s bytes, and s / 8 for each node whose parents are to come.
    """
    own = list(weights)  # of the node and what hangs below by single parents only
    shared = _Shared(tree, weights)
    reached = [0] * len(tree)  # the shared nodes at and below, as bits
    beyond = [0] * len(tree)  # what these weigh
    waiting = [len(above) for above in tree.parents]
    sums = [0] * len(tree)
    for node in reversed(tree.order):
        bits = 0
        for child in tree.children[node]:
            bits |= reached[child]
            if len(tree.parents[child]) == 1:
                own[node] += own[child]
        known = (beyond[child] for child in tree.children[node] if reached[child] == bits)
        weight = next(known, None) if bits else 0
        weight = shared.weight(bits) if weight is None else weight
        sums[node], reached[node], beyond[node] = own[node] + weight, bits, weight
        if len(tree.parents[node]) > 1:
            reached[node] |= shared.add(own[node])
            beyond[node] += own[node]
        for child in tree.children[node]:
            waiting[child] -= 1
            if not waiting[child]:
                reached[child] = 0
    return sums


class _Shared:
    """Nodes of several parents as bits in the order they are added, and what sets of them weigh.

    A set is weighed by bytes: what each of the 256 forms of each byte weighs stands in a table.
    """

    def __init__(self, tree: Tree, weights: Sequence[int]) -> None:
        rows = sum(len(above) > 1 for above in tree.parents) // 8 + 1
        small = sum(map(abs, weights)) < 2**63
        self._table = np.zeros(rows * 256, np.int64 if small else object)
        self._starts = np.arange(0, rows * 256, 256)
        self._count = 0

    def add(self, weight: int) -> int:
        """A new node's bit."""
        row, place = divmod(self._count, 8)
        self._table[256 * row + WITH_BIT[place]] += weight
        self._count += 1
        return 1 << (self._count - 1)

    def weight(self, bits: int) -> int:
        """What the nodes of these bits weigh together."""
        forms = np.frombuffer(bits.to_bytes((bits.bit_length() + 7) // 8, "little"), np.uint8)
        return int(self._table[self._starts[: len(forms)] + forms].sum())


def below(tree: Tree, node: int) -> list[int]:
    """A node and all below it, each once, in the tree's order of numbers."""
    found = {node}
    waiting = [node]
    while waiting:
        for child in tree.children[waiting.pop()]:
            if child not in found:
                found.add(child)
                waiting.append(child)
    return sorted(found)


def cut_out(tree: Tree, nodes: Sequence[int]) -> Tree:
    """The tree of some nodes alone, renumbered in their order; edges among them are kept."""
    number = {node: n for n, node in enumerate(nodes)}
    edges = [
        (number[node], number[parent])
        for node in nodes
        for parent in tree.parents[node]
        if parent in number
    ]
    return tree_of(len(nodes), edges)


def measures(tree: Tree) -> dict[str, Any]:
    """Counts: nodes, edges, roots, those of them that stand alone, leaves, nodes with several
    parents, and the depth: the longest way from a root down, in edges.

    A leaf has a parent and no child; what stands alone has neither, and is no leaf.
    """
    pairs = list(zip(tree.parents, tree.children, strict=True))
    return {
        "nodes": len(tree),
        "edges": sum(map(len, tree.parents)),
        "roots": sum(not above for above, _ in pairs),
        "alone": sum(not above and not under for above, under in pairs),
        "leaves": sum(bool(above) and not under for above, under in pairs),
        "several_parents": sum(len(above) > 1 for above, _ in pairs),
        "depth": max(levels(tree), default=0),
    }
