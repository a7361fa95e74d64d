"""Ids that are made before anything is written, so that a retry is known for what it is."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
import uuid

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def new_id() -> str:
    """A UUID of version 7 (RFC 9562) as text: sorts by the millisecond it was made in."""
    moment = time.time_ns() // 1_000_000
    number = (moment & (1 << 48) - 1) << 80 | 0x7 << 76 | secrets.randbits(12) << 64
    return str(uuid.UUID(int=number | 0b10 << 62 | secrets.randbits(62)))


def derived_id(base: str, name: str) -> str:
    """The id that belongs to a name beside another id: always the same, in the same form."""
    drawn = int.from_bytes(hashlib.sha256(f"{base}/{name}".encode()).digest()[:9])
    number = int(uuid.UUID(base)) >> 76 << 76 | drawn >> 60 << 64
    return str(uuid.UUID(int=number | 0b10 << 62 | drawn & (1 << 60) - 1))


def is_id(text: str) -> bool:
    """Whether a text, from a link perhaps, has the form of one of our ids."""
    return bool(ID.fullmatch(text))
