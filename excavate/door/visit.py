"""One visit to the door: who comes, with what; and what they are answered."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from excavate.components.addresses import under
from excavate.door.asked import headers_of, is_secure
from excavate.door.cookie import Carried, cookie_name, sealed, set_cookie, unsealed, value_in
from excavate.door.secrets import host_secrets
from excavate.i18n import LANGUAGES, preferred
from excavate.settings import Settings
from excavate.workshop.members import Member, roster
from excavate.workshop.store import Workshop

if TYPE_CHECKING:
    from starlette.types import Receive, Scope

LARGEST = 64 * 1024  # bytes of a form
POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
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
    value = sealed(visit.key, Carried(visit.workshop.room_id, person_id))
    return redirect(way, _cookie(visit, value))


def expired(visit: Visit, way: str) -> Answer:
    """This browser is nobody's now."""
    return redirect(way, _cookie(visit, ""))


def visit_of(scope: Scope, fields: Mapping[str, str], settings: Settings) -> Visit:
    """A request, with who it is by. Raises ExcavateError where the room cannot be opened."""
    from excavate.routes import served_workshop

    workshop = served_workshop()
    key = host_secrets(settings.secrets).key
    cookie = value_in(headers_of(scope).get("cookie", ""), cookie_name(workshop.room_id))
    carried, people = unsealed(key, cookie), roster(workshop)
    inside = carried and carried.room_id == workshop.room_id and not people.ended
    me = people.people.get(carried.person_id) if carried and inside else None
    return Visit(scope, settings, workshop, key, fields, me)


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
