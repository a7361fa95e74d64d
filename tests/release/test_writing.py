"""A release is there whole or not at all; it is never written over, and never changed."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from excavate.counter.plans import plans
from excavate.errors import ReleaseError, SiteError, SourceError
from excavate.release import formats, writing
from excavate.release.record import Contents, Lost
from excavate.release.staging import next_version, staged
from excavate.release.verifying import verify
from excavate.release.writing import release
from excavate.site import Site
from excavate.workshop import media
from excavate.workshop.store import Workshop
from tests.release.rooms import Room

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
RELEASED = "SELECT version, checksum, members FROM released ORDER BY version"
# Writes a staging folder file by file for ever, its name on stdout once it has begun.
WRITER = """
import sys, time
from pathlib import Path
from excavate.release.staging import staged
with staged(Path(sys.argv[1]), "whose-hand", int(sys.argv[2])) as folder:
    print(folder.name, flush=True)
    for number in range(100_000):
        (folder / f"{number}.txt").write_bytes(b"x" * 1000)
        if sys.argv[3] == "slow":
            time.sleep(0.01)
"""

# Releases, and dies by SIGKILL right after one step of it.
DYING = """
import os, signal, sys
from pathlib import Path
from excavate.counter.plans import plans
from excavate.release import writing
from excavate.site import Site
from excavate.workshop.store import Workshop
site, folder, to, step = sys.argv[1:]
whole = getattr(writing, step)
def dying(*given):
    whole(*given)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(writing, step, dying)
room = Workshop(folder)
writing.release(Site(site), room, plans(room)[0].given.plan_id, Path(to))
"""
STEPS = ("_write_items", "write_checksums", "settle_all")


def out(room: Room, to: Path, **more: object) -> Path:
    """The next release of a room's counter-dataset."""
    return release(room.site, room.workshop, room.plan_id, to, **more)  # type: ignore[arg-type]


def test_every_release_is_the_next_version_and_none_is_changed(room: Room, tmp_path: Path) -> None:
    room.everything()
    first = out(room, tmp_path / "out")
    before = {f: f.read_bytes() for f in first.rglob("*") if f.is_file()}
    room.put("drawn")
    second = out(room, tmp_path / "out")
    assert (first.name, second.name) == ("whose-hand-v1", "whose-hand-v2")
    assert {f: f.read_bytes() for f in first.rglob("*") if f.is_file()} == before
    with room.workshop.cursor() as cursor:
        rows = cursor.execute(RELEASED).fetchall()
    sums = [
        hashlib.sha256((f / "checksums.sha256").read_bytes()).hexdigest() for f in (first, second)
    ]
    assert [row[:2] for row in rows] == [("1", sums[0]), ("2", sums[1])]
    assert [len(json.loads(row[2])["members"]) for row in rows] == [6, 7]
    elsewhere = out(room, tmp_path / "elsewhere")
    assert elsewhere.name == "whose-hand-v3"  # a version is one release, wherever it lies


def test_the_checksums_are_read_by_sha256sum(room: Room, tmp_path: Path) -> None:
    room.everything()
    folder = out(room, tmp_path / "out", formats=["csv", "coco", "labelme", "imagefolder"])
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", "checksums.sha256"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "")
    names = re.findall(r"^\w+  (.+)$", (folder / "checksums.sha256").read_text(), re.MULTILINE)
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert names == sorted(there - {"checksums.sha256"})


def test_what_the_gate_stops_leaves_nothing(room: Room, tmp_path: Path) -> None:
    room.plan()
    room.put("drawn", None)
    with pytest.raises(ReleaseError, match=r"no\. 1 "):
        out(room, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_picture_that_is_gone_or_changed_stops_and_leaves_nothing(
    room: Room, tmp_path: Path
) -> None:
    room.plan()
    room.put("drawn")
    [kept] = (tmp_path / "media").iterdir()
    kept.write_bytes(b"another")
    with pytest.raises(SiteError, match="has changed"):
        out(room, tmp_path / "out")
    kept.unlink()
    with pytest.raises(SiteError, match="is gone"):
        out(room, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []
    assert media.kept(tmp_path, kept.name) is None


def test_a_format_that_fails_leaves_nothing_that_looks_finished(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_contents: Contents, folder: Path) -> list[Lost]:
        (folder / "half").write_bytes(b"half")
        raise OSError(28, "No space left on device")

    room.everything()
    monkeypatch.setattr(writing, "writer_of", lambda _name: full)
    with pytest.raises(SiteError, match="No space left"):
        out(room, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_disk_that_tells_a_failure_once_is_heard(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Linux gives the error of a write to the first who asks; the next is told that all is well."""
    asked: list[str] = []
    fsync = os.fsync

    def failing_once(opened: int) -> None:
        name = str(Path(f"/proc/self/fd/{opened}").readlink())
        asked.append(name)
        if name.endswith(".png") and sum(one.endswith(".png") for one in asked) == 1:
            raise OSError(errno.EIO, "Input/output error")
        fsync(opened)

    room.plan()
    for _ in range(8):
        room.put("uploaded")
    monkeypatch.setattr(os, "fsync", failing_once)
    with pytest.raises(SiteError, match="Input/output error"):
        out(room, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("after", [0, 3, 40])
def test_a_writer_killed_at_any_point_leaves_no_release_and_the_next_sweeps_up(
    tmp_path: Path, after: int
) -> None:
    writer = started(tmp_path, 1, "slow")
    stale = tmp_path / writer.stdout.readline().strip()  # type: ignore[union-attr]
    while len(list(stale.iterdir())) < after:
        time.sleep(0.005)
    writer.kill()
    writer.wait()
    assert [p.name for p in tmp_path.iterdir()] == [stale.name]
    assert next_version(tmp_path, "whose-hand") == 1
    (tmp_path / ".another-v1.0123456789abcdef").mkdir()
    with staged(tmp_path, "whose-hand", 1) as folder:
        assert not stale.exists()
        (folder / "done").touch()
    names = sorted(p.name for p in tmp_path.iterdir())
    assert names == [".another-v1.0123456789abcdef", "whose-hand-v1"]


def died(dug: Path, folder: Path, step: str) -> list[str]:
    """What lies where releases go after one was killed at a step of it."""
    workshop = Workshop(folder)
    Room(Site(dug), workshop).everything()
    workshop.close()
    command = [sys.executable, "-c", DYING, str(dug), str(folder), str(folder / "out"), step]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    return sorted(path.name for path in (folder / "out").iterdir())


@pytest.mark.parametrize("step", STEPS)
def test_a_release_killed_at_a_step_is_not_there_and_the_next_is_whole(
    dug: Path, tmp_path: Path, step: str
) -> None:
    [left] = died(dug, tmp_path, step)
    assert left.startswith(".whose-hand-v1.")
    folder = again(dug, tmp_path)
    assert folder.name == "whose-hand-v1"
    assert verify(folder).is_whole
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["whose-hand-v1"]


def test_a_release_killed_once_it_stands_is_whole_and_the_next_is_another(
    dug: Path, tmp_path: Path
) -> None:
    assert died(dug, tmp_path, "told_row") == ["whose-hand-v1"]
    assert verify(tmp_path / "out" / "whose-hand-v1").is_whole
    assert again(dug, tmp_path).name == "whose-hand-v2"


def again(dug: Path, folder: Path) -> Path:
    """The next release of what a killed one was of."""
    workshop = Workshop(folder)
    try:
        plan_id = plans(workshop)[0].given.plan_id
        return release(Site(dug), workshop, plan_id, folder / "out")
    finally:
        workshop.close()


def test_a_run_leaves_alone_what_another_is_still_writing(tmp_path: Path) -> None:
    writer = started(tmp_path, 1, "slow")
    try:
        busy = tmp_path / writer.stdout.readline().strip()  # type: ignore[union-attr]
        with staged(tmp_path, "whose-hand", 2):
            assert busy.is_dir()
        assert busy.is_dir()
        assert (tmp_path / "whose-hand-v2").is_dir()
    finally:
        writer.kill()
        writer.wait()


def test_a_version_that_was_taken_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    with (
        pytest.raises(SiteError, match="took this version"),
        staged(tmp_path, "whose-hand", 1),
    ):
        (tmp_path / "whose-hand-v1").mkdir()
    assert [p.name for p in tmp_path.iterdir()] == ["whose-hand-v1"]


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SiteError, match="cannot be written"), staged(tmp_path / "file", "n", 1):
        raise AssertionError("no folder was made")


def test_a_room_in_which_nothing_was_dug_may_release_what_it_made(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    workshop = Workshop(tmp_path / "site")
    made = Room(Site(tmp_path / "site"), workshop)
    made.plan()
    made.put("uploaded")
    made.put("empty")
    verify(out(made, tmp_path / "out"))
    workshop.close()


def test_a_format_or_an_address_that_is_none_is_told_before_anything(
    room: Room, tmp_path: Path
) -> None:
    room.plan()
    with pytest.raises(SourceError, match="no such format"):
        out(room, tmp_path / "out", formats=["coco", "zarr", "pickle"])
    for base in ("file:///tmp", "", "https://a.kr/?v=1", "https://a.kr/#x", "https://a.kr/%zz",
                 "https://a.kr/a?"):  # fmt: skip
        with pytest.raises(SourceError, match="http"):
            out(room, tmp_path / "out", base=base)


def test_every_format_has_a_writer_of_its_own(room: Room, tmp_path: Path) -> None:
    entries = {**formats.ALWAYS, **formats.BY_CHOICE}
    for name in entries:
        assert callable(formats.writer_of(name)), name
    files = [file for entry in entries.values() for file in entry.files]
    assert len(files) == len(set(files))
    room.everything()
    set_in_type = ("exhibition", "catalogue")  # they need the built frontend's typefaces
    folder = out(
        room, tmp_path / "out", formats=[n for n in formats.BY_CHOICE if n not in set_in_type]
    )
    made = [file for name, one in entries.items() if name not in set_in_type for file in one.files]
    assert [file for file in made if not (folder / file).exists()] == []
    assert verify(folder).faults == ()


def started(to: Path, version: int, pace: str) -> subprocess.Popen[str]:
    """A process that writes a staging folder and does not end."""
    command = [sys.executable, "-c", WRITER, str(to), str(version), pace]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT)
