"""Who may change what of a counter-dataset: who gave it, and reviewers; alone, whoever is here."""

from __future__ import annotations

from collections.abc import Collection

from excavate.errors import NotAllowedError
from excavate.workshop.roles import may, role_in
from excavate.workshop.store import Workshop


def may_change(workshop: Workshop, person_id: str, owners: Collection[str]) -> bool:
    """Whether somebody may change what `owners` gave."""
    if not workshop.shared or person_id in owners:
        return True
    with workshop.cursor() as cursor:
        return may(role_in(cursor, workshop.room_id, person_id)[0], "reviewer")


def is_ones_own(workshop: Workshop, person_id: str, owner: str) -> bool:
    """Whether words are somebody's own; alone, they are those of whoever is here."""
    return not workshop.shared or person_id == owner


def refuse_others(
    workshop: Workshop, person_id: str, owners: Collection[str], what: str, where: str
) -> None:
    """Raise NotAllowedError, saying `what`, where somebody may not change it."""
    if not may_change(workshop, person_id, owners):
        raise NotAllowedError(what, where, "Ask who made it, or a reviewer")
