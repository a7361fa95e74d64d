"""The tree of Tate's subjects, as subject_tree.tsv lists it; rings, of which no tree has any."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from excavate.errors import FaultList
from excavate.sources.tate_lines import texts_of

COLUMNS = ["id", "name", "parent_id"]
NAMED = 10  # subjects of a ring


class Node(NamedTuple):
    """A subject."""

    name: str
    parents: list[str]


def tree_of(file: Path, faults: FaultList) -> dict[str, Node]:
    """The subjects by their ids; each line is id, name, parent's id."""
    nodes: dict[str, Node] = {}
    first = True
    for place, line in texts_of(file, faults):
        cells = line.rstrip("\r\n").split("\t")
        if first and cells[:3] != COLUMNS:
            faults.add(place, "the columns are not id, name and parent_id")
            return {}
        if len(cells) != len(COLUMNS):
            faults.add(place, f"{len(cells)} values for 3 columns")
        elif not first and cells[0] in nodes:
            faults.add(place, f"subject {cells[0]} again")
        elif not first:
            nodes[cells[0]] = Node(cells[1], [cells[2]] if cells[2] else [])
        first = False
    for key, node in nodes.items():
        if node.parents and node.parents[0] not in nodes:
            faults.add(file.name, f"subject {key} lies below {node.parents[0]}, which is not there")
    check_rings(nodes, file.name, faults)
    return nodes


def check_rings(nodes: Mapping[str, Node], place: str, faults: FaultList) -> None:
    """Tell the rings of subjects that lie below each other. O(nodes + parents) for each ring."""
    left = _not_below_a_top(nodes)
    while left:
        ring = _ring(left)
        named = [*ring[:NAMED], *(["…"] if len(ring) > NAMED else []), ring[0]]
        faults.add(place, f"subjects in a ring: {' below '.join(named)}")
        left = _not_below_a_top({key: left[key] for key in left if key not in set(ring)})


def _not_below_a_top(nodes: Mapping[str, Node]) -> dict[str, Node]:
    """What lies in a ring or below one: all that is left when the tops are taken away in turn."""
    below: dict[str, list[str]] = {}
    waiting: dict[str, int] = {}
    for key, node in nodes.items():
        above = [parent for parent in node.parents if parent in nodes]
        waiting[key] = len(above)
        for parent in above:
            below.setdefault(parent, []).append(key)
    free = [key for key, count in waiting.items() if not count]
    while free:
        for key in below.get(free.pop(), ()):
            waiting[key] -= 1
            if not waiting[key]:
                free.append(key)
    return {key: nodes[key] for key, count in waiting.items() if count}


def _ring(nodes: Mapping[str, Node]) -> list[str]:
    """A ring that the first of these lies in or below, upwards; each has a parent among them."""
    way: dict[str, int] = {}
    key = next(iter(nodes))
    while key not in way:
        way[key] = len(way)
        key = next(parent for parent in nodes[key].parents if parent in nodes)
    return list(way)[way[key] :]
