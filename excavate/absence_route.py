"""The route of what grows on an absence's page, for whoever asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from excavate.components.board_kept import Shelf, packed, state_of
from excavate.errors import NotFoundError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from excavate.workshop.absence_record import Absence

KEPT = Shelf(128)


def absence_part(request: Request) -> Response:
    """One part of an absence as this person may see it, drawn once for all who see the same."""
    from excavate.board_route import looks_of, send, site_or_none
    from excavate.components.absence_live import PARTS
    from excavate.components.moments import tell_in
    from excavate.i18n import speak
    from excavate.routes import served_workshop
    from excavate.workshop.absences import one_absence
    from excavate.workshop.roles import may
    from excavate.workshop.rounds import hidden_rounds

    workshop, asked = served_workshop(), request.query_params
    part = asked.get("part", "")
    if part not in PARTS:
        raise NotFoundError("no such part", part)
    language, zone = speak(asked.get("lang", "")), tell_in(asked.get("tz", ""))
    looks, site = looks_of(request, workshop), site_or_none()
    state = state_of(workshop)  # before the rows: what comes meanwhile is drawn again
    absence = one_absence(
        workshop, asked.get("id", ""), looks.person_id, role=looks.role, group_id=looks.group_id
    )
    writes = may(looks.role, "participant")
    how = (part, language, zone, writes, site.generation if site else "")
    key = (state, how, seen_alike(part, absence, looks.person_id, hidden_rounds(workshop)))
    return send(request, KEPT.got(key, lambda: packed(PARTS[part](absence, site, writes).encode())))


def seen_alike(
    part: str, absence: Absence, person_id: str | None, hidden: frozenset[str]
) -> tuple[str | None, ...]:
    """What a drawn part differs by from one viewer to the next: one's own answers, and while
    names are hidden one's own name."""
    mine = () if part == "talk" else (absence.my_stance, absence.my_type)
    return (absence.absence_id, person_id if hidden else None, *mine)
