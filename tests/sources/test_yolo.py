"""yolo: lines in pixels, folders and lists, and every fault in one error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from excavate.errors import FaultList, SourceError
from excavate.model import SourceOptions
from excavate.sources import open_source
from excavate.sources.read_once import Rows
from excavate.sources.yolo_lines import Lines
from tests.sources.contract import Whole, joined
from tests.sources.fixtures import png, put
from tests.sources.fixtures_yolo import yolo_config, yolo_plain

BOX = "0 0.5 0.5 0.2 0.25\n"


def read(text: str, **given: str) -> Whole:
    """All rows of a source."""
    return joined(open_source(text, SourceOptions(given=given)).batches(100))


def left_out(text: str, **given: str) -> tuple[str, ...]:
    """What a source says it did not read."""
    return open_source(text, SourceOptions(given=given)).describe().left_out


def refused(root: Path, **given: str) -> str:
    """The error that a folder gives, its path left out."""
    with pytest.raises(SourceError) as error:
        open_source(f"yolo:{root}", SourceOptions(given=given)).describe()
    return str(error.value).replace(str(root), "ROOT")


def keys(whole: Whole) -> list[tuple[str, str]]:
    """(split, key) of each item."""
    return [(item["split"], item["key"]) for item in whole["items"]]


def boxes(whole: Whole) -> list[tuple[Any, ...]]:
    """The regions' boxes."""
    return [tuple(r[k] for k in ("x", "y", "width", "height")) for r in whole["regions"]]


def test_splits_are_folders_and_lists(tmp_path: Path) -> None:
    whole = read(yolo_config(tmp_path))
    assert keys(whole) == [
        ("train", "images/train/a.png"),
        ("train", "images/train/b.png"),
        ("train", "images/train/c.png"),
        ("train", "images/train/gone"),
        ("val", "images/val/d.png"),
        ("val", "images/train/a.png"),
    ]
    files = [a["value"] for a in whole["attributes"] if a["name"] == "label_file"]
    assert files[:3] == ["labels/train/a.txt", "labels/train/b.txt", None]


def test_names_are_as_written(tmp_path: Path) -> None:
    source = open_source(yolo_config(tmp_path))
    said = source.describe()
    assert [(c.category_id, c.name) for c in source.categories()] == [("0", "no"), ("1", "고양이")]
    assert (said.licence, said.homepage) == ("CC BY 4.0", "http://example.org")
    labels = [(a["row"], a["value"]) for a in joined(source.batches(9))["labels"]]
    assert labels[:3] == [(0, "no"), (0, "고양이"), (3, "고양이")]


def test_boxes_polygons_and_confidence(tmp_path: Path) -> None:
    first, second, gone, polygon, *_ = read(yolo_config(tmp_path))["regions"]
    assert [first[k] for k in ("x", "y", "width", "height")] == [4, 3, 2, 2]
    assert json.loads(first["extra"]) == {"verbatim": "0 0.5 0.5 0.2 0.25"}
    assert json.loads(second["extra"])["confidence"] == 0.75
    assert (gone["x"], json.loads(gone["extra"])) == (None, {"verbatim": "1 0.5 0.5 0.2 0.25"})
    assert (polygon["kind"], json.loads(polygon["geometry"])) == ("polygon", [[0, 0, 5, 0, 5, 4]])
    assert [polygon[k] for k in ("x", "y", "width", "height")] == [0, 0, 5, 4]


def test_what_is_not_read_is_said(tmp_path: Path) -> None:
    assert left_out(yolo_config(tmp_path / "a")) == (
        "data.yaml: download: not read",
        "1 label file of no picture (labels/val/z.txt the first): not read",
        "2 files of other kinds (.md 1, .png 1): not read",
        "1 line of pictures that cannot be read: kept without a place",
    )
    assert left_out(yolo_plain(tmp_path / "b")) == (
        "no names of the classes: each is called by its number",
        "1 line of pictures that cannot be read: kept without a place",
    )


def test_without_names_a_class_is_its_number(tmp_path: Path) -> None:
    source = open_source(yolo_plain(tmp_path))
    assert [(c.category_id, c.name) for c in source.categories()] == [("7", "7"), ("12", "12")]
    assert keys(joined(source.batches(9)))[0] == ("train", "train/images/a.jpg")


@pytest.mark.parametrize("file", ["classes.txt", "obj.names", "labels/classes.txt"])
def test_names_from_a_text_beside(file: str, tmp_path: Path) -> None:
    put(tmp_path / "images" / "a.png", png())
    put(tmp_path / "labels" / "a.txt", BOX)
    put(tmp_path / file, "cat\ndog\n")
    assert [c.name for c in open_source(f"yolo:{tmp_path}").categories()] == ["cat", "dog"]
    assert left_out(f"yolo:{tmp_path}") == ()


def test_labels_beside_their_pictures(tmp_path: Path) -> None:
    put(tmp_path / "a.png", png(10, 8))
    put(tmp_path / "a.txt", BOX)
    assert boxes(read(f"yolo:{tmp_path}")) == [(4, 3, 2, 2)]


def test_folders_named_by_options(tmp_path: Path) -> None:
    put(tmp_path / "pics" / "val2017" / "a.png", png(10, 8))
    put(tmp_path / "far" / "val2017" / "a.txt", BOX)
    put(tmp_path / "far" / "val2017" / "b.txt", BOX)
    text = f"yolo:{tmp_path}"
    whole = read(text, images="pics", labels="far")
    assert keys(whole) == [("val2017", "pics/val2017/a.png"), ("val2017", "pics/val2017/b")]
    assert boxes(whole) == [(4, 3, 2, 2), (None,) * 4]
    outside = read(f"{text}/pics", labels="../far")
    assert boxes(outside) == boxes(whole)
    assert refused(tmp_path, labels="none") == (
        "--option labels=none: no such folder. It is seen from ROOT"
    )
    assert "--option images=..: leaves the folder" in refused(tmp_path / "pics", images="..")


def test_keypoints(tmp_path: Path) -> None:
    put(tmp_path / "data.yaml", "train: images\nnames: {0: person}\nkpt_shape: [2, 3]\n")
    put(tmp_path / "images" / "a.png", png(10, 8))
    put(tmp_path / "labels" / "a.txt", "0 0.5 0.5 0.2 0.25 0.5 0.5 2 0 1 0\n")
    (region,) = read(f"yolo:{tmp_path}")["regions"]
    assert region["kind"] == "box"
    assert json.loads(region["extra"])["keypoints"] == [[5, 4, 2], [0, 8, 0]]


def test_paths_of_an_export_are_found_and_those_outside_refused(tmp_path: Path) -> None:
    put(
        tmp_path / "data.yaml",
        "path: ../datasets/x\ntrain: ../train/images\nval: [gone, ../../../etc, /etc]\nnames: [a]\n"
        "test: lists/t.txt\n",
    )
    put(tmp_path / "train" / "images" / "a.png", png())
    put(tmp_path / "lists" / "t.txt", "../outside.png\nwords.doc\n./b.png\n")
    assert refused(tmp_path) == "\n".join(
        [
            "ROOT: faults in the folder (3). Correct these",
            "  data.yaml: val is /etc, which leaves the folder",
            "  lists/t.txt: ../outside.png leaves the folder",
            "  lists/t.txt: words.doc is not called as a picture is",
        ]
    )
    put(tmp_path / "lists" / "t.txt", "./b.png\n")
    put(tmp_path / "data.yaml", "path: ../x\ntrain: ../train/images\nval: gone\nnames: [a]\n")
    assert keys(read(f"yolo:{tmp_path}")) == [("train", "train/images/a.png")]
    assert left_out(f"yolo:{tmp_path}")[:2] == (
        "data.yaml: path is ../x, not in the folder: taken as the folder",
        "data.yaml: val is gone, which is not there",
    )


def test_every_fault_of_every_line_is_reported_at_once(tmp_path: Path) -> None:
    put(tmp_path / "data.yaml", "train: images\nnames: [a, b]\nnc: 3\nkpt_shape: 17\n")
    put(tmp_path / "images" / "a.png", png())
    put(tmp_path / "images" / "b.png", png())
    put(
        tmp_path / "labels" / "a.txt",
        "2 0 0 1 1\n\n0 0 0 1\n0 0 x 1 1\n1 0 nan 1 1\n1 1 1 1 1 1 1 1\n",
    )
    put(tmp_path / "labels" / "b.txt", b"\xff\xfe0")
    lines = "which is no line of YOLO (a box has 5, a polygon an odd number from 7 on)"
    assert refused(tmp_path) == "\n".join(
        [
            "ROOT: faults in the folder (8). Correct these",
            "  data.yaml: nc is 3, and there are 2 names",
            "  data.yaml: kpt_shape is 17, not [how many, 2 or 3]",
            "  labels/a.txt line 1: its class is 2, which is not among the 2 names",
            f"  labels/a.txt line 3: 4 fields, {lines}",
            "  labels/a.txt line 4: 'x' is not a number",
            "  labels/a.txt line 5: 'nan' is not a number",
            f"  labels/a.txt line 6: 8 fields, {lines}",
            "  labels/b.txt: cannot be read (not UTF-8)",
        ]
    )


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (
            "names: [a",
            "not YAML at line 1, column 10 (expected ',' or ']', but got '<stream end>')",
        ),
        ("- a", "not a mapping with names, train and val"),
        ("[" * 5000, "not YAML (maximum recursion depth exceeded"),
        ("names: [[a]]", "names is neither a list of names nor a mapping to names"),
        ("names: a", "names is neither a list of names nor a mapping to names"),
        ("names: [a]\ntrain: [{a: b}]", "train is neither a path nor a list of paths"),
        ("a: !!python/object/apply:os.system [x]\nnames: [[]]", "names is neither"),
    ],
)
def test_what_is_no_data_yaml(content: str, why: str, tmp_path: Path) -> None:
    put(tmp_path / "data.yaml", content)
    put(tmp_path / "images" / "a.png", png())
    assert f"data.yaml: {why}" in refused(tmp_path)


def test_an_empty_folder(tmp_path: Path) -> None:
    assert refused(tmp_path).startswith("ROOT: no picture and no label file; no names")


PART = st.floats(-1, 2, allow_nan=False)


@settings(deadline=None)
@given(
    st.lists(st.tuples(PART, PART), min_size=3, max_size=9), st.integers(1, 9), st.integers(1, 9)
)
def test_pixels_lead_back_to_the_line(
    points: list[tuple[float, float]], width: int, height: int
) -> None:
    rows, faults = Rows(), FaultList()
    line = " ".join(["3", *(repr(value) for point in points for value in point)])
    Lines({}, None, faults).read(line, (width, height), "a.txt", 0, rows)
    faults.raise_if_any("no fault is expected")
    ((_, kind, x, y, across, down, geometry, *_, extra),) = rows.regions
    (ring,) = json.loads(geometry)
    back = [value / (height if n % 2 else width) for n, value in enumerate(ring)]
    assert back == pytest.approx([value for point in points for value in point])
    assert (kind, json.loads(extra)) == ("polygon", {"verbatim": line})
    assert (x, y) == (min(ring[0::2]), min(ring[1::2]))
    assert (x + across, y + down) == pytest.approx((max(ring[0::2]), max(ring[1::2])))


def crossing(lines: list[str]) -> int:
    """Boxes that reach beyond the picture, by the numbers as they are written."""
    boxes = [list(map(float, line.split()[1:])) for line in lines]
    return sum(
        min(x - w / 2, y - h / 2) < 0 or max(x + w / 2, y + h / 2) > 1 for x, y, w, h in boxes
    )


@pytest.mark.shared_data
def test_coco128(shared: Path) -> None:
    folder = shared / "coco128"
    whole = read(f"yolo:{folder}", labels="object_detection/labels")
    assert (len(whole["items"]), len(whole["regions"])) == (128, 898)
    lines = [json.loads(r["extra"])["verbatim"] for r in whole["regions"]]
    assert crossing(lines) == 38
    sizes = {row: Image.open(folder / i["path"]).size for row, i in enumerate(whole["items"])}
    beyond = [
        max(-r["x"], -r["y"], r["x"] + r["width"] - w, r["y"] + r["height"] - h)
        for r in whole["regions"]
        for w, h in [sizes[r["row"]]]
    ]
    assert 0 < max(beyond) < 0.001  # pixels: rounding in the source, which the catalog lets pass


@pytest.mark.shared_data
def test_segments_of_coco128(shared: Path) -> None:
    whole = read(f"yolo:{shared}/coco128/images", labels="../instance_segmentation/labels")
    assert (len(whole["items"]), len(whole["regions"])) == (128, 712)
    assert {r["kind"] for r in whole["regions"]} == {"polygon"}
    named = [a["value"] for a in whole["attributes"] if a["value"] is not None]
    assert len(named) == 100
