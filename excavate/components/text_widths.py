"""How wide a text is drawn: a Korean sign takes twice the room of a Latin one."""

from __future__ import annotations

from unicodedata import combining, east_asian_width

COLUMN = 0.55  # of the type's size: a Latin sign, on the average and not too tight
WIDE = frozenset("WF")


def columns(text: str) -> int:
    """The room of a text, in Latin signs."""
    return sum(
        0 if combining(sign) else 2 if east_asian_width(sign) in WIDE else 1 for sign in text
    )


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
        while columns(word) > most:
            cut = next(n for n in range(len(word), 0, -1) if columns(word[:n]) <= most)
            found.append(word[:cut])
            word = word[cut:]
        found.append(word)
    return [word for word in found if word]
