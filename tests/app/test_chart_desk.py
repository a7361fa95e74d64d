"""Where charts wait: each is drawn once, one at a time; too many are refused; few are kept."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from excavate.components.chart_desk import ChartDesk
from excavate.errors import ExcavateError


class Drawing:
    """Work that waits to be let go, and tells how often and how many at once it was done."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.done: list[str] = []
        self.at_once, self.most_at_once = 0, 0

    def of(self, name: str) -> Callable[[], bytes]:
        def draw() -> bytes:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            assert self.go_on.wait(120)
            self.at_once -= 1
            self.done.append(name)
            return name.encode()

        return draw


def test_equal_ones_are_one_drawing_and_different_ones_come_in_turn() -> None:
    desk, drawing = ChartDesk(), Drawing()
    asked = [desk.ask(name, drawing.of(name)) for name in "abcabcaaa"]
    drawing.go_on.set()
    assert [future.result(120) for future in asked] == [name.encode() for name in "abcabcaaa"]
    assert (drawing.done, drawing.most_at_once) == (["a", "b", "c"], 1)
    assert desk.ask("a", drawing.of("a")).result(120) == b"a"
    assert drawing.done == ["a", "b", "c"], "kept"


def test_no_more_wait_than_there_is_room_for() -> None:
    desk, drawing = ChartDesk(most=2), Drawing()
    asked = [desk.ask(name, drawing.of(name)) for name in "ab"]
    assert desk.ask("a", drawing.of("a")) is asked[0], "who waits for the same is welcome"
    with pytest.raises(ExcavateError, match="too many charts"):
        desk.ask("c", drawing.of("c"))
    drawing.go_on.set()
    assert [future.result(120) for future in asked] == [b"a", b"b"]
    assert desk.ask("c", drawing.of("c")).result(120) == b"c"


def test_only_the_last_are_kept() -> None:
    desk, drawing = ChartDesk(kept=2), Drawing()
    drawing.go_on.set()
    for name in "abacb":  # b is gone when c comes: a was asked for later
        desk.ask(name, drawing.of(name)).result(120)
    assert drawing.done == ["a", "b", "c", "b"]


def test_what_fails_is_told_to_all_who_wait_and_tried_again() -> None:
    desk, go_on = ChartDesk(), threading.Event()

    def fails() -> bytes:
        assert go_on.wait(120)
        raise ValueError("no browser")

    asked = [desk.ask("a", fails) for _n in range(2)]
    go_on.set()
    for future in asked:
        with pytest.raises(ValueError, match="no browser"):
            future.result(120)
    assert desk.ask("a", lambda: b"now").result(120) == b"now"
