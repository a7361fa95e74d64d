"""The writings of a session that changed its board, in their order: the steps of a replay."""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime

from excavate.workshop.absence_rows import said_now
from excavate.workshop.by_topic import kept_by
from excavate.workshop.store import Workshop

WRITINGS = """
SELECT writing, written_at, absence_id FROM absence WHERE room_id = $1
UNION ALL SELECT writing, written_at, absence_id FROM sorting WHERE room_id = $1
UNION ALL SELECT writing, written_at, absence_id FROM stance WHERE room_id = $1
UNION ALL SELECT writing, written_at, absence_id FROM evidence WHERE room_id = $1
ORDER BY writing
"""


def writings(workshop: Workshop, seen: Container[str]) -> list[tuple[int, datetime]]:
    """(writing, when) of each change to the absences that somebody may see now, in order.

    What happened to those they may not see has no step: not even that something happened.
    """
    found: dict[int, datetime] = {}
    for writing, when, absence_id in _every(workshop):
        if absence_id in seen:
            found.setdefault(writing, when)
    return list(found.items())


@kept_by("board")
def _every(workshop: Workshop) -> list[tuple[int, datetime, str]]:
    with workshop.cursor() as cursor:
        rows = cursor.execute(WRITINGS, [workshop.room_id]).fetchall()
    answers = [
        (row[6], row[5], absence_id)
        for absence_id, replies in said_now(workshop).replies.items()
        for row in replies
    ]
    return sorted([*((row[0], row[1], row[2]) for row in rows), *answers])
