"""A dig that the app starts: it tells how far it is, and what went wrong, in a small file."""

from __future__ import annotations

import json

from excavate.commands.dig_job import run


def test_a_dig_tells_its_end(tmp_path, monkeypatch):
    monkeypatch.setenv("EXCAVATE_ARCHIVES", str(tmp_path))
    (tmp_path / "pictures").mkdir()
    state = tmp_path / "state.json"
    assert run(f"folder:{tmp_path / 'pictures'}", tmp_path / "site", state) == 1
    told = json.loads(state.read_text("utf-8"))
    assert told["ended"] is True
    assert told["what"]
    assert "Traceback" not in state.read_text("utf-8")


def test_a_name_that_is_no_source_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("EXCAVATE_ARCHIVES", str(tmp_path))
    state = tmp_path / "state.json"
    assert run("nonsense", tmp_path / "site", state) == 1
    assert json.loads(state.read_text("utf-8"))["what"] == "no such source"
