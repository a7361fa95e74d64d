"""Whether what a figure names are categories whose names are contested, not shown unasked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from excavate.catalog.contested import contested
from excavate.essays.worded import words

if TYPE_CHECKING:
    from excavate.essays.reckoned import Reckoned
    from excavate.gaps.stored import Finding
    from excavate.site import Site


def is_contested(site: Site, datasets: Iterable[str], taxonomy: object = None) -> bool:
    """Whether one of these datasets, or this taxonomy, holds a name that is contested."""
    known = set(contested())
    trees = [site.categories(name)["category_id"] for name in datasets]
    if isinstance(taxonomy, str) and taxonomy in set(site.taxonomies()["name"]):
        trees.append(site.taxonomy(taxonomy)["node_id"])
    return any(not known.isdisjoint(tree) for tree in trees)


def finding_is_contested(site: Site, finding: Finding) -> bool:
    """Whether the categories that a finding is of hold a name that is contested."""
    provenance = finding.made.provenance
    return is_contested(site, provenance["revisions"], provenance["parameters"].get("taxonomy"))


def unnamed(figure: Reckoned) -> Reckoned:
    """A figure without its rows, which says why; its numbers stand, for they name nobody."""
    asked = replace(figure.asked, say=None)
    return replace(figure, asked=asked, said=words("state.contested"), lines=(), left=0)
