"""Small well-formed datasets, one maker for each source; each returns its source string."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

NAMES = ["airplane", "고양이"]


def png(width: int = 4, height: int = 3, colour: str = "red") -> bytes:
    """An encoded picture."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "PNG")
    return out.getvalue()


def put(file: Path, content: bytes | str = b"") -> Path:
    """Write a file, its folders too."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def class_folder(root: Path) -> str:
    """Classes two deep, an empty one, a picture without a class, metadata, and other files."""
    for name in ("animals/cats/2.png", "animals/cats/10.PNG", "animals/개/a b.jpeg", "top.gif"):
        put(root / name, png())
    (root / "plants").mkdir()
    put(root / "notes.txt", "no picture")
    put(root / ".hidden.png", png())
    put(root / "__MACOSX" / "x.png", png())
    put(root / "metadata.csv", "file_name,age,author\nanimals/cats/2.png,007,Kim\ntop.gif,,\n")
    return f"folder:{root}"


def split_folder(root: Path) -> str:
    """Splits at the top, classes below, a metadata file in one split."""
    for name in ("test/cats/1.png", "train/cats/2.png", "train/dogs/3.png"):
        put(root / name, png())
    put(root / "train" / "metadata.jsonl", '{"file_name": "cats/2.png", "weight": 1.10}\n')
    return f"folder:{root}"


def class_zip(root: Path) -> str:
    """`class_folder` as a zip, everything in one folder, as a Mac or a file manager packs it."""
    class_folder(root / "classes")
    with zipfile.ZipFile(root / "pictures.zip", "w", zipfile.ZIP_DEFLATED) as out:
        for file in sorted((root / "classes").rglob("*")):
            out.write(file, file.relative_to(root))
    return f"folder:{root / 'pictures.zip'}"


def hub_rows(count: int) -> dict[str, list[Any]]:
    """Rows with a picture, classes, a list of classes, captions, objects and attributes."""
    boxes = [[0.0, 0.0, 2.0, 2.0], [1.0, 1.0, 9.0, 1.0]]
    return {
        "image": [
            None if n == 1 else {"bytes": png(2 + n), "path": f"{n}.png"} for n in range(count)
        ],
        "label": [n % 2 if n != 2 else -1 for n in range(count)],
        "also": [[n % 2, 1] if n % 3 else [] for n in range(count)],
        "captions": [[f"one {n}", "둘"] for n in range(count)],
        "objects": [
            {"bbox": boxes[: n % 3], "category": [0, 1][: n % 3], "area": [4, 9][: n % 3]}
            for n in range(count)
        ],
        "size": list(range(count)),
        "license": [None if n else "CC0" for n in range(count)],
        "nested": [{"a": n, "b": None} for n in range(count)],
    }


def hub_features() -> Any:
    """The features of `hub_rows`."""
    from datasets import ClassLabel, Features, List, Sequence, Value
    from datasets import Image as ImageFeature

    return Features(
        {
            "image": ImageFeature(),
            "label": ClassLabel(names=NAMES),
            "also": List(ClassLabel(names=["x", "y"])),
            "captions": List(Value("string")),
            "objects": Sequence(
                {
                    "bbox": List(Value("float32"), length=4),
                    "category": ClassLabel(names=NAMES),
                    "area": Value("int64"),
                }
            ),
            "size": Value("int32"),
            "license": Value("string"),
            "nested": {"a": Value("int64"), "b": Value("string")},
        }
    )


def hub_table(count: int) -> Any:
    """`hub_rows` as an Arrow table that carries its features, as the hub's files do."""
    import pyarrow as pa

    schema = hub_features().arrow_schema
    return pa.Table.from_pydict(hub_rows(count), schema=schema)


def parquet_files(root: Path) -> str:
    """Two shards of train and one of test, in row groups of two."""
    import pyarrow.parquet as pq

    root.mkdir(parents=True, exist_ok=True)
    shards = {"test-00000-of-00001": 3, "train-00000-of-00002": 5, "train-00001-of-00002": 4}
    for name, count in shards.items():
        pq.write_table(hub_table(count), root / f"{name}.parquet", row_group_size=2)
    return f"parquet:{root}/*.parquet"


def coco_json(**changes: Any) -> dict[str, Any]:
    """Instances: a polygon, a run-length encoding, a box alone, one category without a region."""
    document: dict[str, Any] = {
        "info": {"description": "Tiny", "version": "1.0", "url": "http://example.org"},
        "licenses": [{"id": 4, "name": "By", "url": "http://example.org/by"}],
        "images": [
            {"id": 7, "file_name": "a.png", "width": 4, "height": 3, "license": 4},
            {"id": 3, "file_name": "sub/b.png", "flickr_url": "http://example.org/b", "when": "x"},
            {"id": 9, "file_name": "gone.png", "license": 99},
        ],
        "categories": [
            {"id": 1, "name": "cat", "supercategory": "animal", "isthing": 1},
            {"id": 20, "name": "dog", "supercategory": "animal"},
            {"id": 5, "name": "sky"},
        ],
        "annotations": [
            coco_annotation(100, 7, 20, bbox=[0, 0, 2, 2], segmentation=[[0, 0, 2, 0, 2, 2]]),
            coco_annotation(101, 7, 1, bbox=[-1.5, 0, 9, 2], score=0.5),
            coco_annotation(102, 7, 20, segmentation={"size": [3, 4], "counts": [2, 3, 7]}),
            coco_annotation(103, 3, 5),
        ],
    }
    return document | changes


def coco_annotation(number: int, image: int, category: int, **more: Any) -> dict[str, Any]:
    """One annotation of COCO instances."""
    return {"id": number, "image_id": image, "category_id": category, **more}


def instances(root: Path) -> str:
    """COCO instances beside their pictures, one of which is gone."""
    put(root / "tiny.json", json.dumps(coco_json()))
    put(root / "a.png", png())
    put(root / "sub" / "b.png", png())
    return f"coco:{root / 'tiny.json'}"


def captions(root: Path) -> str:
    """COCO captions, without pictures."""
    said = [{"id": 1, "image_id": 3, "caption": "고양이 두 마리"}, {"image_id": 3, "caption": "b"}]
    document = coco_json(annotations=said)
    del document["categories"]
    put(root / "captions.json", json.dumps(document))
    return f"coco:{root / 'captions.json'}"


def panoptic(root: Path) -> str:
    """COCO panoptic with one PNG; the second image's PNG is missing."""
    ids = np.zeros((3, 4), np.uint32)
    ids[:, :2] = 70_000
    ids[1, 3] = 300
    shown = np.stack([ids % 256, ids // 256 % 256, ids // 65536], axis=-1).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(shown).save(out, "PNG")
    put(root / "pan" / "a.png", out.getvalue())

    def segment(number: int, category: int) -> dict[str, Any]:
        return {"id": number, "category_id": category, "bbox": [0, 0, 2, 3], "iscrowd": 0}

    said = [
        {
            "image_id": 7,
            "file_name": "a.png",
            "segments_info": [segment(70_000, 20), segment(300, 5), segment(8, 5)],
        },
        {"image_id": 3, "file_name": "b.png", "segments_info": [segment(1, 1)]},
    ]
    put(root / "pan.json", json.dumps(coco_json(annotations=said)))
    return f"coco:{root / 'pan.json'}"


def zipped(file: Path, names: list[str]) -> Path:
    """A zip of pictures with these names."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(file, "w") as out:
        for name in names:
            out.writestr(name, png())
    return file
