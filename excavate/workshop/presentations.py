"""Presentations (개별 리서치 발표): the page that a person makes of their notebook for the room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from excavate.errors import InputFault
from excavate.i18n import N_
from excavate.workshop import checking
from excavate.workshop.authors import Author, author_faults, once, person_rows, refuse
from excavate.workshop.checking import text_faults, tidy
from excavate.workshop.store import Row, Workshop

LONGEST_LEAD = 2000
TITLE, LEAD = N_("Title"), N_("Lead")
FOUND = """
SELECT person_id, shown_name, title, lead, language, open, written_at, row_id
FROM presentations WHERE room_id = $1 AND ($2 IS NULL OR person_id = $2)
"""
STANDS = "SELECT count(*) FROM presentation WHERE row_id = $1"


@dataclass(frozen=True, slots=True)
class Presentation:
    """The title and lead of one person's presentation, and whether the room sees it."""

    person_id: str
    shown_name: str
    title: str
    lead: str
    language: str
    open: bool
    written_at: datetime
    row_id: str


def presentation(workshop: Workshop, person_id: str) -> Presentation | None:
    """One person's presentation; None where they made none, or it was taken back."""
    found = _found(workshop, person_id)
    return found[0] if found else None


def open_presentations(workshop: Workshop) -> list[Presentation]:
    """The presentations the room sees, by name: an order that ranks nobody."""
    opened = [one for one in _found(workshop, None) if one.open]
    return sorted(opened, key=lambda one: (one.shown_name.casefold(), one.person_id))


def present(
    workshop: Workshop, author: Author, row_id: str, title: str, lead: str, opened: bool
) -> bool:
    """Record the title and lead, and whether the room sees it; True where it is new.

    Raises RefusedError with every fault of it.
    """
    title, lead = tidy(title), tidy(lead)
    refuse([*author_faults(author), *_faults(title, lead)])
    before = presentation(workshop, author.person_id)
    columns = {"title": title, "lead": lead, "language": author.language, "open": opened}
    row = Row("presentation", row_id, author.person_id, columns, before.row_id if before else None)
    return once(workshop, [*person_rows(workshop, author), row], STANDS, row_id)


def _faults(title: str, lead: str) -> list[InputFault]:
    return [
        *text_faults(TITLE, title, checking.NAME),
        *text_faults(LEAD, lead, LONGEST_LEAD, needed=False),
    ]


def _found(workshop: Workshop, person_id: str | None) -> list[Presentation]:
    with workshop.cursor() as cursor:
        rows = cursor.execute(FOUND, [workshop.room_id, person_id]).fetchall()
    return [Presentation(*row) for row in rows]
