"""A strict checker of IIIF Presentation 3.0 Manifests, written from the specification's own rules.

https://iiif.io/api/presentation/3.0/: sections 3 (properties), 4 (JSON-LD), 5 (resources). It
knows nothing of what we write. `faults(node)` lists everything wrong, each with its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

CONTEXT = "http://iiif.io/api/presentation/3/context.json"
LANGUAGE = re.compile(r"none|[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
RIGHTS = re.compile(
    r"http://creativecommons\.org/(licenses/[a-z-]+/\d\.\d/([a-z]{2}/)?"
    r"|publicdomain/(mark|zero)/1\.0/)(deed\.[a-z-]+)?"
    r"|http://rightsstatements\.org/vocab/[A-Za-z-]+/1\.0/"
)
NAV_DATE = re.compile(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
DIRECTIONS = {"left-to-right", "right-to-left", "top-to-bottom", "bottom-to-top"}
BEHAVIORS = {
    "auto-advance", "no-auto-advance", "repeat", "no-repeat", "unordered", "individuals",
    "continuous", "paged", "facing-pages", "non-paged", "multi-part", "together", "sequence",
    "thumbnail-nav", "no-nav", "hidden",
}  # fmt: skip
EITHER = (
    {"auto-advance", "no-auto-advance"}, {"repeat", "no-repeat"},
    {"unordered", "individuals", "continuous", "paged"}, {"facing-pages", "non-paged"},
    {"sequence", "thumbnail-nav", "no-nav"},
)  # fmt: skip
EVERYWHERE = {
    "@context", "id", "type", "label", "metadata", "summary", "requiredStatement", "rights",
    "provider", "thumbnail", "behavior", "homepage", "rendering", "seeAlso", "service", "partOf",
}  # fmt: skip
OWN = {
    "Manifest": {"items", "structures", "annotations", "services", "viewingDirection", "navDate",
                 "start", "placeholderCanvas", "accompanyingCanvas"},
    "Canvas": {"items", "annotations", "height", "width", "duration", "navDate",
               "placeholderCanvas", "accompanyingCanvas"},
    "Range": {"items", "annotations", "viewingDirection", "navDate", "start", "supplementary",
              "placeholderCanvas", "accompanyingCanvas"},
    "AnnotationPage": {"items", "next", "prev", "startIndex"},
}  # fmt: skip
HELD = {
    "Manifest": {"Canvas"}, "Canvas": {"AnnotationPage"}, "AnnotationPage": {"Annotation"},
    "Range": {"Range", "Canvas", "SpecificResource"},
}  # fmt: skip
NEEDED_ONE = {"Manifest", "AnnotationPage", "Range"}  # at least one item
LINKS = {
    "thumbnail": ("id", "type"), "homepage": ("id", "type", "label"), "seeAlso": ("id", "type"),
    "rendering": ("id", "type", "label"), "partOf": ("id", "type"),
    "provider": ("id", "type", "label"),
}  # fmt: skip


def faults(manifest: Any) -> list[str]:
    """Everything that the specification does not allow in a Manifest, with its place."""
    check = _Check(manifest)
    return list(check.document(manifest))


class _Check:
    def __init__(self, manifest: Any) -> None:
        held = manifest.get("@context") if isinstance(manifest, dict) else None
        self.extended = isinstance(held, list) and len(held) > 1
        self.seen: dict[str, str] = {}
        self.canvases: set[str] = set()

    def document(self, node: Any) -> Iterator[str]:
        if not isinstance(node, dict) or node.get("type") != "Manifest":
            yield "not a Manifest"
            return
        held = node.get("@context")
        if held != CONTEXT and not (isinstance(held, list) and held and held[-1] == CONTEXT):
            yield "@context: that of Presentation 3 has to be the last"
        self.canvases = {one.get("id") for one in _dicts(node.get("items"))}
        yield from self.resource(node, "Manifest", "manifest", top=True)
        yield from self._ranges(node)

    def resource(self, node: Any, kind: str, at: str, *, top: bool = False) -> Iterator[str]:
        if not isinstance(node, dict):
            yield f"{at}: not an object"
            return
        if node.get("type") != kind:
            yield f"{at}: type {node.get('type')!r} where {kind} belongs"
        if "@context" in node and not top:
            yield f"{at}: @context stands at the top only"
        yield from self._id(node, kind, at)
        yield from self._known(node, kind, at)
        yield from descriptive(node, kind, at)
        yield from technical(node, kind, at)
        yield from self._links(node, at)
        yield from self._items(node, kind, at)
        yield from self._annotations(node, at)
        for name in ("placeholderCanvas", "accompanyingCanvas"):
            if name in node:
                yield from self.resource(node[name], "Canvas", f"{at}.{name}")
                if {"placeholderCanvas", "accompanyingCanvas"} & set(node[name]):
                    yield f"{at}.{name}: holds another one of its kind"

    def _id(self, node: Any, kind: str, at: str) -> Iterator[str]:
        held = node.get("id")
        if not is_address(held):
            yield f"{at}: no http(s) id ({held!r})"
        elif held in self.seen:
            yield f"{at}: {held} is the id of {self.seen[held]} too"
        else:
            self.seen[held] = at
            if kind == "Canvas" and "#" in held:
                yield f"{at}: a canvas' id with a fragment"

    def _known(self, node: Any, kind: str, at: str) -> Iterator[str]:
        if not self.extended:
            more = set(node) - EVERYWHERE - OWN[kind]
            yield from (f"{at}: no property {name!r} of a {kind}" for name in sorted(more))

    def _links(self, node: Any, at: str) -> Iterator[str]:
        for name, needed in LINKS.items():
            if name not in node:
                continue
            if not isinstance(node[name], list) or not node[name]:
                yield f"{at}.{name}: not a list with something in it"
            for number, one in enumerate(_dicts(node[name])):
                there = f"{at}.{name}[{number}]"
                yield from (f"{there}: no {key}" for key in needed if key not in one)
                yield from descriptive(one, "", there)
                if name == "provider" and one.get("type") != "Agent":
                    yield f"{there}: a provider is an Agent"
        if "start" in node and node["start"].get("type") not in ("Canvas", "SpecificResource"):
            yield f"{at}.start: neither a Canvas nor a part of one"

    def _items(self, node: Any, kind: str, at: str) -> Iterator[str]:
        held = node.get("items")
        if held is None:
            if kind in ("Manifest", "Range"):
                yield f"{at}: no items"
            return
        if not isinstance(held, list) or (kind in NEEDED_ONE and not held):
            yield f"{at}.items: not a list with something in it"
            return
        for number, one in enumerate(held):
            yield from self._item(one, kind, f"{at}.items[{number}]")
        if kind == "Canvas":
            yield from self._painted(node, at)

    def _item(self, one: Any, kind: str, at: str) -> Iterator[str]:
        inner = one.get("type") if isinstance(one, dict) else None
        if inner not in HELD[kind]:
            yield f"{at}: {inner!r} in a {kind}"
        elif kind == "Manifest" or inner == "AnnotationPage":
            yield from self.resource(one, inner, at)
        elif inner == "Annotation":
            yield from self.annotation(one, at)

    def _painted(self, canvas: Any, at: str) -> Iterator[str]:
        for page in _dicts(canvas.get("items")):
            for one in _dicts(page.get("items")):
                if one.get("motivation") not in ("painting", ["painting"]):
                    yield f"{at}: {one.get('motivation')!r} among what is painted"
                for target in targets(one):
                    if target.partition("#")[0] != canvas.get("id"):
                        yield f"{at}: what is painted on it is of {target}"

    def _annotations(self, node: Any, at: str) -> Iterator[str]:
        held = node.get("annotations", [])
        if not isinstance(held, list):
            yield f"{at}.annotations: not a list"
            return
        for number, page in enumerate(held):
            there = f"{at}.annotations[{number}]"
            if isinstance(page, dict) and set(page) <= {"id", "type", "label"}:  # lies elsewhere
                if page.get("type") != "AnnotationPage" or not is_address(page.get("id")):
                    yield f"{there}: no page of annotations"
                continue
            yield from self.resource(page, "AnnotationPage", there)
            for one in _dicts(_dict(page).get("items")):
                if "painting" in _many(one.get("motivation")):
                    yield f"{there}: paints, and stands in annotations"

    def annotation(self, node: Any, at: str) -> Iterator[str]:
        yield from self._id(node, "Annotation", at)
        if "@context" in node:
            yield f"{at}: @context stands at the top only"
        if not targets(node):
            yield f"{at}: no target"
        if not _many(node.get("motivation")):
            yield f"{at}: no motivation"
        for number, body in enumerate(_many(node.get("body"))):
            yield from _body_faults(body, f"{at}.body[{number}]")

    def _ranges(self, manifest: Any) -> Iterator[str]:
        waiting = [
            (one, f"structures[{n}]") for n, one in enumerate(_many(manifest.get("structures")))
        ]
        while waiting:
            one, at = waiting.pop()
            yield from self.resource(one, "Range", at)
            for number, inner in enumerate(_dicts(_dict(one).get("items"))):
                there = f"{at}.items[{number}]"
                if inner.get("type") == "Range" and "items" in inner:
                    waiting.append((inner, there))
                source = inner.get("source", inner) if inner.get("type") != "Range" else None
                named = source.get("id") if isinstance(source, dict) else source
                if named is not None and str(named).partition("#")[0] not in self.canvases:
                    yield f"{there}: {named} is no canvas of this Manifest"


def descriptive(node: Any, kind: str, at: str) -> Iterator[str]:
    """Faults of label, summary, metadata, requiredStatement, rights, navDate."""
    if kind == "Manifest" and "label" not in node:
        yield f"{at}: no label"
    for name in ("label", "summary"):
        if name in node:
            yield from language_faults(node[name], f"{at}.{name}")
    yield from pair_faults(node, at)
    if "rights" in node and not RIGHTS.fullmatch(str(node["rights"])):
        yield f"{at}.rights: {node['rights']!r}: neither Creative Commons nor RightsStatements.org"
    if "navDate" in node and not NAV_DATE.fullmatch(str(node["navDate"])):
        yield f"{at}.navDate: {node['navDate']!r}"


def pair_faults(node: Any, at: str) -> Iterator[str]:
    """Faults of metadata and requiredStatement: each a label and a value."""
    pairs: list[tuple[Any, Any]] = list(enumerate(_many(node.get("metadata"))))
    if "requiredStatement" in node:
        pairs.append(("requiredStatement", node["requiredStatement"]))
    for number, pair in pairs:
        for name in ("label", "value"):
            if not isinstance(pair, dict) or name not in pair:
                yield f"{at}.{number}: no {name}"
            else:
                yield from language_faults(pair[name], f"{at}.{number}.{name}")
    if "metadata" in node and not isinstance(node["metadata"], list):
        yield f"{at}.metadata: not a list"


def technical(node: Any, kind: str, at: str) -> Iterator[str]:
    """Faults of sizes, then of behaviour."""
    for name in ("height", "width"):
        if name in node and (type(node[name]) is not int or node[name] <= 0):
            yield f"{at}.{name}: {node[name]!r} is no positive whole number"
    if ("height" in node) != ("width" in node):
        yield f"{at}: height and width belong together"
    if "duration" in node and (type(node["duration"]) not in (int, float) or node["duration"] <= 0):
        yield f"{at}.duration: {node['duration']!r}"
    if kind == "Canvas" and not {"height", "duration"} & set(node):
        yield f"{at}: neither a size nor a duration"
    yield from behaviour_faults(node, at)


def behaviour_faults(node: Any, at: str) -> Iterator[str]:
    """Faults of behaviour and direction."""
    said = node.get("behavior", [])
    if not isinstance(said, list) or set(map(str, said)) - BEHAVIORS:
        yield f"{at}.behavior: {said!r}"
    elif any(len(ones & set(said)) > 1 for ones in EITHER):
        yield f"{at}.behavior: {said!r} exclude each other"
    if node.get("viewingDirection", "left-to-right") not in DIRECTIONS:
        yield f"{at}.viewingDirection: {node['viewingDirection']!r}"


def language_faults(held: Any, at: str) -> Iterator[str]:
    """Faults of a language map: {language: [text]}."""
    if not isinstance(held, dict) or not held:
        yield f"{at}: no language map"
        return
    for language, values in held.items():
        if not LANGUAGE.fullmatch(language):
            yield f"{at}: {language!r} is no language"
        if not isinstance(values, list) or not values or {type(one) for one in values} != {str}:
            yield f"{at}.{language}: no list of texts"


def targets(annotation: Any) -> list[str]:
    """The addresses that an annotation is of."""
    found = []
    for one in _many(annotation.get("target")):
        source = one.get("source", one.get("id")) if isinstance(one, dict) else one
        found += [source.get("id") if isinstance(source, dict) else source]
    return [one for one in found if isinstance(one, str)]


def _body_faults(body: Any, at: str) -> Iterator[str]:
    if not isinstance(body, dict) or not isinstance(body.get("type"), str):
        yield f"{at}: a body without a type"
    elif body["type"] == "TextualBody":
        if not isinstance(body.get("value"), str):
            yield f"{at}: no value"
    elif body["type"] == "Choice":
        for number, one in enumerate(_many(body.get("items"))):
            yield from _body_faults(one, f"{at}.items[{number}]")
    elif body["type"] in ("Image", "Video", "Sound", "Text", "Dataset"):
        if not is_address(body.get("id")):
            yield f"{at}: no http(s) id ({body.get('id')!r})"
        yield from technical(body, "", at)


def is_address(held: Any) -> bool:
    """Whether it is an http(s) address that a client could ask for."""
    if not isinstance(held, str) or re.search(r"[\s<>\"{}|\\^`]", held):
        return False
    parts = urlsplit(held)
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _many(held: Any) -> list[Any]:
    return [] if held is None else held if isinstance(held, list) else [held]


def _dicts(held: Any) -> list[dict[str, Any]]:
    return [one for one in _many(held) if isinstance(one, dict)]


def _dict(held: Any) -> dict[str, Any]:
    return held if isinstance(held, dict) else {}
