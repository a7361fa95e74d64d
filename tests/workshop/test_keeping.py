"""Backups, the check, and what happens where a disk is full or a file cannot be written."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from excavate.errors import SiteError, SourceError
from excavate.workshop import keeping
from excavate.workshop.absences import GivenAbsence, absences, say
from excavate.workshop.checks import check, refuse_broken
from excavate.workshop.erasing import destroy
from excavate.workshop.ids import new_id
from excavate.workshop.keeping import (
    KEPT,
    back_up,
    backups,
    keep_backups,
    last_backup,
    try_back_up,
)
from excavate.workshop.store import FILE, Row, Workshop
from tests.workshop.given import author
from tests.workshop.rooms import spoken_room
from tests.workshop.test_erasing import in_a_fork


def statement(workshop: Workshop, text: str) -> None:
    say(workshop, author(), GivenAbsence(new_id(), text))


def test_a_backup_holds_all_and_stands_in_for_the_file(workshop, tmp_path):
    spoken_room(workshop)
    made = back_up(workshop)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / FILE).write_bytes(made.file.read_bytes())
    again = Workshop(elsewhere)
    assert again.room_id == workshop.room_id
    assert again.version == workshop.version == made.version
    assert absences(again, None) == absences(workshop, None)
    again.close()


def test_nothing_changed_no_backup_and_the_last_ten_are_kept(workshop, tmp_path):
    statement(workshop, "first")
    assert back_up(workshop) is not None
    assert back_up(workshop) is None
    for number in range(KEPT + 2):
        statement(workshop, f"another {number}")
        assert back_up(workshop) is not None
    held = backups(tmp_path)
    assert len(held) == KEPT
    assert held[-1].version == workshop.version
    assert not list((tmp_path / "backups").glob(".*")), "nothing half made lies about"


def test_a_clock_set_back_keeps_the_newest_backup(workshop, tmp_path):
    """What a backup holds decides its age, not the name that the clock gave it."""
    statement(workshop, "first")
    early = back_up(workshop)
    future = early.file.with_name(early.file.name.replace("workshop-2", "workshop-9"))
    early.file.rename(future)
    for number in range(KEPT):
        statement(workshop, f"another {number}")
        back_up(workshop)
    held = backups(tmp_path)
    assert held[-1].version == workshop.version
    assert future not in [one.file for one in held], "the oldest went, whatever it is called"


def test_after_going_back_the_newest_backup_is_of_what_stands(tmp_path):
    workshop = Workshop(tmp_path)
    statement(workshop, "the first")
    early = back_up(workshop)
    for number in range(KEPT - 1):
        statement(workshop, f"later {number}")
        back_up(workshop)
    workshop.close()
    (tmp_path / FILE).write_bytes(early.file.read_bytes())
    workshop = Workshop(tmp_path)
    for number in range(KEPT):  # past every version of the older line
        statement(workshop, f"anew {number}")
        made = back_up(workshop)
        assert made is not None
        assert made.file.exists()
        assert last_backup(workshop).newest == made
    held = backups(tmp_path)
    assert len(held) == KEPT
    assert {one.older for one in held} == {False}, "those of the older line went first"
    workshop.close()


def test_pictures_that_nothing_names_go_at_the_next_start(tmp_path):
    workshop = Workshop(tmp_path)
    spoken_room(workshop)
    back_up(workshop)
    before = sorted((tmp_path / "media").iterdir())
    with workshop.cursor() as cursor:
        cursor.execute("DELETE FROM media")  # as after going back to an older backup
    workshop.close()
    loose = tmp_path / "media" / ("0" * 64)
    loose.write_bytes(b"nobody's")
    (tmp_path / "media" / "note.txt").write_text("not ours")
    workshop = Workshop(tmp_path)
    assert not loose.exists()
    kept = [*before, tmp_path / "media" / "note.txt"]
    assert sorted((tmp_path / "media").iterdir()) == sorted(kept), "what a backup names stays"
    loose.write_bytes(b"nobody's")
    destroy(workshop)
    assert [one.name for one in (tmp_path / "media").iterdir()] == ["note.txt"]
    workshop.close()


def test_backups_run_beside_the_app_and_once_more_at_its_end(workshop, tmp_path):
    statement(workshop, "first")
    stop, made = threading.Event(), threading.Event()

    def opened() -> Workshop:
        if backups(tmp_path):
            made.set()
        return workshop

    beside = threading.Thread(target=keep_backups, args=(opened, stop, 0.02))
    beside.start()
    assert made.wait(120)
    statement(workshop, "last")
    stop.set()
    beside.join()
    assert last_backup(workshop).whole
    assert backups(tmp_path)[-1].version == workshop.version


def test_a_backup_that_fails_is_told_and_stops_nobody(workshop, tmp_path, caplog):
    (tmp_path / "backups").write_text("a file where the folder should be")
    statement(workshop, "first")
    try_back_up(workshop)
    assert "cannot be written" in last_backup(workshop).failed
    assert "no backup could be made" in caplog.text
    statement(workshop, "second")
    (tmp_path / "backups").unlink()
    try_back_up(workshop)
    state = last_backup(workshop)
    assert (state.failed, state.whole) == (None, True)


def until_refused(write: Callable[[str], None]) -> None:
    for number in range(400):
        write(f"{number} " * 400)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_full_disk_loses_nothing_acknowledged_and_heals(tmp_path):
    """No file may grow beyond a size: what the system says then is what a full disk says."""
    told = tmp_path / "told"
    site = tmp_path / "site"
    site.mkdir()

    def fill() -> None:
        workshop = Workshop(site)
        who, given = author(), []

        def one(text: str) -> None:
            absence_id = new_id()
            say(workshop, who, GivenAbsence(absence_id, text))
            given.append(absence_id)

        for number in range(3):
            one(f"{number} " * 400)
        _soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, hard))
        with pytest.raises(SiteError, match="the workshop cannot be written") as full:
            until_refused(one)
        assert "See that the disk has room" in str(full.value)
        try_back_up(workshop)
        assert last_backup(workshop).failed
        assert {a.absence_id for a in absences(workshop, None)} == set(given), "still read"
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        one("after there was room again")
        told.write_text("\n".join(given))
        os._exit(0)  # without closing: as after a power cut

    assert in_a_fork(fill) == 0
    again = Workshop(site)
    assert {a.absence_id for a in absences(again, None)} == set(told.read_text().split())
    assert check(again) == []
    again.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_database_that_was_given_up_is_opened_anew(tmp_path):
    """DuckDB gives it up where the disk is full while the journal is folded in."""

    def fill() -> None:
        workshop = Workshop(tmp_path)
        with workshop.cursor() as cursor:
            cursor.execute("SET checkpoint_threshold = '64KB'")
        given: list[str] = []
        _soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, hard))

        def one(_text: str) -> None:
            statement(workshop, os.urandom(900).hex())
            given.append(_text)

        with pytest.raises(SiteError, match="Failed to create checkpoint"):
            until_refused(one)
        assert len(absences(workshop, None)) == len(given), "read on, while the disk is full"
        with workshop.cursor() as cursor:
            assert cursor.execute("SELECT count(*) FROM absence").fetchone() == (len(given),)
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        one("there is room again")
        assert len(absences(workshop, None)) == len(given)
        os._exit(0)

    assert in_a_fork(fill) == 0


def test_the_same_press_in_two_tabs_is_one_absence(workshop):
    who, given = author(), GivenAbsence(new_id(), "pressed twice", stance="undecided")
    told: list[bool] = []
    tabs = [threading.Thread(target=lambda: told.append(say(workshop, who, given)))
            for _ in range(4)]  # fmt: skip
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert sorted(told) == [False, False, False, True]
    assert [(one.statement, one.stances) for one in absences(workshop, None)] == [
        ("pressed twice", {"undecided": 1})
    ]
    assert check(workshop) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_file_that_is_read_only_is_told():
    with tempfile.TemporaryDirectory() as given:
        site = Path(given)
        Workshop(site).close()
        (site / FILE).chmod(0o444)
        site.chmod(0o555)

        def open_it() -> None:
            if os.getuid() == 0:
                os.setuid(65534)  # root may write everything
            with pytest.raises(SiteError, match="the workshop cannot be written"):
                Workshop(site)

        assert in_a_fork(open_it) == 0
        site.chmod(0o755)


WRITES = """
import sys
from excavate.workshop.absences import GivenAbsence, say
from excavate.workshop.ids import new_id
from excavate.workshop.keeping import try_back_up
from excavate.workshop.store import Workshop
from tests.workshop.given import author
workshop = Workshop(sys.argv[1])
for number in range(10_000):
    absence_id = new_id()
    say(workshop, author(), GivenAbsence(absence_id, f"{number} " * 50))
    print(absence_id, flush=True)
    if number % 5 == 0:
        try_back_up(workshop)
"""


@pytest.mark.slow
def test_killed_at_random_under_writes_and_backups_nothing_told_is_lost(tmp_path):
    told: list[str] = []
    for lines in (3, 8, 14):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITES, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        told += [process.stdout.readline().strip() for _ in range(lines)]
        process.kill()
        told += process.stdout.read().split("\n")[:-1]
        process.wait(timeout=120)
        workshop = Workshop(tmp_path)
        kept = [one.absence_id for one in absences(workshop, None)]
        assert set(told) <= set(kept)
        assert len(kept) == len(set(kept)), "nothing is doubled"
        assert check(workshop) == []
        workshop.close()
        for one in backups(tmp_path):
            duckdb.connect(str(one.file), read_only=True).close()
        assert not list((tmp_path / "backups").glob(".*")), "swept on opening"


def test_every_fault_of_a_workshop_is_told_at_once(workshop, tmp_path):
    said = spoken_room(workshop)
    assert check(workshop) == []
    who, lost = author().person_id, new_id()
    stance = {"absence_id": lost, "stance": "undecided"}
    workshop.write([Row("stance", "not-an-id", who, stance, lost)])
    pictures = sorted((tmp_path / "media").iterdir())
    pictures[0].unlink()
    pictures[1].write_bytes(b"another")
    (tmp_path / "media" / ("0" * 64)).write_bytes(b"nobody's")
    assert said.find_id
    with pytest.raises(SourceError) as told:
        refuse_broken(workshop)
    assert str(told.value) == (
        f"{tmp_path}: the workshop has faults (7). "
        "A backup may hold it whole: see backups/ in the site\n"
        "  stance not-an-id: not an id of ours\n"
        f"  stance not-an-id: corrects {lost}, which is not there\n"
        "  stance not-an-id: by a person who is not there\n"
        f"  stance.absence_id {lost}: there is no absence by this id\n"
        f"  media/{pictures[0].name}: the file is not there\n"
        f"  media/{pictures[1].name}: the file is another than was recorded\n"
        f"  media/{'0' * 64}: a file that nothing names"
    )


def test_every_ten_minutes_is_what_the_docs_say():
    docs = Path(__file__).resolve().parents[2] / "docs"
    for name in ("keeping.md", "keeping.ko.md"):
        text = (docs / name).read_text("utf-8")
        assert str(int(keeping.EVERY // 60)) in text
