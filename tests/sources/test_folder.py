"""folder: what is read, and every fault of a folder in one error."""

from __future__ import annotations

import csv
import io
import json
import os
import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, features

from excavate.errors import SourceError
from excavate.model import SourceOptions
from excavate.sources import open_source
from excavate.sources.folder_listing import PICTURES
from excavate.sources.folder_metadata import verbatim_fields
from tests.sources.contract import Whole, joined
from tests.sources.fixtures import class_folder, png, put, split_folder


def read(text: str, split: str | None = None) -> Whole:
    """All rows of a source."""
    return joined(open_source(text, SourceOptions(split=split)).batches(100))


def faults(root: Path) -> str:
    """The error that a broken folder gives, its path left out."""
    with pytest.raises(SourceError) as refused:
        open_source(f"folder:{root}").describe()
    return str(refused.value).replace(str(root), "ROOT")


def test_the_path_is_the_taxonomy(tmp_path: Path) -> None:
    source = open_source(class_folder(tmp_path))
    said = [(c.category_id, c.name, tuple(c.parents)) for c in source.categories()]
    assert said == [
        ("animals", "animals", ()),
        ("animals/cats", "cats", ("animals",)),
        ("animals/개", "개", ("animals",)),
        ("plants", "plants", ()),
    ]
    whole = read(f"folder:{tmp_path}")
    labels = {label["row"]: (label["field"], label["value"]) for label in whole["labels"]}
    assert [item["key"] for item in whole["items"]] == [
        "animals/cats/10.PNG",
        "animals/cats/2.png",
        "animals/개/a b.jpeg",
        "top.gif",
    ]
    assert labels == {
        0: ("folder", "animals/cats"),
        1: ("folder", "animals/cats"),
        2: ("folder", "animals/개"),
    }


def test_metadata_is_kept_verbatim(tmp_path: Path) -> None:
    whole = read(class_folder(tmp_path))
    said = [(a["row"], a["name"], a["value"], a["source"]) for a in whole["attributes"]]
    assert said == [
        (1, "age", "007", "metadata.csv"),
        (1, "author", "Kim", "metadata.csv"),
        (3, "age", "", "metadata.csv"),
        (3, "author", "", "metadata.csv"),
    ]
    assert [item["creator"] for item in whole["items"]] == [None, "Kim", None, ""]


def test_top_folders_that_are_splits_are_no_categories(tmp_path: Path) -> None:
    text = split_folder(tmp_path)
    source = open_source(text)
    assert [c.category_id for c in source.categories()] == ["cats", "dogs"]
    items = [(item["split"], item["key"]) for item in read(text)["items"]]
    assert items == [
        ("train", "train/cats/2.png"),
        ("train", "train/dogs/3.png"),
        ("test", "test/cats/1.png"),
    ]
    assert read(text)["attributes"][0]["value"] == "1.10"
    assert read(text, "test")["items"][0]["key"] == "test/cats/1.png"


def test_one_folder_that_is_no_split_makes_all_of_them_classes(tmp_path: Path) -> None:
    text = split_folder(tmp_path)
    put(tmp_path / "bus" / "4.png", png())
    assert {item["split"] for item in read(text)["items"]} == {"all"}
    assert "train/cats" in [c.category_id for c in open_source(text).categories()]


def test_a_picture_beside_the_splits_makes_them_classes_too(tmp_path: Path) -> None:
    text = split_folder(tmp_path)
    put(tmp_path / "beside.png", png())
    items = read(text)["items"]
    assert (items[0]["split"], items[0]["key"]) == ("all", "beside.png")
    assert len(items) == 4


def test_the_order_is_not_the_file_systems(tmp_path: Path) -> None:
    names = ["b/1.png", "a.png", "a/z.png", "a/b/c.png", "B.png", "a-b/1.png"]
    for name in names:
        put(tmp_path / "one" / name, png())
    for name in reversed(names):
        put(tmp_path / "two" / name, png())
    keys = [[i["key"] for i in read(f"folder:{tmp_path / n}")["items"]] for n in ("one", "two")]
    assert keys[0] == keys[1] == sorted(names, key=lambda name: name.split("/"))


def test_the_fingerprint_follows_pictures_folders_and_metadata(tmp_path: Path) -> None:
    text = class_folder(tmp_path)

    def seen() -> str:
        return open_source(text).describe().fingerprint

    found = [seen()]
    os.utime(tmp_path / "top.gif", ns=(1, 1))
    found.append(seen())
    put(tmp_path / "metadata.csv", "file_name,age\ntop.gif,8\n")
    found.append(seen())
    (tmp_path / "minerals").mkdir()
    found.append(seen())
    put(tmp_path / "unread.txt", "x")
    found.append(seen())
    put(tmp_path / ".unread.txt", "x")
    assert len(set(found)) == 5
    assert seen() == found[-1]


def test_nothing_to_dig(tmp_path: Path) -> None:
    put(tmp_path / "notes.txt")
    todo = f"It may hold {' '.join(PICTURES)}"
    other = "1 file of other kinds (.txt 1): not read"
    assert faults(tmp_path) == f"ROOT: no pictures in the folder; {other}. {todo}"
    with pytest.raises(SourceError, match="this is not a folder"):
        open_source(f"folder:{tmp_path / 'notes.txt'}")


def test_every_fault_of_a_folder_is_reported_at_once(tmp_path: Path) -> None:
    root = tmp_path / "root"
    put(tmp_path / "outside.png", png())
    put(root / "a.png", png())
    put(root / "b.png", png())
    (root / "away.png").symlink_to(tmp_path / "outside.png")
    (root / "inside.png").symlink_to("a.png")
    (root / "lost.png").symlink_to("nowhere.png")
    (root / "round").mkdir()
    (root / "round" / "again").symlink_to("..")
    rows = ["file_name,x", "a.png,1", "./a.png,2", "c.png,3", "../outside.png,4", "b.png", ",5"]
    put(root / "metadata.csv", "\n".join([*rows, f"{root}/b.png,6"]))
    assert faults(root) == "\n".join(
        [
            "ROOT: the folder cannot be dug (9). Correct these",
            "  away.png: a link that leaves the folder",
            "  lost.png: a link to nothing",
            "  round/again: a link to a folder that holds it",
            "  metadata.csv line 3: './a.png' again (first in metadata.csv line 2)",
            "  metadata.csv line 5: '../outside.png' leaves the folder",
            "  metadata.csv line 6: 1 values for 2 columns",
            "  metadata.csv line 7: no file_name",
            "  metadata.csv line 8: 'ROOT/b.png' leaves the folder",
            "  metadata.csv line 4: no picture c.png",
        ]
    )


def test_what_is_not_read_is_said(tmp_path: Path) -> None:
    names = ("cat/a.HEIC", "cat/b.heic", "c.avi", "README", ".DS_Store", "__MACOSX/d.heic")
    for name in ("cat/a.png", *names):
        put(tmp_path / name, png())
    for name in ("cat/metadata.csv", "cat/deep/metadata.jsonl"):
        put(tmp_path / name)
    (tmp_path / "cat" / "b.txt").symlink_to("nowhere")
    assert open_source(f"folder:{tmp_path}").describe().left_out == (
        "5 files of other kinds (.heic 2, .avi 1, .txt 1, no ending 1): not read",
        "metadata.jsonl in cat/deep/ is not at the root: not read",
        "metadata.csv in cat/ is not at the root: not read",
    )


def test_a_folder_that_is_read_whole_leaves_nothing_out(tmp_path: Path) -> None:
    assert open_source(split_folder(tmp_path)).describe().left_out == ()


def test_many_things_that_are_not_read_are_counted(tmp_path: Path) -> None:
    put(tmp_path / "a.png", png())
    for number in range(25):
        put(tmp_path / f"{number:02}" / "metadata.csv")
        put(tmp_path / f"x.kind{number:02}")
    said = open_source(f"folder:{tmp_path}").describe().left_out
    assert said[0].startswith("25 files of other kinds (.kind00 1, ")
    assert said[0].endswith(".kind09 1, …): not read")
    assert (len(said), said[-1]) == (
        22,
        "5 more metadata files are not at the root: not read",
    )


def test_every_ending_of_jpeg_is_read(tmp_path: Path) -> None:
    for name in ("a.jfif", "b.JPE", "c.jpg"):
        put(tmp_path / name, png())
    assert len(read(f"folder:{tmp_path}")["items"]) == 3


@pytest.mark.skipif(not features.check("avif"), reason="this Pillow reads no AVIF")
def test_avif_is_read_where_pillow_can(tmp_path: Path) -> None:
    Image.new("RGB", (4, 3)).save(tmp_path / "a.avif")
    assert [i["key"] for i in read(f"folder:{tmp_path}")["items"]] == ["a.avif"]


def test_what_is_no_file_is_never_opened(tmp_path: Path) -> None:
    put(tmp_path / "a.png", png())
    os.mkfifo(tmp_path / "x.jpg")
    os.mkfifo(tmp_path / "metadata.csv")
    (tmp_path / "y.jpg").symlink_to("x.jpg")
    assert [i["key"] for i in read(f"folder:{tmp_path}")["items"]] == ["a.png"]
    said = open_source(f"folder:{tmp_path}").describe().left_out
    assert said == ("3 things neither file nor folder (metadata.csv the first): not read",)


@pytest.mark.parametrize("written", ["NFC", "NFD"])
@pytest.mark.parametrize("on_disk", ["NFC", "NFD"])
def test_a_korean_name_is_met_in_either_form(on_disk: Any, written: Any, tmp_path: Path) -> None:
    name = unicodedata.normalize(on_disk, "고양이/한글.png")
    put(tmp_path / name, png())
    said = unicodedata.normalize(written, "고양이/한글.png")
    put(tmp_path / "metadata.csv", f"file_name,age\n{said},7\n")
    whole = read(f"folder:{tmp_path}")
    assert [a["value"] for a in whole["attributes"]] == ["7"]
    assert whole["items"][0]["path"] == name


def test_two_names_that_differ_in_form_only_are_two_pictures(tmp_path: Path) -> None:
    forms = [unicodedata.normalize(form, "한.png") for form in ("NFC", "NFD")]
    for form in forms:
        put(tmp_path / form, png())
    if len(list(tmp_path.iterdir())) < 2:
        pytest.skip("this file system takes both forms for one name")
    put(tmp_path / "metadata.csv", f"file_name,n\n{forms[0]},0\n{forms[1]},1\n")
    whole = read(f"folder:{tmp_path}")
    keys = [item["key"] for item in whole["items"]]
    assert {keys[a["row"]]: a["value"] for a in whole["attributes"]} == {
        forms[0]: "0",
        forms[1]: "1",
    }


def test_links_that_stay_inside_are_followed(tmp_path: Path) -> None:
    put(tmp_path / "cats" / "1.png", png())
    (tmp_path / "again").symlink_to("cats", target_is_directory=True)
    assert [i["key"] for i in read(f"folder:{tmp_path}")["items"]] == ["again/1.png", "cats/1.png"]


def test_a_name_that_is_no_text_is_a_fault(tmp_path: Path) -> None:
    put(tmp_path / "a.png", png())
    try:
        with open(os.fsencode(tmp_path) + b"/\xff.png", "wb"):
            pass
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    assert faults(tmp_path).splitlines()[1] == "  \\udcff.png: the name is not UTF-8"


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("metadata.csv", "file,x\n", "line 1: the columns need one file_name, each named once"),
        ("metadata.csv", "", "line 1: the columns need one file_name, each named once"),
        (
            "metadata.csv",
            "file_name,x,x\n",
            "line 1: the columns need one file_name, each named once",
        ),
        ("metadata.csv", 'file_name,x\na.png,"b', "line 2: not CSV (unexpected end of data)"),
        ("metadata.csv", b"file_name,x\na.png,\xff", "line 2: not UTF-8"),
        (
            "metadata.jsonl",
            '\n{"file_name": "a.png"}\n{"file_name": ',
            "line 3: not a JSON object (Expecting value: line 1 column 14 (char 13))",
        ),
        ("metadata.jsonl", '["a.png"]', "line 1: not a JSON object (it starts with no brace)"),
        ("metadata.jsonl", '{"x": 1}', "line 1: no file_name"),
        ("metadata.jsonl", b'{"x": "\xff"}', "line 1: not UTF-8"),
        (
            "metadata.jsonl",
            '{"x": "\\ud800"}',
            "line 1: not a JSON object (half of a surrogate pair)",
        ),
        ("metadata.jsonl", '{"x": 1, "x": 2}', "line 1: not a JSON object ('x' twice)"),
    ],
)
def test_metadata_that_cannot_be_read(
    name: str, content: bytes | str, fault: str, tmp_path: Path
) -> None:
    put(tmp_path / "a.png", png())
    put(tmp_path / name, content)
    assert faults(tmp_path) == (
        f"ROOT: the folder cannot be dug (1). Correct these\n  {name} {fault}"
    )


def test_two_metadata_files_side_by_side_are_a_fault(tmp_path: Path) -> None:
    put(tmp_path / "a.png", png())
    put(tmp_path / "metadata.csv", "file_name\na.png\n")
    put(tmp_path / "metadata.jsonl", '{"file_name": "a.png"}\n')
    assert "metadata.jsonl: metadata.csv is there too: keep one of them" in faults(tmp_path)


words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
columns = st.lists(words.filter(lambda name: name != "file_name"), max_size=3, unique=True)


@settings(deadline=None, max_examples=50)
@given(st.data())
def test_csv_round_trip(drawn: Any) -> None:
    names = drawn.draw(columns)
    said = {name: drawn.draw(words) for name in names}
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(
        [["file_name", *said], ["a.png", *said.values()]]
    )
    assert attributes("metadata.csv", text.getvalue()) == said


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=4,
)


@settings(deadline=None, max_examples=50)
@given(st.dictionaries(words.filter(lambda name: name != "file_name"), values, max_size=3))
def test_jsonl_round_trip(said: dict[str, Any]) -> None:
    line = json.dumps({"file_name": "a.png", **said}, separators=(" ,\t", " : "))
    written = {
        name: value
        if value is None or isinstance(value, str)
        else json.dumps(value, separators=(" ,\t", " : "))
        for name, value in said.items()
    }
    assert attributes("metadata.jsonl", line) == written


def attributes(name: str, text: str) -> dict[str, str | None]:
    """What a folder's one picture is said to be by a metadata file."""
    with TemporaryDirectory() as root:
        put(Path(root, "a.png"), png())
        put(Path(root, name), text)
        return {a["name"]: a["value"] for a in read(f"folder:{root}")["attributes"]}


def test_numbers_are_not_parsed() -> None:
    fields = verbatim_fields('{"a": 1.10, "b": 1e400, "c": [1.0, {}], "d": null, "e": "\\u00e9"}')
    assert fields == [("a", "1.10"), ("b", "1e400"), ("c", "[1.0, {}]"), ("d", None), ("e", "é")]


@pytest.mark.shared_data
def test_caltech101(shared: Path) -> None:
    source = open_source(f"folder:{shared / 'caltech101'}")
    said = source.describe()
    assert (said.dataset_id, said.count) == ("caltech101", 2060)
    whole = joined(source.batches(512))
    assert sum(label["value"] == "Faces" for label in whole["labels"]) == 60
    assert len(whole["labels"]) == 2060
    assert len(source.categories()) == 101
