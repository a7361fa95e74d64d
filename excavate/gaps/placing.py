"""Which node of a taxonomy each label of a dataset names; what names none is told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from excavate.catalog.holding import Matches, match_categories, standing_alone
from excavate.catalog.taxonomy_reading import load_taxonomy
from excavate.errors import ExcavateError
from excavate.gaps.branches import Branches, NoTreeError, grown
from excavate.gaps.gathering import Part, items_of, of_part
from excavate.gaps.rollup import Labels

if TYPE_CHECKING:
    from pandas import DataFrame, Series

    from excavate.site import Site

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Placed:
    """(item numbers, node numbers) of the labels that name a node; how the others failed.

    `items`: how many items have a label, `items_placed` those of which one names a node;
    `matches`: how categories were found on a taxonomy that is not the dataset's own.
    """

    labels: Labels
    labels_unplaced: int
    items: int
    items_placed: int
    matches: Matches = field(default_factory=Matches)

    def are_enough(self, share: float) -> bool:
        """Whether this share of the labelled items is placed."""
        return self.items_placed >= share * self.items

    def figures(self, before: str = "") -> dict[str, float]:
        """What was matched and what was not, in numbers."""
        counts = {
            "items_labelled": self.items,
            "labels_unplaced": self.labels_unplaced,
            "renamed": len(self.matches.renamed),
            "ambiguous": len(self.matches.ambiguous),
            "unmatched": len(self.matches.unmatched),
        }
        return {before + name: float(n) for name, n in counts.items()}

    def told(self, before: str = "") -> dict[str, list[str]]:
        """The first of the names that were not simply found."""
        said = {
            "renamed": [f"{i}: {name} > {node}" for i, name, node in self.matches.renamed],
            "ambiguous": list(self.matches.ambiguous),
            "unmatched": [name for _, name in self.matches.unmatched],
        }
        return {before + name: some[:SHOWN] for name, some in said.items() if some}


def branches_of(site: Site, dataset: str, taxonomy: str | None, *, parts: bool) -> Branches:
    """A taxonomy of the site, or the dataset's own. Raises NoTreeError, NotFoundError."""
    if taxonomy is None:
        return _own(site, dataset, parts)
    return _on_its_own(site, site.generation, taxonomy, parts)


@lru_cache(maxsize=4)
def _on_its_own(site: Site, _generation: str, taxonomy: str, parts: bool) -> Branches:
    """A taxonomy of the site, read once for each generation of the catalog."""
    try:
        with site.cursor() as cursor:
            found = load_taxonomy(cursor, taxonomy, with_parts=parts)
    except ExcavateError as error:
        if parts and "below itself" in error.what:
            raise NoTreeError(error.what) from error
        raise
    return Branches(found.ids, found.names, found.tree, found.more_names)


def _own(site: Site, dataset: str, parts: bool) -> Branches:
    nodes, above = site.categories(dataset), site.category_parents(dataset)
    ids = nodes["category_id"].tolist()
    edges = list(zip(above["category_id"], above["parent_id"], strict=True))
    if parts:
        for child, extra in zip(ids, nodes["extra"], strict=True):
            said = json.loads(extra).get("part_of") if isinstance(extra, str) else None
            edges += [(child, str(whole)) for whole in said or ()]
    return grown(ids, nodes["name"].tolist(), edges)


def placed(
    site: Site, part: Part, branches: Branches, fields: Sequence[str] | None, *, own: bool,
    alone: bool = False,
) -> Placed:  # fmt: skip
    """The labels of a part on these branches: by their category (`own`: of these very nodes),
    by the words themselves where the dataset declares no categories. `fields`: None is all that
    name categories, or all. `alone`: by mere name also to a root that stands alone."""
    items = items_of(site, part)
    labels = of_part(site.labels(part.dataset), items)
    naming = labels["category_id"].notna()
    if fields is None:
        fields = labels.loc[naming, "field"].unique().tolist() or labels["field"].unique().tolist()
    labels = labels[labels["field"].isin(fields)]
    by_words = not own and not labels["category_id"].notna().any()
    said = labels["value" if by_words else "category_id"]
    nodes = {one: n for n, one in enumerate(branches.ids)}
    matches = Matches() if own else _matched(site, part, branches, said, by_words, alone)
    of = nodes if own else {one: node for (one, _name), node in matches.found.items()}
    node = said.map(of).to_numpy(float, na_value=np.nan)
    there = ~np.isnan(node)
    at = np.searchsorted(items["ordinal"].to_numpy(), labels["ordinal"].to_numpy()[there])
    return Placed(
        (at, node[there].astype(np.int64)), int((~there).sum()), labels["ordinal"].nunique(),
        len(np.unique(at)), matches,
    )  # fmt: skip


def _matched(
    site: Site, part: Part, branches: Branches, said: Series[Any], by_words: bool, alone: bool
) -> Matches:
    """Categories that a label names, on these branches, by id or by name, verbatim."""
    used: list[str] = said.dropna().unique().tolist()
    pairs = [(word, word) for word in used]
    if not by_words:
        there = set(used)
        declared: DataFrame = site.categories(part.dataset)
        named = dict(zip(declared["category_id"], declared["name"], strict=True))
        pairs = [(one, name) for one, name in named.items() if one in there]
        pairs += [(one, one) for one in sorted(there - set(named))]
    apart = frozenset[int]() if alone else standing_alone(branches.tree)
    return match_categories(branches.ids, branches.names, branches.more_names, pairs, apart)
