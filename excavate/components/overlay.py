"""Regions drawn as an SVG that lies over their picture, each kind in its own way."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html import escape
from typing import Any

from excavate.charts import OKABE_ITO

NAMED_UP_TO = 12  # with more regions than this their names would hide the picture
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Widths are of the screen, however large the picture is. A point is a line without length.
STYLE = """
path,rect,circle{fill-opacity:.12;stroke-width:2;vector-effect:non-scaling-stroke}
.line{fill:none;stroke-width:3;stroke-linejoin:round;stroke-linecap:round}
.point{fill:none;stroke-width:10;stroke-linecap:round}
.under{stroke:#fff;stroke-width:14}.line.under{stroke-width:5}
text{font-family:sans-serif;font-weight:600;paint-order:stroke;stroke:#fff;stroke-linejoin:round}
"""


def region_name(region: dict[str, Any]) -> str:
    """What the source calls a region: its own value, else its category."""
    return str(region.get("value") or region.get("category") or region.get("category_id") or "")


def region_colours(regions: Sequence[dict[str, Any]]) -> dict[str, str]:
    """A colour for each name, in the order of appearance; grey beyond eight."""
    names = list(dict.fromkeys(region_name(r) for r in regions))
    grey = "#8F887B"
    return {n: OKABE_ITO[i] if i < len(OKABE_ITO) else grey for i, n in enumerate(names)}


def overlay_svg(regions: Sequence[dict[str, Any]], width: int, height: int) -> str:
    """An SVG of the picture's size. What crosses the picture's edge is drawn as it was given."""
    colours = region_colours(regions)
    size = max(width, height) / 40
    drawn = [_shape(r, colours[region_name(r)]) for r in regions]
    if len(regions) <= NAMED_UP_TO:
        drawn += [_tag(r, colours[region_name(r)], size, width, height) for r in regions]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f"<style>{STYLE}text{{stroke-width:{size / 4:.2f}}}</style>{''.join(drawn)}</svg>"
    )


def _shape(region: dict[str, Any], colour: str) -> str:
    kind, geometry = region.get("kind"), region.get("geometry")
    paint = f'fill="{colour}" stroke="{colour}"'
    if geometry and kind in ("line", "point"):
        path = _open_path(geometry) if kind == "line" else _dot(geometry)
        return (
            f'<path class="{kind} under" d="{path}"/>'
            f'<path class="{kind}" d="{path}" stroke="{colour}"/>'
        )
    if geometry and kind == "circle":
        circle = json.loads(geometry)
        (x, y), radius = map(float, circle["centre"]), float(circle["radius"])
        return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" {paint}/>'
    path = _path(geometry)
    if path:
        return f'<path d="{path}" fill-rule="evenodd" {paint}/>'
    return _box(region, paint)


def _box(region: dict[str, Any], paint: str) -> str:
    box = [region.get(k) for k in ("x", "y", "width", "height")]
    if any(v is None for v in box):
        return ""
    x, y, w, h = (float(v) for v in box if v is not None)
    return f'<rect x="{x:g}" y="{y:g}" width="{max(w, 0):g}" height="{max(h, 0):g}" {paint}/>'


def _tag(region: dict[str, Any], colour: str, size: float, width: int, height: int) -> str:
    """The region's name: in its corner, beside a point, never beyond the picture's edge."""
    name, x, y = region_name(region), region.get("x"), region.get("y")
    if not name or x is None or y is None:
        return ""
    beside = region.get("kind") == "point"
    left = max(float(x), 0) + size * (0.6 if beside else 0.25)
    base = min(max(float(y), 0) + size * (0.35 if beside else 1), height - size / 4)
    ends = left + size * 0.5 * len(name[:40]) > width and left > width / 2
    left = min(float(x), width) - size * (0.6 if beside else 0.25) if ends else left
    place = f'x="{left:.1f}" y="{base:.1f}"' + (' text-anchor="end"' if ends else "")
    return f'<text {place} font-size="{size:.1f}" fill="{colour}">{_text(name[:40])}</text>'


def _text(name: str) -> str:
    """A name as XML holds it: what XML has no way to write is shown as a replacement sign."""
    return escape(NO_XML.sub("\ufffd", name))


def _open_path(geometry: str) -> str:
    """An SVG path of JSON lines [[x, y, …], …], left open."""
    return "".join(_ring(line).removesuffix("Z") for line in json.loads(geometry))


def _dot(geometry: str) -> str:
    """A path without length, which a round line end makes a dot of the same size on any screen."""
    x, y = json.loads(geometry)[:2]
    return f"M{float(x):g} {float(y):g}h0"


def _path(geometry: str | None) -> str:
    """An SVG path of JSON polygons [[x, y, …], …] or of an RLE mask {size, counts}."""
    if not geometry:
        return ""
    shape = json.loads(geometry)
    outlines = mask_outlines(shape) if isinstance(shape, dict) else shape
    return "".join(_ring(outline) for outline in outlines if len(outline) >= 6)


def _ring(outline: Sequence[float]) -> str:
    pairs = zip(outline[0::2], outline[1::2], strict=False)
    return "M" + "L".join(f"{float(x):g} {float(y):g}" for x, y in pairs) + "Z"


def mask_outlines(rle: dict[str, Any]) -> list[list[float]]:
    """The outlines of a run-length mask as flat [x, y, …] rings, in pixels."""
    import numpy as np
    from pycocotools import mask as coco
    from skimage.measure import approximate_polygon, find_contours

    height, width = rle["size"]
    if isinstance(rle["counts"], list):
        rle = coco.frPyObjects(rle, height, width)
    elif isinstance(rle["counts"], str):
        rle = {**rle, "counts": rle["counts"].encode()}
    padded = np.pad(coco.decode(rle), 1)
    rings = (approximate_polygon(c, 0.7) for c in find_contours(padded, 0.5))
    return [[float(v) for y, x in ring for v in (x - 0.5, y - 0.5)] for ring in rings]
