"""A release is verified from its own files: whatever was changed is told, all of it at once."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from excavate.cli import app
from excavate.errors import SiteError
from excavate.release.checksums import FILE, write_checksums
from excavate.release.verifying import verify
from excavate.release.writing import release
from excavate.site import Site
from excavate.workshop.store import Workshop
from tests.release.rooms import Room

# An endless file is told before it fills the memory of whoever runs this.
MEMORY = "import resource; resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))\n"
CHOICE = ("csv", "coco", "labelme", "imagefolder")


@pytest.fixture(scope="module")
def made(dug: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with everything in it, never written to."""
    folder = tmp_path_factory.mktemp("made")
    workshop = Workshop(folder)
    room = Room(Site(dug), workshop)
    room.everything()
    done = release(room.site, workshop, room.plan_id, folder / "out", formats=CHOICE)
    workshop.close()
    return done


@pytest.fixture
def copied(made: Path, tmp_path: Path) -> Path:
    """A copy of it to be spoilt."""
    return Path(shutil.copytree(made, tmp_path / made.name))


def told(folder: Path) -> list[tuple[str, str]]:
    return [(one.place, one.what.partition(":")[0]) for one in verify(folder).faults]


def test_a_release_is_whole_wherever_it_is_carried(copied: Path) -> None:
    moved = copied.rename(copied.with_name("on-a-stick"))
    found = verify(moved)
    assert found.is_whole, found.faults
    assert (found.name, found.plates) == ("on-a-stick", 6)
    assert found.files == sum(p.is_file() for p in moved.rglob("*"))


def test_what_is_missing_changed_added_or_linked_is_told_at_once(copied: Path) -> None:
    (copied / "RIGHTS.md").unlink()
    (copied / "coco.json").write_bytes((copied / "coco.json").read_bytes() + b" ")
    (copied / "items" / "extra.png").write_bytes(b"extra")
    (copied / "CITATION.cff").unlink()
    (copied / "CITATION.cff").symlink_to("/etc/hostname")
    (copied / "elsewhere").symlink_to("/etc", target_is_directory=True)
    assert told(copied) == [
        ("CITATION.cff", "a link or no plain file"),
        ("RIGHTS.md", "missing"),
        ("coco.json", "changed"),
        ("elsewhere", "a link or no plain file"),
        ("items/extra.png", "added"),
        ("items/extra.png", "no row of the table names it"),
    ]


@pytest.mark.parametrize(
    "line",
    ["nonsense", f"{'0' * 64}  ../outside", f"{'0' * 64}  /etc/hostname",
     f"{'0' * 64}  items/../../x", f"{'0' * 64}  items//0002.png"],
)  # fmt: skip
def test_a_line_that_leads_elsewhere_is_told_and_not_followed(copied: Path, line: str) -> None:
    file = copied / FILE
    number = len(file.read_text().splitlines()) + 1
    file.write_text(f"{file.read_text()}{line}\n")
    [(place, _what)] = told(copied)
    assert place == f"{FILE} line {number}"


def test_no_release_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="no release"):
        verify(tmp_path)


def spoil_manifest(folder: Path) -> None:
    document = json.loads((folder / "manifest.json").read_text())
    document["items"].pop(1)
    (folder / "manifest.json").write_text(json.dumps(document))


def spoil_annotations(folder: Path) -> None:
    lines = (folder / "annotations.jsonl").read_text().splitlines()
    one = json.loads(lines[0]) | {"target": "http://127.0.0.1:8000/canvas/nowhere"}
    (folder / "annotations.jsonl").write_text("\n".join([json.dumps(one), *lines[1:]]) + "\n")


def spoil_rights(folder: Path) -> None:
    text = (folder / "RIGHTS.md").read_text()
    (folder / "RIGHTS.md").write_text(text.replace("\n| 4 |", "\n| 5 |"))


def spoil_csv(folder: Path) -> None:
    lines = (folder / "items.csv").read_bytes().splitlines(keepends=True)
    (folder / "items.csv").write_bytes(b"".join(lines[:-1]))


def spoil_a_cell(folder: Path) -> None:
    text = (folder / "items.csv").read_text("utf-8")
    (folder / "items.csv").write_text(text.replace("CC-BY-4.0", "CC0-1.0", 1), "utf-8")


def spoil_heads(folder: Path) -> None:
    text = (folder / "items.csv").read_text("utf-8")
    (folder / "items.csv").write_text(text.replace("licence", "license", 1), "utf-8")


def spoil_coco(folder: Path) -> None:
    document = json.loads((folder / "coco.json").read_text())
    document["images"][0]["license"] = 99
    (folder / "coco.json").write_text(json.dumps(document))


def spoil_labelme(folder: Path) -> None:
    (folder / "labelme" / "0003.json").unlink()


def spoil_imagefolder(folder: Path) -> None:
    text = (folder / "items" / "metadata.jsonl").read_text()
    (folder / "items" / "metadata.jsonl").write_text(text.replace("0002.png", "0003.png"))


def spoil_picture(folder: Path) -> None:
    (folder / "items" / "0003.png").write_bytes((folder / "items" / "0002.png").read_bytes())


def spoil_table(folder: Path) -> None:
    (folder / "items.parquet").write_bytes(b"PAR1 and no more")


def spoil_finding_aid(folder: Path) -> None:
    text = (folder / "finding-aid.html").read_text("utf-8")
    spoilt = text.replace("</body>", '<img src="https://example.org/x.png"></body>')
    (folder / "finding-aid.html").write_text(spoilt, "utf-8")


def spoil_exhibition(folder: Path) -> None:
    pages = folder / "exhibition" / "items"
    pages.mkdir(parents=True)
    for number in range(1, 7):
        (pages / f"{number:04d}.html").write_text('<a href="../nowhere.html">x</a>')


SPOILT: dict[str, tuple[Callable[[Path], None], str]] = {
    "manifest": (spoil_manifest, "manifest.json"),
    "annotations": (spoil_annotations, "annotations.jsonl"),
    "rights": (spoil_rights, "RIGHTS.md"),
    "csv": (spoil_csv, "items.csv"),
    "cell": (spoil_a_cell, "items.csv"),
    "heads": (spoil_heads, "items.csv"),
    "coco": (spoil_coco, "coco.json"),
    "labelme": (spoil_labelme, "labelme"),
    "imagefolder": (spoil_imagefolder, "items/metadata.jsonl"),
    "finding-aid": (spoil_finding_aid, "finding-aid.html"),
    "exhibition": (spoil_exhibition, "exhibition"),
    "picture": (spoil_picture, "items.parquet row 3"),
    "table": (spoil_table, "items.parquet"),
}


def test_of_a_table_for_spreadsheets_every_cell_is_held_against_the_table(copied: Path) -> None:
    spoil_a_cell(copied)
    (copied / FILE).unlink()
    write_checksums(copied, {})
    [fault] = verify(copied).faults
    assert fault.what == "rows that are not those of the table: 1, the first is no. 2"


def a_pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def an_endless_link(file: Path) -> None:
    file.unlink()
    file.symlink_to("/dev/zero")


OPENED = {"manifest.json", "annotations.jsonl", "RIGHTS.md", "items.csv", "croissant.json",
          "finding-aid.html", "coco.json", "labelme/0002.json", "items/0002.png",
          "items/metadata.jsonl", "NOT-HELD.md", "exhibition/items/0002.html"}  # fmt: skip


@pytest.mark.parametrize("laid", [a_pipe, an_endless_link])
def test_what_is_no_plain_file_is_told_and_never_opened(
    copied: Path, laid: Callable[[Path], None]
) -> None:
    spoil_exhibition(copied)
    for name in OPENED:
        laid(copied / name)
    code = "import sys; from pathlib import Path; from excavate.release.verifying import verify\n"
    code += "print([one.place for one in verify(Path(sys.argv[1])).faults])"
    done = subprocess.run([sys.executable, "-c", MEMORY + code, str(copied)], check=False,
                          capture_output=True, text=True, timeout=60)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert set(ast.literal_eval(done.stdout)) >= OPENED


def test_checksums_that_are_a_link_are_a_fault_and_not_followed(
    copied: Path, tmp_path: Path
) -> None:
    (copied / FILE).rename(tmp_path / "sums")
    (copied / FILE).symlink_to(tmp_path / "sums")
    assert told(copied) == [(FILE, "a link or no plain file")]


@pytest.mark.parametrize("name", ["NOT-HELD.md", "README.md", "RIGHTS.md"])
def test_what_every_release_has_is_missed_also_where_the_checksums_do_not_name_it(
    copied: Path, name: str
) -> None:
    (copied / name).unlink()
    (copied / FILE).unlink()
    write_checksums(copied, {})
    assert told(copied) == [(name, "missing")]


@pytest.mark.parametrize("spoilt", SPOILT)
def test_a_format_that_says_otherwise_is_told_also_where_the_checksums_agree(
    copied: Path, spoilt: str
) -> None:
    spoil, place = SPOILT[spoilt]
    spoil(copied)
    (copied / FILE).unlink()
    write_checksums(copied, {})
    assert place in [where for where, _what in told(copied)]


def test_the_command_prints_every_fault_and_ends_with_one(copied: Path) -> None:
    run = CliRunner().invoke
    whole = run(app, ["verify", str(copied)])
    assert whole.exit_code == 0
    assert "6 plates: whole" in whole.output
    (copied / "items.csv").write_text("")
    (copied / "RIGHTS.md").unlink()
    spoilt = run(app, ["verify", str(copied), "--json"])
    assert spoilt.exit_code == 1
    found = json.loads(spoilt.stdout)
    assert not found["whole"]
    assert {one["where"] for one in found["faults"]} == {"items.csv", "RIGHTS.md"}


def test_the_sum_of_a_release_is_that_of_its_checksums(made: Path) -> None:
    """What the workshop records names every byte of it."""
    listed = (made / FILE).read_text().splitlines()
    assert all(
        hashlib.sha256((made / line[66:]).read_bytes()).hexdigest() == line[:64] for line in listed
    )
