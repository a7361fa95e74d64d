"""The gaps of a taxonomy as rows: dark branches, then what is thin; what chance would give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa

from excavate.catalog.tree import Tree
from excavate.gaps.branches import Branches, Examples, nearest_filled
from excavate.gaps.pair_statistics import adjusted, lower_tail
from excavate.gaps.persons import nodes_of_persons
from excavate.gaps.rollup import Labels

ACQUIRE, AUGMENT = "acquire", "augment"
ROWS = pa.schema(
    [
        pa.field("node_id", pa.string(), nullable=False),
        pa.field("name", pa.string(), nullable=False),
        pa.field("path", pa.list_(pa.string()), nullable=False),
        pa.field("action", pa.string(), nullable=False),
        pa.field("count", pa.int64(), nullable=False),  # items at or below it
        pa.field("own", pa.int64(), nullable=False),  # of them, those whose lowest label it is
        pa.field("target", pa.float64(), nullable=False),
        pa.field("deficit", pa.float64(), nullable=False),
        pa.field("share", pa.float64(), nullable=False),
        pa.field("target_share", pa.float64()),  # null: of a floor
        pa.field("chance", pa.float64()),  # of so few, if items were drawn by the reference
        pa.field("q", pa.float64()),  # the same, corrected for all the nodes that were asked
        pa.field("nodes", pa.int64(), nullable=False),  # at and below it
        pa.field("leaves", pa.int64(), nullable=False),
        pa.field("leaves_empty", pa.int64(), nullable=False),
        pa.field("of_persons", pa.bool_(), nullable=False),  # it says what a person is
        pa.field("items", pa.list_(pa.string()), nullable=False),
    ]
)


@dataclass
class Standing:
    """By node, at and below it: int64 (n,), targets float64. `asked`: which nodes the reference
    speaks of; `leaf`: the leaves among them. Against a dataset, itself a sample, a gap is told
    only where q is at most `alpha`; against a yardstick q is told beside it."""

    counts: np.ndarray
    own: np.ndarray
    targets: np.ndarray
    theirs: np.ndarray | None
    asked: np.ndarray
    leaf: np.ndarray
    sizes: np.ndarray
    leaves: np.ndarray
    filled: np.ndarray
    items: int
    their_items: int
    thin: float
    floor: bool
    alpha: float
    tree: Tree

    @cached_property
    def chance(self) -> np.ndarray:
        """Of so few items or fewer, drawn independently: float64 (n,), 1 where nothing is asked.

        Binomial; against a dataset hypergeometric, which allows for that one being a sample, too
        (Fisher's exact test, one-sided).
        """
        found = np.ones(len(self.counts))
        if self.floor:
            return found
        at = np.flatnonzero(self.asked & (self.counts < self.targets))
        found[at] = self._tail(at)
        return found

    def _tail(self, at: np.ndarray) -> np.ndarray:
        counts = self.counts[at]
        if self.theirs is None:
            from scipy.special import bdtr

            share = np.minimum(1.0, self.targets[at] / self.items)
            return np.asarray(bdtr(counts.astype(float), self.items, share))
        both, whole = counts + self.theirs[at], self.items + self.their_items
        return lower_tail(counts, self.items, both, whole)

    @cached_property
    def q(self) -> np.ndarray:
        """`chance` corrected for all nodes asked (Benjamini and Hochberg 1995): float64 (n,)."""
        found = np.ones(len(self.counts))
        found[self.asked] = adjusted(self.chance[self.asked], "bh")
        return found

    def _beyond_chance(self, at: np.ndarray) -> np.ndarray:
        return at if self.theirs is None else at[self.q[at] <= self.alpha]

    @cached_property
    def by_chance(self) -> int:
        """How many gaps chance may give: left out against a dataset, told against a yardstick."""
        if self.floor:
            return 0
        return int((self.q[np.concatenate([self.all_dark, self.all_scarce])] > self.alpha).sum())

    @cached_property
    def dark(self) -> np.ndarray:
        """The dark branches that are told."""
        return self._beyond_chance(self.all_dark)

    @cached_property
    def scarce(self) -> np.ndarray:
        """The thin nodes that are told."""
        return self._beyond_chance(self.all_scarce)

    @cached_property
    def all_dark(self) -> np.ndarray:
        """Top nodes of the empty subtrees, the largest first, then by their target."""
        empty = self.asked & (self.counts == 0)
        tops = [
            node
            for node in np.flatnonzero(empty).tolist()
            if not any(empty[parent] for parent in self.tree.parents[node])
        ]
        at = np.array(tops, np.int64)
        return at[np.lexsort((at, -self.targets[at], -self.sizes[at]))]

    @cached_property
    def all_scarce(self) -> np.ndarray:
        """Nodes with something, but less than `thin` of their target, by what they lack."""
        at = np.flatnonzero((self.counts > 0) & (self.counts < self.thin * self.targets))
        return at[np.lexsort((at, -self.sizes[at], self.counts[at] - self.targets[at]))]


def rows_of(
    branches: Branches, standing: Standing, labels: Labels, item_ids: Sequence[str], most: int
) -> pa.Table:
    """At most `most` dark branches and as many thin nodes, with items to be looked at."""
    nodes = np.concatenate([standing.dark[:most], standing.scarce[:most]])
    counts, targets = standing.counts[nodes], standing.targets[nodes]
    none = np.full(len(nodes), np.nan)
    columns: dict[str, Any] = {
        "node_id": [branches.ids[n] for n in nodes.tolist()],
        "name": [branches.names[n] for n in nodes.tolist()],
        "path": [branches.path(n) for n in nodes.tolist()],
        "action": np.where(counts == 0, ACQUIRE, AUGMENT).tolist(),
        "count": counts,
        "own": standing.own[nodes],
        "target": targets,
        "deficit": targets - counts,
        "share": counts / standing.items,
        "target_share": none if standing.floor else targets / standing.items,
        "chance": none if standing.floor else standing.chance[nodes],
        "q": none if standing.floor else standing.q[nodes],
        "nodes": standing.sizes[nodes],
        "leaves": standing.leaves[nodes],
        "leaves_empty": standing.leaves[nodes] - standing.filled[nodes],
        "of_persons": nodes_of_persons(branches.ids, branches.names, branches.tree, nodes.tolist()),
        "items": _items(standing, nodes.tolist(), labels, item_ids),
    }
    arrays = [pa.array(columns[f.name], f.type, from_pandas=True) for f in ROWS]
    return pa.Table.from_arrays(arrays, schema=ROWS)


def _items(
    standing: Standing, nodes: Sequence[int], labels: Labels, item_ids: Sequence[str]
) -> pa.Array:
    """Of a node that holds any, some of its own; of an empty one, its nearest relatives'."""
    counts, tree = standing.counts, standing.tree
    found = Examples(tree, counts, labels)
    shown = [node if counts[node] else nearest_filled(tree, counts, node) for node in nodes]
    of = {node: found.of(node) for node in dict.fromkeys(shown) if node is not None}
    picked = [of[node] if node is not None else [] for node in shown]
    starts = np.concatenate([[0], np.cumsum([len(one) for one in picked])])
    flat = [item_ids[item] for item in chain.from_iterable(picked)]
    return pa.ListArray.from_arrays(pa.array(starts, pa.int32()), pa.array(flat, pa.string()))
