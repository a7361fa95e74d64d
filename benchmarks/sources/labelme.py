"""labelme: JSONs of eight shapes each, polygons of ten points and rectangles in turn."""

from __future__ import annotations

import json
from pathlib import Path

PARSER = "json, file by file"
COUNTED = ("regions",)
PER_FILE = 8


def make(folder: Path, count: int) -> str:
    """JSONs without their pictures: they are looked at by the catalog, not by the source."""
    for first in range(0, count, PER_FILE):
        document = {
            "version": "5.4.1",
            "flags": {},
            "shapes": [_shape(n) for n in range(first, first + PER_FILE)],
            "imagePath": f"{first:06}.jpg",
            "imageData": None,
            "imageHeight": 375,
            "imageWidth": 500,
        }
        (folder / f"{first:06}.json").write_text(json.dumps(document, indent=2))
    return f"labelme:{folder}"


def _shape(number: int) -> dict[str, object]:
    corners = 10 if number % 2 else 2
    return {
        "label": f"class {number % 20}",
        "points": [[n * 31.25 + number % 7, n * n + 0.5] for n in range(corners)],
        "group_id": None,
        "shape_type": "polygon" if number % 2 else "rectangle",
        "flags": {},
    }


def bare(folder: Path) -> int:
    """Parse every file and count its shapes."""
    return sum(len(json.loads(file.read_bytes())["shapes"]) for file in sorted(folder.iterdir()))
