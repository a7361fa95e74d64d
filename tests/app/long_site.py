"""A site where everything has a long name without a space to break at."""

from __future__ import annotations

import json
from pathlib import Path

from excavate.digging import dig
from tests.app.conftest import lay_by_hand
from tests.made import picture

LONG = "Unbreakable_" + "x" * 60
NAME = f"long_{'z' * 55}"  # of a dataset
SPEC = f"onnx:/{'/'.join([LONG] * 3)}/weights.onnx?mean=0.4914,0.4822,0.4465&output={LONG}"


def write_long(root: Path) -> Path:
    """Twelve pictures, each with two long labels, a long file name and a box for each label."""
    folder = root / LONG / LONG
    folder.mkdir(parents=True)
    names = [f"{LONG}_{k}_{'y' * 60}.png" for k in range(12)]
    for k, name in enumerate(names):
        picture(k, 40, 30).save(folder / name)
    images = [{"id": k, "file_name": n, "width": 40, "height": 30} for k, n in enumerate(names)]
    said = [
        {"id": 2 * k + c, "image_id": k, "category_id": (k + c) % 10, "iscrowd": 0, "area": 9,
         "bbox": [1, 2, 10, 10], "segmentation": []}
        for k in range(12) for c in (0, 1)
    ]  # fmt: skip
    kinds = [{"id": c, "name": f"{LONG}{c}"} for c in range(10)]
    index = {"info": {"description": LONG * 2, "version": LONG}, "images": images,
             "annotations": said, "categories": kinds}  # fmt: skip
    (folder / "instances.json").write_text(json.dumps(index), encoding="utf-8")
    return folder


def lengthen(sidecar: Path) -> None:
    """Let an encoder have a long spec and much to say of its training."""
    record = json.loads(sidecar.read_text("utf-8"))
    record["result"] |= {"spec": SPEC, "trained_on": LONG * 2}
    sidecar.write_text(json.dumps(record), encoding="utf-8")


def make_long_site(root: Path) -> Path:
    """The site: dug by COCO and by folder, embedded, laid out."""
    site, folder = root / "site", write_long(root / "long")
    boxes, files = f"coco:{folder / 'instances.json'}", f"folder:{root / 'long'}"
    for source, dataset, images in ((boxes, "boxes", str(folder)), (files, NAME, None)):
        for stage in ("catalogue", "embed"):
            dig(source, site, dataset=dataset, images=images, encoder="pixels:8", only=stage)
        lay_by_hand(site, dataset)
    for sidecar in (*site.glob("vectors/*.json"), *site.glob("layouts/*.json")):
        lengthen(sidecar)
    return site
