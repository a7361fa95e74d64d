"""What went out and was taken back since: the app shows such a release no more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from excavate.counter.leaving_out import leave_out
from excavate.release.released import taken_back, told_last
from excavate.release.writing import release
from excavate.workshop.absences import sort, translate
from excavate.workshop.erasing import erase
from excavate.workshop.ids import new_id
from excavate.workshop.said import conversation
from excavate.workshop.withdrawing import hide, show_again
from tests.release.rooms import RIGHTS, Room
from tests.workshop.given import author


def gone(room: Room) -> int | None:
    """How much of its last release was taken back."""
    told = told_last(room.workshop, room.plan_id)
    assert told is not None
    return taken_back(room.workshop, told.checksum)


def said_id(room: Room, kind: str) -> str:
    """The first that was said of a kind."""
    said = conversation(room.workshop, None).said
    return str(next(one.id for one in said if one.kind == kind))


def out_id(room: Room) -> str:
    """The member that is left out."""
    return str(room.made[-1])  # what `everything` leaves out


def own(room: Room, table: str, of: str) -> str:
    """What is taken back of what one says once of a thing."""
    return f"{table}/{of}/{room.mirae.person_id}"


TAKEN: dict[str, tuple[str, Callable[[Room], str]]] = {
    "member": ("member", lambda room: room.made[1]),
    "left-out-member": ("member", out_id),
    "reply": ("reply", lambda room: said_id(room, "reply")),
    "translation": ("translation", lambda room: said_id(room, "translation")),
    "absence": ("absence", lambda room: said_id(room, "absence")),
    "sorting": ("sorting", lambda room: own(room, "sorting", said_id(room, "absence"))),
    "plan": ("plan", lambda room: own(room, "plan", room.plan_id)),
    "rights": ("member_rights", lambda room: own(room, "member_rights", room.made[1])),
    "order": ("curation", lambda room: own(room, "curation", room.plan_id)),
    "left-out": ("left_out", lambda room: own(room, "left_out", out_id(room))),
}  # fmt: skip


def released(room: Room, to: Path) -> None:
    """A release with something of every kind that may be taken back."""
    room.everything()
    absence_id = said_id(room, "absence")
    translate(room.workshop, room.mirae, new_id(), absence_id, "ko", "왼손이 없다")
    sort(room.workshop, room.mirae, new_id(), absence_id, "never-collected")
    release(room.site, room.workshop, room.plan_id, to)
    assert gone(room) == 0


@pytest.mark.parametrize("name", TAKEN)
def test_whatever_of_it_is_taken_back_is_told(room: Room, tmp_path: Path, name: str) -> None:
    released(room, tmp_path / "out")
    table, which = TAKEN[name]
    what = which(room)
    who = author("Jun") if name == "reply" else room.mirae
    hide(room.workshop, who, new_id(), table, what)
    assert gone(room) == 1
    show_again(room.workshop, who, new_id(), table, what)
    assert gone(room) == 0


def test_what_is_erased_is_told_and_what_was_gone_before_is_not(room: Room, tmp_path: Path) -> None:
    room.everything()
    before = room.put("drawn")
    hide(room.workshop, room.mirae, new_id(), "member", before)
    release(room.site, room.workshop, room.plan_id, tmp_path / "out")
    assert gone(room) == 0
    erase(room.workshop, room.mirae, new_id(), "member", room.made[2])
    assert gone(room)


def test_who_refuses_to_be_seen_in_it_later_is_in_no_release_that_is_shown(
    room: Room, tmp_path: Path
) -> None:
    from dataclasses import replace

    room.everything()
    release(room.site, room.workshop, room.plan_id, tmp_path / "out")
    room.rights(room.made[2], replace(RIGHTS, depicted_consent="refused"))
    assert gone(room) == 1
    leave_out(room.workshop, room.mirae, new_id(), room.made[2], "A person refused")
    release(room.site, room.workshop, room.plan_id, tmp_path / "out")
    assert gone(room) == 0
