"""People of a workshop without browsers: they enter, look around, say and answer, at human pace."""

from __future__ import annotations

import asyncio
import random
import re
import time
from dataclasses import dataclass, field
from typing import Any

from excavate.errors import ExcavateError
from excavate.guest import Guest, Seen

POLL_S = 2.5
THINKING_S = (4.0, 12.0)  # between one press and the next
DOING = {"map": 35, "gaps": 20, "board": 25, "say": 12, "reply": 8}  # out of a hundred
ABSENCE = re.compile(r"id=([0-9a-f-]{36})")
PRESS = {"say": "Record as absent", "reply": "Send my answer"}


@dataclass(slots=True)
class Told:
    """What all of them met: seconds of each kind, words acknowledged, what went wrong."""

    paints: list[float] = field(default_factory=list)
    reruns: list[float] = field(default_factory=list)
    by_page: dict[str, list[float]] = field(default_factory=dict)
    polls: list[float] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)  # {statement: absence id}
    answered: dict[str, str] = field(default_factory=dict)  # {answer: absence id}
    wrong: list[str] = field(default_factory=list)


class Person:
    """One of them."""

    def __init__(self, address: str, number: int, told: Told, seed: int = 0) -> None:
        self.guest, self.number, self.told = Guest(address), number, told
        self.chance = random.Random(f"{seed}-{number}")
        self.serial = 0

    async def enter(self, code: str) -> None:
        """Come in by the room code, as a form sends it, and see the first page."""
        fields = {"code": code, "name": f"Guest {self.number}", "language": "en", "consent": "1"}
        answer = await self.guest.post("/join", fields | await self.guest.form("/join"))
        if answer.status_code != 303:
            raise ExcavateError(f"the door answered {answer.status_code}", answer.text[:200])
        await self.paint()

    async def paint(self) -> None:
        """The first page of a new tab: the page itself, the websocket, the first run."""
        started = time.perf_counter()
        await self.guest.get("/?lang=en")
        await self.guest.connect()
        await self.guest.visit("", lang="en")
        self.told.paints.append(time.perf_counter() - started)

    async def take_part(self, until: float, pace: tuple[float, float] = THINKING_S) -> None:
        """Do one thing after another until the time has come; poll beside it."""
        polling = asyncio.create_task(self._poll(until))
        while time.monotonic() < until:
            await asyncio.sleep(self.chance.uniform(*pace))
            doing = self.chance.choices(list(DOING), list(DOING.values()))[0]
            try:
                await self._do(doing)
            except ExcavateError as error:
                self.told.wrong.append(f"{doing}: {error}")
        await polling

    async def say(self) -> None:
        """Record an absence; it counts as acknowledged when its page came with its words."""
        self.serial += 1
        words = f"words {self.number}-{self.serial}-{self.chance.getrandbits(48):x}"
        await self._timed("say", lang="en")
        seen = await self._press(PRESS["say"], "-statement", words)
        found = ABSENCE.search(seen.query)
        if not found or words not in seen.text:
            raise ExcavateError("said, and not acknowledged", words)
        self.told.said[words] = found[1]

    async def reply(self) -> None:
        """Answer to something that somebody said."""
        if not self.told.said:
            return
        about = self.chance.choice(list(self.told.said.values()))
        await self._timed("absence", id=about, lang="en")
        self.serial += 1
        words = f"answer {self.number}-{self.serial}-{self.chance.getrandbits(48):x}"
        seen = await self._press(PRESS["reply"], "-reply-text", words)
        if words not in seen.text:
            raise ExcavateError("answered, and not acknowledged", words)
        self.told.answered[words] = about

    async def _do(self, doing: str) -> None:
        if doing in ("say", "reply"):
            await getattr(self, doing)()
            return
        await self._timed(doing, lang="en")
        if doing == "board":
            await self.guest.get("/workshop/board?lang=en")

    async def _timed(self, path: str, **query: str) -> Seen:
        seen = await self.guest.visit(path, **query)
        self._keep(path, seen)
        return seen

    async def _press(self, label: str, ending: str, words: str) -> Seen:
        """Fill one field and press one button, in one run as a form does."""
        here = self.guest.latest
        buttons = [name for name, text in here.widgets.items() if text == label]
        if not buttons:
            raise ExcavateError("no such button", label, str(list(here.widgets.values())))
        seen = await self.guest.act({here.widget(ending): words, buttons[0]: True})
        self._keep(label, seen)
        return seen

    def _keep(self, what: str, seen: Seen) -> None:
        self.told.reruns.append(seen.seconds)
        self.told.by_page.setdefault(what, []).append(seen.seconds)
        self.told.wrong += [f"{what}: {error}" for error in seen.errors]

    async def _poll(self, until: float) -> None:
        etag = ""
        while time.monotonic() < until:
            await asyncio.sleep(POLL_S)
            started = time.perf_counter()
            try:
                answer: Any = await self.guest.http.get(
                    f"{self.guest.address}/workshop/now", headers={"If-None-Match": etag}
                )
            except Exception as error:  # any broken line counts, whatever httpx calls it
                self.told.wrong.append(f"poll: {error!r}")
                continue
            self.told.polls.append(time.perf_counter() - started)
            etag = answer.headers.get("etag", "")
