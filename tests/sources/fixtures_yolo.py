"""Small folders of YOLO."""

from __future__ import annotations

from pathlib import Path

from tests.sources.fixtures import png, put


def yolo_config(root: Path) -> str:
    """data.yaml with two splits, one of them a list; pictures and labels without each other."""
    put(
        root / "data.yaml",
        "path: .\ntrain: images/train\nval: [val.txt]\ntest:\nnc: 2\nnames: [no, 고양이]\n"
        "roboflow: {license: CC BY 4.0, url: http://example.org, version: 3}\ndownload: x.sh\n",
    )
    for name in ("train/a", "train/b", "train/c", "val/d", "val/e"):
        put(root / "images" / f"{name}.png", png(10, 8))
    put(root / "labels" / "train" / "a.txt", "0 0.5 0.5 0.2 0.25\n1 0.1 0.1 0.4 0.4 0.75\n")
    put(root / "labels" / "train" / "b.txt", "")
    put(root / "labels" / "train" / "gone.txt", "1 0.5 0.5 0.2 0.25\n")
    put(root / "labels" / "val" / "d.txt", "1 0 0 0.5 0 0.5 0.5\n")
    put(root / "labels" / "val" / "z.txt", "1 0 0 0.5 0 0.5 0.5\n")
    put(root / "val.txt", "images/val/d.png\n./images/train/a.png\n")
    put(root / "README.md", "words")
    return f"yolo:{root}"


def yolo_plain(root: Path) -> str:
    """Without data.yaml: pictures and labels in folders of splits, as some tools export them."""
    for split in ("train", "valid"):
        put(root / split / "images" / "a.jpg", png(10, 8))
        put(root / split / "labels" / "a.txt", "7 0.5 0.5 0.2 0.25\n12 0.5 0.5 0.2 0.25\n")
    put(root / "valid" / "images" / "broken.jpg", b"no picture")
    put(root / "valid" / "labels" / "broken.txt", "7 0.5 0.5 0.2 0.25\n")
    return f"yolo:{root}"
