"""Wrong codes and links are slowed down: by address, all together, one after the other."""

from __future__ import annotations

import asyncio

from excavate.door.porter import Porter
from excavate.door.slowing import FREE, MOST, Slowing
from tests.app.entering import SharedRoom


class Receiving:
    """An ASGI receive of one body."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    async def __call__(self) -> dict[str, object]:
        return {"type": "http.request", "body": self.body, "more_body": False}


async def _nowhere(_message: object) -> None:
    await asyncio.sleep(0)


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


def test_tries_at_once_are_looked_at_one_by_one(shared_room: SharedRoom) -> None:
    looked: list[int] = []

    class Counting(Slowing):
        def wait(self, address: str) -> float | None:
            looked.append(len(self._of.get(address, ())))
            return 0.0

    def request(number: int) -> tuple[dict[str, object], Receiving]:
        body = f"code=WRNG-{number:04d}&act=look".encode()
        scope = {"type": "http", "method": "POST", "path": "/join", "headers": [],
                 "query_string": b"", "client": ("203.0.113.5", 1), "scheme": "http"}  # fmt: skip
        return scope, Receiving(body)

    async def burst() -> None:
        porter = Porter(Counting(lambda: 0.0))
        async with asyncio.TaskGroup() as tasks:
            for number in range(6):
                scope, receive = request(number)
                tasks.create_task(porter(scope, receive, _nowhere))

    asyncio.run(burst())
    assert looked == [0, 1, 2, 3, 4, 5]
