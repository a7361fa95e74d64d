"""coco.json: pictures with their licences, one each, and the boxes of their source."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from excavate.counter.licences import LICENCES
from excavate.release.items_parquet import lost_of_tables
from excavate.release.record import Contents, Lost, Plate, SourceLabel
from excavate.release.rows import rows

FILE = "coco.json"
NOT_STATED = "not stated: see ground and unknown of the image"


def write(contents: Contents, folder: Path) -> list[Lost]:
    """Write the document; every image keeps all its columns beside what COCO asks for."""
    licences, categories = _licences(contents), _categories(contents)
    shown = [(plate, row) for plate, row in rows(contents) if plate.file]
    document = {
        "info": _heading(contents),
        "licenses": [_licence(code, number) for code, number in licences.items()],
        "categories": [{"id": number, "name": name} for name, number in categories.items()],
        "images": [_image(row, licences[row["licence"]]) for _plate, row in shown],
        "annotations": [
            {"id": number, "image_id": plate.number, **_box(label, categories)}
            for number, (plate, label) in enumerate(_boxes(contents), start=1)
        ],
    }
    text = json.dumps(document, ensure_ascii=False)
    (folder / FILE).write_text(text + "\n", encoding="utf-8")
    return [*lost_of_tables(contents, "coco"), *_lost(contents)]


def _image(row: dict[str, Any], licence: int) -> dict[str, Any]:
    more = {key: value for key, value in row.items() if value not in (None, "")}
    return {**more, "id": row["number"], "file_name": row["file"], "license": licence}


def _boxes(contents: Contents) -> Iterator[tuple[Plate, SourceLabel]]:
    for plate in contents.plates:
        yield from ((plate, label) for label in plate.labels if plate.file and label.box)


def _box(label: SourceLabel, categories: dict[str, int]) -> dict[str, Any]:
    x, y, width, height = label.box or (0.0, 0.0, 0.0, 0.0)
    return {"category_id": categories[label.name], "bbox": [x, y, width, height],
            "area": width * height, "iscrowd": 0}  # fmt: skip


def _heading(contents: Contents) -> dict[str, Any]:
    given = contents.plan.given
    return {
        "description": given.title_en or given.title_ko,
        "version": contents.version,
        "url": contents.base,
        "contributor": contents.plan.shown_name,
        "date_created": contents.made_at.isoformat(),
        "year": contents.made_at.year,
    }


def _licences(contents: Contents) -> dict[str, int]:
    """{code: number from 1}, in the order they appear; "" is one too: no licence is stated."""
    codes = (row["licence"] for plate, row in rows(contents) if plate.file)
    return {code: number for number, code in enumerate(dict.fromkeys(codes), start=1)}


def _licence(code: str, number: int) -> dict[str, Any]:
    known = LICENCES.get(code)
    named = {"name": known.name.en, "url": known.uri} if known else {"name": NOT_STATED, "url": ""}
    return {"id": number, **named}


def _categories(contents: Contents) -> dict[str, int]:
    names = (label.name for _plate, label in _boxes(contents))
    return {name: number for number, name in enumerate(dict.fromkeys(names), start=1)}


def _lost(contents: Contents) -> list[Lost]:
    empty = sum(plate.is_empty for plate in contents.plates)
    named = sum(plate.by_reference for plate in contents.plates)
    whole = sum(one.box is None for plate in contents.plates if plate.file for one in plate.labels)
    found = [
        Lost("coco", "empty places: COCO knows pictures only", empty, "manifest.json"),
        Lost("coco", "items by reference", named, "items.parquet"),
        Lost("coco", "labels of whole pictures: with the image, as no annotation",
             whole, "items.parquet"),
    ]  # fmt: skip
    return [one for one in found if one.count]
