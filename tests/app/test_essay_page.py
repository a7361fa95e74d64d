"""Essays in the app: the list, one essay, and measuring what it lacks."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from excavate.essays import names, read_essay
from excavate.essays.rendering import rendered
from excavate.site import Site
from tests.app.test_pages import run, text


def test_the_list_names_every_essay_in_both_languages(served: Path):
    shown = text(run("essay.py", lang="ko"))
    for name in names():
        title = read_essay(name).title
        assert title.ko in shown
        assert title.en in shown
        assert f"name={name}" in shown


def test_an_essay_is_read_beside_itself_or_in_one_language(
    served: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    fresh = tmp_path / "fresh"
    shutil.copytree(served, fresh, ignore=shutil.ignore_patterns("findings"))
    monkeypatch.setenv("EXCAVATE_SITE", str(fresh))
    app = run("essay.py", lang="en", name="thirteen-hands")
    shown = text(app)
    assert 'class="essay essay-both"' in shown
    assert "Thirteen hands" in shown
    assert "열세 사람의 손" in shown
    assert "5 figures were not measured in this site yet" in shown
    assert [button.label for button in app.button] == []  # here AppTest is no host: no loopback
    assert "excavate essay thirteen-hands --site fresh" in shown
    alone = text(run("essay.py", lang="en", name="thirteen-hands", alone="1"))
    assert 'class="essay essay-one"' in alone
    assert "열세 사람의 손" not in alone
    rendered("thirteen-hands", Site(fresh), measure=True)
    assert "not measured in this site yet" not in text(
        run("essay.py", lang="en", name="thirteen-hands")
    )


def test_a_name_that_is_none_leads_back_to_the_list(served: Path):
    shown = text(run("essay.py", lang="en", name="../../secret"))
    assert "There is no such essay" in shown
    assert "All essays" in shown


def test_where_nothing_was_dug_an_essay_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("EXCAVATE_SITE", str(tmp_path / "nothing"))
    shown = text(run("essay.py", lang="ko", name="what-was-withdrawn"))
    assert "거두어진 것" in shown
    assert "열린 사이트가 없습니다" in shown


def test_a_broken_essay_hides_no_other(
    served: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from excavate.essays import reading

    for name in ("thirteen-hands", "what-was-withdrawn"):
        shutil.copyfile(reading.FOLDER / f"{name}.md", tmp_path / f"{name}.md")
    whole = (tmp_path / "thirteen-hands.md").read_text("utf-8")
    (tmp_path / "broken.md").write_text(whole.replace("::: en", "::: fr", 1), encoding="utf-8")
    monkeypatch.setattr(reading, "FOLDER", tmp_path)
    shown = text(run("essay.py", lang="ko"))
    assert "이 에세이를 읽을 수 없습니다" in shown
    assert "broken.md" in shown
    assert "열세 사람의 손" in shown
    assert "거두어진 것" in shown
