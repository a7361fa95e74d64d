"""Who may do what. The membership in the workshop decides, never what a browser says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from excavate.errors import NotAllowedError
from excavate.workshop.tables import ROLES, TABLES

ROLE = """
SELECT role, group_id FROM membership WHERE room_id = $1 AND person_id = $2
ORDER BY writing DESC LIMIT 1
"""


def may(role: str, least: str) -> bool:
    """Whether a role reaches another; each may do what those before it may."""
    return ROLES.index(role) >= ROLES.index(least)


def role_in(cursor: Any, room_id: str, person_id: str | None) -> tuple[str, str | None]:
    """(role, group) of a person in a room; gone where they are not in it."""
    found = cursor.execute(ROLE, [room_id, person_id]).fetchone() if person_id else None
    return (str(found[0]), found[1]) if found else ("gone", None)


def refuse_others(cursor: Any, room_id: str, written: Iterable[tuple[str, str | None]]) -> None:
    """Raise NotAllowedError where a row (its table, its author) is beyond the author's role."""
    roles: dict[str, str] = {}
    for table, person in written:
        least = TABLES[table].least
        if person is None or least == "gone":  # the app itself, and those who just enter
            continue
        if person not in roles:
            roles[person] = role_in(cursor, room_id, person)[0]
        if not may(roles[person], least):
            todo = "Ask the facilitator of the room"
            raise NotAllowedError(f"only a {least} may do this", "", todo)
