"""Everything that was said in a room, as one flat list: what every export is made of.

What was withdrawn is not in it, names are in it only where they may be known, and what is
private only in what its author exports for themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from excavate.workshop.about import About
from excavate.workshop.absence_record import Absence
from excavate.workshop.seeing import Eyes, absences, eyes
from excavate.workshop.store import Workshop

OWN_ANSWERS = """
SELECT 'sorting', row_id, absence_id, type, person_id, shown_name, written_at, writing, round_id
FROM sortings WHERE room_id = $1
UNION ALL
SELECT 'stance', row_id, absence_id, stance, person_id, shown_name, written_at, writing, NULL
FROM stances WHERE room_id = $1 ORDER BY writing, row_id
"""
FINDS = """
SELECT find_id, name, language, link, why, sha256, person_id, shown_name, written_at, writing
FROM finds WHERE room_id = $1 ORDER BY writing, row_id
"""
FACTS = """
SELECT fact_id, find_id, text, language, topic, source, position, person_id, shown_name,
    written_at, writing
FROM find_facts WHERE room_id = $1 ORDER BY writing, position, row_id
"""
ANSWERS = """
SELECT reply_id, about, text, language, kind, person_id, shown_name, written_at, writing
FROM replies WHERE room_id = $1 ORDER BY writing, row_id
"""
STONES = """
SELECT a.absence_id, a.visibility, a.group_id, a.person_id, a.written_at,
    CASE WHEN bool_or(w.manner = 'erased') THEN 'erased' ELSE 'hidden' END
FROM (
    SELECT * FROM absence WHERE room_id = $1
    QUALIFY row_number() OVER (PARTITION BY absence_id ORDER BY writing DESC) = 1
) a JOIN withdrawn w ON w.what_id = a.absence_id AND w.manner <> 'shown'
GROUP BY ALL ORDER BY a.written_at
"""
NOTES = """
SELECT note_id, kind, coalesce(text, ''), language, value, person_id, shown_name, written_at
FROM notes WHERE room_id = $1 AND person_id = $2 ORDER BY place, writing
"""
# Names of tables and columns are our own: nothing that a person gave comes in here.
ORDER = " UNION ALL ".join(
    f"SELECT {key}, min(writing) FROM {name} WHERE room_id = $1 GROUP BY {key}"  # noqa: S608
    for name, key in (
        ("absence", "absence_id"), ("translation", "translation_id"), ("evidence", "evidence_id"),
        ("sorting", "row_id"), ("stance", "row_id"), ("reply", "reply_id"), ("find", "find_id"),
        ("find_fact", "fact_id"), ("note", "note_id"),
    )
)  # fmt: skip
TITLE = "SELECT title FROM rooms WHERE room_id = $1"


@dataclass(frozen=True, slots=True)
class Said:
    """One thing somebody said. `of` is the id it is said of; empty where it is none of ours.

    Nobody is named (None) where the round was anonymous and is not closed.
    """

    kind: str  # absence, translation, …: a table's name; tombstone: of an absence taken back
    id: str
    of: str
    words: str
    language: str
    person_id: str | None
    shown_name: str | None
    written_at: datetime
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Conversation:
    """What one viewer may take away of a room, in the order it was said."""

    room_id: str
    title: str
    said: tuple[Said, ...]


def conversation(
    workshop: Workshop, viewer: str | None, *, role: str = "participant",
    group_id: str | None = None, own: bool = False,
) -> Conversation:  # fmt: skip
    """What a viewer sees of the room; `own`: only what they said themselves, private things too."""
    looking = eyes(workshop, viewer, role, group_id)
    seen = [
        one
        for one in absences(workshop, viewer, role=role, group_id=group_id)
        if own or one.visibility != "private"
    ]
    said = [
        *_of_absences(workshop, seen, looking),
        *_under_stones(workshop, looking),
        *_of_finds(workshop, looking),
    ]
    if own:
        said = [one for one in said if viewer is not None and one.person_id == viewer]
        said += _notes(workshop, viewer)
    order = _writings(workshop)
    said.sort(key=lambda one: (order.get(one.id, 0), one.written_at))  # clocks may be set back
    return Conversation(workshop.room_id, title_of(workshop), tuple(said))


def _writings(workshop: Workshop) -> dict[str, int]:
    """{id: the writing it came with} of all that is said in the room."""
    with workshop.cursor() as cursor:
        return dict(cursor.execute(ORDER, [workshop.room_id]).fetchall())


def title_of(workshop: Workshop) -> str:
    """The room's title; empty where it has none."""
    with workshop.cursor() as cursor:
        found = cursor.execute(TITLE, [workshop.room_id]).fetchone()
    return str((found and found[0]) or "").strip()


def _of_absences(workshop: Workshop, seen: list[Absence], looking: Eyes) -> Iterator[Said]:
    for one in seen:
        yield _absence(one)
        yield from _under(one)
    named = {one.absence_id: one for one in seen}
    with workshop.cursor() as cursor:
        rows = cursor.execute(OWN_ANSWERS, [workshop.room_id]).fetchall()
    for kind, row_id, absence_id, code, person, name, at, writing, _round in rows:
        if absence_id in named:
            hidden = named[absence_id].anonymous or looking.hides(writing)
            who = looking.named(person, name, hidden=hidden)
            yield Said(kind, row_id, absence_id, code, "", *who, at)


def _absence(one: Absence) -> Said:
    more = {
        "about": one.about, "knownness": one.knownness, "agent": one.agent,
        "position": one.position, "visibility": one.visibility, "stance": one.stance,
        "types": dict(one.types), "stances": dict(one.stances), "corrected": one.corrected,
    }  # fmt: skip
    return Said(
        "absence", one.absence_id, "", one.statement, one.language, one.person_id,
        one.shown_name, one.written_at, more,
    )  # fmt: skip


def _under(one: Absence) -> Iterator[Said]:
    """Translations, evidence and answers of an absence; what was taken back is left out."""
    for t in one.translations:
        yield Said("translation", t.translation_id, one.absence_id, t.statement, t.language,
                   t.person_id, t.shown_name, t.written_at)  # fmt: skip
    for e in one.evidence:
        more = {"about": e.about, "verdict": e.verdict, "measured": dict(e.measured)}
        yield Said("evidence", e.evidence_id, one.absence_id, "", "", e.person_id, e.shown_name,
                   e.written_at, more)  # fmt: skip
    for r in one.replies:
        if not r.withdrawn:
            yield Said("reply", r.reply_id, r.about, r.text, r.language, r.person_id,
                       r.shown_name, r.written_at, {"kind": r.kind})  # fmt: skip


def _under_stones(workshop: Workshop, looking: Eyes) -> Iterator[Said]:
    """What others answered to what was taken back, under a tombstone that says no word of it."""
    asked = [workshop.room_id]
    with workshop.cursor() as cursor:
        stones = cursor.execute(STONES, asked).fetchall()
        replies = cursor.execute(ANSWERS, asked).fetchall() if stones else []
    below: dict[str, list[Any]] = {}
    for row in replies:
        below.setdefault(row[1], []).append(row)
    for absence_id, visibility, group_id, person, at, manner in stones:
        if absence_id in below and looking.sees(visibility, group_id, person):
            yield Said("tombstone", absence_id, "", "", "", None, None, at, {"manner": manner})
            waiting = list(below[absence_id])
            for row in waiting:  # it grows by what answers an answer
                waiting += below.get(row[0], [])
                yield _answer(row, looking)


def _answer(row: Any, looking: Eyes) -> Said:
    who = looking.named(row[5], row[6], hidden=looking.hides(row[8]))
    return Said("reply", row[0], row[1], row[2], row[3], *who, row[7], {"kind": row[4]})


def _of_finds(workshop: Workshop, looking: Eyes) -> Iterator[Said]:
    asked = [workshop.room_id]
    with workshop.cursor() as cursor:
        finds = cursor.execute(FINDS, asked).fetchall()
        facts = cursor.execute(FACTS, asked).fetchall()
        replies = cursor.execute(ANSWERS, asked).fetchall()
    named = {row[0] for row in finds}
    for row in finds:
        who = looking.named(row[6], row[7], hidden=looking.hides(row[9]))
        more = {"link": row[3], "why": row[4], "sha256": row[5]}
        yield Said("find", row[0], "", row[1], row[2], *who, row[8], more)
    for row in (one for one in facts if one[1] in named):
        who = looking.named(row[7], row[8], hidden=looking.hides(row[10]))
        more = {"topic": row[4], "source": row[5], "place": row[6]}
        yield Said("find_fact", row[0], row[1], row[2], row[3], *who, row[9], more)
    named |= {row[0] for row in facts if row[1] in named}
    for row in (one for one in replies if one[1] in named):
        yield _answer(row, looking)


def _notes(workshop: Workshop, viewer: str | None) -> Iterator[Said]:
    with workshop.cursor() as cursor:
        rows = cursor.execute(NOTES, [workshop.room_id, viewer]).fetchall()
    for note_id, kind, text, language, value, person, name, at in rows:
        more = {"kind": kind, "value": value}
        yield Said("note", note_id, "", text, language, person, name, at, more)


def about_in(said: Said) -> About | None:
    """What it points at, where it points at anything of a dataset."""
    about = said.more.get("about")
    return about if isinstance(about, About) else None
