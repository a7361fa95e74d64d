"""Labour: active time by kind of activity, counted for the one who gave it, if they ask for it.

The browser counts the seconds in which a page is visible and was touched a short while ago, and
reports them. What the server keeps of them is never more than the time that has passed: nobody
works two hours in one. Off means that nothing is kept and nothing is sent. What the room is told
of a judging together is in labour_sums.py.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from excavate.errors import InputFault
from excavate.workshop.authors import Author, author_faults, once, person_rows, refuse
from excavate.workshop.ids import is_id
from excavate.workshop.store import Row, Workshop

ACTIVITIES = (
    "look", "say", "respond", "sort", "judge", "collect", "label", "review", "other",
)  # fmt: skip
IDLE = 30  # seconds after the last touch in which a visible page still counts
LONGEST = 900.0  # seconds of one report; the browser sends one a minute
LONGEST_ABOUT = 100  # characters
CHOICE = """
SELECT recording, written_at FROM labour_choices WHERE room_id = $1 AND person_id = $2
"""
KEPT_SINCE = """
SELECT coalesce(sum(seconds), 0) FROM labour WHERE room_id = $1 AND person_id = $2
AND started_at + to_microseconds(CAST(seconds * 1000000 AS BIGINT)) > $3
"""
MINE = """
SELECT row_id, activity, about, started_at, seconds FROM labours
WHERE room_id = $1 AND person_id = $2 ORDER BY started_at, row_id
"""
JUDGED = "SELECT count(*) FROM judgements WHERE room_id = $1 AND person_id = $2"
CHOICE_STANDS = "SELECT count(*) FROM labour_choice WHERE row_id = $1"
STANDS = "SELECT count(*) FROM labour WHERE row_id = $1"
_reporting = threading.Lock()  # two tabs of one person report one after the other


@dataclass(frozen=True, slots=True)
class Report:
    """Seconds that a browser counted. `report_id` was made with it: sent twice, it is one."""

    report_id: str
    activity: str
    seconds: float
    about: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """What is kept of one report; times are UTC. Those of two tabs may lie over each other."""

    row_id: str
    activity: str
    about: str | None
    started_at: datetime
    seconds: float


def choose(workshop: Workshop, author: Author, row_id: str, on: bool) -> bool:
    """Turn counting on or off for oneself; True where the choice is new.

    Raises RefusedError where the name or the consent is missing.
    """
    refuse(author_faults(author))
    row = Row("labour_choice", row_id, author.person_id, {"recording": on})
    with _reporting:
        return once(workshop, [*person_rows(workshop, author), row], CHOICE_STANDS, row_id)


def recording(workshop: Workshop, person_id: str | None) -> bool:
    """Whether somebody has their time counted. Nobody has unless they asked for it."""
    return _recording_since(workshop, person_id) is not None


def report(
    workshop: Workshop, person_id: str, given: Sequence[Report], now: datetime | None = None
) -> float:
    """Keep what a browser counted since it last reported, and return the seconds that are kept.

    0.0 where counting is off, where these reports had come through, or where no time is left: of
    the last LONGEST seconds never more is kept than they are, from however many tabs it comes.
    `now`: UTC, without a zone. Raises RefusedError with every fault.
    """
    refuse([fault for one in given for fault in _faults(one)])
    at = now or datetime.now(UTC).replace(tzinfo=None)
    with _reporting:
        since = _recording_since(workshop, person_id)
        alone = {one.report_id: one for one in given}
        new = [one for one in alone.values() if not _stands(workshop, one.report_id)]
        if since is None or not new:
            return 0.0
        rows = _rows(new, person_id, at, _budget(workshop, person_id, since, at))
        if not rows:
            return 0.0
        once(workshop, rows, STANDS, rows[0].row_id)
        return float(sum(row.columns["seconds"] for row in rows))


def _rows(given: Sequence[Report], person_id: str, now: datetime, most: float) -> list[Row]:
    """A row for each report, together of no more seconds than `most`.

    All end now: what is kept of a time is counted by when it was told.
    """
    rows, left = [], most
    for one in given:
        seconds = min(one.seconds, left)
        if seconds <= 0:
            continue
        columns = {"activity": one.activity, "about": one.about or None,
                   "started_at": now - timedelta(seconds=seconds), "seconds": seconds}  # fmt: skip
        rows.append(Row("labour", one.report_id, person_id, columns))
        left -= seconds
    return rows


def counted(workshop: Workshop, person_id: str) -> list[Counted]:
    """Everything that is counted for one person and not withdrawn, oldest first."""
    with workshop.cursor() as cursor:
        rows = cursor.execute(MINE, [workshop.room_id, person_id]).fetchall()
    return [Counted(*row) for row in rows]


def by_day(found: Sequence[Counted], hours: float = 0.0) -> dict[str, dict[str, float]]:
    """{day: {activity: seconds}}, in the order given; `hours`: of the clock east of UTC."""
    days: dict[str, dict[str, float]] = {}
    for one in found:
        day = days.setdefault(f"{one.started_at + timedelta(hours=hours):%Y-%m-%d}", {})
        day[one.activity] = day.get(one.activity, 0.0) + one.seconds
    return days


def judged_by(workshop: Workshop, person_id: str) -> int:
    """How many answers somebody gave to items that the room judged, not taken back."""
    with workshop.cursor() as cursor:
        return int(cursor.execute(JUDGED, [workshop.room_id, person_id]).fetchone()[0])


def _recording_since(workshop: Workshop, person_id: str | None) -> datetime | None:
    with workshop.cursor() as cursor:
        found = cursor.execute(CHOICE, [workshop.room_id, person_id]).fetchone()
    return found[1] if found and found[0] else None


def _budget(workshop: Workshop, person_id: str, since: datetime, at: datetime) -> float:
    """The seconds that may still be kept: those that passed, less those kept of them already."""
    window = max(since, at - timedelta(seconds=LONGEST))
    with workshop.cursor() as cursor:
        asked = [workshop.room_id, person_id, window]
        kept = float(cursor.execute(KEPT_SINCE, asked).fetchone()[0])
    return max(0.0, (at - window).total_seconds() - kept)


def _stands(workshop: Workshop, row_id: str) -> bool:
    with workshop.cursor() as cursor:
        return bool(cursor.execute(STANDS, [row_id]).fetchone()[0])


def _faults(given: Report) -> list[InputFault]:
    faults = []
    if not is_id(given.report_id):
        faults.append(InputFault("report_id", "not an id of ours"))
    if given.activity not in ACTIVITIES:
        faults.append(InputFault("activity", f"one of: {', '.join(ACTIVITIES)}"))
    if not (math.isfinite(given.seconds) and given.seconds >= 0):
        faults.append(InputFault("seconds", "a number of 0 or more"))
    if len(given.about) > LONGEST_ABOUT:
        faults.append(InputFault("about", f"at most {LONGEST_ABOUT} characters"))
    return faults
