"""labelme: every shape in its kind, flags, where the picture is, every fault in one error."""

from __future__ import annotations

import base64
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pycocotools import mask

from excavate.catalog.originals import OriginalError, Originals
from excavate.errors import SourceError
from excavate.sources import open_source
from tests.sources.contract import Whole, joined
from tests.sources.fixtures import png, put
from tests.sources.fixtures_labelme import (
    ALL_SHAPES,
    labelme_folders,
    labelme_json,
    labelme_splits,
    mask_png,
    shape,
)


def read(text: str) -> Whole:
    """All rows of a source."""
    return joined(open_source(text).batches(100))


def one(root: Path, *shapes: dict[str, Any], **more: Any) -> Whole:
    """What is read of a single JSON."""
    put(root / "a.json", labelme_json("a.png", *shapes, **more))
    return read(f"labelme:{root}")


def refused(root: Path) -> str:
    """The error that a folder gives, its path left out."""
    with pytest.raises(SourceError) as error:
        open_source(f"labelme:{root}").describe()
    return str(error.value).replace(str(root), "ROOT")


def box(region: dict[str, Any]) -> list[Any]:
    """The box around a region."""
    return [region[name] for name in ("x", "y", "width", "height")]


def drawn(region: dict[str, Any]) -> Any:
    """Its geometry."""
    return None if region["geometry"] is None else json.loads(region["geometry"])


def test_every_shape_in_its_kind(tmp_path: Path) -> None:
    regions = one(tmp_path, *ALL_SHAPES)["regions"]
    assert [(r["kind"], box(r), drawn(r)) for r in regions if r["kind"] != "mask"] == [
        ("polygon", [0, 0, 3, 2], [[0, 0, 3, 0, 3, 2]]),
        ("box", [1, 1, 3, 2], None),
        ("box", [1, 1, 3, 2], None),
        ("circle", [-3, -3, 10, 10], {"centre": [2, 2], "radius": 5}),
        ("line", [0, 0, 4, 3], [[0, 0, 4, 3]]),
        ("line", [0, 0, 4, 3], [[0, 0, 1, 2, 4, 3]]),
        ("point", [1.5, 2, 0, 0], [1.5, 2]),
        ("point", [1, 1, 0, 0], [1, 1]),
        ("point", [2, 2, 0, 0], [2, 2]),
        ("polygon", [0, 0, 2, 1], [[0, 0, 2, 0, 2, 1, 0, 1]]),
    ]
    assert [r["value"] for r in regions][:3] == ["polygon", "rectangle", "개"]


def test_what_a_shape_says_beside_its_points(tmp_path: Path) -> None:
    regions = one(tmp_path, *ALL_SHAPES)["regions"]
    assert [json.loads(r["extra"]) for r in regions] == [
        {"shape_type": "polygon", "group_id": 7, "flags": {"occluded": True}},
        {"shape_type": "rectangle"},
        {"shape_type": "rectangle", "description": "뒤", "points": [[4, 3], [1, 1]]},
        {"shape_type": "circle", "points": [[2, 2], [5, 6]]},
        {"shape_type": "line"},
        {"shape_type": "linestrip"},
        {"shape_type": "point"},
        {"shape_type": "points", "shape": 7},
        {"shape_type": "points", "shape": 7},
        {"shape_type": "mask", "points": [[1, 1], [3, 2]]},
        {"shape_type": "oriented_rectangle", "score": 0.5},
    ]


def test_shapes_that_are_alike_and_those_that_are_not(tmp_path: Path) -> None:
    corners = ((0, 0), (3, 0), (3, 2))
    said: list[dict[str, Any]] = [
        {},
        {},
        {"group_id": 0},
        {"flags": {"a": False}},
        {"flags": []},
        {"other": 1},
        {"shape_type": ["odd"]},
        {},
    ]
    whole = one(tmp_path, *(shape("polygon", *corners, **more) for more in said))
    extras = [json.loads(region["extra"]) for region in whole["regions"]]
    assert extras == [{"shape_type": "polygon"} | more for more in said]


@pytest.mark.parametrize("far", [10**400, 1.7e308])
def test_numbers_too_large_to_add(far: Any, tmp_path: Path) -> None:
    said = [
        shape("rectangle", points=[[0, 0], [far, far]]),
        shape("polygon", points=[[0, far]] * 3),
    ]
    regions = one(tmp_path, *said)["regions"]
    assert [r["x"] for r in regions] == ([None, None] if far == 10**400 else [0, 0])
    if far == 10**400:
        assert [json.loads(r["extra"])["points"] for r in regions] == [s["points"] for s in said]


def test_a_shape_without_a_name(tmp_path: Path) -> None:
    (region,) = one(tmp_path, shape("point", (1, 1), label=None))["regions"]
    assert (region["value"], region["category_id"]) == (None, None)


def test_a_mask_lies_where_it_was_drawn(tmp_path: Path) -> None:
    (region,) = one(tmp_path, ALL_SHAPES[8])["regions"]
    assert (region["kind"], box(region)) == ("mask", [1, 1, 3, 2])
    assert mask.decode(json.loads(region["geometry"])).tolist() == [
        [0, 0, 0, 0, 0, 0],
        [0, 1, 0, 1, 0, 0],
        [0, 0, 1, 1, 0, 0],
        [0, 0, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0],
    ]


SMALL = mask_png([[1]])
UNPLACED = [
    (shape("circle", (1, 1)), "of the type circle with 1 points, not 2"),
    (shape("rectangle", (1, 1)), "of the type rectangle with one point"),
    (shape("point", (1, 1), (2, 2)), "of the type point with 2 points, not 1"),
    (shape("polygon"), "whose points are no list of [x, y]"),
    (shape("polygon", points=[[1, 2, 3]]), "whose points are no list of [x, y]"),
    (shape("polygon", points=[[1, "2"]]), "whose points are no list of [x, y]"),
    (shape("line", points=[[1, float("nan")]]), "whose points are no list of [x, y]"),
    (shape("sphere", (1, 1)), "of the type sphere"),
    (shape("mask", (1, 1), (9, 2), mask=mask_png([[1] * 9])), "that crosses the picture's edge"),
    (shape("mask", (1, 1), (1, 1), mask="no"), "of the type mask whose PNG cannot be read"),
    (shape("mask", (1, 1), (1, 1)), "of the type mask whose PNG cannot be read"),
    (shape("mask", (1, 1), (1, 1), mask=mask_png([[0]])), "of the type mask without a pixel set"),
    (shape("mask", (1, 1), mask=SMALL), "of the type mask without two corners"),
]


@pytest.mark.parametrize(("given", "why"), UNPLACED)
def test_a_shape_without_a_place_is_kept_and_counted(
    given: dict[str, Any], why: str, tmp_path: Path
) -> None:
    (region,) = one(tmp_path, given)["regions"]
    assert (region["kind"], box(region), region["geometry"]) == ("box", [None] * 4, None)
    kept = json.loads(region["extra"])
    assert kept["shape_type"] == given["shape_type"]
    assert json.dumps(kept["points"]).replace('"NaN"', "NaN") == json.dumps(given["points"])
    assert kept.get("mask") == given.get("mask")
    (told,) = open_source(f"labelme:{tmp_path}").describe().left_out
    assert told.startswith("1 shape ")
    assert why in told


def test_flags_are_attributes_and_the_true_ones_labels(tmp_path: Path) -> None:
    labelme_folders(tmp_path)
    whole = read(f"labelme:{tmp_path}/two")
    row = [item["key"] for item in whole["items"]].index("c.json")
    said = {a["name"]: a["value"] for a in whole["attributes"] if a["row"] == row}
    assert said == {
        "version": "5.4.1",
        "imagePath": "..\\one\\a.png",
        "imageHeight": "5",
        "imageWidth": "6",
        "flags.cat": "true",
        "flags.dog": "false",
        "site": "서울",
    }
    labels = [(a["field"], a["value"]) for a in whole["labels"] if a["row"] == row]
    assert labels == [("flag", "cat")]


def test_where_the_picture_is(tmp_path: Path) -> None:
    items = read(labelme_folders(tmp_path))["items"]
    assert [(item["key"], item["path"], item["part"]) for item in items] == [
        ("one/a.json", "one/a.png", None),
        ("two/b.json", "two/b.json", "imageData"),
        ("two/c.json", "one/a.png", None),
        ("two/d.json", "two/gone.png", None),
    ]
    originals = Originals(tmp_path)
    assert originals.read("two/b.json", "imageData") == png(6, 5)
    with pytest.raises(OriginalError, match=r"coco\.json imageData: 'imageData'"):
        originals.read("coco.json", "imageData")


@pytest.mark.parametrize(
    ("named", "path"),
    [
        ("/abs/a.png", "a.png"),  # its namesake
        ("../../a.png", "a.png"),
        ("a.json", "a.png"),
        (None, "a.png"),
        (5, "a.png"),
        ("sub/../b.png", "b.png"),
    ],
)
def test_names_that_lead_nowhere(named: Any, path: str, tmp_path: Path) -> None:
    put(tmp_path / "a.png", png())
    put(tmp_path / "b.png", png())
    put(tmp_path / "a.json", labelme_json(named))
    (item,) = read(f"labelme:{tmp_path}")["items"]
    assert (item["path"], item["part"]) == (path, None)


def test_a_picture_nowhere_is_an_item_without_pixels(tmp_path: Path) -> None:
    put(tmp_path / "a.json", labelme_json(None))
    (item,) = read(f"labelme:{tmp_path}")["items"]
    assert (item["path"], item["width"], item["height"]) == (None, 6, 5)


def test_splits_and_categories(tmp_path: Path) -> None:
    items = read(labelme_splits(tmp_path / "a"))["items"]
    assert [(i["split"], i["key"]) for i in items] == [
        ("train", "train/a.json"),
        ("train", "train/b.json"),
        ("val", "val/a.json"),
    ]
    names = [c.name for c in open_source(labelme_folders(tmp_path / "b")).categories()]
    assert names[:4] == ["__ignore__", "cat", "polygon", "rectangle"]


def test_what_is_not_read_is_said(tmp_path: Path) -> None:
    text = labelme_folders(tmp_path)
    put(tmp_path / "one" / "notes.md", "words")
    assert open_source(text).describe().left_out == (
        "1 JSON of another kind (coco.json the first): not read",
        "1 picture without a JSON (.png 1): not read",
        "1 file of other kinds (.md 1): not read",
        "1 shape of the type circle with 1 points, not 2: kept without a place",
    )


def test_every_fault_of_every_json_is_reported_at_once(tmp_path: Path) -> None:
    put(tmp_path / "a.json", '{"shapes": [\n{"label": }]}')
    put(tmp_path / "b.json", '{"shapes": [5]}')
    put(tmp_path / "c.json", '{"shapes": [], "flags": [1]}')
    put(tmp_path / "d.json", b'{"shapes": "\xff"}')
    put(tmp_path / "e.json", '{"shapes": [], "x": "\\ud800"}')
    put(tmp_path / "f.json", labelme_json("a.png"))
    put(tmp_path / "labels.txt", b"\xff\xfe")
    assert refused(tmp_path) == "\n".join(
        [
            "ROOT: faults in the folder (6). Correct these",
            "  labels.txt: cannot be read (not UTF-8)",
            "  a.json: not JSON at line 2, column 11 (Expecting value)",
            "  b.json: shapes is no list of objects",
            "  c.json: flags is no object",
            "  d.json: not JSON ('utf-8' codec can't decode byte 0xff in position 12: "
            "invalid start byte)",
            "  e.json: text that is no Unicode (half of a surrogate pair)",
        ]
    )


def test_a_folder_without_labelme(tmp_path: Path) -> None:
    put(tmp_path / "a.json", "[]")
    todo = "Give the folder that Labelme wrote to"
    said = "no JSON of Labelme; 1 JSON of another kind (a.json the first): not read"
    assert refused(tmp_path) == f"ROOT: {said}. {todo}"


def test_a_picture_changed_inside_its_json_changes_the_fingerprint(tmp_path: Path) -> None:
    seen = set()
    for colour in ("red", "white", "navy"):
        inside = base64.b64encode(png(6, 5, colour)).decode()
        put(tmp_path / "a.json", labelme_json("gone.png", imageData=inside))
        seen.add(open_source(f"labelme:{tmp_path}").describe().fingerprint)
    assert len(seen) == 3


@pytest.mark.shared_data
def test_the_examples_of_labelme(shared: Path) -> None:
    examples = shared / "labelme" / "examples"
    whole = read(f"labelme:{examples}")
    wanted: Counter[str] = Counter()
    for file in examples.rglob("*.json"):
        wanted.update(s["shape_type"] for s in json.loads(file.read_text()).get("shapes", []))
    found = Counter(json.loads(r["extra"])["shape_type"] for r in whole["regions"])
    assert found == wanted
    assert found == {
        "polygon": 56,
        "rectangle": 11,
        "circle": 1,
        "line": 1,
        "linestrip": 1,
        "point": 1,
    }
    assert len(whole["items"]) == 18
    assert {r["kind"] for r in whole["regions"]} == {"polygon", "box", "circle", "line", "point"}
    assert [a["value"] for a in whole["labels"] if a["field"] == "flag"] == ["cat", "dog"]
    inside = [i["path"] for i in whole["items"] if i["part"]]
    assert [Originals(examples).read(path, "imageData")[:2] for path in inside] == [b"\xff\xd8"]
