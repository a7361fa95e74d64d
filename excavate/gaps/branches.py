"""A taxonomy with its names, as measures see it: checked, walked upwards, shown by examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from excavate.catalog.tree import Tree, circles, tree_of
from excavate.errors import ExcavateError

SHOWN = 8  # of faults, of the nodes of a circle
LONGEST = 64  # names of a path, the nearest to its node


class NoTreeError(ExcavateError):
    """Categories that cannot be walked: parents that are not there, nodes below themselves."""


@dataclass(frozen=True, slots=True)
class Branches:
    """Nodes by number with their ids and names. `more_names`: what a node is called besides."""

    ids: list[str]
    names: list[str]
    tree: Tree
    more_names: Mapping[int, Sequence[str]] = field(default_factory=dict)

    def path(self, node: int) -> list[str]:
        """Names from a root down to a node, by the first parent of each; at most LONGEST."""
        found = [node]
        while self.tree.parents[found[-1]] and len(found) < LONGEST:
            found.append(self.tree.parents[found[-1]][0])
        return [self.names[one] for one in reversed(found)]


def grown(ids: Sequence[str], names: Sequence[str], edges: Sequence[tuple[str, str]]) -> Branches:
    """The branches of nodes and (child, parent) ids. Raises NoTreeError with every fault."""
    number = {one: n for n, one in enumerate(ids)}
    gone = sorted({f"{child} > {parent}" for child, parent in edges if parent not in number})
    known = [
        (number[child], number[parent])
        for child, parent in dict.fromkeys(edges)
        if child in number and parent in number
    ]
    rings = [" > ".join(ids[n] for n in ring[:SHOWN]) for ring in circles(len(ids), known)]
    if gone or rings:
        said = [f"no such parent: {', '.join(gone[:SHOWN])}"] if gone else []
        said += [f"below itself: {'; '.join(rings[:SHOWN])}"] if rings else []
        raise NoTreeError("; ".join(said))
    return Branches(list(ids), list(names), tree_of(len(ids), known))


class Examples:
    """Items to be shown of a node: `labels` are (item numbers, node numbers), distinct."""

    def __init__(
        self, tree: Tree, counts: np.ndarray, labels: tuple[np.ndarray, np.ndarray]
    ) -> None:
        self.tree, self.filled = tree, (counts > 0).tolist()
        order = np.argsort(labels[1], kind="stable")
        self._items, nodes = labels[0][order], labels[1][order]
        self._starts = np.searchsorted(nodes, np.arange(len(tree) + 1)).tolist()

    def of(self, node: int, most: int = 24) -> list[int]:
        """Up to `most` items at or below it: its own, then a few of each filled node below."""
        picked = dict.fromkeys(self._own(node, most))
        for each in (2, most):
            waiting, seen = [node], {node}
            for one in waiting:
                if len(picked) >= most:
                    return list(picked)[:most]
                picked.update(dict.fromkeys(self._own(one, each)))
                below = (n for n in self.tree.children[one] if self.filled[n] and n not in seen)
                some = list(islice(below, most))
                waiting += some
                seen.update(some)
        return list(picked)[:most]

    def _own(self, node: int, most: int) -> list[int]:
        first = self._starts[node]
        found: list[int] = self._items[first : min(self._starts[node + 1], first + most)].tolist()
        return found


def nearest_filled(tree: Tree, counts: np.ndarray, node: int) -> int | None:
    """The nearest node above that holds anything, the tree's first among equals."""
    level, seen = [node], {node}
    while level:
        filled = [one for one in level if counts[one]]
        if filled:
            return filled[0]
        above = dict.fromkeys(p for one in level for p in tree.parents[one])
        level = [one for one in above if one not in seen]
        seen.update(level)
    return None
