"""Where each branch of a tree lies in an icicle: pure, lazy, whole. Levels run left to right.

What is too narrow to be read or touched is merged into one cell that says how many it holds, so
the cells below a node always fill it: nothing of the tree is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

HEIGHT = 704.0  # px of the whole; sixteen cells that a finger can touch
LEAST = 44.0  # px of the narrowest cell
LEVELS = 3  # below the node it starts from


@dataclass(frozen=True, slots=True)
class Cell:
    """A node, or several merged (`merged`; their parent is then `node`). extent: px of height."""

    node: int
    extent: float
    merged: tuple[int, ...] = ()
    alone: bool = False  # merged since they stand alone, without a tree
    children: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Grower:
    """What an icicle is grown from: the tree by its children, and what each node weighs."""

    children: Callable[[int], Sequence[int]]
    weight: Callable[[int], float]
    alone: frozenset[int] = frozenset()

    def grow(self, node: int, extent: float = HEIGHT, levels: int = LEVELS) -> Cell:
        """The cell of a node with `levels` levels below it. O(the children of what is drawn)."""
        if not levels or not self.children(node):
            return Cell(node, extent)
        drawn = [
            Cell(node, wide, merged, alone)
            if merged
            else self.grow(child, wide, levels - 1)
            for child, wide, merged, alone in self._row(node, extent)
        ]  # fmt: skip
        return Cell(node, extent, children=tuple(drawn))

    def _row(self, node: int, extent: float) -> list[tuple[int, float, tuple[int, ...], bool]]:
        """(child, extent, merged, alone) of what is drawn below a node, the widest first."""
        below = self.children(node)
        apart = tuple(child for child in below if child in self.alone) if self.alone else ()
        kin = sorted((c for c in below if c not in self.alone), key=lambda c: (-self.weight(c), c))
        groups = [sum(map(self.weight, apart))] if apart else []
        shown = _shown([self.weight(child) for child in kin], sum(groups), extent, len(groups))
        rest = tuple(kin[shown:])
        weights = [self.weight(child) for child in kin[:shown]]
        ends = [sum(map(self.weight, rest))] * bool(rest) + groups
        wide = shared_out([*weights, *ends], extent)
        cells: list[tuple[int, float, tuple[int, ...], bool]] = [
            (child, wide[place], (), False) for place, child in enumerate(kin[:shown])
        ]
        if rest:
            cells.append((node, wide[shown], rest, False))
        if apart:
            cells.append((node, wide[-1], apart, True))
        return cells


def _shown(weights: Sequence[float], beside: float, extent: float, groups: int) -> int:
    """How many of the widest get a cell of their own; the rest share one.

    As many as there is room for that are not much narrower than a finger, or, where all are so
    narrow, not much narrower than the widest. A rest of one is no rest, it is shown.
    """
    room = max(0, int(extent // LEAST) - groups)
    total = sum(weights) + beside
    least = min(LEAST / 4 / extent * total, max(weights, default=0.0) / 2)
    wide = sum(weight >= least for weight in weights)
    rest = len(weights) - min(wide, room)
    if rest <= 1 and len(weights) <= room:
        return len(weights)
    return min(wide, max(0, room - 1))


def shared_out(weights: Sequence[float], extent: float) -> list[float]:
    """The extent shared out by weight, none getting less than LEAST where there is room for it.

    Where there is not, or where nothing weighs anything, all get the same. Sums to the extent.
    """
    count = len(weights)
    if not count:
        return []
    if extent <= LEAST * count or not sum(weights):
        return [extent / count] * count
    raised: set[int] = set()
    while True:
        left = extent - LEAST * len(raised)
        total = sum(w for n, w in enumerate(weights) if n not in raised)
        scale = left / total if total else 0.0
        small = {n for n, w in enumerate(weights) if n not in raised and w * scale < LEAST}
        if not small:
            break
        raised |= small
    return [LEAST if n in raised else w * scale for n, w in enumerate(weights)]
