"""How wide a text is drawn: a Korean sign takes more room than a Latin one, M more than i."""

from __future__ import annotations

from unicodedata import combining, east_asian_width

COLUMN = 0.6  # of the type's size: a digit; what is measured in columns is never too tight
KOREAN, BROAD, CAPITAL, SLIM = 1.6, 1.7, 1.25, 0.6  # columns
WIDE = frozenset("WF")
BROADEST, SLIMMEST = frozenset("MWmw@%…–—■▨&"), frozenset("iljftI.,:;|!'()[] ")


def columns(text: str) -> float:
    """The room of a text, in digits."""
    return sum(map(_columns, text))


def _columns(sign: str) -> float:
    if combining(sign):
        return 0
    if east_asian_width(sign) in WIDE:
        return KOREAN
    if sign in BROADEST or sign in SLIMMEST:
        return BROAD if sign in BROADEST else SLIM
    return CAPITAL if sign.isupper() or not sign.isascii() else 1


def wide(text: str, size: int) -> int:
    """About how many pixels a text takes in our type of a size."""
    return int(columns(text) * COLUMN * size) + 1


def wrapped(text: str, most: int, lines: int | None = None) -> list[str]:
    """A text in lines of at most `most` columns; what does not fit into `lines` ends in “…”."""
    found = [""]
    for word in _pieces(text, most):
        longer = f"{found[-1]} {word}".strip()
        if columns(longer) <= most:
            found[-1] = longer
        else:
            found.append(word)
    if lines and len(found) > lines:
        last = found[lines - 1]
        while columns(f"{last} …") > most:
            last = last[:-1]
        found = [*found[: lines - 1], f"{last.rstrip()} …"]
    return [line for line in found if line]


def _pieces(text: str, most: int) -> list[str]:
    """Its words; one too long for a line is cut."""
    found = []
    for word in text.split():
        start, room = 0, 0.0
        for at, sign in enumerate(word):
            room += _columns(sign)
            if room > most:
                found.append(word[start:at])
                start, room = at, _columns(sign)
        found.append(word[start:])
    return found
