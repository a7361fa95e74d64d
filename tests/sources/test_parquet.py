"""parquet: splits, originals that can be opened again, and files that cannot be dug."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path, PurePath
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from excavate.catalog.originals import Originals
from excavate.errors import SourceError
from excavate.sources import open_source
from excavate.sources.parquet_files import split_of
from tests.sources.contract import Whole, joined, later
from tests.sources.fixtures import NAMES, hub_table, parquet_files, png, put


def write(file: Path, columns: dict[str, Any] | pa.Table, **options: Any) -> str:
    """Write a Parquet file; its source string."""
    file.parent.mkdir(parents=True, exist_ok=True)
    table = columns if isinstance(columns, pa.Table) else pa.table(columns)
    pq.write_table(table, file, **options)
    return f"parquet:{file}"


def read(text: str) -> Whole:
    """All rows of a source."""
    return joined(open_source(text).batches(100))


def refused(text: str, root: Path) -> str:
    """The error of a source that cannot be dug, the root left out."""

    def dig() -> None:
        source = open_source(text)
        source.describe()
        list(source.batches(10))

    with pytest.raises(SourceError) as error:
        dig()
    return str(error.value).replace(str(root), "ROOT")


@pytest.mark.parametrize(
    ("path", "split"),
    [
        ("train-00000-of-00001.parquet", "train"),
        ("data/test-00003-of-00010-abcdef.parquet", "test"),
        ("extra.v2-00000-of-00001.parquet", "extra.v2"),
        ("val.parquet", "val"),
        ("mnist_test.parquet", "test"),
        ("validation/0000.parquet", "validation"),
        ("train/shard.parquet", "train"),
        ("latest.parquet", "all"),
        ("0000.parquet", "all"),
    ],
)
def test_splits_are_told_by_the_name(path: str, split: str) -> None:
    assert split_of(PurePath(path)) == split


def test_rows_of_all_files_in_order(tmp_path: Path) -> None:
    text = parquet_files(tmp_path / "tiny" / "data")
    said = open_source(text).describe()
    assert (said.dataset_id, said.count) == ("tiny", 12)
    items = read(text)["items"]
    assert [(i["split"], i["key"]) for i in items[8:]] == [
        ("train", "8"),
        ("test", "0"),
        ("test", "1"),
        ("test", "2"),
    ]
    assert [(i["path"], i["part"]) for i in items[4:7]] == [
        ("train-00000-of-00002.parquet", "image:4"),
        ("train-00001-of-00002.parquet", "image:0"),
        (None, None),
    ]


def test_originals_are_found_again(tmp_path: Path) -> None:
    text = parquet_files(tmp_path)
    originals = Originals(tmp_path)
    items = [item for item in read(text)["items"] if item["content"]]
    assert len(items) == 9
    for item in items:
        assert originals.read(item["path"], item["part"]) == item["content"]


def test_files_that_are_links_keep_their_names_and_originals(tmp_path: Path) -> None:
    parquet_files(tmp_path / "blobs")
    folder = tmp_path / "tiny" / "data"
    folder.mkdir(parents=True)
    for number, file in enumerate(sorted((tmp_path / "blobs").iterdir())):
        blob = file.rename(file.with_name(f"{9 - number}f"))
        (folder / file.name).symlink_to(Path("..", "..", "blobs", blob.name))
    source = open_source(f"parquet:{folder}/*.parquet")
    said = source.describe()
    assert (said.dataset_id, said.root) == ("tiny", str(tmp_path / "blobs"))
    items = joined(source.batches(100))["items"]
    assert [i["split"] for i in items] == ["train"] * 9 + ["test"] * 3
    assert [i["path"] for i in items if i["content"]] == ["8f"] * 4 + ["7f"] * 3 + ["9f"] * 2
    originals = Originals(Path(str(said.root)))
    for item in items:
        assert not item["content"] or originals.read(item["path"], item["part"]) == item["content"]


def test_no_batch_is_heavier_than_the_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = [300, 10, 10, 999, 1, 0, 500, 500, 20, 20, 20]
    pictures = [b"\x89PNG" + bytes(size) for size in sizes]
    table = pa.table({"image": pictures, "n": sizes})
    text = write(tmp_path / "x.parquet", table, row_group_size=3)
    whole = read(text)
    for most in (1, 100, 520, 1_100, 10**6):
        monkeypatch.setattr("excavate.sources.cutting.MOST_BYTES", most)
        monkeypatch.setattr("excavate.sources.parquet_rows.MOST_BYTES", most)
        for start in (0, 4):
            batches = list(open_source(text).batches(100, start))
            assert joined(batches) == later(whole, start)
            heavy = [sum(map(len, b.items["content"].to_pylist())) for b in batches]
            counts = [len(batch) for batch in batches]
            pairs = zip(heavy, counts, strict=True)
            assert all(weight <= most or count == 1 for weight, count in pairs)
    assert len(batches) == 1


def test_what_datasets_logs_is_not_printed(tmp_path: Path) -> None:
    column = pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64()))
    text = write(tmp_path / "x.parquet", {"m": column})
    code = f"""
from excavate.errors import SourceError
from excavate.sources import open_source
from excavate.sources.hub_reading import streaming
import datasets
try:
    list(open_source({text!r}).batches(1))
except SourceError:
    pass
datasets.logging.get_logger("datasets.any").error("Failed to read file")
"""
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=400, check=True
    )
    assert ran.stderr == ""


def test_a_row_without_a_picture_stays(tmp_path: Path) -> None:
    items = read(parquet_files(tmp_path))["items"]
    bare = [i["key"] for i in items if i["content"] is None and i["path"] is None]
    assert bare == ["1", "6", "1"]


def test_paths_of_pictures_beside_the_rows(tmp_path: Path) -> None:
    put(tmp_path / "pictures" / "a.png", png())
    kind = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    cells = [
        {"bytes": None, "path": "./pictures/a.png"},
        {"bytes": None, "path": "https://example.org/b.png"},
        {"bytes": png(), "path": "/elsewhere/c.png"},
        None,
    ]
    text = write(tmp_path / "x.parquet", {"image": pa.array(cells, kind), "n": [1, 2, 3, 4]})
    items = read(text)["items"]
    assert [(i["path"], i["part"], i["source_url"]) for i in items] == [
        ("pictures/a.png", None, None),
        (None, None, "https://example.org/b.png"),
        ("x.parquet", "image:2", None),
        (None, None, None),
    ]


def test_paths_that_leave_the_folder_stop_the_dig_together(tmp_path: Path) -> None:
    kind = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    paths = ["../a.png", "b.png", "/etc/passwd", "c/../../d.png"]
    cells = pa.array([{"bytes": None, "path": path} for path in paths], kind)
    text = write(tmp_path / "x.parquet", {"image": cells}, row_group_size=2)
    assert refused(text, tmp_path) == "\n".join(
        [
            "ROOT/x.parquet: pictures outside of the folder (3). Correct the paths",
            "  x.parquet image:0: '../a.png' leaves the folder",
            "  x.parquet image:2: '/etc/passwd' leaves the folder",
            "  x.parquet image:3: 'c/../../d.png' leaves the folder",
        ]
    )


def test_plain_parquet_without_features(tmp_path: Path) -> None:
    pictures = [None, png(), png(5)]
    columns = {"image": pictures, "label": ["cat", "dog", None], "url": ["u", None, ""]}
    whole = read(write(tmp_path / "x.parquet", columns))
    assert [i["content"] for i in whole["items"]] == pictures
    assert [i["part"] for i in whole["items"]] == [None, "image:1", "image:2"]
    assert [i["source_url"] for i in whole["items"]] == ["u", None, ""]
    said = [(a["row"], a["field"], a["value"], a["category_id"]) for a in whole["labels"]]
    assert said == [(0, "label", "cat", None), (1, "label", "dog", None)]
    assert Image.open(io.BytesIO(whole["items"][2]["content"])).size == (5, 3)


def test_rows_without_any_picture_column(tmp_path: Path) -> None:
    whole = read(write(tmp_path / "works.parquet", {"title": ["무제", None]}))
    assert [i["path"] for i in whole["items"]] == [None, None]
    assert [(a["name"], a["value"]) for a in whole["attributes"]] == [
        ("title", "무제"),
        ("title", None),
    ]


def test_a_second_picture_is_named_not_dug(tmp_path: Path) -> None:
    from datasets import Features
    from datasets import Image as ImageFeature

    schema = Features({"image": ImageFeature(), "mask": ImageFeature()}).arrow_schema
    pictures = hub_table(3)["image"]
    table = pa.Table.from_arrays([pictures, pictures], schema=schema)
    whole = read(write(tmp_path / "x.parquet", table))
    masks = [a["value"] for a in whole["attributes"] if a["name"] == "mask"]
    assert masks[0] == f'{{"bytes": {len(png(2))}, "path": "0.png"}}'
    assert masks[1] is None


@pytest.mark.parametrize("folder", ["a[1] b", "a*b", "사진 #1", ".cache"])
def test_paths_are_not_globs_twice(folder: str, tmp_path: Path) -> None:
    write(tmp_path / "aXb" / "x.parquet", {"n": [1]})
    assert len(read(write(tmp_path / folder / "x.parquet", {"n": [1, 2]}))["items"]) == 2


def test_no_match(tmp_path: Path) -> None:
    todo = "Check the path, and put the glob in quotation marks"
    assert refused(f"parquet:{tmp_path}/*.parquet", tmp_path) == (
        f"ROOT/*.parquet: no file matches. {todo}"
    )
    assert refused(f"parquet:{tmp_path}", tmp_path) == (
        "ROOT: this is a folder. Write parquet:ROOT/*.parquet"
    )


def test_no_rows(tmp_path: Path) -> None:
    text = write(tmp_path / "x.parquet", {"n": pa.array([], pa.int64())})
    assert refused(text, tmp_path) == "ROOT/x.parquet: no rows in any file"


def test_files_that_are_no_parquet_are_named_together(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", {"n": [1]})
    put(tmp_path / "b.parquet", (tmp_path / "a.parquet").read_bytes()[:-20])
    put(tmp_path / "c.parquet", "not at all")
    put(tmp_path / "d.parquet")
    write(tmp_path / "e.parquet", {"n": ["1"]})
    write(tmp_path / "f.parquet", {"n": [1], "m": [1]})
    lines = refused(f"parquet:{tmp_path}/*.parquet", tmp_path).splitlines()
    assert lines[0] == (
        "ROOT/*.parquet: files that cannot be dug together (5). Mend or leave these out"
    )
    assert lines[1].startswith("  ROOT/b.parquet: cut off or damaged (")
    assert lines[2:] == [
        "  ROOT/c.parquet: not Parquet",
        "  ROOT/d.parquet: empty",
        "  ROOT/e.parquet: column 'n' is string, not int64 as in a.parquet",
        "  ROOT/f.parquet: column 'm' is not in both as in a.parquet",
    ]


def test_classes_that_differ_are_no_one_dataset(tmp_path: Path) -> None:
    from datasets import ClassLabel, Features

    for name, classes in (("train", NAMES), ("test", NAMES[::-1])):
        schema = Features({"label": ClassLabel(names=classes)}).arrow_schema
        write(tmp_path / f"{name}.parquet", pa.table({"label": [0]}, schema=schema))
    assert "column 'label' has not the same feature" in refused(
        f"parquet:{tmp_path}/*.parquet", tmp_path
    )


def test_a_damaged_row_group_is_an_error_people_can_act_on(tmp_path: Path) -> None:
    numbers = list(range(5000))
    text = write(tmp_path / "x.parquet", {"n": numbers}, compression="gzip")
    content = bytearray((tmp_path / "x.parquet").read_bytes())
    content[100:400] = b"\xff" * 300
    put(tmp_path / "x.parquet", bytes(content))
    said = refused(text, tmp_path)
    assert said.startswith("ROOT/x.parquet: a row cannot be read (")
    assert said.endswith("Fetch or write the file again")


def test_a_type_that_cannot_be_read(tmp_path: Path) -> None:
    column = pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64()))
    said = refused(write(tmp_path / "x.parquet", {"m": column}), tmp_path)
    assert said.startswith("ROOT/x.parquet: a column cannot be read (Arrow type map<")


def test_the_fingerprint_follows_the_files(tmp_path: Path) -> None:
    text = write(tmp_path / "x.parquet", {"n": [1, 2]})
    before = open_source(text).describe().fingerprint
    assert open_source(text).describe().fingerprint == before
    write(tmp_path / "x.parquet", {"n": [2, 1]})
    assert open_source(text).describe().fingerprint != before


@pytest.mark.shared_data
def test_cifar10(shared: Path) -> None:
    source = open_source(f"parquet:{shared}/cifar10/*.parquet")
    said = source.describe()
    found = (said.dataset_id, said.count, said.root)
    assert found == ("cifar10", 60_000, str((shared / "cifar10").resolve()))
    assert [c.name for c in source.categories()][::9] == ["airplane", "truck"]
    splits: dict[str, int] = {}
    for batch in source.batches(4096):
        split = batch.items["split"][0].as_py()
        splits[split] = splits.get(split, 0) + len(batch)
        assert len(batch.labels) == len(batch)
        assert not batch.items["content"].null_count
    assert splits == {"train": 50_000, "test": 10_000}
    last = next(source.batches(10, 59_999)).items.to_pylist()
    assert [(i["key"], i["part"]) for i in last] == [("9999", "img:9999")]
    stored = pq.read_table(shared / "cifar10" / "test-00000-of-00001.parquet", columns=["label"])
    names = [c.name for c in source.categories()]
    found = next(source.batches(10_000, 50_000)).labels["value"].to_pylist()
    assert found == [names[n] for n in stored["label"].to_pylist()]


@pytest.mark.shared_data
def test_reading_imports_no_torch(shared: Path) -> None:
    code = f"""
import sys
from excavate.sources import open_source
next(open_source("parquet:{shared}/cifar10/test*.parquet").batches(10))
assert "torch" not in sys.modules and "streamlit" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=400)
