"""A taxonomy of a site, read to be looked at and to hold categories against."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from excavate.catalog.holding import hold, match_categories, standing_alone
from excavate.catalog.tree import Tree, below, cut_out, measures, sums_below, tree_of
from excavate.errors import ExcavateError, NotFoundError

NAMED = "SELECT source, revision FROM taxonomy WHERE taxonomy = ?"
THERE = "SELECT taxonomy FROM taxonomy ORDER BY taxonomy"
NODES = "SELECT node_id, name, extra FROM taxonomy_node WHERE taxonomy = ? ORDER BY ordinal"
EDGES = """
SELECT DISTINCT c.ordinal, p.ordinal FROM taxonomy_edge e
JOIN taxonomy_node c ON c.taxonomy = e.taxonomy AND c.node_id = e.child
JOIN taxonomy_node p ON p.taxonomy = e.taxonomy AND p.node_id = e.parent
WHERE e.taxonomy = $1 AND (e.kind = 'is-a' OR $2) ORDER BY ALL
"""
PARTS = "SELECT count(*) FROM taxonomy_edge WHERE taxonomy = ? AND kind = 'part'"
DATASET = "SELECT revision FROM dataset WHERE dataset_id = ?"
CATEGORIES = "SELECT category_id, name FROM category WHERE dataset_id = ? ORDER BY ordinal"
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """A taxonomy with its nodes by number; `parts`: its part edges, `with_parts`: are they in
    the tree."""

    name: str
    source: str
    revision: str
    ids: list[str]
    names: list[str]
    more_names: dict[int, list[str]]
    tree: Tree
    parts: int
    with_parts: bool

    def node(self, asked: str) -> int:
        """The node that an id, or the name of just one, means. Raises NotFoundError else."""
        if asked in self.ids:
            return self.ids.index(asked)
        named = [
            node
            for node, name in enumerate(self.names)
            if asked == name or asked in self.more_names.get(node, ())
        ]
        if len(named) == 1:
            return named[0]
        several = ", ".join(self.ids[node] for node in named[:SHOWN])
        todo = f"Several are called so: {several}" if named else "Give a node's id, or its name"
        raise NotFoundError("no such node" if not named else "which node", asked, todo)

    def part_of(self, node: int) -> Taxonomy:
        """The taxonomy at and below a node, on its own."""
        nodes = below(self.tree, node)
        number = {old: new for new, old in enumerate(nodes)}
        more = {number[old]: n for old, n in self.more_names.items() if old in number}
        ids, names = [self.ids[n] for n in nodes], [self.names[n] for n in nodes]
        tree = cut_out(self.tree, nodes)
        return Taxonomy(
            self.name, self.source, self.revision, ids, names, more, tree, self.parts,
            self.with_parts,
        )  # fmt: skip


def load_taxonomy(cursor: Any, name: str, *, with_parts: bool = False) -> Taxonomy:
    """The taxonomy of this name. Raises NotFoundError where the site has none."""
    found = cursor.execute(NAMED, [name]).fetchall()
    if not found:
        there = ", ".join(one for (one,) in cursor.execute(THERE).fetchall())
        todo = f"There are: {there}" if there else "Add one: excavate taxonomy add"
        raise NotFoundError("no such taxonomy", name, todo)
    nodes = cursor.execute(NODES, [name]).fetchall()
    edges = cursor.execute(EDGES, [name, with_parts]).fetchall()
    [(parts,)] = cursor.execute(PARTS, [name]).fetchall()
    more = {n: json.loads(extra).get("names") for n, (_, _, extra) in enumerate(nodes) if extra}
    more = {node: names for node, names in more.items() if isinstance(names, list)}
    ids, names = [row[0] for row in nodes], [row[1] for row in nodes]
    try:
        tree = tree_of(len(nodes), edges)
    except ValueError as error:  # kinds and parts are each without circles, together they are not
        what = "with its parts, a node lies below itself"
        raise ExcavateError(what, name, "Leave --with-parts out") from error
    source, revision = found[0]
    return Taxonomy(name, source, revision, ids, names, more, tree, parts, with_parts)


def shown_taxonomy(taxonomy: Taxonomy, asked: str | None = None) -> dict[str, Any]:
    """Counts of a taxonomy (at and below the node asked), with its branches by their size."""
    part = taxonomy.part_of(taxonomy.node(asked)) if asked else taxonomy
    sizes = sums_below(part.tree, [1] * len(part.tree))
    roots = [node for node, above in enumerate(part.tree.parents) if not above]
    tops = part.tree.children[roots[0]] if len(roots) == 1 else roots
    largest = sorted(tops, key=lambda node: (-sizes[node], node))
    return {
        **_named(taxonomy, asked),
        **measures(part.tree),
        "part_edges": taxonomy.parts,
        "branches": [_branch(part, node, sizes) for node in largest],
    }


def held_taxonomy(
    taxonomy: Taxonomy, categories: Sequence[tuple[str, str]], asked: str | None = None
) -> dict[str, Any]:
    """What categories (id, name) keep of a taxonomy, or of what lies at and below a node.

    Categories are matched against the whole; `kept` and `empty` are of the part asked.
    """
    matches = match_categories(
        taxonomy.ids, taxonomy.names, taxonomy.more_names, categories,
        standing_alone(taxonomy.tree),
    )  # fmt: skip
    nodes = below(taxonomy.tree, taxonomy.node(asked)) if asked else range(len(taxonomy.tree))
    part = taxonomy.part_of(taxonomy.node(asked)) if asked else taxonomy
    kept = [number for number, node in enumerate(nodes) if node in matches.nodes]
    held = hold(part.tree, kept)
    ambiguous = {n: [taxonomy.ids[i] for i in found] for n, found in matches.ambiguous.items()}
    return {
        **_named(taxonomy, asked),
        "categories": len(categories),
        "matched_by": matches.counts,
        "other_names": matches.renamed,
        "ambiguous": ambiguous,
        "unmatched": matches.unmatched,
        "nodes": len(part.tree),
        "kept": len(kept),
        "kept_nodes": [{"id": part.ids[n], "name": part.names[n]} for n in kept],
        "empty": [_branch(part, node, held.sizes) for node in held.empty],
    }


def categories_of(cursor: Any, dataset: str) -> tuple[list[tuple[str, str]], str]:
    """(id, name) of a dataset's categories, and the dataset's revision."""
    found = cursor.execute(DATASET, [dataset]).fetchall()
    if not found:
        raise NotFoundError("no such dataset in this site", dataset, "See excavate show")
    categories = cursor.execute(CATEGORIES, [dataset]).fetchall()
    if not categories:
        todo = "Give a list of them with --against FILE"
        raise NotFoundError("this dataset declares no categories", dataset, todo)
    return categories, found[0][0]


def _named(taxonomy: Taxonomy, asked: str | None) -> dict[str, Any]:
    node = taxonomy.node(asked) if asked else None
    shown = None if node is None else {"id": taxonomy.ids[node], "name": taxonomy.names[node]}
    return {
        "taxonomy": taxonomy.name,
        "source": taxonomy.source,
        "revision": taxonomy.revision,
        "with_parts": taxonomy.with_parts,
        "below": shown,
    }


def _branch(taxonomy: Taxonomy, node: int, sizes: Sequence[int]) -> dict[str, Any]:
    return {"id": taxonomy.ids[node], "name": taxonomy.names[node], "nodes": sizes[node]}
