"""Takes visits to the door: answers them in a thread, and those who try wrongly late."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from excavate.door.asked import address_of
from excavate.door.entering import answer, page_of
from excavate.door.papers import say_paper
from excavate.door.slowing import LONGEST, Slowing
from excavate.door.visit import Answer, fields_of, shown, visit_of
from excavate.errors import ExcavateError
from excavate.i18n import _, speak
from excavate.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Receive, Scope, Send

RETRY = 60  # seconds that are named to who is refused
log = logging.getLogger("excavate.door")


class Porter:
    """The door's pages as a small ASGI application of their own."""

    def __init__(self, slowing: Slowing | None = None) -> None:
        self.slowing = slowing or Slowing()
        self.of_links = Slowing()  # codes that are mistyped never shut a link out, nor slow it

    def answers(self, path: str) -> bool:
        """Whether a path is of the door."""
        return bool(page_of(path))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        from starlette.responses import Response

        told = await self._answer(scope, receive)
        reply = Response(told.body, told.status, media_type="text/html")
        for name, value in told.headers:
            reply.headers.append(name, value)
        await reply(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        from starlette.concurrency import run_in_threadpool

        if scope["method"] not in ("GET", "HEAD", "POST"):
            return Answer(405)
        try:
            fields = await fields_of(scope, receive)
        except TimeoutError:
            return Answer(408)
        except ValueError:
            return Answer(400)
        if fields is None:
            return Answer(413)
        settings = Settings.from_environment()
        told = await run_in_threadpool(_told, scope, fields, settings)
        return await self._slowed(scope, told, settings) if told.wrong else told

    async def _slowed(self, scope: Scope, told: Answer, settings: Settings) -> Answer:
        """A wrong try is told late, and in the end as one too many; a right one never is."""
        slowing = self.slowing if page_of(scope["path"]) == "join" else self.of_links
        address = address_of(scope, settings)
        wait = slowing.wait(address)
        slowing.wrong(address)
        await asyncio.sleep(LONGEST if wait is None else wait)
        if wait is not None:
            return told
        return replace(told, status=429, headers=(*told.headers, ("Retry-After", str(RETRY))))


def _told(scope: Scope, fields: Mapping[str, str], settings: Settings) -> Answer:
    try:
        return answer(visit_of(scope, fields, settings))
    except ExcavateError as error:
        log.error("the door cannot answer: %s", error)
        speak(fields.get("lang", ""))
        words = _("Nothing is lost. Tell the facilitator; the host's log says more.")
        return shown(say_paper(_("The room cannot be opened"), words), status=503)
