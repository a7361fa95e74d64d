"""The commands of the workshop, as a host types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from excavate.cli import app
from excavate.errors import ExcavateError
from excavate.workshop.keeping import backups
from excavate.workshop.store import Row, Workshop
from tests.workshop.rooms import holding, spoken_room

COMMANDS = ("export", "backup", "check", "destroy --confirm x", "import {file}")


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


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_takes_the_file_from_the_app(command, site, tmp_path):
    import subprocess
    import sys

    file = tmp_path / "room.jsonl"
    file.write_text("")
    holds = "import sys; from excavate.workshop.store import Workshop\n"
    holds += "w = Workshop(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    other = subprocess.Popen(
        [sys.executable, "-c", holds, str(site)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        other.stdout.readline()
        with pytest.raises(ExcavateError) as told:
            run(command.format(file=file), site)
    finally:
        other.communicate(b"", timeout=30)
    assert "the workshop is open in another process. Stop the app and try again" in str(told.value)
    assert "the facilitator's desk exports" in str(told.value)


def test_where_nothing_was_said_that_is_told(tmp_path):
    for command in COMMANDS[:4]:
        with pytest.raises(ExcavateError, match="nobody has said anything here yet"):
            run(command, tmp_path)
    assert list(tmp_path.iterdir()) == [], "and no empty workshop is left behind"
    with pytest.raises(ExcavateError, match="the file cannot be read"):
        run("import nowhere.jsonl", tmp_path)
