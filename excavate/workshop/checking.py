"""What people give, checked before it is written: every fault of it at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

from excavate.errors import InputFault

BLANK = ("Cc", "Cf", "Cs", "Zl", "Zp", "Zs")
FILLERS = "\u115f\u1160\u3164\uffa0"  # letters of Korean that are drawn as nothing
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
NAME, LINK, TEXT, SOURCE, SHOWN = 200, 2000, 2000, 500, 60


def tidy(text: str | None) -> str:
    """What was typed, without the blanks around it."""
    return (text or "").strip()


def text_faults(place: str, text: str, most: int, *, needed: bool = True) -> Iterator[InputFault]:
    """What is wrong with words: missing, too long, or signs that nobody can see."""
    if any(_unseen(sign) for sign in text):
        yield InputFault(place, "holds signs that cannot be shown")
    elif needed and not any(map(_is_ink, text)):
        yield InputFault(place, "nothing is written here yet")
    if len(text) > most:
        yield InputFault(place, f"{len(text)} characters, at most {most} are kept")


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
    """Control signs, lone surrogates, and what turns the writing round; line breaks may stand."""
    return sign in TURNING or (sign not in "\n\r\t" and unicodedata.category(sign) in ("Cc", "Cs"))


def _is_ink(sign: str) -> bool:
    """Whether a sign leaves anything on the page: no blank, no joiner, no empty Korean letter."""
    return sign not in FILLERS and unicodedata.category(sign) not in BLANK
