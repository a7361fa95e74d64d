"""coco: what is kept of a COCO JSON, and every fault of one in one error."""

from __future__ import annotations

import json
import random
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from pycocotools import mask

from excavate.catalog.originals import Originals
from excavate.errors import SourceError
from excavate.model import SourceOptions
from excavate.sources import open_source
from tests.sources.contract import Whole, joined
from tests.sources.fixtures import (
    captions,
    coco_annotation,
    coco_json,
    instances,
    panoptic,
    png,
    put,
    zipped,
)


def read(text: str, images: Path | None = None) -> Whole:
    """All rows of a source."""
    options = SourceOptions(images=str(images) if images else None)
    return joined(open_source(text, options).batches(100))


def refused(root: Path, content: Any, images: Path | None = None) -> str:
    """The error that a JSON gives, its folder left out."""
    text = content if isinstance(content, (str, bytes)) else json.dumps(content)
    put(root / "x.json", text)
    options = SourceOptions(images=str(images) if images else None)
    with pytest.raises(SourceError) as error:
        open_source(f"coco:{root}/x.json", options).describe()
    return str(error.value).replace(str(root), "ROOT")


def test_categories_and_their_supercategories(tmp_path: Path) -> None:
    said = [
        (c.category_id, c.name, list(c.parents), c.extra)
        for c in open_source(instances(tmp_path)).categories()
    ]
    assert said == [
        ("super:animal", "animal", [], {"supercategory": True}),
        ("1", "cat", ["super:animal"], {"isthing": 1}),
        ("20", "dog", ["super:animal"], {}),
        ("5", "sky", [], {}),
    ]


def test_regions_are_verbatim(tmp_path: Path) -> None:
    regions = read(instances(tmp_path))["regions"]
    polygon, box, runs = regions
    assert [r["kind"] for r in regions] == ["polygon", "box", "mask"]
    assert json.loads(polygon["geometry"]) == [[0, 0, 2, 0, 2, 2]]
    assert [box[name] for name in ("x", "y", "width", "height")] == [-1.5, 0, 9, 2]
    assert json.loads(box["extra"]) == {"id": 101, "score": 0.5}
    assert json.loads(runs["geometry"]) == {"size": [3, 4], "counts": [2, 3, 7]}
    assert runs["x"] is None
    assert [r["value"] for r in regions] == ["dog", "cat", "dog"]


def test_labels_are_the_distinct_categories(tmp_path: Path) -> None:
    whole = read(instances(tmp_path))
    said = [(a["row"], a["field"], a["value"], a["category_id"]) for a in whole["labels"]]
    assert said == [
        (0, "category", "dog", "20"),
        (0, "category", "cat", "1"),
        (1, "category", "sky", "5"),
    ]
    assert {a["name"]: a["value"] for a in whole["attributes"] if a["row"] == 1} == {"when": "x"}


def test_licence_and_page_of_each_image(tmp_path: Path) -> None:
    items = read(instances(tmp_path))["items"]
    assert [i["key"] for i in items] == ["7", "3", "9"]
    assert [i["licence"] for i in items] == ["By (http://example.org/by)", None, None]
    assert [i["source_url"] for i in items] == [None, "http://example.org/b", None]
    assert [i["path"] for i in items] == ["a.png", "sub/b.png", "gone.png"]


def test_captions(tmp_path: Path) -> None:
    whole = read(captions(tmp_path))
    assert [(a["row"], a["field"], a["value"]) for a in whole["labels"]] == [
        (1, "caption", "고양이 두 마리"),
        (1, "caption", "b"),
    ]
    assert {i["path"] for i in whole["items"]} == {None}
    assert not whole["regions"]


def test_panoptic_segments_become_masks(tmp_path: Path) -> None:
    regions = read(panoptic(tmp_path))["regions"]
    assert [r["kind"] for r in regions] == ["mask", "mask", "box", "box"]
    left = mask.decode(json.loads(regions[0]["geometry"]))
    assert left.tolist() == [[1, 1, 0, 0]] * 3
    single = mask.decode(json.loads(regions[1]["geometry"]))
    assert (single.sum(), single[1, 3]) == (1, 1)
    assert [json.loads(r["extra"]).get("mask_missing") for r in regions] == [
        None,
        None,
        "no segment 8 in the PNG",
        "no PNG b.png",
    ]


def missing(text: str) -> list[str | None]:
    """Why each region has no mask; those without one keep their box."""
    regions = read(text)["regions"]
    said = [json.loads(region["extra"]).get("mask_missing") for region in regions]
    assert [region["kind"] for region in regions] == ["box" if why else "mask" for why in said]
    assert {region["width"] for region in regions} == {2}
    return said


def header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds no pixels."""
    size = width.to_bytes(4) + height.to_bytes(4) + bytes([8, 2, 0, 0, 0])
    chunk = b"IHDR" + size
    begins = png()[:8] + len(size).to_bytes(4) + chunk + zlib.crc32(chunk).to_bytes(4)
    return begins + (9).to_bytes(4) + b"IDAT"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no picture"),
        (png()[:40], "no picture"),
        (b"GIF89a", "no picture"),
        (header(30_000, 30_000), "too many pixels"),
        (header(9_000, 9_000), "too many pixels"),
        (png(300, 300)[:-100], "image file is truncated"),
    ],
)
def test_a_png_that_cannot_be_read_is_said(content: bytes, why: str, tmp_path: Path) -> None:
    text = panoptic(tmp_path)
    put(tmp_path / "pan" / "b.png", content)
    assert str(missing(text)[-1]).startswith(f"PNG b.png cannot be read ({why}")


def mask_zip(root: Path, content: bytes, packing: int = zipfile.ZIP_STORED) -> str:
    """The panoptic dataset, its PNGs in a zip, b.png with this content."""
    text = panoptic(root)
    first = (root / "pan" / "a.png").read_bytes()
    (root / "pan").rename(root / "away")
    with zipfile.ZipFile(root / "pan.zip", "w") as out:
        out.writestr("pan/a.png", first)
        out.writestr("pan/b.png", content, packing)
    return text


def damaged(file: Path, at: int, *content: int) -> None:
    """Overwrite bytes of a file; a place below zero counts from its last central entry."""
    whole = bytearray(file.read_bytes())
    place = at if at >= 0 else whole.rindex(b"PK\x01\x02") - at
    whole[place : place + len(content)] = bytes(content)
    file.write_bytes(whole)


def test_a_member_that_cannot_be_unpacked_is_said(tmp_path: Path) -> None:
    noise = random.Random(1).randbytes(500)
    reasons = []
    for number, (place, *content) in enumerate(
        [
            (-8, 1),  # the flag of encryption
            (-10, 97),  # a way of packing that nobody knows
            (-16, 0, 0, 0, 0),  # the checksum
        ]
    ):
        text = mask_zip(tmp_path / str(number), noise, zipfile.ZIP_DEFLATED)
        damaged(tmp_path / str(number) / "pan.zip", place, *content)
        reasons.append(str(missing(text)[-1]))
    assert all(reason.startswith("PNG b.png cannot be read (") for reason in reasons)
    wanted = ("encrypted", "compression", "CRC")
    assert [word in reason for word, reason in zip(wanted, reasons, strict=True)] == [True] * 3


def test_a_member_whose_stream_is_damaged_is_said(tmp_path: Path) -> None:
    text = mask_zip(tmp_path, b"a" * 5_000, zipfile.ZIP_DEFLATED)
    whole = (tmp_path / "pan.zip").read_bytes()
    damaged(tmp_path / "pan.zip", whole.index(b"pan/b.png") + 9, *[255] * 6)
    assert "PNG b.png cannot be read (Error -3" in str(missing(text)[-1])


def test_a_member_too_large_is_not_unpacked(tmp_path: Path) -> None:
    text = mask_zip(tmp_path, b"a" * 50, zipfile.ZIP_DEFLATED)
    damaged(tmp_path / "pan.zip", -24, 1, 0, 0, 32)  # says that it unpacks to half a gigabyte
    why = "536,870,913 bytes, more than the 536,870,912 allowed"
    assert missing(text)[-1] == f"PNG b.png cannot be read ({why})"


def test_a_file_too_large_is_not_read(tmp_path: Path) -> None:
    text = panoptic(tmp_path)
    with open(tmp_path / "pan" / "b.png", "wb") as file:
        file.truncate(512 * 2**20 + 1)
    assert "536,870,913 bytes" in str(missing(text)[-1])


def test_a_segment_no_png_can_hold(tmp_path: Path) -> None:
    text = panoptic(tmp_path)
    document = json.loads((tmp_path / "pan.json").read_text())
    document["annotations"][0]["segments_info"][2]["id"] = 10**30
    put(tmp_path / "pan.json", json.dumps(document))
    assert missing(text)[2] == f"no segment {10**30} in the PNG"


def test_masks_in_a_zip(tmp_path: Path) -> None:
    text = panoptic(tmp_path)
    content = (tmp_path / "pan" / "a.png").read_bytes()
    before = read(text)["regions"]
    (tmp_path / "pan").rename(tmp_path / "away")
    with zipfile.ZipFile(tmp_path / "pan.zip", "w") as out:
        out.writestr("pan/a.png", content)
    assert read(text)["regions"] == before


@pytest.mark.parametrize("names", [["a.png", "sub/b.png"], ["top/a.png", "top/sub/b.png"]])
def test_pictures_in_a_zip(names: list[str], tmp_path: Path) -> None:
    put(tmp_path / "x.json", json.dumps(coco_json()))
    pictures = zipped(tmp_path / "far" / "pictures.zip", names)
    whole = read(f"coco:{tmp_path}/x.json", pictures)
    places = [(i["path"], i["part"]) for i in whole["items"]]
    assert places == [
        ("pictures.zip", names[0]),
        ("pictures.zip", names[1]),
        ("pictures.zip", "gone.png"),
    ]
    assert Originals(tmp_path / "far").read(*places[0]) == png()


def test_where_pictures_are_looked_for(tmp_path: Path) -> None:
    document = coco_json()
    (tmp_path / "empty").mkdir()
    assert refused(tmp_path, document, tmp_path / "none") == (
        "--images ROOT/none: no such folder or zip. Check the path"
    )
    todo = "Check the path, or leave --images out to dig the annotations without pictures"
    assert refused(tmp_path, document, tmp_path / "empty") == (
        f"--images ROOT/empty: none of the 3 pictures of x.json is in it. {todo}"
    )
    put(tmp_path / "no.zip", "no zip")
    assert "no.zip: not a zip that can be read" in refused(tmp_path, document, tmp_path / "no.zip")


def test_a_link_out_of_the_folder_is_no_picture(tmp_path: Path) -> None:
    put(tmp_path / "outside.png", png())
    (tmp_path / "in").mkdir()
    for name in ("a.png", "gone.png"):
        (tmp_path / "in" / name).symlink_to(tmp_path / "outside.png")
    assert "none of the 3 pictures" in refused(tmp_path, coco_json(), tmp_path / "in")


def test_what_is_no_coco(tmp_path: Path) -> None:
    assert refused(tmp_path, '{"images": [\n{"id": 1,}]}') == (
        "ROOT/x.json: not JSON at line 2, column 10 "
        "(Expecting property name enclosed in double quotes). Correct the file"
    )
    todo = "Give the JSON that lists images, annotations and categories"
    for document in ([], {"annotations": []}):
        assert refused(tmp_path, document) == (
            f"ROOT/x.json: no COCO JSON: it has no list of images. {todo}"
        )
    assert refused(tmp_path, {"images": []}) == "ROOT/x.json: no images in the JSON"
    assert "not JSON ('utf-8' codec" in refused(tmp_path, b'{"images": "\xff"}')
    assert "half of a surrogate pair" in refused(tmp_path, '{"images": [], "x": "\\ud800"}')


def test_records_without_their_form_are_named_together(tmp_path: Path) -> None:
    document = coco_json(
        images=[{"id": 1}, 5, {"id": [], "file_name": "a.png"}],
        annotations=[{"id": 1}, {"image_id": 7, "segments_info": [{"id": "x"}]}],
        categories={"1": "cat"},
    )
    assert refused(tmp_path, document) == "\n".join(
        [
            "ROOT/x.json: not COCO's form (6). Correct the file",
            "  images[0]: no file_name that is text or a whole number",
            "  images[1]: not an object",
            "  images[2]: no id that is text or a whole number",
            "  annotations[0]: no image_id that is text or a whole number",
            "  annotations[1]: segments_info is no list of objects with an id and a category_id",
            "  categories: not a list",
        ]
    )


def test_every_fault_of_the_annotations_is_reported_at_once(tmp_path: Path) -> None:
    document = coco_json()
    document["images"] += [{"id": 7, "file_name": "../c.png"}, {"id": 8, "file_name": "/d.png"}]
    document["categories"] += [{"id": 5, "name": "again"}]
    document["annotations"] += [coco_annotation(104, 77, 1), coco_annotation(105, 7, 66)]
    assert refused(tmp_path, document) == "\n".join(
        [
            "ROOT/x.json: faults in the annotations (6). Correct the file",
            "  images[3]: id 7 again",
            "  images[3]: file_name '../c.png' leaves the folder",
            "  images[4]: file_name '/d.png' leaves the folder",
            "  categories[3]: id 5 again",
            "  annotation 105: category 66 is not in the list of categories",
            "  annotation 104: image 77 is not in the list of images",
        ]
    )


def test_only_the_first_faults_are_shown_and_all_counted(tmp_path: Path) -> None:
    document = coco_json(annotations=[coco_annotation(n, 1000 + n, 1) for n in range(30)])
    lines = refused(tmp_path, document).splitlines()
    assert len(lines) == 22
    assert lines[0].endswith("(30). Correct the file")
    assert lines[-1] == "  and 10 more"


def test_the_fingerprint_follows_json_pictures_and_masks(tmp_path: Path) -> None:
    text = panoptic(tmp_path)
    put(tmp_path / "a.png", png())

    def seen() -> str:
        return open_source(text).describe().fingerprint

    found = [seen()]
    put(tmp_path / "sub" / "b.png", png())
    found.append(seen())
    put(tmp_path / "pan" / "b.png", png())
    found.append(seen())
    put(tmp_path / "pan.json", (tmp_path / "pan.json").read_bytes() + b" ")
    found.append(seen())
    assert len(set(found)) == 4
    assert seen() == found[-1]


def test_fields_that_no_region_carries_become_attributes(tmp_path: Path) -> None:
    said = [coco_annotation(1, 7, 1, sure=False), {"image_id": 7, "caption": "c", "by": "A"}]
    put(tmp_path / "x.json", json.dumps(coco_json(annotations=said)))
    whole = read(f"coco:{tmp_path}/x.json")
    found = {a["name"]: a["value"] for a in whole["attributes"] if a["row"] == 0}
    assert found == {"license": "4", "annotation.sure": "false", "annotation.by": "A"}
    assert [a["value"] for a in whole["labels"]] == ["cat", "c"]


def test_a_box_that_is_none_is_kept_aside(tmp_path: Path) -> None:
    boxes = [[1, 2], ["a", 1, 2, 3], "all", [10**400, 0, 1, 1]]
    said = [coco_annotation(1, 7, 1, bbox=box) for box in boxes]
    put(tmp_path / "x.json", json.dumps(coco_json(annotations=said)))
    regions = read(f"coco:{tmp_path}/x.json")["regions"]
    assert [r["x"] for r in regions] == [None] * 4
    assert [json.loads(r["extra"])["bbox"] for r in regions] == boxes


def strict(text: str) -> Any:
    """JSON as every reader takes it: without NaN and Infinity."""

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    return json.loads(text, parse_constant=refuse)


def test_numbers_that_are_no_json_become_text(tmp_path: Path) -> None:
    nan, inf = float("nan"), float("inf")
    said = [
        coco_annotation(1, 7, 1, bbox=[0, nan, inf, 2], segmentation=[[0, 0, -inf, 1, nan, 2]]),
        coco_annotation(2, 7, 1, deep={"a": [nan]}),
    ]
    put(tmp_path / "x.json", json.dumps(coco_json(annotations=said)))
    whole = read(f"coco:{tmp_path}/x.json")
    region = whole["regions"][0]
    assert region["x"] is None
    assert strict(region["geometry"]) == [[0, 0, "-Infinity", 1, "NaN", 2]]
    assert strict(region["extra"])["bbox"] == [0, "NaN", "Infinity", 2]
    deep = next(a["value"] for a in whole["attributes"] if a["name"] == "annotation.deep")
    assert strict(deep) == {"a": ["NaN"]}


def test_a_licence_named_by_a_number(tmp_path: Path) -> None:
    licences = [{"id": 4, "name": 4.5}]
    put(tmp_path / "x.json", json.dumps(coco_json(licenses=licences, info={"url": 7})))
    text = f"coco:{tmp_path}/x.json"
    assert read(text)["items"][0]["licence"] == "4.5"
    assert open_source(text).describe().homepage == "7"


@pytest.mark.shared_data
def test_coco128_panoptic(shared: Path) -> None:
    folder = shared / "coco128"
    file = folder / "panoptic_segmentation" / "annotations" / "panoptic_val2017.json"
    options = SourceOptions(images=str(folder / "images" / "val2017"))
    source = open_source(f"coco:{file}", options)
    ids = [c.category_id for c in source.categories()]
    assert source.describe().count == 100
    assert sum(not key.startswith("super:") for key in ids) == 133
    whole = joined(source.batches(64))
    assert {r["kind"] for r in whole["regions"]} == {"mask"}
    for region in whole["regions"]:
        area = mask.area(json.loads(region["geometry"]))
        assert area == json.loads(region["extra"])["area"]
    assert all(i["licence"] and i["source_url"] for i in whole["items"])


@pytest.mark.shared_data
def test_panopticapi_says_the_same_in_both_forms(shared: Path) -> None:
    folder = shared / "panopticapi" / "sample_data"
    found = []
    for name in ("panoptic_coco_detection_format", "panoptic_examples"):
        whole = read(f"coco:{folder}/{name}.json", folder / "input_images")
        assert len(whole["items"]) == 2
        assert len(whole["regions"]) == 50
        found.append(
            [(r["category_id"], r["x"], json.loads(r["geometry"])) for r in whole["regions"]]
        )
    assert found[0] == found[1]


@pytest.mark.shared_data
def test_coco2014_mini(shared: Path) -> None:
    folder = shared / "croissant" / "datasets" / "1.0" / "coco2014-mini" / "data"
    boxes = read(f"coco:{folder}/instances_train2014.json")
    said = read(f"coco:{folder}/captions_train2014.json")
    assert (len(boxes["items"]), len(said["items"])) == (6, 6)
    assert [r["kind"] for r in boxes["regions"]] == ["polygon"] * 4
    assert len(said["labels"]) == 4
    assert len(open_source(f"coco:{folder}/instances_train2014.json").categories()) == 92
    # its zip holds two pictures, neither of them one of the six
    options = SourceOptions(images=str(folder / "train2014.zip"))
    with pytest.raises(SourceError, match="none of the 6 pictures"):
        open_source(f"coco:{folder}/instances_train2014.json", options).describe()
