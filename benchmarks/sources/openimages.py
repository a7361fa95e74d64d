"""Open Images: 100,000 boxes of 12,500 images, with the hierarchy of their classes."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pandas  # noqa: F401
from pyarrow.csv import read_csv

import excavate.sources.openimages  # noqa: F401 - what is imported is no part of the reading

PARSER = "pyarrow.csv"
COUNTED = ("regions",)
COLUMNS = (
    "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,"
    "IsOccluded,IsTruncated,IsGroupOf,IsDepiction,IsInside"
)


def make(folder: Path, count: int) -> str:
    """Eight boxes an image, in the order of the images."""
    chance = random.Random(0)
    classes = [f"/m/0{number:03x}" for number in range(600)]
    tree = {"LabelName": "/m/0bl9f", "Subcategory": [{"LabelName": name} for name in classes]}
    (folder / "bbox_labels_600_hierarchy.json").write_text(json.dumps(tree))
    named = "".join(f"{name},Class {number}\n" for number, name in enumerate(classes))
    (folder / "class-descriptions-boxable.csv").write_text(named)
    with (folder / "train-annotations-bbox.csv").open("w") as out:
        out.write(f"{COLUMNS}\n")
        for row in range(count):
            corners = ",".join(f"{chance.random():.7f}" for _ in range(4))
            flags = ",".join(str(chance.randrange(2)) for _ in range(5))
            label = chance.choice(classes)
            out.write(f"{row // 8 * 977:016x},xclick,{label},1,{corners},{flags}\n")
    return f"openimages:{folder}"


def bare(folder: Path) -> int:
    """pyarrow.csv with its own guesses."""
    return int(read_csv(folder / "train-annotations-bbox.csv").num_rows)
