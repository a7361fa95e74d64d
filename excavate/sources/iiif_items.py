"""Pixels of a canvas' picture, and the regions of many canvases as one table in those pixels."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from excavate.model import REGION_COLUMNS, as_json
from excavate.sources.iiif_annotations import Row
from excavate.sources.iiif_manifests import Canvas
from excavate.sources.iiif_pictures import Size

UNEVEN = 0.01  # a circle scaled more unevenly than this is none


@dataclass(frozen=True, slots=True)
class Pixels:
    """Where a canvas' picture is: its bytes, or a path below the root; its size as far as known."""

    content: bytes | None = None
    path: str | None = None
    size: Size | None = None
    address: str | None = None  # where the bytes were fetched
    fault: str | None = None  # why there are none

    @classmethod
    def of(cls, content: bytes, address: str) -> Pixels:
        """Fetched bytes with the size that they say."""
        return cls(content=content, size=_header(io.BytesIO(content)), address=address)


class Scale(NamedTuple):
    """From canvas units to pixels of the picture: (x - left) * across, (y - top) * down."""

    left: float
    top: float
    across: float
    down: float


def local_pixels(root: Path, path: str, stated: Size | None) -> Pixels:
    """A picture below the root; its size from the file where it can be read."""
    file = root / path
    try:
        inside = file.resolve().is_relative_to(root)
    except (OSError, RuntimeError):  # a name that no file can have, or a ring of links
        inside = False
    return Pixels(path=path, size=(_header(file) if inside else None) or stated)


def _header(file: Path | io.BytesIO) -> Size | None:
    """Width and height of a picture, turned upright as its EXIF says."""
    from PIL import Image

    try:
        with Image.open(file) as picture:
            width, height = picture.size
            turned = picture.getexif().get(0x0112, 1) in (5, 6, 7, 8)
    except Exception:  # whatever a broken picture makes Pillow say: the catalog records the fault
        return None
    return (float(height), float(width)) if turned else (float(width), float(height))


def scale_of(canvas: Canvas, size: Size | None) -> Scale | None:
    """How regions of a canvas lie on its picture; None where they need no change."""
    picture = canvas.paintings.main
    box = picture.box if picture else None
    if box is None and canvas.size is not None:
        box = (0.0, 0.0, *canvas.size)
    if picture is None or box is None or not box[2] or not box[3]:
        return None
    width, height = size or (box[2], box[3])
    scale = Scale(box[0], box[1], width / box[2], height / box[3])
    return None if scale == (0.0, 0.0, 1.0, 1.0) else scale


def region_table(canvases: Iterable[tuple[list[Row], Scale | None]]) -> pa.Table:
    """The regions of canvases in order, `row` being the canvas' number."""
    numbers: list[int] = []
    rows: list[Row] = []
    for number, (held, scale) in enumerate(canvases):
        numbers += [number] * len(held)
        rows += held if scale is None else [_scaled(row, scale) for row in held]
    if not rows:
        return REGION_COLUMNS.empty_table()
    columns: list[Any] = [numbers, *zip(*rows, strict=True)]
    columns[6] = [None if one is None else as_json(one) for one in columns[6]]
    arrays = [pa.array(column, f.type) for column, f in zip(columns, REGION_COLUMNS, strict=True)]
    return pa.Table.from_arrays(arrays, schema=REGION_COLUMNS)


def _scaled(row: Row, scale: Scale) -> Row:
    kind, x, y, width, height, geometry, value, category, extra = row
    if x is None or y is None or width is None or height is None:
        return row
    left, top, across, down = scale
    placed = ((x - left) * across, (y - top) * down, width * across, height * down)
    if not all(map(isfinite, placed)):
        return "box", None, None, None, None, None, value, category, extra
    kept = f'"on_canvas": {json.dumps([x, y, width, height])}'
    extra = f"{extra[:-1]}, {kept}}}" if len(extra) > 2 else f"{{{kept}}}"
    kind, geometry = _shaped(kind, geometry, scale)
    return kind, *placed, geometry, value, category, extra


def _shaped(kind: str, geometry: Any, scale: Scale) -> tuple[str, Any]:
    left, top, across, down = scale

    def path(numbers: list[float]) -> list[float]:
        return [
            (n - left) * across if place % 2 == 0 else (n - top) * down
            for place, n in enumerate(numbers)
        ]

    if kind in ("polygon", "line"):
        return kind, [path(numbers) for numbers in geometry]
    if kind == "point":
        return kind, path(geometry)
    if kind == "circle":
        if abs(across / down - 1) > UNEVEN:
            return "box", None
        radius = geometry["radius"] * across
        return kind, {"centre": path(geometry["centre"]), "radius": radius}
    return kind, geometry
