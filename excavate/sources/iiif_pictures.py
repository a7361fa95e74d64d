"""What is painted on a canvas: which picture is the item's, what else lies there, and where.

The picture of a canvas is the first that covers it, or the only one there is. A Choice counts as
its first picture. Where an image service says so, a picture is asked for in a limited size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from excavate.sources.folder_listing import PICTURES
from excavate.sources.iiif_shapes import Box, Moment, Shape, of_fragment, of_selector
from excavate.sources.iiif_words import Node, first_words, id_of, many, nodes, type_of

Size = tuple[float, float]
HEARD = ("Video", "Sound", "Audio")
TEXTS = ("TextualBody", "ContentAsText", "Text")
PAINTING = ("painting", "sc:painting")
SHOWN = tuple(PICTURES)


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
    named: int = 0  # pages and annotations that are only named, and lie elsewhere

    @property
    def unread(self) -> int:
        """How much is painted of which nothing else is known."""
        return self.unknown + self.named

    @property
    def empty(self) -> bool:
        """Whether nothing at all is painted."""
        return not (self.main or self.pictures or self.texts or self.heard or self.unread)


def size_of(node: Node) -> Size | None:
    """Width and height of a canvas or picture; None where they are not two positive numbers."""
    width, height = node.get("width"), node.get("height")
    return (float(width), float(height)) if _is_side(width) and _is_side(height) else None


def _is_side(said: Any) -> TypeGuard[float]:
    return isinstance(said, (int, float)) and not isinstance(said, bool) and 0 < said < 2**31


def paintings_of(canvas: Node) -> Paintings:
    """What is painted on a canvas of Presentation 2 or 3."""
    found, whole = Paintings(), size_of(canvas)
    for annotation in _painted(canvas):
        if not isinstance(annotation, dict):
            found.named += 1
        elif is_painting(annotation):
            box, moment = _placed(annotation.get("target", annotation.get("on")), whole)
            for body in many(annotation.get("body", annotation.get("resource"))) or [None]:
                _add(found, body, None if moment else box)
    covering = [picture for picture in found.pictures if picture.box is None]
    alone = found.pictures if len(found.pictures) == 1 else []
    found.main = next(iter(covering or alone), None)
    found.pictures = [picture for picture in found.pictures if picture is not found.main]
    return found


def _painted(canvas: Node) -> Iterator[Any]:
    """The annotations of a canvas' items; a page that is only named as its name."""
    for page in many(canvas.get("items")):
        held = page.get("items") if isinstance(page, dict) else None
        yield from [id_of(page)] if held is None else many(held)
    yield from many(canvas.get("images"))


def is_painting(annotation: Node) -> bool:
    """Whether an annotation paints its body; among a canvas' items that need not be said."""
    said = many(annotation.get("motivation"))
    return not said or any(one in PAINTING for one in said)


def not_painting(canvas: Node) -> Iterator[Node]:
    """Annotations among a canvas' items that say something, instead of painting it."""
    for annotation in _painted(canvas):
        if isinstance(annotation, dict) and not is_painting(annotation):
            yield annotation


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


def _add(found: Paintings, body: Any, box: Box | None) -> None:
    """Take in a body, which may be no more than its address."""
    kind = type_of(body)
    if not isinstance(body, dict):
        shows = isinstance(body, str) and body.partition("?")[0].partition("#")[0].lower().endswith(
            SHOWN
        )
        _add_plain(found, {"id": body, "type": "Image" if shows else ""}, box, None)
    elif kind == "Choice":
        options = [*many(body.get("default")), *many(body.get("items", body.get("item")))]
        inner = Paintings()
        for option in options:
            _add(inner, option, box)
        if inner.pictures:
            first, *rest = inner.pictures
            others = tuple(picture.body for picture in rest)
            found.pictures.append(Painting(first.body, box, first.selector, others))
        found.texts += inner.texts
        found.heard += bool(inner.heard)
        found.unknown += inner.unknown if options else 1
    elif kind == "SpecificResource":
        for source in many(body.get("source", body.get("full"))) or [None]:
            node = {"id": source, "type": "Image"} if isinstance(source, str) else source
            _add_plain(found, node if isinstance(node, dict) else {}, box, body.get("selector"))
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
