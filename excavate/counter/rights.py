"""Rights and consent of members: given for one or for many at once, blank until somebody says.

What nobody said stays blank and stops a release; *unknown, decided by NAME because …* is said in
`unknowns`. Consent is to the text of a plan as it was shown: consent to another text is no consent.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from excavate.counter.deciding import refuse_others
from excavate.counter.licences import LICENCES, Licence
from excavate.counter.members import some_members
from excavate.counter.plans import one_plan, plan_versions
from excavate.counter.records import CONTRIBUTOR, DEPICTED, GROUNDS, GivenRights, Member
from excavate.counter.refusals import keep_refusals
from excavate.errors import InputFault
from excavate.i18n import N_
from excavate.workshop import checking
from excavate.workshop.authors import Author, author_faults, once, person_rows, refuse
from excavate.workshop.checking import text_faults, tidy
from excavate.workshop.ids import derived_id, is_id
from excavate.workshop.store import Row, Workshop

__all__ = ["LICENCES", "UNKNOWABLE", "Licence", "give_rights", "pixels_may_go", "rights_faults"]

UNKNOWABLE = ("creator", "source", "licence", "contributor_consent", "depicted_consent")
MOST = 500  # members that rights are given to at once
PLACES = {
    "creator": N_("Creator"), "source": N_("Source"), "licence": N_("Licence"),
    "ground": N_("Declared ground"), "contributor_consent": N_("Consent of the contributor"),
    "depicted_consent": N_("Consent of who is depicted"),
    "unknowns": N_("Decided to be unknown"), "members": N_("Members"),
}  # fmt: skip
STANDS = "SELECT count(*) FROM member_rights WHERE row_id = $1"
THERE = "SELECT row_id FROM member_rights WHERE row_id IN (SELECT unnest($1::VARCHAR[]))"
BEFORE = """
SELECT member_id, arg_max(row_id, writing) FROM member_rights
WHERE room_id = $1 AND member_id IN (SELECT unnest($2::VARCHAR[])) AND person_id = $3
GROUP BY member_id
"""


def give_rights(
    workshop: Workshop, author: Author, batch_id: str, member_ids: Sequence[str],
    given: GivenRights, *, keep: bool = False,
) -> int:  # fmt: skip
    """Give the same rights to members; how many of them are new.

    `keep`: what is blank here stays as each of them has it, with the text it was agreed to.
    Raises RefusedError with every fault, NotAllowedError where one is neither the author's own
    nor a reviewer's to change, NotFoundError where one is not there.
    """
    given, wanted = _tidied(given), list(dict.fromkeys(member_ids))
    faults = [*author_faults(author), *rights_faults(given)]
    if not is_id(batch_id):
        faults.append(InputFault(PLACES["members"], "not an id of ours"))
    if not 1 <= len(wanted) <= MOST:
        faults.append(InputFault(PLACES["members"], f"1 to {MOST} of them at once"))
    refuse(faults)
    with workshop.writing:
        found = some_members(workshop, wanted)
        what = "only who put it in, or a reviewer, says what its rights are"
        for owner, member_id in {one.person_id: one.member_id for one in found}.items():
            refuse_others(workshop, author.person_id, (owner,), what, member_id)
        keep_refusals(workshop, author, found, given)
        versions = _agreed_to(workshop, found, given)
        said = {one.member_id: _columns(one, given, versions, keep=keep) for one in found}
        return _write(workshop, author, batch_id, found, said)


def pixels_may_go(given: GivenRights) -> bool:
    """Whether a release may carry the picture: its licence lets it, or a ground is declared."""
    licence = LICENCES.get(given.licence)
    return bool(given.ground) or (licence is not None and licence.pixels)


def rights_faults(given: GivenRights) -> Iterator[InputFault]:
    """Everything that is wrong with the form of rights; what is blank is no fault yet."""
    yield from text_faults(PLACES["creator"], given.creator, checking.NAME, needed=False)
    yield from text_faults(PLACES["source"], given.source, checking.SOURCE, needed=False)
    if given.licence and given.licence not in LICENCES:
        yield InputFault(PLACES["licence"], "no licence of the list")
    yield from _ground_faults(given)
    for key, said, known in (
        ("contributor_consent", given.contributor_consent, CONTRIBUTOR),
        ("depicted_consent", given.depicted_consent, DEPICTED),
    ):
        if said and said not in known:
            yield InputFault(PLACES[key], f"one of: {', '.join(known)}")
    for column, why in given.unknowns.items():
        yield from _unknown_faults(given, column, why)


def _ground_faults(given: GivenRights) -> Iterator[InputFault]:
    if given.ground and given.ground not in GROUNDS:
        yield InputFault(PLACES["ground"], f"one of: {', '.join(GROUNDS)}")
    needed = bool(given.ground)
    yield from text_faults(PLACES["ground"], given.ground_reason, checking.TEXT, needed=needed)
    if given.ground_reason and not given.ground:
        yield InputFault(PLACES["ground"], "a reason without the ground it is for")


def _unknown_faults(
    given: GivenRights, column: str, why: Mapping[str, str]
) -> Iterator[InputFault]:
    place = PLACES.get(column, PLACES["unknowns"])
    if column not in UNKNOWABLE:
        yield InputFault(place, f"one of: {', '.join(UNKNOWABLE)}")
        return
    if getattr(given, column):
        yield InputFault(place, "it is given, and decided to be unknown")
    yield from text_faults(place, why.get("by", ""), checking.SHOWN)
    yield from text_faults(place, why.get("because", ""), checking.SOURCE)


def _agreed_to(
    workshop: Workshop, members: Collection[Member], given: GivenRights
) -> dict[str, str]:
    """{plan_id: row_id of the version whose text was agreed to}. Raises RefusedError."""
    agreed, faults = {}, []
    asked = [k for k in ("contributor_consent", "depicted_consent") if getattr(given, k) == "given"]
    for plan_id in {member.plan_id for member in members} if asked else ():
        shown = given.consent_shown or one_plan(workshop, plan_id).row_id
        versions = {one.row_id: one for one in plan_versions(workshop, plan_id)}
        if shown not in versions:
            faults.append(InputFault(PLACES[asked[0]], "the text it was given to is not there"))
        elif not (versions[shown].given.consent_ko or versions[shown].given.consent_en):
            faults += [InputFault(PLACES[k], "the plan has no text to agree to yet") for k in asked]
        agreed[plan_id] = shown
    refuse(faults)
    return agreed


def _write(
    workshop: Workshop, author: Author, batch_id: str, members: Sequence[Member],
    said: Mapping[str, Mapping[str, Any]],
) -> int:  # fmt: skip
    ids = {member.member_id: derived_id(batch_id, member.member_id) for member in members}
    with workshop.cursor() as cursor:
        there = cursor.execute(THERE, [list(ids.values())]).fetchall()
        asked = [workshop.room_id, list(ids), author.person_id]
        before = dict(cursor.execute(BEFORE, asked).fetchall())
    rows = [
        Row("member_rights", ids[one.member_id], author.person_id,
            {**said[one.member_id], "batch_id": batch_id}, before.get(one.member_id))
        for one in members
        if (ids[one.member_id],) not in there
    ]  # fmt: skip
    if not rows:
        return 0
    every = [*person_rows(workshop, author), *rows]
    return len(rows) if once(workshop, every, STANDS, rows[-1].row_id) else 0


def _columns(
    member: Member, given: GivenRights, agreed: Mapping[str, str], *, keep: bool
) -> dict[str, Any]:
    had = member.rights if keep else None
    given, new = _beside(had.given, given) if had else given, given
    shown = agreed.get(member.plan_id, "")

    def version(column: str, before: str) -> str:
        if getattr(given, column) != "given":
            return ""
        return shown if getattr(new, column) else before

    return {
        "member_id": member.member_id, "creator": given.creator,
        "source": given.source, "licence": given.licence, "ground": given.ground,
        "ground_reason": given.ground_reason, "contributor_consent": given.contributor_consent,
        "consent_version": version("contributor_consent", had.consent_version if had else ""),
        "depicted_consent": given.depicted_consent,
        "depicted_version": version("depicted_consent", had.depicted_version if had else ""),
        "unknowns": json.dumps({k: dict(v) for k, v in given.unknowns.items()}, ensure_ascii=False),
    }  # fmt: skip


def _beside(had: GivenRights, given: GivenRights) -> GivenRights:
    """What is given, and for what it leaves blank, what was there."""
    fresh = {column for column in UNKNOWABLE if getattr(given, column)}
    unknowns = {c: why for c, why in had.unknowns.items() if c not in fresh} | dict(given.unknowns)
    kept = {
        column: getattr(had, column)
        for column in UNKNOWABLE
        if column not in fresh and column not in given.unknowns
    }
    if not given.ground:
        kept |= {"ground": had.ground, "ground_reason": had.ground_reason}
    return replace(given, **kept, unknowns=unknowns)


def _tidied(given: GivenRights) -> GivenRights:
    unknowns = {
        column: {"by": tidy(why.get("by")), "because": tidy(why.get("because"))}
        for column, why in given.unknowns.items()
    }
    return replace(
        given, creator=tidy(given.creator), source=tidy(given.source),
        ground_reason=tidy(given.ground_reason), unknowns=unknowns,
    )  # fmt: skip
