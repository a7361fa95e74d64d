"""Holding a dataset's categories against a larger taxonomy: what was kept of it, what was not.

Pure: names and numbers in, counts out. A branch of which nothing was kept is a thing measured
against this one taxonomy; it is no claim that anything ought to be there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from excavate.catalog.tree import Tree, sums_below

WAYS = ("id", "name", "one of its names")


@dataclass(frozen=True, slots=True)
class Matches:
    """Which node each category is, and how that was told (one of WAYS).

    `found`: the node of each category (id, name) that has one; `renamed`: the id is a node's, the
    name is another; `ambiguous`: several nodes have the name; `unmatched`: no node has the id or
    the name, or by mere name only one that stands alone.
    """

    nodes: dict[int, str] = field(default_factory=dict)  # node -> how
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WAYS, 0))
    renamed: list[tuple[str, str, str]] = field(default_factory=list)  # id, name, node's name
    ambiguous: dict[str, list[int]] = field(default_factory=dict)
    unmatched: list[tuple[str, str]] = field(default_factory=list)  # id, name
    found: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def only_numbers(self) -> bool:
        """Whether no category has a place, and none has a name but a number."""
        return (
            bool(self.unmatched)
            and not self.found
            and not self.ambiguous
            and all(is_number(name) for _id, name in self.unmatched)
        )


@dataclass(frozen=True, slots=True)
class Held:
    """By node: how many lie at and below it, and how many of those were kept.

    `empty`: the top nodes of the branches of which nothing was kept, the largest first.
    """

    sizes: list[int]
    kept: list[int]
    empty: list[int]


def match_categories(
    ids: Sequence[str],
    names: Sequence[str],
    more_names: Mapping[int, Sequence[str]],
    categories: Iterable[tuple[str, str]],
    alone: Collection[int] = (),
) -> Matches:
    """Find the node of each category (id, name): by id, else by name, else by one of its names.

    `ids` and `names` are the taxonomy's, by node; `more_names` what a node is called besides.
    All verbatim: nothing is folded, stemmed or guessed. A name that several nodes have, whole
    or as one of theirs, is ambiguous: "cat" alone is also a word for a person. A node of `alone`
    (see `standing_alone`) is found by its id only: in WordNet "Male" is a city, above nothing and
    below nothing. So is any node by a name of digits alone: "4" is the number of a category, not
    its name.
    """
    by_id = {node_id: node for node, node_id in enumerate(ids)}
    called = _called(names, more_names)
    found = Matches()
    for category_id, name in categories:
        by_name = sorted(called.get(name, ())) if not is_number(name) else []
        if category_id in by_id:
            _take(found, (category_id, name), by_id[category_id], "id")
            if name not in (category_id, names[by_id[category_id]]):
                found.renamed.append((category_id, name, names[by_id[category_id]]))
        elif len(by_name) == 1 and by_name[0] not in alone:
            way = WAYS[1 if names[by_name[0]] == name else 2]
            _take(found, (category_id, name), by_name[0], way)
        elif len(by_name) > 1:
            found.ambiguous[name] = by_name
        else:
            found.unmatched.append((category_id, name))
    return found


def is_number(name: str) -> bool:
    """Whether a name is digits alone, as of categories that were given none."""
    return name.strip().isdecimal()


def _take(found: Matches, category: tuple[str, str], node: int, way: str) -> None:
    found.found[category] = node
    found.nodes.setdefault(node, way)
    found.counts[way] += 1


def standing_alone(tree: Tree) -> frozenset[int]:
    """Roots without children, where other roots have some: nothing says what they belong to."""
    roots = [node for node, above in enumerate(tree.parents) if not above]
    alone = frozenset(node for node in roots if not tree.children[node])
    return alone if len(alone) < len(roots) else frozenset()


def _called(names: Sequence[str], more_names: Mapping[int, Sequence[str]]) -> dict[str, set[int]]:
    """The nodes that each name is a name of."""
    found: dict[str, set[int]] = {}
    for node, name in enumerate(names):
        for one in (name, *more_names.get(node, ())):
            found.setdefault(one, set()).add(node)
    return found


def hold(tree: Tree, kept: Iterable[int]) -> Held:
    """Count what was kept at and below each node, each node once. As `sums_below`."""
    chosen = set(kept)
    sizes = sums_below(tree, [1] * len(tree))
    counts = sums_below(tree, [int(node in chosen) for node in range(len(tree))])
    tops = [
        node
        for node, count in enumerate(counts)
        if not count and all(counts[parent] for parent in tree.parents[node])
    ]
    return Held(sizes, counts, sorted(tops, key=lambda node: (-sizes[node], node)))
