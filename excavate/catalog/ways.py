"""Ways up a tree in which a node may lie below several others."""

from __future__ import annotations

from excavate.catalog.tree import Tree


def ways_up(tree: Tree, node: int, most: int = 12) -> list[list[int]]:
    """Up to `most` ways from a root down to a node, each with both ends, in the tree's order."""
    found: list[list[int]] = []
    waiting = [[node]]
    while waiting and len(found) < most:
        way = waiting.pop()
        above = tree.parents[way[0]]
        if not above:
            found.append(way)
        waiting += [[parent, *way] for parent in reversed(above[:most])]
    return found


def count_ways(tree: Tree, node: int) -> int:
    """How many ways there are from a root down to a node. O(what lies above it)."""
    counted: dict[int, int] = {}
    waiting = [node]
    while waiting:
        at = waiting[-1]
        above = tree.parents[at]
        missing = [parent for parent in above if parent not in counted]
        if missing and at not in counted:
            waiting += missing
        else:
            counted[at] = sum(counted[parent] for parent in above) or 1
            waiting.pop()
    return counted[node]
