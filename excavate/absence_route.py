"""The route of what grows on an absence's page, for whoever asks."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from excavate.errors import NotFoundError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from excavate.site import Site
    from excavate.workshop.absence_record import Absence


def absence_part(request: Request) -> Response:
    """One part of an absence as this person may see it. Not drawn for who holds it already."""
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
    language = speak(asked.get("lang", ""))
    looks, site = looks_of(request, workshop), site_or_none()
    absence = one_absence(
        workshop, asked.get("id", ""), looks.person_id, role=looks.role, group_id=looks.group_id
    )
    writes = may(looks.role, "participant")
    etag = _names(absence, site, f"{part} {language} {writes}")
    held = f'"{etag}"' in request.headers.get("if-none-match", "")
    content = b"" if held else PARTS[part](absence, site, writes).encode()
    reply = answer(request, content, "text/html", etag, ASK_EACH)
    reply.headers["Vary"] = "Cookie"
    return reply


def _names(absence: Absence, site: Site | None, how: str) -> str:
    """What names just this: all that is drawn follows from it."""
    from excavate import __version__

    said = (__version__, how, site.generation if site else "", repr(absence))
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:32]
