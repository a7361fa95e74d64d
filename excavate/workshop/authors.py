"""Who writes, and how anything is written: with a name, with consent, and once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from excavate.errors import InputFault, RefusedError
from excavate.workshop import checking
from excavate.workshop.checking import text_faults, tidy
from excavate.workshop.ids import is_id, new_id
from excavate.workshop.store import AlreadyWrittenError, Row, Workshop

PERSON = "SELECT row_id, shown_name, language, consented_to FROM people WHERE person_id = ?"


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes: a name they chose, and the sentence on what is recorded that they agreed to."""

    person_id: str
    shown_name: str
    language: str
    consented_to: str


def refuse(faults: Sequence[InputFault]) -> None:
    """Raise RefusedError where there are faults."""
    if faults:
        raise RefusedError("not written yet", "", "Mend this and press again", faults)


def author_faults(author: Author) -> list[InputFault]:
    """What is missing of who writes: a name to be shown, and their consent."""
    faults = list(text_faults("Your name", author.shown_name, checking.SHOWN))
    if not author.consented_to:
        faults.append(InputFault("Consent", "nothing is recorded without it"))
    return faults


def known_author(workshop: Workshop, person_id: str) -> Author | None:
    """Somebody who has written before, as they are called now; None of one who has not."""
    with workshop.cursor() as cursor:
        found = cursor.execute(PERSON, [person_id]).fetchone()
    return Author(person_id, *found[1:]) if found and found[1] else None


def person_rows(workshop: Workshop, author: Author) -> list[Row]:
    """A row for who writes, where they are new or changed what they are called."""
    with workshop.cursor() as cursor:
        found = cursor.execute(PERSON, [author.person_id]).fetchone()
    said = (tidy(author.shown_name), author.language, author.consented_to)
    if found and found[1:] == said:
        return []
    columns = dict(zip(("shown_name", "language", "consented_to"), said, strict=True))
    return [Row("person", new_id(), author.person_id, columns, found[0] if found else None)]


def once(workshop: Workshop, rows: Sequence[Row], stands: str, row_id: str) -> bool:
    """Write rows; where the first try had come through, that is as good."""
    if not is_id(row_id):
        raise RefusedError("not an id of ours", row_id, "Reload the page")
    try:
        workshop.write(rows)
    except AlreadyWrittenError:
        with workshop.cursor() as cursor:
            if not cursor.execute(stands, [row_id]).fetchone()[0]:
                raise
        return False
    return True
