"""`taxonomy` on 1,000,000 labels over WordNet's 82,115 nodes, as a forest and as a DAG.

The bare loop goes up from each label of an item through sets of ancestors and counts what it
meets once; it runs on a tenth of the items and its time is taken tenfold. It knows no targets and
no rows, so the roll-up alone stands beside it; the whole measure is a line of its own. Seconds are
those of one core's work: all of it runs in one thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.planted.taxonomy import branches
from excavate.catalog.tree import Tree, tree_of
from excavate.gaps.branches import Branches
from excavate.gaps.finding import Measured, Reference
from excavate.gaps.rollup import Labels, roll_up
from excavate.gaps.taxonomy import Against, taxonomy

LABELS, PART = 1_000_000, 10


def measure() -> list[dict[str, Any]]:
    """[{name, ours_s, theirs_s, ratio, note}]: ratio is ours to the bare loop's, below 1 better."""
    wordnet = branches("wordnet")
    _timed(lambda: _whole(wordnet, _labels(len(wordnet.ids), 1)))  # libraries are fetched
    rows = []
    for share, called in ((0.0, "forest"), (1 / 3, "a third has two parents")):
        tree = _with_more_parents(wordnet.tree, share)
        for each in (1, 3):
            labels = _labels(len(tree), each)
            name = f"{LABELS:,} labels, {each} an item, {len(tree):,} nodes, {called}"
            rows += _rows(name, Branches(wordnet.ids, wordnet.names, tree), labels)
    return rows


def _rows(name: str, tree: Branches, labels: Labels) -> list[dict[str, Any]]:
    ours, counts = _timed(lambda: roll_up(tree.tree, labels))
    some = labels[0] < labels[0].max() // PART
    part = (labels[0][some], labels[1][some])
    theirs, bare = _timed(lambda: _bare(tree.tree, part))
    same = bool((roll_up(tree.tree, part) == bare).all())
    theirs *= LABELS / int(some.sum())
    whole, found = _timed(lambda: _whole(tree, labels))
    note = f"rolled up; the same as the bare loop on a tenth: {same}; root {counts.max():,}"
    return [
        {"name": name, "ours_s": ours, "theirs_s": theirs, "ratio": ours / theirs, "note": note},
        {"name": f"{name}: all (wanted: < 2 s)", "ours_s": whole,
         "note": f"{found.rows.num_rows:,} rows"},
    ]  # fmt: skip


def _whole(tree: Branches, labels: Labels) -> Measured:
    item_ids = [f"made/all/{n}" for n in range(int(labels[0].max()) + 1)]
    found = taxonomy(tree, labels, item_ids, Against(Reference("uniform")))
    assert isinstance(found, Measured), found
    return found


def _bare(tree: Tree, labels: Labels) -> np.ndarray:
    above: list[set[int]] = [set() for _ in range(len(tree))]
    for node in tree.order:
        above[node] = {node}.union(*(above[parent] for parent in tree.parents[node]))
    counts = [0] * len(tree)
    reached: dict[int, set[int]] = {}
    for item, node in zip(labels[0].tolist(), labels[1].tolist(), strict=True):
        reached.setdefault(item, set()).update(above[node])
    for nodes in reached.values():
        for node in nodes:
            counts[node] += 1
    return np.array(counts)


def _labels(nodes: int, each: int) -> Labels:
    draw = np.random.default_rng(each)
    return np.arange(LABELS) // each, draw.integers(0, nodes, LABELS)


def _with_more_parents(tree: Tree, share: float) -> Tree:
    """Some nodes hang below a second one, too, drawn from those that come before them."""
    draw = np.random.default_rng(0)
    edges = [(child, parent) for child, above in enumerate(tree.parents) for parent in above]
    for place, node in enumerate(tree.order):
        if tree.parents[node] and draw.random() < share:
            edges.append((node, tree.order[int(draw.integers(0, place))]))
    return tree_of(len(tree), list(dict.fromkeys(edges)))


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.process_time()
    found = work()
    return time.process_time() - begun, found
