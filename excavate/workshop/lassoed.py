"""A lasso on the map, held against the neighbours in embedding space."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from excavate.workshop.about import About

if TYPE_CHECKING:
    from excavate.site import Site

SUPPORTED, ONLY_LAYOUT, NOT_MEASURED = "supported", "only in the layout", "not measured"


@dataclass(frozen=True, slots=True)
class Told:
    """What the neighbours say of a lasso: the verdict, in a sentence, and what it rests on."""

    verdict: str
    record: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The verdict with its numbers, in the language of the run."""
        return ""

    def as_record(self) -> dict[str, Any]:
        """As the workshop keeps it, under `measured`."""
        return dict(self.record)


def check_lasso(site: Site, about: About) -> Told:
    """Whether what the map shows inside the outline holds in embedding space."""
    return Told(NOT_MEASURED, {"why": "not built yet"})


def told_of(verdict: str, measured: Mapping[str, Any]) -> Told:
    """A verdict as it was kept with a piece of evidence."""
    return Told(verdict, measured)
