"""After a measuring that was started on the page: each answer with its link and its sentence."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from shutil import copytree

import pytest

from excavate.i18n import LANGUAGES, _, speak
from excavate.pages import measure_here, measure_job
from excavate.site import Site
from tests.app.findings_made import lay, measured, rows, unmeasured
from tests.app.test_pages import run, text


@pytest.fixture
def site(made_site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = tmp_path / "site"
    copytree(made_site, copy)
    monkeypatch.setenv("EXCAVATE_SITE", str(copy))
    return copy


def ended(site: Path, monkeypatch: pytest.MonkeyPatch, **said: object) -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    monkeypatch.setitem(measure_job._started, str(Site(site).folder.path), process)
    state = {"pid": process.pid, "ended": True, "failed": [], **said}
    (site / measure_job.STATE).write_text(json.dumps(state), "utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_is_told_with_its_link(site, monkeypatch, language):
    ids = [
        lay(site, "digits", measured(rows(3)), {"tau": 25}),
        lay(site, "street", unmeasured(), {"tau": 1}),
    ]
    ended(site, monkeypatch, found=ids, began="2000-01-01")
    app = run("gaps.py", lang=language)
    speak(language)
    (told,) = [h for h in text(app).split("\n") if 'role="status"' in h and "exc-notice" in h]
    assert all(f"/finding?id={one}" in told for one in ids)
    assert _("Not measured: {why}.").format(why="")[:5] in told
    assert _("measured before") not in told


def test_what_was_measured_before_is_told_as_such(site, monkeypatch):
    made = lay(site, "digits", measured(rows(3)), {"tau": 25})
    ended(site, monkeypatch, found=[made], began="2999-01-01")
    assert "measured before" in text(run("gaps.py", lang="en"))


def test_looking_how_long_it_takes_is_called_long_where_it_is():
    speak("en")
    said = {"estimating": True, "measure": "coverage", "number": 3, "of": 13}
    soon = measure_here.progress_line({**said, "since": time.time()})
    late = measure_here.progress_line({**said, "since": time.time() - 60})
    assert soon.startswith("Looking how long it will take ·")
    assert "takes long itself" in late
    assert "question 3 of 13" in late
