"""Members: what is given, what is refused, whose they are to mend."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from excavate.counter.curating import curate, curation, rooms_json, rooms_of
from excavate.counter.leaving_out import leave_out
from excavate.counter.members import add_member, correct_member, members, one_member, picture_of
from excavate.counter.records import GivenMember, Hung, WallRoom
from excavate.errors import NotAllowedError, NotFoundError, RefusedError
from excavate.settings import Settings
from excavate.site import Site
from excavate.workshop.ids import new_id
from excavate.workshop.withdrawing import hide
from tests.counter.alike_made import dug
from tests.counter.planned import (
    cleared,
    entered,
    given_drawn,
    given_empty,
    given_uploaded,
    planned,
    put,
    strokes,
)
from tests.workshop.given import author


def test_each_kind_stands_as_it_was_given(workshop, tmp_path):
    who = author(language="ko")
    plan_id = planned(workshop, who)
    site = Site(dug(tmp_path / "dug", 3))
    item = site.items().iloc[0]
    chosen = GivenMember(new_id(), plan_id, "chosen", "닮았다", item_id=item["item_id"],
                         found_by={"way": "search", "words": "부엌"})  # fmt: skip
    drawn, uploaded = given_drawn(plan_id, label="1"), given_uploaded(plan_id, alt_ko="무늬")
    put(workshop, who, chosen, drawn, uploaded, given_empty(plan_id), site=site)
    found = members(workshop, plan_id)
    assert [one.kind for one in found] == ["chosen", "drawn", "uploaded", "empty"]
    assert (found[0].item_id, found[0].item_sha256) == (item["item_id"], item["sha256"])
    assert found[0].item_revision == site.revisions()["scenes"]
    assert found[0].found_by == {"way": "search", "words": "부엌"}
    assert (found[1].strokes, found[1].media_type, found[1].label) == (
        drawn.strokes, "image/png", "1",
    )  # fmt: skip
    for one in found[1:3]:
        content = picture_of(workshop, one)
        assert content is not None
        assert hashlib.sha256(content).hexdigest() == one.sha256
        assert one.width > 0
    assert (found[3].sha256, found[3].reason) == ("", "Kept empty for her")
    assert picture_of(workshop, found[3]) is None
    assert {one.language for one in found} == {"ko"}
    assert not add_member(workshop, who, drawn, Settings(), None), "a retry is harmless"
    site.close()


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"kind": "made up"}, "What is put in"),
        ({"kind": "drawn"}, "The drawing"),
        ({"kind": "drawn", "strokes": "{}"}, "The drawing"),
        ({"kind": "uploaded"}, "Picture"),
        ({"kind": "uploaded", "picture": b"<svg onload=alert(1)>"}, "Picture"),
        ({"kind": "chosen"}, "Item"),
        ({"kind": "chosen", "item_id": "scenes/kitchen/no.png"}, "Item"),
        ({"kind": "empty", "reason": ""}, "Why it is in"),
        ({"kind": "empty", "item_id": "x"}, "Item"),
        ({"kind": "empty", "label": "x" * 201}, "What it is called"),
        ({"kind": "empty", "alt_en": "\u202e"}, "Described in words"),
        ({"kind": "empty", "found_by": {"way": "guess"}}, "How it was found"),
        ({"kind": "empty", "found_by": {"way": "search", "words": "x" * 30_000}},
         "How it was found"),
        ({"kind": "empty", "found_by": {"way": "search", "n": float("nan")}}, "How it was found"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused(workshop, tmp_path, more, place):
    who = author()
    plan_id = planned(workshop, who)
    given = GivenMember(new_id(), plan_id, **{"reason": "because", **more})
    with pytest.raises(RefusedError) as refused:
        add_member(workshop, who, given, Settings(), None)
    assert place in [fault.place for fault in refused.value.faults]
    assert members(workshop, plan_id) == []
    assert not list((tmp_path / "media").glob("*"))


def test_nothing_goes_into_a_plan_that_is_not_there(workshop):
    with pytest.raises(NotFoundError):
        add_member(workshop, author(), given_empty(new_id()), Settings(), None)


def test_a_drawing_goes_on_and_gets_its_words_later(workshop):
    who = author()
    plan_id = planned(workshop, who)
    given = given_drawn(plan_id, reason="")
    put(workshop, who, given)
    before = one_member(workshop, given.member_id)
    more = GivenMember(given.member_id, plan_id, "drawn", "Left-handed", label="1",
                       strokes=strokes(60))  # fmt: skip
    assert correct_member(workshop, who, new_id(), more, Settings())
    after = one_member(workshop, given.member_id)
    assert (after.reason, after.label, after.strokes) == ("Left-handed", "1", strokes(60))
    assert after.sha256 != before.sha256
    words_only = GivenMember(given.member_id, plan_id, "drawn", "Only words")
    assert correct_member(workshop, who, new_id(), words_only, Settings())
    assert one_member(workshop, given.member_id).sha256 == after.sha256, "its picture stays"
    assert len(members(workshop, plan_id)) == 1


def test_others_neither_mend_nor_clear_nor_hang_but_a_reviewer_clears(shared_room):
    who, other = entered(shared_room, "participant"), entered(shared_room, "participant")
    reviewer = entered(shared_room, "reviewer")
    plan_id = planned(shared_room, who)
    mine, theirs = put(shared_room, who, given_drawn(plan_id))[0], given_drawn(plan_id, 60)
    put(shared_room, other, theirs)
    with pytest.raises(NotAllowedError):
        correct_member(shared_room, other, new_id(), GivenMember(mine, plan_id, "drawn", "x"),
                       Settings())  # fmt: skip
    with pytest.raises(NotAllowedError):
        cleared(shared_room, other, mine, theirs.member_id)
    assert one_member(shared_room, theirs.member_id).rights is None, "all of them or none"
    assert cleared(shared_room, reviewer, mine, theirs.member_id) == 2
    with pytest.raises(NotAllowedError):
        leave_out(shared_room, other, new_id(), mine, "no")
    with pytest.raises(NotAllowedError):
        curate(shared_room, other, new_id(), plan_id, [])
    assert leave_out(shared_room, who, new_id(), theirs.member_id, "It is blurred"), "plan's author"
    assert curate(shared_room, reviewer, new_id(), plan_id, [])


def test_left_out_with_its_reason_and_taken_in_again(workshop):
    who = author()
    member_id = put(workshop, who, given_drawn(planned(workshop, who)))[0]
    with pytest.raises(RefusedError, match="nothing is written"):
        leave_out(workshop, who, new_id(), member_id)
    assert leave_out(workshop, who, new_id(), member_id, "Somebody can be known in it")
    left_out = one_member(workshop, member_id).left_out
    assert left_out is not None
    assert left_out.reason == "Somebody can be known in it"
    assert leave_out(workshop, who, new_id(), member_id, out=False)
    assert one_member(workshop, member_id).left_out is None


def test_the_order_is_the_author_s_and_forgets_who_was_taken_back(workshop):
    who = author()
    plan_id = planned(workshop, who)
    first, second = put(workshop, who, given_drawn(plan_id), given_empty(plan_id))
    rooms = [WallRoom("첫 방", text_ko="벽글", hung=(Hung(second, "빈자리", size="20 × 30 cm"),)),
             WallRoom(title_en="Second", hung=(Hung(first, credit="Mirae, 2026"),))]  # fmt: skip
    assert curation(workshop, plan_id) is None
    assert curate(workshop, who, new_id(), plan_id, rooms)
    made = curation(workshop, plan_id)
    assert made is not None
    assert made.rooms == tuple(rooms) == rooms_of(rooms_json(rooms))
    hide(workshop, who, new_id(), "member", first)
    made = curation(workshop, plan_id)
    assert made is not None
    assert [len(room.hung) for room in made.rooms] == [1, 0]
    twice = [WallRoom(hung=(Hung(second), Hung(second), Hung(new_id())))]
    with pytest.raises(RefusedError) as refused:
        curate(workshop, who, new_id(), plan_id, twice)
    assert [fault.what for fault in refused.value.faults] == [
        "it hangs twice", "it is not among the members",
    ]  # fmt: skip


def test_media_holds_a_picture_once(workshop, tmp_path: Path):
    who = author()
    plan_id = planned(workshop, who)
    put(workshop, who, given_uploaded(plan_id), given_uploaded(plan_id))
    assert len(list((tmp_path / "media").iterdir())) == 1
