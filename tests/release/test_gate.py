"""The gate: what stops a release, all of it at once, and what passes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from excavate.counter.curating import curate
from excavate.counter.leaving_out import leave_out
from excavate.counter.records import GivenRights, Hung, WallRoom
from excavate.digging import dig
from excavate.errors import ReleaseError
from excavate.release import gate as stops
from excavate.release.gate import gate, is_blank, refuse_stopped
from excavate.release.gathering import gather, gathered
from excavate.release.likely_same import OF_REFUSED, OF_WITHDRAWN
from excavate.release.standing import standing
from excavate.site import Site
from excavate.workshop.absences import sort
from excavate.workshop.ids import new_id
from excavate.workshop.rounds import GivenRound, act_on_round, plan_round
from excavate.workshop.store import Workshop
from excavate.workshop.withdrawing import hide
from tests.made import encoded, picture
from tests.release.rooms import CATALOGUED, RIGHTS, STROKES, Room
from tests.workshop.given import author


def told(room: Room) -> list[tuple[str, str]]:
    """(member or "", what) of all that stops it."""
    return [(one.member_id, one.what) for one in gate(room.site, room.workshop, room.plan_id)]


def test_a_counter_dataset_with_everything_said_passes(room: Room) -> None:
    room.everything()
    assert gate(room.site, room.workshop, room.plan_id) == []


def test_a_plan_with_nothing_in_it_and_no_licence_stops(room: Room) -> None:
    room.plan(licence="")
    assert told(room) == [("", stops.NOTHING_IN_IT[0]), ("", stops.NO_LICENCE[0])]


def test_no_release_names_people_while_an_anonymous_round_hides_them(room: Room) -> None:
    room.everything()
    round_id = new_id()
    asked = GivenRound(round_id, "say", "무엇이 없는가?", "What is missing?", 60, anonymous=True)
    plan_round(room.workshop, room.mirae, asked)
    assert told(room) == [], "what is only planned hides nobody"
    act_on_round(room.workshop, room.mirae, new_id(), round_id, "open", 60)
    assert told(room) == [("", stops.NAMES_HIDDEN[0])]
    act_on_round(room.workshop, room.mirae, new_id(), round_id, "close")
    assert told(room) == []


def test_everything_blank_of_every_member_is_told_at_once(room: Room) -> None:
    room.plan()
    drawn = room.put("drawn", None)
    uploaded = room.put("uploaded", GivenRights(licence="CC-BY-4.0"))
    blank = [what for what, _todo in stops.BLANK.values()]
    assert told(room) == [
        *((drawn, what) for what in blank),
        *((uploaded, what) for what in [*blank[1:], stops.SOURCE_BLANK[0]]),
    ]
    with pytest.raises(ReleaseError) as raised:
        refuse_stopped(gate(room.site, room.workshop, room.plan_id), "whose-hand")
    assert len(raised.value.faults) == 8
    assert "no. 2 (uploaded)" in str(raised.value)
    assert stops.BLANK["creator"][1] in str(raised.value)


@pytest.mark.parametrize("column", [*stops.BLANK, "source"])
def test_what_is_decided_to_be_unknown_passes_with_a_name_and_a_reason(
    room: Room, column: str
) -> None:
    room.plan()
    decided = {column: {"by": "Mirae", "because": "the makers are gone"}}
    room.put("uploaded", replace(RIGHTS, **{column: ""}, unknowns=decided))
    assert told(room) == []
    assert is_blank(GivenRights(unknowns={column: {"by": "Mirae", "because": " "}}), column)


def test_a_ground_with_its_reason_passes_without_a_licence(room: Room) -> None:
    room.plan()
    quoted = replace(RIGHTS, licence="", ground="quotation", ground_reason="one page")
    room.put("uploaded", quoted)
    room.put("uploaded", replace(quoted, licence="InC"))
    assert told(room) == []


def test_a_licence_under_which_no_picture_is_given_on_stops_an_upload(room: Room) -> None:
    room.plan()
    kept = room.put("uploaded", replace(RIGHTS, licence="InC"))
    assert told(room) == [(kept, stops.NOT_TO_GIVE_ON[0])]


def test_a_person_seen_in_it_who_refused_stops_it_whatever_its_kind(room: Room) -> None:
    room.plan()
    refused = replace(RIGHTS, depicted_consent="refused")
    uploaded = room.put("uploaded", refused)
    named = room.put("chosen", GivenRights(depicted_consent="refused"), item_id="signs/all/2")
    assert told(room) == [(uploaded, stops.REFUSED[0]), (named, stops.REFUSED[0])]


def test_an_item_without_stated_rights_is_named_and_one_with_them_asked_as_any(room: Room) -> None:
    room.plan()
    room.put("chosen", None, item_id="signs/all/1")
    room.put("chosen", GivenRights(licence="InC"), item_id="signs/all/2")
    asked = room.put("chosen", replace(CATALOGUED, creator=""), item_id="signs/all/3")
    assert told(room) == [(asked, stops.BLANK["creator"][0])]


def test_consent_to_another_text_stops_and_another_title_does_not(room: Room) -> None:
    room.plan()
    given = replace(RIGHTS, depicted_consent="given")
    member = room.put("uploaded", given)
    room.plan(new_id(), title_en="Another title")
    assert told(room) == []
    room.plan(new_id(), consent_en="It may be sold.")
    moved = [(member, stops.CONSENT_MOVED[0]), (member, stops.DEPICTED_MOVED[0])]
    assert told(room) == moved


def test_an_absence_that_is_not_for_everybody_stops(room: Room) -> None:
    private = room.absence(by=room.mirae, visibility="private")
    room.plan(answers=(private,))
    room.put("empty")
    assert told(room) == [("", stops.ABSENCE_GONE[0])]


def test_an_absence_that_was_taken_back_stops_until_the_plan_lets_it_go(room: Room) -> None:
    absence = room.absence(by=room.mirae)
    room.plan(answers=(absence,))
    room.put("empty")
    assert told(room) == []
    hide(room.workshop, room.mirae, new_id(), "absence", absence)
    assert told(room) == [("", stops.ABSENCE_GONE[0])]


def test_nothing_fills_a_refusal_but_an_empty_place(room: Room) -> None:
    absence = room.absence(by=room.mirae)
    room.plan(answers=(absence,))
    room.put("empty")
    drawn = room.put("drawn")
    sort(room.workshop, room.mirae, new_id(), absence, "refused")
    assert told(room) == [("", stops.UNFILLABLE[0])]
    leave_out(room.workshop, room.mirae, new_id(), drawn, "It was refused")
    assert told(room) == []


def test_what_hangs_and_was_taken_back_is_gone_and_stops_nobody(room: Room) -> None:
    room.plan()
    room.put("empty")
    drawn = room.put("drawn")
    curate(room.workshop, room.mirae, new_id(), room.plan_id, [WallRoom(hung=(Hung(drawn),))])
    hide(room.workshop, room.mirae, new_id(), "member", drawn)
    assert told(room) == []
    contents = gather(room.site, room.workshop, room.plan_id, "https://example.org")
    assert [plate.member.kind for plate in contents.plates] == ["empty"]


def scaled(seed: int, size: tuple[int, int], kind: str = "PNG") -> bytes:
    """The same shapes at any size."""
    content: bytes = encoded(picture(seed, 12, 9).resize((48, 36)).resize(size), kind)
    return content


def test_a_copy_of_what_was_refused_stops_whatever_its_file_is(room: Room) -> None:
    room.plan()
    refused = room.put(
        "uploaded", replace(RIGHTS, depicted_consent="refused"), picture=scaled(7, (48, 36))
    )
    leave_out(room.workshop, room.mirae, new_id(), refused, "The person seen in it refused")
    smaller = scaled(7, (40, 30), "JPEG")
    copy = room.put("uploaded", by=author("Jun"), picture=smaller)
    room.put("uploaded", picture=scaled(8, (48, 36)))
    assert told(room) == [(copy, OF_REFUSED[0])]


def test_a_file_that_is_a_refused_item_of_the_catalog_stops(room: Room) -> None:
    room.plan()
    refused = GivenRights(depicted_consent="refused")
    item = room.put("chosen", refused, item_id="signs/all/1")
    leave_out(room.workshop, room.mirae, new_id(), item, "The person seen in it refused")
    larger: bytes = encoded(picture(1, 40, 30).resize((80, 60)).rotate(180))
    copy = room.put("uploaded", by=author("Jun"), picture=larger)
    room.put("chosen", CATALOGUED, item_id="signs/all/2")
    assert told(room) == [(copy, OF_REFUSED[0])]


def test_what_somebody_took_back_stops_others_and_not_themselves(room: Room) -> None:
    room.plan()
    jun, content = author("Jun"), scaled(9, (48, 36))
    given = room.put("uploaded", by=jun, picture=content)
    hide(room.workshop, jun, new_id(), "member", given)
    room.put("uploaded", by=jun, picture=content)
    assert told(room) == []
    copy = room.put("uploaded", picture=content)
    assert told(room) == [(copy, OF_WITHDRAWN[0])]


def test_two_drawings_of_one_seven_are_two(room: Room) -> None:
    room.plan()
    jun = author("Jun")
    given = room.put("drawn", by=jun, strokes=STROKES.replace("20, 20", "21, 20"))
    hide(room.workshop, jun, new_id(), "member", given)
    room.put("drawn", strokes=STROKES)
    assert told(room) == []
    same = room.put("drawn", strokes=STROKES.replace("20, 20", "21, 20"))
    assert told(room) == [(same, OF_WITHDRAWN[0])]


def test_originals_that_were_changed_or_are_gone_are_told_all_at_once(tmp_path: Path) -> None:
    """The gate reads no original: they are read, and told, before anything is written."""
    pictures = tmp_path / "big"
    pictures.mkdir()
    for number in range(4):
        (pictures / f"{number}.png").write_bytes(encoded(picture(number, 700, 500)))
    dig(f"folder:{pictures}", tmp_path / "site", only="catalogue")
    workshop = Workshop(tmp_path)
    room = Room(Site(tmp_path / "site"), workshop)
    room.plan()
    for number in range(4):
        room.put("chosen", CATALOGUED, item_id=f"big/all/{number}.png")
    for number in (0, 2):
        (pictures / f"{number}.png").write_bytes(encoded(picture(number + 20, 700, 500)))
    (pictures / "3.png").unlink()
    stands = standing(room.site, workshop, room.plan_id)
    with pytest.raises(ReleaseError) as raised:
        gathered(room.site, workshop, stands, "https://a.kr", "1", ())
    workshop.close()
    assert [(one.place, one.what.split(".")[0]) for one in raised.value.faults] == [
        ("no. 1 (chosen) Nobody asked for it", stops.ORIGINAL_CHANGED[0]),
        ("no. 3 (chosen) Nobody asked for it", stops.ORIGINAL_CHANGED[0]),
        ("no. 4 (chosen) Nobody asked for it", stops.NOT_AT_HAND[0]),
    ]
