"""Taking back members: out of view, and with erasing out of every byte, backups too."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from excavate.counter.curating import curate, curation
from excavate.counter.leaving_out import leave_out
from excavate.counter.members import members, one_member
from excavate.counter.plans import plans
from excavate.counter.records import Hung, WallRoom
from excavate.i18n import LANGUAGES, _, speak
from excavate.pages.mine_back import KIND_NAMES, plainly
from excavate.workshop.certificates import KINDS
from excavate.workshop.checks import check
from excavate.workshop.erasing import destroy, erase, erase_everything
from excavate.workshop.finds import bring, finds, picture_of
from excavate.workshop.ids import new_id
from excavate.workshop.keeping import back_up, backups
from excavate.workshop.own_export import TITLES, as_json, as_markdown
from excavate.workshop.store import FILE, Row, Workshop
from excavate.workshop.tables import TABLES
from excavate.workshop.withdrawing import WITHDRAWABLE, given_by, hide
from tests.counter.planned import cleared, given_drawn, given_empty, given_uploaded, planned, put
from tests.made import encoded, picture
from tests.workshop.given import author, find
from tests.workshop.rooms import holding

SECRET = "찾을수없는말 unfindable"


class Held:
    """A room with a plan of one person, and members of another with SECRET in every word."""

    def __init__(self, workshop: Workshop) -> None:
        self.maker, self.giver = author("Maker"), author("Giver")
        self.plan_id = planned(workshop, self.maker)
        said = {"reason": SECRET, "label": SECRET, "alt_ko": SECRET, "alt_en": SECRET,
                "found_by": {"way": "drawing", "with": SECRET}}  # fmt: skip
        self.members = put(
            workshop, self.giver, given_drawn(self.plan_id, **said),
            given_uploaded(self.plan_id, 3, **said),
        )  # fmt: skip
        put(workshop, self.maker, given_uploaded(self.plan_id, 4, reason="It stays"))
        cleared(workshop, self.giver, *self.members, creator=SECRET, source=SECRET,
                ground="quotation", ground_reason=SECRET)  # fmt: skip
        cleared(workshop, self.maker, self.members[0], creator=SECRET)
        landed = {"member_id": self.members[0], "layout_id": "l", "encoder": "e", "x": 1.0,
                  "y": 2.0, "nearest": f'[["{SECRET}", 0.5]]'}  # fmt: skip
        workshop.write([Row("member_place", new_id(), self.giver.person_id, landed)])

    def strokes(self, workshop: Workshop) -> str:
        return one_member(workshop, self.members[0]).strokes


def test_an_erased_member_is_in_no_byte_nor_is_its_picture(workshop, tmp_path):
    held = Held(workshop)
    strokes = held.strokes(workshop)
    back_up(workshop)
    with workshop.cursor() as cursor:
        cursor.execute("CHECKPOINT")
    mine = {one_member(workshop, one).sha256 for one in held.members}
    kept = {file: file.read_bytes() for file in (tmp_path / "media").iterdir()}
    assert len(kept) == 3
    assert FILE in holding(tmp_path, "unfindable"), "or this test sees nothing"
    assert holding(tmp_path, strokes)
    for member_id in held.members:
        assert erase(workshop, held.giver, new_id(), "member", member_id)
        assert not erase(workshop, held.giver, new_id(), "member", member_id)
    assert holding(tmp_path, "unfindable") == []
    assert holding(tmp_path, strokes) == []
    assert {file.name for file in kept} - {f.name for f in (tmp_path / "media").iterdir()} == mine
    for sha256 in mine:
        assert holding(tmp_path, sha256) == []
    assert [one.reason for one in members(workshop, held.plan_id)] == ["It stays"]
    with workshop.cursor() as cursor:
        rows = cursor.execute("SELECT count(*) FROM member_place").fetchone()
        stones = cursor.execute("SELECT count(*) FROM member WHERE reason = ''").fetchone()
    assert (rows, stones) == ((0,), (2,)), "that something stood there stays"
    assert check(workshop) == []


def test_what_others_said_of_an_erased_member_goes_with_it(workshop, tmp_path):
    """Every version of the order, whoever hung it, and why a reviewer left it out."""
    held = Held(workshop)
    gone, stays = held.members[0], members(workshop, held.plan_id)[-1].member_id
    for title in ("First", "Second"):
        hung = (Hung(gone, f"{title} {SECRET}", credit=SECRET), Hung(stays, "손"))
        room = WallRoom(title_en=title, hung=hung)
        curate(workshop, held.maker, new_id(), held.plan_id, [room])
    leave_out(workshop, held.maker, new_id(), gone, SECRET)
    erase(workshop, held.giver, new_id(), "member", held.members[1])
    back_up(workshop)
    assert erase(workshop, held.giver, new_id(), "member", gone)
    assert holding(tmp_path, "unfindable") == []
    assert curation(workshop, held.plan_id).rooms == (
        WallRoom(title_en="Second", hung=(Hung(stays, "손"),)),
    )
    assert check(workshop) == []


def test_two_people_s_same_picture_stays_with_the_other(workshop, tmp_path):
    who, other = author(), author("Other")
    plan_id = planned(workshop, who)
    content = encoded(picture(9))
    put(workshop, who, given_uploaded(plan_id, picture=content))
    put(workshop, other, given_uploaded(plan_id, picture=content))
    kept = one_member(workshop, members(workshop, plan_id)[0].member_id).sha256
    erase(workshop, who, new_id(), "member", members(workshop, plan_id)[0].member_id)
    assert [file.name for file in (tmp_path / "media").iterdir()] == [kept]
    assert check(workshop) == []


def test_a_backup_from_before_there_were_members_is_rewritten(workshop, tmp_path, monkeypatch):
    """A find's picture is dropped from a backup whose tables do not know what a member is."""
    who, brought = author(), find(picture=encoded(picture(7)), why=SECRET)
    bring(workshop, who, brought, 10_000)
    back_up(workshop)
    with duckdb.connect(str(backups(tmp_path)[0].file)) as old:
        for view in ("plans", "members_now", "rights_now", "left_out_now", "curations",
                     "member_places"):  # fmt: skip
            old.execute(f"DROP VIEW {view}")
        for table in ("plan", "member", "member_rights", "member_place", "left_out", "curation",
                      "released"):  # fmt: skip
            old.execute(f"DROP TABLE {table}")
    assert erase(workshop, who, new_id(), "find", brought.find_id)
    assert holding(tmp_path, "unfindable") == []
    assert list((tmp_path / "media").iterdir()) == []


def test_everything_of_one_person_goes_and_is_listed_before(workshop, tmp_path):
    held = Held(workshop)
    room = [WallRoom(SECRET, hung=(Hung(held.members[0], SECRET),))]
    curate(workshop, held.maker, new_id(), held.plan_id, room)
    tables = {one.table for one in given_by(workshop, held.giver.person_id)}
    assert tables == {"member", "member_rights"}
    assert {one.table for one in given_by(workshop, held.maker.person_id)} >= {"plan", "curation"}
    assert tables <= set(TITLES)
    assert SECRET in as_json(workshop, held.giver)
    assert "Members of counter-datasets" in as_markdown(workshop, held.giver)
    erase_everything(workshop, held.giver)
    erase_everything(workshop, held.maker)
    assert holding(tmp_path, "unfindable") == []
    assert plans(workshop) == []
    assert list((tmp_path / "media").iterdir()) == []
    assert check(workshop) == []


def test_a_destroyed_room_counts_members_and_takes_their_pictures(workshop, tmp_path):
    held = Held(workshop)
    put(workshop, held.giver, given_empty(held.plan_id))
    back_up(workshop)
    erasure = destroy(workshop)
    assert erasure.counted["member"] == 4
    assert (erasure.counted["plan"], erasure.counted["member_rights"]) == (1, 3)
    assert len(erasure.media) == 3
    assert list((tmp_path / "media").iterdir()) == []
    assert holding(tmp_path, "unfindable") == []
    (text,) = (file.read_text("utf-8") for file in tmp_path.glob("destroyed-*.md"))
    assert "대항 데이터셋의 구성 항목" in text
    assert set(TABLES) <= set(KINDS), "whatever is counted has its words"


def test_a_check_misses_a_member_s_picture(workshop, tmp_path):
    held = Held(workshop)
    assert check(workshop) == []
    sha256 = one_member(workshop, held.members[1]).sha256
    (tmp_path / "media" / sha256).unlink()
    assert [fault.place for fault in check(workshop)] == [f"media/{sha256}"]
    with workshop.cursor() as cursor:
        cursor.execute("DELETE FROM media WHERE sha256 = ?", [sha256])
        cursor.execute("UPDATE member SET plan_id = ? WHERE member_id = ?",
                       [new_id(), held.members[0]])  # fmt: skip
    places = [fault.place for fault in check(workshop)]
    assert f"member.sha256 {sha256}" in places
    assert any(place.startswith("member.plan_id") for place in places)


@pytest.mark.parametrize("written", ["before", "after"])
def test_a_restored_backup_keeps_what_was_erased_since_away(workshop, tmp_path, written):
    held = Held(workshop)
    if written == "before":
        back_up(workshop)
    erase(workshop, held.giver, new_id(), "member", held.members[0])
    if written == "after":
        back_up(workshop)
    elsewhere = tmp_path.parent / f"{tmp_path.name}-{written}"
    elsewhere.mkdir()
    shutil.copyfile(Path(backups(tmp_path)[-1].file), elsewhere / FILE)
    again = Workshop(elsewhere)
    assert held.members[0] not in {one.member_id for one in members(again, held.plan_id)}
    again.close()


def test_every_kind_that_is_taken_back_has_its_words_on_the_page():
    """Whatever a person gave is listed under a name, in both languages, and in their export."""
    assert set(KIND_NAMES) == set(WITHDRAWABLE) == set(TITLES)
    for language in LANGUAGES:
        speak(language)
        assert len({_(name) for name in KIND_NAMES.values()}) == len(KIND_NAMES)


def test_a_drawing_without_a_reason_is_listed_as_one(workshop):
    who = author()
    put(workshop, who, given_drawn(planned(workshop, who), reason=""))
    (given,) = (one for one in given_by(workshop, who.person_id) if one.table == "member")
    speak("ko")
    assert plainly(given) == _("drawn here") != "drawn"


def test_a_picture_is_had_by_its_hash_only_while_a_find_shows_it(workshop):
    who, brought = author(), find(picture=encoded(picture(7)))
    bring(workshop, who, brought, 10_000)
    put(workshop, who, given_uploaded(planned(workshop, who), 8))
    of_find = finds(workshop)[0].sha256
    (of_member,) = (one.sha256 for plan in plans(workshop)
                    for one in members(workshop, plan.given.plan_id))  # fmt: skip
    assert of_find is not None
    assert picture_of(workshop, of_find) is not None
    assert picture_of(workshop, of_member) is None
    hide(workshop, who, new_id(), "find", brought.find_id)
    assert picture_of(workshop, of_find) is None


def test_an_order_is_listed_by_the_names_of_its_rooms(workshop):
    who = author()
    plan_id = planned(workshop, who)
    curate(workshop, who, new_id(), plan_id, [WallRoom("첫 방"), WallRoom(title_en="Second")])
    (given,) = (one for one in given_by(workshop, who.person_id) if one.table == "curation")
    assert plainly(given) == "첫 방 · Second"
    erase(workshop, who, new_id(), "curation", given.what_id)
    assert curation(workshop, plan_id) is None
    (given,) = (one for one in given_by(workshop, who.person_id) if one.table == "curation")
    assert plainly(given) == ""
