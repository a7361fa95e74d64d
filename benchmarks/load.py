"""Sixty people in one shared room over real websockets, and twenty sudden ends.

`python -m benchmarks load` has them walk, say and answer for five minutes, beside the server on
the same machine; then it kills the server again and again while they write. First paint is from
the asking for the page to the end of its first run: what the browser does after that is not in it.
"""

from __future__ import annotations

import asyncio
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.crowd import Person, Told

PROJECT = Path(__file__).resolve().parent.parent
PEOPLE, AT_ONCE, WITHIN_S = 60, 30, 10.0
MINUTES = float(os.environ.get("EXCAVATE_LOAD_MINUTES", "5"))
KILLS = int(os.environ.get("EXCAVATE_LOAD_KILLS", "20"))
SAID = "SELECT statement FROM absence"
ANSWERED = "SELECT text FROM reply"
QUICK = (0.2, 1.0)  # seconds between two things of a person who is about to be cut off


def measure() -> list[dict[str, Any]]:
    """The rows of both."""
    with tempfile.TemporaryDirectory() as folder:
        room = prepared(Path(folder))
        return [*asyncio.run(walked(room)), *asyncio.run(killed(room))]


class Room:
    """A site with a shared room, and how its server is started."""

    def __init__(self, folder: Path, code: str) -> None:
        from tests.app.browsing_machine import free_port

        self.folder, self.code, self.port = folder, code, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.site = folder / "site"

    @contextmanager
    def served(self) -> Iterator[subprocess.Popen[bytes]]:
        """The app, until the end of the block; it may be dead by then."""
        from tests.app.browsing_machine import _wait

        log = self.folder / "log.txt"
        with open(log, "ab") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "streamlit", "run", "app.py",
                 f"--server.port={self.port}", "--server.address=127.0.0.1"],
                cwd=PROJECT, env=os.environ | self.environment(), stdout=out, stderr=out,
            )  # fmt: skip
            try:
                _wait(f"{self.address}/_stcore/health", process, log)
                yield process
            finally:
                process.terminate()
                process.wait(timeout=60)

    def environment(self) -> dict[str, str]:
        return {"EXCAVATE_SITE": str(self.site), "EXCAVATE_SHARED_ROOM": "1",
                "EXCAVATE_SECRETS": str(self.folder / "secrets"),
                "PYTHONPATH": str(PROJECT)}  # fmt: skip

    def held(self, query: str) -> list[str]:
        """What stands in the file now that nobody serves it."""
        import duckdb

        with duckdb.connect(str(self.site / "workshop.duckdb")) as connection:
            return [text for (text,) in connection.execute(query).fetchall()]


def prepared(folder: Path) -> Room:
    """The digits with a layout and findings, and a room with a code."""
    from excavate import dig
    from excavate.door.links import room_links
    from excavate.gaps.asking import ask_each, questions
    from excavate.site import Site
    from excavate.workshop.store import Workshop

    site = folder / "site"
    dig("digits", site)
    list(ask_each(Site(site), questions(Site(site), "digits")))
    workshop = Workshop(site, shared=True)
    links = room_links(workshop, folder / "secrets")
    workshop.close()
    return Room(folder, links.code)


async def walked(room: Room) -> list[dict[str, Any]]:
    """Everybody comes, half of them at once; they stay for the minutes."""
    told = Told()
    with room.served() as process:
        everyone = [Person(room.address, number, told) for number in range(PEOPLE)]
        weighing = asyncio.create_task(heaviest(process.pid))
        until = time.monotonic() + MINUTES * 60
        await asyncio.gather(*(_stay(one, room, until) for one in everyone))
        weighing.cancel()
        memory = await weighing
    return [
        _spread("first paint, 30 of 60 within 10 s", told.paints, 4.0),
        _spread(f"a page in a session, {len(told.reruns)} runs", told.reruns, 1.0),
        _spread(f"what goes on now, {len(told.polls)} polls", told.polls, None),
        {"name": "memory at its most, server", "note": f"{memory / 1e9:.2f} GB; goal 1.5 GB"},
        _counted("said and answered in that time", room, told),
    ]


async def _stay(one: Person, room: Room, until: float) -> None:
    within = WITHIN_S if one.number < AT_ONCE else 60.0
    await asyncio.sleep(one.chance.uniform(0.0, within))
    await one.enter(room.code)
    await one.take_part(until)
    await one.guest.close()


async def killed(room: Room) -> list[dict[str, Any]]:
    """The same people, cut off again and again by a SIGKILL while they write."""
    told, sudden = Told(), 0
    cookies: dict[int, Any] = {}
    for _time in range(KILLS):
        with room.served() as process:
            await _until_cut(room, told, process, cookies)
            sudden += 1
    return [_counted(f"after {sudden} times SIGKILL under {PEOPLE} people writing", room, told)]


async def _until_cut(
    room: Room, told: Told, process: subprocess.Popen[bytes], cookies: dict[int, Any]
) -> None:
    everyone = [Person(room.address, number, told, seed=process.pid) for number in range(PEOPLE)]

    async def write(one: Person) -> None:
        try:
            if one.number in cookies:
                one.guest.http.cookies = cookies[one.number]
                await one.paint()
            else:
                await one.enter(room.code)
                cookies[one.number] = one.guest.http.cookies
            while True:
                await asyncio.sleep(one.chance.uniform(*QUICK))
                await (one.say() if one.chance.random() < 0.7 else one.reply())
        except Exception:  # noqa: S110 - the line breaks under them: that is what is tried
            pass

    writing = [asyncio.create_task(write(one)) for one in everyone]
    before = len(told.said)
    while len(told.said) < before + PEOPLE // 2:  # well under way
        await asyncio.sleep(0.1)
    await asyncio.sleep(everyone[0].chance.uniform(0.0, 2.0))
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=60)
    await asyncio.wait(writing, timeout=90)


async def heaviest(pid: int) -> float:
    """Bytes of memory at most, until it is cancelled."""
    most = 0.0
    try:
        while True:
            status = Path(f"/proc/{pid}/status").read_text("utf-8")
            kb = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
            most = max(most, float(kb) * 1000)
            await asyncio.sleep(1)
    except asyncio.CancelledError:
        return most


def _spread(name: str, seconds: list[float], goal: float | None) -> dict[str, Any]:
    ordered = sorted(seconds)
    p95 = ordered[int(0.95 * (len(ordered) - 1))]
    aim = f"; goal p95 under {goal:g} s" if goal else ""
    note = f"p50 {statistics.median(ordered):.3f} s, p95 {p95:.3f} s, most {ordered[-1]:.3f} s{aim}"
    return {"name": name, "ours_s": round(p95, 3), "note": note}


def _counted(name: str, room: Room, told: Told) -> dict[str, Any]:
    """Of what was acknowledged, how much is not there, or there twice."""
    lost = doubled = 0
    for acknowledged, query in ((told.said, SAID), (told.answered, ANSWERED)):
        held = room.held(query)
        lost += sum(words not in held for words in acknowledged)
        doubled += len(held) - len(set(held))
    words = (
        f"{len(told.said)} absences and {len(told.answered)} answers acknowledged: "
        f"{lost} lost, {doubled} doubled; {len(told.wrong)} things went wrong"
    )
    return {"name": name, "note": words + (f" ({told.wrong[0][:200]})" if told.wrong else "")}
