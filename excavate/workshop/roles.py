"""Who may do what. The membership in the workshop decides, never what a browser says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from excavate.errors import NotAllowedError
from excavate.workshop.tables import ROLES, TABLES

if TYPE_CHECKING:
    from excavate.workshop.store import Row

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


def refuse_others(cursor: Any, room_id: str, rows: Sequence[Row]) -> None:
    """Raise NotAllowedError where a row is beyond the role of the one who writes it."""
    roles: dict[str, str] = {}
    for row in rows:
        who, least = _writer(row)
        if who is None or least == "gone":  # the app itself, and those who just enter
            continue
        if who not in roles:
            roles[who] = role_in(cursor, room_id, who)[0]
        if not may(roles[who], least):
            todo = "Ask the facilitator of the room"
            raise NotAllowedError(f"only a {least} may do this", "", todo)


def _writer(row: Row) -> tuple[str | None, str]:
    """(who writes a row, the least role for it): some rows are of one person, by another."""
    if row.table == "membership":
        who = row.columns["given_by"]
        leaves = who == row.person_id and row.columns["role"] == "gone"
        return (None, "gone") if leaves else (who, "facilitator")
    personal = row.table == "link" and row.columns["kind"] == "personal"
    own = personal and row.columns["for_person"] == row.person_id is not None
    least = TABLES[row.table].least if own or row.table != "link" else "facilitator"
    return row.person_id, least
