"""Several members at once: all of them or none, every fault of every one, a retry is harmless."""

from __future__ import annotations

from dataclasses import replace

import pytest

from excavate.counter.members import (
    MOST,
    add_members,
    all_members,
    members,
    one_member,
    some_members,
)
from excavate.counter.records import GivenMember
from excavate.errors import NotFoundError, RefusedError
from excavate.settings import Settings
from excavate.site import Site
from excavate.workshop.erasing import erase
from excavate.workshop.ids import derived_id, new_id
from excavate.workshop.store import Workshop
from excavate.workshop.withdrawing import hide
from tests.counter.alike_made import dug
from tests.counter.planned import (
    cleared,
    given_drawn,
    given_empty,
    given_uploaded,
    planned,
    put,
    said_absence,
)
from tests.workshop.given import author


def test_a_batch_goes_in_as_one_writing_and_a_retry_adds_only_what_is_new(workshop, tmp_path):
    who = author()
    plan_id = planned(workshop, who)
    site = Site(dug(tmp_path / "dug", 3))
    items = site.items()
    chosen = [GivenMember(new_id(), plan_id, "chosen", "alike", item_id=item)
              for item in items["item_id"]]  # fmt: skip
    batch = [*chosen, given_drawn(plan_id), given_uploaded(plan_id), given_empty(plan_id)]
    batch = [replace(one, member_id=derived_id(new_id(), str(n))) for n, one in enumerate(batch)]
    before = workshop.version
    assert add_members(workshop, who, batch, Settings(), site) == len(batch)
    assert workshop.version == before + 1
    found = members(workshop, plan_id)
    assert [one.member_id for one in found] == [one.member_id for one in batch]
    assert [one.item_sha256 for one in found[: len(items)]] == list(items["sha256"])
    assert {one.item_revision for one in found[: len(items)]} == {site.revisions()["scenes"]}
    assert [one.media_type for one in found[len(items) :]] == ["image/png", "image/png", ""]
    more = given_empty(plan_id)
    assert add_members(workshop, who, [*batch, more], Settings(), site) == 1
    assert add_members(workshop, who, batch, Settings(), site) == 0
    erase(workshop, who, new_id(), "member", batch[1].member_id)  # the file is written anew
    kept = [one.member_id for one in (batch[0], *batch[2:], more)]
    assert [one.member_id for one in members(workshop, plan_id)] == kept
    site.close()


def test_every_fault_of_every_one_is_told_at_once_and_nothing_goes_in(workshop, tmp_path):
    who = replace(author(), consented_to="")
    plan_id = planned(workshop, author())
    site = Site(dug(tmp_path / "dug", 3))
    gone = GivenMember(new_id(), plan_id, "chosen", "alike", item_id="scenes/no/such.png")
    broken = given_uploaded(plan_id, picture=b"no picture")
    wordless = given_empty(plan_id, "")
    batch = [given_uploaded(plan_id, 7), gone, broken, wordless]
    with pytest.raises(RefusedError) as refused:
        add_members(workshop, who, batch, Settings(), site)
    assert {(fault.of, fault.place) for fault in refused.value.faults} == {
        ("", "Consent"), (gone.member_id, "Item"), (broken.member_id, "Picture"),
        (wordless.member_id, "Why it is in"),
    }  # fmt: skip
    assert members(workshop, plan_id) == []
    assert not list((tmp_path / "media").glob("*"))
    site.close()


def test_none_of_a_batch_goes_into_a_plan_of_what_is_refused(workshop: Workshop):
    who = author()
    refused_absence = said_absence(workshop, who, "refused")
    closed = planned(workshop, who, answers=(refused_absence,))
    open_to_all = planned(workshop, who, name="open")
    batch = [given_drawn(open_to_all), given_drawn(closed), given_empty(closed)]
    with pytest.raises(RefusedError, match="only a place kept empty") as refused:
        add_members(workshop, who, batch, Settings(), None)
    assert [fault.of for fault in refused.value.faults] == [batch[1].member_id]
    assert all_members(workshop) == []
    assert add_members(workshop, who, batch[2:], Settings(), None) == 1


def test_at_most_so_many_at_once(workshop: Workshop):
    plan_id = planned(workshop, author())
    for batch in ([], [given_empty(plan_id) for _ in range(MOST + 1)]):
        with pytest.raises(RefusedError, match="at once"):
            add_members(workshop, author(), batch, Settings(), None)
    refused = [given_empty(plan_id, "") for _ in range(60)]
    with pytest.raises(RefusedError) as told:
        add_members(workshop, author(), refused, Settings(), None)
    assert len({fault.of for fault in told.value.faults}) == 60, "no fault is left out"


def test_one_some_and_those_of_a_plan_are_read_alike(workshop: Workshop):
    who = author()
    first, second = planned(workshop, who), planned(workshop, who, name="others")
    ids = put(workshop, who, given_drawn(first), given_empty(first), given_uploaded(first))
    other = put(workshop, who, given_drawn(second, 60))[0]
    assert cleared(workshop, who, ids[0], other) == 2
    found = members(workshop, first)
    assert [one_member(workshop, one) for one in ids] == found == some_members(workshop, ids)
    assert found[0].rights is not None
    assert some_members(workshop, [other, ids[2]]) == [one_member(workshop, other), found[2]]
    assert all_members(workshop) == [*found, *members(workshop, second)]
    hide(workshop, who, new_id(), "member", ids[1])
    assert [one.member_id for one in members(workshop, first)] == [ids[0], ids[2]]
    hide(workshop, who, new_id(), "plan", f"plan/{second}/{who.person_id}")
    for asked in ([ids[0], ids[1]], [other], [new_id()]):
        with pytest.raises(NotFoundError, match=asked[-1]):
            some_members(workshop, asked)
    with pytest.raises(NotFoundError):
        one_member(workshop, other)
