"""Subtrees taken out of real taxonomies: each in turn must lead `taxonomy`, seen by counts alone.

Of Open Images and WordNet the items are made, one for each node of the tree. Of Tate's subjects
they are the artworks: all that are said to show anything at or below the chosen subject are taken
away, as if they had never been collected.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from excavate.catalog.taxonomy_files import read_taxonomy
from excavate.catalog.tree import below
from excavate.gaps.branches import Branches, grown
from excavate.gaps.finding import Measured, Reference
from excavate.gaps.rollup import Labels, roll_up
from excavate.gaps.taxonomy import Against, taxonomy

PROJECT = Path(__file__).resolve().parent.parent.parent
SHARED = Path(os.environ.get("EXCAVATE_SHARED", PROJECT.parent / "shared" / "data"))
SOURCES = {"openimages": "taxonomies/openimages", "wordnet": "taxonomies/wordnet-imagenet"}
MOST_SUBJECTS = 20
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


def subjects(shared: Path = SHARED) -> tuple[Branches, Labels]:
    """Tate's tree of subjects, and (artwork, subject) of all that is said."""
    from excavate.digging import dig
    from excavate.gaps.gathering import part_of
    from excavate.gaps.placing import branches_of, placed
    from excavate.site import Site

    with tempfile.TemporaryDirectory() as folder:
        dig(f"tate:{shared / 'tate'}", Path(folder), dataset="tate", only="catalogue")
        site = Site(folder)
        tree = branches_of(site, "tate", None, parts=False)
        labels = placed(site, part_of(site, "tate"), tree, None, own=True).labels
        site.close()
    return tree, labels


def never_collected(tree: Branches, labels: Labels, node: int) -> Measured:
    """What the measure says where no item has a label at or below one node."""
    gone = np.zeros(len(tree.ids), bool)
    gone[below(tree.tree, node)] = True
    items = np.unique(labels[0][gone[labels[1]]])
    kept = ~np.isin(labels[0], items)
    item_ids = [f"tate/all/{n}" for n in range(int(labels[0].max()) + 1)]
    found = taxonomy(
        tree, (labels[0][kept], labels[1][kept]), item_ids, Against(Reference("uniform"))
    )
    assert isinstance(found, Measured), found
    return found


def _collected(most: int) -> dict[str, Any]:
    tree, labels = subjects()
    begun = time.perf_counter()
    counts = roll_up(tree.tree, labels)
    tried = sorted(inner(tree), key=lambda n: (-len(below(tree.tree, n)), n))
    tried = [n for n in tried if 0 < counts[n] < counts.max()][:most]
    led = sum(
        never_collected(tree, labels, n).rows["node_id"][0].as_py() == tree.ids[n] for n in tried
    )
    return {
        "name": f"taxonomy: artworks of {len(tried)} largest subjects of Tate removed in turn",
        "ours_s": time.perf_counter() - begun,
        "ratio": led / len(tried),
        "note": f"{led} led the rows; {counts.max():,} artworks, {len(tree.ids):,} subjects",
    }


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
    return [*rows, _collected(MOST_SUBJECTS)]


def taxonomy_of_whole(tree: Branches) -> int:
    """False alarms: empty branches where every node has an item."""
    nodes = np.arange(len(tree.ids))
    found = taxonomy(tree, (nodes, nodes), tree.ids, Against(Reference("uniform")))
    assert isinstance(found, Measured), found
    return int(found.figures["branches_empty"].value)
