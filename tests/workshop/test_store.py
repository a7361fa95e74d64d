"""The workshop's file: appended to, never lost, one process at a time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excavate.errors import SiteError
from excavate.workshop import migrations
from excavate.workshop.ids import is_id, new_id
from excavate.workshop.migrations import MIGRATIONS, migrate
from excavate.workshop.store import FILE, AlreadyWrittenError, Row, Workshop


def person(name: str, person_id: str, row_id: str | None = None, old: str | None = None) -> Row:
    columns = {"shown_name": name, "language": "ko", "consented_to": "yes"}
    return Row("person", row_id or new_id(), person_id, columns, old)


def rows(workshop: Workshop, query: str) -> list[tuple]:
    with workshop.cursor() as cursor:
        return cursor.execute(query).fetchall()


def test_a_site_has_one_local_room_that_stays(tmp_path):
    first = Workshop(tmp_path)
    room, version = first.room_id, first.version
    first.close()
    again = Workshop(tmp_path)
    assert (again.room_id, again.version) == (room, version)
    assert rows(again, "SELECT kind FROM room") == [("local",)]
    again.close()


def test_a_correction_is_a_new_row_and_the_view_shows_the_newest(workshop):
    who, first = new_id(), new_id()
    before = workshop.version
    workshop.write([person("Mirae", who, first)])
    workshop.write([person("미래", who, old=first)])
    assert rows(workshop, "SELECT shown_name, supersedes FROM person ORDER BY writing") == [
        ("Mirae", None),
        ("미래", first),
    ]
    assert rows(workshop, "SELECT shown_name FROM people") == [("미래",)]
    assert workshop.version == before + 2


def test_the_order_of_things_does_not_hang_on_the_clock(workshop, monkeypatch):
    """The newest is what was written last, also where the clock was set back in between."""
    from datetime import UTC, datetime

    from excavate.workshop import store

    who, first = new_id(), new_id()

    class Clock(datetime):
        year_now = 2030

        @classmethod
        def now(cls, tz=None):
            return datetime(cls.year_now, 1, 1, tzinfo=UTC)

    monkeypatch.setattr(store, "datetime", Clock)
    workshop.write([person("before", who, first)])
    Clock.year_now = 2001
    workshop.write([person("after", who, old=first)])
    assert rows(workshop, "SELECT shown_name FROM people") == [("after",)]


def test_all_rows_of_a_write_stand_or_none(workshop):
    who, taken = new_id(), new_id()
    workshop.write([person("one", who, taken)])
    before = workshop.version
    with pytest.raises(AlreadyWrittenError):
        workshop.write([person("two", new_id()), person("three", new_id(), taken)])
    assert rows(workshop, "SELECT shown_name FROM person") == [("one",)]
    assert workshop.version == before
    workshop.write([person("four", new_id())])
    assert workshop.version == before + 1


def test_two_threads_write_and_nothing_is_lost_or_doubled(workshop):
    each, failed = 40, []

    def run(number: int) -> None:
        try:
            for k in range(each):
                workshop.write([person(f"{number}-{k}", new_id())])
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    seen = []
    while any(thread.is_alive() for thread in threads):
        version = workshop.version
        seen.append(rows(workshop, "SELECT max(writing) FROM person")[0][0] or 0)
        assert seen[-1] >= version - 1 or version == 1, "a version shows before its rows"
    for thread in threads:
        thread.join()
    assert failed == []
    names = {name for (name,) in rows(workshop, "SELECT shown_name FROM person")}
    assert names == {f"{n}-{k}" for n in range(2) for k in range(each)}
    writings = [w for (w,) in rows(workshop, "SELECT writing FROM person ORDER BY writing")]
    assert writings == list(range(2, 2 * each + 2))


KILLED = """
import sys
from excavate.workshop.store import Row, Workshop
from excavate.workshop.ids import new_id
workshop = Workshop(sys.argv[1])
while True:
    row_id = new_id()
    columns = {"shown_name": row_id, "language": "ko", "consented_to": "yes"}
    workshop.write([Row("person", row_id, new_id(), columns)])
    print(row_id, flush=True)
"""


def test_what_was_acknowledged_outlasts_kill_minus_nine(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    told = [process.stdout.readline().strip() for _ in range(25)]
    os.kill(process.pid, signal.SIGKILL)
    told += process.stdout.read().split()
    process.wait(timeout=120)
    workshop = Workshop(tmp_path)
    kept = {name for (name,) in rows(workshop, "SELECT shown_name FROM person")}
    workshop.close()
    assert len(told) >= 25
    assert {row_id for row_id in told if is_id(row_id)} <= kept


def test_a_second_process_gets_a_clear_sentence(tmp_path, workshop):
    code = "import sys; from excavate.workshop.store import Workshop\n"
    code += "try: Workshop(sys.argv[1])\nexcept Exception as e: print(type(e).__name__, e)"
    asked = [sys.executable, "-c", code, str(tmp_path)]
    said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()
    assert said == (
        f"InUseError {tmp_path / FILE}: the workshop is open in another process. "
        "Only the app writes it; stop the other one, or use that"
    )


def test_no_site_and_a_broken_file_are_told(tmp_path):
    with pytest.raises(SiteError, match="no such site"):
        Workshop(tmp_path / "nowhere")
    (tmp_path / FILE).write_bytes(b"no database" * 1000)
    with pytest.raises(SiteError, match="the workshop cannot be written"):
        Workshop(tmp_path)


def test_migrations_are_stored_by_name_and_taken_once(tmp_path):
    connection = duckdb.connect(str(tmp_path / "w.duckdb"))
    names = [step.__name__ for step in MIGRATIONS]
    assert names == sorted(names)
    assert migrate(connection, "w") == names
    assert migrate(connection, "w") == []
    assert [n for (n,) in connection.execute("SELECT name FROM migration").fetchall()] == names


def test_a_step_is_taken_whole_or_not_at_all(tmp_path):
    connection = duckdb.connect(str(tmp_path / "w.duckdb"))

    def m0003_broken(given) -> None:
        given.execute("CREATE TABLE half (a INTEGER)")
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        migrate(connection, "w", (*MIGRATIONS, m0003_broken))
    tables = {name for (name,) in connection.execute("SHOW TABLES").fetchall()}
    assert "half" not in tables
    assert "find" in tables, "the steps before it stand"


def test_a_file_of_a_newer_version_is_left_alone(tmp_path):
    connection = duckdb.connect(str(tmp_path / FILE))
    migrate(connection, "w")
    connection.execute(migrations.RECORD, ["m0099_of_tomorrow", "9.0"])
    connection.close()
    with pytest.raises(SiteError, match=r"written by a newer version \(m0099_of_tomorrow\)"):
        Workshop(tmp_path)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.text(max_size=8)), max_size=12))
def test_the_view_is_the_last_word_of_each(tmp_path_factory, said):
    workshop = Workshop(tmp_path_factory.mktemp("w"))
    people, last, before = [new_id() for _ in range(4)], {}, {}
    for who, name in said:
        row_id = new_id()
        workshop.write([person(name, people[who], row_id, before.get(who))])
        last[who], before[who] = name, row_id
    shown = dict(rows(workshop, "SELECT person_id, shown_name FROM people"))
    kept = rows(workshop, "SELECT shown_name FROM person ORDER BY writing")
    workshop.close()
    assert shown == {people[who]: name for who, name in last.items()}
    assert [name for (name,) in kept] == [name for _, name in said]


def test_ids_are_of_version_seven_and_sort_by_time():
    first = new_id()
    time.sleep(0.002)
    second = new_id()
    assert first < second
    assert is_id(first)
    assert not is_id("' OR 1=1")
    assert not is_id(first.upper())


def test_a_file_of_another_make_is_told(tmp_path):
    file = tmp_path / "workshop.duckdb"
    with duckdb.connect(str(file)) as other:
        other.execute("CREATE TABLE room (x INTEGER)")
    with pytest.raises(SiteError, match="no workshop of ours"):
        Workshop(tmp_path)
    with duckdb.connect(str(file)) as other:  # and let go of, untouched
        assert other.execute("SELECT count(*) FROM room").fetchone() == (0,)


def test_a_folder_called_blocked_is_not_called_locked(tmp_path):
    site = tmp_path / "blocked"
    site.mkdir()
    (site / "workshop.duckdb").write_bytes(b"no database at all" * 400)
    with pytest.raises(SiteError) as told:
        Workshop(site)
    assert "another process" not in str(told.value)
