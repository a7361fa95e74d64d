"""The order of the plan: rounds are put earlier or later, leftovers are taken out at once."""

from __future__ import annotations

from collections.abc import Sequence

from excavate.errors import InputFault
from excavate.workshop.authors import Author, author_faults, once, person_rows, refuse
from excavate.workshop.rounds import (
    ACT_STANDS,
    PLANNED,
    ROUND_STANDS,
    STANDS_AS,
    Round,
    act_rows,
    one_round,
    placed_row,
    rounds,
)
from excavate.workshop.store import Row, Workshop

WAYS = ("first", "earlier", "later")


def put(workshop: Workshop, author: Author, row_id: str, round_id: str, way: str) -> bool:
    """Put a planned round first, one earlier or one later. True where this changed the plan.

    Only rounds that were not opened yet change places, and only among each other. Raises
    RefusedError where it was opened by now, NotFoundError where there is none.
    """
    stands = one_round(workshop, round_id)
    faults = author_faults(author)
    if stands.state != PLANNED:
        faults.append(InputFault("Round", STANDS_AS[stands.state]))
    refuse(faults)
    rows = _moved(workshop, author, row_id, reordered(to_come(workshop), round_id, way))
    if not rows:
        return False
    return once(workshop, [*person_rows(workshop, author), *rows], ROUND_STANDS, row_id)


def to_come(workshop: Workshop) -> list[Round]:
    """The rounds that were not opened yet, in the order of the plan."""
    return [one for one in rounds(workshop) if one.state == PLANNED]


def reordered(planned: Sequence[Round], round_id: str, way: str) -> list[Round]:
    """The same rounds, one of them put elsewhere; at either end it stays where it is."""
    order = list(planned)
    at = next(number for number, one in enumerate(order) if one.round_id == round_id)
    moved = order.pop(at)
    goal = {"first": 0, "earlier": max(0, at - 1), "later": at + 1}[way]
    order.insert(goal, moved)
    return order


def _moved(workshop: Workshop, author: Author, row_id: str, order: Sequence[Round]) -> list[Row]:
    """Rows for those whose place changes; the places stay those that the planned rounds had."""
    places = _rising([one.place for one in to_come(workshop)])
    changed = [(one, p) for one, p in zip(order, places, strict=True) if one.place != p]
    return [
        placed_row(workshop, author, _numbered(row_id, number), one, place)
        for number, (one, place) in enumerate(changed)
    ]


def _rising(places: Sequence[int]) -> list[int]:
    """No place twice, as two who plan at once may have left it."""
    found: list[int] = []
    for place in places:
        found.append(max(place, found[-1] + 1) if found else place)
    return found


def take_out_planned(workshop: Workshop, author: Author, act_id: str) -> int:
    """Take out what is still planned, all at once; how many. Rounds of a judging stay."""
    left = [one for one in to_come(workshop) if not one.judging_id]
    refuse(author_faults(author))
    rows = [
        row
        for number, one in enumerate(left)
        for row in act_rows(workshop, author, _numbered(act_id, number), one.round_id, "drop", 0)
    ]
    if rows:
        once(workshop, [*person_rows(workshop, author), *rows], ACT_STANDS, act_id)
    return len(rows)


def _numbered(row_id: str, number: int) -> str:
    """An id for each row of one press: the same at every retry, the first is that of the press."""
    return f"{row_id[:-12]}{int(row_id[-12:], 16) ^ number:012x}"
