"""A Manifest as canvases: what is painted, said and named of each, ready to become items."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from excavate.errors import FaultList
from excavate.model import Attribute, Category, Label
from excavate.sources.iiif_annotations import Annotations, Row, encode, row_of
from excavate.sources.iiif_documents import Document
from excavate.sources.iiif_pictures import (
    Paintings,
    Size,
    not_painting,
    paintings_of,
    region_of,
    size_of,
)
from excavate.sources.iiif_ranges import Ranges
from excavate.sources.iiif_shapes import UNKNOWN, Shape
from excavate.sources.iiif_words import (
    Node,
    facts,
    first_words,
    id_of,
    many,
    nodes,
    type_of,
)
from excavate.sources.rights import RIGHTS

READ = frozenset(
    ("@context", "id", "@id", "type", "@type", "items", "annotations", "structures",
     "sequences", "images", "otherContent", "canvases", "manifests", "collections", "members",
     "width", "height")
)  # fmt: skip


@dataclass(slots=True)
class Canvas:
    """One canvas. Regions are in the canvas' own units."""

    canvas_id: str
    node: Node
    document: Document
    size: Size | None
    paintings: Paintings
    rows: list[Row] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    attributes: list[Attribute] = field(default_factory=list)
    licence: str | None = None
    creator: str | None = None

    @property
    def is_visual(self) -> bool:
        """Whether it holds a picture or text, or is left empty; not video or sound alone."""
        held = self.paintings
        if held.main or held.pictures or held.texts or held.unread:
            return True
        return not held.heard and (self.size is not None or "duration" not in self.node)


@dataclass(slots=True)
class Manifest:
    """One Manifest, read."""

    document: Document
    canvases: list[Canvas]
    categories: list[Category]
    pages: list[str]  # ids of pages of annotations that lie elsewhere
    annotations: Annotations
    left_out: Counter[str]


def read_manifest(document: Document, above: list[Attribute], faults: FaultList) -> Manifest:
    """Read a Manifest; `above`: what its Collection says. Faults name the document."""
    node, name = document.node, document.name
    left_out: Counter[str] = Counter()
    canvases = [
        Canvas(id_of(one), one, document, size_of(one), paintings_of(one))
        for one in _canvases(node, name, faults, left_out)
    ]
    sizes = {canvas.canvas_id: canvas.size for canvas in canvases}
    annotations = Annotations(sizes)
    pages = [*_pages(annotations, node, left_out)]
    for canvas in canvases:
        pages += _pages(annotations, canvas.node, left_out)
        annotations.add(not_painting(canvas.node))
    ranges = Ranges(node, sizes)
    left_out += ranges.left_out
    said = [*above, *facts(node, "manifest.", READ, name)]
    found = Manifest(document, canvases, ranges.categories, pages, annotations, left_out)
    for canvas in canvases:
        canvas.attributes += [*facts(canvas.node, "", READ, name), *said]
        _rights(canvas, node)
        canvas.rows += ranges.rows.get(canvas.canvas_id, [])
        canvas.labels += ranges.labels.get(canvas.canvas_id, [])
    return found


def finish(manifest: Manifest) -> None:
    """Hand the annotations to their canvases, once all pages are read."""
    for canvas in manifest.canvases:
        canvas.rows += [
            *_painted_rows(canvas),
            *manifest.annotations.rows.get(canvas.canvas_id, ()),
        ]
        canvas.labels += manifest.annotations.labels.get(canvas.canvas_id, ())


def _lists(
    node: Node, name: str, faults: FaultList, left_out: Counter[str]
) -> Iterator[tuple[str, list[Any]]]:
    """(place, canvases) of a Manifest; one of version 2 has them in sequences."""
    lists = []
    for number, one in enumerate(many(node.get("sequences"))):
        if isinstance(one, dict) and "canvases" in one:
            lists.append((f"sequences[{number}].canvases", one["canvases"]))
        else:
            left_out["sequences that are only named"] += 1
    lists.append(("items", node.get("items")))
    for place, found in lists:
        if isinstance(found, list):
            yield place, found
        elif found is not None:
            faults.add(f"{name}: {place}", "not a list")


def _canvases(node: Node, name: str, faults: FaultList, left_out: Counter[str]) -> Iterator[Node]:
    """The canvases in order, each once."""
    seen: dict[str, Node] = {}
    for place, found in _lists(node, name, faults, left_out):
        for number, canvas in enumerate(found):
            where = f"{name}: {place}[{number}]"
            if not isinstance(canvas, dict):
                faults.add(where, "not an object")
            elif not id_of(canvas):
                faults.add(where, "a canvas without an id")
            elif type_of(canvas) not in ("Canvas", ""):
                faults.add(where, f"{type_of(canvas)} where a canvas is expected")
            elif id_of(canvas) not in seen:
                seen[id_of(canvas)] = canvas
                yield canvas
            elif canvas != seen[id_of(canvas)]:
                left_out["canvases whose id an earlier one has"] += 1


def _pages(annotations: Annotations, node: Node, left_out: Counter[str]) -> Iterator[str]:
    """Read the pages of annotations that lie in a resource; give the ids of those that do not."""
    for page in (*many(node.get("annotations")), *many(node.get("otherContent"))):
        held = page.get("items", page.get("resources")) if isinstance(page, dict) else None
        if held is None and not id_of(page):
            left_out["pages of annotations without an id or items"] += 1
        elif held is None:
            yield id_of(page)
        else:
            annotations.add(many(held))


def _painted_rows(canvas: Canvas) -> Iterator[Row]:
    for picture in canvas.paintings.pictures:
        shape, label = region_of(picture)
        extra = encode({"painting": picture.body})
        yield row_of(shape if shape.box else _whole(canvas.size), label, None, extra)
    for text, box, body in canvas.paintings.texts:
        extra = encode({"painting": {n: v for n, v in body.items() if n not in ("value", "chars")}})
        yield row_of(Shape("box", box) if box else _whole(canvas.size), text, None, extra)


def _whole(size: Size | None) -> Shape:
    return Shape("box", (0.0, 0.0, *size)) if size else UNKNOWN


def _rights(canvas: Canvas, manifest: Node) -> None:
    for node in (canvas.node, manifest):
        for name in ("rights", "license"):
            said = node.get(name)
            if canvas.licence is None and said:
                canvas.licence = ", ".join(map(str, many(said)))
        for pair in nodes(node.get("metadata")):
            if canvas.creator is None and first_words(pair.get("label")).lower() in CREATORS:
                canvas.creator = first_words(pair.get("value")) or None


CREATORS = RIGHTS["creator"]
