"""Leaving a member out of releases on purpose, with the reason that is printed in them."""

from __future__ import annotations

from excavate.counter.deciding import is_ones_own, may_change, refuse_others
from excavate.counter.members import one_member
from excavate.counter.plans import plan_owner
from excavate.counter.records import Member
from excavate.errors import NotAllowedError
from excavate.i18n import N_
from excavate.workshop import checking
from excavate.workshop.authors import Author, author_faults, once, person_rows, refuse
from excavate.workshop.checking import text_faults, tidy
from excavate.workshop.store import Row, Workshop

PLACE = N_("Why it is left out")
STANDS = "SELECT count(*) FROM left_out WHERE row_id = $1"
BEFORE = """
SELECT arg_max(row_id, writing) FROM left_out
WHERE room_id = $1 AND member_id = $2 AND row_id <> $3
"""
OWN = """
SELECT arg_max(t.out, t.writing) FROM left_out t
WHERE t.room_id = $1 AND t.member_id = $2 AND t.person_id = $3 AND NOT EXISTS (
    SELECT 1 FROM withdrawn w WHERE w.manner <> 'shown' AND w.writing >= t.writing
    AND w.what_id = 'left_out/' || t.member_id || '/' || t.person_id
)
"""


def leave_out(
    workshop: Workshop, author: Author, row_id: str, member_id: str, reason: str = "", *,
    out: bool = True,
) -> bool:  # fmt: skip
    """Leave a member out of releases, or take it in again (`out=False`); True where it is new.

    Raises RefusedError where no reason is given for leaving it out, NotAllowedError by anyone but
    who made the plan, who put the member in, and reviewers, and where it is taken in again by
    another than who put it in and left it out themself; NotFoundError.
    """
    reason = tidy(reason)
    refuse([*author_faults(author), *text_faults(PLACE, reason, checking.TEXT, needed=out)])
    with workshop.writing:
        member = one_member(workshop, member_id)
        owners = (member.person_id, *plan_owner(workshop, member.plan_id))
        what = "only who made the plan, who put it in, or a reviewer leaves it out"
        refuse_others(workshop, author.person_id, owners, what, member_id)
        if not out and not _may_take_in(workshop, author.person_id, member):
            what = "who put it in left it out: nobody else takes it in again"
            raise NotAllowedError(what, member_id, "Ask them")
        with workshop.cursor() as cursor:
            asked = [workshop.room_id, member_id, row_id]
            before = cursor.execute(BEFORE, asked).fetchone()[0]
        columns = {"member_id": member_id, "plan_id": member.plan_id, "out": out,
                   "reason": reason, "language": author.language}  # fmt: skip
        row = Row("left_out", row_id, author.person_id, columns, before)
        return once(workshop, [*person_rows(workshop, author), row], STANDS, row_id)


def may_turn(workshop: Workshop, person_id: str, member: Member) -> bool:
    """Whether somebody may leave a member out, or take it in again where it is left out."""
    owners = (member.person_id, *plan_owner(workshop, member.plan_id))
    if not may_change(workshop, person_id, owners):
        return False
    return not member.left_out or _may_take_in(workshop, person_id, member)


def _may_take_in(workshop: Workshop, person_id: str, member: Member) -> bool:
    with workshop.cursor() as cursor:
        asked = [workshop.room_id, member.member_id, member.person_id]
        theirs = cursor.execute(OWN, asked).fetchone()[0]
    return not theirs or is_ones_own(workshop, person_id, member.person_id)
