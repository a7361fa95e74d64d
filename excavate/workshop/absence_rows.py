"""What was said of absences, read whole: a query a table, however many there are.

`at` is a writing: the room as it stood then. What was withdrawn since is out of it all the same.
"""

from __future__ import annotations

import threading
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from excavate.workshop.about import from_json
from excavate.workshop.absence_record import Absence
from excavate.workshop.store import Workshop

SAID = """
SELECT a.absence_id, a.statement, a.language, a.about_kind, a.about, a.knownness, a.agent,
    a.position, a.visibility, a.group_id, a.round_id, a.writing, a.person_id, p.shown_name,
    a.first_at, a.first_writing, a.versions, a.stance
FROM (
    SELECT *, arg_min(written_at, writing) OVER one AS first_at, min(writing) OVER one
        AS first_writing, count(*) OVER one AS versions
    FROM absence WHERE room_id = $1 AND ($2 IS NULL OR writing <= $2)
        AND ($3 IS NULL OR list_contains($3, absence_id))
    WINDOW one AS (PARTITION BY absence_id)
    QUALIFY row_number() OVER (PARTITION BY absence_id ORDER BY writing DESC) = 1
) a JOIN people p USING (person_id)
WHERE absence_id NOT IN (SELECT what_id FROM withdrawn WHERE manner <> 'shown')
ORDER BY first_writing, absence_id
"""
STANCES = """
SELECT absence_id, person_id, stance FROM stance
WHERE room_id = $1 AND ($2 IS NULL OR writing <= $2)
  AND ($3 IS NULL OR list_contains($3, absence_id))
  AND NOT EXISTS (  -- what was said after it was taken back is said anew
    SELECT 1 FROM withdrawn w WHERE w.manner <> 'shown'
    AND (w.writing >= stance.writing OR w.manner = 'hidden' AND w.moderating)
    AND w.what_id = 'stance/' || stance.absence_id || '/' || stance.person_id
  )
QUALIFY row_number() OVER (PARTITION BY absence_id, person_id ORDER BY writing DESC) = 1
"""
SORTINGS = """
SELECT absence_id, person_id, type FROM sorting
WHERE room_id = $1 AND ($2 IS NULL OR writing <= $2)
  AND ($3 IS NULL OR list_contains($3, absence_id))
  AND NOT EXISTS (  -- what was said after it was taken back is said anew
    SELECT 1 FROM withdrawn w WHERE w.manner <> 'shown'
    AND (w.writing >= sorting.writing OR w.manner = 'hidden' AND w.moderating)
    AND w.what_id = 'sorting/' || sorting.absence_id || '/' || sorting.person_id
  )
QUALIFY row_number() OVER (PARTITION BY absence_id, person_id ORDER BY writing DESC) = 1
"""
TRANSLATIONS = """
SELECT t.absence_id, t.translation_id, t.language, t.statement, t.written_at, t.writing,
    t.person_id, p.shown_name
FROM (
    SELECT * FROM translation WHERE room_id = $1 AND ($2 IS NULL OR writing <= $2)
        AND ($3 IS NULL OR list_contains($3, absence_id))
    QUALIFY row_number() OVER (PARTITION BY translation_id ORDER BY writing DESC) = 1
) t JOIN people p USING (person_id)
WHERE translation_id NOT IN (SELECT what_id FROM withdrawn WHERE manner <> 'shown')
ORDER BY t.writing, translation_id
"""
EVIDENCE = """
SELECT e.absence_id, e.evidence_id, e.kind, e.value, e.verdict, e.measured, e.written_at,
    e.writing, e.person_id, p.shown_name
FROM (
    SELECT *, rowid AS place FROM evidence WHERE room_id = $1 AND ($2 IS NULL OR writing <= $2)
        AND ($3 IS NULL OR list_contains($3, absence_id))
    QUALIFY row_number() OVER (PARTITION BY evidence_id ORDER BY writing DESC) = 1
) e JOIN people p USING (person_id)
WHERE evidence_id NOT IN (SELECT what_id FROM withdrawn WHERE manner <> 'shown')
ORDER BY e.writing, e.place
"""
REPLIES = """
SELECT r.reply_id, r.about, r.kind, r.text, r.language, r.written_at, r.writing, r.person_id,
    p.shown_name, r.reply_id IN (SELECT what_id FROM withdrawn WHERE manner <> 'shown')
FROM (
    SELECT * FROM reply WHERE room_id = $1 AND ($2 IS NULL OR writing <= $2)
        AND ($3 IS NULL OR writing > $3)
    QUALIFY row_number() OVER (PARTITION BY reply_id ORDER BY writing DESC) = 1
) r JOIN people p USING (person_id)
ORDER BY r.writing, reply_id
"""
OPENED = """
SELECT min(writing) FROM round_act
WHERE room_id = $1 AND act = 'open' AND round_id IN (SELECT unnest($2))
"""
TURNED = "SELECT count(*) FROM withdrawal WHERE room_id = $1 AND writing > $2"
TOUCHED = """
SELECT absence_id FROM absence WHERE room_id = $1 AND writing > $2
UNION SELECT absence_id FROM stance WHERE room_id = $1 AND writing > $2
UNION SELECT absence_id FROM sorting WHERE room_id = $1 AND writing > $2
UNION SELECT absence_id FROM translation WHERE room_id = $1 AND writing > $2
UNION SELECT absence_id FROM evidence WHERE room_id = $1 AND writing > $2
"""
MOST_TOUCHED = 200  # beyond that many at once the room is read whole
Rows = list[tuple[Any, ...]]
State = tuple[str, int, int]  # the room, and when its board and its people were last written


@dataclass(frozen=True, slots=True)
class Said:
    """Everything said in the room: rows as the queries above have them, by absence.

    Of an absence and of evidence what is pointed at is read already: an About.
    """

    absences: Mapping[str, tuple[Any, ...]]
    stances: Mapping[str, dict[str, str]]  # absence -> person -> stance
    types: Mapping[str, dict[str, str]]
    translations: Mapping[str, Rows]
    evidence: Mapping[str, Rows]
    replies: Mapping[str, Rows]  # of an absence, those to its replies too
    drawn: dict[str, Absence] = field(default_factory=dict)  # as who said nothing sees them


NONE_SAID = Said({}, {}, {}, {}, {}, {})
_reading = threading.Lock()
_held: WeakKeyDictionary[Workshop, tuple[State, Said]] = WeakKeyDictionary()


def said_now(workshop: Workshop) -> Said:
    """All that stands now; kept until something is said or somebody is called otherwise.

    Of many who look at once one reads, the others wait for it.
    """
    held = _held.get(workshop)
    if held is None or held[0] != _state(workshop):
        with _reading:
            held, state = _held.get(workshop), _state(workshop)
            if held is None or held[0] != state:
                held = _held[workshop] = (state, _newly(workshop, state, held))
    return held[1]


def _state(workshop: Workshop) -> State:
    topics = workshop.topics  # before the rows: what comes meanwhile is read again
    return workshop.room_id, topics["board"], topics["room"]


def said_at(workshop: Workshop, at: int | None) -> Said:
    """All that stood at a writing; the last few of these are kept."""
    if at is None or at >= workshop.version:
        return said_now(workshop)
    return _kept_at(workshop, _state(workshop), at)


@lru_cache(maxsize=4)
def _kept_at(workshop: Workshop, _state: State, at: int) -> Said:
    return _read(workshop, at)


def _newly(workshop: Workshop, state: State, held: tuple[State, Said] | None) -> Said:
    """What is held with what came since, where that can be told; else everything anew."""
    same = held is not None and (held[0][0], held[0][2]) == (state[0], state[2])
    found = _with_newest(workshop, held[1], held[0][1]) if held is not None and same else None
    return found or _read(workshop, None)


def _with_newest(workshop: Workshop, held: Said, since: int) -> Said | None:
    """`held` with what was written after `since`; None where something was taken back or more."""
    asked = [workshop.room_id, since]
    with workshop.cursor() as cursor:
        if cursor.execute(TURNED, asked).fetchone()[0]:
            return None
        touched = {one for (one,) in cursor.execute(TOUCHED, asked).fetchall()}
        replies = cursor.execute(REPLIES, [workshop.room_id, None, since]).fetchall()
    if len(touched) > MOST_TOUCHED:
        return None
    answered = _placed(held, replies, touched)
    if answered is None:
        return None
    fresh = _read(workshop, None, sorted(touched)) if touched else NONE_SAID
    drawn = {k: v for k, v in held.drawn.copy().items() if k not in touched | set(answered)}
    return Said(
        {**held.absences, **fresh.absences}, {**held.stances, **fresh.stances},
        {**held.types, **fresh.types}, {**held.translations, **fresh.translations},
        {**held.evidence, **fresh.evidence}, {**held.replies, **answered}, drawn,
    )  # fmt: skip


def _placed(held: Said, replies: Rows, touched: Container[str]) -> dict[str, Rows] | None:
    """The answers of each absence that has new ones; None where one answers what is not known."""
    if not replies:
        return {}
    roots = {row[0]: root for root, rows in held.replies.items() for row in rows}
    new = {row[0]: row for row in replies if row[0] not in roots}
    about = {reply_id: row[1] for reply_id, row in new.items()}
    found: dict[str, Rows] = {}
    for row in new.values():
        above = _root(row[0], about)
        root = roots.get(above, above)
        if row[9] or (root not in held.absences and root not in touched):
            return None
        found.setdefault(root, list(held.replies.get(root, ()))).append(row)
    return found


def _read(workshop: Workshop, at: int | None, only: Sequence[str] | None = None) -> Said:
    """All of the room, or all but the answers of these absences."""
    asked = [workshop.room_id, at, only]
    queries = (SAID, STANCES, SORTINGS, TRANSLATIONS, EVIDENCE)
    with workshop.cursor() as cursor:
        said, stances, types, translations, evidence = (
            cursor.execute(query, asked).fetchall() for query in queries
        )
        whole = only is None
        replies = cursor.execute(REPLIES, [*asked[:2], None]).fetchall() if whole else []
    absences = {row[0]: (*row[:4], from_json(row[3], row[4]), *row[5:]) for row in said}
    pointed = [(*row[:3], from_json(row[2], row[3]), *row[4:]) for row in evidence]
    return Said(
        absences, _by_person(stances), _by_person(types), _by_first(translations),
        _by_first(pointed), by_root(replies, absences),
    )  # fmt: skip


def _by_person(rows: Iterable[Sequence[str]]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for absence, person, said in rows:
        found.setdefault(absence, {})[person] = said
    return found


def _by_first(rows: Iterable[tuple[Any, ...]]) -> dict[str, Rows]:
    found: dict[str, Rows] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row[1:])
    return found


def by_root(rows: Rows, absences: Container[str]) -> dict[str, Rows]:
    """The replies of each absence. One that was taken back stays while others stand under it."""
    about = {row[0]: row[1] for row in rows}
    under = {row[1] for row in rows if not row[9]}
    for row in reversed(rows):  # an answer is written after what it answers
        if row[0] in under:
            under.add(row[1])
    found: dict[str, Rows] = {}
    for row in rows:
        root = _root(row[0], about)
        if root in absences and (not row[9] or row[0] in under):
            found.setdefault(root, []).append(row)
    return found


def _root(reply: str, about: Mapping[str, str]) -> str:
    passed: set[str] = set()
    while reply in about and reply not in passed:
        passed.add(reply)
        reply = about[reply]
    return reply


def opened_since(workshop: Workshop, rounds: Iterable[str]) -> int | None:
    """The writing from which on names are hidden while these rounds are open; None: from none."""
    hidden = sorted(rounds)
    if not hidden:
        return None
    with workshop.cursor() as cursor:
        found = cursor.execute(OPENED, [workshop.room_id, hidden]).fetchone()
    return int(found[0]) if found and found[0] is not None else None
