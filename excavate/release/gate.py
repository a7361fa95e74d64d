"""The gate: what must not go out as it is. Everything that stops a release is told at once.

An empty place needs no rights: it shows nothing of anybody's. A catalog item under whose stated
rights no pixels may be given on is only named, and passes. Elsewhere what is blank stops, and
what somebody decided to be unknown, with their reason, passes and is printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from excavate.counter.licences import LICENCES
from excavate.counter.plans import takes_only_empty
from excavate.counter.records import GivenRights, Member
from excavate.counter.refusals import refusals
from excavate.counter.rights import pixels_may_go
from excavate.errors import InputFault, ReleaseError
from excavate.i18n import N_
from excavate.release.chosen import Chosen, ChosenPictures
from excavate.release.standing import (
    Standing,
    given_rights,
    is_by_reference,
    standing,
)
from excavate.workshop.rounds import names_are_hidden

if TYPE_CHECKING:
    from excavate.site import Site
    from excavate.workshop.store import Workshop

Reason = tuple[str, str]  # what, and what to do

NOTHING_IN_IT = (N_("nothing is in it yet"), N_("Put something in, or keep a place empty"))
NO_LICENCE = (N_("its own licence is blank"), N_("Choose a licence in the plan"))
ABSENCE_GONE = (
    N_("an absence it answers was taken back, or is not for everybody"),
    N_("Take it out of the plan's answers"),
)
NAMES_HIDDEN = (
    N_("an anonymous round hides names still, and a release would name people"),
    N_("Close the anonymous round first"),
)
UNFILLABLE = (
    N_("it answers an absence that nothing may fill"),
    N_("Keep empty places only, or take that absence out of the plan's answers"),
)
REFUSED = (
    N_("a person who can be seen in it refused"),
    N_("Leave it out, or put an empty place where it was"),
)
BLANK: dict[str, Reason] = {
    "licence": (
        N_("its licence is blank"),
        N_("State a licence or a ground, or decide that it is unknown, and why"),
    ),
    "creator": (
        N_("its creator is blank"),
        N_("Name who made it, or decide that it is unknown, and why"),
    ),
    "contributor_consent": (
        N_("nobody said whether who gave it consents"),
        N_("Ask who gave it, or decide that it is unknown, and why"),
    ),
    "depicted_consent": (
        N_("nobody said whether a person can be seen in it"),
        N_("Look and ask, or decide that it is unknown, and why"),
    ),
}
SOURCE_BLANK = (
    N_("its source is blank"),
    N_("Say where it comes from, or decide that it is unknown, and why"),
)
NOT_TO_GIVE_ON = (
    N_("its licence does not let its picture be given on"),
    N_("Declare a ground, choose another licence, or leave it out"),
)
GROUND_BARE = (N_("a ground is declared without its reason"), N_("Write why it holds"))
CONSENT_MOVED = (
    N_("consent was given to another text than the plan's now"),
    N_("Ask again, with the text as it is now"),
)
DEPICTED_MOVED = (
    N_("the person seen in it consented to another text than the plan's now"),
    N_("Ask again, with the text as it is now"),
)
DATASET_WITHDRAWN = (
    N_("its dataset was withdrawn by its makers"),
    N_("Leave it out, or keep an empty place for it"),
)
ITEM_CHANGED = (
    N_("the catalog's picture is not the one that was chosen"),
    N_("Choose it again, or leave it out"),
)

NOT_AT_HAND = (
    N_("its picture is not at hand"),
    N_("Mount the folder its dataset was dug from, or leave it out"),
)
ORIGINAL_CHANGED = (
    N_("its file is there, but it is not the picture that was dug"),
    N_("Put that file back, or dig its dataset again and choose anew, or leave it out"),
)


@dataclass(frozen=True, slots=True)
class Stopped:
    """One reason why a release stops. `what` and `todo` are sentences of the catalogue.

    `member_id` and `number` (its place in the release's order, from 1) are empty and 0 where it
    is the plan itself; `kind` is the member's, or "plan"; `where` names it for people.
    """

    member_id: str
    what: str
    where: str
    todo: str
    number: int = 0
    kind: str = "plan"


def gate(site: Site, workshop: Workshop, plan_id: str) -> list[Stopped]:
    """All that stops a release of this counter-dataset, in its order; empty: it may go out."""
    return stopped(workshop, standing(site, workshop, plan_id))


def stopped(workshop: Workshop, stands: Standing) -> list[Stopped]:
    """As `gate`, of what was read already."""
    from excavate.release.likely_same import likely_same

    name = stands.plan.given.name
    found = [Stopped("", what, name, todo) for what, todo in _of_plan(workshop, stands)]
    refused = refusals(workshop, [one.member_id for one in stands.members])
    likely, pictures = likely_same(workshop, stands), ChosenPictures(stands.site)
    for number, one in enumerate(stands.members, start=1):
        reasons = [
            *_of_member(one, stands, pictures, refused=one.member_id in refused),
            *likely.get(one.member_id, ()),
        ]
        where = place_of(number, one)
        found += [
            Stopped(one.member_id, what, where, todo, number, one.kind) for what, todo in reasons
        ]
    return found


def refuse_stopped(stops: list[Stopped], name: str) -> None:
    """Raise ReleaseError that lists all of them, where there are any."""
    if stops:
        faults = [InputFault(one.where, f"{one.what}. {one.todo}") for one in stops]
        todo = "Mend each of these, or leave it out on purpose with a reason"
        raise ReleaseError(f"not released: {len(stops)} stopped it", name, todo, faults)


def place_of(number: int, member: Member) -> str:
    """A member as people find it: its number, its kind, its first words."""
    said = " ".join((member.label or member.reason).split())
    return f"no. {number} ({member.kind}) {said[:40]}".rstrip()


def _of_plan(workshop: Workshop, stands: Standing) -> Iterator[Reason]:
    from excavate.release.gathering import answered_in_public

    given = stands.plan.given
    if not stands.members:
        yield NOTHING_IN_IT
    if given.licence not in LICENCES:
        yield NO_LICENCE
    if names_are_hidden(workshop):
        yield NAMES_HIDDEN
    if len(answered_in_public(workshop, given.answers)) < len(set(given.answers)):
        yield ABSENCE_GONE
    if any(one.kind != "empty" for one in stands.members) and takes_only_empty(
        workshop, stands.plan
    ):
        yield UNFILLABLE


def _of_member(
    member: Member, stands: Standing, pictures: ChosenPictures, *, refused: bool
) -> Iterator[Reason]:
    if member.kind == "empty":
        return
    given = given_rights(member)
    if refused or given.depicted_consent == "refused":
        yield REFUSED
    if member.kind == "chosen":
        yield from _of_chosen(member, stands, pictures)
    if not is_by_reference(member):
        yield from _of_rights(member, given)
        yield from _of_consents(member)


def _of_chosen(member: Member, stands: Standing, pictures: ChosenPictures) -> Iterator[Reason]:
    item = stands.chosen.get(member.item_id)
    if item is not None and item.withdrawn:
        yield DATASET_WITHDRAWN
    if item is None or (item.sha256 or "") != member.item_sha256:
        yield ITEM_CHANGED
    elif not is_by_reference(member) and not pictures.is_at_hand(item):
        yield why_unread(item, pictures)


def why_unread(item: Chosen | None, pictures: ChosenPictures) -> Reason:
    """Why no picture of a chosen item can be had: another lies in its place, or none."""
    return ORIGINAL_CHANGED if item and pictures.lies_there(item) else NOT_AT_HAND


def _of_rights(member: Member, given: GivenRights) -> Iterator[Reason]:
    blanks = [name for name in BLANK if is_blank(given, name)]
    if given.ground and "licence" in blanks:
        blanks.remove("licence")
    yield from (BLANK[name] for name in blanks)
    if member.kind == "uploaded" and is_blank(given, "source"):
        yield SOURCE_BLANK
    if given.licence and not pixels_may_go(given):
        yield NOT_TO_GIVE_ON
    if given.ground and not given.ground_reason.strip():
        yield GROUND_BARE


def is_blank(given: GivenRights, column: str) -> bool:
    """Whether nobody said: neither a value, nor that it is unknown, by whom and why."""
    decided = given.unknowns.get(column, {})
    return not getattr(given, column).strip() and not (
        decided.get("by", "").strip() and decided.get("because", "").strip()
    )


def _of_consents(member: Member) -> Iterator[Reason]:
    """Consent to another text than stands now is none."""
    rights = member.rights
    if rights is None:
        return
    if rights.given.contributor_consent == "given" and not rights.consent_stands:
        yield CONSENT_MOVED
    if rights.given.depicted_consent == "given" and not rights.depicted_stands:
        yield DEPICTED_MOVED
