"""Ranges: the structure of a Manifest (chapters, articles) as a taxonomy of its canvases."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from typing import Any

from excavate.model import Category, Label
from excavate.sources.iiif_annotations import Row, encode, row_of
from excavate.sources.iiif_pictures import Size
from excavate.sources.iiif_shapes import Moment, of_fragment, of_selector
from excavate.sources.iiif_words import Node, first_words, id_of, many, nodes, type_of

HELD = ("items", "ranges", "canvases", "members")


class Ranges:
    """Categories, and by canvas the labels (whole canvases) and regions (parts of them)."""

    def __init__(self, manifest: Node, sizes: dict[str, Size | None]) -> None:
        self._sizes = sizes
        self.labels: dict[str, list[Label]] = {}
        self.rows: dict[str, list[Row]] = {}
        self._found: dict[str, Node] = {}
        self._parents: dict[str, list[str]] = {}
        self.left_out: Counter[str] = Counter()
        for node in many(manifest.get("structures")):
            self._gather(node)
        for key, node in self._found.items():
            for member in _members(node):
                self._place(key, node, member)
        named = sum(1 for key in self._parents if key and key not in self._found)
        self.left_out["ranges that are only named"] += named

    @property
    def categories(self) -> list[Category]:
        """The ranges in the Manifest's order, each below those that hold it."""
        above: dict[str, list[str]] = {}
        for key in self._found:
            wanted = (p for p in dict.fromkeys(self._parents.get(key, ())) if p in self._found)
            above[key] = [p for p in wanted if not _leads(p, key, above)]
        return [
            Category(
                key,
                first_words(node.get("label")) or key,
                tuple(above[key]),
                {n: v for n, v in node.items() if n not in (*HELD, "id", "@id", "type", "@type")},
            )
            for key, node in self._found.items()
        ]

    def _gather(self, node: Any) -> None:
        """This range and those within it; one that is only named stays where it is described."""
        waiting = deque([node])
        while waiting:
            one = waiting.popleft()
            key = id_of(one) if isinstance(one, dict) else ""
            if not key:
                self.left_out["ranges without an id, and what they hold"] += 1
                continue
            if key in self._found and not any(name in one for name in HELD):
                continue
            self._found[key] = one
            for inner in _inner(one):
                self._parents.setdefault(id_of(inner), []).append(key)
                described = isinstance(inner, dict) and id_of(inner) not in self._found
                if described or not id_of(inner):
                    waiting.append(inner)

    def _place(self, key: str, node: Node, member: Any) -> None:
        source = member.get("source", member.get("full")) if isinstance(member, dict) else None
        named = id_of(member if source is None else source)
        canvas, _, fragment = named.partition("#")
        if canvas not in self._sizes:
            self.left_out["members of ranges that are no canvas here"] += 1
            return
        name = first_words(node.get("label")) or key
        size = self._sizes[canvas]
        selector = member.get("selector") if isinstance(member, dict) else None
        if not fragment and not selector:
            label = Label("range", name, key)
            if label not in self.labels.setdefault(canvas, []):
                self.labels[canvas].append(label)
            return
        try:
            shape = of_selector(selector, size) if selector else of_fragment(fragment, size)
        except Moment:
            self.left_out["members of ranges that are a moment of video or sound"] += 1
            return
        extra = encode({"range": key} | ({"selector": selector} if selector else {}))
        self.rows.setdefault(canvas, []).append(row_of(shape, name, key, extra))


def _leads(start: str, wanted: str, above: dict[str, list[str]]) -> bool:
    """Whether going up from `start` comes to `wanted`: a ring, which no taxonomy may hold."""
    waiting, seen = [start], set()
    while waiting:
        key = waiting.pop()
        if key == wanted:
            return True
        if key not in seen:
            seen.add(key)
            waiting += above.get(key, [])
    return False


def _inner(node: Node) -> Iterator[Any]:
    yield from many(node.get("ranges"))
    for name in ("items", "members"):
        yield from (one for one in nodes(node.get(name)) if type_of(one) == "Range")


def _members(node: Node) -> Iterator[Any]:
    yield from many(node.get("canvases"))
    for name in ("items", "members"):
        for one in many(node.get(name)):
            if not (isinstance(one, dict) and type_of(one) == "Range"):
                yield one
