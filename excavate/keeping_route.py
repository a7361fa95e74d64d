"""What the app does for keeping: backups while it runs and at its end, and exports to take away."""

from __future__ import annotations

import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from excavate.errors import ExcavateError
from excavate.settings import Settings

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

LOG = logging.getLogger("excavate.workshop")


@asynccontextmanager
async def keeping(_app: Any) -> AsyncIterator[None]:
    """The app's life: what was begun to be erased is finished first, backups run beside."""
    from starlette.concurrency import run_in_threadpool

    from excavate.routes import opened_workshop
    from excavate.workshop.keeping import keep_backups

    await run_in_threadpool(_open_if_there)
    stop = threading.Event()
    beside = threading.Thread(target=keep_backups, args=(opened_workshop, stop), daemon=True)
    beside.start()
    try:
        yield
    finally:
        stop.set()
        await run_in_threadpool(beside.join)
        await run_in_threadpool(_let_go)


def _open_if_there() -> None:
    from excavate.routes import served_workshop
    from excavate.workshop.store import FILE

    if (Settings.from_environment().site / FILE).is_file():
        try:
            served_workshop()
        except ExcavateError as error:  # pages tell it too
            LOG.error("the workshop cannot be opened: %s", error)


def _let_go() -> None:
    """Fold the journal into the file, so that the site's folder is whole when it is handed on."""
    from excavate.routes import forget_workshop, opened_workshop

    workshop = opened_workshop()
    if workshop is not None:
        forget_workshop()
        workshop.close()


def export_file(request: Request) -> Response:
    """The conversation as a file: all of it for facilitators, else what one said oneself."""
    from starlette.responses import Response

    from excavate.i18n import speak
    from excavate.now_route import person_of
    from excavate.routes import refusal, served_workshop
    from excavate.workshop.exports import MEDIA_TYPES, export_now

    workshop, ending = served_workshop(), request.path_params["ending"]
    who = person_of(request, workshop)
    if workshop.shared and not who:
        return refusal(403, "only who is in the room may do this")
    if ending not in MEDIA_TYPES:
        return refusal(404, f"no such file; there are: {', '.join(MEDIA_TYPES)}")
    speak(request.query_params.get("lang", ""))
    own = request.query_params.get("own") == "1"
    content = export_now(workshop, ending, who or None, own=own)
    headers = {
        "Content-Disposition": f'attachment; filename="excavate-room.{ending}"',
        "Cache-Control": "no-store, private",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=MEDIA_TYPES[ending], headers=headers)
