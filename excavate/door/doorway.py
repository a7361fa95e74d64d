"""The doorway: ASGI middleware that lets only those into a shared room who are in it.

Asked at every request and at every message of a websocket, so that whoever leaves, is removed, or
whose room ends loses pages, pictures and points at once.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from excavate.components.addresses import under
from excavate.door.asked import headers_of, is_cross_site, is_this_machine, wanted
from excavate.door.cookie import LOCAL, Carried, cookie_name, set_cookie, unsealed, value_in
from excavate.door.porter import Porter
from excavate.door.secrets import host_secrets
from excavate.door.uploads import WAY, Uploads
from excavate.errors import ExcavateError
from excavate.settings import Settings
from excavate.workshop.ids import is_id, new_id
from excavate.workshop.members import Roster, roster
from excavate.workshop.roles import may
from excavate.workshop.store import Workshop

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

OPEN = ("/_stcore/health",)
STYLES = (".css", ".woff2")
REFUSED = {
    403: "not in this room; ask whoever leads it for the link\n",
    411: "an upload says how large it is\n",
    413: "too large: 10 MB at most\n",
    429: "too many uploads within an hour\n",
}
NOT_ALLOWED = 1008  # a websocket's code: policy violation
log = logging.getLogger("excavate.door")


class Doorway:
    """ASGI middleware. Outside a shared room it only refuses what another site's page asks."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._porter, self._uploads = Porter(), Uploads()
        self._held: tuple[tuple[Workshop, int], Roster] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        settings = Settings.from_environment()
        if is_cross_site(scope, settings):
            await _refuse(scope, receive, send)
        elif not settings.shared:
            await self._local(scope, receive, send)
        else:
            await self._shared(scope, receive, send, settings)

    async def _local(self, scope: Scope, receive: Receive, send: Send) -> None:
        """At one's own machine: every browser is somebody, from one day to the next."""
        headers = headers_of(scope)
        if not is_this_machine(headers.get("host", "localhost")):  # another name that leads here
            await _refuse(scope, receive, send)
            return
        if scope["type"] == "http" and self._porter.answers(scope["path"]):
            await _lead(under("/"), scope, receive, send)  # there is no door here
            return
        navigates = scope["type"] == "http" and "text/html" in headers.get("accept", "")
        if navigates and not is_id(value_in(headers.get("cookie", ""), LOCAL)):
            cookie = set_cookie(LOCAL, new_id(), under("") or "/", secure=False)
            send = _with_cookie(send, cookie)
        await self.app(scope, receive, send)

    async def _shared(
        self, scope: Scope, receive: Receive, send: Send, settings: Settings
    ) -> None:  # fmt: skip
        path = scope["path"]
        if path in OPEN or (path.startswith("/assets/") and path.endswith(STYLES)):
            await self.app(scope, receive, send)
        elif scope["type"] == "http" and self._porter.answers(path):
            await self._porter(scope, receive, send)
        elif not await self._is_inside(scope, settings):
            await _turn_away(scope, receive, send)
        elif scope["type"] == "websocket":
            watched = _Watched(self, scope, receive, send, settings)
            await self.app(scope, watched.receive, watched.send)
        elif path.startswith(WAY) and (status := await self._upload(scope, settings)):
            await _refuse(scope, receive, send, status)
        else:
            await self.app(scope, receive, send)

    async def _upload(self, scope: Scope, settings: Settings) -> int:
        """The status that an upload is refused with; 0 where it may come."""
        found = self.person(scope, settings)
        if found is None or not may(await self.role_of(*found), "participant"):
            return 403
        if scope["method"] not in ("POST", "PUT"):
            return 0
        return self._uploads.refused(found[1].person_id, headers_of(scope))

    async def _is_inside(self, scope: Scope, settings: Settings) -> bool:
        try:
            return await self.role(scope, settings) != "gone"
        except ExcavateError as error:
            log.error("the room cannot be opened: %s", error)
            return False

    async def role(self, scope: Scope, settings: Settings) -> str:
        """What the one who asks is in the room. Raises ExcavateError where it cannot be opened."""
        person = self.person(scope, settings)
        return "gone" if person is None else await self.role_of(*person)

    def person(self, scope: Scope, settings: Settings) -> tuple[Workshop, Carried] | None:
        """What their cookie says of who asks; None where it is not of this room."""
        from excavate.routes import served_workshop

        workshop = served_workshop()
        given = value_in(headers_of(scope).get("cookie", ""), cookie_name(workshop.room_id))
        carried = unsealed(host_secrets(settings.secrets).key, given)
        if carried is None or carried.room_id != workshop.room_id:
            return None
        return workshop, carried

    async def role_of(self, workshop: Workshop, carried: Carried) -> str:
        """What somebody is in the room now; gone by a browser that was left."""
        people = await self._roster(workshop)
        left = carried.device in people.left_devices
        return "gone" if left else people.role(carried.person_id)

    async def _roster(self, workshop: Workshop) -> Roster:
        """The room; read in a thread where something about it was written since."""
        from starlette.concurrency import run_in_threadpool

        key = (workshop, workshop.topics["room"])
        if self._held is None or self._held[0] != key:
            self._held = (key, await run_in_threadpool(roster, workshop))
        return self._held[1]


class _Watched:
    """A websocket whose every message asks anew whether its person is still in the room."""

    def __init__(
        self, door: Doorway, scope: Scope, receive: Receive, send: Send, settings: Settings
    ) -> None:  # fmt: skip
        self._door, self._scope, self._settings = door, scope, settings
        self._receive, self._send = receive, send
        self._accepted = self._closed = False
        self._person: tuple[Workshop, Carried] | None = None

    async def receive(self) -> Message:
        """The next message; a farewell in its place where the person is not in the room."""
        message = await self._receive()
        if message["type"] == "websocket.receive" and not await self._stays():
            return {"type": "websocket.disconnect", "code": NOT_ALLOWED}
        return message

    async def send(self, message: Message) -> None:
        """Send a message, while the person is in the room."""
        if self._closed:
            return
        self._accepted = self._accepted or message["type"] == "websocket.accept"
        if message["type"] != "websocket.send" or await self._stays():
            await self._send(message)

    async def _stays(self) -> bool:
        inside = not self._closed and await self._is_inside()
        if not inside and self._accepted and not self._closed:
            self._closed = True
            await self._send({"type": "websocket.close", "code": NOT_ALLOWED})
        return inside

    async def _is_inside(self) -> bool:
        """Whose socket it is does not change; whether they are in the room may, at any time."""
        try:
            self._person = self._person or self._door.person(self._scope, self._settings)
            return self._person is not None and await self._door.role_of(*self._person) != "gone"
        except ExcavateError as error:
            log.error("the room cannot be opened: %s", error)
            return False


def _with_cookie(send: Send, cookie: str) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [*message["headers"], (b"set-cookie", cookie.encode())]
            message = {**message, "headers": headers}
        await send(message)

    return sending


async def _turn_away(scope: Scope, receive: Receive, send: Send) -> None:
    """A visitor is led to the door; anything else is refused."""
    navigates = "text/html" in headers_of(scope).get("accept", "")
    if scope["type"] == "http" and scope["method"] == "GET" and navigates:
        asked = {"next": wanted(scope)} if wanted(scope) != "/" else {}
        way = under("/join") + (f"?{urlencode(asked)}" if asked else "")
        await _lead(way, scope, receive, send)
        return
    await _refuse(scope, receive, send)


async def _lead(way: str, scope: Scope, receive: Receive, send: Send) -> None:
    from starlette.responses import RedirectResponse

    reply = RedirectResponse(way, status_code=303, headers={"Cache-Control": "no-store"})
    await reply(scope, receive, send)


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int = 403) -> None:
    from starlette.responses import PlainTextResponse

    if scope["type"] == "websocket":  # before it is accepted: no websocket comes about
        await send({"type": "websocket.close", "code": NOT_ALLOWED})
        return
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    text = REFUSED.get(status, REFUSED[403])
    await PlainTextResponse(text, status_code=status, headers=headers)(scope, receive, send)


def doorway() -> list[Any]:
    """What stands before everything of ours but the base path."""
    from starlette.middleware import Middleware

    return [Middleware(Doorway)]
