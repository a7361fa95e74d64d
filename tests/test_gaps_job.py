"""Measuring that the app starts: it tells how far it is, waits where it is long, can be stopped."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from excavate.catalog.cataloguing import DigRequest, catalogue
from excavate.commands import gaps_job
from excavate.commands.gaps_job import run
from excavate.gaps.stored import finding, findings
from excavate.pages import measure_job
from excavate.settings import Settings
from excavate.site import Site
from tests.made import class_folder


@pytest.fixture
def site(tmp_path: Path) -> Path:
    source = f"folder:{class_folder(tmp_path / 'pictures')}"
    catalogue(DigRequest(source, tmp_path / "site", dataset="pictures"), Settings())
    return tmp_path / "site"


def told(state: Path) -> dict[str, object]:
    found = json.loads(state.read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def never() -> bool:
    raise AssertionError("what takes a moment asks nobody")


def test_it_measures_and_tells_which_findings_came(site, tmp_path):
    state = tmp_path / "state.json"
    asked = {"dataset": "pictures", "measure": "intersections", "reference": None}
    assert run(site, state, asked, never) == 0
    (kept,) = told(state)["found"]  # type: ignore[misc]
    assert finding(Site(site).folder, str(kept)).measure == "intersections"


def test_it_measures_just_the_questions_that_it_is_given(site, tmp_path):
    state = tmp_path / "state.json"
    tau = {"measure": "intersections", "dataset": "pictures", "parameters": {"tau": 3}}
    asked = {"questions": [tau, {"measure": "taxonomy", "dataset": "pictures"}]}
    assert run(site, state, asked, never) == 0
    kept = [finding(Site(site).folder, str(one)) for one in told(state)["found"]]  # type: ignore[attr-defined]
    assert [one.measure for one in kept] == ["intersections", "taxonomy"]
    assert kept[0].parameters["tau"] == 3


def test_what_cannot_be_asked_is_told_in_full(site, tmp_path):
    state = tmp_path / "state.json"
    assert run(site, state, {"dataset": "no such", "measure": "intersections"}, never) == 1
    (failed,) = told(state)["failed"]  # type: ignore[misc]
    assert failed["what"] == "no such dataset"
    assert failed["where"] == "no such"
    assert "pictures" in failed["todo"]
    assert "Traceback" not in state.read_text("utf-8")


@pytest.mark.parametrize("goes", [True, False])
def test_what_takes_long_says_how_long_and_waits(site, tmp_path, monkeypatch, goes):
    state = tmp_path / "state.json"
    waited = []

    def go() -> bool:
        waited.append(told(state))
        return goes

    monkeypatch.setattr(gaps_job, "_estimate", lambda *_given: 240.0)
    asked = {"dataset": "pictures", "measure": "intersections"}
    assert run(site, state, asked, go) == 0
    assert [(said["waiting"], said["seconds"]) for said in waited] == [(True, 240.0)]
    assert len(findings(Site(site).folder)) == (1 if goes else 0)


def test_a_process_that_is_stopped_while_it_waits_leaves_nothing(site, tmp_path):
    state = tmp_path / "state.json"
    code = (
        "import signal, sys; from pathlib import Path; from excavate.commands import gaps_job as g;"
        "signal.signal(signal.SIGTERM, g.leave); g._estimate = lambda *given: 240.0;"
        "g.run(Path(sys.argv[1]), Path(sys.argv[2]), {'dataset': 'pictures', 'measure':"
        " 'intersections'}, lambda: bool(sys.stdin.readline()))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(site), str(state)], stdin=subprocess.PIPE
    )
    while process.poll() is None and not (state.exists() and "waiting" in state.read_text("utf-8")):
        time.sleep(0.05)
    process.terminate()
    assert process.wait(120) == 130
    assert not list((site / "findings").glob("*"))


def test_it_ends_when_the_process_that_started_it_is_gone(site, tmp_path):
    code = (
        "import os, signal, sys, time; from pathlib import Path;"
        "from excavate.commands import gaps_job as g; signal.signal(signal.SIGTERM, g.leave);"
        "g.watch(os.getppid()); print(os.getpid(), flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", "import subprocess, sys; subprocess.Popen([sys.executable, '-c', "
         "sys.argv[1]]); sys.stdin.read()", code],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert parent.stdin
    assert parent.stdout
    number = int(parent.stdout.readline())
    os.kill(number, 0)  # it lives as long as its parent
    parent.stdin.close()
    assert parent.wait(120) == 0
    assert parent.stdout.read() == ""  # whoever held its end of the pipe has ended


def test_a_measuring_that_another_app_left_is_found_by_its_command_line_alone(site):
    words = ["-m", measure_job.JOB, str(site), "state", "{}"]
    other = subprocess.Popen([sys.executable, "-c", "input()", *words], stdin=subprocess.PIPE)
    state = site / measure_job.STATE
    try:
        while other.poll() is None and not measure_job.is_job(other.pid, site):
            time.sleep(0.01)  # it has the command line of its parent until it is another program
        assert not measure_job.is_job(other.pid, site.parent)
        state.write_text(json.dumps({"pid": other.pid}), "utf-8")
        assert measure_job.left(site) == other.pid
        state.write_text(json.dumps({"pid": other.pid, "ended": True}), "utf-8")
        assert measure_job.left(site) is None
        state.write_text(json.dumps({"pid": os.getpid()}), "utf-8")
        assert measure_job.left(site) is None
    finally:
        other.communicate(b"\n")
    state.write_text(json.dumps({"pid": other.pid}), "utf-8")
    assert measure_job.left(site) is None
