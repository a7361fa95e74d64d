"""Groups of a room, as Zoom's breakout rooms: made, dealt out, named, apart or together again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from excavate.errors import InputFault, NotFoundError
from excavate.workshop.authors import Author, author_faults, once, person_rows, refuse
from excavate.workshop.by_topic import kept_by
from excavate.workshop.checking import text_faults, tidy
from excavate.workshop.ids import new_id
from excavate.workshop.roles import role_in
from excavate.workshop.store import Row, Workshop

MOST_GROUPS = 30
TITLE = 60  # characters
DEALT = ("participant", "reviewer")  # those who say things; the others go where they like
GROUPS = """
SELECT group_id, title FROM room_groups WHERE room_id = $1 AND NOT ended
ORDER BY length(title), title, group_id
"""
IN_ROOM = """
SELECT person_id, shown_name, role, group_id FROM members
WHERE room_id = $1 AND role <> 'gone' ORDER BY person_id
"""
FIRST_IN = """
SELECT person_id FROM membership WHERE room_id = $1 GROUP BY 1 ORDER BY min(writing), 1
"""
GROUP_ROW = """
SELECT row_id FROM room_groups WHERE room_id = $1 AND group_id = $2 AND NOT ended
"""
ENDED = "SELECT group_id, writing FROM room_groups WHERE room_id = $1 AND ended"
WERE_IN = """
SELECT person_id, group_id, writing FROM membership WHERE room_id = $1 ORDER BY writing
"""
APART = "SELECT apart FROM room_state WHERE room_id = $1 ORDER BY writing DESC LIMIT 1"
GROUP_STANDS = "SELECT count(*) FROM room_group WHERE row_id = $1"
STATE_STANDS = "SELECT count(*) FROM room_state WHERE row_id = $1"


@dataclass(frozen=True, slots=True)
class Group:
    """A group and who is in it, in the order they first came in: (person, shown name)."""

    group_id: str
    title: str
    people: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class InRoom:
    """Somebody who is in the room; who only looks may have given no name."""

    person_id: str
    shown_name: str
    role: str
    group_id: str | None


@kept_by("room", "round")
def in_room(workshop: Workshop) -> tuple[InRoom, ...]:
    """Everybody who is in the room, in the order they first came in; a group that ended is none."""
    with workshop.cursor() as cursor:
        stand = {row[0] for row in cursor.execute(GROUPS, [workshop.room_id]).fetchall()}
        order = [row[0] for row in cursor.execute(FIRST_IN, [workshop.room_id]).fetchall()]
        rows = cursor.execute(IN_ROOM, [workshop.room_id]).fetchall()
    people = {
        person: InRoom(person, name or "", role, group if group in stand else None)
        for person, name, role, group in rows
    }
    return tuple(people[person] for person in order if person in people)


@kept_by("room", "round")
def groups(workshop: Workshop) -> tuple[Group, ...]:
    """The groups that stand, with who is in them."""
    with workshop.cursor() as cursor:
        rows = cursor.execute(GROUPS, [workshop.room_id]).fetchall()
    people = in_room(workshop)
    return tuple(
        Group(row[0], row[1], tuple(
            (one.person_id, one.shown_name) for one in people if one.group_id == row[0]
        ))
        for row in rows
    )  # fmt: skip


@kept_by("round")
def apart(workshop: Workshop) -> bool:
    """Whether each group sees its own board alone."""
    with workshop.cursor() as cursor:
        found = cursor.execute(APART, [workshop.room_id]).fetchone()
    return bool(found and found[0])


@kept_by("room", "round")
def ended_with(workshop: Workshop) -> Mapping[str, frozenset[str]]:
    """{person: groups that ended while they were in them}: what was said there stays theirs."""
    with workshop.cursor() as cursor:
        ended = dict(cursor.execute(ENDED, [workshop.room_id]).fetchall())
        moves = cursor.execute(WERE_IN, [workshop.room_id]).fetchall()
    found: dict[str, frozenset[str]] = {}
    for group, ending in ended.items():
        last = {person: into for person, into, writing in moves if writing < ending}
        for person in (one for one, into in last.items() if into == group):
            found[person] = found.get(person, frozenset()) | {group}
    return found


def without_group(workshop: Workshop) -> list[InRoom]:
    """Those who say things and are in no group: they came late, or theirs has ended."""
    return [one for one in in_room(workshop) if one.role in DEALT and one.group_id is None]


def make_groups(workshop: Workshop, author: Author, group_ids: Sequence[str]) -> bool:
    """End the groups there are, make as many as ids were given, and deal everybody out evenly.

    They are called 1, 2, 3 … until somebody names them. Raises RefusedError, NotAllowedError.
    """
    faults = author_faults(author)
    if not 1 < len(group_ids) <= MOST_GROUPS:
        faults.append(InputFault("Groups", f"between 2 and {MOST_GROUPS}"))
    refuse(faults)
    made = [_group_row(author, one, one, str(n)) for n, one in enumerate(group_ids, 1)]
    with workshop.writing:  # a role and a group never undo each other
        people = [one for one in in_room(workshop) if one.role in DEALT]
        dealt = {one.person_id: group_ids[n % len(group_ids)] for n, one in enumerate(people)}
        rows = [*_endings(workshop, author), *made, *_moves(workshop, author, dealt)]
        return once(workshop, [*person_rows(workshop, author), *rows], GROUP_STANDS, group_ids[0])


def deal_late(workshop: Workshop, author: Author) -> int:
    """Put everybody who is in no group into the smallest one; how many were put.

    Raises NotAllowedError where the author may not, NotFoundError where there is no group.
    """
    refuse(author_faults(author))
    with workshop.writing:
        size = {group.group_id: len(group.people) for group in groups(workshop)}
        dealt: dict[str, str | None] = {}
        for one in without_group(workshop):
            if not size:
                raise NotFoundError("there is no group yet", "", "Make groups first")
            smallest = min(size, key=lambda group: (size[group], list(size).index(group)))
            dealt[one.person_id] = smallest
            size[smallest] += 1
        if dealt:
            workshop.write([*person_rows(workshop, author), *_moves(workshop, author, dealt)])
    return len(dealt)


def move(workshop: Workshop, author: Author, person_id: str, group_id: str | None) -> bool:
    """Put one person into a group, or into none; True where that moved them.

    Raises NotAllowedError where the author is no facilitator, NotFoundError where there is no
    such person or group here.
    """
    refuse(author_faults(author))
    if group_id is not None and group_id not in {group.group_id for group in groups(workshop)}:
        raise NotFoundError("no such group", group_id, "It may have ended")
    with workshop.writing:
        stands = {one.person_id: one for one in in_room(workshop)}
        if person_id not in stands:
            raise NotFoundError("no such person in the room", person_id, "They may have left")
        if stands[person_id].group_id == group_id:
            return False
        moved = _moves(workshop, author, {person_id: group_id})
        workshop.write([*person_rows(workshop, author), *moved])
    return True


def rename_group(
    workshop: Workshop, author: Author, row_id: str, group_id: str, title: str
) -> bool:
    """Name a group. Raises RefusedError, NotAllowedError, NotFoundError."""
    refuse([*author_faults(author), *text_faults("Name", tidy(title), TITLE)])
    with workshop.writing:  # a group that ends meanwhile is not brought back by a name
        row = _group_row(author, row_id, group_id, tidy(title), before=_newest(workshop, group_id))
        return once(workshop, [*person_rows(workshop, author), row], GROUP_STANDS, row_id)


def end_groups(workshop: Workshop, author: Author) -> int:
    """End all groups: everybody is in none, and the room is together. How many ended."""
    refuse(author_faults(author))
    with workshop.writing:
        rows = _endings(workshop, author)
        if rows:
            together = Row("room_state", new_id(), author.person_id, {"apart": False})
            workshop.write([*person_rows(workshop, author), *rows, together])
    return len(rows)


def set_apart(workshop: Workshop, author: Author, row_id: str, apart_now: bool) -> bool:
    """Send the groups apart, or bring them together again. Raises RefusedError, NotAllowedError."""
    faults = author_faults(author)
    if apart_now and not groups(workshop):
        faults.append(InputFault("Groups", "there is no group yet"))
    refuse(faults)
    row = Row("room_state", row_id, author.person_id, {"apart": apart_now})
    return once(workshop, [*person_rows(workshop, author), row], STATE_STANDS, row_id)


def _endings(workshop: Workshop, author: Author) -> list[Row]:
    return [
        _group_row(author, new_id(), one.group_id, one.title, ended=True,
                   before=_newest(workshop, one.group_id))
        for one in groups(workshop)
    ]  # fmt: skip


def _moves(workshop: Workshop, author: Author, dealt: Mapping[str, str | None]) -> list[Row]:
    """A membership for each, in the role they have; the workshop refuses who may not give it."""
    rows = []
    with workshop.cursor() as cursor:
        for person, group in dealt.items():
            role = role_in(cursor, workshop.room_id, person)[0]
            given = {"role": role, "group_id": group, "given_by": author.person_id}
            rows.append(Row("membership", new_id(), person, given))
    return rows


def _group_row(
    author: Author, row_id: str, group_id: str, title: str, *, ended: bool = False,
    before: str | None = None,
) -> Row:  # fmt: skip
    columns = {"group_id": group_id, "title": title, "ended": ended}
    return Row("room_group", row_id, author.person_id, columns, before)


def _newest(workshop: Workshop, group_id: str) -> str:
    with workshop.cursor() as cursor:
        found = cursor.execute(GROUP_ROW, [workshop.room_id, group_id]).fetchone()
    if found is None:
        raise NotFoundError("no such group", group_id, "It may have ended")
    return str(found[0])
