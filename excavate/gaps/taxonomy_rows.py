"""The gaps of a taxonomy as rows: dark branches, then what is thin."""

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
        pa.field("nodes", pa.int64(), nullable=False),  # at and below it
        pa.field("leaves", pa.int64(), nullable=False),
        pa.field("leaves_empty", pa.int64(), nullable=False),
        pa.field("items", pa.list_(pa.string()), nullable=False),
    ]
)


@dataclass
class Standing:
    """By node, at and below it: int64 (n,), targets float64. `asked`: which nodes the reference
    speaks of; `leaf`: the leaves among them."""

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
    tree: Tree

    @cached_property
    def dark(self) -> np.ndarray:
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
    def scarce(self) -> np.ndarray:
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
        "chance": none if standing.floor else _chance(standing, nodes),
        "nodes": standing.sizes[nodes],
        "leaves": standing.leaves[nodes],
        "leaves_empty": standing.leaves[nodes] - standing.filled[nodes],
        "items": _items(standing, nodes.tolist(), labels, item_ids),
    }
    arrays = [pa.array(columns[f.name], f.type, from_pandas=True) for f in ROWS]
    return pa.Table.from_arrays(arrays, schema=ROWS)


def _chance(standing: Standing, nodes: np.ndarray) -> np.ndarray:
    """Of so few items, drawn independently: binomial; against a dataset hypergeometric, which
    allows for that one being a sample too (Fisher's exact test, one-sided)."""
    from scipy.stats import binom, hypergeom

    counts = standing.counts[nodes]
    if standing.theirs is None:
        share = np.minimum(1.0, standing.targets[nodes] / standing.items)
        found: np.ndarray = binom.cdf(counts, standing.items, share)
        return found
    both = counts + standing.theirs[nodes]
    found = hypergeom.cdf(counts, standing.items + standing.their_items, both, standing.items)
    return found


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
