"""What people give, checked before it is written: every fault of it at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

from excavate.errors import InputFault

NAME, LINK, TEXT, SOURCE, SHOWN = 200, 2000, 2000, 500, 60


def tidy(text: str | None) -> str:
    """What was typed, without the blanks around it."""
    return (text or "").strip()


def text_faults(place: str, text: str, most: int, *, needed: bool = True) -> Iterator[InputFault]:
    """What is wrong with words: missing, too long, or signs that nobody can see."""
    if needed and not text:
        yield InputFault(place, "nothing is written here yet")
    if len(text) > most:
        yield InputFault(place, f"{len(text)} characters, at most {most} are kept")
    if any(_unseen(sign) for sign in text):
        yield InputFault(place, "holds signs that cannot be shown")


def link_faults(place: str, link: str) -> Iterator[InputFault]:
    """What is wrong with a link: only http and https lead anywhere, and plainly."""
    yield from text_faults(place, link, LINK, needed=False)
    if link and not _leads(link):
        yield InputFault(place, "a link begins with https:// or http:// and names a host")


def _leads(link: str) -> bool:
    if any(sign.isspace() or sign in "\"'<>\\`" for sign in link):
        return False
    try:
        parts = urlsplit(link)
        return (
            parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
        )
    except ValueError:
        return False


def _unseen(sign: str) -> bool:
    """Control signs, lone surrogates; line breaks and tabs may stand."""
    return sign not in "\n\r\t" and unicodedata.category(sign) in ("Cc", "Cs")
