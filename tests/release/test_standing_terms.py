"""Refusals that stand, pictures that are not there, and the terms of the whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from excavate.counter.rights import give_rights
from excavate.errors import RefusedError
from excavate.release import chosen, gate
from excavate.release.citation import authors
from excavate.release.citation import write as write_citation
from excavate.release.croissant import as_croissant
from excavate.release.describing import whole_licence
from excavate.release.gate import gate as gate_of
from excavate.release.likely_same import OF_WITHDRAWN
from excavate.workshop.ids import new_id
from excavate.workshop.withdrawing import hide
from tests.made import encoded, picture
from tests.release import given
from tests.release.rooms import CATALOGUED, RIGHTS, Room
from tests.workshop.given import author

REFUSED = replace(RIGHTS, depicted_consent="refused")
BECAUSE = {"depicted_consent": {"by": "Jun", "because": "asked again in the room"}}


def told(room: Room) -> list[tuple[str, str]]:
    """(member or "", what) of all that stops it."""
    return [(one.member_id, one.what) for one in gate_of(room.site, room.workshop, room.plan_id)]


def test_no_batch_of_another_writes_over_a_refusal_and_all_are_named(room: Room) -> None:
    room.plan()
    jun = author("Jun")
    refused, other = room.put("uploaded", REFUSED), room.put("uploaded")
    with pytest.raises(RefusedError, match="refused") as raised:
        give_rights(room.workshop, jun, new_id(), [refused, other], RIGHTS)
    assert [one.of for one in raised.value.faults] == [refused]
    room.rights(refused, REFUSED, by=jun)  # to refuse again gives nobody a way round
    with pytest.raises(RefusedError, match="refused"):
        room.rights(refused, RIGHTS, by=jun)
    assert told(room) == [(refused, gate.REFUSED[0])]


def test_a_refusal_ends_by_who_wrote_it_or_with_a_reason(room: Room) -> None:
    room.plan()
    first, second = room.put("uploaded", REFUSED), room.put("uploaded", REFUSED)
    room.rights(first, RIGHTS)
    assert told(room) == [(second, gate.REFUSED[0])]
    decided = replace(RIGHTS, depicted_consent="", unknowns=BECAUSE)
    room.rights(second, decided, by=author("Jun"))
    assert told(room) == []


def test_who_hides_the_words_of_a_refusal_opens_nothing(room: Room) -> None:
    room.plan()
    jun = author("Jun")
    refused = room.put("uploaded")
    room.rights(refused, REFUSED, by=jun)
    what = f"member_rights/{refused}/{jun.person_id}"
    hide(room.workshop, room.mirae, new_id(), "member_rights", what)
    assert told(room) == [(refused, gate.REFUSED[0])]


def test_what_a_reviewer_hid_its_giver_does_not_put_in_again(room: Room) -> None:
    room.plan()
    jun = author("Jun")
    content = encoded(picture(9, 12, 9).resize((48, 36)))
    hidden = room.put("uploaded", by=jun, picture=content)
    hide(room.workshop, room.mirae, new_id(), "member", hidden)
    again = room.put("uploaded", by=jun, picture=content)
    assert told(room) == [(again, OF_WITHDRAWN[0])]


def test_a_picture_that_is_not_at_hand_stops_and_is_never_only_named(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.plan()
    member = room.put("chosen", CATALOGUED, item_id="signs/all/1")
    assert told(room) == []
    known = chosen.chosen_items

    def away(site, item_ids):  # type: ignore[no-untyped-def]
        """As of a photograph whose thumbnail is smaller, on a disk that is not plugged in."""
        return {key: replace(one, lossless=False, path="gone.png")
                for key, one in known(site, item_ids).items()}  # fmt: skip

    monkeypatch.setattr("excavate.release.standing.chosen_items", away)
    assert told(room) == [(member, gate.NOT_AT_HAND[0])]


def test_an_item_that_is_only_named_is_the_one_that_was_chosen(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.plan()
    member = room.put("chosen", None, item_id="signs/all/1")
    assert told(room) == []
    known = chosen.chosen_items
    monkeypatch.setattr(
        "excavate.release.standing.chosen_items",
        lambda site, ids: {k: replace(o, sha256="0" * 64) for k, o in known(site, ids).items()},
    )
    assert told(room) == [(member, gate.ITEM_CHANGED[0])]
    monkeypatch.setattr("excavate.release.standing.chosen_items", lambda _site, _ids: {})
    assert told(room) == [(member, gate.ITEM_CHANGED[0])]


def test_the_whole_has_a_licence_where_every_picture_carries_it(tmp_path: Path) -> None:
    mixed = given.contents()
    given.folder_of(mixed, tmp_path)
    assert whole_licence(mixed) is None
    assert as_croissant(mixed, tmp_path)["license"] == f"{given.BASE}/RIGHTS.md"
    write_citation(mixed, tmp_path)
    text = (tmp_path / "CITATION.cff").read_text("utf-8")
    assert "\nlicense:" not in text
    assert f'license-url: "{given.BASE}/RIGHTS.md"' in text
    alike = given.contents(plates=given.PLATES[:1])
    write_citation(alike, tmp_path)
    assert "\nlicense: CC-BY-4.0\n" in (tmp_path / "CITATION.cff").read_text("utf-8")
    assert str(as_croissant(alike, tmp_path)["license"]).startswith("http://creativecommons.org/")


def test_who_is_only_quoted_is_no_author() -> None:
    quoted = replace(given.QUOTED, rights=given.rights("", creator="A photographer",
                     ground="quotation", contributor_consent="not-needed"))  # fmt: skip
    plates = (given.PLATES[1], given.plate(2, quoted, None))
    assert authors(given.contents(plates=plates)) == ["미래", "Mirae", "Jun"]


def test_the_citation_is_yaml_whatever_sign_is_in_a_name(tmp_path: Path) -> None:
    import yaml

    plan = replace(given.PLAN, shown_name="Mirae\ufffe\uffff\x85")
    write_citation(given.contents(plan=plan), tmp_path)
    said = yaml.safe_load((tmp_path / "CITATION.cff").read_text("utf-8"))
    assert said["authors"][0]["name"] == "Mirae\ufffe\uffff"


def test_nothing_that_is_blank_is_said_of_a_drawing_whose_source_nobody_wrote(
    room: Room, tmp_path: Path
) -> None:
    from excavate.release.writing import release

    room.plan()
    room.put("drawn", replace(RIGHTS, source=""))
    done = release(room.site, room.workshop, room.plan_id, tmp_path / "out")
    assert "그 자리에서 그림" in (done / "RIGHTS.md").read_text("utf-8")
