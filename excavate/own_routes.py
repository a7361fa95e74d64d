"""Routes of what is each person's own: the time they gave, and the presentation they show."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from excavate.errors import NotAllowedError, RefusedError
from excavate.settings import Settings

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from excavate.workshop.labour import Report
    from excavate.workshop.store import Workshop

LARGEST = 16_000  # bytes of one post
MOST = 40  # reports in it


async def labour(request: Request) -> Response:
    """Take what a browser counted. It is kept for those alone who have their time counted."""
    from starlette.concurrency import run_in_threadpool
    from starlette.responses import JSONResponse

    from excavate.routes import refusal, served_workshop
    from excavate.workshop.labour import report

    if "application/json" not in request.headers.get("content-type", ""):
        return refusal(415, "not a report")  # a form of another site cannot send this
    try:
        person, reports = _given(await _body(request))
    except (ValueError, TypeError, KeyError, RecursionError):
        return refusal(400, "not a report")
    workshop = served_workshop()
    try:
        who = person_of(request, workshop) if workshop.shared else person
        kept = await run_in_threadpool(report, workshop, who, reports)
    except NotAllowedError as error:
        return refusal(403, str(error))
    except RefusedError as error:
        return refusal(400, str(error))
    return JSONResponse({"kept": kept}, headers={"Cache-Control": "no-store"})


def person_of(request: Request, workshop: Workshop) -> str:
    """Whom the cookie of a request belongs to. Raises NotAllowedError of those outside."""
    from excavate.door.cookie import NAME, unsealed
    from excavate.door.secrets import host_secrets
    from excavate.workshop.members import roster

    key = host_secrets(Settings.from_environment().secrets).key
    known = unsealed(key, request.cookies.get(NAME, ""))
    if known is None or known.room_id != workshop.room_id:
        raise NotAllowedError("only who is in the room may do this")
    if roster(workshop).role(known.person_id) == "gone":
        raise NotAllowedError("only who is in the room may do this")
    return known.person_id


async def _body(request: Request) -> bytes:
    held = b""
    async for piece in request.stream():
        held += piece
        if len(held) > LARGEST:
            raise ValueError("too long")
    return held


def _given(body: bytes) -> tuple[str, list[Report]]:
    from excavate.workshop.labour import Report

    said = json.loads(body)
    reports: list[Any] = said["reports"]
    if not isinstance(reports, list) or len(reports) > MOST:
        raise ValueError("not reports")
    return str(said["person"]), [
        Report(str(one["id"]), str(one["activity"]), float(one["seconds"]), str(one["about"]))
        for one in reports
    ]
