"""The signed cookie that says who comes: a room and a person, no name, no role."""

from __future__ import annotations

from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from itsdangerous import URLSafeTimedSerializer

NAME = "excavate_room"
LASTS = 180 * 24 * 3600  # seconds: from one evening to the next, and to the exhibition
SALT = "excavate.door"


@dataclass(frozen=True, slots=True)
class Carried:
    """What a cookie says. Whether they are in the room, and as what, the workshop says."""

    room_id: str
    person_id: str


def sealed(key: str, carried: Carried) -> str:
    """A cookie's value."""
    return str(_serializer(key).dumps([carried.room_id, carried.person_id]))


def unsealed(key: str, value: str, lasts: int = LASTS) -> Carried | None:
    """What a cookie says; None where it is not ours, was changed, or is too old."""
    from itsdangerous import BadData

    if not value:
        return None
    try:
        room_id, person_id = _serializer(key).loads(value, max_age=lasts)
    except (BadData, ValueError, TypeError):
        return None
    return Carried(str(room_id), str(person_id))


def value_in(header: str) -> str:
    """The value of our cookie in a Cookie header; nothing where there is none."""
    cookies: SimpleCookie = SimpleCookie()
    for part in header.split(";"):  # one by one: a strange cookie beside it hides nothing
        try:
            cookies.load(part)
        except CookieError:
            continue
    return cookies[NAME].value if NAME in cookies else ""


def set_cookie(value: str, path: str, secure: bool) -> str:
    """The header that lays the cookie down, or takes it away where the value is empty."""
    lasts = LASTS if value else 0
    safe = "; Secure" if secure else ""
    return f"{NAME}={value}; Path={path}; Max-Age={lasts}; HttpOnly; SameSite=Lax{safe}"


def _serializer(key: str) -> URLSafeTimedSerializer:
    from itsdangerous import URLSafeTimedSerializer

    return URLSafeTimedSerializer(key, salt=SALT)
