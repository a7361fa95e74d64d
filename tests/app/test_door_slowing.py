"""Wrong codes and links are slowed down, by address and all together; right ones never are."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import urlencode

import pytest

from excavate.door.links import room_links
from excavate.door.porter import Porter
from excavate.door.slowing import FREE, MOST, Slowing
from excavate.workshop.members import members
from tests.app.entering import SharedRoom


class Receiving:
    """An ASGI receive of one body."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    async def __call__(self) -> dict[str, object]:
        return {"type": "http.request", "body": self.body, "more_body": False}


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits that the door asks for; none is waited out."""
    asked: list[float] = []

    async def sleep(seconds: float) -> None:
        asked.append(seconds)

    monkeypatch.setattr("excavate.door.porter.asyncio.sleep", sleep)
    return asked


def test_wrong_codes_are_slowed_down_then_refused_and_told_without_the_code(caplog) -> None:
    now = [0.0]
    slowing = Slowing(lambda: now[0])
    waits = []
    with caplog.at_level("WARNING", "excavate.door"):
        for _try in range(MOST):
            waits.append(slowing.wait("203.0.113.9"))
            slowing.wrong("203.0.113.9")
    assert waits[:FREE] == [0.0] * FREE
    assert waits == sorted(waits)
    assert waits[-1] == 8.0
    assert slowing.wait("203.0.113.9") is None
    assert slowing.wait("203.0.113.10") == 0.0
    assert "203.0.113.9" in caplog.text
    now[0] = 601.0
    assert slowing.wait("203.0.113.9") == 0.0


def test_many_addresses_slow_all_of_them_and_a_household_is_one() -> None:
    slowing = Slowing(lambda: 0.0)
    for number in range(300):
        slowing.wrong(f"10.0.{number // 200}.{number % 200}")
    assert slowing.wait("198.51.100.1") == 3.0
    one = Slowing(lambda: 0.0)
    for number in range(MOST):
        one.wrong(f"2001:db8::{number:x}")
    assert one.wait("2001:db8::ffff") is None


def tried(porter: Porter, code: str, path: str = "/join") -> int:
    """The status that one look with a code, or at a link, is answered with."""
    body = urlencode({"code": code, "act": "look"}).encode()
    scope = {"type": "http", "method": "POST", "path": path, "headers": [],
             "query_string": b"", "client": ("203.0.113.5", 1), "scheme": "http"}  # fmt: skip
    told: list[int] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        told.extend([message["status"]] if "status" in message else [])

    asyncio.run(porter(scope, Receiving(body), send))
    return told[0]


def test_a_class_behind_one_address_gets_in_past_its_mistypings(
    shared_room: SharedRoom, waited: list[float]
) -> None:
    porter = Porter(Slowing(lambda: 0.0))
    links = room_links(shared_room.workshop, shared_room.secrets)
    assert [tried(porter, f"WRNG-{n:04d}") for n in range(MOST)] == [422] * MOST
    assert tried(porter, "WRNG-0000") == 429
    waited.clear()
    assert [tried(porter, links.code) for _pupil in range(60)] == [303] * 60
    assert tried(porter, "", f"/enter/{links.facilitator}") == 422  # the form: no name was given
    assert tried(porter, "", "/me/wrong") == 404  # codes alone fill the counter of codes
    assert max(waited, default=0.0) == 0.0
    assert len(members(shared_room.workshop)) == 60


def test_a_burst_of_wrong_tries_is_told_ever_later(
    shared_room: SharedRoom, waited: list[float]
) -> None:
    porter = Porter(Slowing(lambda: 0.0))
    for number in range(FREE + 3):
        tried(porter, f"WRNG-{number:04d}")
    assert waited == [0.0] * FREE + [0.5, 1.0, 2.0]


def test_a_body_that_does_not_come_is_told_as_late(
    shared_room: SharedRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def late(_scope: object, _receive: object) -> None:
        raise TimeoutError

    monkeypatch.setattr("excavate.door.porter.fields_of", late)
    assert tried(Porter(), "ABCD") == 408
