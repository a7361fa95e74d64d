"""Leaving a member out of releases on purpose, with the reason that is printed in them."""

from __future__ import annotations

from excavate.counter.deciding import refuse_others
from excavate.counter.members import one_member
from excavate.counter.plans import plan_owner
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


def leave_out(
    workshop: Workshop, author: Author, row_id: str, member_id: str, reason: str = "", *,
    out: bool = True,
) -> bool:  # fmt: skip
    """Leave a member out of releases, or take it in again (`out=False`); True where it is new.

    Raises RefusedError where no reason is given for leaving it out, NotAllowedError by anyone but
    who made the plan, who put the member in, and reviewers, NotFoundError.
    """
    reason = tidy(reason)
    refuse([*author_faults(author), *text_faults(PLACE, reason, checking.TEXT, needed=out)])
    with workshop.writing:
        member = one_member(workshop, member_id)
        owners = (member.person_id, *plan_owner(workshop, member.plan_id))
        what = "only who made the plan, who put it in, or a reviewer leaves it out"
        refuse_others(workshop, author.person_id, owners, what, member_id)
        with workshop.cursor() as cursor:
            asked = [workshop.room_id, member_id, row_id]
            before = cursor.execute(BEFORE, asked).fetchone()[0]
        columns = {"member_id": member_id, "plan_id": member.plan_id, "out": out,
                   "reason": reason, "language": author.language}  # fmt: skip
        row = Row("left_out", row_id, author.person_id, columns, before)
        return once(workshop, [*person_rows(workshop, author), row], STANDS, row_id)
