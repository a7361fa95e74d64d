"""Boxes of a JSON that a Croissant file describes, against mlcroissant's own reading of them.

Both parse the JSON-LD, which is most of a second here; json alone is beside the point.
"""

from __future__ import annotations

import hashlib
import json
import random
import zipfile
from pathlib import Path
from typing import Any

PARSER = "mlcroissant's records of the same record set"
COUNTED = ("regions",)
PICTURES = 1000
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154"
    "789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def make(folder: Path, count: int) -> str:
    """A zip of pictures, a JSON with `count` boxes, and the Croissant file that describes them."""
    from tests.sources.fixtures_croissant import described

    seeded = random.Random(5)
    with zipfile.ZipFile(folder / "pictures.zip", "w") as archive:
        for number in range(PICTURES):
            archive.writestr(f"{number}.png", PIXEL)
    boxes = [
        {"picture": str(seeded.randrange(PICTURES)), "area": n,
         "bbox": [seeded.randrange(500) + 0.5 for _ in range(4)]}
        for n in range(count)
    ]  # fmt: skip
    (folder / "boxes.json").write_text(json.dumps({"boxes": boxes}))
    document = described(*_described(folder))
    (folder / "metadata.json").write_text(json.dumps(document))
    return f"croissant:{folder / 'metadata.json'}"


def _described(folder: Path) -> tuple[list[Any], list[Any]]:
    from tests.sources.fixtures_croissant import (
        from_file,
        from_set,
        held,
        matching,
        one_field,
        record_set,
        refers,
    )

    def said(name: str, kind: str, **more: Any) -> Any:
        place = from_file("boxes-file", jsonPath=f"$.boxes[*].{name}")
        return one_field(f"boxes/{name}", kind, **place, **more)

    name = from_set("png", "filename", transform={"regex": r"(.*)\.png"})
    files = [
        held(folder, "zip", "pictures.zip", "application/zip"),
        matching("png", "*.png", "zip"),
        held(folder, "boxes-file", "boxes.json", "application/json"),
    ]
    pictures = record_set(
        "images",
        one_field("images/name", "sc:Text", **name),
        one_field("images/content", "sc:ImageObject", **from_set("png", "content")),
    )
    boxes = record_set(
        "boxes",
        said("picture", "sc:Text", **refers("images/name")),
        said("bbox", "cr:BoundingBox"),
        said("area", "sc:Integer"),
    )
    return files, [pictures, boxes]


def bare(folder: Path) -> int:
    """Let mlcroissant read the boxes; it unpacks the zip into a cache of this folder."""
    import os

    os.environ["CROISSANT_CACHE"] = str(folder / hashlib.sha256(b"cache").hexdigest()[:8])
    import mlcroissant

    read = mlcroissant.Dataset(jsonld=str(folder / "metadata.json"))
    return sum(1 for _ in read.records("boxes"))
