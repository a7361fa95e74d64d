"""A rehearsal before the evening: does the link open, does the websocket come through, do 25 fit.

Its guests only look: no name is recorded of them, and they leave again, whatever happens.
"""

from __future__ import annotations

import asyncio
import re
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from excavate.errors import ExcavateError
from excavate.guest import Guest

PAGES = ("", "map", "gaps", "board", "items")
COMING_S, LOOKING_S = 10.0, 4.0  # within which they come; between two pages
PICTURE = re.compile(r'src="([^"]*/thumb/[^"]+)"')
Say = Callable[[str], None]


@dataclass(slots=True)
class Rehearsal:
    """What was met: seconds of each kind, what went wrong, who left again."""

    address: str
    guests: int
    inside: int = 0
    left: int = 0
    paints: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)
    pictures: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def well(self) -> bool:
        """Whether everybody came in, saw every page and left again."""
        return not self.wrong and self.inside == self.left == self.guests

    def as_record(self) -> dict[str, Any]:
        """For --json and for printing: medians and 95 % values in seconds."""
        record = asdict(self) | {"well": self.well}
        return record | {name: _spread(record[name]) for name in ("paints", "pages", "pictures")}


def rehearse(link: str, guests: int, say: Say) -> Rehearsal:
    """Send guests in by a join link, let each look at every page once, and have them leave.

    Raises ExcavateError where the link leads nowhere, or the first guest cannot come in: the
    others are not sent then.
    """
    address, code = _parts(link)
    return asyncio.run(_rehearsed(Rehearsal(address, guests), code, say))


def _parts(link: str) -> tuple[str, str]:
    """(address of the app, room code) of a join link. Raises ExcavateError."""
    parts = urlsplit(link)
    code = parse_qs(parts.query).get("code", [""])[0]
    base, door, _rest = parts.path.rpartition("/join")
    if parts.scheme not in ("http", "https") or not parts.netloc or not door or not code:
        todo = "Give the whole link that `excavate serve --share` prints: …/join?code=…"
        raise ExcavateError("this is no join link", link, todo)
    return f"{parts.scheme}://{parts.netloc}{base}", code


async def _rehearsed(seen: Rehearsal, code: str, say: Say) -> Rehearsal:
    say("one guest comes in …")
    first = Guest(seen.address)
    try:
        await _come_in(first, code, seen)
    except ExcavateError:
        await first.close()
        raise
    say(f"the link and the websocket work; {seen.guests} guests within {COMING_S:.0f} s …")
    others = [Guest(seen.address) for _number in range(1, seen.guests)]
    await asyncio.gather(
        _look_and_leave(first, seen, None),
        *(
            _look_and_leave(guest, seen, (code, number * COMING_S / seen.guests))
            for number, guest in enumerate(others)
        ),
    )
    say(f"{seen.left} of {seen.inside} have left again")
    return seen


async def _come_in(guest: Guest, code: str, seen: Rehearsal) -> None:
    started = time.perf_counter()
    answer = await _told(guest.get(f"/join?code={code}"), seen.address)
    if answer.status_code != 200:
        todo = "See that the app runs with --share, and that the proxy or tunnel leads to it"
        raise ExcavateError(f"the door answers {answer.status_code}", seen.address, todo)
    fields = {"code": code, "act": "look", "lang": "en"}
    answer = await _told(guest.post("/join", fields), seen.address)
    if answer.status_code != 303:
        todo = "See that the code is the one that holds: `excavate serve --share` prints it"
        raise ExcavateError(f"the code opens no room ({answer.status_code})", seen.address, todo)
    seen.inside += 1
    await guest.get("/?lang=en")
    await guest.connect()
    await guest.visit("", lang="en")
    seen.paints.append(time.perf_counter() - started)


async def _look_and_leave(guest: Guest, seen: Rehearsal, entry: tuple[str, float] | None) -> None:
    inside = entry is None
    try:
        if entry is not None:
            await asyncio.sleep(entry[1])
            await _come_in(guest, entry[0], seen)
            inside = True
        for page in PAGES:
            await asyncio.sleep(LOOKING_S / 2)
            found = await guest.visit(page, lang="en")
            seen.pages.append(found.seconds)
            seen.wrong += [f"/{page}: {error}" for error in found.errors]
            await _look_at_pictures(guest, found.text, seen)
    except ExcavateError as error:
        seen.wrong.append(str(error))
    finally:
        await _leave(guest, seen, inside)


async def _look_at_pictures(guest: Guest, text: str, seen: Rehearsal) -> None:
    base = urlsplit(guest.address).path
    for way in PICTURE.findall(text)[:4]:
        started = time.perf_counter()
        answer = await _told(guest.get(way.removeprefix(base)), guest.address)
        seen.pictures.append(time.perf_counter() - started)
        if answer.status_code != 200:
            seen.wrong.append(f"a picture answers {answer.status_code}: {way}")


async def _leave(guest: Guest, seen: Rehearsal, inside: bool) -> None:
    try:
        if inside or guest.http.cookies:
            answer = await _told(guest.post("/leave", {"act": "room"}), seen.address)
            seen.left += answer.status_code == 303
    except ExcavateError as error:
        seen.wrong.append(f"a guest could not leave: {error}")
    finally:
        await guest.close()


async def _told(asking: Awaitable[Any], address: str) -> Any:
    """An answer; a broken line as an ExcavateError."""
    import httpx

    try:
        return await asking
    except httpx.HTTPError as error:
        todo = "See that the address can be reached from here, and its certificate holds"
        raise ExcavateError(f"no answer ({error})", address, todo) from error


def _spread(seconds: Sequence[float]) -> dict[str, float] | None:
    if not seconds:
        return None
    ordered = sorted(seconds)
    p95 = ordered[int(0.95 * (len(ordered) - 1))]
    middle = statistics.median(ordered)
    return {"n": len(ordered), "p50": round(middle, 3), "p95": round(p95, 3)}
