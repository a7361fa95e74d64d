"""What stands where an absence was taken back: that it was, when, and what others answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from excavate.workshop.absence_record import Reply
from excavate.workshop.absence_rows import REPLIES, by_root
from excavate.workshop.ids import is_id
from excavate.workshop.seeing import eyes, reply_of
from excavate.workshop.store import Workshop

TAKEN_BACK = """
SELECT a.visibility, a.group_id, a.person_id, a.round_id, min(b.writing), w.manner, w.written_at
FROM (
    SELECT * FROM absence WHERE room_id = $1 AND absence_id = $2
    ORDER BY writing DESC LIMIT 1
) a JOIN absence b USING (absence_id)
JOIN withdrawn w ON w.what_id = a.absence_id AND w.manner <> 'shown'
GROUP BY ALL ORDER BY w.manner LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """An absence that was taken back, without its words; what others answered stays theirs."""

    absence_id: str
    manner: str  # hidden or erased
    written_at: datetime  # when it was taken back
    replies: tuple[Reply, ...]


def taken_back(
    workshop: Workshop, absence_id: str, viewer: str | None, *, role: str = "participant",
    group_id: str | None = None,
) -> TakenBack | None:  # fmt: skip
    """What stands in the place of an absence that was taken back; None where nothing does.

    Nothing does where it was not the viewer's to see: not even that it was there.
    """
    if not is_id(absence_id):
        return None
    looking = eyes(workshop, viewer, role, group_id)
    with workshop.cursor() as cursor:
        found = cursor.execute(TAKEN_BACK, [workshop.room_id, absence_id]).fetchone()
        if found is None or not looking.sees(*found[:3]):
            return None
        rows = cursor.execute(REPLIES, [workshop.room_id, None, None]).fetchall()
    hidden = looking.hides(found[4], found[3])
    replies = by_root(rows, {absence_id}).get(absence_id, ())
    said = tuple(reply_of(row, looking, hidden=hidden) for row in replies)
    return TakenBack(absence_id, found[5], found[6], said)
