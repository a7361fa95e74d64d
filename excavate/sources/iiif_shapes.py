"""Where on a canvas an annotation points: media fragments, points and simple SVG, as shapes.

A shape is (kind, box, geometry) as model.Region has them, in the canvas' own units. Curves are
not straightened: such a shape keeps its box where that is certain, and its selector verbatim.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple
from xml.etree import ElementTree

from excavate.sources.iiif_words import Node, many, type_of

Box = tuple[float, float, float, float]
TOKEN = re.compile(r"([MmLlHhVvZz])|([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|([^\s,])")
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
MOST_SVG = 1_000_000  # characters of a selector that is looked into
DRAWN = ("path", "polygon", "polyline", "rect", "circle", "ellipse", "line")


class Shape(NamedTuple):
    """A part of a canvas; `box` is None where it is not known."""

    kind: str
    box: Box | None
    geometry: Any = None


class Moment(Exception):
    """A selector of a time in video or sound: no part of a picture, and no error."""


UNKNOWN = Shape("box", None)


def of_fragment(fragment: str, size: tuple[float, float] | None) -> Shape:
    """The shape of a media fragment ("xywh=1,2,3,4"). Raises Moment for one in time alone."""
    named = dict(part.partition("=")[::2] for part in fragment.split("&"))
    said = named.get("xywh")
    if said is None:
        if "t" in named:
            raise Moment
        return UNKNOWN
    unit, colon, numbers = said.rpartition(":")
    try:
        x, y, width, height = map(float, numbers.split(","))
    except ValueError:
        return UNKNOWN
    if unit not in ("", "pixel", "percent") or (unit == "percent" and size is None):
        return UNKNOWN
    if unit == "percent" and size:
        across, down = size[0] / 100, size[1] / 100
        x, y, width, height = x * across, y * down, width * across, height * down
    if not math.isfinite(x + y + width + height):
        return UNKNOWN
    return Shape("box", (x, y, width, height))


def of_selector(selector: Any, size: tuple[float, float] | None) -> Shape:
    """The most exact shape among selectors of one place. Raises Moment where all are in time."""
    found, moments = [], 0
    for one in _selectors(selector):
        try:
            found.append(_of_one(one, size))
        except Moment:
            moments += 1
    if moments and not found:
        raise Moment
    return max(found, key=_exactness, default=UNKNOWN)


def _exactness(shape: Shape) -> int:
    return 2 if shape.kind != "box" else 1 if shape.box else 0


def _selectors(selector: Any) -> Iterator[Node]:
    """A selector, or those among which Presentation 2 lets choose (default, item)."""
    for one in many(selector):
        if isinstance(one, dict) and type_of(one) == "Choice":
            yield from _selectors([*many(one.get("default")), *many(one.get("item"))])
        elif isinstance(one, dict):
            yield one


def _of_one(selector: Node, size: tuple[float, float] | None) -> Shape:
    kind, value = type_of(selector), selector.get("value", selector.get("chars"))
    if kind == "FragmentSelector" and isinstance(value, str):
        return of_fragment(value.lstrip("#"), size)
    if kind == "SvgSelector" and isinstance(value, str):
        return of_svg(value)
    if kind == "PointSelector":
        x, y = selector.get("x"), selector.get("y")
        if x is None and y is None and "t" in selector:
            raise Moment
        if _is_number(x) and _is_number(y):
            return Shape("point", (float(str(x)), float(str(y)), 0.0, 0.0), [x, y])
    return UNKNOWN


def of_svg(text: str) -> Shape:
    """The shape that an SVG draws, if it is one that straight lines or a circle can tell."""
    if len(text) > MOST_SVG or "<!" in text:  # no entities are expanded
        return UNKNOWN
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - nothing declared, nothing expanded
    except ElementTree.ParseError:
        return UNKNOWN
    if any("transform" in node.attrib for node in root.iter()):
        return UNKNOWN
    drawn = [node for node in root.iter() if _tag(node) in DRAWN]
    try:
        shapes = [_drawn(node) for node in drawn]
    except (ValueError, KeyError):
        return UNKNOWN
    return _joined(shapes) if all(map(_is_finite, shapes)) else UNKNOWN


def _is_finite(shape: Shape) -> bool:
    """Whether no number of it is infinite or none at all ("1e999", "nan")."""
    paths = shape.geometry if shape.kind in ("polygon", "line") else ()
    numbers = [*(shape.box or ()), *(number for path in paths for number in path)]
    return all(map(math.isfinite, numbers))


def _joined(shapes: list[Shape]) -> Shape:
    kinds = {shape.kind for shape in shapes}
    if len(shapes) == 1:
        return shapes[0]
    if kinds == {"polygon"} or kinds == {"line"}:
        return _of_paths(kinds.pop(), [path for shape in shapes for path in shape.geometry])
    return UNKNOWN


def _drawn(node: ElementTree.Element) -> Shape:
    """One element. Raises ValueError or KeyError where it cannot be told exactly."""
    tag, said = _tag(node), node.attrib
    if tag == "path":
        return _of_path(said["d"])
    if tag in ("polygon", "polyline"):
        numbers = [float(n) for n in NUMBER.findall(said["points"])]
        return _of_paths("polygon" if tag == "polygon" else "line", [numbers])
    if tag == "line":
        return _of_paths("line", [[float(said[n]) for n in ("x1", "y1", "x2", "y2")]])
    if tag == "rect":
        x, y = float(said.get("x", 0)), float(said.get("y", 0))
        return Shape("box", (x, y, float(said["width"]), float(said["height"])))
    x, y = float(said.get("cx", 0)), float(said.get("cy", 0))
    across = float(said["r" if tag == "circle" else "rx"])
    down = float(said["r" if tag == "circle" else "ry"])
    box = (x - across, y - down, 2 * across, 2 * down)
    if across == down:
        return Shape("circle", box, {"centre": [x, y], "radius": across})
    return Shape("box", box)


def _of_paths(kind: str, paths: list[list[float]]) -> Shape:
    if any(len(path) < 4 or len(path) % 2 for path in paths):
        raise ValueError("not pairs of numbers")
    across = [x for path in paths for x in path[::2]]
    down = [y for path in paths for y in path[1::2]]
    box = (min(across), min(down), max(across) - min(across), max(down) - min(down))
    return Shape(kind, box, paths)


def _of_path(said: str) -> Shape:
    """A path of straight lines; closed ones are polygons."""
    paths, closed = [], []
    for path, is_closed in _straight(said):
        paths.append(path)
        closed.append(is_closed or path[:2] == path[-2:])
    if not paths or len(set(closed)) > 1:
        raise ValueError("no path, or open and closed ones")
    return _of_paths("polygon" if closed[0] else "line", paths)


def _straight(said: str) -> Iterator[tuple[list[float], bool]]:
    """(path, whether it is closed) for each part of a path's `d`. Raises ValueError at a curve."""
    path: list[float] = []
    x = y = 0.0
    for command, numbers in _commands(said):
        small = command.islower()
        if command in "Zz":
            yield path, True
            x, y = path[0], path[1]
            path = []
            continue
        for step, (first, second) in enumerate(_pairs(command, numbers, x, y, small)):
            if command in "Mm" and step == 0 and path:
                yield path, False
                path = []
            if not path and command not in "Mm":  # goes on from where the last one closed
                path = [x, y]
            x, y = (x + first, y + second) if small else (first, second)
            path += [x, y]
    if path:
        yield path, False


def _pairs(
    command: str, numbers: list[float], x: float, y: float, small: bool
) -> Iterator[tuple[float, float]]:
    if command in "Hh":
        yield from ((number, 0.0 if small else y) for number in numbers)
    elif command in "Vv":
        yield from ((0.0 if small else x, number) for number in numbers)
    elif len(numbers) % 2 or not numbers:
        raise ValueError("not pairs of numbers")
    else:
        yield from zip(numbers[::2], numbers[1::2], strict=True)


def _commands(said: str) -> Iterator[tuple[str, list[float]]]:
    found: list[tuple[str, list[float]]] = []
    for letter, number, other in TOKEN.findall(said):
        if other or (number and not found):
            raise ValueError("curves, or no path")
        if letter:
            found.append((letter, []))
        else:
            found[-1][1].append(float(number))
    if any(letter in "Zz" and last in "Zz" for (letter, _), (last, _) in pairwise(found)):
        raise ValueError("closed twice")
    if found and (found[0][0] not in "Mm" or any(n for c, n in found if c in "Zz")):
        raise ValueError("no path")
    yield from found


def _tag(node: ElementTree.Element) -> str:
    return str(node.tag).rpartition("}")[2]


def _is_number(value: Any) -> bool:
    """Whether a float can hold it; a whole number of a JSON may be of any length."""
    plain = isinstance(value, (int, float)) and not isinstance(value, bool)
    return plain and abs(value) < sys.float_info.max
