"""Labelme: `labelme/0001.json` for each picture, seen from there as `../items/0001.png`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from excavate.release.items_parquet import lost_of_tables
from excavate.release.record import Contents, Lost, Plate
from excavate.release.rows import rows

FOLDER = "labelme"
VERSION = "5.5.0"  # of the format; Labelme reads a JSON of its own major version without asking


def write(contents: Contents, folder: Path) -> list[Lost]:
    """Write a JSON for each plate with a picture; all its columns stand beside the shapes."""
    (folder / FOLDER).mkdir()
    without = 0
    for plate, row in rows(contents):
        if not plate.file:
            without += 1
            continue
        said = {**row, **_asked(plate)}
        text = json.dumps(said, ensure_ascii=False)
        (folder / FOLDER / f"{plate.number:04d}.json").write_text(text + "\n", encoding="utf-8")
    lost = lost_of_tables(contents, "labelme")
    if without:
        what = "plates without a picture: empty places and items by reference"
        lost.append(Lost("labelme", what, without, "items.parquet"))
    return lost


def _asked(plate: Plate) -> dict[str, Any]:
    """What Labelme itself asks for."""
    return {
        "version": VERSION,
        "flags": {},
        "shapes": [_shape(one.name, one.box) for one in plate.labels if one.box],
        "imagePath": f"../{plate.file}",
        "imageData": None,
        "imageHeight": plate.height,
        "imageWidth": plate.width,
    }


def _shape(name: str, box: tuple[float, float, float, float]) -> dict[str, Any]:
    x, y, width, height = box
    return {"label": name, "points": [[x, y], [x + width, y + height]], "group_id": None,
            "description": "", "shape_type": "rectangle", "flags": {}}  # fmt: skip
