"""openimages: boxes in pixels, labels by their source, and what is verified to be absent."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from excavate.errors import SourceError
from excavate.model import SourceOptions
from excavate.sources import open_source, openimages_rows
from excavate.sources.openimages_files import split_of
from tests.sources.contract import Whole, joined
from tests.sources.fixtures import png, put
from tests.sources.fixtures_openimages import BOXES, LABELS, lines, published

PLACE = ("x", "y", "width", "height")


def read(text: str) -> Whole:
    """All rows of a source."""
    return joined(open_source(text).batches(100))


def refused(root: Path) -> str:
    """The error that a folder gives, its own path left out."""
    with pytest.raises(SourceError) as error:
        open_source(f"openimages:{root}").describe()
    return str(error.value).replace(str(root), "ROOT")


def test_boxes_in_pixels_where_the_picture_is_here(tmp_path: Path) -> None:
    regions = read(published(tmp_path))["regions"]
    placed = [[r[name] for name in PLACE] for r in regions]
    assert placed == [
        [2, 0, 4, 4],
        [0, 0, 0.8, 0.4],
        [4, 0, 8, 2],
        [None] * 4,
        [None] * 4,
    ]
    assert [r["value"] for r in regions] == ["고양이", "고양이", "Dog", "Dog", "/m/unknown"]
    assert [r["category_id"] for r in regions][-2:] == ["/m/dog", None]


def test_what_is_said_of_a_box_is_verbatim(tmp_path: Path) -> None:
    first, *_, last = read(published(tmp_path))["regions"]
    assert json.loads(first["extra"]) == {
        "Source": "xclick",
        "Confidence": "1",
        "IsOccluded": "0",
        "IsInside": "-1",
        "XMin": "0.25",
        "XMax": "0.750",
        "YMin": "0.0",
        "YMax": "1",
    }
    assert json.loads(last["extra"])["XMin"] == "x"


def test_what_is_verified_absent_is_never_a_label(tmp_path: Path) -> None:
    whole = read(published(tmp_path))
    labels = [(r["row"], r["field"], r["value"], r["said_by"]) for r in whole["labels"]]
    assert labels == [
        (0, "box", "고양이", "source"),
        (0, "box", "Dog", "source"),
        (0, "verification", "고양이", "source"),
        (1, "box", "Dog", "source"),
        (1, "machine", "고양이", "machine"),
        (1, "machine", "Dog", "machine"),
        (2, "box", "/m/unknown", "source"),
    ]
    absent = [r for r in whole["attributes"] if r["name"].endswith("absent")]
    assert [(r["row"], r["name"], r["value"], r["said_by"]) for r in absent] == [
        (0, "verified-absent", "Tree (/m/tree)", "source"),
        (1, "verified-absent", "/m/unknown", "source"),
        (2, "machine-absent", "고양이 (/m/cat)", "machine"),
    ]


def test_rights_relations_and_confidences(tmp_path: Path) -> None:
    whole = read(published(tmp_path))
    rights = [(i["licence"], i["creator"], i["source_url"]) for i in whole["items"]]
    assert rights == [("by", "Kim", "http://e/a"), *[(None, None, None)] * 4]
    said = {(r["row"], r["name"]): r["value"] for r in whole["attributes"]}
    assert said[0, "Title"] == 'a "quoted", title'
    assert (said[0, "Rotation"], said[3, "Rotation"]) == ("90.0", None)
    assert json.loads(said[1, "confidence"]) == {"/m/cat": "0.9"}
    assert json.loads(said[4, "relationship"])["RelationLabel"] == "at"


def test_the_taxonomy_and_what_is_left_out(tmp_path: Path) -> None:
    source = open_source(published(tmp_path))
    said = [(c.category_id, c.name, list(c.parents)) for c in source.categories()]
    assert said == [
        ("/m/root", "/m/root", []),
        ("/m/cat", "고양이", ["/m/root"]),
        ("/m/dog", "Dog", ["/m/root"]),
        ("/m/tree", "Tree", []),
    ]
    assert source.describe().left_out == (
        "notes.csv: a table of another kind (a, b), not read",
        "train-annotations-object-segmentation.csv: masks: 2, not read",
        "files of other kinds (.jsonl 1): not read",
        "train: boxes whose picture is not here, or whose corners are no numbers: 2: "
        "no place in pixels; what is said of them is in extra",
        "labels that no list of classes has: 1 (/m/unknown): read without one",
    )


def test_pictures_that_are_not_here_have_their_path_only_beside_some_that_are(
    tmp_path: Path,
) -> None:
    text = published(tmp_path)
    paths = {i["key"]: i["path"] for i in read(text)["items"]}
    wanted = {"a": "train/a.jpg", "b": "train/b.jpg", "c": "train/c.jpg", "d": "train/d.jpg"}
    assert paths == wanted | {"e": None}
    put(tmp_path / "validation" / "data" / "e.jpg", png())
    before = open_source(text).describe().fingerprint
    assert read(text)["items"][4]["path"] == "validation/data/e.jpg"
    (tmp_path / "validation" / "data" / "e.jpg").unlink()
    assert open_source(text).describe().fingerprint != before


def test_the_fingerprint_sees_the_pictures(tmp_path: Path) -> None:
    text = published(tmp_path)
    seen = [open_source(text).describe().fingerprint]
    put(tmp_path / "train" / "b.jpg", png())
    seen.append(open_source(text).describe().fingerprint)
    put(tmp_path / "train" / "b.jpg", png(3, 3))
    seen.append(open_source(text).describe().fingerprint)
    assert len(set(seen)) == 3
    assert open_source(text).describe().fingerprint == seen[2]


def test_boxes_lie_on_the_picture_as_it_is_shown(tmp_path: Path) -> None:
    exif, out = Image.Exif(), io.BytesIO()
    exif[274] = 6
    Image.new("RGB", (40, 20)).save(out, "JPEG", exif=exif)
    put(tmp_path / "train" / "a.jpg", out.getvalue())
    put(tmp_path / "train-boxes.csv", lines(BOXES, "a,s,/m/a,1,0,0.5,0,0.5,0,0"))
    region = read(f"openimages:{tmp_path}")["regions"][0]
    assert [region[name] for name in PLACE] == [0, 0, 10, 20]


def test_pictures_where_the_published_archives_put_them_and_with_any_ending(
    tmp_path: Path,
) -> None:
    put(tmp_path / "train-boxes.csv", lines(BOXES, *(f"{i},s,/m,1,0,1,0,1,0,0" for i in "abcde")))
    put(tmp_path / "deep" / "er" / "test-boxes.csv", lines(BOXES, "t,s,/m,1,0,1,0,1,0,0"))
    for name in ("train_0/a.jpg", "train_f/b.PNG", "train_f/b.jpg", "train/c.JPG", "data/t.webp"):
        put(tmp_path / name, png())
    for name in ("train/orphan.jpg", "train_1/a.jpg", "train_00/x.jpg", "masks/m.png", "e.jpeg"):
        put(tmp_path / name, png())
    paths = {i["key"]: i["path"] for i in read(f"openimages:{tmp_path}")["items"]}
    assert paths == {
        "a": "train_0/a.jpg",
        "b": "train_f/b.jpg",
        "c": "train/c.JPG",
        "d": "train/d.jpg",
        "e": "e.jpeg",
        "t": "data/t.webp",
    }
    said = open_source(f"openimages:{tmp_path}").describe().left_out
    assert said[:2] == (
        "pictures of no image in the tables (in train, in train_1, in train_f): 3: not read",
        "pictures in folders that are no split's (in masks, in train_00): 2: not read",
    )
    some = open_source(f"openimages:{tmp_path}", SourceOptions(split="test")).describe().left_out
    assert some[0] == said[1]  # what is of train alone is not looked for


def test_a_link_that_leads_out_is_a_fault(tmp_path: Path) -> None:
    put(tmp_path / "x.jpg", png())
    text = published(tmp_path / "in")
    (tmp_path / "in" / "train" / "b.jpg").symlink_to(tmp_path / "x.jpg")
    (tmp_path / "in" / "train" / "c.png").symlink_to("a.jpg")
    assert "\n  train/b.jpg: a link that leaves the folder" in refused(tmp_path / "in")
    (tmp_path / "in" / "train" / "b.jpg").unlink()
    assert open_source(text).describe().count == 5


def test_rights_of_several_lists_of_images(tmp_path: Path) -> None:
    head = "ImageID,OriginalURL,License,Author"
    put(tmp_path / "train-images.csv", lines(head, *(f"{i},u{i},l{i},k{i}" for i in "abcd")))
    put(tmp_path / "train-images-boxable.csv", lines(head, "b,,lb,other", "d,ud,,kd", "e,ue,le,ke"))
    items = read(f"openimages:{tmp_path}")["items"]
    assert [(i["source_url"], i["licence"]) for i in items] == [(f"u{i}", f"l{i}") for i in "abcde"]
    assert [i["creator"] for i in items] == ["ka", "other", "kc", "kd", "ke"]


def test_all_that_is_said_of_a_label_is_kept(tmp_path: Path) -> None:
    put(
        tmp_path / "train-labels.csv",
        lines(
            LABELS + ",Rater",
            "a,verification,/m/1,0,r7",
            "a,crowdsource-verification,/m/2,0,r8",
            "a,machine,/m/3,0.7,r9",
            "a,machine,/m/3,0.4,r9",
            "a,machine,/m/4,0.9,r9",
        ),
    )
    said = read(f"openimages:{tmp_path}")["attributes"]
    assert [(r["value"], r["source"]) for r in said if r["name"] == "verified-absent"] == [
        ("/m/1", "train-labels.csv: verification"),
        ("/m/2", "train-labels.csv: crowdsource-verification"),
    ]
    confidences = [json.loads(r["value"]) for r in said if r["name"] == "confidence"]
    assert confidences == [{"/m/3": ["0.7", "0.4"], "/m/4": "0.9"}]
    rows = [json.loads(r["value"]) for r in said if r["name"] == "image-label"]
    assert [row["Rater"] for row in rows] == ["r7", "r8", "r9", "r9", "r9"]
    assert rows[1]["Source"] == "crowdsource-verification"


def test_several_hierarchies_are_one(tmp_path: Path) -> None:
    text = published(tmp_path)
    other = {"LabelName": "/m/pet", "Subcategory": [{"LabelName": "/m/cat"}]}
    put(tmp_path / "train" / "metadata" / "hierarchy.json", json.dumps(other))
    put(tmp_path / "class-descriptions-boxable.csv", "/m/pet,Pet\n/m/cat,Cat\n")
    source = open_source(text)
    parents = {c.category_id: (c.name, list(c.parents)) for c in source.categories()}
    assert parents["/m/cat"] == ("Cat", ["/m/root", "/m/pet"])
    assert "class-descriptions.csv: names that another list of classes gives otherwise: 1 " in (
        "\n".join(source.describe().left_out)
    )
    loop = {"LabelName": "/m/cat", "Subcategory": [{"LabelName": "/m/pet"}]}
    put(tmp_path / "hierarchy.json", json.dumps(loop))
    assert "train/metadata/hierarchy.json: faults in the hierarchy (2)" in refused(tmp_path)


def test_an_id_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    put(tmp_path / "x.jpg", png())
    put(tmp_path / "in" / "y.jpg", png())
    put(
        tmp_path / "in" / "train-boxes.csv",
        lines(BOXES, "../x,s,/m/a,1,0,1,0,1,0,0", "y,s,/m/a,1,0,1,0,1,0,0"),
    )
    items = read(f"openimages:{tmp_path}/in")["items"]
    assert [(i["key"], i["path"]) for i in items] == [("../x", None), ("y", "y.jpg")]


def test_the_column_subset_says_the_split(tmp_path: Path) -> None:
    put(tmp_path / "image_ids_and_rotation.csv", "ImageID,Subset\nb,test\na,train\nc,test\n")
    put(tmp_path / "test-labels.csv", lines(LABELS, "c,verification,/m/x,1"))
    whole = read(f"openimages:{tmp_path}")
    assert [(i["split"], i["key"]) for i in whole["items"]] == [
        ("train", "a"),
        ("test", "b"),
        ("test", "c"),
    ]
    assert [(r["row"], r["value"]) for r in whole["labels"]] == [(2, "/m/x")]


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("oidv6-train-annotations-bbox.csv", "train"),
        ("validation-annotations-vrd.csv", "validation"),
        ("Test/annotations.csv", "Test"),
        ("train/val.csv", "val"),
        ("2018_04/validation/x.csv", "validation"),
        ("trained.csv", None),
    ],
)
def test_the_split_of_a_name(name: str, split: str | None) -> None:
    assert split_of(name) == split


def test_every_fault_of_the_tables_in_one_error(tmp_path: Path) -> None:
    put(tmp_path / "train-boxes.csv", lines(BOXES, "a,s,/m/a,1,0,1,0,1,0", "b,s", "c" + ",1" * 9))
    put(tmp_path / "train-labels.csv", (LABELS + "\na,s,/m/a,").encode() + b"\xff\n")
    put(tmp_path / "class-descriptions.csv", "/m/a\n")
    assert refused(tmp_path) == (
        "ROOT: faults in the tables (4). "
        "Give the CSVs as Open Images publishes them (ImageID,Source,LabelName,Confidence,…)\n"
        "  train-boxes.csv: 2 fields, not 10 (b,s)\n"
        "  train-boxes.csv: 9 fields, not 10 (a,s,/m/a,1,0,1,0,1,0)\n"
        "  train-labels.csv: Confidence: invalid UTF8 data\n"
        "  class-descriptions.csv: faults in the class descriptions (1): "
        "line 1: 1 fields, not LABEL,NAME"
    )


def test_tables_that_cannot_be_told(tmp_path: Path) -> None:
    put(tmp_path / "a.csv", "ImageID,Source,LabelName,Confidence,Source\n")
    put(tmp_path / "b.csv", b"ImageID,\xff\n")
    assert refused(tmp_path) == (
        "ROOT: the tables cannot be read (2). "
        "Give the CSVs as Open Images publishes them (ImageID,Source,LabelName,Confidence,…)\n"
        "  a.csv: two columns are called 'Source'\n"
        "  b.csv: its first line cannot be read ('utf-8' codec can't decode byte 0xff in "
        "position 8: invalid start byte)"
    )


def test_a_folder_without_a_table(tmp_path: Path) -> None:
    put(tmp_path / "x.csv", "a,b\n")
    put(tmp_path / "y.txt", "")
    assert refused(tmp_path) == (
        "ROOT: no table of Open Images in the folder; x.csv: a table of another kind (a, b), "
        "not read; files of other kinds (.txt 1): not read. "
        "Give the CSVs as Open Images publishes them (ImageID,Source,LabelName,Confidence,…)"
    )


WORDS = st.text('ab",\\é\n\x01 ', max_size=4)
ROWS = st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("xyz"), WORDS), max_size=30)


@settings(max_examples=40, deadline=None)
@given(boxes=ROWS, listed=st.lists(st.tuples(st.sampled_from("abfgh"), WORDS), max_size=8))
@pytest.mark.parametrize("held", [2**26, 0])
def test_rows_are_brought_together_whatever_their_order(
    held: int,
    boxes: list[tuple[str, str, str]],
    listed: list[tuple[str, str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Against the csv module: every row once, with its image, in the order of the file."""
    root = tmp_path_factory.mktemp("oi")
    rows = [
        [i, "s", f"/m/{label}", "1", "0", "1", "0", "1", "0", word, word]
        for i, label, word in boxes
    ]
    write(root / "boxes.csv", [[*BOXES.split(","), "Note"], *without_breaks(rows)])
    write(root / "list.csv", [["ImageID", "Title", "License"], *([i, t, ""] for i, t in listed)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(openimages_rows, "HELD", held)
        patch.setattr(openimages_rows, "BLOCK", 128)
        patch.setattr(openimages_rows, "TOGETHER", 3)
        whole = read(f"openimages:{root}")
    keys = [item["key"] for item in whole["items"]]
    assert keys == sorted({row[0] for row in rows} | {i for i, _ in listed})
    found = [(keys[r["row"]], r["value"], json.loads(r["extra"])["Note"]) for r in whole["regions"]]
    said = [(row[0], row[2], row[9]) for row in without_breaks(rows)]
    assert found == sorted(said, key=lambda row: row[0])
    titles = [(keys[r["row"]], r["value"]) for r in whole["attributes"] if r["name"] == "Title"]
    assert Counter(titles) == Counter((i, title or None) for i, title in listed)


def without_breaks(rows: list[list[str]]) -> list[list[str]]:
    """Only the list of images holds words with line breaks."""
    return [[word.replace("\n", " ") for word in row] for row in rows]


def write(file: Path, rows: list[Any]) -> None:
    """A CSV as the csv module writes it."""
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows(rows)


def test_a_split_alone(tmp_path: Path) -> None:
    source = open_source(published(tmp_path), SourceOptions(split="validation"))
    assert [i["key"] for i in joined(source.batches(9))["items"]] == ["e"]
