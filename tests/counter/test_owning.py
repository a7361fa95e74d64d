"""What is its giver's alone: their words, a new file's rights, what they left out themself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from excavate.components.member_html import rights_facts
from excavate.counter.leaving_out import leave_out, may_turn
from excavate.counter.members import correct_member, one_member
from excavate.counter.records import GivenMember
from excavate.errors import NotAllowedError
from excavate.settings import Settings
from excavate.workshop.ids import new_id
from tests.counter.planned import cleared, entered, given_uploaded, planned, put
from tests.made import encoded, picture


@pytest.fixture
def room(shared_room):
    """The room, its reviewer, who gave a member, and what they gave."""
    giver, reviewer = entered(shared_room, "participant"), entered(shared_room, "reviewer")
    given = given_uploaded(planned(shared_room, entered(shared_room, "facilitator")))
    put(shared_room, giver, given)
    return shared_room, reviewer, giver, given


def test_a_reviewer_puts_no_words_in_anybody_s_mouth(room):
    workshop, reviewer, giver, given = room
    mended = GivenMember(given.member_id, given.plan_id, "uploaded", "I never said so")
    with pytest.raises(NotAllowedError):
        correct_member(workshop, reviewer, new_id(), mended, Settings())
    assert one_member(workshop, given.member_id).reason == given.reason
    assert correct_member(workshop, giver, new_id(), replace(mended, reason="I do"), Settings())


def test_nobody_has_said_anything_of_a_new_file_yet(room):
    workshop, _reviewer, giver, given = room
    cleared(workshop, giver, given.member_id)
    same = replace(given, reason="Said anew")
    assert correct_member(workshop, giver, new_id(), same, Settings())
    assert one_member(workshop, given.member_id).rights.consent_stands, "the file is the same"
    other = replace(given, picture=encoded(picture(77)))
    assert correct_member(workshop, giver, new_id(), other, Settings())
    rights = one_member(workshop, given.member_id).rights
    assert (rights.given.creator, rights.given.licence, rights.consent_stands) == ("", "", False)
    assert (rights.given.depicted_consent, rights.depicted_stands) == ("", False)


def test_what_its_giver_left_out_only_they_take_in_again(room):
    workshop, reviewer, giver, given = room
    leave_out(workshop, giver, new_id(), given.member_id, "Please do not show it")
    leave_out(workshop, reviewer, new_id(), given.member_id, "Blurred, too")
    assert not may_turn(workshop, reviewer.person_id, one_member(workshop, given.member_id))
    with pytest.raises(NotAllowedError):
        leave_out(workshop, reviewer, new_id(), given.member_id, out=False)
    assert one_member(workshop, given.member_id).left_out
    assert leave_out(workshop, giver, new_id(), given.member_id, out=False)
    assert one_member(workshop, given.member_id).left_out is None
    leave_out(workshop, reviewer, new_id(), given.member_id, "Blurred")
    assert leave_out(workshop, reviewer, new_id(), given.member_id, out=False), "their own doing"


def test_without_names_its_rights_name_nobody(room):
    workshop, reviewer, giver, given = room
    why = {"source": {"by": "Jun-the-shy", "because": "it was found"}}
    cleared(workshop, giver, given.member_id, creator="Jun-the-shy", source="", unknowns=why)
    member = one_member(workshop, given.member_id)
    assert str(rights_facts(member)).count("Jun-the-shy") == 2
    hidden = str(rights_facts(member, names=False))
    assert "Jun-the-shy" not in hidden
    assert "it was found" in hidden
