"""The label hierarchy of Open Images: a tree of JSON that is a graph by its names.

Each place is {"LabelName", "Subcategory": [places], "Part": [places]}; a label may stand at
several places and so have several parents, of either sort. Being a kind of something and being
a part of something stay apart: only the first is `parents`.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from excavate.errors import FaultList, SourceError
from excavate.model import Category
from excavate.sources.json_text import document

HEADER = ["LabelName", "DisplayName"]  # that of the seventh version; the earlier have none
MOST_BYTES = 64 * 2**20
MEND = "Give the files as Open Images publishes them"


@dataclass
class _Graph:
    kinds: dict[str, dict[str, None]] = field(default_factory=dict)  # label -> what it is a kind of
    parts: dict[str, dict[str, None]] = field(default_factory=dict)  # label -> what it is part of
    places: dict[str, None] = field(default_factory=dict)  # every label, as first met


class Hierarchies:
    """What one or several files say, as one graph: a label's parents are those of all."""

    def __init__(self) -> None:
        self._graph = _Graph()

    def add(self, file: Path) -> None:
        """Take in a file. O(places). Raises SourceError with every fault of it."""
        faults = FaultList()
        tree = document(_content(file), str(file), MEND)
        _walk(tree, self._graph, faults)
        _refuse_circles(self._graph, faults)
        faults.raise_if_any("faults in the hierarchy", str(file), MEND)

    def categories(self, names: Mapping[str, str]) -> list[Category]:
        """Every label once, in the order in which the files first name it.

        `parents` are those it is a subcategory of, `extra["part_of"]` those it is a Part of
        (where there are any). A label without a name, the root for instance, has its id.
        """
        return [_category(label, names, self._graph) for label in self._graph.places]


def read_hierarchy(json_file: Path, descriptions: Path | None) -> list[Category]:
    """The labels of one file; `descriptions` gives the names, LABEL,NAME a line.

    Raises SourceError with every fault of the one or the other.
    """
    hierarchies = Hierarchies()
    hierarchies.add(json_file)
    return hierarchies.categories(read_descriptions(descriptions) if descriptions else {})


def read_descriptions(file: Path) -> dict[str, str]:
    """{label: name} of a class-descriptions CSV. Raises SourceError with every fault of it."""
    faults = FaultList()
    names: dict[str, str] = {}
    for number, row in _rows(file, faults):
        if not row or (number == 1 and row == HEADER):
            continue
        if len(row) != 2:
            faults.add(f"line {number}", f"{len(row)} fields, not LABEL,NAME")
        elif names.setdefault(row[0], row[1]) != row[1]:
            faults.add(f"line {number}", f"{row[0]} has another name above")
    faults.raise_if_any("faults in the class descriptions", str(file), MEND)
    return names


def _rows(file: Path, faults: FaultList) -> Iterator[tuple[int, list[str]]]:
    try:
        text = _content(file).decode()
    except UnicodeDecodeError as error:
        raise SourceError(f"not UTF-8 ({error.reason})", str(file), MEND) from error
    rows = csv.reader(io.StringIO(text, newline=""))
    try:
        for row in rows:
            yield rows.line_num, row
    except csv.Error as error:  # a field that is far too long, for instance
        faults.add(f"line {rows.line_num}", str(error))


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise SourceError(f"more than {MOST_BYTES:,} bytes", str(file), MEND)
        return file.read_bytes().removeprefix(codecs.BOM_UTF8)
    except OSError as error:
        raise SourceError(f"cannot be read ({error.strerror})", str(file), MEND) from error


def _walk(tree: Any, graph: _Graph, faults: FaultList) -> None:
    """Depth first, as the file is read: each place once."""
    waiting: list[tuple[str, Any]] = [("the root", tree)]
    while waiting:
        place, node = waiting.pop()
        label = node.get("LabelName") if isinstance(node, dict) else None
        if not isinstance(label, str):
            faults.add(place, "no LabelName that is text")
            continue
        graph.places[label] = None
        below = [_below(node, label, sort, place, faults) for sort in ("Subcategory", "Part")]
        for above, children in zip((graph.kinds, graph.parts), below, strict=True):
            for _, child in children:
                if isinstance(child, dict) and isinstance(child.get("LabelName"), str):
                    above.setdefault(child["LabelName"], {})[label] = None
        waiting += reversed(below[0] + below[1])


def _below(
    node: dict[str, Any], label: str, sort: str, place: str, faults: FaultList
) -> list[tuple[str, Any]]:
    children = node.get(sort, [])
    if not isinstance(children, list):
        faults.add(f"{place}: {label}", f"{sort} is not a list")
        return []
    return [(f"{label} {sort}[{n}]", child) for n, child in enumerate(children)]


def _refuse_circles(graph: _Graph, faults: FaultList) -> None:
    """Take away what has no parents left, again and again: what stays goes round."""
    above = {label: set(graph.kinds.get(label, ())) for label in graph.places}
    below: dict[str, list[str]] = {}
    for label, parents in above.items():
        for parent in parents:
            below.setdefault(parent, []).append(label)
    free = [label for label, parents in above.items() if not parents]
    while free:
        done = free.pop()
        del above[done]
        for child in below.get(done, ()):
            above[child].discard(done)
            if not above[child]:
                free.append(child)
    for label in above:
        faults.add(
            label, "is a subcategory of itself, by way of others, or hangs below one that is"
        )


def _category(label: str, names: Mapping[str, str], graph: _Graph) -> Category:
    parts = list(graph.parts.get(label, ()))
    extra = {"part_of": parts} if parts else {}
    return Category(label, names.get(label, label), tuple(graph.kinds.get(label, ())), extra)
