"""Subtrees taken out of real taxonomies: each in turn must lead `taxonomy`, seen by counts alone.

Items are made, one for each node of the tree; whatever lies at or below the chosen node loses
its items, unless it also hangs below another (a DAG): then the node it hangs below still has it.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import numpy as np

from excavate.catalog.taxonomy_files import read_taxonomy
from excavate.catalog.tree import below
from excavate.gaps.branches import Branches, grown
from excavate.gaps.finding import Measured, Reference
from excavate.gaps.taxonomy import Against, taxonomy

PROJECT = Path(__file__).resolve().parent.parent.parent
SHARED = Path(os.environ.get("EXCAVATE_SHARED", PROJECT.parent / "shared" / "data"))
SOURCES = {"openimages": "taxonomies/openimages", "wordnet": "taxonomies/wordnet-imagenet"}
LARGEST = {"openimages": 60, "wordnet": 20}  # subtrees that are tried, by their size


def branches(name: str, shared: Path = SHARED) -> Branches:
    """A real taxonomy, by its is-a edges."""
    given = read_taxonomy(f"{name}:{shared / SOURCES[name]}")
    ids, names = [n[0] for n in given.nodes], [n[1] for n in given.nodes]
    return grown(ids, names, [(e[0], e[1]) for e in given.edges if e[2] == "is-a"])


def without(tree: Branches, node: int) -> Measured:
    """What the measure says where every node has an item but those at and below one."""
    gone = set(below(tree.tree, node))
    kept = np.array([n for n in range(len(tree.ids)) if n not in gone], np.int64)
    labels = (np.arange(len(kept)), kept)
    item_ids = [f"planted/all/{n}" for n in kept.tolist()]
    found = taxonomy(tree, labels, item_ids, Against(Reference("uniform")))
    assert isinstance(found, Measured), found
    return found


def planted(tree: Branches, most: int) -> tuple[int, int]:
    """(the largest subtrees tried, those of them that led the rows)."""
    sizes = {n: len(below(tree.tree, n)) for n in inner(tree)}
    chosen = sorted(sizes, key=lambda n: (-sizes[n], n))[:most]
    led = sum(without(tree, node).rows["node_id"][0].as_py() == tree.ids[node] for node in chosen)
    return len(chosen), led


def inner(tree: Branches) -> list[int]:
    """Nodes with children and a parent: subtrees, but not the whole."""
    pairs = zip(tree.tree.parents, tree.tree.children, strict=True)
    return [n for n, (above, under) in enumerate(pairs) if above and under]


def measure() -> list[dict[str, Any]]:
    """[{name, ours_s, ratio, note}]: the share of removed subtrees that led the rows."""
    rows = []
    for name, most in LARGEST.items():
        tree = branches(name)
        begun = time.perf_counter()
        tried, led = planted(tree, most)
        whole = taxonomy_of_whole(tree)
        rows.append(
            {
                "name": f"taxonomy: {tried} largest subtrees of {name} removed in turn",
                "ours_s": time.perf_counter() - begun,
                "ratio": led / tried,
                "note": f"{led} led the rows; nothing removed: {whole} empty branches told",
            }
        )
    return rows


def taxonomy_of_whole(tree: Branches) -> int:
    """False alarms: empty branches where every node has an item."""
    nodes = np.arange(len(tree.ids))
    found = taxonomy(tree, (nodes, nodes), tree.ids, Against(Reference("uniform")))
    assert isinstance(found, Measured), found
    return int(found.figures["branches_empty"].value)
