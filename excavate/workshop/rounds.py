"""Rounds of a session: planned with a prompt and a time, opened, extended, closed, reopened.

What state a round is in follows from the acts in the order they were written, never from a
clock: opening one closes the one before, time that runs out closes nothing, and a clock that is
set back changes no state. Clocks only say how much time is left.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from excavate.errors import InputFault, NotFoundError
from excavate.workshop import checking
from excavate.workshop.authors import Author, author_faults, once, person_rows, refuse
from excavate.workshop.by_topic import kept_by
from excavate.workshop.checking import text_faults, tidy
from excavate.workshop.ids import is_id
from excavate.workshop.store import Row, Workshop

PAGES = ("", "survey", "dossier", "items", "map", "taxonomy", "gaps", "compare", "board", "judge",
         "notebook")  # fmt: skip
KINDS = ("look", "say", "respond", "sort", "judge")
PLANNED, OPEN, CLOSED = "planned", "open", "closed"
ACTS = ("open", "extend", "close", "reopen", "drop")
FROM = {"open": PLANNED, "extend": OPEN, "close": OPEN, "reopen": CLOSED, "drop": PLANNED}
STANDS_AS = {
    PLANNED: "it is not open yet: look again", OPEN: "it is open by now: look again",
    CLOSED: "it is closed by now: look again",
}  # fmt: skip
TIMED = ("open", "extend", "reopen")
LONGEST = 6 * 3600  # seconds: a round is no evening
ROUNDS = """
SELECT round_id, kind, prompt_ko, prompt_en, seconds, anonymous, judging_id, page, place
FROM rounds WHERE room_id = $1
ORDER BY place, round_id
"""
ROUND_ACTS = """
SELECT round_id, act, seconds, written_at FROM round_act
WHERE room_id = $1 ORDER BY writing, act = 'close' DESC
"""
NEWEST_ROW = """
SELECT row_id, kind, anonymous FROM rounds WHERE room_id = $1 AND round_id = $2
"""
LAST_PLACE = "SELECT coalesce(max(place), -1) FROM rounds WHERE room_id = $1"
ROUND_STANDS = "SELECT count(*) FROM round WHERE row_id = $1"
ACT_STANDS = "SELECT count(*) FROM round_act WHERE row_id = $1"
# When this process closed a round, by a clock that nobody sets: {workshop: {round: moment}}.
_closings: WeakKeyDictionary[Workshop, dict[str, float]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class GivenRound:
    """A round as it is planned. `round_id` was made with the form: sent twice, it is one."""

    round_id: str
    kind: str
    prompt_ko: str
    prompt_en: str
    seconds: int
    anonymous: bool = False
    judging_id: str | None = None
    page: str = ""  # where it is done, where not on the page of its kind


@dataclass(frozen=True, slots=True)
class Round:
    """A round and the state it is in. Times are UTC, of the server, without a zone."""

    round_id: str
    kind: str
    prompt_ko: str
    prompt_en: str
    seconds: int
    anonymous: bool
    judging_id: str | None
    page: str = ""
    place: int = 0
    state: str = PLANNED
    opened_at: datetime | None = None
    ends_at: datetime | None = None

    def prompt(self, language: str) -> tuple[str, str]:
        """(words, their language): in the language asked for where it was written in it."""
        both = {"ko": self.prompt_ko, "en": self.prompt_en}
        other = "en" if language == "ko" else "ko"
        return (both[language], language) if both.get(language) else (both[other], other)


def plan_round(workshop: Workshop, author: Author, given: GivenRound) -> bool:
    """Put a round at the end of the plan; True where it is new. Raises RefusedError."""
    return plan_rounds(workshop, author, [given])


def plan_rounds(workshop: Workshop, author: Author, given: Sequence[GivenRound]) -> bool:
    """Put several rounds at the end of the plan, all or none; True where they are new."""
    given = [_tidied(one) for one in given]
    refuse([*author_faults(author), *(fault for one in given for fault in round_faults(one))])
    if not given:
        return False
    written = [*person_rows(workshop, author), *planned_rows(workshop, author, given)]
    return once(workshop, written, ROUND_STANDS, given[0].round_id)


def planned_rows(workshop: Workshop, author: Author, given: Sequence[GivenRound]) -> list[Row]:
    """The rows that put rounds at the end of the plan; their faults were asked for before."""
    with workshop.cursor() as cursor:
        place = cursor.execute(LAST_PLACE, [workshop.room_id]).fetchone()[0] + 1
    return [
        Row("round", one.round_id, author.person_id, _columns(_tidied(one), place + number))
        for number, one in enumerate(given)
    ]


def correct_round(workshop: Workshop, author: Author, row_id: str, given: GivenRound) -> bool:
    """Write a planned round anew; of one that was opened only its prompts and its time change.

    Raises RefusedError with every fault of it, NotFoundError where there is no such round.
    """
    stands, given = one_round(workshop, given.round_id), _tidied(given)
    faults = [*author_faults(author), *round_faults(given)]
    settled = (given.kind, given.anonymous) == (stands.kind, stands.anonymous)
    if stands.state != PLANNED and not settled:
        faults.append(InputFault("Round", "it was opened as it is: plan another one"))
    refuse(faults)
    row = placed_row(workshop, author, row_id, given, stands.place)
    return once(workshop, [*person_rows(workshop, author), row], ROUND_STANDS, row_id)


def placed_row(
    workshop: Workshop, author: Author, row_id: str, given: GivenRound | Round, place: int
) -> Row:
    """A row that writes a round anew, at a place of the plan."""
    with workshop.cursor() as cursor:
        asked = [workshop.room_id, given.round_id]
        before = cursor.execute(NEWEST_ROW, asked).fetchone()
    return Row("round", row_id, author.person_id, _columns(given, place), before[0])


def act_on_round(
    workshop: Workshop, author: Author, act_id: str, round_id: str, act: str, seconds: int = 0
) -> bool:
    """Open, extend, close, reopen or drop a round. True where this changed anything.

    Opening closes the one that was open, in the same write. What is asked for a second time
    (two people press at once, a retry) is left as it is. Raises RefusedError where the round is
    in no state for it, NotFoundError where there is none.
    """
    if act not in ACTS:
        raise NotFoundError("no such act", act, f"One of: {', '.join(ACTS)}")
    stands = one_round(workshop, round_id)
    if _is_done(stands, act) or _came_through(workshop, act_id):
        return False
    refuse([*author_faults(author), *_act_faults(stands, act, seconds)])
    rows = act_rows(workshop, author, act_id, round_id, act, seconds)
    new = once(workshop, [*person_rows(workshop, author), *rows], ACT_STANDS, act_id)
    remember_closing(workshop, rows)
    return new


def act_rows(
    workshop: Workshop, author: Author, act_id: str, round_id: str, act: str, seconds: int
) -> list[Row]:
    """The rows of an act; an opening closes the round that was open."""
    rows = [_act_row(author, act_id, round_id, act, seconds if act in TIMED else 0)]
    before = open_round(workshop)
    if act in ("open", "reopen") and before:
        rows.append(_act_row(author, _beside(act_id), before.round_id, "close", 0))
    return rows


def remember_closing(workshop: Workshop, rows: Iterable[Row]) -> None:
    """Remember when rows that were written closed rounds: what is on its way still comes in."""
    closed = [row.columns["round_id"] for row in rows if row.columns.get("act") == "close"]
    moment = time.monotonic()
    _closings.setdefault(workshop, {}).update(dict.fromkeys(closed, moment))


def closed_within(workshop: Workshop, round_id: str, seconds: float) -> bool:
    """Whether this process closed a round no longer ago than that."""
    closed_at = _closings.get(workshop, {}).get(round_id)
    return closed_at is not None and time.monotonic() - closed_at <= seconds


@kept_by("round")
def rounds(workshop: Workshop) -> tuple[Round, ...]:
    """The plan of the room, in its order, each round in the state it is in."""
    with workshop.cursor() as cursor:
        planned = cursor.execute(ROUNDS, [workshop.room_id]).fetchall()
        acts = cursor.execute(ROUND_ACTS, [workshop.room_id]).fetchall()
    return states([Round(*row) for row in planned], acts)


def open_round(workshop: Workshop) -> Round | None:
    """The round that is open now; None where none is."""
    return next((one for one in rounds(workshop) if one.state == OPEN), None)


def one_round(workshop: Workshop, round_id: str) -> Round:
    """A round by its id. Raises NotFoundError where the plan holds none by it."""
    for one in rounds(workshop):
        if one.round_id == round_id:
            return one
    raise NotFoundError("no such round", round_id, "See the plan of the room")


def hidden_rounds(workshop: Workshop) -> frozenset[str]:
    """Rounds whose names are hidden still: anonymous, and not closed."""
    return frozenset(
        one.round_id for one in rounds(workshop) if one.anonymous and one.state != CLOSED
    )


def names_are_hidden(workshop: Workshop) -> bool:
    """Whether an anonymous round is open: whoever does anything now is not to be named."""
    return any(one.anonymous and one.state == OPEN for one in rounds(workshop))


def states(planned: Sequence[Round], acts: Iterable[Sequence[Any]]) -> tuple[Round, ...]:
    """The rounds after these acts (round, act, seconds, when), in the order of their writing.

    An act that a round is in no state for, as when two people pressed at once, changes nothing.
    """
    found = {one.round_id: one for one in planned}
    for round_id, act, seconds, when in acts:
        one = found.get(round_id)
        if one is None or one.state != FROM[act]:
            continue
        if act in ("open", "reopen"):
            found |= {k: _closed(o) for k, o in found.items() if o.state == OPEN}
        found[round_id] = _after(one, act, timedelta(seconds=seconds), when)
    return tuple(one for one in found.values() if one.state != "dropped")


def _after(one: Round, act: str, given: timedelta, when: datetime) -> Round:
    if act in ("open", "reopen"):
        return replace(one, state=OPEN, opened_at=when, ends_at=when + given)
    if act == "extend":  # what is added after time is up begins now
        return replace(one, ends_at=max(one.ends_at or when, when) + given)
    return _closed(one) if act == "close" else replace(one, state="dropped")


def _closed(one: Round) -> Round:
    return replace(one, state=CLOSED, ends_at=None)


def _came_through(workshop: Workshop, act_id: str) -> bool:
    with workshop.cursor() as cursor:
        return bool(cursor.execute(ACT_STANDS, [act_id]).fetchone()[0])


def _is_done(stands: Round, act: str) -> bool:
    after = {"open": OPEN, "close": CLOSED, "reopen": OPEN}.get(act)
    return stands.state == after


def round_faults(given: GivenRound) -> list[InputFault]:
    """What keeps a round from being planned."""
    faults = []
    if not is_id(given.round_id):
        faults.append(InputFault("Round", "not an id of ours"))
    if given.kind not in KINDS:
        faults.append(InputFault("Kind", f"one of: {', '.join(KINDS)}"))
    both = (given.prompt_ko, given.prompt_en)
    for prompt in both:
        needed = not any(both)
        faults += text_faults("Prompt", prompt, checking.TEXT, needed=needed)
    if not 0 < given.seconds <= LONGEST:
        faults.append(InputFault("Time", "between a second and six hours"))
    if given.page not in PAGES:
        faults.append(InputFault("Where", "there is no such page"))
    if given.kind == "judge" and not given.judging_id:
        faults.append(InputFault("Kind", "a round of judging is made where its items are chosen"))
    return list(dict.fromkeys(faults))


def _act_faults(stands: Round, act: str, seconds: int) -> list[InputFault]:
    faults = []
    if stands.state != FROM[act]:
        faults.append(InputFault("Round", STANDS_AS[stands.state]))
    if act in TIMED and not 0 < seconds <= LONGEST:
        faults.append(InputFault("Time", "between a second and six hours"))
    return faults


def _tidied(given: GivenRound) -> GivenRound:
    return replace(given, prompt_ko=tidy(given.prompt_ko), prompt_en=tidy(given.prompt_en))


def _columns(given: GivenRound | Round, place: int) -> dict[str, Any]:
    return {
        "round_id": given.round_id, "kind": given.kind, "prompt_ko": given.prompt_ko,
        "prompt_en": given.prompt_en, "seconds": given.seconds, "anonymous": given.anonymous,
        "judging_id": given.judging_id, "place": place, "page": given.page,
    }  # fmt: skip


def _act_row(author: Author, act_id: str, round_id: str, act: str, seconds: int) -> Row:
    columns = {"round_id": round_id, "act": act, "seconds": seconds}
    return Row("round_act", act_id, author.person_id, columns)


def _beside(act_id: str) -> str:
    """The id of the closing that goes with an opening: the same at every retry."""
    last = f"{int(act_id[-12:], 16) ^ 1:012x}"
    return act_id[:-12] + last
