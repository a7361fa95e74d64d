"""A tree with what a dataset has at each of its nodes: what the Taxonomy page is drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from excavate.catalog.holding import Matches, match_categories, standing_alone
from excavate.catalog.own_tree import LABELLED, SAID, SAID_OF, own_taxonomy
from excavate.catalog.taxonomy_reading import CATEGORIES, Taxonomy, load_taxonomy
from excavate.catalog.tree import below, levels, sums_below
from excavate.gaps.rollup import roll_up

if TYPE_CHECKING:
    from excavate.site import Site

OWN = "own"  # the dataset's own categories, in the link
TOP = -1  # stands for the whole, above all roots
NOWHERE = np.zeros((0, 2), np.int64)
THIN = 0.5  # less than this share of the target is thin, as the measure `taxonomy` has it


@dataclass(frozen=True, slots=True)
class Said:
    """One thing the source says of items, and the node it names."""

    field: str
    value: str
    items: int
    node: int


@dataclass(frozen=True, eq=False)
class Branches:
    """A taxonomy measured once: depth, nodes and leaves at and below each node."""

    taxonomy: Taxonomy
    depth: list[int]
    sizes: np.ndarray
    leaves: np.ndarray
    roots: list[int]
    alone: frozenset[int]  # roots without children, where other roots have some

    def children(self, node: int) -> Sequence[int]:
        """What lies directly below a node, or below the whole."""
        return self.roots if node == TOP else self.taxonomy.tree.children[node]

    def below(self, node: int) -> Sequence[int]:
        """A node and all below it; all of them for the whole."""
        return range(len(self.depth)) if node == TOP else below(self.taxonomy.tree, node)

    def nodes_below(self, node: int) -> int:
        """How many lie below a node, itself not counted."""
        return len(self.depth) if node == TOP else int(self.sizes[node]) - 1


@dataclass(frozen=True, eq=False)
class Kept:
    """What a dataset has on a tree. Items count once at each node above any of their labels.

    `targets`: the items there would be if all leaves had the same number of labels (never more
    than all), as in the measure `taxonomy`; `items`: items at or below each node; `own`: at the
    node itself; `empty`: nodes at and below it without items; `ordinals`, `at`: each item with
    its nodes; `labelled`: items that name one; `tops`: of the branches without items.
    """

    items: np.ndarray
    targets: np.ndarray
    own: np.ndarray
    empty: np.ndarray
    ordinals: np.ndarray
    at: np.ndarray
    labelled: int
    said: tuple[Said, ...]
    matches: Matches
    unmatched_items: int  # that have labels, none of which is a node
    tops: list[int] = field(default_factory=list)

    def under(self, nodes: Sequence[int]) -> np.ndarray:
        """The ordinals of the items at any of these nodes, each once, in the source's order."""
        wanted = np.zeros(len(self.own), bool)
        wanted[list(nodes)] = True
        found: np.ndarray = np.unique(self.ordinals[wanted[self.at]])
        return found


def branches_of(taxonomy: Taxonomy) -> Branches:
    """Measure a taxonomy. O(nodes + edges) in a forest; see sums_below for DAGs."""
    tree = taxonomy.tree
    roots = [node for node, above in enumerate(tree.parents) if not above]
    leaf = [int(not under) for under in tree.children]
    return Branches(
        taxonomy, levels(tree),
        np.array(sums_below(tree, [1] * len(tree)), np.int64),
        np.array(sums_below(tree, leaf), np.int64),
        roots, standing_alone(tree),
    )  # fmt: skip


def kept_on(
    branches: Branches, said: Sequence[tuple[str, str, str | None, int]], of_items: np.ndarray,
    declared: Sequence[tuple[str, str]],
) -> Kept:  # fmt: skip
    """Hold what is said of items against a tree.

    said: (field, value, category id, items) by number; of_items: int64 (n, 2), an item's ordinal
    and the number of what is said of it; declared: the dataset's categories (id, name), empty
    ones too. A label that names a category stands for it, another for its own words.
    """
    names = dict(declared)
    free = dict.fromkeys(value for _f, value, c, _n in said if c is None and not declared)
    taxonomy = branches.taxonomy
    matches = match_categories(
        taxonomy.ids, taxonomy.names, taxonomy.more_names,
        [*declared, *((value, value) for value in free)], branches.alone,
    )  # fmt: skip
    meant = [
        (value, value) if category is None else (category, names.get(category, category))
        for _field, value, category, _items in said
    ]
    place = np.array([matches.found.get(one, -1) for one in meant], np.int64)
    return _kept(branches, said, of_items, place, matches)


def _kept(
    branches: Branches, said: Sequence[Any], of_items: np.ndarray, place: np.ndarray,
    matches: Matches,
) -> Kept:  # fmt: skip
    tree, every = branches.taxonomy.tree, of_items[:, 0]
    at = place[of_items[:, 1]] if len(of_items) else np.zeros(0, np.int64)
    pairs = np.unique(every[at >= 0] * len(tree) + at[at >= 0])
    ordinals, at = pairs // len(tree), pairs % len(tree)
    labels = (ordinals, at)
    items = roll_up(tree, labels)
    void = items == 0
    labelled, leaves = len(np.unique(ordinals)), sum(not under for under in tree.children)
    tops = [n for n in np.flatnonzero(void).tolist() if not any(void[p] for p in tree.parents[n])]
    return Kept(
        items, np.minimum(branches.leaves * (len(at) / leaves), labelled),
        np.bincount(at, minlength=len(tree)),
        np.array(sums_below(tree, void.astype(int).tolist()), np.int64), ordinals, at, labelled,
        tuple(Said(f, v, n, int(p)) for (f, v, _c, n), p in zip(said, place, strict=True)
              if p >= 0),
        matches, len(np.unique(every)) - labelled,
        sorted(tops, key=lambda n: (-int(branches.sizes[n]), n)),
    )  # fmt: skip


@lru_cache(maxsize=4)
def _branches(site: Site, _generation: str, tree: str, dataset: str | None) -> Branches:
    with site.cursor() as cursor:
        found = own_taxonomy(cursor, str(dataset)) if tree == OWN else load_taxonomy(cursor, tree)
    return branches_of(found)


@lru_cache(maxsize=8)
def _kept_of(site: Site, generation: str, tree: str, dataset: str) -> Kept:
    branches = branches_read(site, tree, dataset)
    with site.cursor() as cursor:
        declared = cursor.execute(CATEGORIES, [dataset]).fetchall()
        said = cursor.execute(SAID, [dataset]).fetchall()
        columns = cursor.execute(SAID_OF, [dataset]).fetchnumpy()
    pairs = np.stack([np.asarray(one, np.int64) for one in columns.values()], axis=1)
    return kept_on(branches, said, pairs if len(pairs) else NOWHERE, declared)


def branches_read(site: Site, tree: str, dataset: str | None) -> Branches:
    """A tree of the site, measured once for each generation of the catalog.

    `tree` is a taxonomy on its own, or OWN for the dataset's. Raises ExcavateError.
    """
    return _branches(site, site.generation, tree, dataset if tree == OWN else None)


def kept_read(site: Site, tree: str, dataset: str) -> Kept | None:
    """What a dataset has on a tree, once for each generation; None where it has no labels."""
    with site.cursor() as cursor:
        labelled = cursor.execute(LABELLED, [dataset]).fetchall()
    return _kept_of(site, site.generation, tree, dataset) if labelled else None
