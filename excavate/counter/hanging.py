"""The authored order while it is being made: rooms, what hangs in them, and moves. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from excavate.counter.records import Hung, Member, WallRoom

Rooms = tuple[WallRoom, ...]
UNHUNG = -1


def unhung(rooms: Rooms, members: Sequence[Member]) -> list[Member]:
    """The members that hang nowhere, in the order they were put in."""
    there = {one.member_id for room in rooms for one in room.hung}
    return [one for one in members if one.member_id not in there]


def without(rooms: Rooms, held: Collection[str]) -> tuple[Rooms, int]:
    """The order without what is not held any more, and how many that were."""
    left = tuple(
        replace(room, hung=tuple(one for one in room.hung if one.member_id in held))
        for room in rooms
    )
    gone = sum(len(r.hung) for r in rooms) - sum(len(r.hung) for r in left)
    return (left, gone) if gone else (rooms, 0)


def moved(rooms: Rooms, number: int, place: int, by: int) -> Rooms:
    """The picture at `place` of a room, `by` places further on; at an end it stays."""
    hung = list(rooms[number].hung)
    target = place + by
    if not (0 <= place < len(hung) and 0 <= target < len(hung)):
        return rooms
    hung.insert(target, hung.pop(place))
    return _with(rooms, number, replace(rooms[number], hung=tuple(hung)))


def sent(rooms: Rooms, member_id: str, to: int) -> Rooms:
    """A member at the end of another room, with its words; UNHUNG takes it off the walls."""
    at = next((n for n, r in enumerate(rooms) if member_id in _ids(r)), UNHUNG)
    if at == to:
        return rooms
    found = Hung(member_id)
    if at != UNHUNG:
        found = next(one for one in rooms[at].hung if one.member_id == member_id)
        rest = tuple(one for one in rooms[at].hung if one.member_id != member_id)
        rooms = _with(rooms, at, replace(rooms[at], hung=rest))
    if to == UNHUNG:
        return rooms
    return _with(rooms, to, replace(rooms[to], hung=(*rooms[to].hung, found)))


def without_room(rooms: Rooms, number: int) -> Rooms:
    """All but one room; what hung there hangs nowhere."""
    return (*rooms[:number], *rooms[number + 1 :])


def room_moved(rooms: Rooms, number: int, by: int) -> Rooms:
    """One room further on; at an end it stays."""
    target = number + by
    if not (0 <= number < len(rooms) and 0 <= target < len(rooms)):
        return rooms
    kept = list(rooms)
    kept.insert(target, kept.pop(number))
    return tuple(kept)


def _ids(room: WallRoom) -> set[str]:
    return {one.member_id for one in room.hung}


def _with(rooms: Rooms, number: int, room: WallRoom) -> Rooms:
    return (*rooms[:number], room, *rooms[number + 1 :])
