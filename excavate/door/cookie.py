"""The signed cookie that says who comes: a room and a person, no name, no role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from itsdangerous import URLSafeTimedSerializer

LOCAL = "excavate_here"  # at an unshared machine: an id, nothing to be signed
LASTS = 180 * 24 * 3600  # seconds: from one evening to the next, and to the exhibition
SALT = "excavate.door"


@dataclass(frozen=True, slots=True)
class Carried:
    """What a cookie says. Whether they are in the room, and as what, the workshop says."""

    room_id: str
    person_id: str
    device: str = ""  # one browser: what it is given ends with its leaving


def sealed(key: str, carried: Carried, salt: str = SALT) -> str:
    """A cookie's value, or a form's, which has a salt of its own."""
    return str(_serializer(key, salt).dumps([carried.room_id, carried.person_id, carried.device]))


def unsealed(key: str, value: str, lasts: int = LASTS, salt: str = SALT) -> Carried | None:
    """What was sealed; None where it is not ours, was changed, or is too old."""
    from itsdangerous import BadData

    if not value:
        return None
    try:
        room_id, person_id, device = _serializer(key, salt).loads(value, max_age=lasts)
    except (BadData, ValueError, TypeError):
        return None
    return Carried(str(room_id), str(person_id), str(device))


def cookie_name(room_id: str) -> str:
    """Each room has its own: two rooms of one host do not put each other's people out."""
    return f"excavate_room_{room_id[-12:]}"


def form_cookie_name(room_id: str) -> str:
    """Of who is at the door: it makes a form that is sent twice one person, in this browser."""
    return f"excavate_form_{room_id[-12:]}"


def value_in(header: str, name: str) -> str:
    """The value of a cookie in a Cookie header; nothing where it is not there."""
    for part in header.split(";"):
        found, _equals, value = part.strip().partition("=")
        if found == name:
            return value
    return ""


def set_cookie(name: str, value: str, path: str, *, secure: bool, lasts: int = LASTS) -> str:
    """The header that lays a cookie down, or takes it away where the value is empty."""
    lasts = lasts if value else 0
    safe = "; Secure" if secure else ""
    return f"{name}={value}; Path={path or '/'}; Max-Age={lasts}; HttpOnly; SameSite=Lax{safe}"


def _serializer(key: str, salt: str) -> URLSafeTimedSerializer:
    from itsdangerous import URLSafeTimedSerializer

    return URLSafeTimedSerializer(key, salt=salt)
