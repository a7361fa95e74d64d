"""Nobody consents for who gave a member: what a reviewer writes stands beside their own words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from excavate.counter.members import one_member
from excavate.counter.records import GivenRights
from excavate.counter.rights import give_rights
from excavate.errors import RefusedError
from excavate.workshop.ids import new_id
from excavate.workshop.withdrawing import hide, show_again
from tests.counter.planned import cleared, entered, given_uploaded, planned, put


@pytest.fixture
def room(shared_room):
    """The room, its reviewer, who gave a member, and the member."""
    giver, reviewer = entered(shared_room, "participant"), entered(shared_room, "reviewer")
    plan_id = planned(shared_room, entered(shared_room, "facilitator"))
    (member_id,) = put(shared_room, giver, given_uploaded(plan_id))
    return shared_room, reviewer, giver, member_id


def own(giver, member_id):
    return "member_rights", f"member_rights/{member_id}/{giver.person_id}"


def standing(workshop, member_id):
    rights = one_member(workshop, member_id).rights
    return (rights.given.contributor_consent, rights.consent_stands,
            rights.given.depicted_consent, rights.depicted_stands)  # fmt: skip


@pytest.mark.parametrize("first", ["before", "after"])
def test_taken_back_stays_so_whatever_a_reviewer_wrote_until_the_giver_speaks(room, first):
    workshop, reviewer, giver, member = room
    cleared(workshop, giver, member, depicted_consent="given")
    if first == "before":
        cleared(workshop, reviewer, member, source="mended", depicted_consent="given")
        assert standing(workshop, member) == ("given", True, "given", True)
    hide(workshop, giver, new_id(), *own(giver, member))
    if first == "after":
        cleared(workshop, reviewer, member, source="mended", depicted_consent="given")
    assert standing(workshop, member) == ("", False, "", False)
    assert one_member(workshop, member).rights.given.source == "mended"
    cleared(workshop, reviewer, member, contributor_consent="not-needed")
    assert standing(workshop, member)[:2] == ("", False)
    unknown = {"contributor_consent": {"by": "Rev", "because": "gone"}}
    cleared(workshop, reviewer, member, contributor_consent="", unknowns=unknown)
    assert one_member(workshop, member).rights.given.unknowns == {}
    cleared(workshop, giver, member)
    assert standing(workshop, member) == ("given", True, "nobody", True)


def test_shown_again_is_given_again(room):
    workshop, reviewer, giver, member = room
    cleared(workshop, giver, member)
    cleared(workshop, reviewer, member, source="mended")
    hide(workshop, giver, new_id(), *own(giver, member))
    show_again(workshop, giver, new_id(), *own(giver, member))
    assert standing(workshop, member)[:2] == ("given", True)


def test_what_the_giver_left_blank_nobody_gives_for_them(room):
    workshop, reviewer, giver, member = room
    cleared(workshop, giver, member, contributor_consent="", depicted_consent="")
    cleared(workshop, reviewer, member, depicted_consent="given")
    assert standing(workshop, member) == ("", False, "", False)
    cleared(workshop, reviewer, member, contributor_consent="not-needed")
    assert standing(workshop, member) == ("not-needed", True, "nobody", True), "a fact, no consent"


def test_who_said_nothing_yet_is_helped_by_a_reviewer(room):
    workshop, reviewer, _giver, member = room
    cleared(workshop, reviewer, member)
    assert standing(workshop, member) == ("given", True, "nobody", True)


@pytest.mark.parametrize("shared", [True, False])
def test_a_ground_over_many_ends_no_refusal_unasked(room, shared):
    workshop, _reviewer, giver, member = room
    facilitator = entered(workshop, "facilitator")
    plan_id = one_member(workshop, member).plan_id
    (other,) = put(workshop, facilitator, given_uploaded(plan_id))
    cleared(workshop, giver, member, depicted_consent="refused")
    workshop.shared = shared
    given = GivenRights(
        creator="x", source="s", ground="quotation", ground_reason="one page of a book",
        contributor_consent="given", depicted_consent="nobody",
    )  # fmt: skip
    with pytest.raises(RefusedError, match="a person seen in it refused"):
        give_rights(workshop, facilitator, new_id(), [member, other], given)
    assert one_member(workshop, member).rights.given.depicted_consent == "refused"
    why = {"depicted_consent": {"by": "F", "because": "They said so"}}
    decided = replace(given, depicted_consent="", unknowns=why)
    assert give_rights(workshop, facilitator, new_id(), [member, other], decided) == 2
    cleared(workshop, giver, member, depicted_consent="refused")
    assert give_rights(workshop, facilitator, new_id(), [member], given) == 1
