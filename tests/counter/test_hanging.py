"""Moves of an authored order: nothing is lost, nothing hangs twice, whatever is pressed."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from excavate.counter.hanging import UNHUNG, Rooms, moved, room_moved, sent, without_room
from excavate.counter.records import Hung, WallRoom

MOVES = st.tuples(
    st.sampled_from(["up", "down", "send", "room-up", "room-down"]),
    st.integers(0, 3), st.integers(0, 6), st.integers(-1, 3),
)  # fmt: skip


def rooms_of(*names: str) -> Rooms:
    """A room for each word, a picture for each letter."""
    return tuple(
        WallRoom(title_en=f"room {n}", hung=tuple(Hung(one, title_en=one.upper()) for one in word))
        for n, word in enumerate(names)
    )


def spelled(rooms: Rooms) -> list[str]:
    return ["".join(one.member_id for one in room.hung) for room in rooms]


def test_a_picture_goes_one_place_on_and_stops_at_the_end() -> None:
    rooms = rooms_of("abc", "d")
    assert spelled(moved(rooms, 0, 0, 1)) == ["bac", "d"]
    assert spelled(moved(rooms, 0, 2, -1)) == ["acb", "d"]
    assert moved(rooms, 0, 0, -1) == rooms
    assert moved(rooms, 0, 2, 1) == rooms


def test_it_takes_its_words_to_another_room_and_none_off_the_wall() -> None:
    rooms = sent(rooms_of("abc", "d"), "b", 1)
    assert spelled(rooms) == ["ac", "db"]
    assert rooms[1].hung[1].title_en == "B"
    assert spelled(sent(rooms, "b", UNHUNG)) == ["ac", "d"]
    assert sent(rooms, "b", 1) == rooms


def test_rooms_change_places_and_a_closed_one_lets_go_of_what_hung_there() -> None:
    rooms = rooms_of("ab", "c", "d")
    assert spelled(room_moved(rooms, 0, 1)) == ["c", "ab", "d"]
    assert room_moved(rooms, 2, 1) == rooms
    assert spelled(without_room(rooms, 0)) == ["c", "d"]


@given(st.lists(MOVES, max_size=30))
def test_whatever_is_pressed_each_hangs_once_or_nowhere(
    moves: list[tuple[str, int, int, int]],
) -> None:
    rooms, everything = rooms_of("abc", "de", "", "f"), set("abcdef")
    gone: set[str] = set()
    for what, room, place, to in moves:
        if what in ("up", "down"):
            rooms = moved(rooms, room, place, -1 if what == "up" else 1)
        elif what == "send":
            one = sorted(everything)[place % 6]
            rooms = sent(rooms, one, to)
            gone = gone | {one} if to == UNHUNG else gone - {one}
        else:
            rooms = room_moved(rooms, room, -1 if what == "room-up" else 1)
        hung = Counter("".join(spelled(rooms)))
        assert set(hung) == everything - gone
        assert set(hung.values()) <= {1}
        assert sorted(one.title_en for one in rooms) == [f"room {n}" for n in range(4)]
