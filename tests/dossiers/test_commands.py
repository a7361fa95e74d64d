"""The commands on dossiers, as people and programs meet them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.dossiers.written import withdrawn, written


@pytest.fixture
def archives(tmp_path: Path) -> Path:
    folder = tmp_path / "archives"
    folder.mkdir()
    written(folder, "alpha", top='[terrain]\nyear = 1998\nbecause.year = ["alpha-01"]')
    withdrawn(folder)
    return folder


def excavate(archives: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "excavate", *map(str, arguments)]
    environ = {**os.environ, "EXCAVATE_ARCHIVES": str(archives)}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environ)


def test_the_list(archives: Path) -> None:
    (archives / "cut.toml").write_text("id = \n")
    done = excavate(archives, "dossiers")
    assert done.stdout.splitlines() == [
        "id     name           year  status     facts  answers",
        "alpha  alpha by name  1998  –          0 + 1  0 + 1 of 80",
        "gone   gone by name   –     withdrawn  0 + 1  0 + 1 of 80",
        "2 dossiers. Facts and answers: source seen + unverified; – is not known",
    ]
    assert done.stderr == "not shown: 1 that cannot be read (excavate dossier check)\n"
    record = json.loads(excavate(archives, "dossiers", "--json").stdout)
    assert record["dossiers"][0] == {
        "id": "alpha", "name": "alpha by name", "year": 1998, "status": None, "draft": False,
        "facts_seen": 0, "facts_unverified": 1, "score": {"seen": 0, "unverified": 1, "none": 79},
    }  # fmt: skip
    assert record["faults"] == ["cut.toml:1:6: this is not TOML (Invalid value)"]


def test_one_dossier_by_its_name(archives: Path) -> None:
    shown = excavate(archives, "dossier", "gone").stdout
    for line in (
        "gone · gone by name", "  status       withdrawn 2020-06-29", "  year         not known",
        "status · gone-01 · unverified", "  Seven hundred pictures.", "  — A letter of its maker",
        "  What neither asks: 0 + 1 of 8", "not dug: it is withdrawn",
        "    open in Motivation: What was it made for, and which gap was it to fill? "
        "Who made it, and",
    ):  # fmt: skip
        assert line in shown.splitlines()
    assert excavate(archives, "dossier", "show", "gone").stdout == shown
    for order in (["gone", "--json"], ["--json", "gone"]):
        record = json.loads(excavate(archives, "dossier", *order).stdout)
        assert record["fact"][0]["id"] == "gone-01"
        assert record["terrain"]["year"] is None
        assert record["score"]["questions"]["unasked-withdrawal"] == {
            "state": "unverified", "facts": ["gone-01"],
        }  # fmt: skip


BOTH = """
name.ko = "베타"
[status]
state = "active"
because = ["beta-01"]
[[count]]
of = "items"
number = 70000
about = true
version = "full"
split = "train"
because = ["beta-01"]
[[count]]
of = "people"
number = 3
because = ["beta-01"]
[[dig]]
source = "digits"
note.en = "Small."
note.ko = "작다."
"""
SEEN = """
text.ko = "그림 칠백 장."
seen_in = "as given by a mirror"
url = "https://a.example/x"
note.ko = "참고."
"""


def test_all_that_a_dossier_says_is_printed(archives: Path) -> None:
    path = written(archives, "beta", top=BOTH, fact=SEEN)
    path.write_text(path.read_text("utf-8").replace('"recalled"', '"seen"'), "utf-8")
    assert excavate(archives, "dossier", "check").stdout.endswith("no faults\n")
    shown = excavate(archives, "dossier", "beta").stdout
    assert shown.startswith("beta · beta by name · 베타\n  status       active\n"
                            "  because      beta-01\n")  # fmt: skip
    assert (
        "  published    about 70,000 items, full, train (beta-01)\n"
        "  published    3 people (beta-01)\n"
        "\ncounts · beta-01\n  Seven hundred pictures.\n  그림 칠백 장.\n"
        "  — A letter of its maker (as given by a mirror), https://a.example/x\n  note: 참고.\n"
    ) in shown
    assert shown.endswith("dig it\n  digits  Small.  작다.\n")
    korean = excavate(archives, "dossier", "beta", "--lang", "ko").stdout
    assert korean.startswith("beta · 베타\n")
    assert "\n  그림 칠백 장.\n  — A letter" in korean
    assert "Seven hundred" not in korean
    assert "Motivation" not in korean
    english = excavate(archives, "dossier", "beta", "--lang", "en").stdout
    assert "칠백" not in english
    assert "note: 참고." in english, "it has no English"
    odd = excavate(archives, "dossier", "beta", "--lang", "fr")
    assert (odd.returncode, "--lang is one of ko, en" in odd.stderr) == (2, True)


def test_a_name_that_is_not_there(archives: Path) -> None:
    done = excavate(archives, "dossier", "alfa")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "excavate: alfa: no such dossier. Near it: alpha\n"


def test_check_tells_every_fault_and_leaves_with_1(archives: Path) -> None:
    clean = excavate(archives, "dossier", "check")
    assert (clean.returncode, clean.stdout) == (0, "2 dossiers, 2 facts: no faults\n")
    written(archives, "beta", top="draft = true", fact='answers = ["why"]\nurl = "x"')
    (archives / "cut.toml").write_text("id = \n")
    done = excavate(archives, "dossier", "check")
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "beta.toml: fact[1].url: is no address of the web; write https://… or http://…",
        'beta.toml: fact[1].answers: no question has the id "why"',
        "cut.toml:1:6: this is not TOML (Invalid value)",
        "beta.toml: a draft: read it, mend it, then take draft = true out",
        "3 dossiers, 3 facts: 3 faults",
    ]
    record = json.loads(excavate(archives, "dossier", "check", "--json").stdout)
    assert len(record["faults"]) == 3
    assert record["faults"][2] == {
        "place": "cut.toml:1:6", "what": "this is not TOML (Invalid value)",
    }  # fmt: skip


def test_a_draft_is_printed_or_written(archives: Path, tmp_path: Path) -> None:
    card = tmp_path / "README.md"
    card.write_text("# Gulls\n## Dataset Summary\nA thousand.\n## Weather\nRain.\n")
    printed = excavate(archives, "dossier", "draft", card)
    assert printed.stdout.startswith("# A draft that a machine wrote.")
    assert 'id = "gulls"' in printed.stdout
    assert printed.stderr == "left out: the section “Weather”\n"
    done = excavate(archives, "dossier", "draft", card, "--to", archives, "--id", "terns")
    path = archives / "terns.toml"
    assert done.stdout == f"{path}: 1 facts, read it before it is believed\n"
    assert path.read_text("utf-8") == printed.stdout.replace("gulls", "terns")
    again = excavate(archives, "dossier", "draft", card, "--to", archives, "--id", "terns")
    assert again.returncode == 1
    assert "there is a dossier already" in again.stderr


def test_a_withdrawn_dataset_is_refused_in_one_line(archives: Path, tmp_path: Path) -> None:
    done = excavate(archives, "dig", "gone", "--site", tmp_path / "site")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("excavate: gone: withdrawn (2020-06-29), so it is not dug.")
    assert not (tmp_path / "site").exists()
