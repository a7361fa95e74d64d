"""The served app: finishes an erasure before it shows anything, backs up when it is stopped."""

from __future__ import annotations

import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from excavate.routes import routes
from excavate.workshop import begun
from excavate.workshop.absences import GivenAbsence, absences, say
from excavate.workshop.begun import Erasure, Target
from excavate.workshop.ids import new_id
from excavate.workshop.keeping import backups
from excavate.workshop.store import Workshop
from tests.app.browsing_machine import serving
from tests.app.entering import SharedRoom
from tests.workshop.rooms import holding, spoken_room

PROJECT = Path(__file__).resolve().parents[2]
urlopen = partial(urllib.request.urlopen, timeout=120)


@pytest.mark.slow
def test_begun_erasures_are_finished_first_and_the_end_leaves_a_backup(tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    workshop = Workshop(site)
    said = spoken_room(workshop)
    room = workshop.room_id
    workshop.close()
    target = Target(new_id(), "absence", said.absence_id, said.mirae.person_id)
    begun.note(site, Erasure(room, said.mirae.person_id, (target,)))
    assert "workshop.duckdb" in holding(site, "고친 말")

    with serving(PROJECT, site, tmp_path / "log") as address:
        assert not (site / begun.NOTE).exists(), "answered, so it was finished"
        assert holding(site, "고친 말") == []
        with urlopen(f"{address}/workshop/export.jsonl") as answer:
            text = answer.read().decode()
        assert "An answer that stays" in text
        assert "tombstone" in text
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urlopen(f"{address}/workshop/export.exe")
    (backup,) = backups(site)
    assert not (site / "workshop.duckdb.wal").exists(), "the folder can be handed on as it is"
    again = Workshop(site)
    assert backup.version == again.version
    assert absences(again, None) == []
    again.close()


def test_only_facilitators_take_what_others_said(shared_room: SharedRoom):
    mirae, other = shared_room.enter("Mirae"), shared_room.enter("Other")
    leader = shared_room.enter("Leader", "facilitator")
    looker = shared_room.enter("", "viewer")
    say(shared_room.workshop, mirae, GivenAbsence(new_id(), "said by Mirae"))
    say(shared_room.workshop, mirae, GivenAbsence(new_id(), "kept by Mirae", visibility="private"))
    client = TestClient(Starlette(routes=routes()))

    def taken(who: object, ending: str = "jsonl") -> tuple[int, str]:
        client.cookies = shared_room.cookies(who) if who else {}
        answer = client.get(f"/workshop/export.{ending}")
        return answer.status_code, answer.text

    assert "said by Mirae" in taken(leader)[1]
    assert "kept by Mirae" not in taken(leader)[1]
    assert "said by Mirae" in taken(mirae, "md")[1]
    assert "kept by Mirae" in taken(mirae, "csv")[1]
    for who in (other, looker):
        assert taken(who) == (200, "")
    assert taken(None)[0] == 403
    shared_room.remove(mirae)
    assert taken(mirae)[0] == 403


def test_the_desk_tells_when_the_last_backup_was_and_what_could_not_be_erased(
    shared_room: SharedRoom,
):
    from excavate.i18n import speak
    from excavate.pages.room_share import backup_line
    from excavate.workshop.keeping import back_up

    workshop = shared_room.workshop
    speak("en")
    assert "No backup yet" in backup_line(workshop)
    made = back_up(workshop).file
    assert "Last backup: just now" in backup_line(workshop)
    earlier = datetime.now(UTC) - timedelta(minutes=12, seconds=30)
    said = made.name.split("-")
    made.replace(made.with_name(f"{said[0]}-{earlier:%Y%m%dT%H%M%SZ}-{said[2]}"))
    assert "Last backup: 12 minutes ago" in backup_line(workshop)
    workshop.unfinished = "why"
    assert "was to be erased may still lie" in backup_line(workshop)
    speak("ko")
    assert "마지막 백업: 12분 전" in backup_line(workshop)
