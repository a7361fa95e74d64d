"""yolo: label files of eight boxes each, beside small pictures whose header gives the size."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

PARSER = "split, float and the picture's size by Pillow, file by file"
COUNTED = ("regions",)
PER_FILE = 8


def make(folder: Path, count: int) -> str:
    """Pictures and label files."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48)).save(out, "JPEG")
    for name in ("images", "labels"):
        (folder / name).mkdir()
    for first in range(0, count, PER_FILE):
        lines = (
            f"{n % 80} 0.{n % 900 + 50:06} 0.5{n % 97} 0.0{n % 83} 0.1\n"
            for n in range(first, first + PER_FILE)
        )
        (folder / "labels" / f"{first:06}.txt").write_text("".join(lines))
        (folder / "images" / f"{first:06}.jpg").write_bytes(out.getvalue())
    return f"yolo:{folder}"


def bare(folder: Path) -> int:
    """The numbers of every line, and the size without which they are no pixels."""
    count = 0
    for file in sorted((folder / "labels").iterdir()):
        with Image.open(folder / "images" / f"{file.stem}.jpg") as picture:
            width, height = picture.size
        for line in file.read_text().splitlines():
            _, x, y, across, down = map(float, line.split())
            count += x * width + y * height + across + down > 0
    return count
