"""Erasing: no byte of the site holds the words any more, whatever happens in between."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from excavate.errors import NotAllowedError, SiteError
from excavate.settings import MAX_PIXELS
from excavate.workshop import begun
from excavate.workshop.absences import absences, take_stance
from excavate.workshop.begun import Erasure, Target
from excavate.workshop.checks import check
from excavate.workshop.erasing import destroy, erase, erase_everything
from excavate.workshop.finds import bring, finds
from excavate.workshop.groups import groups, make_groups, rename_group
from excavate.workshop.ids import new_id
from excavate.workshop.keeping import back_up, backups, keep_backups
from excavate.workshop.own_export import as_json
from excavate.workshop.rounds import GivenRound, plan_round, rounds
from excavate.workshop.store import FILE, Row, Workshop
from excavate.workshop.withdrawing import given_by, withdrawn
from tests.made import encoded, picture
from tests.workshop.given import author, find
from tests.workshop.rooms import holding, spoken_room

WORDS = ("unfindable", "찾을수없는말")


def held(folder: Path) -> list[str]:
    return sorted({name for word in WORDS for name in holding(folder, word)})


def written_out(workshop: Workshop) -> None:
    """Fold the journal in, so that the words lie in the file itself."""
    with workshop.cursor() as cursor:
        cursor.execute("CHECKPOINT")


def test_erased_words_are_in_no_byte_of_the_site(workshop, tmp_path):
    said = spoken_room(workshop)
    back_up(workshop)
    written_out(workshop)
    take_stance(workshop, said.other, new_id(), said.absence_id, "undecided")
    back_up(workshop)
    pictures = {file.name for file in (tmp_path / "media").iterdir()}
    before = held(tmp_path)
    assert FILE in before
    assert sum(name.startswith("backups/") for name in before) == 2, "or this test sees nothing"

    assert erase(workshop, said.mirae, new_id(), "absence", said.absence_id)
    assert not erase(workshop, said.mirae, new_id(), "absence", said.absence_id)
    assert {given.table for given in given_by(workshop, said.mirae.person_id)
            if given.manner != "erased"} == {"find", "find_fact"}  # fmt: skip
    assert absences(workshop, None) == []
    assert erase_everything(workshop, said.mirae) == 2
    assert held(tmp_path) == []
    assert held_by_a_fresh_dump(workshop, tmp_path) == []
    gone = pictures - {file.name for file in (tmp_path / "media").iterdir()}
    assert len(gone) == 1, "her picture, not that of the other"
    assert [one.name for one in finds(workshop)] == ["A find that stays"]
    assert check(workshop) == []


def held_by_a_fresh_dump(workshop: Workshop, folder: Path) -> list[str]:
    """Compression could hide words from a search of bytes; what the tables say is searched, too."""
    with workshop.cursor() as cursor:
        cursor.execute(f"EXPORT DATABASE '{folder / 'dump'}' (FORMAT csv)")
    for backup in backups(folder):
        with duckdb.connect(str(backup.file), read_only=True) as other:
            other.execute(f"EXPORT DATABASE '{folder / backup.file.stem}' (FORMAT csv)")
    return held(folder)


def test_a_form_that_is_pressed_again_brings_no_picture_back(workshop, tmp_path):
    brought, who = find(picture=encoded(picture(7))), author()
    bring(workshop, who, brought, MAX_PIXELS)
    assert len(list((tmp_path / "media").iterdir())) == 1
    erase(workshop, who, new_id(), "find", brought.find_id)
    assert not bring(workshop, who, brought, MAX_PIXELS)
    assert list((tmp_path / "media").iterdir()) == []
    assert finds(workshop) == []


def test_what_others_answered_stays_under_a_tombstone(workshop):
    said = spoken_room(workshop)
    erase(workshop, said.mirae, new_id(), "absence", said.absence_id)
    with workshop.cursor() as cursor:
        replies = cursor.execute("SELECT about, text FROM replies").fetchall()
        rows = cursor.execute("SELECT statement, about, agent FROM absence").fetchall()
    assert replies == [(said.absence_id, "An answer that stays")]
    assert rows == [("", "{}", None)] * 2, "both wordings, and the rows stand"
    stone = withdrawn(workshop)[said.absence_id]
    assert (stone.table, stone.manner, stone.moderated) == ("absence", "erased", False)


def test_only_ones_own_is_erased_in_a_shared_room(tmp_path):
    workshop = Workshop(tmp_path, shared=True)
    people = {role: author(role) for role in ("participant", "reviewer", "facilitator")}
    for role, who in people.items():
        name = {"shown_name": role, "language": "ko", "consented_to": "yes"}
        member = {"role": role, "group_id": None, "given_by": None}
        workshop.write([Row("person", new_id(), who.person_id, name)])
        workshop.write([Row("membership", new_id(), who.person_id, member)])
    from excavate.workshop.absences import GivenAbsence, say

    absence_id = new_id()
    say(workshop, people["participant"], GivenAbsence(absence_id, "mine"))
    for role in ("reviewer", "facilitator"):
        with pytest.raises(NotAllowedError, match="only who gave it"):
            erase(workshop, people[role], new_id(), "absence", absence_id)
    assert len(absences(workshop, None)) == 1
    leaves = {"role": "gone", "group_id": None, "given_by": people["participant"].person_id}
    workshop.write([Row("membership", new_id(), people["participant"].person_id, leaves)])
    assert erase(workshop, people["participant"], new_id(), "absence", absence_id)
    assert not (tmp_path / begun.NOTE).exists(), "also of one who has left: nothing is stuck"
    workshop.close()


def test_a_name_that_is_erased_is_nowhere_shown_any_more(workshop):
    who = author("Only a name")
    name = {"shown_name": who.shown_name, "language": "ko", "consented_to": "yes"}
    workshop.write([Row("person", new_id(), who.person_id, name)])
    before = workshop.topics
    assert erase_everything(workshop, who) == 0
    assert all(workshop.topics[topic] > version for topic, version in before.items())
    with workshop.cursor() as cursor:
        assert cursor.execute("SELECT shown_name FROM people").fetchall() == [("–",)]


def test_a_stance_taken_after_one_was_erased_counts(workshop):
    said = spoken_room(workshop)
    stance = f"stance/{said.absence_id}/{said.other.person_id}"
    assert erase(workshop, said.other, new_id(), "stance", stance)
    assert absences(workshop, None)[0].stances == {"undecided": 1}
    take_stance(workshop, said.other, new_id(), said.absence_id, "should exist")
    assert absences(workshop, None)[0].stances == {"undecided": 1, "should exist": 1}
    assert erase(workshop, said.other, new_id(), "stance", stance), "the new one, too"
    assert absences(workshop, None)[0].stances == {"undecided": 1}


def test_who_reads_meanwhile_meets_no_fault_and_no_half_of_it(workshop):
    said = [spoken_room(workshop) for _ in range(4)]
    faults: list[object] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                for one in absences(workshop, None):
                    assert one.statement.strip(), "an overwritten statement was shown"
                with workshop.cursor() as cursor:
                    cursor.execute("SELECT count(*) FROM replies").fetchone()
        except BaseException as error:
            faults.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    try:
        for one in said:
            erase(workshop, one.mirae, new_id(), "absence", one.absence_id)
    finally:
        done.set()
        for reader in readers:
            reader.join()
    assert faults == []
    assert absences(workshop, None) == []


def test_what_a_facilitator_wrote_is_listed_and_goes_with_everything(workshop, tmp_path):
    leader = author("Leader", "ko")
    person = {"shown_name": "Leader", "language": "ko", "consented_to": "yes"}
    workshop.write([Row("person", new_id(), leader.person_id, person)])
    asked = GivenRound(new_id(), "say", "찾을수없는말로 묻기", "unfindable prompt", 60)
    plan_round(workshop, leader, asked)
    make_groups(workshop, leader, [new_id(), new_id()])
    rename_group(workshop, leader, new_id(), groups(workshop)[0].group_id, "unfindable group")
    back_up(workshop)
    written_out(workshop)
    assert FILE in held(tmp_path)
    given = {one.table for one in given_by(workshop, leader.person_id)}
    assert {"round", "room_group"} <= given
    assert "unfindable prompt" in as_json(workshop, leader)
    erase_everything(workshop, leader)
    assert held(tmp_path) == []
    assert "unfindable" not in as_json(workshop, leader)
    assert [one.prompt_en for one in rounds(workshop)] in ([], [""])
    assert check(workshop) == []


def test_a_destroyed_room_leaves_a_certificate_and_no_word(workshop, tmp_path):
    spoken_room(workshop)
    back_up(workshop)
    room = workshop.room_id
    erasure = destroy(workshop)
    assert held(tmp_path) == []
    assert holding(tmp_path, "An answer that stays") == []
    assert list((tmp_path / "media").iterdir()) == []
    record = json.loads((tmp_path / f"destroyed-{room}.json").read_text("utf-8"))
    assert record["rows"]["absence"] == 2
    assert record["rows"]["reply"] == 1
    assert len(record["media_sha256"]) == len(erasure.media) == 2
    assert record["backups_rewritten"] == [one.file.name for one in backups(tmp_path)]
    text = (tmp_path / f"destroyed-{room}.md").read_text("utf-8")
    assert "파기 확인서" in text
    assert "Certificate of destruction" in text
    assert workshop.room_id != room, "a new one begins"
    assert absences(workshop, None) == []
    assert check(workshop) == []


HERE = "0195b1a0-0000-7000-8000-000000000001"


def foreign(**given: object) -> str:
    note = {"room_id": HERE, "person_id": None, "targets": [], "name_too": False, "media": [],
            "whole_room": False, "counted": {}}  # fmt: skip
    return json.dumps({**note, **given})


@pytest.mark.parametrize(
    "note",
    [
        foreign(media=["/{outside}"]),
        foreign(media=["../precious.txt"]),
        foreign(room_id="../../x", whole_room=True),
        foreign(targets=[{"row_id": HERE, "table": "room", "what_id": HERE, "person_id": HERE}]),
        foreign(person_id=3),
        foreign(counted={"absence; DROP": 1}),
        foreign(whole_room="yes"),
        foreign(whole_room=True, releases={"../precious-v1": "0" * 64}),
        foreign(whole_room=True, releases={"whose-hand-v1": "any"}),
        foreign(whole_room=True, releases=["whose-hand-v1"]),
        foreign(more=1),
        "[[]]",
        '{"targets": ' + "[" * 100_000,
    ],
)
def test_a_note_of_elsewhere_is_refused_and_nothing_goes(tmp_path, note):
    site, precious = tmp_path / "site", tmp_path / "precious.txt"
    site.mkdir()
    (site / "media").mkdir()
    precious.write_text("outside the site")
    (site / begun.NOTE).write_text(note.replace("/{outside}", str(precious)))
    with pytest.raises(SiteError, match="an erasing was begun that cannot be read"):
        Workshop(site)
    assert precious.read_text() == "outside the site"
    assert (site / begun.NOTE).exists()


def test_a_backup_that_another_process_reads_is_kept_until_it_can_be_written(workshop, tmp_path):
    said = spoken_room(workshop)
    made = back_up(workshop)
    reads = "import duckdb, sys; c = duckdb.connect(sys.argv[1], read_only=True); "
    reads += "print('open', flush=True); sys.stdin.read()"
    other = subprocess.Popen(
        [sys.executable, "-c", reads, str(made.file)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        other.stdout.readline()
        with pytest.raises(SiteError, match=made.file.name):
            erase(workshop, said.mirae, new_id(), "absence", said.absence_id)
    finally:
        other.communicate(b"", timeout=120)
    assert made.file.exists()
    assert absences(workshop, None) == [], "nobody is shown it meanwhile"
    assert "Could not set lock" in workshop.unfinished
    assert begun.go_on(workshop)
    assert workshop.unfinished is None
    assert holding(tmp_path, "고친 말") == []
    assert [one.file for one in backups(tmp_path)] == [made.file]


@pytest.mark.parametrize("broken", [b"", b"no database" * 900, None])
def test_a_broken_backup_goes_with_the_words_in_it(workshop, tmp_path, broken):
    said = spoken_room(workshop)
    made = back_up(workshop).file
    words = made.read_bytes()
    made.write_bytes(words[: len(words) // 2] if broken is None else broken)
    assert erase(workshop, said.mirae, new_id(), "absence", said.absence_id)
    assert backups(tmp_path) == []


def test_the_app_starts_where_a_file_cannot_be_written_and_shows_no_word(tmp_path):
    workshop = Workshop(tmp_path)
    said = spoken_room(workshop)
    room = workshop.room_id
    workshop.close()
    target = Target(new_id(), "absence", said.absence_id, said.mirae.person_id)
    begun.note(tmp_path, Erasure(room, said.mirae.person_id, (target,)))
    stuck = tmp_path / "backups" / "workshop-20260101T000000Z-000000001.duckdb"
    stuck.mkdir(parents=True)  # neither read nor written
    (tmp_path / f".{FILE}.rewriting-x").mkdir()  # nor swept
    workshop = Workshop(tmp_path)
    assert absences(workshop, None) == []
    assert stuck.name in workshop.unfinished
    assert (tmp_path / begun.NOTE).exists()
    other = new_id()
    with pytest.raises(SiteError):
        erase(workshop, said.mirae, other, "find", said.find_id)
    assert len(finds(workshop)) == 1, "another erasure hides its words, too"
    assert len(begun.noted(tmp_path)) == 2
    stuck.rmdir()
    stop = threading.Event()
    stop.set()
    keep_backups(lambda: workshop, stop)
    assert workshop.unfinished is None
    assert holding(tmp_path, "고친 말") == []
    workshop.close()


def test_a_certificate_that_cannot_be_written_stops_no_start(workshop, tmp_path):
    spoken_room(workshop)
    room = workshop.room_id
    (tmp_path / f"destroyed-{room}.md").mkdir()
    with pytest.raises(SiteError, match="cannot be written"):
        destroy(workshop)
    workshop.close()
    again = Workshop(tmp_path)
    assert again.unfinished
    assert absences(again, None) == []
    (tmp_path / f"destroyed-{room}.md").rmdir()
    begun.go_on(again)
    assert (tmp_path / f"destroyed-{room}.md").is_file()
    again.close()


def test_erasures_that_wait_for_each_other_share_one_rewriting(workshop, tmp_path):
    said = [spoken_room(workshop) for _ in range(5)]
    back_up(workshop)
    made = (tmp_path / "backups").stat().st_mtime_ns
    asked = [
        threading.Thread(target=erase, args=(workshop, s.mirae, new_id(), "absence", s.absence_id))
        for s in said
    ]
    with workshop.keeping:  # as while a backup is made
        for one in asked:
            one.start()
        while len(begun.noted(tmp_path)) < len(said) or absences(workshop, None):
            threading.Event().wait(0.02)
        assert (tmp_path / "backups").stat().st_mtime_ns == made
        times = watched(tmp_path / "backups")
    for one in asked:
        one.join()
    assert times() == 1
    assert holding(tmp_path, "고친 말") == []
    assert begun.noted(tmp_path) == ()


def watched(folder: Path) -> Callable[[], int]:
    """How often a backup was put in place, from here on."""
    seen: list[str] = []

    def watch(event: str, given: tuple[object, ...]) -> None:
        if event == "os.rename" and str(folder) in str(given[0]):
            seen.append(str(given[0]))

    sys.addaudithook(watch)
    return lambda: len(seen)


# Killed at any step, it comes to the same end: forked, so that every step can be tried.


def in_a_fork(act: Callable[[], None]) -> int:
    """Do something in a process of its own; its exit status, -9 where it was killed."""
    child = os.fork()
    if child == 0:
        try:
            act()
        except BaseException:
            import traceback

            traceback.print_exc()
            os._exit(3)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_at(step: int, folder: Path) -> None:
    """From here on, die at the n-th time that a file of the site is opened, renamed or removed."""
    left = [step]

    def watch(event: str, given: tuple[object, ...]) -> None:
        if event in ("open", "os.rename", "os.remove") and str(folder) in str(given[0]):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("whole_room", [False, True])
def test_killed_at_any_step_it_is_finished_at_the_next_start(tmp_path, whole_room):
    import shutil

    fresh = tmp_path / "fresh"
    fresh.mkdir()
    ids = tmp_path / "ids"

    def speak() -> None:
        workshop = Workshop(fresh)
        said = spoken_room(workshop)
        back_up(workshop)
        ids.write_text(json.dumps([said.mirae.person_id, said.absence_id]))
        workshop.close()

    assert in_a_fork(speak) == 0
    person, absence_id = json.loads(ids.read_text())
    statuses = []
    for step in range(1, 100, 4):
        site = tmp_path / f"site{step}"
        shutil.copytree(fresh, site)

        def erasing(step: int = step, site: Path = site) -> None:
            workshop = Workshop(site)
            killed_at(step, site)
            if whole_room:
                destroy(workshop)
            else:
                erase_everything(workshop, author("Mirae", person_id=person))
            os._exit(0)

        def finishing(site: Path = site) -> None:
            begun_before = (site / begun.NOTE).exists()
            again = Workshop(site)
            stand = [one.absence_id for one in absences(again, None)]
            with again.cursor() as cursor:
                answers = cursor.execute("SELECT count(*) FROM reply").fetchone()[0]
            assert check(again) == []
            again.close()
            words = held(site)
            assert not (words and begun_before), "begun: finished before anything was served"
            assert stand == ([absence_id] if words else []), "all of it, or nothing"
            assert answers == (0 if whole_room and not words else 1)

        statuses.append(in_a_fork(erasing))
        assert in_a_fork(finishing) == 0, f"step {step}"
        shutil.rmtree(site)
        if statuses[-1] == 0:
            break
    assert statuses[-1] == 0, "it came to its end"
    assert set(statuses[:-1]) == {-signal.SIGKILL}
    assert len(statuses) > 5, "or nothing was killed on the way"
