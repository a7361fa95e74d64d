"""Absences as one viewer sees them: what is theirs to see, with names only where they are shown.

Who sees what is said:
- *public*: everybody in the room; while the groups are apart, those of the group it was said in,
  and the facilitator. What was said in no group is seen by all.
- *group*: those who are in the group it was said in, or were when it ended, and the facilitator,
  apart or together.
- *private*: its author alone; no facilitator either.
Its author always sees it.

While an anonymous round is not closed, nobody but the author is told who said what in it:
neither the name nor the person, nor their position, nor who answered, translated or added
evidence, nor a group that is one person. That holds for what was said in the round, for all
under it, and for everything that is written while the round is open. It does not hold for what
was said before: who corrects that meanwhile corrects it under their name, and is told so.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from excavate.errors import NotFoundError
from excavate.workshop.about import About, from_json
from excavate.workshop.absence_record import Absence, Evidence, Reply, Translation, Version
from excavate.workshop.absence_rows import Said, opened_since, said_at, said_now
from excavate.workshop.groups import apart, ended_with, groups
from excavate.workshop.ids import is_id
from excavate.workshop.roles import role_in
from excavate.workshop.rounds import hidden_rounds
from excavate.workshop.store import Workshop

VERSIONS = """
SELECT row_id, statement, language, about_kind, about, stance, knownness, agent, position,
    visibility, written_at, writing, person_id
FROM absence WHERE room_id = $1 AND absence_id = $2 ORDER BY writing
"""
STANDING = """
SELECT visibility, group_id, person_id FROM absence
WHERE room_id = $1 AND absence_id = $2
  AND NOT EXISTS (SELECT 1 FROM withdrawn WHERE what_id = $2 AND manner <> 'shown')
ORDER BY writing DESC LIMIT 1
"""
UPWARDS = """
WITH RECURSIVE upwards(id, about) AS (
    SELECT reply_id, about FROM reply WHERE room_id = $1 AND reply_id = $2
      AND NOT EXISTS (SELECT 1 FROM withdrawn WHERE what_id = $2 AND manner <> 'shown')
    UNION
    SELECT r.reply_id, r.about FROM upwards u JOIN reply r ON r.reply_id = u.about
    WHERE r.room_id = $1
)
SELECT about FROM upwards WHERE about NOT IN (SELECT id FROM upwards)
"""
MY_ANSWERS = """
SELECT (SELECT stance FROM stances
        WHERE room_id = $1 AND absence_id = $2 AND person_id = $3 LIMIT 1),
       (SELECT type FROM sortings
        WHERE room_id = $1 AND absence_id = $2 AND person_id = $3 LIMIT 1)
"""
Kept = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Eyes:
    """Who looks, and what is hidden from everybody now."""

    person_id: str | None
    role: str
    group_id: str | None
    apart: bool
    hidden: frozenset[str]  # rounds whose names are hidden
    since: int | None  # what is written from here on is anonymous
    ended: frozenset[str] = frozenset()  # groups that they were in to the end
    several: frozenset[str] = frozenset()  # groups of two and more: to name one names nobody

    def sees(self, visibility: str, group_id: str | None, person_id: str) -> bool:
        """Whether something is theirs to see."""
        if self.person_id is not None and person_id == self.person_id:
            return True
        if self.role == "gone" or visibility == "private":
            return False
        in_it = self.role == "facilitator" or group_id in (self.group_id, *self.ended)
        if visibility == "group":
            return in_it and (group_id is not None or self.role == "facilitator")
        return in_it or group_id is None or not self.apart

    def hides(self, writing: int, round_id: str | None = None) -> bool:
        """Whether who wrote this is hidden."""
        return round_id in self.hidden or (self.since is not None and writing >= self.since)

    def named(
        self, person_id: str, shown_name: str, *, hidden: bool
    ) -> tuple[str | None, str | None]:
        """(person, name) as they may be known; (None, None) while they are anonymous."""
        if hidden and person_id != self.person_id:
            return None, None
        return person_id, shown_name


NOBODY = Eyes(None, "viewer", None, apart=False, hidden=frozenset(), since=None)


def eyes(workshop: Workshop, person_id: str | None, role: str, group_id: str | None) -> Eyes:
    """The eyes of somebody whose role and group are known."""
    hidden = hidden_rounds(workshop)
    since = opened_since(workshop, hidden)
    ended = ended_with(workshop).get(person_id or "", frozenset())
    several = _several(workshop) if hidden else frozenset()
    return Eyes(person_id, role, group_id, apart(workshop), hidden, since, ended, several)


def _several(workshop: Workshop) -> frozenset[str]:
    return frozenset(one.group_id for one in groups(workshop) if len(one.people) > 1)


def eyes_of(workshop: Workshop, person_id: str) -> Eyes:
    """The eyes of who writes: their role and group as the room has them, whatever was said."""
    if not workshop.shared:
        return eyes(workshop, person_id, "facilitator", None)
    with workshop.cursor() as cursor:
        role, group_id = role_in(cursor, workshop.room_id, person_id)
    return eyes(workshop, person_id, role, group_id)


def absences(
    workshop: Workshop, viewer: str | None, *, role: str = "participant",
    group_id: str | None = None, at: int | None = None,
) -> list[Absence]:  # fmt: skip
    """What the viewer may see of all that was said, oldest first.

    `at`: as the room stood at that writing, without what was withdrawn or hidden since.
    O(rows) once for each change of the room, then O(absences).
    """
    looking = eyes(workshop, viewer, role, group_id)
    said, now = said_at(workshop, at), said_now(workshop)
    seen = [row for row in said.absences.values() if _is_seen(row, looking)]
    if said is not now:
        seen = [row for row in seen if _is_seen(now.absences.get(row[0]), looking)]
    return [_seen_by(row, said, looking) for row in seen]


def one_absence(
    workshop: Workshop, absence_id: str, viewer: str | None, *, role: str = "participant",
    group_id: str | None = None,
) -> Absence:  # fmt: skip
    """One absence. Raises NotFoundError where the viewer sees none by that id."""
    looking = eyes(workshop, viewer, role, group_id)
    said = said_now(workshop)
    return _seen_by(seen_row(said, looking, absence_id), said, looking)


def history(
    workshop: Workshop, absence_id: str, viewer: str | None, *, role: str = "participant",
    group_id: str | None = None,
) -> list[Version]:  # fmt: skip
    """What an absence said before and says now, the oldest first.

    What was said when it was not the viewer's to see stays unseen. Raises NotFoundError.
    """
    looking = eyes(workshop, viewer, role, group_id)
    row = seen_row(said_now(workshop), looking, absence_id)
    with workshop.cursor() as cursor:
        kept = cursor.execute(VERSIONS, [workshop.room_id, absence_id]).fetchall()
    hidden = _is_anonymous(row, looking)
    return [
        _version(one, looking.named(one[12], row[13], hidden=hidden), hidden=hidden)
        for one in kept
        if looking.sees(one[9], row[9], one[12])
    ]


def seen_row(said: Said, looking: Eyes, absence_id: str) -> Kept:
    """The kept row of an absence. Raises NotFoundError where it is not theirs to see."""
    row = said.absences.get(absence_id) if is_id(absence_id) else None
    if row is None or not _is_seen(row, looking):
        todo = "It may have been taken back, or be seen by its group alone"
        raise NotFoundError("no such absence", absence_id, todo)
    return row


def refuse_unseen(workshop: Workshop, person_id: str, absence_id: str) -> str:
    """Who said an absence, asked of it alone: whoever writes need not read the whole room.

    Raises NotFoundError where it is not theirs to see.
    """
    row = None
    if is_id(absence_id):
        with workshop.cursor() as cursor:
            row = cursor.execute(STANDING, [workshop.room_id, absence_id]).fetchone()
    if row is None or not eyes_of(workshop, person_id).sees(*row):
        todo = "It may have been taken back, or be seen by its group alone"
        raise NotFoundError("no such absence", absence_id, todo)
    return str(row[2])


def absence_of(workshop: Workshop, about_id: str) -> str:
    """The absence that something is said to, itself or by way of answers that stand."""
    with workshop.cursor() as cursor:
        found = cursor.execute(UPWARDS, [workshop.room_id, about_id]).fetchone()
    return str(found[0]) if found else about_id


def own_answers(workshop: Workshop, person_id: str, absence_id: str) -> tuple[Any, Any]:
    """The stance and the type that somebody gave an absence themselves; None where none."""
    asked = [workshop.room_id, absence_id, person_id]
    with workshop.cursor() as cursor:
        stance, type_ = cursor.execute(MY_ANSWERS, asked).fetchone()
    return stance, type_


def _is_seen(row: Kept | None, looking: Eyes) -> bool:
    return row is not None and looking.sees(row[8], row[9], row[12])


def _is_anonymous(row: Kept, looking: Eyes) -> bool:
    return looking.hides(row[15], row[10])


def _seen_by(row: Kept, said: Said, looking: Eyes) -> Absence:
    """The absence as these eyes see it; where nothing is hidden, most of it is drawn once."""
    if looking.since is not None or row[10] in looking.hidden:
        return _whole(row, said, looking)
    absence_id, viewer = row[0], looking.person_id
    drawn = said.drawn.get(absence_id)
    if drawn is None:
        drawn = said.drawn[absence_id] = _whole(row, said, NOBODY)
    stance = said.stances.get(absence_id, {}).get(viewer or "")
    type_ = said.types.get(absence_id, {}).get(viewer or "")
    if stance is type_ is None and row[12] != viewer:
        return drawn
    return replace(drawn, mine=row[12] == viewer, my_stance=stance, my_type=type_)


def _whole(row: Kept, said: Said, looking: Eyes) -> Absence:
    absence_id, author = row[0], row[12]
    hidden = _is_anonymous(row, looking)
    person_id, shown_name = looking.named(author, row[13], hidden=hidden)
    stances, types = said.stances.get(absence_id, {}), said.types.get(absence_id, {})
    viewer = looking.person_id or ""
    return Absence(
        absence_id, row[1], row[2], row[4],
        stances.get(author), row[5], row[6] or "", row[7] or "" if person_id else "", row[8],
        _group_of(row, looking, hidden), row[10], row[14], row[11], person_id, shown_name,
        types.get(author),
        _counted(types), _counted(stances),
        tuple(_evidence(one, looking, hidden) for one in said.evidence.get(absence_id, ())),
        tuple(_translation(one, looking, hidden, row[11])
              for one in said.translations.get(absence_id, ())),
        tuple(reply_of(one, looking, hidden=hidden) for one in said.replies.get(absence_id, ())),
        row[16] > 1, hidden, author == looking.person_id, stances.get(viewer), types.get(viewer),
    )  # fmt: skip


def _group_of(row: Kept, looking: Eyes, hidden: bool) -> str | None:
    """The group it was said in; not of what is anonymous where the group is one person."""
    told = not hidden or row[9] in looking.several or row[12] == looking.person_id
    return row[9] if told else None


def _counted(said: Mapping[str, str]) -> dict[str, int]:
    """How often each was said, most often first, then by name: the same whatever row came first."""
    return dict(sorted(Counter(said.values()).items(), key=lambda one: (-one[1], one[0])))


def _evidence(row: Sequence[Any], looking: Eyes, hidden: bool) -> Evidence:
    evidence_id, _kind, about, verdict, measured, written_at, writing, person, name = row
    who = looking.named(person, name, hidden=hidden or looking.hides(writing))
    return Evidence(evidence_id, about, verdict, _read(measured), written_at, writing, *who)


def _translation(row: Sequence[Any], looking: Eyes, hidden: bool, newest: int) -> Translation:
    translation_id, language, statement, written_at, writing, person, name = row
    who = looking.named(person, name, hidden=hidden or looking.hides(writing))
    stale = writing < newest
    return Translation(translation_id, language, statement, written_at, writing, *who, stale)


def reply_of(row: Sequence[Any], looking: Eyes, *, hidden: bool) -> Reply:
    """An answer from its kept row; `hidden`: so is who said what it answers."""
    reply_id, about, kind, text, language, written_at, writing, person, name, gone = row
    if gone:
        return Reply(reply_id, about, kind, "", language, written_at, writing, None, None, True)
    who = looking.named(person, name, hidden=hidden or looking.hides(writing))
    return Reply(reply_id, about, kind, text, language, written_at, writing, *who)


def _version(row: Sequence[Any], who: tuple[str | None, str | None], *, hidden: bool) -> Version:
    about: About = from_json(row[3], row[4])
    position = "" if who[0] is None and hidden else row[8] or ""
    return Version(
        row[0], row[1], row[2], about, row[5], row[6], row[7] or "", position, row[9], row[10],
        row[11], *who,
    )  # fmt: skip


def _read(measured: str | None) -> Mapping[str, Any]:
    try:
        found = json.loads(measured or "{}")
    except ValueError:  # what erasure left
        return {}
    return found if isinstance(found, dict) else {}
