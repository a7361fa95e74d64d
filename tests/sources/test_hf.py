"""hf: what is asked of the hub, what is kept of its answer, and how it fails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from excavate.errors import SourceError
from excavate.sources import open_source
from excavate.sources.hf import Wanted
from tests.sources.fixtures import parquet_files, png, put
from tests.sources.hub import COMMIT, NAME, asking, hub

DIG = """
import json, sys
from excavate.errors import SourceError
from excavate.sources import open_source

def dig(text):
    source = open_source(text)
    said = source.describe()
    items = [i for b in source.batches(2) for i in b.items.to_pylist()]
    labels = [r["value"] for b in source.batches(100) for r in b.labels.to_pylist()]
    found = [said.dataset_id, said.source_revision, said.licence, said.title, said.count]
    sizes = [i["content"] and len(i["content"]) for i in items]
    print(json.dumps([found, sizes, labels]))

for text in sys.argv[1:]:
    try:
        dig(text)
    except SourceError as error:
        print(error)
"""


def test_what_a_source_string_asks() -> None:
    assert Wanted.parse("mnist") == Wanted("mnist")
    assert Wanted.parse("a/b@refs/convert/parquet#c d") == Wanted(
        "a/b", "refs/convert/parquet", "c d"
    )
    assert str(Wanted.parse("a/b@v1#c")) == "hf:a/b@v1#c"
    assert str(Wanted.parse("a/b#c@d")) == "hf:a/b#c@d"


@pytest.mark.parametrize("text", ["hf:a b", "hf:a/b/c", "hf:@v1", "hf:https://example.org/a"])
def test_a_name_that_is_none(text: str) -> None:
    with pytest.raises(SourceError, match="no name of a hub dataset"):
        open_source(text)


def test_a_folder_of_the_same_name_is_not_read_instead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mnist").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SourceError, match="hf:mnist: a folder here has the dataset's name"):
        open_source("hf:mnist").describe()


@pytest.mark.parametrize("environment", [{}, {"HF_HUB_OFFLINE": "1"}])
def test_offline_it_says_so_and_what_to_do(environment: dict[str, str], tmp_path: Path) -> None:
    said = asking("http://127.0.0.1:9", tmp_path, DIG, "hf:ylecun/mnist@v1", **environment)
    todo = "Check the line, or download its Parquet files and use parquet:GLOB"
    assert said.startswith("hf:ylecun/mnist@v1: the hub cannot be reached (")
    assert said.endswith(f"). {todo}\n")
    assert said.count("\n") == 1


def test_the_commit_is_pinned_and_the_card_kept(tmp_path: Path) -> None:
    parquet_files(tmp_path / "hub")
    with hub(tmp_path / "hub") as address:
        said, sizes, labels = json.loads(asking(address, tmp_path, DIG, f"hf:{NAME}@main"))
    assert said == ["makers-tiny", COMMIT, "cc0-1.0", "Tiny", None]
    assert sizes[:2] == [len(png(2)), None]
    assert labels[:3] == ["airplane", "one 0", "둘"]


def test_pictures_that_are_files_of_the_hub_are_fetched(tmp_path: Path) -> None:
    for number, name in enumerate(["train/cat/1.png", "train/dog/2.png"]):
        put(tmp_path / "hub" / name, png(number + 1))
    with hub(tmp_path / "hub") as address:
        _, sizes, labels = json.loads(asking(address, tmp_path, DIG, f"hf:{NAME}"))
    assert sizes == [len(png(1)), len(png(2))]
    assert labels == ["cat", "dog"]


def test_what_the_hub_has_not(tmp_path: Path) -> None:
    parquet_files(tmp_path / "hub")
    written = "Write hf:NAME[@REVISION][#CONFIG], such as hf:ylecun/mnist"
    texts = ("hf:makers/none", f"hf:{NAME}@v9", f"hf:{NAME}#large")
    with hub(tmp_path / "hub") as address:
        said = asking(address, tmp_path, DIG, *texts).splitlines()
    assert said[0] == f"hf:makers/none: the hub has no such dataset, or a private one. {written}"
    assert said[1] == f"hf:{NAME}@v9: the dataset has no such revision. {written}"
    assert "BuilderConfig 'large' not found. Available: ['default']" in said[2]
