"""Notebooks: what each person keeps for themselves, in their own order, and may show the room.

A note is theirs alone until they mark it to be shown and open their presentation. Taking a note
out is a withdrawal, as of everything else that was given (withdrawing.py).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from excavate.errors import InputFault, NotAllowedError, NotFoundError
from excavate.i18n import N_
from excavate.workshop.authors import Author, author_faults, once, person_rows, refuse
from excavate.workshop.checking import text_faults, tidy
from excavate.workshop.ids import new_id
from excavate.workshop.store import Row, Workshop
from excavate.workshop.withdrawing import HIDDEN, withdrawal

KINDS = {"text": "", "item": "item_id", "finding": "finding_id", "absence": "absence_id",
         "find": "find_id"}  # fmt: skip
PLACE = N_("Note")
LONGEST_NOTE, LONGEST_VALUE = 8000, 2000  # characters
NOTES = """
SELECT note_id, kind, value, text, language, place, shown, written_at, row_id
FROM notes WHERE room_id = $1 AND person_id = $2 ORDER BY place, note_id
"""
OWNER = "SELECT person_id FROM note WHERE room_id = $1 AND note_id = $2 LIMIT 1"
STANDS = "SELECT count(*) FROM note WHERE row_id = $1"
TAKEN_OUT = "SELECT count(*) FROM withdrawal WHERE row_id = $1"


@dataclass(frozen=True, slots=True)
class GivenNote:
    """A note as it is given. `note_id` was made with the form: sent twice, it is one note.

    `value` names what it points at: {} for one's own words alone, else {"item_id", "sha256",
    "revision"}, {"finding_id"}, {"absence_id"} or {"find_id"}, as `kind` says.
    """

    note_id: str
    kind: str
    text: str = ""
    value: Mapping[str, Any] = field(default_factory=dict)
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """One entry of a notebook; `row_id` is that of its newest wording."""

    note_id: str
    kind: str
    value: Mapping[str, Any]
    text: str
    language: str
    place: int
    shown: bool
    written_at: datetime
    row_id: str

    @property
    def points_at(self) -> str:
        """The id of what it points at; empty for words alone."""
        return str(self.value.get(KINDS.get(self.kind, ""), ""))


def notebook(workshop: Workshop, person_id: str) -> list[Note]:
    """The notes of one person in their order, without what was taken out."""
    with workshop.cursor() as cursor:
        rows = cursor.execute(NOTES, [workshop.room_id, person_id]).fetchall()
    return [
        Note(row[0], row[1], json.loads(row[2] or "{}"), row[3] or "", *row[4:]) for row in rows
    ]


def keep(workshop: Workshop, author: Author, given: GivenNote) -> bool:
    """Put a note at the end of one's notebook; True where it is new.

    Raises RefusedError with every fault of it.
    """
    given = replace(given, text=tidy(given.text))
    refuse([*author_faults(author), *_faults(given)])
    places = [note.place for note in notebook(workshop, author.person_id)]
    columns = {"note_id": given.note_id, "kind": given.kind, "value": _json(given.value),
               "text": given.text or None, "language": author.language,
               "place": max(places, default=-1) + 1, "shown": given.shown}  # fmt: skip
    row = Row("note", given.note_id, author.person_id, columns)
    return once(workshop, [*person_rows(workshop, author), row], STANDS, given.note_id)


def amend(
    workshop: Workshop,
    author: Author,
    row_id: str,
    note_id: str,
    *,
    text: str | None = None,
    shown: bool | None = None,
) -> bool:
    """Change the words of a note, or whether it is shown; what is None stays as it is.

    Raises RefusedError with every fault, NotAllowedError where it is another's.
    """
    before = _own(workshop, author.person_id, note_id)
    words = before.text if text is None else tidy(text)
    marked = before.shown if shown is None else shown
    language = before.language if text is None else author.language
    after = replace(before, text=words, shown=marked, language=language)
    given = GivenNote(note_id, after.kind, after.text, after.value, after.shown)
    refuse([*author_faults(author), *_faults(given)])
    return once(workshop, [_row(author.person_id, row_id, after)], STANDS, row_id)


def move(workshop: Workshop, author: Author, row_id: str, note_id: str, by: int) -> bool:
    """Put a note so many places later (or earlier, where `by` is negative), within the notebook.

    True where anything moved. Raises NotAllowedError where it is another's.
    """
    _own(workshop, author.person_id, note_id)
    notes = notebook(workshop, author.person_id)
    moved = moved_by(notes, [note.note_id for note in notes].index(note_id), by)
    changed = [
        replace(note, place=place) for place, note in enumerate(moved) if note.place != place
    ]
    if [note.note_id for note in moved] == [note.note_id for note in notes]:
        return False
    ids = [row_id, *(new_id() for _one in changed[1:])]
    rows = [_row(author.person_id, one, note) for one, note in zip(ids, changed, strict=True)]
    return once(workshop, rows, STANDS, row_id)


def moved_by(notes: Sequence[Note], at: int, by: int) -> list[Note]:
    """The same notes, the one at `at` so many places on; it stops at the ends."""
    rest = [note for number, note in enumerate(notes) if number != at]
    to = min(max(at + by, 0), len(rest))
    return [*rest[:to], notes[at], *rest[to:]]


def take_out(workshop: Workshop, author: Author, row_id: str, note_id: str) -> bool:
    """Take a note out of the notebook: hidden as of now, for everyone; True where that is new.

    Its mark is taken off with it, so that pages that listen to notebooks see that it is gone.
    """
    note = _own(workshop, author.person_id, note_id)
    rows = [
        _row(author.person_id, new_id(), replace(note, shown=False)),
        withdrawal(author, row_id, "note", note_id, HIDDEN, False),
    ]
    return once(workshop, rows, TAKEN_OUT, row_id)


def saved(notes: Sequence[Note], kind: str, points_at: str) -> Note | None:
    """The note of this notebook that points at a thing; None where none does."""
    return next((n for n in notes if n.kind == kind and n.points_at == points_at), None)


def _own(workshop: Workshop, person_id: str, note_id: str) -> Note:
    found = [note for note in notebook(workshop, person_id) if note.note_id == note_id]
    if found:
        return found[0]
    with workshop.cursor() as cursor:
        owner = cursor.execute(OWNER, [workshop.room_id, note_id]).fetchone()
    if owner and owner[0] != person_id:
        raise NotAllowedError("this note is another's", "", "Each changes their own alone")
    raise NotFoundError("this note is not in the notebook", note_id, "Reload the page")


def _row(person_id: str, row_id: str, note: Note) -> Row:
    columns = {"note_id": note.note_id, "kind": note.kind, "value": _json(note.value),
               "text": note.text or None, "language": note.language, "place": note.place,
               "shown": note.shown}  # fmt: skip
    return Row("note", row_id, person_id, columns, note.row_id)


def _json(value: Mapping[str, Any]) -> str | None:
    return json.dumps(dict(value), ensure_ascii=False) if value else None


def _faults(given: GivenNote) -> list[InputFault]:
    if given.kind not in KINDS:
        return [InputFault("Kind", f"one of: {', '.join(KINDS)}")]
    own_words = given.kind == "text"
    faults = list(text_faults(PLACE, given.text, LONGEST_NOTE, needed=own_words))
    named = given.value.get(KINDS[given.kind], "")
    if not own_words and not (isinstance(named, str) and named):
        faults.append(InputFault(PLACE, "it points at nothing"))
    faults += text_faults(PLACE, _json(given.value) or "", LONGEST_VALUE, needed=False)
    return faults
