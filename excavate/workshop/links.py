"""The links of a room by their hashes: the code that is said aloud, those of roles, of persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from excavate.workshop.ids import new_id
from excavate.workshop.store import Row, Workshop

KINDS = {"code": "participant", "facilitator": "facilitator", "reviewer": "reviewer"}
PERSONAL = "personal"
PERSONAL_LASTS = timedelta(hours=24)
LINK = """
SELECT token_hash, kind, for_person, written_at, writing FROM links
WHERE room_id = $1 AND token_hash = $2 AND NOT ended
"""
STANDING = """
SELECT row_id, token_hash, for_person FROM links
WHERE room_id = $1 AND kind = $2 AND NOT ended AND ($3 IS NULL OR for_person = $3)
"""


@dataclass(frozen=True, slots=True)
class Link:
    """One link that still opens: as what it lets in, or whom it brings back."""

    token_hash: str
    kind: str
    for_person: str | None
    made_at: datetime
    writing: int  # who was sent out after it does not come in by it


def link_of(workshop: Workshop, token_hash: str, now: datetime | None = None) -> Link | None:
    """The link of a token; None where there is none, it was ended, or it is too old."""
    with workshop.cursor() as cursor:
        found = cursor.execute(LINK, [workshop.room_id, token_hash]).fetchone()
    link = Link(*found) if found else None
    if link and link.kind == PERSONAL:
        now = now or datetime.now(UTC).replace(tzinfo=None)
        return link if now - link.made_at < PERSONAL_LASTS else None
    return link


def make_link(
    workshop: Workshop, kind: str, token_hash: str, *, by: str | None,
    for_person: str | None = None,
) -> None:  # fmt: skip
    """Let a new link open in place of those of its kind (and person) before it.

    `by`: who makes it; None: whoever runs the host. Raises NotAllowedError where they may not.
    """
    with workshop.writing:
        rows = _endings(workshop, kind, by, for_person)
        rows.append(_row(kind, token_hash, by, for_person, ended=False))
        workshop.write(rows)


def end_link(workshop: Workshop, link: Link) -> bool:
    """Use up a link; False where it was used up meanwhile."""
    with workshop.writing:
        if link_of(workshop, link.token_hash) is None:
            return False
        workshop.write([_row(link.kind, link.token_hash, None, link.for_person, ended=True)])
    return True


def _endings(
    workshop: Workshop, kind: str, by: str | None, for_person: str | None
) -> list[Row]:  # fmt: skip
    with workshop.cursor() as cursor:
        found = cursor.execute(STANDING, [workshop.room_id, kind, for_person]).fetchall()
    return [_row(kind, row[1], by, row[2], ended=True, before=row[0]) for row in found]


def _row(
    kind: str, token_hash: str, by: str | None, for_person: str | None, *, ended: bool,
    before: str | None = None,
) -> Row:  # fmt: skip
    columns = {"token_hash": token_hash, "kind": kind, "for_person": for_person, "ended": ended}
    return Row("link", new_id(), by, columns, before)
