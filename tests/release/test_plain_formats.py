"""Round trips: what a release writes is dug again with our own sources, and is the same."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from excavate.model import SourceOptions
from excavate.release import (
    citation,
    coco,
    imagefolder,
    items_csv,
    items_parquet,
    labelme,
    rights_page,
)
from excavate.release.checksums import walked
from excavate.release.holding_together import format_faults
from excavate.release.not_held import write_not_held
from excavate.release.record import Contents, Lost
from excavate.release.rows import COLUMNS, row_of, rows
from excavate.sources import open_source
from excavate.workshop.cells import safe_cell
from tests.release.given import contents, drawn_contents

FEW = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
WRITERS = (items_parquet, items_csv, imagefolder, coco, labelme, rights_page, citation)


def written(made: Contents, folder: Path) -> list[Lost]:
    """Pictures, strokes and every plain format in a folder; what they lost."""
    (folder / "items").mkdir(parents=True)
    for plate, row in rows(made):
        if plate.file:
            (folder / plate.file).write_bytes(made.picture(plate))
        if row["strokes"]:
            (folder / row["strokes"]).write_text(plate.member.strokes, "utf-8")
    return [one for writer in WRITERS for one in writer.write(made, folder)]


def plain_in(folder: Path) -> set[str]:
    """The plain files of a folder."""
    return {name for name, plain in walked(folder) if plain}


@pytest.fixture
def fixed(tmp_path: Path) -> Path:
    """The fixed example, written once."""
    written(contents(), tmp_path)
    return tmp_path


def dug(source: str, images: Path | None = None, **options: str) -> list[Any]:
    """The rows of every batch of a source, in its order: (items, labels, regions)."""
    wanted = SourceOptions(images=str(images) if images else None, given=options)
    opened = open_source(source, wanted)
    return list(opened.batches(100))


def items_of(batches: list[Any]) -> list[dict[str, Any]]:
    return [row for batch in batches for row in batch.items.to_pylist()]


def attributes_of(batches: list[Any]) -> list[dict[str, str]]:
    """{name: value} of each item's attributes and labels, in order."""
    found: list[dict[str, str]] = []
    for batch in batches:
        some: list[dict[str, str]] = [{} for _ in range(batch.items.num_rows)]
        for row in batch.attributes.to_pylist():
            some[row["row"]][row["name"]] = row["value"]
        for row in batch.labels.to_pylist():
            some[row["row"]].setdefault(row["field"], row["value"])
        found += some
    return found


def shown(made: Contents) -> list[Any]:
    return [plate for plate in made.plates if plate.file]


@FEW
@given(made=drawn_contents())
def test_parquet_is_dug_again_with_its_pictures(made: Contents, tmp_path_factory: Any) -> None:
    folder = tmp_path_factory.mktemp("parquet")
    written(made, folder)
    batches = dug(f"parquet:{folder / 'items.parquet'}")
    found = [one["content"] for one in items_of(batches)]
    assert [hashlib.sha256(c).hexdigest() if c else "" for c in found] == [
        plate.sha256 if plate.file else "" for plate in made.plates
    ]
    said = attributes_of(batches)
    for plate, one in zip(made.plates, said, strict=True):
        row = row_of(made, plate)
        for name in ("member_id", "kind", "reason", "label", "licence", "creator", "source_labels"):
            assert (one.get(name) or "") == (row[name] or ""), name
    assert all(row["value"] for batch in batches for row in batch.labels.to_pylist())


@FEW
@given(made=drawn_contents())
def test_an_image_folder_is_dug_again(made: Contents, tmp_path_factory: Any) -> None:
    folder = tmp_path_factory.mktemp("folder")
    written(made, folder)
    if not shown(made):
        return
    batches = dug(f"folder:{folder / 'items'}")
    assert [one["key"] for one in items_of(batches)] == [Path(p.file).name for p in shown(made)]
    for plate, one in zip(shown(made), attributes_of(batches), strict=True):
        assert one["member_id"] == plate.member.member_id
        assert one["reason"] == plate.member.reason
        assert (one["label"] or "") == plate.member.label


@FEW
@given(made=drawn_contents())
def test_coco_is_dug_again_with_its_boxes(made: Contents, tmp_path_factory: Any) -> None:
    folder = tmp_path_factory.mktemp("coco")
    written(made, folder)
    if not shown(made):
        return
    batches = dug(f"coco:{folder / 'coco.json'}", folder)
    found = items_of(batches)
    assert [(o["key"], o["path"]) for o in found] == [(str(p.number), p.file) for p in shown(made)]
    boxes = [r for batch in batches for r in batch.regions.to_pylist()]
    wanted = [one for p in shown(made) for one in p.labels if one.box]
    assert [(r["x"], r["y"], r["width"], r["height"]) for r in boxes] == [o.box for o in wanted]
    assert [r["value"] for r in boxes] == [one.name for one in wanted]


@FEW
@given(made=drawn_contents())
def test_labelme_is_dug_again_with_its_boxes(made: Contents, tmp_path_factory: Any) -> None:
    folder = tmp_path_factory.mktemp("labelme")
    written(made, folder)
    if not shown(made):
        return
    batches = dug(f"labelme:{folder}")
    found = items_of(batches)
    assert [one["path"] for one in found] == [plate.file for plate in shown(made)]
    boxes = [r for batch in batches for r in batch.regions.to_pylist()]
    wanted = [one.box for p in shown(made) for one in p.labels if one.box]
    assert [(r["x"], r["y"], r["width"], r["height"]) for r in boxes] == wanted
    for plate, one in zip(shown(made), attributes_of(batches), strict=True):
        assert one["reason"] == plate.member.reason


@FEW
@given(made=drawn_contents())
def test_csv_is_dug_again_but_for_what_a_spreadsheet_would_run(
    made: Contents, tmp_path_factory: Any
) -> None:
    folder = tmp_path_factory.mktemp("csv")
    lost = [one for one in written(made, folder) if one.format == "csv" and "apost" in one.what]
    with (folder / "items.csv").open(encoding="utf-8-sig", newline="") as lines:
        found = list(csv.DictReader(lines))
    altered = 0
    for plate, one in zip(made.plates, found, strict=True):
        for name, value in row_of(made, plate).items():
            plain = (
                ""
                if value is None
                else str(value).lower()
                if name == "by_reference"
                else str(value)
            )
            assert one[name] in (plain, safe_cell(plain))
            altered += one[name] != plain
    assert sum(one.count for one in lost) == altered
    batches = dug(f"csv:{folder / 'items.csv'}", picture="file", key="member_id")
    assert [one["key"] for one in items_of(batches)] == [p.member.member_id for p in made.plates]
    assert [one["path"] or "" for one in items_of(batches)] == [p.file for p in made.plates]


@FEW
@given(made=drawn_contents())
def test_rights_and_citation_hold_whatever_was_written(
    made: Contents, tmp_path_factory: Any
) -> None:
    folder = tmp_path_factory.mktemp("rights")
    written(made, folder)
    write_not_held(made, folder, [Lost("csv", "| a |", 2, "x")], ())
    plates, faults = format_faults(folder, plain_in(folder))
    assert (plates, faults) == (len(made.plates), [])
    said = yaml.safe_load((folder / "CITATION.cff").read_text("utf-8"))
    assert said["cff-version"] == "1.2.0"
    assert [one["name"] for one in said["authors"]] == citation.authors(made)
    assert said["version"] == made.version


def test_datasets_opens_the_table_with_its_pictures(fixed: Path) -> None:
    from datasets import Image, load_dataset

    found = load_dataset("parquet", data_files=str(fixed / "items.parquet"), split="train",
                         cache_dir=str(fixed / "cache"))  # fmt: skip
    assert isinstance(found.features["image"], Image)
    assert [None if row["image"] is None else row["image"].size for row in found] == [
        (16, 12), (16, 12), None, (16, 12), (16, 12), None
    ]  # fmt: skip
    assert found[2]["reason"] == "떨리는 손이 쓴 숫자가 올 자리"
    assert list(found.features) == ["image", *COLUMNS]


def test_datasets_opens_the_image_folder(fixed: Path) -> None:
    from datasets import load_dataset

    found = load_dataset("imagefolder", data_dir=str(fixed / "items"), split="train",
                         cache_dir=str(fixed / "cache"))  # fmt: skip
    assert [row["number"] for row in found] == [1, 2, 4, 5]
    assert found[1]["label"] == "8"


def test_pycocotools_opens_what_is_written(fixed: Path) -> None:
    from pycocotools.coco import COCO

    with redirect_stdout(io.StringIO()):
        opened = COCO(str(fixed / "coco.json"))
    assert opened.getImgIds() == [1, 2, 4, 5]
    [annotation] = opened.loadAnns(opened.getAnnIds(imgIds=[1]))
    assert annotation["bbox"] == [1.0, 2.0, 5.0, 6.0]
    assert opened.loadCats(annotation["category_id"])[0]["name"] == "stroke"


def test_coco_says_each_pictures_own_licence(fixed: Path) -> None:
    document = json.loads((fixed / "coco.json").read_text("utf-8"))
    named = {one["id"]: one["name"] for one in document["licenses"]}
    said = [named[one["license"]][:12] for one in document["images"]]
    assert said == ["CC BY 4.0: A", "CC0 1.0 Univ", "KOGL Type 1:", "not stated: "]


def test_rights_print_what_was_declared_decided_named_and_left_out(fixed: Path) -> None:
    text = (fixed / "RIGHTS.md").read_text("utf-8")
    assert "- 5. 인용 · quotation: One page is discussed (미래)" in text
    assert "- 5. 만든 이 · Creator: the book names nobody (Jun)" in text
    assert "- 6. item_id: digits/test/99" in text
    assert "Its maker asked for it (미래)" in text
    assert "KOGL" in text
    assert "<script>" not in text


def test_what_formats_cannot_hold_is_listed_with_where_it_is(tmp_path: Path) -> None:
    made = contents()
    lost = written(made, tmp_path)
    write_not_held(made, tmp_path, lost, ("csv", "coco", "labelme", "imagefolder"))
    text = (tmp_path / "NOT-HELD.md").read_text("utf-8")
    assert "empty places: COCO knows pictures only | 1 | manifest.json |" in text
    assert "| labelme | 그림이 없는 것: 비워 둔 자리와 이름만 실은 항목 · plates without" in text
    assert text.count("\n| ") == len(lost) + 2
    assert "catalogue, exhibition" in text


def test_an_image_folder_of_empty_places_alone_is_told_as_none_that_datasets_opens(
    tmp_path: Path,
) -> None:
    made = contents(plates=tuple(one for one in contents().plates if one.is_empty))
    lost = [one for one in written(made, tmp_path) if one.format == "imagefolder"]
    assert ("an image folder without a picture: the library datasets does not open it", 1) in {
        (one.what, one.count) for one in lost
    }
    whole = written(contents(), tmp_path / "whole")
    assert not any("does not open" in one.what for one in whole)


@pytest.mark.parametrize("name", ["parquet", "csv", "coco", "labelme", "imagefolder"])
def test_strokes_and_what_the_plan_decides_are_told_of_every_table(
    tmp_path: Path, name: str
) -> None:
    told = {one.what: one for one in written(contents(), tmp_path) if one.format == name}
    strokes = told["strokes of drawings: where they lie, not the strokes"]
    assert strokes.count == len(list(tmp_path.glob(strokes.where))) == 1
    decided = told["what the plan asks for, keeps out, and who decides"]
    assert (decided.count, decided.where) == (3, "README.md")
