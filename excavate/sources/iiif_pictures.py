"""What is painted on a canvas: which picture is the item's, what else lies there, and where.

The picture of a canvas is the first that covers it, or the only one there is. A Choice counts as
its first picture. Where an image service says so, a picture is asked for in a limited size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from excavate.sources.iiif_shapes import Box, Moment, Shape, of_fragment, of_selector
from excavate.sources.iiif_words import Node, first_words, id_of, many, nodes, type_of

Size = tuple[float, float]
HEARD = ("Video", "Sound", "Audio")
TEXTS = ("TextualBody", "ContentAsText", "Text")


@dataclass(frozen=True, slots=True)
class Painting:
    """A picture painted on a canvas: the whole of it, or the part `box`."""

    body: Node
    box: Box | None = None
    selector: Any = None  # where only a part of the picture, or the picture turned, is meant
    others: tuple[Node, ...] = ()  # the rest of a Choice

    @property
    def address(self) -> str:
        """Where the picture lies, as the manifest says."""
        return id_of(self.body)

    @property
    def size(self) -> Size | None:
        """Width and height as the manifest states them, in pixels."""
        return size_of(self.body)


@dataclass(slots=True)
class Paintings:
    """All that is painted on one canvas."""

    main: Painting | None = None
    pictures: list[Painting] = field(default_factory=list)  # beside the main one
    texts: list[tuple[str, Box | None, Node]] = field(default_factory=list)
    heard: int = 0  # videos and sounds
    unknown: int = 0  # bodies of other types

    @property
    def empty(self) -> bool:
        """Whether nothing at all is painted."""
        return not (self.main or self.pictures or self.texts or self.heard or self.unknown)


def size_of(node: Node) -> Size | None:
    """Width and height of a canvas or picture; None where they are not two positive numbers."""
    width, height = node.get("width"), node.get("height")
    fine = all(isinstance(n, (int, float)) and 0 < n < 2**31 for n in (width, height))
    return (float(width), float(height)) if fine else None  # type: ignore[arg-type]


def paintings_of(canvas: Node) -> Paintings:
    """What is painted on a canvas of Presentation 2 or 3."""
    found, whole = Paintings(), size_of(canvas)
    for annotation in _painted(canvas):
        box, moment = _placed(annotation.get("target", annotation.get("on")), whole)
        for body in nodes(annotation.get("body", annotation.get("resource"))):
            _add(found, body, None if moment else box)
    covering = [picture for picture in found.pictures if picture.box is None]
    alone = found.pictures if len(found.pictures) == 1 else []
    found.main = next(iter(covering or alone), None)
    found.pictures = [picture for picture in found.pictures if picture is not found.main]
    return found


def _painted(canvas: Node) -> Iterator[Node]:
    for page in nodes(canvas.get("items")):
        yield from nodes(page.get("items"))
    yield from nodes(canvas.get("images"))


def _placed(target: Any, whole: Size | None) -> tuple[Box | None, bool]:
    """The part of the canvas that is painted, None for all of it; whether only for a time."""
    shape = None
    try:
        if isinstance(target, str) and "#" in target:
            shape = of_fragment(target.partition("#")[2], whole)
        elif isinstance(target, dict) and target.get("selector"):
            shape = of_selector(target["selector"], whole)
    except Moment:
        return None, True
    box = shape.box if shape else None
    return (None if whole and box == (0.0, 0.0, *whole) else box), False


def _add(found: Paintings, body: Node, box: Box | None) -> None:
    kind = type_of(body)
    if kind == "Choice":
        options = [*nodes(body.get("default")), *nodes(body.get("items", body.get("item")))]
        inner = Paintings()
        for option in options:
            _add(inner, option, box)
        if inner.pictures:
            first, *rest = inner.pictures
            others = tuple(picture.body for picture in rest)
            found.pictures.append(Painting(first.body, box, first.selector, others))
        found.texts += inner.texts
        found.heard += bool(inner.heard)
    elif kind == "SpecificResource":
        source = body.get("source", body.get("full"))
        node = {"id": source, "type": "Image"} if isinstance(source, str) else source
        if isinstance(node, dict):
            _add_plain(found, node, box, body.get("selector"))
    else:
        _add_plain(found, body, box, None)


def _add_plain(found: Paintings, body: Node, box: Box | None, selector: Any) -> None:
    kind, form = type_of(body), str(body.get("format", ""))
    if kind == "Image" or form.startswith("image/"):
        found.pictures.append(Painting(body, box, selector))
    elif kind in HEARD or form.startswith(("video/", "audio/")):
        found.heard += 1
    elif kind in TEXTS:
        found.texts.append((str(body.get("value", body.get("chars", ""))), box, body))
    else:
        found.unknown += 1


def region_of(picture: Painting) -> tuple[Shape, str]:
    """Where a picture beside the main one lies on the canvas, and what it is called."""
    label = first_words(picture.body.get("label")) or picture.address
    return Shape("box", picture.box), label


def sized_address(picture: Painting, longest: int) -> str:
    """Where to get a picture with no side much longer than `longest` pixels.

    From its image service as that one's version and level allow; else the picture's own address.
    """
    for service in nodes(picture.body.get("service")):
        version, level = _version(service), _level(service)
        if version and id_of(service):
            part = _asked(service, version, level, picture.size, longest)
            if part:
                region, turned = _cut(picture.selector)
                quality = "native" if version == 1 else "default"
                base = id_of(service).rstrip("/")
                return f"{base}/{region}/{part}/{turned}/{quality}.jpg"
    return picture.address


def _version(service: Node) -> int:
    """Of the image API: 1, 2 or 3; 0 where the service is none of it."""
    said = " ".join(str(service.get(name, "")) for name in ("type", "@type", "@context", "profile"))
    for version, marks in (
        (3, ("ImageService3", "image/3/")),
        (2, ("ImageService2", "image/2/")),
        (1, ("ImageService1", "image-api/1", "image/1/", "image-api/compliance")),
    ):
        if any(mark in said for mark in marks):
            return version
    return 0


def _level(service: Node) -> int:
    profile = next(iter(many(service.get("profile"))), "")
    said = str(profile)
    return next((level for level in (2, 1, 0) if f"level{level}" in said), 0)


def _asked(service: Node, version: int, level: int, size: Size | None, longest: int) -> str | None:
    """The size part of an address; None where the service offers none that will do."""
    if size and max(size) <= longest:
        return "max" if version == 3 else "full"
    if level == 2:
        return f"!{longest},{longest}"
    if level == 1:
        tall = bool(size and size[1] > size[0])
        return f",{longest}" if tall else f"{longest},"
    offered = [one for one in map(size_of, nodes(service.get("sizes"))) if one]
    if not offered:
        return None
    fitting = [one for one in offered if max(one) <= longest]
    width, height = max(fitting) if fitting else min(offered)
    return f"{width:.0f},{height:.0f}" if version == 3 else f"{width:.0f},"


def _cut(selector: Any) -> tuple[str, str]:
    """(region, rotation) of an image API selector."""
    for one in nodes(selector):
        if type_of(one) == "ImageApiSelector":
            return str(one.get("region") or "full"), str(one.get("rotation") or "0")
    return "full", "0"


def is_whole(picture: Painting) -> bool:
    """Whether the file at the picture's own address is the picture that is meant, uncut."""
    return not picture.selector
