"""Takes visits to the door: slows down who tries, and answers the others in a thread."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from excavate.door.asked import address_of
from excavate.door.entering import ANSWERS, answer
from excavate.door.papers import say_paper
from excavate.door.slowing import Slowing, place_of
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
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def answers(self, path: str) -> bool:
        """Whether a path is of the door."""
        first, _slash, rest = path.lstrip("/").partition("/")
        return first in ANSWERS and bool(rest) == (first in ("enter", "me"))

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
        fields = await fields_of(scope, receive)
        if fields is None:
            return Answer(413)
        settings = Settings.from_environment()
        if not _tries(scope, fields):
            return await run_in_threadpool(_told, scope, fields, settings)
        address = address_of(scope, settings)
        async with self._turn(address):
            wait = self.slowing.wait(address)
            if wait is None:
                return _too_many(fields)
            await asyncio.sleep(wait)
            told = await run_in_threadpool(_told, scope, fields, settings)
            if told.wrong:
                self.slowing.wrong(address)
        return told

    def _turn(self, address: str) -> asyncio.Lock:
        """One try of an address after the other: a thousand at once are not looked at together."""
        return self._turns.setdefault(place_of(address), asyncio.Lock())


def _tries(scope: Scope, fields: Mapping[str, str]) -> bool:
    """Whether a code or a link is tried."""
    if scope["path"].startswith(("/enter/", "/me/")):
        return True
    return bool(scope["path"] == "/join" and scope["method"] == "POST" and fields.get("code"))


def _told(scope: Scope, fields: Mapping[str, str], settings: Settings) -> Answer:
    try:
        return answer(visit_of(scope, fields, settings))
    except ExcavateError as error:
        log.error("the door cannot answer: %s", error)
        speak(fields.get("lang", ""))
        words = _("Nothing is lost. Tell the facilitator; the host's log says more.")
        return shown(say_paper(_("The room cannot be opened"), words), status=503)


def _too_many(fields: Mapping[str, str]) -> Answer:
    speak(fields.get("lang", ""))
    words = _("Too many wrong codes came from where you are. Wait some minutes, then try again "
              "with the link that the facilitator sent.")  # fmt: skip
    told = shown(say_paper(_("Wait a little"), words), status=429)
    return Answer(429, told.body, (*told.headers, ("Retry-After", str(RETRY))))
