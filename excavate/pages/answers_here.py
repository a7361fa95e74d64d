"""The absences that a counter-dataset answers, as the one who looks at the page may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from excavate.counter.plans import answered
from excavate.pages.who import here

if TYPE_CHECKING:
    from excavate.counter.records import Plan
    from excavate.workshop.absence_record import Absence
    from excavate.workshop.store import Workshop


def answered_here(workshop: Workshop, plan: Plan) -> list[Absence]:
    """Those of the plan's absences that are theirs to see."""
    looks = here(workshop)
    return answered(
        workshop, plan, looks.person_id or None, role=looks.role, group_id=looks.group_id
    )
