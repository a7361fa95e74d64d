"""Taking back what one gave: out of view now, and back again; erasing is in erasing.py.

A withdrawal is a row of its own. Whoever gave a thing hides it and shows it again; a reviewer
hides what others gave, and only reviewers show that again: neither undoes the other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from excavate.errors import NotAllowedError, NotFoundError
from excavate.workshop.authors import Author, once
from excavate.workshop.roles import may, role_in
from excavate.workshop.store import Row, Workshop

HIDDEN, ERASED, SHOWN = "hidden", "erased", "shown"


@dataclass(frozen=True, slots=True)
class Thing:
    """What can be taken back: its id and its words as SQL, what it is said of, who may hide it."""

    what: str
    words: str
    about: str = "''"
    reviewed: bool = False  # a reviewer may hide it
    anew: bool = False  # one of each for a person: what they say after taking it back is new


WITHDRAWABLE: dict[str, Thing] = {
    "absence": Thing("absence_id", "statement", "about_kind", reviewed=True),
    "reply": Thing("reply_id", "text", "about", reviewed=True),
    "translation": Thing("translation_id", "statement", "absence_id", reviewed=True),
    "evidence": Thing("evidence_id", "value", "absence_id", reviewed=True),
    "sorting": Thing(
        "'sorting/' || absence_id || '/' || person_id", "type", "absence_id", anew=True
    ),
    "stance": Thing(
        "'stance/' || absence_id || '/' || person_id", "stance", "absence_id", anew=True
    ),
    "find": Thing("find_id", "name", reviewed=True),
    "find_fact": Thing("fact_id", "text", "find_id", reviewed=True),
    "judgement": Thing("judging_id || '/' || person_id", "choice", "judging_id", anew=True),
    "hand_answer": Thing(
        "'hand_answer/' || check_id || '/' || person_id", "answer", "check_id", anew=True
    ),
    "round": Thing("round_id", "prompt_ko || prompt_en", "kind", anew=True),
    "judging": Thing("judging_id", "question_ko || question_en", "drawn"),
    "room_group": Thing("group_id", "title", anew=True),
    "note": Thing("note_id", "coalesce(text, value)", "kind"),
    "presentation": Thing("'presentation/' || person_id", "title", reviewed=True, anew=True),
    "plan": Thing(
        "'plan/' || plan_id || '/' || person_id",
        "concat_ws(' · ', nullif(title_ko, ''), nullif(title_en, ''))",
        "name",
        reviewed=True,
        anew=True,
    ),
    "member": Thing(
        "member_id", "coalesce(nullif(reason, ''), label, kind)", "plan_id", reviewed=True
    ),
    "member_rights": Thing(
        "'member_rights/' || member_id || '/' || person_id",
        "concat_ws(' · ', nullif(creator, ''), nullif(licence, ''), nullif(ground_reason, ''))",
        "member_id",
        reviewed=True,
        anew=True,
    ),
    "left_out": Thing(
        "'left_out/' || member_id || '/' || person_id", "reason", "member_id", anew=True
    ),
    "curation": Thing(
        "'curation/' || plan_id || '/' || person_id", "rooms", "plan_id", reviewed=True, anew=True
    ),
    "labour": Thing(
        "'labour/' || person_id || '/' || strftime(started_at, '%Y-%m-%d')", "activity", anew=True
    ),
}
# Names of tables and columns are our own, from above: nothing that a person gave comes in here.
GIVEN = {
    table: f"""
SELECT {thing.what} AS what_id, arg_max({thing.words}, writing), max({thing.about}),
    min(written_at), count(*), min(writing), max(writing)
FROM {table} WHERE room_id = $1 AND person_id = $2 GROUP BY what_id
"""  # noqa: S608
    for table, thing in WITHDRAWABLE.items()
}
OWNERS = {
    table: f"SELECT DISTINCT person_id FROM {table} WHERE room_id = $1 AND {thing.what} = $2"  # noqa: S608
    for table, thing in WITHDRAWABLE.items()
}
NEWEST_OF_IT = {
    table: f"SELECT max(writing) FROM {table} WHERE room_id = $1 AND {thing.what} = $2"  # noqa: S608
    for table, thing in WITHDRAWABLE.items()
}
STANDING = """
SELECT table_name, what_id, manner, moderating, written_at, writing FROM withdrawn
WHERE room_id = $1 AND manner <> 'shown'
"""
LAST = """
SELECT row_id, manner, writing FROM withdrawn
WHERE room_id = $1 AND table_name = $2 AND what_id = $3 AND moderating = $4
"""
STANDS = "SELECT count(*) FROM withdrawal WHERE row_id = $1"


@dataclass(frozen=True, slots=True)
class Given:
    """One thing a person gave, in its last wording; `rows` counts it with its corrections."""

    table: str
    what_id: str
    words: str
    about: str  # the id it is said of, or its kind
    written_at: datetime
    rows: int
    manner: str = SHOWN  # shown, hidden, erased
    moderated: bool = False  # a reviewer hid it


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """That something was taken back: hidden or erased, and whether a reviewer did it."""

    table: str
    what_id: str
    manner: str
    moderated: bool
    written_at: datetime
    writing: int


def given_by(workshop: Workshop, person_id: str) -> list[Given]:
    """Everything a person gave in the room, oldest first, hidden and erased things too."""
    gone = withdrawn(workshop)
    found: list[tuple[int, Given]] = []
    with workshop.cursor() as cursor:
        for table, query in GIVEN.items():
            for row in cursor.execute(query, [workshop.room_id, person_id]).fetchall():
                found.append((row[5], _given(table, row, gone)))
    return [given for _writing, given in sorted(found, key=lambda pair: pair[0])]


def withdrawn(workshop: Workshop) -> dict[str, Withdrawn]:
    """{what_id: Withdrawn} of all that is out of view; erased stands before hidden.

    Of what is said anew the reviewer's hiding stands first: no new wording ends that.
    """
    with workshop.cursor() as cursor:
        rows = cursor.execute(STANDING, [workshop.room_id]).fetchall()
    rows.sort(key=lambda row: (row[2] == ERASED, row[3] == WITHDRAWABLE[row[0]].anew))
    return {row[1]: Withdrawn(*row) for row in rows}


def hide(workshop: Workshop, author: Author, row_id: str, table: str, what_id: str) -> bool:
    """Take a thing out of view and out of later releases; True where that is new.

    Raises NotAllowedError where it is neither one's own nor a reviewer's to hide, NotFoundError
    where there is no such thing.
    """
    return _turn(workshop, author, row_id, table, what_id, HIDDEN)


def show_again(workshop: Workshop, author: Author, row_id: str, table: str, what_id: str) -> bool:
    """Bring back what one hid; True where that is new. What was erased stays erased."""
    return _turn(workshop, author, row_id, table, what_id, SHOWN)


def side(workshop: Workshop, author: Author, table: str, what_id: str) -> bool:
    """Whether an author takes this back as a reviewer (True) or as who gave it (False).

    Raises as `hide`.
    """
    thing = WITHDRAWABLE.get(table)
    with workshop.cursor() as cursor:
        asked = [workshop.room_id, what_id]
        owners = {p for (p,) in cursor.execute(OWNERS[table], asked).fetchall()} if thing else set()
        role = role_in(cursor, workshop.room_id, author.person_id)[0]
    if not owners:
        raise NotFoundError("there is nothing by this id", what_id, "It may be of another room")
    if author.person_id in owners:
        return False
    if workshop.shared and not (thing and thing.reviewed and may(role, "reviewer")):
        raise NotAllowedError("only who gave it takes it back", "", "Ask the facilitator")
    return True


def withdrawal(
    author: Author, row_id: str, table: str, what_id: str, manner: str,
    moderating: bool, before: str | None = None,
) -> Row:  # fmt: skip
    """The row that says so."""
    columns = {"table_name": table, "what_id": what_id, "manner": manner,
               "moderating": moderating}  # fmt: skip
    return Row("withdrawal", row_id, author.person_id, columns, before)


def _turn(
    workshop: Workshop, author: Author, row_id: str, table: str, what_id: str, manner: str
) -> bool:
    moderating = side(workshop, author, table, what_id)
    with workshop.cursor() as cursor:
        asked = [workshop.room_id, table, what_id, moderating]
        before = cursor.execute(LAST, asked).fetchone()
        newest = cursor.execute(NEWEST_OF_IT[table], asked[::2]).fetchone()[0]
    row, stands = (
        (before[0], before[1])
        if before and not _is_anew(table, before, newest, moderating=moderating)
        else (None, SHOWN)
    )
    if stands in (manner, ERASED):
        return False
    said = withdrawal(author, row_id, table, what_id, manner, moderating, row)
    return once(workshop, [said], STANDS, row_id)


def _given(table: str, row: Any, gone: dict[str, Withdrawn]) -> Given:
    what_id, words, about, written_at, count, _first, last = row
    given = Given(table, what_id, words or "", about or "", written_at, count)
    out = gone.get(what_id)
    if out is None or out.table != table:
        return given
    if _anew(table, out.writing, last) and (out.manner == ERASED or not out.moderated):
        return given
    return replace(given, manner=out.manner, moderated=out.moderated)


def _is_anew(table: str, before: Any, last: int, *, moderating: bool) -> bool:
    """Whether a thing was said anew since: a reviewer's hiding is not ended by that."""
    stays = moderating and before[1] == HIDDEN
    return not stays and _anew(table, before[2], last)


def _anew(table: str, withdrawn_at: int, last: int) -> bool:
    return WITHDRAWABLE[table].anew and last > withdrawn_at
