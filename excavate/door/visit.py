"""One visit to the door: who comes, with what; and what they are answered."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from excavate.components.addresses import under
from excavate.door.asked import headers_of, is_secure
from excavate.door.cookie import (
    Carried,
    cookie_name,
    form_cookie_name,
    sealed,
    set_cookie,
    unsealed,
    value_in,
)
from excavate.door.forgetting import ALLOWED
from excavate.door.secrets import host_secrets
from excavate.i18n import LANGUAGES, preferred
from excavate.settings import Settings
from excavate.workshop.ids import new_id
from excavate.workshop.members import Member, end_device, roster
from excavate.workshop.store import Workshop

if TYPE_CHECKING:
    from starlette.types import Receive, Scope

LARGEST = 64 * 1024  # bytes of a form
FORM_SALT = "excavate.door.form"
FORM_LASTS = 2 * 3600  # seconds
POLICY = (
    f"default-src 'none'; script-src {ALLOWED}; "
    "style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with none at all, a form's origin would be hidden
}


@dataclass(frozen=True, slots=True)
class Visit:
    """A request to the door."""

    scope: Scope
    settings: Settings
    workshop: Workshop
    key: str
    fields: Mapping[str, str]  # of the form, else of the link
    me: Member | None  # who they are in the room, by their cookie
    carried: Carried | None = None  # what their cookie says, whether or not they are in the room

    @property
    def path(self) -> str:
        """Where they are at, without the base path."""
        return str(self.scope["path"])

    @property
    def posted(self) -> bool:
        """Whether a form was sent; a look at a link changes nothing."""
        return bool(self.scope["method"] == "POST")

    @property
    def token(self) -> str:
        """The token of a link."""
        return self.path.rpartition("/")[2]

    @property
    def folder(self) -> Path:
        """Where the host's secrets lie."""
        return self.settings.secrets

    @property
    def language(self) -> str:
        """The language that was pressed, else of the form or link, else of the browser."""
        asked = self.given("turn") or self.given("lang")
        if asked not in LANGUAGES and self.me:
            asked = self.me.language
        header = headers_of(self.scope).get("accept-language")
        return asked if asked in LANGUAGES else preferred(header)

    @property
    def base(self) -> str:
        """The address people reach the app at."""
        if self.settings.url:
            return self.settings.url
        scheme = "https" if is_secure(self.scope, self.settings) else "http"
        return f"{scheme}://{headers_of(self.scope).get('host', '')}{under('')}"

    def given(self, name: str) -> str:
        """A field of the form or of the link."""
        return self.fields.get(name, "")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered. `wrong`: a code or link was tried that opens nothing."""

    status: int
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    wrong: bool = False


def shown(html: str, status: int = 200, *, wrong: bool = False) -> Answer:
    """A page."""
    return Answer(status, html, tuple(HEADERS.items()), wrong)


def redirect(way: str, *more: tuple[str, str]) -> Answer:
    """Elsewhere among our own pages."""
    return Answer(303, "", (("Location", way), ("Cache-Control", "no-store"), *more))


def laid(visit: Visit, person_id: str, way: str) -> Answer:
    """This browser is theirs now, and goes on to where they wanted to."""
    held = visit.carried
    same = held is not None and held.person_id == person_id and visit.me is not None
    device = held.device if same and held else ""
    if held and not same:
        end_device(visit.workshop, held.device)
    carried = Carried(visit.workshop.room_id, person_id, device or new_id())
    return redirect(way, _cookie(visit, sealed(visit.key, carried)), form_cookie(visit, ""))


def expired(visit: Visit, way: str) -> Answer:
    """This browser is nobody's now; its other tabs, too, are out."""
    if visit.carried:
        end_device(visit.workshop, visit.carried.device)
    return redirect(way, _cookie(visit, ""), form_cookie(visit, ""))


def at_the_door(visit: Visit) -> str | None:
    """Who this browser was to become by the form it was shown: bound to it, in no form or link."""
    header, room_id = headers_of(visit.scope).get("cookie", ""), visit.workshop.room_id
    value = value_in(header, form_cookie_name(room_id))
    carried = unsealed(visit.key, value, FORM_LASTS, FORM_SALT)
    return carried.person_id if carried and carried.room_id == room_id else None


def form_cookie(visit: Visit, value: str) -> tuple[str, str]:
    """The header that lays down who this browser is to become; taken away where it is empty."""
    secure = is_secure(visit.scope, visit.settings)
    name = form_cookie_name(visit.workshop.room_id)
    laid = set_cookie(name, value, under("") or "/", secure=secure, lasts=FORM_LASTS)
    return "Set-Cookie", laid


def with_form_cookie(visit: Visit, answer: Answer) -> Answer:
    """A form that is shown makes this browser, and none besides it, somebody to be."""
    if visit.me or at_the_door(visit):
        return answer
    value = sealed(visit.key, Carried(visit.workshop.room_id, new_id()), FORM_SALT)
    return replace(answer, headers=(*answer.headers, form_cookie(visit, value)))


def visit_of(scope: Scope, fields: Mapping[str, str], settings: Settings) -> Visit:
    """A request, with who it is by. Raises ExcavateError where the room cannot be opened."""
    from excavate.routes import served_workshop

    workshop = served_workshop()
    key = host_secrets(settings.secrets).key
    cookie = value_in(headers_of(scope).get("cookie", ""), cookie_name(workshop.room_id))
    carried, people = unsealed(key, cookie), roster(workshop)
    if carried and (carried.room_id != workshop.room_id or carried.device in people.left_devices):
        carried = None
    me = people.people.get(carried.person_id) if carried and not people.ended else None
    return Visit(scope, settings, workshop, key, fields, me, carried)


async def fields_of(scope: Scope, receive: Receive) -> dict[str, str] | None:
    """The fields of a form, else of the link; None of a form that is too large to be ours."""
    if scope["method"] != "POST":
        return _parsed(scope.get("query_string", b""))
    body, more = b"", True
    async with asyncio.timeout(30):
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > LARGEST:
                return None
    return _parsed(body)


def _parsed(text: bytes) -> dict[str, str]:
    found = parse_qs(text.decode("latin-1"), encoding="utf-8", max_num_fields=40)
    return {name: values[0] for name, values in found.items()}


def _cookie(visit: Visit, value: str) -> tuple[str, str]:
    secure = is_secure(visit.scope, visit.settings)
    name = cookie_name(visit.workshop.room_id)
    return "Set-Cookie", set_cookie(name, value, under("") or "/", secure=secure)
