"""What the room gave to a judging together: by year, after the close, in sums that name nobody.

A sum is of FEWEST people or more, in whole minutes, of what was done before the newest close of a
round of it. Once told it stands still: it is told anew only where the time of FEWEST people or
more differs from then, so no two sums tell one person's time by their difference. Where somebody
took time back and that would name them, none is told. What was told is remembered by this process.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

from excavate.workshop.store import Workshop

FEWEST = 3  # people below which a sum would name them
KOREA = 9.0  # hours of the clock east of UTC
LAST_CLOSE = """
SELECT max(a.written_at) FROM round_act a JOIN rounds r USING (round_id)
WHERE a.room_id = $1 AND r.judging_id = $2 AND a.act = 'close'
"""
BEFORE = """
SELECT year(started_at + to_minutes(CAST($4 * 60 AS BIGINT))) AS of_year, person_id, sum(seconds)
FROM labours WHERE room_id = $1 AND activity = 'judge' AND about = $2 AND started_at <= $3
GROUP BY ALL ORDER BY ALL
"""
ByPerson = Mapping[str, float]
_told: WeakKeyDictionary[Workshop, dict[tuple[str, int], ByPerson]] = WeakKeyDictionary()
_telling = threading.Lock()


@dataclass(frozen=True, slots=True)
class RoomTime:
    """What the room gave in one year, of those who had their time counted; no names."""

    year: int
    people: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Given:
    """What may be told of a judging: a sum for each year, and whose time is in them."""

    years: tuple[RoomTime, ...] = ()
    people: frozenset[str] = frozenset()


def given_to(workshop: Workshop, judging_id: str, hours: float = KOREA) -> Given:
    """The sums of a judging; none before a round of it was closed, nor of a year of few people.

    `hours`: of the clock east of UTC, by which a year begins.
    """
    with workshop.cursor() as cursor:
        asked = [workshop.room_id, judging_id]
        closed: datetime | None = cursor.execute(LAST_CLOSE, asked).fetchone()[0]
        rows = cursor.execute(BEFORE, [*asked, closed, hours]).fetchall() if closed else []
    now: dict[int, dict[str, float]] = {}
    for year, person, seconds in rows:
        now.setdefault(year, {})[person] = seconds
    with _telling:
        told = _told.setdefault(workshop, {})
        held = {year for judging, year in told if judging == judging_id}
        sums = {year: _tell(told, (judging_id, year), now.get(year, {}))
                for year in sorted(now.keys() | held)}  # fmt: skip
    return _given(sums)


def _tell(told: dict[tuple[str, int], ByPerson], key: tuple[str, int], now: ByPerson) -> ByPerson:
    """What is told of a year now: anew, as before, or nothing."""
    before = told.get(key)
    moved = {one for one in {*now, *(before or ())} if now.get(one) != (before or {}).get(one)}
    if len(now) >= FEWEST and (before is None or len(moved) >= FEWEST):
        told[key] = now
        return now
    taken_back = any(now.get(one, 0) < seconds for one, seconds in (before or {}).items())
    return {} if before is None or taken_back else before


def _given(sums: Mapping[int, ByPerson]) -> Given:
    years = tuple(
        RoomTime(year, len(by), round(sum(by.values()) / 60)) for year, by in sums.items() if by
    )
    return Given(years, frozenset(person for by in sums.values() for person in by))
