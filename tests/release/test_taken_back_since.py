"""A release that went out closes when the gate would stop what stands in it, and can be deleted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from excavate.counter.records import GivenRights
from excavate.counter.rights import give_rights
from excavate.errors import NotAllowedError, NotFoundError
from excavate.release.deleting import delete_release
from excavate.release.gate import gate
from excavate.release.released import FOLDER, Told, taken_back, tell_released, told_last
from excavate.release.writing import release
from excavate.site import Site
from excavate.workshop import begun
from excavate.workshop.absences import GivenAbsence, correct, say
from excavate.workshop.authors import Author
from excavate.workshop.begun import Erasure
from excavate.workshop.erasing import destroy, erase
from excavate.workshop.ids import new_id
from excavate.workshop.members import enter, open_room
from excavate.workshop.release_folders import told_folders
from excavate.workshop.store import Workshop
from excavate.workshop.withdrawing import hide
from tests.made import encoded, picture
from tests.release.rooms import CATALOGUED, RIGHTS, Room
from tests.workshop.given import author


class Shared(Room):
    """A shared room with one in each role."""

    def enters(self, role: str) -> Author:
        who = author(role)
        enter(self.workshop, who, role)
        return who

    def goes_out(self) -> Path:
        """The next version, in the site of the workshop."""
        to = self.workshop.folder.path / FOLDER
        return release(self.site, self.workshop, self.plan_id, to)

    def gone(self) -> int | None:
        told = told_last(self.workshop, self.plan_id)
        assert told is not None
        return taken_back(self.workshop, told.checksum)

    def stops(self) -> list[str]:
        return [one.what for one in gate(self.site, self.workshop, self.plan_id)]

    def mended(self, by: Author, member_id: str) -> None:
        """A licence by a reviewer, the rest as it was given."""
        licence = GivenRights(licence="CC0-1.0")
        give_rights(self.workshop, by, new_id(), [member_id], licence, keep=True)


@pytest.fixture
def room(dug: Path, tmp_path: Path) -> Iterator[Shared]:
    """A shared room beside the site that is dug, its plan the facilitator's."""
    workshop = Workshop(tmp_path, shared=True)
    open_room(workshop, "t")
    made = Shared(Site(dug), workshop)
    enter(workshop, made.mirae, "facilitator")
    made.plan()
    yield made
    workshop.close()


def own_rights(who: Author, member_id: str) -> tuple[str, str]:
    return "member_rights", f"member_rights/{member_id}/{who.person_id}"


def test_a_refusal_that_a_reviewer_hides_keeps_the_release_closed_and_copies_in(room):
    giver, reviewer, other = map(room.enters, ("participant", "reviewer", "participant"))
    same = encoded(picture(77))
    member = room.put("uploaded", by=giver, picture=same)
    room.mended(reviewer, member)
    room.goes_out()
    refused = GivenRights(depicted_consent="refused")
    give_rights(room.workshop, giver, new_id(), [member], refused, keep=True)
    for _copy in range(2):
        room.put("uploaded", by=other, picture=same)
    before = room.gone(), room.stops()
    assert before[0] == 1
    assert len(before[1]) == 3
    hide(room.workshop, reviewer, new_id(), *own_rights(giver, member))
    assert (room.gone(), room.stops()) == before


@pytest.mark.parametrize("way", ["hides", "erases", "blank"])
def test_consent_that_its_giver_takes_back_closes_the_release(room, way):
    giver, reviewer = room.enters("participant"), room.enters("reviewer")
    member = room.put("drawn", by=giver)
    room.put("chosen", None, item_id="signs/all/2")  # only named: nobody is asked
    room.mended(reviewer, member)
    room.goes_out()
    assert room.gone() == 0
    if way == "blank":
        room.rights(member, replace(RIGHTS, contributor_consent=""), by=giver)
    else:
        act = hide if way == "hides" else erase
        act(room.workshop, giver, new_id(), *own_rights(giver, member))
    assert room.stops()
    assert room.gone() == 1


def test_it_closes_too_where_only_the_reviewers_rights_were_told(room):
    giver, reviewer = room.enters("participant"), room.enters("reviewer")
    member = room.put("drawn", by=giver)
    room.mended(reviewer, member)
    room.goes_out()
    told = told_last(room.workshop, room.plan_id)
    earlier = Told(room.plan_id, "1", told.checksum, told.members, (), told.as_of)
    tell_released(room.workshop, reviewer.person_id, earlier)
    hide(room.workshop, giver, new_id(), *own_rights(giver, member))
    assert room.gone() == 1


def test_another_text_of_consent_closes_no_release_that_was_consented_to(room):
    room.put("drawn")
    room.goes_out()
    room.plan(row_id=new_id(), consent_en="Another text")
    assert room.stops()
    assert room.gone() == 0


def test_an_absence_made_private_since_closes_the_release(room):
    absence_id = new_id()
    say(room.workshop, room.mirae, GivenAbsence(absence_id, "No left hand"))
    room.plan(row_id=new_id(), answers=(absence_id,))
    room.put("chosen", CATALOGUED, item_id="signs/all/1")
    room.goes_out()
    assert room.gone() == 0
    private = GivenAbsence(absence_id, "No left hand", visibility="private")
    correct(room.workshop, room.mirae, new_id(), private)
    assert room.gone() == 1


def test_a_facilitator_deletes_what_something_was_taken_back_of_and_nothing_else(room, tmp_path):
    reviewer = room.enters("reviewer")
    first, second = room.put("drawn"), room.put("drawn")
    folder = room.goes_out()
    with pytest.raises(NotAllowedError, match="nothing in this release"):
        delete_release(room.workshop, room.mirae.person_id, folder.name)
    erase(room.workshop, room.mirae, new_id(), "member", first)
    with pytest.raises(NotAllowedError, match="only a facilitator"):
        delete_release(room.workshop, reviewer.person_id, folder.name)
    other = folder.with_name("whose-hand-v9")
    other.symlink_to(folder, target_is_directory=True)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("outside")
    (folder / "out").symlink_to(outside, target_is_directory=True)
    for name in (other.name, f"../{FOLDER}/{folder.name}", "whose-hand-v8", ".."):
        with pytest.raises(NotFoundError):
            delete_release(room.workshop, room.mirae.person_id, name)
    assert folder.is_dir()
    delete_release(room.workshop, room.mirae.person_id, folder.name)
    assert [one.name for one in folder.parent.iterdir()] == [other.name]
    assert (outside / "kept").read_text() == "outside"
    assert second
    assert room.goes_out().name == "whose-hand-v10", "no version is given twice"


def test_a_release_that_the_room_was_not_told_of_is_not_deleted(room):
    member = room.put("drawn")
    folder = room.goes_out()
    erase(room.workshop, room.mirae, new_id(), "member", member)
    (folder / "checksums.sha256").write_text("of another\n")
    with pytest.raises(NotFoundError):
        delete_release(room.workshop, room.mirae.person_id, folder.name)
    assert folder.is_dir()


def test_what_died_while_it_was_made_is_swept_when_something_is_erased(room):
    member = room.put("drawn")
    folder = room.goes_out()
    dead = folder.with_name(f".{folder.name}.{'0' * 16}")
    dead.mkdir()
    (dead / "0001.png").write_bytes(b"erased")
    erase(room.workshop, room.mirae, new_id(), "member", member)
    assert [one.name for one in folder.parent.iterdir()] == [folder.name]


def test_a_destroyed_room_takes_its_releases_along_and_the_certificate_names_them(room, tmp_path):
    room.put("drawn")
    folder = room.goes_out()
    foreign = folder.with_name("others-v1")
    foreign.mkdir()
    (foreign / "checksums.sha256").write_text("of another room\n")
    dead = folder.with_name(f".{folder.name}.{'0' * 16}")
    dead.mkdir()
    room_id = room.workshop.room_id
    destroy(room.workshop)
    assert [one.name for one in folder.parent.iterdir()] == [foreign.name]
    record = json.loads((tmp_path / f"destroyed-{room_id}.json").read_text("utf-8"))
    assert record["releases_removed"] == [folder.name]
    text = (tmp_path / f"destroyed-{room_id}.md").read_text("utf-8")
    assert text.count(f"`{folder.name}`") == 2, "in Korean and in English"


def test_a_destroying_that_was_cut_off_takes_them_along_at_the_next_start(dug, tmp_path):
    begins = Workshop(tmp_path)
    room = Shared(Site(dug), begins)
    room.plan()
    room.put("drawn")
    folder = room.goes_out()
    with begins.cursor() as cursor:
        told = told_folders(cursor, tmp_path, begins.room_id)
    assert list(told) == [folder.name]
    begun.note(tmp_path, Erasure(begins.room_id, None, whole_room=True, releases=told))
    room_id = begins.room_id
    begins.close()
    Workshop(tmp_path).close()
    assert not folder.exists()
    record = json.loads((tmp_path / f"destroyed-{room_id}.json").read_text("utf-8"))
    assert record["releases_removed"] == [folder.name]
