"""voc: what is kept of Pascal VOC, and every fault of its XMLs in one error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excavate.errors import SourceError
from excavate.model import SourceOptions
from excavate.sources import open_source
from excavate.sources.voc_xml import parsed, plain
from tests.sources.contract import Whole, joined
from tests.sources.fixtures import png, put
from tests.sources.fixtures_voc import voc_beside, voc_object, voc_xml, voc_year


def read(text: str, **given: str) -> Whole:
    """All rows of a source."""
    return joined(open_source(text, SourceOptions(given=given)).batches(100))


def left_out(text: str) -> tuple[str, ...]:
    """What a source says it did not read."""
    return open_source(text).describe().left_out


def refused(root: Path, **given: str) -> str:
    """The error that a folder gives, its path left out."""
    with pytest.raises(SourceError) as error:
        open_source(f"voc:{root}", SourceOptions(given=given)).describe()
    return str(error.value).replace(str(root), "ROOT")


def extras(whole: Whole) -> list[Any]:
    """What the regions say beside their box."""
    return [json.loads(region["extra"] or "{}") for region in whole["regions"]]


def boxes(whole: Whole) -> list[tuple[Any, ...]]:
    """The regions' boxes."""
    return [tuple(r[k] for k in ("x", "y", "width", "height")) for r in whole["regions"]]


def test_splits_are_the_lists_and_a_picture_in_two_is_an_item_in_each(tmp_path: Path) -> None:
    items = read(voc_year(tmp_path))["items"]
    assert [(item["split"], item["key"]) for item in items] == [
        ("train", "2007_1.jpg"),
        ("train", "2007_2.jpg"),
        ("val", "2007_1.jpg"),
        ("val", "2007_3.jpg"),
        ("trainval", "2007_4.jpg"),
        ("unlisted", "2007_5.jpg"),
    ]


def test_top_folders_called_as_splits_are_the_splits(tmp_path: Path) -> None:
    items = read(voc_beside(tmp_path))["items"]
    assert [(item["split"], item["path"]) for item in items] == [
        ("train", "train/a.png"),
        ("train", "train/b.png"),
        ("valid", "valid/a.png"),
    ]


def test_boxes_are_as_written_and_parts_are_regions(tmp_path: Path) -> None:
    voc_year(tmp_path)
    source = open_source(f"voc:{tmp_path}", SourceOptions(split="train"))
    whole = joined(source.batches(10))
    assert boxes(whole) == [(1, 1, 3, 2), (1.5, 1, 2.5, 2), (2, 1, 1, 1.5)]
    assert [r["value"] for r in whole["regions"]] == ["cat", "person", "head"]
    assert extras(whole) == [
        {"pose": "Left", "truncated": "0", "difficult": "1"},
        {
            "actions": {"phoning": "1", "running": "0"},
            "bndbox": {"xmin": "1.5", "ymin": "1", "xmax": "4", "ymax": "3"},
        },
        {"part_of": 0, "bndbox": {"xmin": "2", "ymin": "1", "xmax": "3", "ymax": "2.5"}},
    ]
    assert [(a["row"], a["value"]) for a in whole["labels"]] == [(0, "cat"), (1, "person")]


def test_attributes_creator_and_size(tmp_path: Path) -> None:
    whole = read(voc_year(tmp_path))
    said = {a["name"]: a["value"] for a in whole["attributes"] if a["row"] == 0}
    assert said == {
        "annotation_file": "2007_1.xml",
        "size.width": "4",
        "size.height": "3",
        "size.depth": "3",
        "owner.name": "김",
        "source.database": "D",
        "segmented": "0",
    }
    first, picture = whole["items"][0], whole["items"][4]
    assert (first["creator"], first["width"], first["height"]) == ("김", 4, 3)
    assert (picture["creator"], picture["width"]) == (None, None)
    alone = [(a["name"], a["value"]) for a in whole["attributes"] if a["row"] == 4]
    assert alone == [("annotation_file", None)]


def test_classes_of_the_list_come_first_and_stay_when_empty(tmp_path: Path) -> None:
    names = [c.name for c in open_source(voc_year(tmp_path)).categories()]
    assert names == ["cat", "horse", "person", "head", "개"]


def test_what_is_not_read_is_said(tmp_path: Path) -> None:
    text = voc_year(tmp_path)
    put(tmp_path / "Annotations" / "readme.xml", "<notes/>")
    put(tmp_path / "Annotations" / "2007_6.xml", voc_xml("x.jpg", voc_object(box="1 x nan 4")))
    assert left_out(text) == (
        "4 files of masks in SegmentationClass and SegmentationObject: not read",
        "1 list of single classes in ImageSets/Main: not read",
        "1 name in ImageSets/Main/val.txt without XML or picture (2007_9 the first)",
        "1 object without a box of four numbers: kept in extra",
        "1 XML of another kind (readme.xml the first): not read",
    )
    assert extras(read(text))[-1] == {
        "bndbox": {"xmin": "1", "ymin": "x", "xmax": "nan", "ymax": "4"}
    }


@pytest.mark.parametrize(
    ("picture", "filename"),
    [
        ("a.jpg", "a.jpg"),
        ("a.jpg", ""),  # none: the namesake
        ("a.png", "a.jpg"),  # another ending: the namesake
        ("b c.jpg", "b c"),  # no ending
        ("deep/b.jpg", "b.jpg"),  # the only one called so
        ("b.jpg", "C:\\Users\\kim\\b.jpg"),
        ("b.jpg", "../../b.jpg"),
    ],
)
def test_the_picture_of_an_xml(picture: str, filename: str, tmp_path: Path) -> None:
    put(tmp_path / "annotations" / "a.xml", voc_xml(filename, voc_object()))
    put(tmp_path / "images" / picture, png())
    (item,) = read(f"voc:{tmp_path}")["items"]
    assert (item["key"], item["path"]) == (picture, picture)


def test_a_picture_that_is_gone_is_named(tmp_path: Path) -> None:
    put(tmp_path / "sub" / "a.xml", voc_xml("b.jpg", voc_object()))
    (item,) = read(f"voc:{tmp_path}")["items"]
    assert (item["path"], len(read(f"voc:{tmp_path}")["regions"])) == ("sub/b.jpg", 1)


def test_folders_named_by_options(tmp_path: Path) -> None:
    put(tmp_path / "x" / "xml" / "a.xml", voc_xml("a.png", voc_object()))
    put(tmp_path / "x" / "pic" / "a.png", png())
    put(tmp_path / "x" / "other" / "b.png", png())
    whole = read(f"voc:{tmp_path}/x", annotations="xml", images="pic")
    assert [item["path"] for item in whole["items"]] == ["a.png"]
    assert refused(tmp_path, images="gone") == (
        "--option images=gone: no such folder. It is seen from ROOT"
    )


BOMB = '<!DOCTYPE a [<!ENTITY x "ha">\n<!ENTITY y "&x;&x;">]>\n<annotation>&y;</annotation>'
OUTSIDE = '<!DOCTYPE a [\n<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<annotation>&x;</annotation>'


def test_every_fault_of_every_xml_is_reported_at_once(tmp_path: Path) -> None:
    put(tmp_path / "bomb.xml", BOMB)
    put(tmp_path / "cut.xml", "<annotation>\n<object>")
    put(tmp_path / "deep.xml", f"<annotation>{'<a>' * 5000}{'</a>' * 5000}</annotation>")
    put(tmp_path / "entity.xml", OUTSIDE)
    put(tmp_path / "fine.xml", voc_xml("fine.jpg"))
    put(tmp_path / "hidden.xml", BOMB.encode("utf-16"))
    put(tmp_path / "latin.xml", "<annotation>é</annotation>".encode("latin-1"))
    put(tmp_path / "odd.xml", '<?xml version="1.0" encoding="nope"?><annotation/>')
    put(tmp_path / "same.xml", voc_xml("fine.jpg"))
    put(tmp_path / "tags.xml", "<annotation>\n  <a></b>\n</annotation>")
    assert refused(tmp_path) == "\n".join(
        [
            "ROOT: faults in the folder (9). Correct these",
            "  bomb.xml: line 1: it declares an entity (x), which is refused",
            "  cut.xml: line 2, column 9: no XML (no element found)",
            "  deep.xml: its elements are nested too deeply",
            "  entity.xml: line 2: it declares an entity (x), which is refused",
            "  hidden.xml: line 1: it declares an entity (x), which is refused",
            "  latin.xml: line 1, column 13: no XML (not well-formed (invalid token))",
            "  odd.xml: line 1: its text cannot be read (unknown encoding: nope)",
            "  same.xml: its picture is fine.jpg, as that of fine.xml is",
            "  tags.xml: line 2, column 8: no XML (mismatched tag)",
        ]
    )


def test_an_entity_cannot_hide_in_another_encoding(tmp_path: Path) -> None:
    head = b'<?xml version="1.0" encoding="cp037"?>'
    put(tmp_path / "a.xml", head + BOMB.encode("cp037"))
    assert "a.xml: line 1, column 1: no XML" in refused(tmp_path)


@pytest.mark.parametrize("coding", ["euc-kr", "cp949", "utf-8", "utf-16", "iso-8859-1"])
def test_text_in_its_own_encoding(coding: str, tmp_path: Path) -> None:
    name = "é" if coding == "iso-8859-1" else "고양이"
    text = f'<?xml version="1.0" encoding="{coding}"?>\n{voc_xml("a.png", voc_object(name))}'
    put(tmp_path / "a.xml", text.encode(coding))
    assert [r["value"] for r in read(f"voc:{tmp_path}")["regions"]] == [name]


def test_a_document_type_without_entities_is_read(tmp_path: Path) -> None:
    put(tmp_path / "a.xml", f"<!DOCTYPE annotation>{voc_xml('a.png', voc_object())}")
    assert len(read(f"voc:{tmp_path}")["regions"]) == 1


def test_an_empty_folder_and_one_without_voc(tmp_path: Path) -> None:
    todo = "Give the folder that holds Annotations and JPEGImages"
    assert refused(tmp_path) == f"ROOT: no XML of Pascal VOC and no picture. {todo}"
    put(tmp_path / "a.xml", "<html/>")
    said = "no XML of Pascal VOC and no picture; 1 XML of another kind (a.xml the first): not read"
    assert refused(tmp_path) == f"ROOT: {said}. {todo}"


def test_the_fingerprint_follows_the_input(tmp_path: Path) -> None:
    text = voc_year(tmp_path)
    seen = [open_source(text).describe().fingerprint]
    put(tmp_path / "Annotations" / "2007_3.xml", voc_xml("2007_3.jpg", voc_object()))
    seen.append(open_source(text).describe().fingerprint)
    put(tmp_path / "class_names.txt", "cat\ndog\n")
    seen.append(open_source(text).describe().fingerprint)
    put(tmp_path / "ImageSets" / "Main" / "test.txt", "2007_4\n")
    seen.append(open_source(text).describe().fingerprint)
    assert len(set(seen)) == 4


NAMES = st.sampled_from("abcdef")
TEXTS = st.text(st.characters(categories=("L", "N", "P", "Zs")), min_size=1, max_size=8)
TREES = st.recursive(
    TEXTS.filter(str.strip), lambda inner: st.dictionaries(NAMES, inner, min_size=1), max_leaves=9
)


@settings(deadline=None)
@given(st.dictionaries(NAMES, TREES))
def test_an_element_is_kept_as_it_stands(tree: dict[str, Any]) -> None:
    def grow(parent: Element, said: Any) -> None:
        if isinstance(said, str):
            parent.text = said
            return
        for name, inner in said.items():
            grow(SubElement(parent, name), inner)

    root = Element("annotation")
    grow(root, tree)
    assert plain(parsed(tostring(root))) == (tree or None)


@settings(deadline=None)
@given(st.tuples(*[st.integers(0, 5000)] * 4))
def test_whole_numbers_need_no_second_writing(edges: tuple[int, ...]) -> None:
    from excavate.sources.read_once import Rows
    from excavate.sources.voc_xml import Objects

    rows = Rows()
    root = parsed(voc_xml("a.png", voc_object(box=" ".join(map(str, edges)))).encode())
    Objects().read(root.findall("object"), 0, rows)
    _, _, x, y, width, height, *_, extra = rows.regions[0]
    assert (x, y, x + width, y + height) == edges
    assert extra is None


@pytest.mark.shared_data
def test_raccoons(shared: Path) -> None:
    source = open_source(f"voc:{shared}/raccoon-voc")
    whole = joined(source.batches(256))
    assert (len(whole["items"]), len(whole["regions"])) == (60, 67)
    assert all((shared / "raccoon-voc" / "images" / i["path"]).is_file() for i in whole["items"])
    assert {r["value"] for r in whole["regions"]} == {"raccoon"}
    assert source.describe().left_out == ()


@pytest.mark.shared_data
def test_what_labelme_exports_as_voc(shared: Path) -> None:
    folder = shared / "labelme" / "examples" / "bbox_detection" / "data_dataset_voc"
    source = open_source(f"voc:{folder}")
    whole = joined(source.batches(256))
    assert (len(whole["items"]), len(whole["regions"])) == (3, 9)
    assert len(source.categories()) == 21
    assert source.describe().left_out == ("3 files of other kinds (.jpg 3): not read",)
