"""A command that the app shows asks what it says, in any shell: the same finding comes back."""

from __future__ import annotations

import shlex
from pathlib import Path
from shutil import copytree

import pytest
from typer.testing import CliRunner

from excavate.cli import app
from excavate.components.command_lines import gaps_command
from excavate.components.finding_words import command_for
from excavate.gaps.asking import ask
from excavate.gaps.question import Question
from excavate.gaps.stored import findings
from excavate.site import Site

NAME = "it's a site; ls"


@pytest.fixture(scope="module")
def site(made_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("asked") / NAME
    copytree(made_site, copy)
    return copy


@pytest.mark.parametrize(
    "question",
    [
        Question("intersections", "digits", parameters={"tau": 3}),
        Question("diversity", "digits"),
        Question("coverage", "digits", "shapes", "pixels:8", {"k": 4, "permutations": 0}),
        Question("taxonomy", "digits", "uniform"),
    ],
)
def test_the_command_of_a_finding_brings_the_same_finding(
    site: Path, monkeypatch: pytest.MonkeyPatch, question: Question
) -> None:
    made = ask(Site(site), question)
    words = shlex.split(command_for(made, NAME))
    assert words[0] == "excavate"
    monkeypatch.chdir(site.parent)
    before = {one.id for one in findings(Site(site).folder)}
    said = CliRunner().invoke(app, words[1:])
    assert said.exit_code == 0, said.output
    assert {one.id for one in findings(Site(site).folder)} == before


def test_what_is_not_asked_for_is_left_out() -> None:
    assert gaps_command("s", Question("", "digits")) == "excavate gaps --site s --dataset digits"


def test_the_tree_is_named() -> None:
    asked = Question("taxonomy", "digits", "taxonomy:my tree")
    assert gaps_command("s", asked).endswith("--reference 'taxonomy:my tree'")
