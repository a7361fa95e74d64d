"""Routes of what is each person's own: the time they gave, and the presentation they show."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from excavate.errors import NotAllowedError, RefusedError, SiteError
from excavate.now_route import person_of as person_of
from excavate.settings import Settings

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from excavate.site import Site
    from excavate.workshop.labour import Report
    from excavate.workshop.store import Workshop

LARGEST = 16_000  # bytes of one post
MOST = 40  # reports in it
OFF = {"kept": 0.0, "off": True}  # the clock of another tab stops by it


async def labour(request: Request) -> Response:
    """Take what a browser counted. It is kept for those alone who have their time counted."""
    from starlette.concurrency import run_in_threadpool
    from starlette.responses import JSONResponse

    from excavate.routes import refusal, served_workshop
    from excavate.workshop.labour import recording, report

    if "application/json" not in request.headers.get("content-type", ""):
        return refusal(415, "not a report")  # a form of another site cannot send this
    try:
        person, reports = _given(await _body(request))
    except (ValueError, TypeError, KeyError, RecursionError):
        return refusal(400, "not a report")
    workshop = served_workshop()
    try:
        who = person_of(request, workshop) if workshop.shared else person
        if not who:
            return refusal(403, "only who is in the room may do this")
        kept = await run_in_threadpool(report, workshop, who, reports)
    except NotAllowedError as error:
        return refusal(403, str(error))
    except RefusedError as error:
        return refusal(400, str(error))
    told = {"kept": kept} if kept or await run_in_threadpool(recording, workshop, who) else OFF
    return JSONResponse(told, headers={"Cache-Control": "no-store"})


def presentation(request: Request) -> Response:
    """One person's open presentation as HTML, for pages that follow it; drawn once a version."""
    import hashlib

    from excavate.components.faces import look_through
    from excavate.i18n import speak, spoken
    from excavate.routes import answer, served_site, served_workshop

    speak(request.query_params.get("lang", ""))
    workshop = served_workshop()
    topics = {name: version for name, version in workshop.topics.items() if name != "labour"}
    try:
        site = served_site()
        generation = site.generation
        look_through(site, Settings.from_environment().archives)
    except SiteError:
        site, generation = None, ""
    who = request.query_params.get("of", "")
    html = _presented(site, workshop, who, spoken(), generation, tuple(topics.items()))
    etag = hashlib.sha256(html.encode()).hexdigest()[:32]
    return answer(request, html.encode(), "text/html; charset=utf-8", etag, "no-cache")


def presentations(request: Request) -> Response:
    """The list of the presentations that are open, as HTML for pages that follow it."""
    import hashlib

    from excavate.components.presentation import open_list_html
    from excavate.i18n import speak
    from excavate.routes import answer, served_workshop

    speak(request.query_params.get("lang", ""))
    html = open_list_html(served_workshop()).encode()
    etag = hashlib.sha256(html).hexdigest()[:32]
    return answer(request, html, "text/html; charset=utf-8", etag, "no-cache")


@lru_cache(maxsize=128)
def _presented(
    site: Site | None, workshop: Workshop, person_id: str, _language: str, _generation: str,
    _topics: tuple[tuple[str, int], ...],
) -> str:  # fmt: skip
    from excavate.components.presentation import presentation_html

    return presentation_html(site, workshop, person_id)


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
