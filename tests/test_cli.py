"""The command line: results as people and programs read them, exit codes, errors to act on."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.made import class_folder, encoded, picture


def excavate(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "excavate", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)


@pytest.fixture(scope="module")
def dug(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small site: two class folders, one broken picture, embedded by pixels:4."""
    root = tmp_path_factory.mktemp("cli")
    class_folder(root / "pets", each=4)
    (root / "pets" / "dog" / "broken.png").write_bytes(b"no picture at all")
    done = excavate("dig", f"folder:{root / 'pets'}", "--site", root / "site",
                    "--encoder", "pixels:4", "--json")  # fmt: skip
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert record["catalog"]["items"] == 9
    assert record["catalog"]["faults"] == {"unreadable": 1}
    assert record["vectors"][0]["result"]["rows"] == 8
    assert record["layouts"]["result"]["rows"] == 8
    return root / "site"


def test_a_dig_says_what_it_left(dug: Path) -> None:
    done = excavate("dig", f"folder:{dug.parent / 'pets'}", "--site", dug, "--encoder", "pixels:4")
    lines = done.stdout.splitlines()
    assert lines[0] == "pets: 9 items, 9 labels, 0 regions (unchanged, nothing to read)"
    assert lines[1] == "  faults: 1 (unreadable 1)"
    assert lines[-1] == f"See it: excavate serve --site {dug}"
    assert done.stderr == ""


def test_labels_and_taxonomies_from_elsewhere(dug: Path, tmp_path: Path) -> None:
    site = shutil.copytree(dug, tmp_path / "site")
    (tmp_path / "votes.csv").write_text("item,label,n\ncat/0.png,cat,3\ncat/0.png,lynx,1\n")
    done = excavate("labels", "add", tmp_path / "votes.csv", "--site", site, "--dataset", "pets",
                    "--count", "n", "--said-by", "perceived", "--source", "a class")  # fmt: skip
    assert done.stdout.splitlines() == [
        "4 judgements of 1 items (2 labels), now in catalog-000002",
        "  of no category, kept as they are: 'lynx' 1",
    ]
    (tmp_path / "beasts.csv").write_text("id,name,parent\nb,beast,\nc,cat,b\nf,fish,b\n")
    added = excavate("taxonomy", "add", tmp_path / "beasts.csv", "--site", site)
    assert added.stdout == "beasts: 3 nodes, 2 edges (now in catalog-000003)\n"
    shown = excavate("taxonomy", "show", "beasts", "--site", site).stdout.splitlines()
    assert shown[:3] == [
        "beasts: 3 nodes, 2 edges",
        "  roots 1, leaves 2",
        "  several parents 0, depth 1",
    ]
    held = excavate("taxonomy", "hold", "beasts", "--site", site, "--dataset", "pets")
    assert held.stdout.splitlines() == [
        "beasts · held against: 2 categories of pets",
        "  matched: by name 1",
        "  not in this taxonomy: 1",
        "    'dog'",
        "  kept 1 of 3 nodes (33.33%)",
        "  branches of which nothing is kept: 1",
        "           1  f  fish",
    ]
    as_json = excavate("taxonomy", "hold", "beasts", "--site", site, "--dataset", "pets", "--json")
    record = json.loads(as_json.stdout)
    assert len(record["dataset_revision"]) == len(record["revision"]) == 64
    everything = excavate("show", "--site", site).stdout
    assert "from elsewhere: a class (perceived), 4 judgements of 1 items" in everything
    assert "taxonomy beasts: 3 nodes, 2 edges" in everything
    again = excavate("upgrade", "--site", site).stdout
    assert again == "catalog-000003 has schema 3 already, nothing to do\n"
    neither = excavate("taxonomy", "hold", "beasts", "--site", site)
    assert neither.returncode == 2
    assert "give one of --dataset and --against" in neither.stderr


def test_show_lists_what_is_there(dug: Path) -> None:
    shown = excavate("show", "--site", dug).stdout
    for line in (
        "items 9 (8 with pixels)",
        "splits: all 9",
        "licence: not stated",
        "labels 9, categories 2, regions 0, attributes 0",
        "faults: 1 (unreadable 1)",
        "pixels:4, trained on: not trained",
    ):
        assert line in shown
    record = json.loads(excavate("show", "--site", dug, "--json").stdout)
    assert [d["dataset_id"] for d in record["datasets"]] == ["pets"]
    assert record["datasets"][0]["licence"] is None
    assert len(record["embeddings"]) == len(record["layouts"]) == 1


def test_search_by_item_and_by_image_agree(dug: Path, tmp_path: Path) -> None:
    by_item = json.loads(
        excavate("search", "--site", dug, "--item", "pets/all/cat/3.png", "--json").stdout
    )
    (tmp_path / "same.png").write_bytes(encoded(picture(3)))
    by_image = json.loads(
        excavate("search", "--site", dug, "--image", tmp_path / "same.png", "--json").stdout
    )
    assert by_image["found"][0]["item_id"] == "pets/all/cat/3.png"
    assert by_image["found"][0]["similarity"] == pytest.approx(1.0, abs=1e-6)
    ids = [row["item_id"] for row in by_item["found"]]
    assert ids == [row["item_id"] for row in by_image["found"][1:]]
    assert len(ids) == 7


def test_attributes_are_joined_from_the_command_line(dug: Path, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("file,mood\ncat/0.png,calm\n")
    done = excavate("attributes", "add", tmp_path / "t.csv", "--site", dug, "--dataset", "pets",
                    "--key", "file", "--said-by", "perceived", "--source", "a visitor")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1 rows reached 1 items, now in catalog-00000")


def test_another_encoder_and_another_seed(dug: Path) -> None:
    embedded = excavate("embed", "--site", dug, "--encoder", "pixels:2", "--json")
    assert json.loads(embedded.stdout)["vectors"][0]["result"]["dimension"] == 4
    one = json.loads(excavate("layout", "--site", dug, "--seed", "7", "--json").stdout)
    two = json.loads(excavate("layout", "--site", dug, "--seed", "8", "--json").stdout)
    assert one["layouts"]["id"] != two["layouts"]["id"]
    assert one["layouts"]["provenance"]["parameters"]["seed"] == 7


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["show", "--site", "gone"], "excavate: gone: no such site. "),
        (["dig", "nothing:x", "--site", "s"], "excavate: nothing:x: no such source. One of: "),
        (["dig", "folder", "--site", "s"], "excavate: folder: this source is written otherwise."),
        (["dig", "digits", "--site", "s", "--dataset", "A/B"], "excavate: 'A/B': cannot name a "),
        (["dig", "digits", "--site", "s", "--only", "x"], "excavate: x: no such stage. One of: "),
        (["dig", "digits", "--site", "s", "--encoder", "x"], "excavate: x: no such encoder. One"),
        (["search", "--site", "SITE", "--item", "pets/all/x"], "excavate: pets/all/x: no vector"),
        (["search", "--site", "SITE", "--text", "cat"], "this encoder knows no words. Search by"),
        (["embed", "--site", "SITE", "--dataset", "x", "--encoder", "pixels:2"],
         "excavate: x: no such dataset in this site. There are: pets"),
    ],
)  # fmt: skip
def test_errors_are_one_line_to_act_on(
    dug: Path, tmp_path: Path, arguments: list[str], said: str
) -> None:
    asked = [str(dug) if a == "SITE" else a for a in arguments]
    done = excavate(*asked, cwd=tmp_path)
    assert done.returncode == 1
    assert said in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    "arguments",
    [["dig"], ["nothing"], ["dig", "digits"], ["dig", "digits", "--site", "s", "--limit", "0"],
     ["search", "--site", "s"], ["search", "--site", "s", "--text", "a", "--item", "b"]],
)  # fmt: skip
def test_wrong_usage_is_exit_code_2(arguments: list[str], tmp_path: Path) -> None:
    assert excavate(*arguments, cwd=tmp_path).returncode == 2


@pytest.mark.torch
def test_without_weights_the_catalog_is_kept_and_ways_out_are_named(tmp_path: Path) -> None:
    class_folder(tmp_path / "pets", each=2)
    source = f"folder:{tmp_path / 'pets'}"
    done = excavate("dig", source, "--site", tmp_path / "site", "--encoder",
                    "clip:ViT-B-32/./gone.pt")  # fmt: skip
    assert done.returncode == 1
    assert "4 items are in the catalog and stay there" in done.stderr
    assert "Traceback" not in done.stderr
    assert "items 4 (4 with pixels)" in excavate("show", "--site", tmp_path / "site").stdout


@pytest.mark.torch
def test_doctor_tells_every_part(tmp_path: Path) -> None:
    done = excavate("doctor", "--json", cwd=tmp_path)
    assert done.returncode == 0
    parts = {part["name"]: part for part in json.loads(done.stdout)["parts"]}
    assert parts["duckdb"]["ok"]
    assert parts["site"]["ok"] is False
    assert all(part["ok"] or part["todo"] for part in parts.values())


def test_a_port_that_is_taken_is_told(dug: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = excavate("serve", "--site", dug, "--port", taken.getsockname()[1])
    assert done.returncode == 1
    assert "cannot serve there" in done.stderr
