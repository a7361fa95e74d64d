"""Small datasets made for tests: pictures drawn from a seed, written as a class folder."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image


def picture(seed: int, width: int = 20, height: int = 16, mode: str = "RGB") -> Image.Image:
    """A picture of seeded noise."""
    depth = {"L": 1, "RGB": 3, "RGBA": 4}[mode]
    shape = (height, width) if depth == 1 else (height, width, depth)
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, shape, "uint8"), mode)


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """The bytes of a picture file."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def class_folder(root: Path, names: tuple[str, ...] = ("cat", "dog"), each: int = 5) -> Path:
    """`root/NAME/i.png`, `each` pictures a name."""
    for n, name in enumerate(names):
        (root / name).mkdir(parents=True, exist_ok=True)
        for i in range(each):
            (root / name / f"{i}.png").write_bytes(encoded(picture(n * 100 + i)))
    return root


def catalog_rows(file: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table in a catalog, in a fixed order, clocks left out."""
    from excavate.catalog.building import TABLES
    from excavate.catalog.opening import connect

    connection = connect(file, read_only=True)
    try:
        return {
            table: connection.execute(
                f"SELECT {'* EXCLUDE (dug_at)' if table == 'dataset' else '*'} "
                f"FROM {table} ORDER BY ALL"
            ).fetchall()
            for table in TABLES
        }
    finally:
        connection.close()
