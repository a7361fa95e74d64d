"""Findings with contested names veiled: whatever is said or drawn of one is said of its veiled
twin, until a person unveils names for themselves. Exports are of the finding itself, verbatim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from excavate.components.hidden_names import NOTHING, Hidden, hidden_in
from excavate.gaps.shelf import shelf
from excavate.gaps.stored import Finding

if TYPE_CHECKING:
    from excavate.site import Site


@dataclass(frozen=True)
class VeiledFinding(Finding):
    """A finding whose rows, parameters and reasons do not name what is veiled."""

    hidden: Hidden = NOTHING

    @cached_property
    def rows(self) -> pa.Table:
        """Its rows, veiled names replaced."""
        table = Finding(self.made).rows
        if not table.num_columns:
            return table
        # Maps stay lists of pairs here: so they go back into the table.
        return pa.Table.from_pylist(list(map(self.hidden.row, table.to_pylist())), table.schema)

    @property
    def parameters(self) -> Mapping[str, Any]:
        """Its parameters, veiled names replaced."""
        return {name: self.hidden.of(one) for name, one in super().parameters.items()}

    @property
    def why_not(self) -> tuple[str, Mapping[str, Any]]:
        """Its reason, veiled names replaced."""
        why, details = super().why_not
        return why, {name: self.hidden.of(one) for name, one in details.items()}


def veiled(site: Site, finding: Finding) -> Finding:
    """The finding, or its veiled twin where a tree that it is of has contested names."""
    if not hidden_of(site, finding).names:
        return finding
    return _twin(site, site.generation, finding.id)


@lru_cache(maxsize=32)
def _twin(site: Site, _generation: str, finding_id: str) -> VeiledFinding:
    """Kept, so that a page that runs again does not veil ten thousand rows again."""
    finding = shelf(site.folder).one(finding_id)
    return VeiledFinding(finding.made, hidden_of(site, finding))


def hidden_of(site: Site, finding: Finding) -> Hidden:
    """The veiled names of the trees a finding is of: those of its datasets, and its taxonomy."""
    taxonomy = finding.made.provenance["parameters"].get("taxonomy")
    named = taxonomy if isinstance(taxonomy, str) else None
    return hidden_in(site, finding.made.provenance["revisions"], named)
