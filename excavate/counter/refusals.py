"""Refusals of people who can be seen in a picture: each stands until it is ended by who may.

Who wrote one down says otherwise or takes it back; a facilitator ends it with a reason. No batch
of somebody else's writes over it, and nobody's hiding of it lets the picture go out.
"""

from __future__ import annotations

from collections.abc import Sequence

from excavate.counter.records import GivenRights, Member
from excavate.errors import InputFault
from excavate.i18n import N_
from excavate.workshop.authors import Author, refuse
from excavate.workshop.roles import may, role_in
from excavate.workshop.store import Workshop

PLACE = N_("Consent of who is depicted")
WHAT = (
    "a person seen in it refused ({name}): who wrote that takes it back, or a facilitator decides "
    "with a reason"
)
STANDING = """
SELECT DISTINCT r.member_id, r.person_id FROM member_rights r
WHERE r.room_id = $1 AND r.depicted_consent = 'refused'
  AND r.writing > coalesce((
    SELECT max(n.writing) FROM member_rights n WHERE n.room_id = $1
    AND n.member_id = r.member_id AND n.depicted_consent <> 'refused'), 0)
  AND NOT EXISTS (
    SELECT 1 FROM withdrawn w WHERE w.manner <> 'shown' AND NOT w.moderating
    AND w.writing >= r.writing
    AND w.what_id = 'member_rights/' || r.member_id || '/' || r.person_id)
"""
OF_SOME = f"{STANDING} AND r.member_id IN (SELECT unnest($2::VARCHAR[]))"


def refusals(workshop: Workshop, member_ids: Sequence[str]) -> dict[str, set[str]]:
    """{member_id: who wrote a refusal down that stands}, of those that have any."""
    found: dict[str, set[str]] = {}
    with workshop.cursor() as cursor:
        asked = [workshop.room_id, list(member_ids)]
        for member_id, person_id in cursor.execute(OF_SOME, asked).fetchall():
            found.setdefault(member_id, set()).add(person_id)
    return found


def keep_refusals(
    workshop: Workshop, author: Author, members: Sequence[Member], given: GivenRights
) -> None:
    """Raise RefusedError that names every member whose refusal these rights would write over."""
    if given.depicted_consent == "refused" or _ends(workshop, author, members, given):
        return
    standing = refusals(workshop, [one.member_id for one in members])
    faults = [
        InputFault(PLACE, WHAT.format(name=_named(one)), one.member_id)
        for one in members
        if standing.get(one.member_id, set()) - {author.person_id}
    ]
    refuse(faults)


def _ends(
    workshop: Workshop, author: Author, members: Sequence[Member], given: GivenRights
) -> bool:
    """Whether a facilitator gives a reason; alone, whoever is here. A ground's reason is one for a
    member alone: over many it may be meant for the others."""
    decided = given.unknowns.get("depicted_consent", {}).get("because", "")
    grounded = given.ground_reason.strip() if len(members) == 1 else ""
    if not (decided.strip() or grounded):
        return False
    if not workshop.shared:
        return True
    with workshop.cursor() as cursor:
        return may(role_in(cursor, workshop.room_id, author.person_id)[0], "facilitator")


def _named(member: Member) -> str:
    return " ".join((member.label or member.reason).split())[:40]
