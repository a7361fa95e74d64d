"""Which names are veiled: those below a contested category, until a person unveils them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from excavate.catalog.contested import contested, contested_in
from excavate.catalog.taxonomy_reading import Taxonomy
from excavate.catalog.tree import below
from excavate.components.held_tree import Branches
from excavate.i18n import _, spoken


@dataclass(frozen=True, slots=True)
class Veil:
    """The nodes whose names are not shown, and the contested ones above them."""

    nodes: frozenset[int]
    contested: tuple[int, ...] = ()

    def name(self, taxonomy: Taxonomy, node: int) -> str:
        """The name as HTML; of a veiled node its id alone, which says nothing."""
        if node not in self.nodes:
            return escape(taxonomy.names[node])
        words = escape(_("name veiled"))
        return f'<span class="exc-veiled" title="{words}">{escape(taxonomy.ids[node])}</span>'


NO_VEIL = Veil(frozenset())


@lru_cache(maxsize=8)
def veil_of(branches: Branches) -> Veil:
    """What lies below the contested nodes of a tree; these themselves are named."""
    taxonomy = branches.taxonomy
    tops = tuple(sorted(contested_in(taxonomy.ids)))
    return Veil(frozenset(n for top in tops for n in below(taxonomy.tree, top)) - {*tops}, tops)


def reasons(taxonomy: Taxonomy, nodes: Sequence[int]) -> list[tuple[str, str]]:
    """(the contested node's name, why it is contested in the language of this run)."""
    said = contested()
    return [(taxonomy.names[n], said[taxonomy.ids[n]][spoken()]) for n in nodes]
