"""What people are told on entering: what is recorded, what for, how long, and whom to ask."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from excavate.errors import InputFault
from excavate.workshop import checking
from excavate.workshop.authors import Author, author_faults, once, person_rows, refuse
from excavate.workshop.by_topic import kept_by
from excavate.workshop.checking import text_faults, tidy
from excavate.workshop.store import Row, Workshop

WORDED = Path(__file__).with_name("terms.toml")
NEWEST = """
SELECT purpose_ko, purpose_en, kept_until, contact, row_id FROM terms_of_rooms
WHERE room_id = $1
"""
STANDS = "SELECT count(*) FROM room_terms WHERE row_id = $1"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a facilitator can word. Where kept_until or contact is empty, ours stands there."""

    purpose_ko: str
    purpose_en: str
    kept_until: str = ""
    contact: str = ""


@kept_by("room")
def terms_of(workshop: Workshop) -> Terms:
    """The terms of the room: the facilitator's, else ours."""
    with workshop.cursor() as cursor:
        found = cursor.execute(NEWEST, [workshop.room_id]).fetchone()
    return Terms(*found[:4]) if found else default_terms()


def default_terms() -> Terms:
    """The terms of a room whose facilitator has said nothing else."""
    said = _worded()["default"]
    return Terms(said["ko"]["purpose"], said["en"]["purpose"])


def set_terms(workshop: Workshop, author: Author, row_id: str, given: Terms) -> bool:
    """Word the room's terms anew; who came in before had agreed to those that stood then.

    Raises RefusedError with every fault of them, NotAllowedError by anyone but a facilitator.
    """
    given = Terms(*(tidy(part) for part in (
        given.purpose_ko, given.purpose_en, given.kept_until, given.contact)))  # fmt: skip
    refuse([*author_faults(author), *_faults(given)])
    columns = {"purpose_ko": given.purpose_ko, "purpose_en": given.purpose_en,
               "kept_until": given.kept_until, "contact": given.contact}  # fmt: skip
    row = Row("room_terms", row_id, author.person_id, columns, _before(workshop))
    return once(workshop, [*person_rows(workshop, author), row], STANDS, row_id)


def told(terms: Terms, language: str) -> list[tuple[str, str]]:
    """(heading, text) of all that is said on entering, in a language, in its order."""
    ours, always = _worded()["default"][language], _worded()["always"][language]
    purpose = terms.purpose_ko if language == "ko" else terms.purpose_en
    return [
        (always["recorded"], purpose),
        (always["seen"], always["seen_text"]),
        (always["kept"], terms.kept_until or ours["kept_until"]),
        (always["contact"], terms.contact or ours["contact"]),
        (always["taking_back"], always["taking_back_text"]),
        (always["refusing"], always["refusing_text"]),
    ]


def consented(terms: Terms, language: str) -> str:
    """The whole of it as one text: what a person agreed to, kept with their name."""
    return "\n".join(f"{head}: {text}" for head, text in told(terms, language))


def stamp_of(terms: Terms) -> str:
    """Names the words in both languages: a form carries it, so that what is agreed was shown."""
    both = "\n".join(consented(terms, language) for language in ("ko", "en"))
    return hashlib.sha256(both.encode()).hexdigest()[:32]


def _faults(given: Terms) -> list[InputFault]:
    return [
        *text_faults("Purpose (Korean)", given.purpose_ko, checking.TEXT),
        *text_faults("Purpose (English)", given.purpose_en, checking.TEXT),
        *text_faults("Kept until", given.kept_until, checking.NAME, needed=False),
        *text_faults("Contact", given.contact, checking.NAME, needed=False),
    ]


def _before(workshop: Workshop) -> str | None:
    with workshop.cursor() as cursor:
        found = cursor.execute(NEWEST, [workshop.room_id]).fetchone()
    return str(found[4]) if found else None


@lru_cache(maxsize=1)
def _worded() -> dict[str, Any]:
    return tomllib.loads(WORDED.read_text(encoding="utf-8"))
