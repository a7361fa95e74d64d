"""The label hierarchy of Open Images: a tree of JSON that is a graph by its names.

Each place is {"LabelName", "Subcategory": [places], "Part": [places]}; a label may stand at
several places and so have several parents, of either sort. Being a kind of something and being
a part of something stay apart: only the first is `parents`.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from excavate.errors import FaultList, SourceError
from excavate.model import Category

HEADER = ["LabelName", "DisplayName"]  # that of the seventh version; the earlier have none
MOST_BYTES = 64 * 2**20
MEND = "Give the files as Open Images publishes them"


@dataclass
class _Graph:
    kinds: dict[str, dict[str, None]] = field(default_factory=dict)  # label -> what it is a kind of
    parts: dict[str, dict[str, None]] = field(default_factory=dict)  # label -> what it is part of
    places: dict[str, None] = field(default_factory=dict)  # every label, as first met


def read_hierarchy(json_file: Path, descriptions: Path | None) -> list[Category]:
    """Every label of the hierarchy once, in the order in which the file first names it.

    `parents` are those it is a subcategory of, `extra["part_of"]` those it is a Part of (where
    there are any). `descriptions` gives the names, LABEL,NAME a line; without one, the root for
    instance, a label's name is its id. O(places). Raises SourceError with every fault of both.
    """
    faults = FaultList()
    graph = _Graph()
    _walk(_tree(json_file), graph, faults)
    _refuse_circles(graph, faults)
    faults.raise_if_any("faults in the hierarchy", str(json_file), MEND)
    names = read_descriptions(descriptions) if descriptions else {}
    return [_category(label, names, graph) for label in graph.places]


def read_descriptions(file: Path) -> dict[str, str]:
    """{label: name} of a class-descriptions CSV. Raises SourceError with every fault of it."""
    faults = FaultList()
    names: dict[str, str] = {}
    for number, row in enumerate(_rows(file), 1):
        if not row or (number == 1 and row == HEADER):
            continue
        if len(row) != 2:
            faults.add(f"line {number}", f"{len(row)} fields, not LABEL,NAME")
        elif names.setdefault(row[0], row[1]) != row[1]:
            faults.add(f"line {number}", f"{row[0]} has another name above")
    faults.raise_if_any("faults in the class descriptions", str(file), MEND)
    return names


def _rows(file: Path) -> list[list[str]]:
    return list(csv.reader(_text(file).splitlines()))


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise SourceError(f"more than {MOST_BYTES:,} bytes", str(file), MEND)
        return file.read_text("utf-8-sig")
    except OSError as error:
        raise SourceError(f"cannot be read ({error.strerror})", str(file), MEND) from error
    except UnicodeDecodeError as error:
        raise SourceError(f"not UTF-8 ({error.reason})", str(file), MEND) from error


def _tree(file: Path) -> Any:
    try:
        return json.loads(_text(file))
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise SourceError(f"not JSON at {place} ({error.msg})", str(file), MEND) from error
    except RecursionError as error:
        raise SourceError("nested too deep", str(file), MEND) from error


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


def _category(label: str, names: dict[str, str], graph: _Graph) -> Category:
    parts = list(graph.parts.get(label, ()))
    extra = {"part_of": parts} if parts else {}
    return Category(label, names.get(label, label), tuple(graph.kinds.get(label, ())), extra)
