"""The authored order of a counter-dataset: rooms, wall texts, what hangs where; every version."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, fields, replace
from typing import Any, TypeVar

from excavate.counter.deciding import refuse_others
from excavate.counter.members import members
from excavate.counter.plans import one_plan, plan_owner
from excavate.counter.records import Curation, Hung, WallRoom
from excavate.errors import InputFault, StaleError
from excavate.i18n import N_
from excavate.workshop import checking
from excavate.workshop.authors import Author, author_faults, once, person_rows, refuse
from excavate.workshop.checking import text_faults, tidy
from excavate.workshop.store import Row, Workshop

MOST_ROOMS = 60
ROOMS = N_("Rooms")
ROOM, HUNG = N_("Room {number}"), N_("Room {number}, picture {place}")
STANDS = "SELECT count(*) FROM curation WHERE row_id = $1"
BEFORE = """
SELECT arg_max(row_id, writing) FROM curation
WHERE room_id = $1 AND plan_id = $2 AND row_id <> $3
"""
NEWEST = """
SELECT rooms, row_id, written_at, person_id, shown_name FROM curations
WHERE room_id = $1 AND plan_id = $2
"""
Made = TypeVar("Made", WallRoom, Hung)


def curate(
    workshop: Workshop, author: Author, row_id: str, plan_id: str, rooms: Sequence[WallRoom],
    begun: str | None = None,
) -> bool:  # fmt: skip
    """Record the whole order as a new version; True where it is new.

    `begun`: the row of the order that it was begun from, "" where there was none; None asks not.
    Raises RefusedError with every fault, NotAllowedError by anyone but who made the plan and
    reviewers, NotFoundError, StaleError where another order stands than it was begun from.
    """
    given = tuple(_tidied(room) for room in rooms)
    with workshop.writing:
        one_plan(workshop, plan_id)
        what = "only who made the plan, or a reviewer, hangs it"
        owners = plan_owner(workshop, plan_id)
        refuse_others(workshop, author.person_id, owners, what, plan_id)
        held = {member.member_id for member in members(workshop, plan_id)}
        refuse([*author_faults(author), *rooms_faults(given, held)])
        with workshop.cursor() as cursor:
            asked = [workshop.room_id, plan_id, row_id]
            before = cursor.execute(BEFORE, asked).fetchone()[0]
        _refuse_stale(workshop, row_id, plan_id, begun)
        columns = {"plan_id": plan_id, "rooms": rooms_json(given)}
        row = Row("curation", row_id, author.person_id, columns, before)
        return once(workshop, [*person_rows(workshop, author), row], STANDS, row_id)


def curation(workshop: Workshop, plan_id: str) -> Curation | None:
    """The order as it stands, without members that were taken back; None where there is none."""
    with workshop.cursor() as cursor:
        row = cursor.execute(NEWEST, [workshop.room_id, plan_id]).fetchone()
    if row is None:
        return None
    held = {member.member_id for member in members(workshop, plan_id)}
    rooms = tuple(
        replace(room, hung=tuple(one for one in room.hung if one.member_id in held))
        for room in rooms_of(row[0])
    )
    return Curation(rooms, *row[1:])


def _refuse_stale(workshop: Workshop, row_id: str, plan_id: str, begun: str | None) -> None:
    with workshop.cursor() as cursor:
        found = cursor.execute(NEWEST, [workshop.room_id, plan_id]).fetchone()
        written = cursor.execute(STANDS, [row_id]).fetchone()[0]
    if begun is None or written or (found[1] if found else "") == begun:
        return
    todo = "Look at it, then save yours over it or go on from it"
    raise StaleError("another order was saved meanwhile", plan_id, todo)


def rooms_json(rooms: Sequence[WallRoom]) -> str:
    """As the workshop keeps them."""
    return json.dumps([asdict(room) for room in rooms], ensure_ascii=False)


def rooms_of(kept: str) -> tuple[WallRoom, ...]:
    """As they were kept; what a later version of ours may have added is passed over."""
    return tuple(
        replace(_made(WallRoom, room), hung=tuple(_made(Hung, one) for one in room["hung"]))
        for room in json.loads(kept)
    )


def rooms_faults(rooms: Sequence[WallRoom], held: Collection[str]) -> Iterator[InputFault]:
    """What is wrong with an order: its words, what hangs twice, what is not there."""
    if len(rooms) > MOST_ROOMS:
        yield InputFault(ROOMS, f"{len(rooms)} rooms, at most {MOST_ROOMS} are kept")
    seen: set[str] = set()
    for number, room in enumerate(rooms, 1):
        place = ROOM.format(number=number)
        for title in (room.title_ko, room.title_en):
            yield from text_faults(place, title, checking.NAME, needed=False)
        for text in (room.text_ko, room.text_en):
            yield from text_faults(place, text, checking.TEXT, needed=False)
        for order, one in enumerate(room.hung, 1):
            yield from _hung_faults(HUNG.format(number=number, place=order), one, held, seen)


def _hung_faults(
    place: str, one: Hung, held: Collection[str], seen: set[str]
) -> Iterator[InputFault]:
    for text in (one.title_ko, one.title_en, one.size):
        yield from text_faults(place, text, checking.NAME, needed=False)
    yield from text_faults(place, one.credit, checking.SOURCE, needed=False)
    if one.member_id not in held:
        yield InputFault(place, "it is not among the members")
    if one.member_id in seen:
        yield InputFault(place, "it hangs twice")
    seen.add(one.member_id)


def _tidied(room: WallRoom) -> WallRoom:
    hung = tuple(replace(one, **_tidy_fields(one, "hung")) for one in room.hung)
    return replace(room, **_tidy_fields(room, "hung"), hung=hung)


def _tidy_fields(one: Any, without: str) -> dict[str, str]:
    return {f.name: tidy(getattr(one, f.name)) for f in fields(one) if f.name != without}


def _made(kind: type[Made], kept: dict[str, Any]) -> Made:
    known = {f.name for f in fields(kind)} - {"hung"}
    said: dict[str, Any] = {name: str(text) for name, text in kept.items() if name in known}
    return kind(**said)
