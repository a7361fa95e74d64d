"""What tests bring to a workshop."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from excavate.workshop.authors import Author
from excavate.workshop.finds import GivenFact, GivenFind
from excavate.workshop.ids import new_id

CONSENT = "What I write stands in this site with the name I chose."


def author(name: str = "Mirae", language: str = "en", person_id: str | None = None) -> Author:
    return Author(person_id or new_id(), name, language, CONSENT)


def find(name: str = "Signs of Euljiro", find_id: str | None = None, **more: Any) -> GivenFind:
    more.setdefault("why", "Hand-painted signs that no dataset of scene text holds")
    more.setdefault("link", "https://example.org/signs")
    more.setdefault("facts", (GivenFact("year", "2019", "its page"),))
    return GivenFind(find_id or new_id(), name, **more)


FILLERS = "\u115f\u1160\u3164\uffa0"
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def words(most: int) -> st.SearchStrategy[str]:
    """Words that the workshop takes: something to be seen, nothing that cannot be shown."""
    return st.text(min_size=1, max_size=most).filter(
        lambda text: (
            any(c.isprintable() and not c.isspace() for c in text)
            and not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c in TURNING for c in text)
            and not set(text) & set(FILLERS)
        )
    )
