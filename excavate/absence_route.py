"""The route of what grows on an absence's page, for whoever asks."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from excavate.errors import NotFoundError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


def absence_part(request: Request) -> Response:
    """One part of an absence as this person may see it. Drawn only where it is not held already."""
    from excavate.board_route import ASK_EACH, looks_of, site_or_none
    from excavate.components.absence_live import PARTS
    from excavate.i18n import speak
    from excavate.routes import answer, served_workshop
    from excavate.workshop.absences import one_absence
    from excavate.workshop.roles import may

    workshop, asked = served_workshop(), request.query_params
    part = asked.get("part", "")
    if part not in PARTS:
        raise NotFoundError("no such part", part)
    speak(asked.get("lang", ""))
    looks, site = looks_of(request, workshop), site_or_none()
    absence = one_absence(
        workshop, asked.get("id", ""), looks.person_id, role=looks.role, group_id=looks.group_id
    )
    content = PARTS[part](absence, site, may(looks.role, "participant")).encode()
    etag = hashlib.sha256(content).hexdigest()[:32]
    reply = answer(request, content, "text/html", etag, ASK_EACH)
    reply.headers["Vary"] = "Cookie"
    return reply
