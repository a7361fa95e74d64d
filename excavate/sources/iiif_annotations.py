"""Annotations as regions: what is said of a canvas or a part of it, rows ready for a table.

A region's value is the annotation's first text; `extra` keeps the rest of it verbatim: id,
motivation, creator, the body without that text, the target where it is more than a box.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from json import JSONEncoder
from json.encoder import encode_basestring
from math import isfinite
from typing import Any

from excavate.model import Label, as_json
from excavate.sources.iiif_pictures import PAINTING, Size
from excavate.sources.iiif_shapes import UNKNOWN, Moment, Shape, of_fragment, of_selector
from excavate.sources.iiif_words import Node, id_of, many, type_of

# kind, x, y, width, height, geometry, value, category_id, extra (JSON): of one region, in the
# canvas' units
Side = float | None
Row = tuple[str, Side, Side, Side, Side, Any, str | None, str | None, str]
TAGGING = ("tagging", "oa:tagging", "classifying", "oa:classifying")
encode = JSONEncoder(ensure_ascii=False, allow_nan=False).encode
NO_BOX = (None, None, None, None)


def row_of(shape: Shape, value: str | None, category: str | None, extra: str) -> Row:
    """The row of a shape."""
    return (shape.kind, *(shape.box or NO_BOX), shape.geometry, value, category, extra)


class Annotations:
    """Collects regions and labels by canvas. `sizes`: of every canvas of the manifest."""

    def __init__(self, sizes: dict[str, Size | None]) -> None:
        self._sizes = sizes
        self.rows: dict[str, list[Row]] = defaultdict(list)
        self.labels: dict[str, list[Label]] = {}
        self.left_out: Counter[str] = Counter()
        self._rests: dict[tuple[Any, ...], str] = {}

    def add(self, annotations: Iterable[Any]) -> None:
        """Read the annotations of one page."""
        for annotation in annotations:
            if not isinstance(annotation, dict):
                self.left_out["that are no objects"] += 1
                continue
            why = annotation.get("motivation")
            if why in PAINTING or (type(why) is list and any(one in PAINTING for one in why)):
                self.left_out["that paint, beside what their canvas is painted with"] += 1
                continue
            if self._quick(annotation):
                continue
            on = annotation.get("target", annotation.get("on"))
            for target in on if type(on) is list else (on,):
                self._read(annotation, target)

    def _quick(self, annotation: Node) -> bool:
        """Read what most annotations are: a text on a box. The same as _read, in a third of its
        time; False where it is something else. Takes the text out of the body.
        """
        try:
            body, target, key = annotation["body"], annotation["target"], annotation["id"]
            motivation, value = annotation["motivation"], body["value"]
            canvas, numbers = target.split("#xywh=")
            x, y, width, height = map(float, numbers.split(","))
        except (KeyError, TypeError, ValueError, AttributeError):
            return False
        if len(annotation) != 5 or "type" not in annotation or canvas not in self._sizes:
            return False
        if type(value) is not str or type(key) is not str or type(body) is not dict:
            return False
        if not isfinite(x + y + width + height):
            return False
        del body["value"]
        said = (motivation, *body, *body.values())
        try:
            rest = self._rests[said]
        except (KeyError, TypeError):  # new, or something nested in it
            rest = self._rest(said, annotation)
        extra = '{"id": ' + encode_basestring(key) + rest
        self.rows[canvas].append(("box", x, y, width, height, None, value, None, extra))
        return True

    def _rest(self, said: tuple[Any, ...], annotation: Node) -> str:
        """The JSON of motivation and body, in which few annotations differ."""
        kept = {"motivation": annotation["motivation"], "body": annotation["body"]}
        found = f", {as_json(kept)[1:]}"
        if all(type(one) is str for one in said):  # True is 1 to a dict, and not in JSON
            self._rests[said] = found
        return found

    def _read(self, annotation: Node, target: Any) -> None:
        plain = type(target) is str
        if plain:
            canvas, mark, fragment = target.partition("#")
        else:
            canvas, mark, fragment = self._source(target)
        if canvas not in self._sizes:
            self.left_out["of something that is no canvas here"] += 1
            return
        size = self._sizes[canvas]
        try:
            if mark:
                shape = of_fragment(fragment, size)
            elif not plain and target.get("selector"):
                shape = of_selector(target["selector"], size)
            else:
                shape = Shape("box", (0.0, 0.0, *size)) if size else UNKNOWN
                self._tag(canvas, annotation)
        except Moment:
            self.left_out["of a moment of video or sound"] += 1
            return
        simple = plain and mark and shape.box is not None
        value, extra = _said(annotation, None if simple else target)
        self.rows[canvas].append(row_of(shape, value, None, extra))

    def _source(self, target: Any) -> tuple[str, str, str]:
        """(canvas, "#" where a fragment follows, fragment) of a target that is an object."""
        if not isinstance(target, dict):
            return "", "", ""
        source = many(target.get("source", target.get("full")))
        named = id_of(source[0] if len(source) == 1 else None if source else target)
        canvas, mark, fragment = named.partition("#")
        return canvas, "" if target.get("selector") else mark, fragment

    def _tag(self, canvas: str, annotation: Node) -> None:
        """Each tag of a whole canvas is a label of the item, too."""
        if not any(one in TAGGING for one in many(annotation.get("motivation"))):
            return
        bodies = many(annotation.get("body", annotation.get("resource")))
        for body in bodies or [None]:
            purpose = many(body.get("purpose")) if isinstance(body, dict) else []
            value = _text(body, annotation)
            if value is not None and all(one in TAGGING for one in purpose):
                self.labels.setdefault(canvas, []).append(Label("tag", value))


def _said(annotation: Node, target: Any) -> tuple[str | None, str]:
    """(first text, everything else as JSON) of an annotation."""
    body = annotation.get("body", annotation.get("resource"))
    extra = {name: said for name, said in annotation.items() if name not in SEPARATE}
    if type(body) is dict and type(value := body.get("value")) is str:
        extra["body"] = {name: said for name, said in body.items() if name != "value"}
    else:
        value = _text(body, annotation)
        if body is not None:
            extra["body"] = body
    if target is not None:
        extra["target"] = target
    try:
        return value, encode(extra)
    except ValueError:  # NaN or Infinity
        return value, as_json(extra)


SEPARATE = frozenset(("type", "@type", "body", "resource", "target", "on"))


def _text(body: Any, annotation: Node) -> str | None:
    """The first text of bodies, the first option of a choice; an IRI where that is all."""
    for one in many(body):
        if isinstance(one, str):
            return one
        if not isinstance(one, dict):
            continue
        for name in ("value", "chars", "cnt:chars"):
            if isinstance(one.get(name), str):
                return str(one[name])
        if type_of(one) == "Choice":
            inner = [*many(one.get("default")), *many(one.get("items", one.get("item")))]
            if (found := _text(inner, {})) is not None:
                return found
    said = annotation.get("bodyValue")
    return said if isinstance(said, str) else None
