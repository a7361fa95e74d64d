"""The gate: what must not go out as it is. Everything that stops a release is told at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from excavate.site import Site
    from excavate.workshop.store import Workshop


@dataclass(frozen=True, slots=True)
class Stopped:
    """One reason why a release stops. `what` and `todo` are sentences of the catalogue.

    `member_id` and `number` (its place in the release's order, from 1) are empty and 0 where it
    is the plan itself; `kind` is the member's, or "plan"; `where` names it for people.
    """

    member_id: str
    what: str
    where: str
    todo: str
    number: int = 0
    kind: str = "plan"


def gate(site: Site, workshop: Workshop, plan_id: str) -> list[Stopped]:
    """All that stops a release of this counter-dataset, in its order; empty: it may go out."""
    raise NotImplementedError
