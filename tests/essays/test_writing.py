"""`excavate essay --to FILE`: an essay is written over nothing but an essay."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from excavate.commands.essay import essay
from excavate.errors import SiteError

NAME = "what-was-withdrawn"


def written(digits: Path, to: Path) -> str:
    essay(NAME, digits, to, "en", measure=False)
    return to.read_text("utf-8")


def test_an_essay_is_written_and_written_again(digits: Path, tmp_path: Path):
    to = tmp_path / "new" / "essay.html"
    first = written(digits, to)
    assert "What was withdrawn" in first
    to.write_text(first.replace("withdrawn", "gone"), encoding="utf-8")
    assert written(digits, to) == first


@pytest.mark.parametrize("name", ["notes.html", "workshop.duckdb", "page.HTM", "link.html"])
def test_another_file_is_not_written_over(name: str, digits: Path, tmp_path: Path):
    kept = tmp_path / ("kept.html" if name == "link.html" else name)
    kept.write_bytes(b"somebody's own")
    if name == "link.html":
        (tmp_path / name).symlink_to(kept)
    with pytest.raises((SiteError, typer.Exit)):
        written(digits, tmp_path / name)
    assert kept.read_bytes() == b"somebody's own"


def test_no_essay_is_written_into_a_site(digits: Path):
    with pytest.raises(SiteError, match="not written into a site"):
        written(digits, digits / "essay.html")
    assert not (digits / "essay.html").exists()


def test_an_essay_is_an_html_file(digits: Path, tmp_path: Path):
    with pytest.raises(SiteError, match="an essay is an HTML file"):
        written(digits, tmp_path / "essay.txt")
    assert not (tmp_path / "essay.txt").exists()
