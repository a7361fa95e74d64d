"""The shapes of a Labelme JSON as regions: every type it draws, the type verbatim in `extra`."""

from __future__ import annotations

import base64
import io
import json
import math
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from excavate.model import as_json, as_text
from excavate.sources.json_text import written
from excavate.sources.read_once import Rows

PLACED = ("label", "points")
QUIET = ("group_id", "flags", "description", "mask")  # left out of `extra` where empty (see _extra)
EMPTY: tuple[Any, ...] = (None, "", {})
MOST_PIXELS = 50_000_000
HELD = 2**52  # as floats, whole numbers up to here and their differences are exact
Points = list[list[float]]
Shape = dict[str, Any]
Size = tuple[int | None, int | None]
Found = tuple[str, Any, Any, dict[str, Any]]  # kind, box, geometry, what more to say in extra
_NUMBERS = {int, float}
PNG = b"\x89PNG"
TOO_MANY = "of the type mask with too many pixels"
TOO_LARGE = "whose numbers are too large"
NO_BOX = (None, None, None, None)
_encoded = json.JSONEncoder(ensure_ascii=False).encode


class ShapeError(Exception):
    """A shape has no place on the picture; `str()` says why."""


@dataclass
class Shapes:
    """Reads shapes into regions and labels; counts, by reason, those that have no place."""

    names: dict[str, None] = field(default_factory=dict)  # in the order of appearance
    unplaced: dict[str, int] = field(default_factory=dict)
    _types: dict[str, str] = field(default_factory=dict)  # type -> extra that says it alone
    _plain: set[tuple[str, ...]] = field(default_factory=set)  # fields that can be quiet

    def read(self, shapes: list[Shape], size: Size, row: int, rows: Rows) -> None:
        """All shapes of one picture; `size` is imageWidth and imageHeight."""
        named: dict[str, None] = {}
        add = rows.regions.append
        for number, shape in enumerate(shapes):
            name = as_text(shape.get("label"))
            if name:
                named[name] = None
            if shape.get("shape_type") == "polygon" and (ring := _ring(shape.get("points"))):
                add((row, "polygon", *ring[0], ring[1], name, name or None, self._extra(shape, {})))
                continue
            if shape.get("shape_type") == "rectangle" and (box := _corners(shape.get("points"))):
                said = self._extra(shape, {})
                add((row, "box", *box, None, name, name or None, said))
                continue
            for kind, box, geometry, more in self._found(shape, size, number):
                drawn = None if geometry is None else _encoded(geometry)
                add((row, kind, *box, drawn, name, name or None, self._extra(shape, more)))
        self.names |= named
        rows.labels += [(row, "label", name, name, "source") for name in named]

    def _extra(self, shape: Shape, more: dict[str, Any]) -> str | None:
        """As JSON; where only the type is said it is written once."""
        kind = shape.get("shape_type")
        get = shape.get
        quiet = get("group_id") in EMPTY and get("flags") in EMPTY and get("description") in EMPTY
        quiet = quiet and not more and get("mask") in EMPTY
        if quiet and tuple(shape) in self._plain and isinstance(kind, str) and kind in self._types:
            return self._types[kind]
        drawn = (*PLACED, "mask") if kind == "mask" else PLACED
        extra = {k: v for k, v in shape.items() if k not in drawn and _says(k, v)}
        said = as_json(extra | more) if extra or more else None
        if quiet and said and isinstance(kind, str) and len(extra) == 1:
            self._plain.add(tuple(shape))
            self._types[kind] = said
        return said

    def _found(self, shape: Shape, size: Size, number: int) -> Iterator[Found]:
        try:
            yield from [_finite(found) for found in _drawn(shape, size, number)]
        except ShapeError as error:
            self.unplaced[str(error)] = self.unplaced.get(str(error), 0) + 1
            yield "box", NO_BOX, None, {k: v for k, v in shape.items() if k in ("points", "mask")}


def _drawn(shape: Shape, size: Size, number: int) -> list[Found]:
    """The regions of a shape. Raises ShapeError where it has no place."""
    kind = as_text(shape.get("shape_type")) or "polygon"  # Labelme before 3.0 had no other
    if kind == "mask":
        return [_mask(shape, size)]
    if kind not in (*READERS, "points") and not _has_corners(shape):
        raise ShapeError(f"of the type {kind}")
    points = _points(shape)
    if kind == "points":
        return [_point([p], {"shape": number}) for p in points]
    return [READERS.get(kind, _polygon)(points)]


def _has_corners(shape: Shape) -> bool:
    return len(_points(shape)) > 2


def _finite(found: Found) -> Found:
    """A box of floats. Raises ShapeError where one of its numbers is none that they hold."""
    kind, box, geometry, more = found
    if not all(map(math.isfinite, box)):
        raise ShapeError(TOO_LARGE)
    return kind, tuple(map(float, box)), geometry, more


def _says(name: str, value: Any) -> bool:
    return name not in QUIET or value not in EMPTY


def _points(shape: Shape) -> Points:
    points = shape.get("points")
    if not isinstance(points, list) or not points or not all(map(_is_point, points)):
        raise ShapeError("whose points are no list of [x, y]")
    if not all(map(_is_held, chain.from_iterable(points))):
        raise ShapeError(TOO_LARGE)
    return points


def _is_point(point: Any) -> bool:
    return isinstance(point, list) and len(point) == 2 and all(map(_is_number, point))


def _ring(points: Any) -> tuple[tuple[float, float, float, float], str] | None:
    """The box and the JSON of a polygon, or None where it has to be looked at closely."""
    if not isinstance(points, list) or not points:
        return None
    try:
        across, down = zip(*points, strict=True)
        flat = [*chain.from_iterable(points)]
        if not set(map(type, flat)) <= _NUMBERS or not math.isfinite(sum(flat)):
            return None
    except (TypeError, ValueError, OverflowError):
        return None
    left, top, right, bottom = min(across), min(down), max(across), max(down)
    if min(left, top) < -HELD or max(right, bottom) > HELD:
        return None
    return (left, top, right - left, bottom - top), written([flat])


def _corners(points: Any) -> tuple[float, float, float, float] | None:
    """The box of two corners in their usual order, or None where a closer look is needed."""
    try:
        (left, top), (right, bottom) = points
        numbers = {type(left), type(top), type(right), type(bottom)} <= _NUMBERS
        if not numbers or not math.isfinite(left + top + right + bottom):
            return None
    except (TypeError, ValueError, OverflowError):
        return None
    usual = isinstance(points, list) and left <= right and top <= bottom
    usual = usual and min(left, top) >= -HELD and max(right, bottom) <= HELD
    return (left, top, right - left, bottom - top) if usual else None


def _is_number(value: Any) -> bool:
    return type(value) is int or (type(value) is float and math.isfinite(value))


def _is_held(value: float) -> bool:
    return type(value) is float or -HELD <= value <= HELD


def _around(points: Points) -> tuple[float, float, float, float]:
    across, down = zip(*points, strict=False)
    left, top = min(across), min(down)
    return left, top, max(across) - left, max(down) - top


def _flat(points: Points) -> list[float]:
    return [value for point in points for value in point]


def _polygon(points: Points) -> Found:
    return "polygon", _around(points), [_flat(points)], {}


def _line(points: Points) -> Found:
    return "line", _around(points), [_flat(points)], {}


def _rectangle(points: Points) -> Found:
    """Two corners, in any order; four, as a turned one has, are a polygon."""
    if len(points) > 2:
        return _polygon(points)
    if len(points) < 2:
        raise ShapeError("of the type rectangle with one point")
    box = _around(points)
    ordered = points[0] == [box[0], box[1]]
    return "box", box, None, {} if ordered else {"points": points}


def _circle(points: Points) -> Found:
    """The centre and a point of the edge."""
    if len(points) != 2:
        raise ShapeError(f"of the type circle with {len(points)} points, not 2")
    (x, y), edge = points
    radius = math.dist(points[0], edge)
    box = (x - radius, y - radius, 2 * radius, 2 * radius)
    return "circle", box, {"centre": points[0], "radius": radius}, {"points": points}


def _point(points: Points, more: dict[str, Any] | None = None) -> Found:
    if len(points) != 1:
        raise ShapeError(f"of the type point with {len(points)} points, not 1")
    return "point", _around(points), points[0], more or {}


def _mask(shape: Shape, size: Size) -> Found:
    """Two corners and the PNG between them, as a run-length encoding of the whole picture.

    Both corners are inside, so the PNG says how wide and high it is.
    """
    import numpy as np

    from excavate.sources.coco_masks import encodings

    points = _points(shape)
    width, height = size
    if len(points) != 2 or not width or not height:
        raise ShapeError("of the type mask without two corners, or without the picture's size")
    if width * height > MOST_PIXELS:
        raise ShapeError("of the type mask on a picture with too many pixels")
    cut = _pixels(shape.get("mask"))
    left, top = (round(least) for least in _around(points)[:2])
    if left < 0 or top < 0 or left + cut.shape[1] > width or top + cut.shape[0] > height:
        raise ShapeError("of the type mask that crosses the picture's edge")
    ids = np.zeros((height, width), np.int32)
    ids[top : top + cut.shape[0], left : left + cut.shape[1]] = cut
    found = encodings(ids, [1])
    if not found:
        raise ShapeError("of the type mask without a pixel set")
    return "mask", (left, top, cut.shape[1], cut.shape[0]), found[1], {"points": points}


def _pixels(mask: Any) -> Any:
    """Which pixels a PNG in base64 sets, as (height, width) bool."""
    import numpy as np
    from PIL import Image

    try:
        content = base64.b64decode(mask, validate=True)
        large = int.from_bytes(content[16:20]) * int.from_bytes(content[20:24]) > MOST_PIXELS
        if large and content.startswith(PNG):  # by its header, before Pillow warns of it
            raise ShapeError(TOO_MANY)
        picture = Image.open(io.BytesIO(content), formats=["PNG"])
        if picture.width * picture.height > MOST_PIXELS:
            raise ShapeError(TOO_MANY)
        return np.asarray(picture.convert("L")) > 0
    except Image.DecompressionBombError as error:
        raise ShapeError(TOO_MANY) from error
    except (TypeError, ValueError, OSError, SyntaxError, struct.error, EOFError) as error:
        raise ShapeError("of the type mask whose PNG cannot be read") from error


READERS: dict[str, Callable[[Points], Found]] = {
    "polygon": _polygon,
    "rectangle": _rectangle,
    "circle": _circle,
    "line": _line,
    "linestrip": _line,
    "point": _point,
}
