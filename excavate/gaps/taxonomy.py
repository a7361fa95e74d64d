"""Taxonomy: which categories of a tree are empty or thin, and what that is held against.

Items are rolled up the graph, each once at each node above its labels (rollup.py). A *leaf* is a
node without children. The target of a node is

- uniform, or a taxonomy on its own: the items expected there if each of an item's lowest labels
  were any leaf with the same chance: 1 - (1 - q)^L for an item of L labels, q being the node's
  part of the leaves (labels that stand above another of their item say nothing more);
- an asserted floor: so many, for each node;
- another dataset: its share of that dataset's items, of our number of items.

Rows are the *dark branches*, the top nodes of wholly empty subtrees, the largest first; then the
thin nodes, with less than `thin` of their target (of a floor: less than all), by what they lack.
After DataEval's `scope.Representation`: acquire where there is nothing, augment where there is
little. `chance` is that of so few items, were they drawn independently by the reference's shares;
`q` corrects it for all nodes asked (Benjamini and Hochberg 1995). Another dataset is a sample as
this one is: what chance may give (q over `alpha`) is no gap against it and is only counted. A
yardstick is none: against it such rows stay, with their q. Concentration is that of the items at
hand (concentration.py). Limits: a category is empty for the labels given, whatever the pictures
show; a tree says what its makers distinguished, so an even spread over its leaves is a yardstick
and no norm.

Cost: O(labels x depth + nodes x depth), see rollup.py; at most MOST rows of each kind are kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from excavate.gaps.branches import Branches
from excavate.gaps.concentration import effective_number, gini
from excavate.gaps.finding import Figure, Measured, NotMeasured, Outcome, Reference
from excavate.gaps.rollup import Labels, Rolling, distinct_labels
from excavate.gaps.taxonomy_rows import Standing, rows_of
from excavate.i18n import N_

MEASURE = "taxonomy"
MOST = 5_000


@dataclass(frozen=True, slots=True)
class Against:
    """What the counts are held against; of a dataset, `labels` on the same nodes."""

    reference: Reference
    labels: Labels | None = None
    thin: float = 0.5
    alpha: float = 0.05


def taxonomy(
    branches: Branches,
    labels: Labels,
    item_ids: Sequence[str],
    against: Against,
    parameters: Mapping[str, Any] | None = None,
    figures: Mapping[str, float] | None = None,
) -> Outcome:
    """Empty and thin categories of `branches` (n nodes).

    `labels`: (item numbers from 0, node numbers), int64 of equal length, repeated or not;
    `item_ids`: of each item number. `parameters` and `figures` are told with the result (how
    categories were matched). See the module for what is measured.
    """
    given = {**(parameters or {}), "thin": against.thin, "alpha": against.alpha}
    distinct = distinct_labels(len(branches.ids), labels)
    if against.labels is not None:
        theirs = distinct_labels(len(branches.ids), against.labels)
        against = replace(against, labels=theirs)
    why = _refusal(branches, distinct, against)
    if why:
        return NotMeasured(MEASURE, given, why)
    counted = Counted(branches, distinct, against)
    standing = counted.standing()
    rows = rows_of(branches, standing, counted.lowest, item_ids, MOST)
    told = {**_figures(standing, item_ids), **_named(figures)}
    return Measured(MEASURE, given, against.reference, rows, told, int(standing.asked.sum()))


def _refusal(branches: Branches, labels: Labels, against: Against) -> str | None:
    if not branches.ids:
        return N_("there is no taxonomy: the dataset declares no categories")
    if len(branches.ids) == 1:
        return N_("one category alone has nothing to be held against")
    if not len(labels[0]):
        return N_("no label names a category of the taxonomy")
    if against.labels is not None and not len(against.labels[0]):
        return N_("no label of the reference names a category of the taxonomy")
    return None


@dataclass
class Counted:
    """The counts that stand at and below each node, and their targets."""

    branches: Branches
    labels: Labels
    against: Against
    leaf: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.leaf = np.array([not below for below in self.branches.tree.children])

    @cached_property
    def rolling(self) -> Rolling:
        return Rolling(self.branches.tree)

    @cached_property
    def counts(self) -> np.ndarray:
        return self.rolling.items(self.labels)

    @cached_property
    def lowest(self) -> Labels:
        """The labels that stand above no other of their item."""
        return self.rolling.lowest(self.labels)

    @cached_property
    def theirs(self) -> np.ndarray | None:
        """The reference dataset's counts."""
        labels = self.against.labels
        return None if labels is None else self.rolling.items(labels)

    def standing(self) -> Standing:
        """Everything that rows and figures are made of."""
        asked = np.ones(len(self.leaf), bool) if self.theirs is None else self.theirs > 0
        leaf = self.leaf & asked
        floor = self.against.reference.kind == "floor"
        return Standing(
            counts=self.counts,
            own=np.bincount(self.lowest[1], minlength=len(self.leaf)),
            targets=self._targets(),
            theirs=self.theirs,
            asked=asked,
            leaf=leaf,
            sizes=self.rolling.weights(asked),
            leaves=self.rolling.weights(leaf),
            filled=self.rolling.weights(leaf & (self.counts > 0)),
            items=_many(self.labels),
            their_items=_many(self.against.labels) if self.against.labels else 0,
            tree=self.branches.tree,
            thin=1.0 if floor else self.against.thin,
            floor=floor,
            alpha=self.against.alpha,
        )

    def _targets(self) -> np.ndarray:
        if self.theirs is not None and self.against.labels is not None:
            return self.theirs * (_many(self.labels) / _many(self.against.labels))
        if self.against.reference.kind == "floor":
            return np.full(len(self.leaf), float(self.against.reference.number or 1))
        return _even(self.rolling.weights(self.leaf) / self.leaf.sum(), self.lowest)


def _even(part: np.ndarray, labels: Labels) -> np.ndarray:
    """Items expected at or below each node of `part` of the leaves, were labels drawn evenly."""
    _, each = np.unique(labels[0], return_counts=True)
    found = np.zeros(len(part))
    with np.errstate(divide="ignore"):
        missed = np.log1p(-np.minimum(part, 1.0))
    for size, items in zip(*np.unique(each, return_counts=True), strict=True):
        found += items * -np.expm1(size * missed)
    return found


def _many(labels: Labels) -> int:
    """How many items distinct labels are of: they come item by item."""
    items = labels[0]
    return int(np.count_nonzero(items[1:] != items[:-1])) + min(1, len(items))


def _figures(standing: Standing, item_ids: Sequence[str]) -> dict[str, Figure]:
    own = standing.own[standing.leaf | (standing.own > 0)]
    leaves, filled = standing.leaf.sum(), (standing.leaf & (standing.counts > 0)).sum()
    told = {
        "items": standing.items,
        "items_unplaced": len(item_ids) - standing.items,
        "nodes": standing.asked.sum(),
        "nodes_empty": (standing.asked & (standing.counts == 0)).sum(),
        "branches_empty": len(standing.dark),
        "nodes_thin": len(standing.scarce),
        "by_chance": standing.by_chance,
        "leaves": leaves,
        "leaf_coverage": filled / leaves if leaves else 0.0,
    }
    return {**_named(told), "gini": gini(own), "effective_number": effective_number(own)}


def _named(figures: Mapping[str, float] | None) -> dict[str, Figure]:
    return {name: Figure(float(value)) for name, value in (figures or {}).items()}
