"""A judging and its rounds begun: all that one press asks for is written at once, or nothing."""

from __future__ import annotations

from excavate.workshop.authors import Author, author_faults, once, person_rows, refuse
from excavate.workshop.ids import new_id
from excavate.workshop.judging import GivenJudging, judging_faults, judging_row, rounds_of
from excavate.workshop.rounds import (
    CLOSED,
    ROUND_STANDS,
    GivenRound,
    Round,
    act_rows,
    planned_rows,
    remember_closing,
    round_faults,
)
from excavate.workshop.store import Workshop


def begin_judging(
    workshop: Workshop, author: Author, judging: GivenJudging, first: GivenRound, now: bool
) -> bool:
    """A judging, its first round and, `now`, its opening, in one write; True where it is new.

    Raises RefusedError with every fault of it.
    """
    refuse([*author_faults(author), *judging_faults(judging)])
    return _begin(workshop, author, first, judging, now=now)


def judge_again(workshop: Workshop, author: Author, before: Round) -> bool:
    """Another round of the same judging, opened at once; True where it is new.

    False where another has pressed meanwhile: two who lead make one round, not two.
    """
    given = GivenRound(
        new_id(), "judge", before.prompt_ko, before.prompt_en, before.seconds, before.anonymous,
        before.judging_id,
    )  # fmt: skip
    with workshop.writing:
        newest = rounds_of(workshop, before.judging_id or "")[-1:]
        if not newest or (newest[0].round_id, newest[0].state) != (before.round_id, CLOSED):
            return False
        refuse([*author_faults(author), *round_faults(given)])
        return _begin(workshop, author, given, None, now=True)


def _begin(
    workshop: Workshop, author: Author, first: GivenRound, judging: GivenJudging | None, *,
    now: bool,
) -> bool:  # fmt: skip
    with workshop.writing:
        rows = [*person_rows(workshop, author), *planned_rows(workshop, author, [first])]
        if judging:
            rows.append(judging_row(author, judging))
        if now:
            rows += act_rows(workshop, author, new_id(), first.round_id, "open", first.seconds)
        new = once(workshop, rows, ROUND_STANDS, first.round_id)
    if new:
        remember_closing(workshop, rows)
    return new
