"""Rights and consent: blank until said, for a batch at once, to one text and no other."""

from __future__ import annotations

import pytest

from excavate.counter.members import one_member
from excavate.counter.plans import one_plan, write_plan
from excavate.counter.records import GivenRights
from excavate.counter.rights import LICENCES, give_rights, pixels_may_go
from excavate.errors import NotFoundError, RefusedError
from excavate.workshop.ids import new_id
from excavate.workshop.withdrawing import hide
from tests.counter.planned import a_plan, cleared, given_drawn, planned, put, rights
from tests.workshop.given import author


def test_once_for_many_and_once_only(workshop):
    who = author()
    plan_id = planned(workshop, who)
    made = put(workshop, who, given_drawn(plan_id), given_drawn(plan_id, 60))
    assert one_member(workshop, made[0]).rights is None
    batch = new_id()
    assert give_rights(workshop, who, batch, made, rights()) == 2
    assert give_rights(workshop, who, batch, made, rights()) == 0, "a retry is harmless"
    found = [one_member(workshop, one).rights for one in made]
    assert {one.batch_id for one in found if one} == {batch}
    assert all(one and one.consent_stands and one.depicted_stands for one in found)
    assert found[0] is not None
    assert found[0].consent_version == plan_id, "the first version, as it was shown"
    assert found[0].given.creator == "Mirae"


def test_consent_to_another_text_is_no_consent(workshop):
    who = author()
    plan_id = planned(workshop, who)
    (member_id,) = put(workshop, who, given_drawn(plan_id))
    cleared(workshop, who, member_id, depicted_consent="given")
    write_plan(workshop, who, new_id(), a_plan(plan_id, title_ko="이름만 바꿈"))
    stands = one_member(workshop, member_id).rights
    assert stands is not None
    assert stands.consent_stands, "the text is the same"
    assert stands.depicted_stands
    write_plan(workshop, who, new_id(), a_plan(plan_id, consent_ko="팔아도 됩니다."))
    stands = one_member(workshop, member_id).rights
    assert stands is not None
    assert not stands.consent_stands
    assert not stands.depicted_stands
    cleared(workshop, who, member_id, consent_shown=plan_id)
    stands = one_member(workshop, member_id).rights
    assert stands is not None
    assert not stands.consent_stands, "given again, but to the old text that was shown"
    cleared(workshop, who, member_id)
    stands = one_member(workshop, member_id).rights
    assert stands is not None
    assert stands.consent_stands
    assert stands.consent_version == one_plan(workshop, plan_id).row_id


@pytest.mark.parametrize(
    ("more", "consent", "depicted"),
    [
        ({}, True, True),
        ({"contributor_consent": ""}, False, True),
        ({"contributor_consent": "not-needed"}, True, True),
        ({"depicted_consent": ""}, True, False),
        ({"depicted_consent": "refused"}, True, False),
        ({"depicted_consent": "public"}, True, True),
        ({"depicted_consent": "given"}, True, True),
    ],
)  # fmt: skip
def test_what_stands_as_consent(workshop, more, consent, depicted):
    who = author()
    (member_id,) = put(workshop, who, given_drawn(planned(workshop, who)))
    cleared(workshop, who, member_id, **more)
    found = one_member(workshop, member_id).rights
    assert found is not None
    assert (found.consent_stands, found.depicted_stands) == (consent, depicted)


def test_there_has_to_be_a_text_to_agree_to(workshop):
    who = author()
    (member_id,) = put(workshop, who, given_drawn(planned(workshop, who, consent_ko="")))
    with pytest.raises(RefusedError, match="no text to agree to"):
        cleared(workshop, who, member_id)
    with pytest.raises(RefusedError, match="the text it was given to"):
        cleared(workshop, who, member_id, consent_shown=new_id())


@pytest.mark.parametrize(
    "more",
    [
        {"licence": "all mine"},
        {"ground": "because"},
        {"ground": "quotation"},
        {"ground_reason": "a reason without a ground"},
        {"contributor_consent": "perhaps"},
        {"depicted_consent": "hidden"},
        {"unknowns": {"creator": {"by": "Jun", "because": "the finder did not say"}}},
        {"creator": "", "unknowns": {"creator": {"by": "Jun", "because": ""}}},
        {"creator": "", "unknowns": {"creator": {"by": "", "because": "nobody knows"}}},
        {"unknowns": {"strokes": {"by": "Jun", "because": "x"}}},
        {"creator": "x" * 201},
    ],
)
def test_faults_of_rights(workshop, more):
    who = author()
    (member_id,) = put(workshop, who, given_drawn(planned(workshop, who)))
    with pytest.raises(RefusedError):
        cleared(workshop, who, member_id, **more)
    assert one_member(workshop, member_id).rights is None


def test_decided_to_be_unknown_is_kept_with_who_decided(workshop):
    who = author()
    (member_id,) = put(workshop, who, given_drawn(planned(workshop, who)))
    why = {"creator": {"by": "Jun", "because": "found on the street"}}
    cleared(workshop, who, member_id, creator="", unknowns=why)
    found = one_member(workshop, member_id).rights
    assert found is not None
    assert found.given.unknowns == why


def test_rights_taken_back_are_blank_again(workshop):
    who = author()
    (member_id,) = put(workshop, who, given_drawn(planned(workshop, who)))
    cleared(workshop, who, member_id)
    hide(workshop, who, new_id(), "member_rights", f"member_rights/{member_id}/{who.person_id}")
    assert one_member(workshop, member_id).rights is None
    cleared(workshop, who, member_id, creator="Anew")
    found = one_member(workshop, member_id).rights
    assert found is not None
    assert found.given.creator == "Anew"


def test_nobody_gives_rights_to_what_is_not_there(workshop):
    with pytest.raises(NotFoundError):
        cleared(workshop, author(), new_id())


def test_the_list_of_licences():
    families = {family: [code for code, one in LICENCES.items() if one.family == family]
                for family in ("cc", "rightsstatements", "kogl")}  # fmt: skip
    assert [len(codes) for codes in families.values()] == [8, 12, 6]
    for code, one in LICENCES.items():
        assert one.name.ko, code
        assert one.name.en, code
        assert one.uri.startswith("http"), code
    assert {code for code in families["kogl"] if not LICENCES[code].required.ko} == set()
    uris = [LICENCES[c].uri for c in families["cc"] + families["rightsstatements"]]
    assert len(set(uris)) == 20


@pytest.mark.parametrize(
    ("given", "may"),
    [
        (GivenRights(), False),
        (GivenRights(licence="CC-BY-NC-ND-4.0"), True),
        (GivenRights(licence="InC"), False),
        (GivenRights(licence="KOGL-AI"), False),
        (GivenRights(licence="KOGL-1"), True),
        (GivenRights(licence="InC", ground="quotation", ground_reason="It is criticised"), True),
    ],
)
def test_whether_pixels_may_go(given, may):
    assert pixels_may_go(given) is may
