"""aihub: one core read from many schemas; what is not understood is said, never dropped."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from excavate.errors import SourceError
from excavate.model import SourceOptions
from excavate.sources import open_source
from excavate.sources.aihub_shapes import XYWH, XYXY, shape_of
from tests.sources.contract import Whole, joined
from tests.sources.fixtures import png, put
from tests.sources.fixtures_aihub import COCO, FASHION, apart, beside, like_coco, written


def read(text: str, **given: str) -> Whole:
    return joined(open_source(text, SourceOptions(given=given)).batches(64))


def refused(text: str, root: Path, **given: str) -> str:
    with pytest.raises(SourceError) as error:
        open_source(text, SourceOptions(given=given)).describe()
    return str(error.value).replace(str(root), "ROOT")


def alone(root: Path, document: Any, **given: str) -> Whole:
    put(root / "a.json", written(document))
    return read(f"aihub:{root}", **given)


def boxes(whole: Whole) -> list[tuple[Any, ...]]:
    return [(r["kind"], r["x"], r["y"], r["width"], r["height"]) for r in whole["regions"]]


def said(whole: Whole, row: int = 0) -> dict[str, str | None]:
    return {a["name"]: a["value"] for a in whole["attributes"] if a["row"] == row}


def test_pictures_and_labels_in_folders_of_their_own(tmp_path: Path) -> None:
    source = open_source(apart(tmp_path / "옷"))
    whole = joined(source.batches(64))
    data = "055.데이터/01.데이터"
    assert [(i["split"], i["path"]) for i in whole["items"]] == [
        ("Training", f"{data}/1.Training/원천데이터/TS_값/S1-0001.jpg"),
        ("Training", f"{data}/1.Training/원천데이터/TS_옷/옷 1.jpg"),
        ("Validation", f"{data}/2.Validation/원천데이터/VS_차/S1-0002.jpg"),
    ]
    assert whole["items"][1]["key"] == f"{data}/1.Training/라벨링데이터/TL_옷/옷 1"
    assert source.describe().left_out == (
        "1 picture without a JSON: not read",
        "1 archive not unpacked, not read (VS_차.zip)",
    )


def test_boxes_and_polygons_in_korean(tmp_path: Path) -> None:
    whole = alone(tmp_path, FASHION)
    assert boxes(whole) == [("box", 0.5, 1, 2, 1), ("polygon", 0, 0, 3, 2)]
    assert json.loads(whole["regions"][1]["geometry"]) == [[0, 0, 3, 0, 3, 2]]  # 1, 2 and 10
    assert {r["value"] for r in whole["regions"]} == {"아우터"}
    assert (whole["items"][0]["width"], whole["items"][0]["height"]) == (4, 3)
    labels = [(r["field"], r["value"], r["category_id"]) for r in whole["labels"]]
    assert labels == [
        ("category", "아우터", "아우터"),
        ("스타일.스타일", "로맨틱", None),
        ("스타일.서브스타일", "리조트", None),
        ("아우터.카테고리", "재킷", None),
        ("아우터.소재", "울", None),
        ("아우터.소재", "니트", None),
    ]
    assert said(whole)["데이터셋 정보.파일 생성일자"] == "2020-09-14 05:16:46"


def test_a_value_with_its_type_is_read_by_corners(tmp_path: Path) -> None:
    whole = read(apart(tmp_path))
    assert [r["value"] for r in whole["regions"][:2]] == ["O01001", "O02010"]
    assert boxes(whole)[:2] == [("box", 1, 0, 2, 2), ("polygon", 0, 0, 2, 2)]
    assert said(whole)["Raw_Data_Info..Location"] == "서울"  # written in cp949
    assert boxes(whole)[-1] == ("box", 0, 0, 2, 1)  # four named corners
    assert whole["labels"][-1]["value"] == "P00.차량전체"


def test_jsons_beside_their_pictures(tmp_path: Path) -> None:
    source = open_source(beside(tmp_path))
    whole = joined(source.batches(64))
    mac = unicodedata.normalize("NFD", "한국 음식")
    assert [i["path"] for i in whole["items"]] == [
        "얼굴/0001_1998_20.jpg",
        "음식/A020.jpg",
        f"음식/{mac}.jpg",
    ]
    assert said(whole)["gender"] == "female"
    assert json.loads(whole["regions"][0]["extra"]) == {
        "id": 0,
        "shape": "box",
        "path": "annotation[]",
    }
    food = json.loads(said(whole, 1)["annotations[]"] or "")
    assert (food["W"], food["Point(x,y)"]) == ("0.74", "0.5,0.49")
    assert source.describe().left_out == (
        "annotations[].Point(x,y): 1 place not understood, kept as written",
        "four numbers of a box taken as x, y, width, height in 1 place (boxes=xyxy reads corners)",
    )


def test_one_json_of_several_pictures(tmp_path: Path) -> None:
    source = open_source(like_coco(tmp_path))
    whole = joined(source.batches(64))
    places = [(i["key"], i["path"]) for i in whole["items"]]
    assert places == [
        ("[라벨]인도/인도#1", "[원천]인도/a.jpg"),
        ("[라벨]인도/인도#2", "[원천]인도/없음.jpg"),
    ]
    assert boxes(whole) == [("box", 0, 0, 2, 2), ("polygon", 0, 0, 2, 2), ("box", 0, 1, 1, 1)]
    assert json.loads(whole["regions"][2]["extra"])["keypoints"] == [1, 1, 2]
    found = [(c.category_id, list(c.parents)) for c in source.categories()]
    assert found == [("super:객체", []), ("사람", ["super:객체"]), ("볼라드", [])]
    assert source.describe().left_out == (
        "four numbers of a box taken as x, y, width, height in 2 places (boxes=xyxy reads corners)",
        "1 XML: not read (voc: reads those of Pascal VOC)",
    )


def test_an_annotation_of_no_picture_is_said(tmp_path: Path) -> None:
    lost = {"id": 1, "image_id": 77, "category_id": 3, "bbox": [0, 0, 1, 1]}
    document = COCO | {"annotations": [*COCO["annotations"], lost]}
    put(tmp_path / "a.json", written(document))
    left = open_source(f"aihub:{tmp_path}").describe().left_out
    assert left == (
        "1 annotation of pictures not listed (77): not read",
        "four numbers of a box taken as x, y, width, height in 2 places (boxes=xyxy reads corners)",
        "no pictures in the folder: items without pixels",
    )


def test_annotations_that_name_no_picture_are_those_of_the_only_one(tmp_path: Path) -> None:
    said = [
        {"class": "a", "bbox": [0, 0, 1, 1]},
        {"class": "b", "bbox": [0, 0, 1, 1], "image_id": 9},
    ]
    put(tmp_path / "a.json", written({"images": [{"id": 1}], "annotations": said}))
    source = open_source(f"aihub:{tmp_path}")
    assert [r["value"] for r in joined(source.batches(8))["regions"]] == ["a"]
    assert source.describe().left_out[0] == "1 annotation of pictures not listed (9): not read"


FORMS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "bbox": ([1, 2, 3, 4], ("box", 1, 2, 3, 4)),
    "Bounding_Box": ({"x": 1, "y": 2, "width": 3, "height": 4}, ("box", 1, 2, 3, 4)),
    "box": ({"xtl": 1, "ytl": 2, "xbr": 4, "ybr": 6}, ("box", 1, 2, 3, 4)),
    "rect": ({"left": "1", "top": "2", "right": "4", "bottom": "6"}, ("box", 1, 2, 3, 4)),
    "coord": ({"x1": 1, "y1": 2, "x2": 4, "y2": 6}, ("box", 1, 2, 3, 4)),
    "polygon": ([1, 2, 4, 2, 4, 6], ("polygon", 1, 2, 3, 4)),
    "segmentation": ([[1, 2, 4, 2, 4, 6], [0, 0, 1, 0, 1, 1]], ("polygon", 0, 0, 4, 6)),
    "points": ([{"x": 1, "y": 2}, {"x": 4, "y": 2}, {"x": 4, "y": 6}], ("polygon", 1, 2, 3, 4)),
    "polyline": ([[1, 2], [4, 6]], ("line", 1, 2, 3, 4)),
    "point": ({"x": 1, "y": 2}, ("point", 1, 2, 0, 0)),
    "coordinates": ([[[1, 2], [4, 2], [4, 6]]], ("polygon", 1, 2, 3, 4)),
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_of_a_place(name: str, tmp_path: Path) -> None:
    value, wanted = FORMS[name]
    record = {"label": "개", name: value, "occluded": False}
    whole = alone(tmp_path, {"width": "4", "height": 3, "objects": [record]})
    assert boxes(whole) == [wanted]
    assert whole["regions"][0]["value"] == "개"
    assert json.loads(whole["regions"][0]["extra"]) == {"occluded": False}
    assert said(whole) == {"width": "4", "height": "3"}


def test_corners_in_the_record_itself(tmp_path: Path) -> None:
    record = {"name": "개", "xmin": 1, "ymin": 2, "xmax": 4, "ymax": 6, "id": 5}
    whole = alone(tmp_path, {"objects": [record]})
    assert boxes(whole) == [("box", 1, 2, 3, 4)]
    assert json.loads(whole["regions"][0]["extra"]) == {"id": 5}


def test_two_corners_where_a_person_says_so(tmp_path: Path) -> None:
    document = {"annotations": [{"class": "개", "bbox": [1, 2, 4, 6]}]}
    assert boxes(alone(tmp_path, document)) == [("box", 1, 2, 4, 6)]
    assert boxes(alone(tmp_path, document, boxes="xyxy")) == [("box", 1, 2, 3, 4)]
    assert refused(f"aihub:{tmp_path}", tmp_path, boxes="xyz") == (
        "boxes=xyz: neither xywh nor xyxy. Say what four numbers of a box are"
    )


def test_what_is_not_understood_is_counted_and_kept(tmp_path: Path) -> None:
    odd = [
        {"class": "개", "bbox": "1,2,3,4"},
        {"class": "개", "bbox": [1, 2, 3]},
        {"class": "개", "bbox": [0.1, 0.2, 0.5, 0.5]},
        {"points": [[1, 2], [3, 4]]},
        {"class": "새", "bbox": [True, 1, 2, 3]},
        {"class": "개", "bbox": []},
    ]
    put(tmp_path / "a.json", written({"annotations": odd}))
    source = open_source(f"aihub:{tmp_path}")
    whole = joined(source.batches(8))
    assert whole["regions"] == []
    kept = [json.loads(a["value"]) for a in whole["attributes"] if a["name"] == "annotations[]"]
    assert kept == [odd[0], odd[1], odd[2], odd[4], odd[5]]
    assert said(whole)["annotations[].points"] == "[[1, 2], [3, 4]]"
    assert [label["value"] for label in whole["labels"]] == ["개", "새"]
    assert source.describe().left_out[:2] == (
        "annotations[].bbox: 4 places not understood, kept as written",
        "annotations[].points: 1 place not understood, kept as written",
    )


def test_a_place_at_the_top_leaves_the_rest_to_the_picture(tmp_path: Path) -> None:
    whole = alone(
        tmp_path, {"bbox": [0, 0, 1, 1], "class_name": "국", "device": "Galaxy", "n": None}
    )
    assert boxes(whole) == [("box", 0, 0, 1, 1)]
    assert said(whole) == {"device": "Galaxy", "n": None}


def test_lists_without_places_stay_json(tmp_path: Path) -> None:
    document = {"questions": [{"q": "뭐", "a": 1.10}], "tags": ["a", "b"], "deep": {"x": {"y": 1}}}
    assert said(alone(tmp_path, document)) == {
        "questions": '[{"q": "뭐", "a": 1.1}]',
        "tags": '["a", "b"]',
        "deep.x.y": "1",
    }


def test_pictures_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    for kind in ("개", "새"):
        put(tmp_path / "Training" / "[원천]" / kind / "1.jpg", png())
        put(tmp_path / "Training" / "[라벨]" / kind / "1.json", written({"class": kind}))
    put(tmp_path / "Training" / "[라벨]" / "말" / "1.json", written({"imageName": "1.jpg"}))
    source = open_source(f"aihub:{tmp_path}")
    whole = joined(source.batches(8))
    assert [i["path"] for i in whole["items"]] == [
        "Training/[원천]/개/1.jpg",
        None,
        "Training/[원천]/새/1.jpg",
    ]
    assert source.describe().left_out == (
        "1 item whose picture is not known: several are called so",
    )


def test_a_picture_of_another_folder_is_not_taken(tmp_path: Path) -> None:
    put(tmp_path / "원천데이터" / "개" / "1.jpg", png())
    put(tmp_path / "원천데이터" / "새" / "2.jpg", png())
    put(tmp_path / "라벨링데이터" / "새" / "1.json", written({"file_name": "1.jpg"}))
    whole = read(f"aihub:{tmp_path}")
    assert [i["path"] for i in whole["items"]] == ["원천데이터/새/1.jpg"]  # which is missing


def test_every_broken_json_is_told_at_once(tmp_path: Path) -> None:
    put(tmp_path / "a.json", '{"a": 1,\n}')
    put(tmp_path / "b.json", b"\xff\xff")
    put(tmp_path / "c.json", "7")
    put(tmp_path / "d.json", '{"a": "\\ud800"}')
    put(tmp_path / "e.json", written({"images": [{"id": 1}, {"id": 1}], "annotations": []}))
    assert refused(f"aihub:{tmp_path}", tmp_path) == "\n".join(
        [
            "ROOT: the dataset cannot be dug (5). Correct these",
            "  a.json line 2: not JSON (Expecting property name enclosed in double quotes)",
            "  b.json: neither UTF-8 nor cp949",
            "  c.json: neither a JSON object nor a list",
            "  d.json: text that is no Unicode (half of a surrogate pair)",
            "  e.json: 'e#1' again (first in e.json)",
        ]
    )


def test_a_delivery_that_is_still_packed(tmp_path: Path) -> None:
    put(tmp_path / "라벨링데이터" / "TL.zip", b"PK")
    assert refused(f"aihub:{tmp_path}", tmp_path) == (
        "ROOT: no JSON in the folder; 1 archive not unpacked, not read (TL.zip). "
        "Unpack the zips of labels here"
    )


def test_a_changed_json_or_picture_is_noticed(tmp_path: Path) -> None:
    text = beside(tmp_path)
    found = [open_source(text).describe().fingerprint]
    put(tmp_path / "음식" / "A020.jpg", png(7))
    found.append(open_source(text).describe().fingerprint)
    put(tmp_path / "음식" / "A020.json", written([]))
    found.append(open_source(text).describe().fingerprint)
    assert len(set(found)) == 3
    assert open_source(text).describe().fingerprint == found[-1]


NUMBER = st.integers(0, 4000)


@given(NUMBER, NUMBER, st.integers(1, 500), st.integers(1, 500))
def test_a_box_is_the_same_however_it_is_written(x: int, y: int, w: int, h: int) -> None:
    right, low = x + w, y + h
    forms: list[tuple[Any, str, str]] = [
        ([x, y, w, h], "box", XYWH),
        ([x, y, right, low], "box", XYXY),
        ({"X": x, "Y": y, "Width": w, "Height": h}, "", XYXY),
        ({"x_min": str(x), "y_min": str(y), "x_max": str(right), "y_max": str(low)}, "", XYWH),
        ([[x, y], [right, low]], "points bbox", XYWH),
        ([[right, low], [x, y]], "points rectangle", XYWH),
        ([{"x": x, "y": y}, {"x": right, "y": low}], "points box", XYWH),
        ([x, y, right, y, right, low, x, low], "points bounding_box", XYWH),
    ]
    for value, hint, form in forms:
        shape = shape_of(value, hint, form)
        assert shape is not None
        assert (shape.kind, shape.box) == ("box", (x, y, w, h)), value


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["x", "y", "w", "h", "x1", "y1", "size", "counts"]), inner
        )
    ),
    max_leaves=8,
)


@given(JSON, st.sampled_from(["", "box", "points", "polygon", "points polyline"]))
def test_no_value_is_a_shape_by_accident(value: Any, hint: str) -> None:
    shape = shape_of(value, hint, XYWH)
    if shape is not None and shape.geometry is not None:
        assert json.loads(str(shape.geometry)) == shape.geometry
