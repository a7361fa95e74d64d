"""The commands of the workshop, as a host types them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from excavate.cli import app
from excavate.errors import ExcavateError
from excavate.workshop.absences import GivenAbsence, say
from excavate.workshop.ids import new_id
from excavate.workshop.keeping import backups
from excavate.workshop.store import Row, Workshop
from tests.workshop.given import author
from tests.workshop.rooms import holding, spoken_room

COMMANDS = ("export", "backup", "check", "destroy --confirm x", "restore {backup}", "import {file}")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    workshop = Workshop(folder)
    spoken_room(workshop)
    workshop.close()
    return folder


def run(command: str, site: Path, given: str | None = None) -> str:
    """What a command prints on stdout; its ExcavateError is raised."""
    asked = ["workshop", *command.split(), "--site", str(site)]
    result = CliRunner().invoke(app, asked, input=given)
    if isinstance(result.exception, ExcavateError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def test_out_of_one_site_into_another(site, tmp_path):
    file, other = tmp_path / "room.jsonl", tmp_path / "other"
    other.mkdir()
    run(f"export --out {file}", site)
    assert json.loads(file.read_text("utf-8").split("\n")[0])["type"] == "Annotation"
    assert run(f"import {file}", other) == "12 added, 0 stood already, 2 people\n"
    assert run(f"import {file}", other) == "0 added, 12 stood already, 0 people\n"
    assert "고친 말" in run("export --format md --language ko", other)
    assert "whole" in run("check", other)


def test_a_backup_once_for_what_was_written(site):
    assert run("backup", site).strip() == str(backups(site)[0].file)
    assert run("backup", site) == "nothing was written since the last backup\n"
    assert json.loads(run("backup --json", site)) == {"file": None, "version": None}


def test_destroying_asks_for_the_title_and_leaves_a_certificate(site):
    with pytest.raises(ExcavateError, match="this is not the room's title"):
        run("destroy", site, "another\n")
    assert holding(site, "An answer that stays")
    said = run("destroy", site, f"{site.name}\n")
    assert "destroyed: " in said
    certificate = next(Path(line) for line in said.split("\n") if line.endswith(".json"))
    assert json.loads(certificate.read_text("utf-8"))["rows"]["absence"] == 2
    assert holding(site, "An answer that stays") == []


def test_a_room_with_a_title_is_destroyed_by_that(site):
    workshop = Workshop(site)
    titled = {"kind": "shared", "title": "첫째 날"}
    workshop.write([Row("room", "r2", None, titled, workshop.room_id)])
    workshop.close()
    with pytest.raises(ExcavateError, match="첫째 날"):
        run(f"destroy --confirm {site.name}", site)


def test_blanks_around_a_title_need_not_be_typed(site):
    workshop = Workshop(site)
    titled = {"kind": "shared", "title": "  첫째 날 "}
    workshop.write([Row("room", "r2", None, titled, workshop.room_id)])
    workshop.close()
    assert "destroyed: " in run("destroy", site, "첫째 날\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_takes_the_file_from_the_app(command, site, tmp_path):
    import subprocess
    import sys

    file = tmp_path / "room.jsonl"
    file.write_text("")
    backup = shutil.copy(site / "workshop.duckdb", tmp_path)
    holds = "import sys; from excavate.workshop.store import Workshop\n"
    holds += "w = Workshop(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    other = subprocess.Popen(
        [sys.executable, "-c", holds, str(site)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        other.stdout.readline()
        with pytest.raises(ExcavateError) as told:
            run(command.format(file=file, backup=backup), site)
    finally:
        other.communicate(b"", timeout=120)
    assert "the workshop is open in another process. Stop the app and try again" in str(told.value)
    assert "the facilitator's desk exports" in str(told.value)


def test_where_nothing_was_said_that_is_told(tmp_path):
    for command in COMMANDS[:4]:
        with pytest.raises(ExcavateError, match="nobody has said anything here yet"):
            run(command, tmp_path)
    assert list(tmp_path.iterdir()) == [], "and no empty workshop is left behind"
    with pytest.raises(ExcavateError, match="the file cannot be read"):
        run("import nowhere.jsonl", tmp_path)


def test_back_to_a_backup_and_forward_again(site):
    first = Path(run("backup", site).strip())
    workshop = Workshop(site)
    who = author("Late")
    say(workshop, who, GivenAbsence(new_id(), "said after the backup"))
    workshop.close()
    record = json.loads(run(f"restore {first.name} --json", site))
    before = Path(record["before"])
    assert "said after the backup" not in run("export", site)
    assert "고친 말" in run("export", site)
    older = next(one for one in backups(site) if one.older)
    assert older.version > record["version"]
    assert not before.exists(), "called older once another line began"
    assert [one.name for one in site.iterdir() if "workshop" in one.name] == ["workshop.duckdb"]
    run(f"restore {older.file}", site)
    assert "said after the backup" in run("export", site)
    assert "whole" in run("check", site)
    with pytest.raises(ExcavateError, match="no such backup"):
        run("restore nothing.duckdb", site)
    (site / "x.duckdb").write_bytes(b"no backup at all" * 1000)
    with pytest.raises(ExcavateError, match="no backup of a workshop"):
        run(f"restore {site / 'x.duckdb'}", site)


def test_a_broken_workshop_gives_way_and_an_erasure_reaches_it(site):
    kept = Path(run("backup", site).strip())
    file = site / "workshop.duckdb"
    words = file.read_bytes()
    file.write_bytes(b"broken" + words[6:])
    with pytest.raises(ExcavateError):
        run("check", site)
    run(f"restore {kept}", site)
    assert "whole" in run("check", site)
    assert len(holding(site, "An answer that stays")) > 2, "or the broken one holds no words"
    run(f"destroy --confirm {site.name}", site)
    assert holding(site, "An answer that stays") == []
