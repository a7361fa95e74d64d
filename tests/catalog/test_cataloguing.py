"""From a source to a published generation: faults, resumption, what stays when it goes wrong."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from excavate.catalog.attributes import add_attributes
from excavate.catalog.cataloguing import DigRequest, catalogue
from excavate.catalog.folder import SiteFolder
from excavate.catalog.opening import connect
from excavate.catalog.pictures import Pictures
from excavate.catalog.reading import read_batches
from excavate.errors import ExcavateError, SiteError, SourceError
from excavate.model import Item, batches_of
from excavate.settings import Settings
from excavate.site import Site
from tests.catalog.processes import reading
from tests.made import catalog_rows, encoded, picture

ALONE = Settings(workers=1)
KILLED = """
import os, signal, sys
from pathlib import Path
from excavate import sources
from excavate.catalog.cataloguing import DigRequest, catalogue
from excavate.model import Item, batches_of
from excavate.settings import Settings
sources.REGISTRY["made"] = sources.Entry("tests.catalog.made_source", "N")
def progress(stage, done, total):
    if done >= int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
catalogue(DigRequest("made:4500", Path(sys.argv[1])), Settings(workers=1), progress)
"""


def dig(site: Path, source: str = "made:600", **options: object):
    return catalogue(DigRequest(source, site, **options), ALONE)  # type: ignore[arg-type]


def current(site: Path) -> Path:
    file = SiteFolder(site).current()
    assert file is not None
    return file


def test_faults_become_rows_and_the_dig_goes_on(tmp_path: Path) -> None:
    dug = dig(tmp_path / "site")
    site = Site(tmp_path / "site")
    items = site.items()
    without = {n for n in range(600) if n % 5 == 4}
    broken = {n for n in range(600) if n % 7 == 6} - without
    cut, headless = {n for n in broken if n % 2}, {n for n in broken if not n % 2}
    states = dict(items.groupby("pixels").size())
    assert states == {
        "none": len(without),
        "fault": len(broken),
        "read": 600 - len(without | broken),
    }
    # x 15 and width 3 + n on 20 pixels cross the edge for n > 2, where the width is known
    off = [n for n in range(600) if n % 3 == 0 and n > 2 and n not in without | headless]
    assert dug.faults == {
        "truncated": len(cut),
        "unreadable": len(headless),
        "region-off-picture": len(off),
    }
    details = set(site.faults().query("reason == 'unreadable'")["detail"])
    assert details == {"not a picture of a kind that is read"}
    regions = site.regions()
    assert list(regions["width"]) == [3.0 + n for n in range(600) if n % 3 == 0]


def test_several_processes_read_the_same_as_one(tmp_path: Path) -> None:
    dig(tmp_path / "one", "made:3000")
    catalogue(DigRequest("made:3000", tmp_path / "two"), Settings(workers=2))
    assert catalog_rows(current(tmp_path / "one")) == catalog_rows(current(tmp_path / "two"))


@pytest.mark.parametrize("done", [0, 4096, 4500])
def test_a_dig_killed_at_a_commit_ends_the_same(tmp_path: Path, done: int) -> None:
    site = tmp_path / "site"
    dig(site, "made:40", dataset="older")
    command = [sys.executable, "-c", KILLED, str(site), str(done)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert list(Site(site).datasets()["dataset_id"]) == ["older"]
    begun: list[int] = []
    request = DigRequest("made:4500", site)
    catalogue(request, ALONE, lambda stage, count, total: begun.append(count))
    assert begun[0] == done
    dig(tmp_path / "whole", "made:40", dataset="older")
    dig(tmp_path / "whole", "made:4500")
    assert catalog_rows(current(site)) == catalog_rows(current(tmp_path / "whole"))


@pytest.mark.slow
def test_a_dig_killed_at_any_moment_ends_the_same(tmp_path: Path) -> None:
    site, whole = tmp_path / "site", tmp_path / "whole"
    dig(whole, "made:4500")
    command = [sys.executable, "-c", KILLED, str(site), "99999"]
    begun = time.monotonic()
    subprocess.run([*command[:-2], str(tmp_path / "timed"), "99999"], check=True)
    whole_run = time.monotonic() - begun
    moments = random.Random(7)
    for _ in range(4):
        child = subprocess.Popen(command)
        time.sleep(moments.uniform(0.3, 1.0) * whole_run)
        child.send_signal(signal.SIGKILL)
        child.wait()
        if (site / "CURRENT").exists():
            assert len(Site(site).items()) == 4500
    dig(site, "made:4500")
    assert catalog_rows(current(site)) == catalog_rows(current(whole))


def test_killed_between_the_naming_and_the_swap(tmp_path: Path) -> None:
    dig(tmp_path, "made:30")
    dig(tmp_path, "made:60", dataset="made")
    (tmp_path / "CURRENT").write_text("catalog-000001.duckdb\n")
    (tmp_path / ".publishing").write_text("catalog-000002.duckdb")
    assert dig(tmp_path, "made:60").unchanged
    assert current(tmp_path).name == "catalog-000002.duckdb"
    assert not (tmp_path / ".publishing").exists()


def test_the_same_input_is_not_dug_twice(tmp_path: Path) -> None:
    assert not dig(tmp_path).unchanged
    again = dig(tmp_path)
    assert (again.unchanged, again.items, again.generation) == (True, 600, "catalog-000001")
    assert not dig(tmp_path, limit=10).unchanged
    assert len(Site(tmp_path).items()) == 10


@pytest.mark.parametrize("limit", [1, 255, 256, 257, 600, 1000])
def test_limit_cuts_the_stream(tmp_path: Path, limit: int) -> None:
    assert dig(tmp_path, limit=limit).items == min(limit, 600)


def test_the_revision_is_of_the_content(tmp_path: Path) -> None:
    dig(tmp_path / "a", "made:100")
    dig(tmp_path / "b", "made:100,")
    dig(tmp_path / "c", "made:101")
    a, b, c = (Site(tmp_path / s).revisions()["made"] for s in "abc")
    assert a == b != c


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            "made:600,duplicate",
            "made:600,duplicate: faults in the index (1). Mend the source; nothing was changed\n"
            "  made/test/0: this key stands 2 times",
        ),
        (
            "made:2,category",
            "made:2,category: faults in the index (2). Mend the source; nothing was changed\n"
            "  made/test/0: names a category that the taxonomy lacks (9)\n"
            "  made/train/1: names a category that the taxonomy lacks (9)",
        ),
        ("made:0", "made:0: no items found. Check the path, and --split if it was given"),
    ],
)
def test_what_must_not_be_published(tmp_path: Path, source: str, said: str) -> None:
    dig(tmp_path, "made:20")
    before = catalog_rows(current(tmp_path))
    with pytest.raises(SourceError) as caught:
        dig(tmp_path, source, dataset="made")
    assert str(caught.value) == said
    assert catalog_rows(current(tmp_path)) == before
    assert not list(tmp_path.glob(".building*"))


def test_no_usable_item_is_an_error_that_lists_the_faults(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"none of 4 items can be used \(4\)") as caught:
        dig(tmp_path, "made:4,broken")
    assert caught.value.count == 4
    assert not (tmp_path / "CURRENT").exists()


def test_one_dig_at_a_time(tmp_path: Path) -> None:
    dig(tmp_path, "made:20")
    with (
        SiteFolder(tmp_path).lock(),
        pytest.raises(SiteError, match="another dig is under way"),
    ):
        dig(tmp_path, "made:21")


@pytest.mark.parametrize(
    "name", ["", "A", "a/b", "../x", "x" * 65, "한 글", "-a", "é".encode().decode() + "\u0301"]
)
def test_names_that_cannot_name_a_dataset(tmp_path: Path, name: str) -> None:
    with pytest.raises(ExcavateError, match="cannot name a dataset"):
        dig(tmp_path, dataset=name or " ")
    assert not (tmp_path / "CURRENT").exists()


def test_another_dataset_of_the_same_name_is_not_replaced_in_silence(tmp_path: Path) -> None:
    dig(tmp_path, "made:20")
    with pytest.raises(SiteError) as caught:
        dig(tmp_path, "made:30")
    assert str(caught.value) == (
        "made: another dataset has this name (made:20). "
        "Give --dataset another name, or --dataset made to replace it"
    )
    assert len(Site(tmp_path).items()) == 20
    assert dig(tmp_path, "made:30", dataset="한국어-이름").dataset_id == "한국어-이름"
    assert dig(tmp_path, "made:30", dataset="made").items == 30
    assert set(Site(tmp_path).datasets()["dataset_id"]) == {"made", "한국어-이름"}


def test_attributes_that_people_joined_are_not_lost_in_silence(tmp_path: Path) -> None:
    dig(tmp_path, "made:20")
    (tmp_path / "t.csv").write_text("id,v\n1,a\n15,b\n")
    asked = {"dataset": "made", "key": "id", "said_by": "self", "source": "a letter"}
    add_attributes(tmp_path, tmp_path / "t.csv", **asked)
    with pytest.raises(SiteError, match="1 attributes joined earlier belong to items that this"):
        dig(tmp_path, "made:20", limit=10)
    assert len(Site(tmp_path).attributes().query("added")) == 2
    dug = dig(tmp_path, "made:20", limit=10, drop_attributes=True)
    assert dug.dropped_attributes == 1
    assert list(Site(tmp_path).attributes().query("added")["value"]) == ["a"]


def test_an_interrupted_dig_outlives_another_one(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path), "4096"]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    dig(tmp_path, "made:30", dataset="other")
    with pytest.raises(SourceError):
        dig(tmp_path, "made:4,broken", dataset="third")
    begun: list[int] = []
    catalogue(DigRequest("made:4500", tmp_path), ALONE, lambda stage, n, of: begun.append(n))
    assert begun[0] == 4096
    dig(tmp_path / "whole", "made:30", dataset="other")
    dig(tmp_path / "whole", "made:4500")
    assert catalog_rows(current(tmp_path)) == catalog_rows(current(tmp_path / "whole"))


@pytest.mark.parametrize("step", ["carry", "publish"])
def test_killed_while_publishing_nothing_is_read_again(tmp_path: Path, step: str) -> None:
    dig(tmp_path, "made:30", dataset="other")
    kill = "import os, signal; from excavate.catalog.building import Building\n"
    kill += f"Building.{step} = lambda self: os.kill(os.getpid(), signal.SIGKILL)\n"
    command = [sys.executable, "-c", kill + KILLED, str(tmp_path), "99999"]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    begun: list[int] = []
    catalogue(DigRequest("made:4500", tmp_path), ALONE, lambda stage, n, of: begun.append(n))
    assert begun[0] == 4500
    assert set(Site(tmp_path).datasets()["items"]) == {30, 4500}


def test_a_larger_bound_brings_a_bomb_back(tmp_path: Path) -> None:
    request = DigRequest("made:20", tmp_path)
    assert catalogue(request, Settings(workers=1, max_pixels=100)).faults["bomb"] > 10
    assert "bomb" not in catalogue(request, ALONE).faults


def test_again_reads_what_did_not_change(tmp_path: Path) -> None:
    dig(tmp_path, "made:20")
    assert dig(tmp_path, "made:20").unchanged
    assert not dig(tmp_path, "made:20", again=True).unchanged


def test_a_current_that_names_nothing_is_mended_by_a_dig(tmp_path: Path) -> None:
    dig(tmp_path, "made:20")
    (tmp_path / "CURRENT").write_text("catalog-000009.duckdb\n")
    assert dig(tmp_path, "made:20").unchanged
    (tmp_path / "catalog-000001.duckdb").unlink()
    assert dig(tmp_path, "made:20").items == 20


def test_a_changed_original_is_not_passed_off_as_the_one_dug(tmp_path: Path) -> None:
    root = tmp_path / "pets" / "cat"
    root.mkdir(parents=True)
    for n in range(2):
        (root / f"{n}.png").write_bytes(encoded(picture(n, 300, 20)))
    catalogue(DigRequest(f"folder:{root.parent}", tmp_path / "site"), ALONE)
    (root / "0.png").write_bytes((root / "1.png").read_bytes())
    (root / "1.png").write_bytes(b"cut off")
    connection = connect(current(tmp_path / "site"), read_only=True)
    pictures = Pictures(connection, "pets", "", root.parent)
    for n in range(2):
        shown = np.asarray(pictures.open(n).convert("L").resize((300, 20)), "float")
        dug = np.asarray(picture(n, 300, 20).convert("L"), "float")
        assert np.corrcoef(shown.ravel(), dug.ravel())[0, 1] > 0.5
    assert pictures.from_thumbnails == 2
    connection.close()


def test_pictures_do_not_wait_for_the_commit_in_memory() -> None:
    content = encoded(picture(1), "PNG")
    batches = batches_of((Item(key=str(n), content=content) for n in range(4)), 2)
    for batch, readings in read_batches(batches, None, ALONE, None):
        assert batch.items["content"].null_count == len(batch) == 2
        assert readings["pixels"].to_pylist() == ["read", "read"]


@pytest.mark.slow
def test_a_worker_that_dies_is_an_error_and_the_dig_resumes(tmp_path: Path) -> None:
    killed: list[int] = []

    def kill_a_worker(stage: str, done: int, total: int | None) -> None:
        if done >= 4096 and not killed:
            killed.append(min(reading()))
            os.kill(killed[0], signal.SIGKILL)

    request = DigRequest("made:16000", tmp_path)
    with pytest.raises(ExcavateError, match="a process that reads pictures died"):
        catalogue(request, Settings(workers=2), kill_a_worker)
    assert not (tmp_path / "CURRENT").exists()
    assert catalogue(request, Settings(workers=2)).items == 16000
