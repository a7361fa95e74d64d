"""What a taxonomy must be: nodes once, edges between nodes that are there, no node below itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from excavate.catalog.tree import circles
from excavate.errors import FaultList

KINDS = ("is-a", "part")
SHOWN = 8  # of the nodes of a circle


@dataclass(slots=True)
class GivenTaxonomy:
    """What a source says, with the lines it says it in (0 where it has none)."""

    name: str
    nodes: list[tuple[str, str, dict[str, Any], int]] = field(default_factory=list)
    edges: list[tuple[str, str, str, int]] = field(default_factory=list)  # child, parent, kind
    nodes_in: str = ""
    edges_in: str = ""


def check_taxonomy(given: GivenTaxonomy, faults: FaultList) -> None:
    """Add every fault of the whole, in the order of its lines; circles last."""
    numbers = _numbered(given, faults)
    if not numbers:
        faults.add(given.nodes_in, "no node")
    known = _known_edges(given, numbers, faults)
    names = list(numbers)
    for edges in known.values():
        for circle in circles(len(names), list(edges)):
            faults.add(given.edges_in, _in_words([names[node] for node in circle]))


def _known_edges(
    given: GivenTaxonomy, numbers: dict[str, int], faults: FaultList
) -> dict[str, dict[tuple[int, int], None]]:
    """By kind, the edges between nodes that are there, each once."""
    known: dict[str, dict[tuple[int, int], None]] = {kind: {} for kind in KINDS}
    for child, parent, kind, line in given.edges:
        place = _place(given.edges_in, line)
        missing = [name for name in (child, parent) if name not in numbers]
        for name in missing:
            faults.add(place, f"there is no node {name!r}")
        if kind not in known:
            faults.add(place, f"{child!r}: kind {kind!r} is neither {' nor '.join(KINDS)}")
        elif not missing:
            edge = (numbers[child], numbers[parent])
            if edge in known[kind]:
                faults.add(place, f"{child!r} below {parent!r} is said again")
            known[kind][edge] = None
    return known


def _numbered(given: GivenTaxonomy, faults: FaultList) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for node, _, _, line in given.nodes:
        if node in numbers:
            faults.add(_place(given.nodes_in, line), f"{node!r} stands here again")
        else:
            numbers[node] = len(numbers)
    return numbers


def _in_words(circle: list[str]) -> str:
    """A circle from its first node round to it again, shortened where it is long."""
    shown = circle if len(circle) <= SHOWN else [*circle[:SHOWN], "…"]
    return f"{circle[0]!r} lies below itself: {' below '.join([*shown, circle[0]])}"


def _place(file: str, line: int) -> str:
    return f"{file} line {line}" if line else file
