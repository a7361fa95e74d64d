"""Boxes, polygons, lines and points in the many ways that the JSONs of AI Hub write them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

Box = tuple[float, float, float, float]
XYWH, XYXY = "xywh", "xyxy"
# Names are compared small, without signs and spaces. A box as four numbers is x, y, width, height
# unless its name, its type or a person says otherwise.
CORNERS = {
    ("x", "y", "width", "height"): XYWH,
    ("x", "y", "w", "h"): XYWH,
    ("left", "top", "width", "height"): XYWH,
    ("x좌표", "y좌표", "가로", "세로"): XYWH,
    ("xtl", "ytl", "xbr", "ybr"): XYXY,
    ("xmin", "ymin", "xmax", "ymax"): XYXY,
    ("minx", "miny", "maxx", "maxy"): XYXY,
    ("left", "top", "right", "bottom"): XYXY,
    ("x1", "y1", "x2", "y2"): XYXY,
}
TL_FIRST = ("tl", "tr", "br", "bl")
NUMBERED = re.compile(r"([xy])(?:좌표|coord|point)?(\d+)")
NUMBERS = {int, float}


class Shape(NamedTuple):
    """A kind of REGION_KINDS, the box around it, its geometry as that kind has it."""

    kind: str
    box: Box | None
    geometry: Any


@lru_cache(maxsize=4096)
def plain_name(name: str) -> str:
    """A key as it is compared: small letters, without signs and spaces."""
    return re.sub(r"[\W_]+", "", name).lower()


def shape_of(value: Any, hint: str, form: str) -> Shape | None:
    """The shape that a value means, None where that is not known.

    `hint`: what it is called (box, points, polygon, polyline, …), small, or "".
    `form`: what four numbers in a row are, XYWH or XYXY.
    """
    if isinstance(value, dict):
        return _of_names({plain_name(str(name)): inner for name, inner in value.items()}, hint)
    if not isinstance(value, list) or not value:
        return None
    points = _ring(value)
    if points is None:
        rings = [_ring(part) for part in value]
        known = all(ring is not None and len(ring) >= 6 for ring in rings)
        return _polygon([ring for ring in rings if ring]) if known else None
    if type(value[0]) in NUMBERS or isinstance(value[0], str):
        return _of_numbers(points, hint, form)
    return _of_points(points, hint)


def says_more(value: Any) -> bool:
    """Whether a place that is a shape says more than where it is, such as a point's z."""
    if not isinstance(value, list):
        return isinstance(value, dict) and _names_more(value)
    first = value[0]
    if type(first) in NUMBERS:
        return False
    if isinstance(first, dict):
        return any(len(point) > 2 for point in value)
    if not isinstance(first, list) or not first or not isinstance(first[0], (list, dict)):
        return False
    return any(map(says_more, value))


def _names_more(value: Mapping[str, Any]) -> bool:
    named = {plain_name(str(name)) for name in value}
    if named.issuperset(TL_FIRST):
        corners = (corner for corner in value.values() if isinstance(corner, dict))
        return len(value) > 4 or any(len(corner) > 2 for corner in corners)
    if all(NUMBERED.fullmatch(name) for name in named):
        return False
    return len(value) > 4


def _of_names(named: Mapping[str, Any], hint: str) -> Shape | None:
    for names, form in CORNERS.items():
        if len(named) >= 4 and all(name in named for name in names):
            numbers = _numbers([named[name] for name in names])
            if numbers is not None and not any(f"{c}3" in named for c in "xy"):
                return _box(numbers, form)
    if all(corner in named for corner in TL_FIRST):
        points = _ring([named[corner] for corner in TL_FIRST])
        return None if points is None else _of_points(points, "box")
    if set(named) >= {"size", "counts"}:
        return None  # the mask's box is not known: coco_masks reads what COCO's files hold
    points = _numbered(named)
    if points is None:
        point = _numbers([named.get("x"), named.get("y")]) if set(named) == {"x", "y"} else None
        return None if point is None else _of_points(point, hint)
    return _of_points(points, hint)


def _numbered(named: Mapping[str, Any]) -> list[float] | None:
    """x1, y1, x2, y2, … in the order of their numbers."""
    found: dict[int, dict[str, Any]] = {}
    for name, value in named.items():
        match = NUMBERED.fullmatch(name)
        if match is None:
            return None
        found.setdefault(int(match[2]), {})[match[1]] = value
    ordered = [found[number] for number in sorted(found)]
    if not ordered or any(len(point) != 2 for point in ordered):
        return None
    return _numbers([point[axis] for point in ordered for axis in "xy"])


def _of_numbers(flat: list[float], hint: str, form: str) -> Shape | None:
    named = hint.startswith("box") or not any(kind in hint for kind in ("points", "poly", "line"))
    if len(flat) == 4 and named:
        return _box(flat, form)
    return _of_points(flat, hint)


def _of_points(flat: list[float], hint: str) -> Shape | None:
    """Points one after the other; two of a box are its corners, two of no kind are unknown."""
    if not flat or len(flat) % 2 or _are_shares(flat):
        return None
    count, around = len(flat) // 2, _around(flat)
    if "line" in hint and count > 1:
        return Shape("line", around, [flat])
    if count == 1:
        return Shape("point", around, flat)
    if ("box" in hint or "rect" in hint) and (count == 2 or _is_upright(flat)):
        return Shape("box", around, None)
    return Shape("polygon", around, [flat]) if count > 2 else None


def _polygon(rings: Sequence[list[float]]) -> Shape | None:
    whole = [number for ring in rings for number in ring]
    if _are_shares(whole) or any(len(ring) % 2 for ring in rings):
        return None
    return Shape("polygon", _around(whole), list(rings))


def _box(numbers: Sequence[float], form: str) -> Shape | None:
    if _are_shares(numbers):
        return None
    x, y, third, fourth = numbers
    width, height = (third, fourth) if form == XYWH else (third - x, fourth - y)
    return Shape("box", (x, y, width, height), None) if width >= 0 <= height else None


def _is_upright(flat: Sequence[float]) -> bool:
    """Whether these are the four corners of a box that is not turned."""
    corners = set(zip(flat[::2], flat[1::2], strict=True))
    return len(flat) == 8 and len(set(flat[::2])) == len(set(flat[1::2])) == 2 and len(corners) == 4


def _around(flat: Sequence[float]) -> Box:
    xs, ys = flat[::2], flat[1::2]
    return (min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def _are_shares(numbers: Sequence[float]) -> bool:
    """Whether they are shares of the picture's size, not pixels: no region can be made of them."""
    if numbers[0] > 1 or max(numbers) > 1:
        return False
    return min(numbers) >= 0 and any(n != int(n) for n in numbers)


def _ring(value: Any) -> list[float] | None:
    """Points as numbers one after the other: [[x, y], …], [{x, y}, …] or [x, y, …]."""
    if not isinstance(value, list) or not value:
        return None
    if isinstance(value[0], dict):
        value = [_pair(point) for point in value]
    if not isinstance(value[0], list):
        return _numbers(value)
    try:
        flat = [*chain.from_iterable(value)]
        if set(map(len, value)) != {2}:
            return None
    except TypeError:
        return None
    if NUMBERS.issuperset(map(type, flat)):  # nothing but lists held them
        return flat if _are_finite(flat) else None
    return _numbers(flat) if set(map(type, value)) == {list} else None


def _pair(point: Any) -> list[Any]:
    named = {plain_name(str(n)): v for n, v in point.items()} if isinstance(point, dict) else {}
    return [named.get("x"), named.get("y")]


def _numbers(values: Sequence[Any]) -> list[float] | None:
    """The values as numbers, those written as text too; None where one is none."""
    found = list(values)
    if not NUMBERS.issuperset(map(type, found)):
        try:
            found = [v if type(v) in NUMBERS else float(_no_bool(v)) for v in found]
        except (TypeError, ValueError):
            return None
    return found if _are_finite(found) else None


def _are_finite(numbers: Sequence[float]) -> bool:
    try:  # the sum of finite ones may be none
        return math.isfinite(sum(numbers)) or all(map(math.isfinite, numbers))
    except OverflowError:  # a whole number that no float holds
        return False


def _no_bool(value: Any) -> Any:
    return None if isinstance(value, bool) else value
