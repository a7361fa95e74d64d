"""What others say to an absence: answers in threads, stances, sortings, translations.

Each person has one stance and one sorting of each absence; a later one supersedes their own.
Nobody answers what is not theirs to see.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from excavate.errors import InputFault
from excavate.i18n import LANGUAGES, N_
from excavate.workshop import checking
from excavate.workshop.absence_record import REPLY_KINDS, STANCES
from excavate.workshop.absence_types import is_type
from excavate.workshop.authors import Author, author_faults, once, person_rows, refuse
from excavate.workshop.checking import text_faults, tidy
from excavate.workshop.ids import new_id
from excavate.workshop.rounds import PLANNED, one_round
from excavate.workshop.seeing import absence_of, refuse_unseen
from excavate.workshop.store import Row, Workshop

PLACES = (N_("Answer"), N_("Kind"), N_("Translation"), N_("Language"), N_("Stance"), N_("Type"))
REPLY_STANDS = "SELECT count(*) FROM reply WHERE row_id = $1"
STANCE_STANDS = "SELECT count(*) FROM stance WHERE row_id = $1"
SORTING_STANDS = "SELECT count(*) FROM sorting WHERE row_id = $1"
TRANSLATION_STANDS = "SELECT count(*) FROM translation WHERE row_id = $1"
MY_STANCE = """
SELECT row_id FROM stance WHERE room_id = $1 AND absence_id = $2 AND person_id = $3
ORDER BY writing DESC LIMIT 1
"""
MY_SORTING = """
SELECT row_id FROM sorting WHERE room_id = $1 AND absence_id = $2 AND person_id = $3
ORDER BY writing DESC LIMIT 1
"""
MY_TRANSLATION = """
SELECT row_id, translation_id FROM translation
WHERE room_id = $1 AND absence_id = $2 AND person_id = $3 AND language = $4
  AND translation_id NOT IN (SELECT what_id FROM withdrawn WHERE manner <> 'shown')
ORDER BY writing DESC LIMIT 1
"""
HIDDEN = """
SELECT row_id FROM withdrawn
WHERE room_id = $1 AND what_id = $2 AND manner <> 'shown' AND NOT moderating
"""


def reply(
    workshop: Workshop, author: Author, reply_id: str, about_id: str, kind: str, text: str
) -> bool:
    """Answer an absence, or an answer to it: agree, contest, ask or evidence. True where new.

    To agree needs no words. Raises RefusedError with every fault of it, NotFoundError where
    `about_id` is nothing that the author sees.
    """
    text = tidy(text)
    faults = author_faults(author)
    faults += text_faults(PLACES[0], text, checking.TEXT, needed=kind != "agree")
    if kind not in REPLY_KINDS:
        faults.append(InputFault(PLACES[1], f"one of: {', '.join(REPLY_KINDS)}"))
    refuse(faults)
    refuse_unseen(workshop, author.person_id, absence_of(workshop, about_id))
    columns = {"reply_id": reply_id, "about": about_id, "kind": kind, "text": text,
               "language": author.language}  # fmt: skip
    return _write(workshop, author, Row("reply", reply_id, author.person_id, columns), REPLY_STANDS)


def take_stance(
    workshop: Workshop, author: Author, row_id: str, absence_id: str, stance: str
) -> bool:
    """Say how one stands to an absence; a later stance supersedes one's own. True where new."""
    faults = author_faults(author)
    if stance not in STANCES:
        faults.append(InputFault(PLACES[4], f"one of: {', '.join(STANCES)}"))
    _refuse_unseen(workshop, author, absence_id, faults)
    before = _mine(workshop, MY_STANCE, absence_id, author.person_id)
    columns = {"absence_id": absence_id, "stance": stance}
    row = Row("stance", row_id, author.person_id, columns, before[0] if before else None)
    back = shown_again(workshop, author, "stance", absence_id)
    return _write(workshop, author, row, STANCE_STANDS, back)


def sort(
    workshop: Workshop, author: Author, row_id: str, absence_id: str, type: str,
    round_id: str | None = None,
) -> bool:  # fmt: skip
    """Sort an absence under a type, for oneself; "none of these" is an answer. True where new."""
    faults = author_faults(author)
    if not is_type(type):
        faults.append(InputFault(PLACES[5], "no type of the vocabulary"))
    _refuse_unseen(workshop, author, absence_id, faults)
    if round_id and one_round(workshop, round_id).state == PLANNED:
        round_id = None
    before = _mine(workshop, MY_SORTING, absence_id, author.person_id)
    columns = {"absence_id": absence_id, "type": type, "round_id": round_id}
    row = Row("sorting", row_id, author.person_id, columns, before[0] if before else None)
    back = shown_again(workshop, author, "sorting", absence_id)
    return _write(workshop, author, row, SORTING_STANDS, back)


def translate(
    workshop: Workshop, author: Author, row_id: str, absence_id: str, language: str,
    statement: str,
) -> bool:  # fmt: skip
    """Say a statement in another language; one's own earlier one in it is mended. True where new.

    Raises RefusedError with every fault of it, NotFoundError where there is no such absence.
    """
    statement = tidy(statement)
    faults = [*author_faults(author), *text_faults(PLACES[2], statement, checking.TEXT)]
    if language not in LANGUAGES:
        faults.append(InputFault(PLACES[3], f"one of: {', '.join(LANGUAGES)}"))
    _refuse_unseen(workshop, author, absence_id, faults)
    before = _mine(workshop, MY_TRANSLATION, absence_id, author.person_id, language)
    columns = {"translation_id": before[1] if before else row_id, "absence_id": absence_id,
               "language": language, "statement": statement}  # fmt: skip
    row = Row("translation", row_id, author.person_id, columns, before[0] if before else None)
    return _write(workshop, author, row, TRANSLATION_STANDS)


def shown_again(workshop: Workshop, author: Author, table: str, absence_id: str) -> list[Row]:
    """What brings one's stance or sorting back that one had taken back: giving another does."""
    what_id = f"{table}/{absence_id}/{author.person_id}"
    with workshop.cursor() as cursor:
        found = cursor.execute(HIDDEN, [workshop.room_id, what_id]).fetchone()
    if found is None:
        return []
    columns = {"table_name": table, "what_id": what_id, "manner": "shown", "moderating": False}
    return [Row("withdrawal", new_id(), author.person_id, columns, found[0])]


def _refuse_unseen(
    workshop: Workshop, author: Author, absence_id: str, faults: list[InputFault]
) -> None:
    refuse(faults)
    refuse_unseen(workshop, author.person_id, absence_id)


def _mine(workshop: Workshop, query: str, *asked: str) -> tuple[Any, ...] | None:
    with workshop.cursor() as cursor:
        found: tuple[Any, ...] | None = cursor.execute(query, [workshop.room_id, *asked]).fetchone()
    return found


def _write(
    workshop: Workshop, author: Author, row: Row, stands: str, beside: Sequence[Row] = ()
) -> bool:
    rows = [*person_rows(workshop, author), row, *beside]
    return once(workshop, rows, stands, row.row_id)
