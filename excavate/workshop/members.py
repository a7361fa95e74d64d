"""Who is in the room, and as what. What a role may do, roles.py says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from types import MappingProxyType

from excavate.errors import InputFault, NotAllowedError, NotFoundError
from excavate.workshop.authors import Author, author_faults, person_rows, refuse
from excavate.workshop.by_topic import kept_by
from excavate.workshop.ids import new_id
from excavate.workshop.roles import may
from excavate.workshop.store import ENDED, SHARED, Row, Workshop
from excavate.workshop.tables import ROLES

MEMBERS = """
SELECT person_id, shown_name, language, role, group_id, written_at
FROM members WHERE room_id = $1 ORDER BY shown_name IS NULL, shown_name, person_id
"""
HISTORY = """
SELECT role, given_by, writing FROM membership WHERE room_id = $1 AND person_id = $2
ORDER BY writing
"""
DEVICE = "device"  # a link that opened one browser, ended
LEFT_DEVICES = "SELECT token_hash FROM links WHERE room_id = $1 AND kind = 'device' AND ended"
NAME_OF = "SELECT shown_name FROM people WHERE person_id = $1"
CONSENTED = "SELECT consented_to FROM people WHERE person_id = $1"
ROOM = "SELECT kind, title FROM rooms WHERE room_id = $1"


@dataclass(frozen=True, slots=True)
class Member:
    """One who is in the room. Who only looks has given no name: shown_name is empty."""

    person_id: str
    shown_name: str
    language: str
    role: str
    group_id: str | None
    since: datetime


@dataclass(frozen=True, slots=True)
class Roster:
    """The room as it stands: its title, whether it has ended, everybody in it by id."""

    title: str
    ended: bool
    people: Mapping[str, Member]
    left_devices: frozenset[str] = frozenset()  # browsers that were left: their cookies are void

    def role(self, person_id: str) -> str:
        """What somebody is here; gone where they are not in it, or the room has ended."""
        found = self.people.get(person_id)
        return found.role if found and not self.ended else "gone"


@kept_by("room")
def roster(workshop: Workshop) -> Roster:
    """The room, read again only after something about it was written."""
    with workshop.cursor() as cursor:
        rows = cursor.execute(MEMBERS, [workshop.room_id]).fetchall()
        kind, title = cursor.execute(ROOM, [workshop.room_id]).fetchone()
        left = cursor.execute(LEFT_DEVICES, [workshop.room_id]).fetchall()
    people = {
        row[0]: Member(row[0], row[1] or "", row[2] or "", *row[3:])
        for row in rows
        if row[3] != "gone"
    }
    devices = frozenset(device for (device,) in left)
    return Roster(title or "", kind == ENDED, MappingProxyType(people), devices)


def members(workshop: Workshop) -> list[Member]:
    """Everybody in the room, by name."""
    return list(roster(workshop).people.values())


def enter(
    workshop: Workshop, author: Author, role: str = "participant", *, link: int | None = None
) -> None:
    """Let somebody in who gave a name and their consent; a higher role they have is kept.

    `link`: the writing that made the link they come by. Whom a facilitator lowered since is not
    raised by it. Raises RefusedError with every fault of what they gave, NotAllowedError where
    they were sent out since.
    """
    refuse(author_faults(author))
    with workshop.writing:
        there = _let_in(workshop, author.person_id, link)
        rows = person_rows(workshop, author)
        held = there and _lowered_since(workshop, author.person_id, link)
        if not (there and (held or may(there.role, role))):
            rows.append(_membership(author.person_id, role, there, given_by=None))
        if rows:
            workshop.write(rows)


def look(workshop: Workshop, person_id: str, *, link: int | None = None) -> None:
    """Let somebody in who only looks: no name, nothing of them but that somebody does.

    Raises NotAllowedError where they were sent out since the link was made.
    """
    with workshop.writing:
        if _let_in(workshop, person_id, link) is None:
            workshop.write([_membership(person_id, "viewer", None, given_by=None)])


def _let_in(workshop: Workshop, person_id: str, link: int | None) -> Member | None:
    there = roster(workshop).people.get(person_id)
    if sent_out_since(workshop, person_id, link):
        todo = "Ask the facilitator of the room"
        raise NotAllowedError("they were sent out, and no newer link was made", person_id, todo)
    return there


def sent_out_since(workshop: Workshop, person_id: str, link: int | None) -> bool:
    """Whether somebody else sent them out after a link was made, and they are out still."""
    there = person_id in roster(workshop).people
    return not there and _lowered_since(workshop, person_id, link)


def _lowered_since(workshop: Workshop, person_id: str, link: int | None) -> bool:
    """Whether somebody else lowered them, or sent them out, after a link was made."""
    with workshop.cursor() as cursor:
        rows = cursor.execute(HISTORY, [workshop.room_id, person_id]).fetchall()
    return link is not None and any(
        writing > link and given_by not in (None, person_id) and not may(role, before)
        for (before, *_rest), (role, given_by, writing) in pairwise(rows)
    )


def end_device(workshop: Workshop, device: str) -> None:
    """Nobody writes any more with what one browser was given; the person stays in the room."""
    if not device:
        return
    columns = {"token_hash": device, "kind": DEVICE, "for_person": None, "ended": True}
    workshop.write([Row("link", new_id(), None, columns)])


def set_role(workshop: Workshop, author: Author, person_id: str, role: str) -> None:
    """Make a member something else, by a facilitator.

    Raises NotAllowedError by anyone else, NotFoundError where they are not in the room,
    RefusedError for a role there is none of, or of one who gave no name.
    """
    with workshop.writing:
        there = _one(workshop, person_id)
        faults = [] if role in ROLES[1:] else [InputFault("Role", "there is no such role")]
        if role != "viewer" and not there.shown_name:
            faults.append(InputFault("Role", "they only look, and gave no name"))
        refuse(faults)
        workshop.write([_membership(person_id, role, there, given_by=author.person_id)])


def remove(workshop: Workshop, author: Author, person_id: str) -> None:
    """Send a member out of the room, by a facilitator; what they said stays."""
    with workshop.writing:
        there = _one(workshop, person_id)
        workshop.write([_membership(person_id, "gone", there, given_by=author.person_id)])


def leave(workshop: Workshop, person_id: str) -> None:
    """Somebody goes out by themselves; what they said stays until they take it back."""
    with workshop.writing:
        there = roster(workshop).people.get(person_id)
        if there:
            workshop.write([_membership(person_id, "gone", there, given_by=person_id)])


def author_of(workshop: Workshop, person_id: str) -> Author | None:
    """A member as the author of what they write; None of one who only looks or is not here."""
    there = roster(workshop).people.get(person_id)
    if there is None or not there.shown_name:
        return None
    with workshop.cursor() as cursor:
        found = cursor.execute(CONSENTED, [person_id]).fetchone()
    return Author(person_id, there.shown_name, there.language, str(found[0]))


def name_of(workshop: Workshop, person_id: str) -> str | None:
    """How somebody is called who has written here; None where nobody has by this id."""
    with workshop.cursor() as cursor:
        found = cursor.execute(NAME_OF, [person_id]).fetchone()
    return str(found[0]) if found else None


def _one(workshop: Workshop, person_id: str) -> Member:
    there = roster(workshop).people.get(person_id)
    if there is None:
        raise NotFoundError("nobody by this id is in the room", person_id, "They may have left")
    return there


def _membership(person_id: str, role: str, there: Member | None, given_by: str | None) -> Row:
    columns = {"role": role, "group_id": there.group_id if there else None, "given_by": given_by}
    return Row("membership", new_id(), person_id, columns)


def open_room(workshop: Workshop, title: str | None) -> None:
    """Open the room to others, by whoever runs the host; what was said in it before stays."""
    stands = roster(workshop)
    with workshop.cursor() as cursor:
        kind = cursor.execute(ROOM, [workshop.room_id]).fetchone()[0]
    named = title if title is not None else stands.title
    if kind != SHARED or named != stands.title:
        columns = {"kind": SHARED, "title": named or None}
        workshop.write([Row("room", new_id(), None, columns, None)])
