"""`excavate release`: from a site's folder, also while the app has the workshop open."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from excavate.cli import app
from excavate.counter.plans import plans
from excavate.release.checksums import digest
from excavate.release.released import told_last
from excavate.release.verifying import verify
from excavate.site import Site
from excavate.workshop.store import Workshop
from tests.release.rooms import Room

OPEN = """
import sys
from excavate.workshop.store import Workshop
room = Workshop(sys.argv[1])
print("open", flush=True)
sys.stdin.read()
room.close()
"""


@pytest.fixture
def lived(dug: Path, tmp_path: Path) -> Path:
    """A site in which a counter-dataset was made."""
    site = Path(shutil.copytree(dug, tmp_path / "site"))
    workshop = Workshop(site)
    room = Room(Site(site), workshop)
    room.everything()
    workshop.close()
    return site


def said(site: Path, to: Path, *more: str) -> tuple[int, str]:
    """Exit code and stdout of the command in a process of its own."""
    command = [sys.executable, "-m", "excavate", "release", "--site", str(site), "--counter",
               "whose-hand", "--to", str(to), "--json", *more]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout or done.stderr


def test_a_release_by_command_is_recorded_and_whole(lived: Path, tmp_path: Path) -> None:
    code, text = said(lived, tmp_path / "out", "--format", "csv", "--format", "coco",
                      "--base", "https://example.org/whose-hand")  # fmt: skip
    found = json.loads(text)
    assert code == 0
    folder = Path(found["release"])
    assert folder == tmp_path / "out" / "whose-hand-v1"
    assert verify(folder).faults == ()
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["id"] == "https://example.org/whose-hand/manifest.json"
    workshop = Workshop(lived)
    [plan] = plans(workshop)
    told = told_last(workshop, plan.given.plan_id)
    workshop.close()
    assert told is not None
    assert told.checksum == digest(folder / "checksums.sha256")
    assert str(lived.parent) not in (folder / "RIGHTS.md").read_text("utf-8")


def test_while_the_app_has_it_no_release_is_made_of_what_stood_before(
    lived: Path, tmp_path: Path
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", OPEN, str(lived)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        code, text = said(lived, tmp_path / "out")
        holder.communicate(b"")
    assert code != 0
    assert "page of releases, or stop the app" in " ".join(text.split())
    assert not (tmp_path / "out").exists()


def test_a_name_that_is_none_is_told_with_those_there_are(lived: Path, tmp_path: Path) -> None:
    found = CliRunner().invoke(
        app, ["release", "--site", str(lived), "--counter", "other", "--to", str(tmp_path / "out")]
    )
    assert "whose-hand" in str(found.exception)
    assert not (tmp_path / "out").exists()
