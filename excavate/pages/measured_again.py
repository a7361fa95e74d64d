"""The gap that a counter-dataset answers, measured again: before, after, and a way to do it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from excavate.counter.records import Plan
    from excavate.site import Site
    from excavate.workshop.store import Workshop


def show_measured_again(site: Site, workshop: Workshop, plan: Plan) -> None:
    """What was measured again of a plan, and the press that measures it; draws into the page."""
