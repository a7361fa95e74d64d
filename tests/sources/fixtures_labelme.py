"""Small folders of Labelme."""

from __future__ import annotations

import base64
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from tests.sources.fixtures import png, put


def shape(kind: str, *points: tuple[float, float], **more: Any) -> dict[str, Any]:
    """A shape as Labelme writes it."""
    plain = {"group_id": None, "flags": {}, "description": ""}
    listed = [list(map(float, point)) for point in points]
    return {"label": kind, "points": listed, "shape_type": kind, **plain, **more}


def mask_png(rows: list[list[int]]) -> str:
    """A mask of Labelme: a PNG of 0 and 1 in base64."""
    out = io.BytesIO()
    Image.fromarray(np.array(rows, np.uint8) * 255).convert("1").save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


ALL_SHAPES = (
    shape("polygon", (0, 0), (3, 0), (3, 2), group_id=7, flags={"occluded": True}),
    shape("rectangle", (1, 1), (4, 3)),
    shape("rectangle", (4, 3), (1, 1), label="개", description="뒤"),
    shape("circle", (2, 2), (5, 6)),
    shape("line", (0, 0), (4, 3)),
    shape("linestrip", (0, 0), (1, 2), (4, 3)),
    shape("point", (1.5, 2)),
    shape("points", (1, 1), (2, 2)),
    shape("mask", (1, 1), (3, 2), mask=mask_png([[1, 0, 1], [0, 1, 1]])),
    shape("oriented_rectangle", (0, 0), (2, 0), (2, 1), (0, 1), score=0.5),
)


def labelme_json(picture: str | None, *shapes: dict[str, Any], **more: Any) -> str:
    """A JSON of Labelme for a picture of 6 x 5."""
    document = {
        "version": "5.4.1",
        "flags": {},
        "shapes": list(shapes),
        "imagePath": picture,
        "imageData": None,
        "imageHeight": 5,
        "imageWidth": 6,
    }
    return json.dumps(document | more)


def labelme_folders(root: Path) -> str:
    """All shapes, flags, a picture inside its JSON, one elsewhere, one that is gone; COCO too."""
    put(root / "one" / "a.png", png(6, 5))
    put(root / "one" / "a.json", labelme_json("a.png", *ALL_SHAPES))
    put(root / "one" / "alone.png", png(6, 5))
    inside = base64.b64encode(png(6, 5)).decode()
    put(root / "two" / "b.json", labelme_json("gone.png", imageData=inside))
    flags = {"cat": True, "dog": False}
    put(root / "two" / "c.json", labelme_json("..\\one\\a.png", flags=flags, site="서울"))
    put(root / "two" / "d.json", labelme_json("gone.png", shape("circle", (1, 1))))
    put(root / "two" / "labels.txt", "__ignore__\ncat\n")
    put(root / "coco.json", '{"images": []}')
    return f"labelme:{root}"


def labelme_splits(root: Path) -> str:
    """Folders called as splits are."""
    for place in ("val/a", "train/b", "train/a"):
        put(root / f"{place}.png", png(6, 5))
        said = labelme_json(f"{place[-1]}.png", shape("polygon", (0, 0), (3, 0), (3, 2)))
        put(root / f"{place}.json", said)
    return f"labelme:{root}"
