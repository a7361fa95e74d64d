"""What pages ask for while they stand: /workshop/now, and parts of the room in HTML."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from excavate.door.cookie import LOCAL, cookie_name, unsealed, value_in
from excavate.door.secrets import host_secrets
from excavate.i18n import speak
from excavate.settings import Settings
from excavate.workshop.ids import is_id
from excavate.workshop.members import roster
from excavate.workshop.now import clock_ms, now_of
from excavate.workshop.presence import PRESENCE

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from excavate.workshop.store import Workshop


def now(request: Request) -> Response:
    """The state of the room as JSON; 304 where the page holds it. The clock is in a header, too.

    Whoever asks is seen to be here: in memory, never recorded.
    """
    from starlette.responses import Response

    from excavate.routes import served_workshop

    workshop = served_workshop()
    if person := person_of(request, workshop):
        PRESENCE.see(person)
    told = now_of(workshop)
    clock = told.pop("clock")
    etag = f'"{hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]}"'
    headers = {"ETag": etag, "Cache-Control": "no-store", "X-Clock": str(clock_ms()),
               "X-Content-Type-Options": "nosniff"}  # fmt: skip
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    content = json.dumps({**told, "clock": clock}, ensure_ascii=False)
    return Response(content, media_type="application/json", headers=headers)


def room_fragment(request: Request) -> Response:
    """The room as the one who asks sees it: their group, the plan. HTML, to be put in place."""
    from excavate.components.room_html import room_html
    from excavate.routes import served_workshop

    workshop = served_workshop()
    _speak(request)
    return fragment(request, room_html(workshop, person_of(request, workshop)))


def here_fragment(request: Request) -> Response:
    """Who is here, for facilitators alone."""
    from excavate.components.room_html import here_html
    from excavate.routes import refusal, served_workshop

    workshop = served_workshop()
    if workshop.shared and roster(workshop).role(person_of(request, workshop)) != "facilitator":
        return refusal(403, "only a facilitator may do this")
    _speak(request)
    return fragment(request, here_html(workshop, PRESENCE))


def fragment(request: Request, html: str) -> Response:
    """HTML of ours that a page puts in place of what it shows; 304 where it holds it already."""
    from starlette.responses import Response

    content = html.encode()
    etag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache, private",
               "X-Content-Type-Options": "nosniff"}  # fmt: skip
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="text/html", headers=headers)


def person_of(request: Request, workshop: Workshop) -> str:
    """Who asks, by the cookie they carry; nothing where nobody of the room does."""
    carried = request.headers.get("cookie", "")
    if not workshop.shared:
        local = value_in(carried, LOCAL)
        return local if is_id(local) else ""
    key = host_secrets(Settings.from_environment().secrets).key
    known = unsealed(key, value_in(carried, cookie_name(workshop.room_id)))
    if known is None or known.room_id != workshop.room_id:
        return ""
    return known.person_id if roster(workshop).role(known.person_id) != "gone" else ""


def _speak(request: Request) -> None:
    speak(request.query_params.get("lang", ""))
