"""Which names and labels are not shown: by node id below a contested node, tree by tree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from excavate.catalog.contested import contested
from excavate.catalog.own_tree import SAID
from excavate.components.held_tree import branches_read
from excavate.components.veil import veil_of

if TYPE_CHECKING:
    from pandas import DataFrame

    from excavate.site import Site

PARTED = re.compile(r"( · |, |=|: | > )")  # names that are said together: a pair, FIELD=VALUE
NODE = "node_id"
ITEMS = ("items", "members", "nearest")  # ids, not names


@dataclass(frozen=True)
class Hidden:
    """What is not shown of some trees, by node id below a contested node.

    `ids`: the veiled nodes; `names`: their names and the labels that name them, each with what
    stands in its place (the id, which says nothing); `shared`: of these, the names that a node
    has, too, of which nothing is veiled; `tops`: the contested nodes.
    """

    ids: frozenset[str]
    names: Mapping[str, str]
    shared: frozenset[str]
    tops: tuple[str, ...]

    def of(self, value: Any, every: bool = False) -> Any:
        """The value with every veiled name in it replaced; of shared ones only if `every`."""
        if isinstance(value, str):
            whole = self._name(value, every)
            if whole != value:
                return whole
            return "".join(self._name(part, every) for part in PARTED.split(value))
        if isinstance(value, Mapping):
            return {name: self.of(one, every) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self.of(one, every) for one in value)
        return value

    def _name(self, name: str, every: bool) -> str:
        return name if name in self.shared and not every else self.names.get(name, name)

    def row(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row of a finding. One that says its node is veiled by that node alone."""
        if NODE in row and row[NODE] not in self.ids:
            return dict(row)
        return {
            name: value if name in ITEMS else self.of(value, NODE in row)
            for name, value in row.items()
        }

    def counts(self, counts: Mapping[str, int]) -> dict[str, int]:
        """How often each value is said, veiled names replaced."""
        found: dict[str, int] = {}
        for value, count in counts.items():
            shown = self.of(value)
            found[shown] = found.get(shown, 0) + count
        return found

    def captions(self, items: DataFrame) -> DataFrame:
        """Items with their labels, as captions are made of, veiled names replaced."""
        if not self.names or items.empty:
            return items
        return items.assign(labels=[self.labels(said) for said in items["labels"]])

    def labels(self, said: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """(field, value) of an item, veiled names replaced."""
        return [(field, self.of(value)) for field, value in said]


NOTHING = Hidden(frozenset(), {}, frozenset(), ())


def hidden_in(site: Site, datasets: Iterable[str], taxonomy: str | None = None) -> Hidden:
    """The veiled names of some datasets' own categories and of a taxonomy of the site."""
    return _hidden_in(site, site.generation, tuple(datasets), taxonomy)


@lru_cache(maxsize=256)
def _hidden_in(
    site: Site, generation: str, datasets: tuple[str, ...], taxonomy: str | None
) -> Hidden:
    there = site.revisions()
    found = [_of_dataset(site, generation, name) for name in datasets if name in there]
    if taxonomy is not None and taxonomy in set(site.taxonomies()["name"]):
        found.append(_of_taxonomy(site, generation, taxonomy))
    return Hidden(
        frozenset[str]().union(*(one.ids for one in found)),
        {name: node for one in found for name, node in one.names.items()},
        frozenset[str]().union(*(one.shared for one in found)),
        tuple(dict.fromkeys(top for one in found for top in one.tops)),
    )


@lru_cache(maxsize=64)
def _of_dataset(site: Site, _generation: str, dataset: str) -> Hidden:
    """By the source's own edges, whole or broken; the labels that name a veiled category, too."""
    nodes, edges = site.categories(dataset), site.category_parents(dataset)
    tops = tuple(one for one in nodes["category_id"] if one in contested())
    if not tops:
        return NOTHING
    ids = _reached(tops, zip(edges["category_id"], edges["parent_id"], strict=True))
    with site.cursor() as cursor:
        said = cursor.execute(SAID, [dataset]).fetchall()
    called = [(value, category) for _field, value, category, _items in said if category]
    return _hidden([*called, *zip(nodes["name"], nodes["category_id"], strict=True)], ids, tops)


def _reached(tops: tuple[str, ...], edges: Iterable[tuple[str, str]]) -> frozenset[str]:
    """What lies below some nodes by (child, parent), also where it goes round."""
    below: dict[str, list[str]] = {}
    for child, parent in edges:
        below.setdefault(parent, []).append(child)
    found, waiting = set(tops), list(tops)
    for node in waiting:
        fresh = [child for child in below.get(node, ()) if child not in found]
        found.update(fresh)
        waiting += fresh
    return frozenset(found - set(tops))


@lru_cache(maxsize=8)
def _of_taxonomy(site: Site, _generation: str, taxonomy: str) -> Hidden:
    branches = branches_read(site, taxonomy, None)
    tree, veil = branches.taxonomy, veil_of(branches)
    if not veil.nodes:
        return NOTHING
    called = [
        (name, node_id)
        for node, node_id in enumerate(tree.ids)
        for name in (*tree.more_names.get(node, ()), tree.names[node])
    ]
    ids = frozenset(tree.ids[node] for node in veil.nodes)
    return _hidden(called, ids, tuple(tree.ids[node] for node in veil.contested))


def _hidden(
    called: Iterable[tuple[str, str]], ids: frozenset[str], tops: tuple[str, ...]
) -> Hidden:
    """(name, node id) of every node there is. An id that is a veiled name itself says nothing."""
    pairs = [(name, node) for name, node in called if name]
    hurting = {name for name, node in pairs if node in ids}
    names = {
        name: node if node not in hurting else f"░░░ {place}"
        for place, (name, node) in enumerate(pairs)
        if node in ids
    }
    shared = frozenset(name for name, node in pairs if node not in ids)
    return Hidden(ids, names, shared & hurting, tops)
