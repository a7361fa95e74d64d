"""Which names are veiled: those below a contested category, until a person unveils them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path

from excavate.catalog.taxonomy_reading import Taxonomy
from excavate.catalog.tree import below
from excavate.components.held_tree import Branches
from excavate.i18n import _, spoken

CONTESTED = Path(__file__).with_name("contested.toml")


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


@lru_cache(maxsize=1)
def contested() -> Mapping[str, Mapping[str, str]]:
    """{node id: {of, en, ko}}: why it is contested, in both languages."""
    entries = tomllib.loads(CONTESTED.read_text("utf-8"))["contested"]
    return {entry["id"]: entry for entry in entries}


@lru_cache(maxsize=8)
def veil_of(branches: Branches) -> Veil:
    """What lies below the contested nodes of a tree; these themselves are named."""
    taxonomy = branches.taxonomy
    known = contested()
    tops = tuple(node for node, one in enumerate(taxonomy.ids) if one in known)
    return Veil(frozenset(n for top in tops for n in below(taxonomy.tree, top)) - {*tops}, tops)


def reasons(taxonomy: Taxonomy, nodes: Sequence[int]) -> list[tuple[str, str]]:
    """(the contested node's name, why it is contested in the language of this run)."""
    said = contested()
    return [(taxonomy.names[n], said[taxonomy.ids[n]][spoken()]) for n in nodes]
