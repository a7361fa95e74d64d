"""aihub: nothing is lost of a place or a category, nothing is taken from the wrong record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from excavate.model import SourceOptions
from excavate.sources import open_source
from excavate.sources.file_stores import MOST_BYTES
from tests.sources.fixtures import png, put
from tests.sources.fixtures_aihub import written
from tests.sources.test_aihub import alone, boxes, read, refused, said

OUTLINE = [[1, 2], [3, 4], [5, 9]]


def left_out(root: Path, **given: str) -> tuple[str, ...]:
    return open_source(f"aihub:{root}", SourceOptions(given=given)).describe().left_out


def one(root: Path, record: dict[str, Any]) -> tuple[dict[str, Any], Any]:
    """The only region of a record, and its extra."""
    (region,) = alone(root, {"objects": [record]})["regions"]
    return region, json.loads(region["extra"] or "null")


@pytest.mark.parametrize("second", ["point", "polyline"])
def test_a_second_shape_stays_in_extra(second: str, tmp_path: Path) -> None:
    value = [7, 8] if second == "point" else [[1, 2], [50, 90]]
    record = {"label": "x", "bbox": [0, 0, 9, 9], "polygon": OUTLINE, second: value}
    region, extra = one(tmp_path, record)
    assert (region["kind"], region["width"]) == ("polygon", 9)
    assert json.loads(region["geometry"]) == [[1, 2, 3, 4, 5, 9]]
    assert extra == {second: value}


MORE: dict[str, tuple[str, Any, str]] = {
    "a box's": ("bbox", {"x": 1, "y": 2, "width": 3, "height": 4, "confidence": 0.9}, "box"),
    "a box's other sides": ("bbox", {"x1": 1, "y1": 2, "x2": 3, "y2": 4, "width": 2}, "box"),
    "points'": ("points", [{"x": x, "y": x * x, "z": 9} for x in (1, 2, 3)], "polygon"),
    "rings'": ("polygon", [[{"x": x, "y": x * x, "n": 1} for x in (1, 2, 3)]], "polygon"),
    "corners'": (
        "coords",
        {
            name: {"x": x, "y": y, "occluded": True}
            for name, x, y in (("tl", 0, 0), ("tr", 2, 0), ("bl", 0, 1), ("br", 2, 1))
        },
        "box",
    ),
}


@pytest.mark.parametrize("whose", MORE)
def test_keys_inside_a_place_stay_in_extra(whose: str, tmp_path: Path) -> None:
    name, value, kind = MORE[whose]
    region, extra = one(tmp_path, {"label": "x", name: value})
    assert region["kind"] == kind
    assert extra == {name: value}


def test_sides_beside_an_empty_outline_are_the_box(tmp_path: Path) -> None:
    sides = {"x": 1, "y": 2, "width": 3, "height": 4}
    region, extra = one(tmp_path, {"label": "x", "polygon": [], **sides, "n": 5})
    assert (region["kind"], region["height"]) == ("box", 4)
    assert extra == {"polygon": [], "n": 5}


def test_keys_inside_a_place_at_the_top_stay_an_attribute(tmp_path: Path) -> None:
    box = {"x": 1, "y": 2, "width": 3, "height": 4, "confidence": 0.9}
    whole = alone(tmp_path, {"class_name": "x", "bbox": box})
    assert boxes(whole) == [("box", 1, 2, 3, 4)]
    assert json.loads(said(whole)["bbox"] or "") == box


def test_keys_inside_a_place_by_class_stay_in_extra(tmp_path: Path) -> None:
    place = {"X좌표": 1, "Y좌표": 2, "가로": 3, "세로": 4, "가림": "없음"}
    (region,) = alone(tmp_path, {"렉트좌표": {"상의": [place]}})["regions"]
    assert json.loads(region["extra"]) == {"path": "렉트좌표", "렉트좌표": place}


def test_a_box_beside_an_outline_is_read_as_a_box(tmp_path: Path) -> None:
    record = {"type": "polygon", "bbox": [1, 2, 30, 40], "polygon": OUTLINE}
    assert one(tmp_path, record)[0]["width"] == 30


@pytest.mark.parametrize(
    "category",
    [
        {"id": 1, "class_name": "개"},
        {"category_id": 1, "category_name": "개"},
        {"ID": 1, "클래스명": "개"},
        {"id": 1, "name": "개", "class": "동물"},
    ],
)
def test_categories_are_called_by_any_key_that_names_a_class(
    category: dict[str, Any], tmp_path: Path
) -> None:
    document = {"categories": [category], "annotations": [{"category_id": 1, "point": [1, 2]}]}
    assert [r["value"] for r in alone(tmp_path, document)["regions"]] == ["개"]
    (found,) = open_source(f"aihub:{tmp_path}").categories()
    assert found.name == "개"
    assert category.items() <= {"name": "개", **found.extra}.items()


@pytest.mark.parametrize("images", [{}, {"images": [{"id": 1}]}])
def test_categories_that_are_not_understood_are_kept_and_counted(
    images: dict[str, Any], tmp_path: Path
) -> None:
    records: list[Any] = ["개", {"id": 2, "nom": "chat"}, {"id": 3, "name": "새"}]
    whole = alone(tmp_path, {**images, "categories": records, "annotations": []})
    assert said(whole)["categories"] == '["개", {"id": 2, "nom": "chat"}]'
    assert left_out(tmp_path)[0] == "categories[]: 2 places not understood, kept as written"


def test_an_id_of_two_categories_is_the_first_ones(tmp_path: Path) -> None:
    records = [{"id": 1, "name": "개"}, {"id": 1, "name": "새"}, {"name": "말"}, {"name": "소"}]
    said_of = [{"category_id": 1, "point": [1, 2]}]
    whole = alone(tmp_path, {"categories": records, "annotations": said_of})
    assert [r["value"] for r in whole["regions"]] == ["개"]
    assert said(whole)["categories"] == '[{"id": 1, "name": "새"}]'
    assert [c.name for c in open_source(f"aihub:{tmp_path}").categories()] == ["개", "말", "소"]
    assert left_out(tmp_path)[0] == "categories[]: 1 place not understood, kept as written"


def test_categories_by_number_are_kept_and_counted(tmp_path: Path) -> None:
    document = {"images": [{"id": 1}], "annotations": [], "categories": {"1": "개"}}
    assert said(alone(tmp_path, document))["categories.1"] == "개"
    assert left_out(tmp_path)[0] == "categories: 1 place not understood, kept as written"


SIZES: dict[str, tuple[dict[str, Any], tuple[int | None, int | None]]] = {
    "of a product": (
        {"product": {"width": 45, "height": 90}, "image": {"file_name": "a.jpg"}},
        (None, None),
    ),
    "of a product with a name": (
        {"product": {"name": "컵", "width": 45, "height": 90}},
        (None, None),
    ),
    "of the record that says the file": (
        {"product": {"width": 45, "height": 90}, "a": {"file": "a.jpg", "width": 4, "height": 3}},
        (4, 3),
    ),
    "of keys that say image": ({"x": {"width": 1, "height": 2, "imgW": 4, "imgH": 3}}, (4, 3)),
    "of a record that says image": ({"이미지 정보": {"가로": "4", "세로": 3}}, (4, 3)),
    "of two records": ({"image": {"width": 4}, "img": {"height": 3}}, (None, None)),
}


@pytest.mark.parametrize("whose", SIZES)
def test_a_size_is_the_pictures(whose: str, tmp_path: Path) -> None:
    document, wanted = SIZES[whose]
    (item,) = alone(tmp_path, document)["items"]
    assert (item["width"], item["height"]) == wanted


def test_jsons_without_a_picture_are_counted(tmp_path: Path) -> None:
    put(tmp_path / "a.jpg", png())
    put(tmp_path / "a.json", written({"x": 1}))
    put(tmp_path / "zz.json", written({"x": 1}))
    assert [i["path"] for i in read(f"aihub:{tmp_path}")["items"]] == ["a.jpg", None]
    assert left_out(tmp_path) == ("1 item whose picture is not known: none is called so",)


def test_boxes_of_which_nobody_said_what_they_are_are_counted(tmp_path: Path) -> None:
    records = [
        {"bbox": [1, 2, 3, 4]},
        {"box": ["1", "2", "3", "4"]},
        {"bbox": [[1, 2], [3, 4]]},
        {"bbox": {"x": 1, "y": 2, "w": 3, "h": 4}},
        {"Type": "Bounding_box", "Type_value": [1, 2, 3, 4]},
    ]
    assert len(boxes(alone(tmp_path, {"objects": records}))) == 5
    taken = "four numbers of a box taken as x, y, width, height in 2 places"
    assert left_out(tmp_path)[0] == f"{taken} (boxes=xyxy reads corners)"
    for form in ("xywh", "xyxy"):  # a person said so
        assert left_out(tmp_path, boxes=form) == (
            "no pictures in the folder: items without pixels",
        )


def test_a_json_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "a.json").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    assert refused(f"aihub:{tmp_path}", tmp_path) == "\n".join(
        [
            "ROOT: the dataset cannot be dug (1). Correct these",
            "  a.json: 536,870,913 bytes, more than the 536,870,912 allowed",
        ]
    )
