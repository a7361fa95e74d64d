"""voc: folders that are not as the challenge had them; nothing in them is lost without a word."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from excavate.model import SourceOptions
from excavate.sources import open_source
from tests.sources.contract import Whole, joined
from tests.sources.fixtures import png, put
from tests.sources.fixtures_voc import voc_beside, voc_object, voc_xml


def read(root: Path, split: str | None = None) -> Whole:
    """All rows of a folder."""
    return joined(open_source(f"voc:{root}", SourceOptions(split=split)).batches(100))


def items(root: Path, split: str | None = None) -> list[tuple[str, str, int]]:
    """(split, key, how many regions) of each item."""
    whole = read(root, split)
    regions = [region["row"] for region in whole["regions"]]
    return [(i["split"], i["key"], regions.count(n)) for n, i in enumerate(whole["items"])]


def left_out(root: Path) -> tuple[str, ...]:
    """What the source says it did not read."""
    return open_source(f"voc:{root}").describe().left_out


def put_pair(xml: Path, picture: Path) -> None:
    """An XML with one object, and its picture."""
    put(xml, voc_xml(picture.name, voc_object()))
    put(picture, png())


def test_xmls_beside_their_pictures_in_the_folder_of_images(tmp_path: Path) -> None:
    for split in ("train", "test"):
        put_pair(tmp_path / f"images/{split}/a.xml", tmp_path / f"images/{split}/a.jpg")
    assert items(tmp_path) == [("train", "train/a.jpg", 1), ("test", "test/a.jpg", 1)]
    assert left_out(tmp_path) == ()
    assert "filename" not in {a["name"] for a in read(tmp_path)["attributes"]}


def test_some_xmls_beside_their_pictures_and_some_not(tmp_path: Path) -> None:
    put_pair(tmp_path / "images/train/a.xml", tmp_path / "images/train/a.jpg")
    put_pair(tmp_path / "images/test/a.xml", tmp_path / "images/test/a.jpg")
    put_pair(tmp_path / "more/b.xml", tmp_path / "images/b.jpg")
    assert items(tmp_path) == [
        ("all", "test/a.jpg", 1),
        ("all", "train/a.jpg", 1),
        ("all", "b.jpg", 1),
    ]


@pytest.mark.parametrize("named", ["a", "b"])
def test_a_list_names_the_xml_or_its_picture(named: str, tmp_path: Path) -> None:
    put_pair(tmp_path / "Annotations/a.xml", tmp_path / "JPEGImages/b.jpg")
    put(tmp_path / "ImageSets/Main/train.txt", f"{named}\n")
    assert items(tmp_path) == items(tmp_path, "train") == [("train", "b.jpg", 1)]
    assert left_out(tmp_path) == ()


def test_xml_and_picture_are_of_the_lists_of_both(tmp_path: Path) -> None:
    put_pair(tmp_path / "Annotations/a.xml", tmp_path / "JPEGImages/b.jpg")
    put_pair(tmp_path / "Annotations/c.xml", tmp_path / "JPEGImages/c.jpg")
    for split, names in (("train", "a\n"), ("val", "b\n"), ("trainval", "a\nb\n")):
        put(tmp_path / "ImageSets/Main" / f"{split}.txt", names)
    assert items(tmp_path) == [
        ("train", "b.jpg", 1),
        ("val", "b.jpg", 1),
        ("unlisted", "c.jpg", 1),
    ]
    assert items(tmp_path, "val") == [("val", "b.jpg", 1)]


def test_a_listed_picture_that_is_gone_is_that_of_its_xml(tmp_path: Path) -> None:
    put(tmp_path / "Annotations/a.xml", voc_xml("b.jpg", voc_object()))
    put(tmp_path / "ImageSets/Main/train.txt", "b\n")
    assert items(tmp_path) == [("train", "b.jpg", 1)]
    assert left_out(tmp_path) == ()


def test_a_picture_that_an_xml_of_another_split_has_is_no_second_item(tmp_path: Path) -> None:
    put(tmp_path / "valid/z.xml", voc_xml("a.png", voc_object()))
    put(tmp_path / "train/a.png", png())
    assert items(tmp_path) == [("valid", "train/a.png", 1)]


@pytest.mark.parametrize("line", ["my cat", "my cat.jpg", "my cat.xml"])
def test_names_with_spaces_and_endings(line: str, tmp_path: Path) -> None:
    put_pair(tmp_path / "Annotations/my cat.xml", tmp_path / "JPEGImages/my cat.jpg")
    put(tmp_path / "ImageSets/Main/train.txt", f"{line}\n")
    assert items(tmp_path) == [("train", "my cat.jpg", 1)]
    assert left_out(tmp_path) == ()


def test_a_name_that_ends_as_the_line_of_a_class_does(tmp_path: Path) -> None:
    put_pair(tmp_path / "Annotations/cat 1.xml", tmp_path / "JPEGImages/cat 1.jpg")
    put(tmp_path / "ImageSets/Main/train.txt", "cat 1\n")
    put(tmp_path / "ImageSets/Main/cat_train.txt", "cat   -1\n")
    assert items(tmp_path) == [("train", "cat 1.jpg", 1)]
    assert left_out(tmp_path) == ("1 list of single classes in ImageSets/Main: not read",)


def test_a_stray_file_that_switches_splits_off_is_named(tmp_path: Path) -> None:
    voc_beside(tmp_path)
    put(tmp_path / "preview.jpg", png())
    assert {split for split, _, _ in items(tmp_path)} == {"all"}
    said = "the folders train and valid are no splits: preview.jpg lies beside"
    assert left_out(tmp_path) == (said,)


def test_splits_of_xmls_alone_are_told(tmp_path: Path) -> None:
    put_pair(tmp_path / "Annotations/train/a.xml", tmp_path / "JPEGImages/a.jpg")
    put_pair(tmp_path / "Annotations/train/b.xml", tmp_path / "JPEGImages/b.jpg")
    assert [split for split, _, _ in items(tmp_path)] == ["all", "all"]
    assert left_out(tmp_path) == ("train is no split: a.jpg lies beside",)


def test_lists_of_years_below_are_told(tmp_path: Path) -> None:
    for year in ("VOC2007", "VOC2012"):
        root = tmp_path / year
        put_pair(root / f"Annotations/{year}.xml", root / f"JPEGImages/{year}.jpg")
        put(root / "ImageSets/Main/train.txt", f"{year}\n")
    assert [split for split, _, _ in items(tmp_path)] == ["all", "all"]
    where = "VOC2007/ImageSets/Main and 1 more folder"
    said = f"2 lists in {where}: not read; dig VOC2007 alone for its splits"
    assert left_out(tmp_path) == (said,)


def test_pipes_are_told_and_never_opened(tmp_path: Path) -> None:
    put_pair(tmp_path / "a.xml", tmp_path / "a.jpg")
    os.mkfifo(tmp_path / "b.jpg")
    os.mkfifo(tmp_path / "b.xml")
    assert items(tmp_path) == [("all", "a.jpg", 1)]
    said = "2 things neither file nor folder (b.jpg the first): not read"
    assert left_out(tmp_path) == (said,)


def extras(root: Path, *objects: str) -> list[Any]:
    """What the regions of one XML say beside their box."""
    put(root / "a.xml", voc_xml("a.png", *objects))
    return [json.loads(region["extra"] or "{}") for region in read(root)["regions"]]


def test_a_part_of_a_part_and_attributes_stay(tmp_path: Path) -> None:
    eye = "<part><name>eye</name></part>"
    part = voc_object("head", more=eye).replace("object>", "part>")
    cat = voc_object("cat", more=part).replace("<name>cat", '<name lang="en">cat')
    unit = voc_object("dog").replace("<bndbox>", '<bndbox unit="px">')
    edge = voc_object("pig").replace("<ymax>", '<ymax cut="1">')
    whole = {"xmin": "1", "ymin": "1", "xmax": "4", "ymax": "3"}
    assert extras(tmp_path, cat, unit, edge) == [
        {"name": {"@lang": "en", "#text": "cat"}},
        {"part_of": 0, "part": {"name": "eye"}},
        {"bndbox": {"@unit": "px"} | whole},
        {"bndbox": whole | {"ymax": {"@cut": "1", "#text": "3"}}},
    ]
    regions = read(tmp_path)["regions"]
    assert [r["value"] for r in regions] == ["cat", "head", "dog", "pig"]
    assert {(r["x"], r["width"]) for r in regions} == {(1, 3)}


def test_elements_that_come_again_are_a_list(tmp_path: Path) -> None:
    again = "<t>1</t><t>2</t><t n='3'/><bndbox><xmin>q</xmin></bndbox>"
    (extra,) = extras(tmp_path, voc_object(more=again))
    whole = {"xmin": "1", "ymin": "1", "xmax": "4", "ymax": "3"}
    assert extra == {"t": ["1", "2", {"@n": "3"}], "bndbox": [{"xmin": "q"}, whole]}


@pytest.mark.parametrize("filename", ["..", ".", "../..", "x/..", "C:\\..", "/"])
def test_a_filename_that_is_no_name(filename: str, tmp_path: Path) -> None:
    put(tmp_path / "a.xml", voc_xml(filename))
    (item,) = read(tmp_path)["items"]
    assert (item["key"], item["path"]) == ("a", "a")


def test_a_filename_is_kept_where_the_picture_is_called_otherwise(tmp_path: Path) -> None:
    put(tmp_path / "a.xml", voc_xml("C:\\kim\\b.jpg").replace("<filename>", '<filename n="1">'))
    put(tmp_path / "a.jpg", png())
    whole = read(tmp_path)
    said = [a["value"] for a in whole["attributes"] if a["name"] == "filename"]
    assert whole["items"][0]["path"] == "a.jpg"
    assert said == ["C:\\kim\\b.jpg", json.dumps({"@n": "1", "#text": "C:\\kim\\b.jpg"})]


def test_the_fingerprint_knows_a_class_from_a_file(tmp_path: Path) -> None:
    put(tmp_path / "Annotations/a.xml", voc_xml("a.png"))
    put(tmp_path / "classes.txt", "cat\nb\n")
    first = open_source(f"voc:{tmp_path}").describe().fingerprint
    put(tmp_path / "classes.txt", "cat\n")
    put(tmp_path / "b", "x")
    assert open_source(f"voc:{tmp_path}").describe().fingerprint != first
