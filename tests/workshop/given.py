"""What tests bring to a workshop."""

from __future__ import annotations

from typing import Any

from excavate.workshop.finds import Author, GivenFact, GivenFind
from excavate.workshop.ids import new_id

CONSENT = "What I write stands in this site with the name I chose."


def author(name: str = "Mirae", language: str = "en", person_id: str | None = None) -> Author:
    return Author(person_id or new_id(), name, language, CONSENT)


def find(name: str = "Signs of Euljiro", find_id: str | None = None, **more: Any) -> GivenFind:
    more.setdefault("why", "Hand-painted signs that no dataset of scene text holds")
    more.setdefault("link", "https://example.org/signs")
    more.setdefault("facts", (GivenFact("year", "2019", "its page"),))
    return GivenFind(find_id or new_id(), name, **more)
