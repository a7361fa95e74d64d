"""A counter-dataset as it stands now, read once: what the gate asks and what is gathered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from excavate.counter.curating import curation
from excavate.counter.members import members
from excavate.counter.plans import one_plan
from excavate.counter.records import Curation, GivenRights, Hung, Member, Plan, WallRoom
from excavate.counter.rights import pixels_may_go
from excavate.release.chosen import Chosen, chosen_items

if TYPE_CHECKING:
    from excavate.site import Site
    from excavate.workshop.store import Workshop

NO_RIGHTS = GivenRights()


@dataclass(frozen=True, slots=True)
class Standing:
    """A plan and its members in the release's order: as they hang, then those that hang nowhere."""

    site: Site
    plan: Plan
    members: tuple[Member, ...]
    left_out: tuple[Member, ...]
    rooms: tuple[WallRoom, ...]
    hung: Mapping[str, tuple[int, Hung]]  # member_id -> its room and how it hangs there
    chosen: Mapping[str, Chosen]  # item_id -> the catalog's word


def standing(site: Site, workshop: Workshop, plan_id: str) -> Standing:
    """The counter-dataset as it stands. Raises NotFoundError where there is no such plan."""
    plan = one_plan(workshop, plan_id)
    kept = members(workshop, plan_id)
    inside = [one for one in kept if one.left_out is None]
    order = curation(workshop, plan_id)
    hung = _hung(order)
    place = {member_id: at for at, member_id in enumerate(hung)}
    inside.sort(key=lambda one: place.get(one.member_id, len(place)))  # stable: the rest as made
    chosen = chosen_items(site, [one.item_id for one in inside if one.kind == "chosen"])
    left_out = tuple(one for one in kept if one.left_out is not None)
    return Standing(site, plan, tuple(inside), left_out, order.rooms if order else (), hung, chosen)


def given_rights(member: Member) -> GivenRights:
    """The rights of a member as they were given; blank where nobody gave any."""
    return member.rights.given if member.rights else NO_RIGHTS


def is_by_reference(member: Member) -> bool:
    """Whether it is a catalog item that is only named: nothing says its pixels may be given on."""
    return member.kind == "chosen" and not pixels_may_go(given_rights(member))


def _hung(order: Curation | None) -> dict[str, tuple[int, Hung]]:
    found: dict[str, tuple[int, Hung]] = {}
    for number, room in enumerate(order.rooms if order else ()):
        for one in room.hung:
            found.setdefault(one.member_id, (number, one))
    return found
