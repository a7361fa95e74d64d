"""The sets of attributes whose combinations are counted, level by level, and what that may cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from excavate.gaps.pattern_counts import Items, Node, Set, Walk
from excavate.progress import Progress

MOST_CELLS = 50_000_000  # candidates of one set of attributes
EFFORT = 10.0
STAGE = "combinations"
CELL_COST = 10  # ns for each attribute of a candidate
TOLD = 200  # sets between two words on how far it is
Sets = list[tuple[Node, int]]  # each a set that is there already, and one attribute more


class TooManyError(ValueError):
    """More combinations than the effort allows: `combinations`, of `level` attributes each."""

    def __init__(self, combinations: int, level: int) -> None:
        super().__init__(f"{combinations:,} combinations of {level} attributes")
        self.combinations, self.level = combinations, level

    def details(self) -> dict[str, str]:
        """What fills a message."""
        return {"combinations": f"{self.combinations:,}", "level": str(self.level)}


@dataclass(frozen=True, slots=True)
class Limits:
    """`level`: the most attributes that a pattern may fix; None: as many as the effort allows.

    `effort`: work in seconds of a machine that does what ours did; counted, not timed, so that
    it ends in the same place everywhere. `most`: the patterns to keep of each level.
    """

    level: int | None = None
    effort: float = EFFORT
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Uncovered:
    """The maximal uncovered patterns of one set of attributes, as columns.

    `values` is (patterns, attributes); `parents` counts what is left when the attribute of that
    column is opened; `expected` is the count that independence of the attributes would give.
    """

    attributes: Set
    values: np.ndarray
    counts: np.ndarray
    parents: np.ndarray
    expected: np.ndarray

    def take(self, at: np.ndarray) -> Uncovered:
        """Some of them."""
        columns = self.values, self.counts, self.parents, self.expected
        return Uncovered(self.attributes, *(column[at] for column in columns))


class Lattice:
    """The sets of attributes that were looked at, over values covered alone."""

    def __init__(
        self, codes: Sequence[np.ndarray], sizes: Sequence[int], tau: int, limits: Limits
    ) -> None:
        self.tau, self.total, self.limits = tau, len(codes[0]), limits
        self.alone = [
            np.bincount(c + 1, minlength=s + 1)[1:] for c, s in zip(codes, sizes, strict=True)
        ]
        self.kept = [np.flatnonzero(counts >= tau) for counts in self.alone]
        self.items = Items(codes, self.kept, sizes)
        none = np.zeros((0, 1), np.int32)
        self.root = Node((), np.array([self.total]), none, none.T, none)
        self.nodes: dict[Set, Node] = {(): self.root}
        self.level: list[Node] = [self.root]
        self.looked_at, self.patterns, self.spent = 1, 0, 0.0

    def next_sets(self, depth: int) -> Sets | None:
        """Sets of one attribute more, all of whose subsets have covered patterns.

        None beyond the level that was asked for, or the effort. Raises TooManyError where that
        level, or the second, is beyond the effort: then there is nothing to tell.
        """
        if depth > (self.limits.level or depth):
            return None
        if depth == 1:
            return [(self.root, j) for j in range(len(self.kept))]
        chosen: Sets = []
        cells = 0
        for prefix, more in self._wider():
            wide = len(prefix.counts) * self.items.wide[more]
            cells += wide
            self.spent += self._cost(prefix, more, depth) / 1e9
            if wide > MOST_CELLS or self.spent > self.limits.effort:
                if self.limits.level or depth == 2:
                    raise TooManyError(cells, depth)
                return None
            chosen.append((prefix, more))
        return chosen

    def look_at(self, sets: Sets, progress: Progress) -> list[Uncovered]:
        """The maximal uncovered patterns of these sets, the strongest if there are too many."""
        found: list[Uncovered] = []
        held = 0
        before, self.level = self.level, []
        walk, most = Walk(self.items, self.nodes), self.limits.most
        for done, (prefix, more) in enumerate(sets):
            if done % TOLD == 0:
                progress(STAGE, done, len(sets))
            bare = self._look(walk, prefix, more) if prefix.attributes else self._alone(more)
            found.append(bare)
            held += len(bare.counts)
            self.patterns += len(bare.counts)
            if most and held > 4 * most:
                found, held = strongest(found, most), most
        for node in before:
            node.slim()
        return strongest(found, most or held)

    def _wider(self) -> Iterator[tuple[Node, int]]:
        there = {node.attributes for node in self.level}
        usable = sorted({j for attributes in there for j in attributes})
        for node in self.level:
            for j in usable:
                wider = (*node.attributes, j)
                if j > node.attributes[-1] and all(
                    without(wider, m) in there for m in range(len(wider) - 1)
                ):
                    yield node, j

    def _cost(self, prefix: Node, more: int, level: int) -> float:
        cells = len(prefix.counts) * self.items.wide[more]
        return (
            fixed_cost(level)
            + self.items.cost(len(prefix.counts), more)[0]
            + CELL_COST * level * cells
        )

    def _alone(self, attribute: int) -> Uncovered:
        counts, kept = self.alone[attribute], self.kept[attribute]
        self.looked_at += len(counts)
        child = np.full((1, len(kept) + 1), -1, np.int32)
        child[0, :-1] = np.arange(len(kept))
        up, values = np.zeros((1, len(kept)), np.int32), child[:, :-1].T
        self._keep(Node((attribute,), counts[kept], up, values, child))
        bare = np.flatnonzero(counts < self.tau)
        opened = np.full((len(bare), 1), self.total)
        return self._uncovered((attribute,), bare[:, None], counts[bare], opened)

    def _look(self, walk: Walk, prefix: Node, more: int) -> Uncovered:
        attributes = (*prefix.attributes, more)
        table = walk.table(prefix.attributes, more)
        beside = [self.nodes[without(attributes, m)] for m in range(len(attributes) - 1)]
        numbers = [node.child[prefix.up[m], :-1] for m, node in enumerate(beside)]
        reachable = np.logical_and.reduce([n >= 0 for n in numbers])
        self.looked_at += int(reachable.sum())
        self._covered(prefix, more, reachable & (table >= self.tau), table, numbers)
        at, value = np.nonzero(reachable & (table < self.tau))
        opened = [node.counts[n[at, value]] for node, n in zip(beside, numbers, strict=True)]
        opened.append(prefix.counts[at])
        values = np.column_stack([prefix.values[at], value])
        named = [self.kept[j][of] for j, of in zip(attributes, values.T, strict=True)]
        return self._uncovered(
            attributes, np.column_stack(named), table[at, value], np.column_stack(opened)
        )

    def _covered(
        self,
        prefix: Node,
        more: int,
        covered: np.ndarray,
        table: np.ndarray,
        numbers: Sequence[np.ndarray],
    ) -> None:
        at, value = np.nonzero(covered)
        child = np.full((len(table), table.shape[1] + 1), -1, np.int32)
        child[at, value] = np.arange(len(at))
        up = np.stack([*(n[at, value] for n in numbers), at]).astype(np.int32)
        values = np.column_stack([prefix.values[at], value]).astype(np.int32)
        self._keep(Node((*prefix.attributes, more), table[at, value], up, values, child))

    def _keep(self, node: Node) -> None:
        """What one value of an attribute has of all items goes on nowhere: it is its parent."""
        if len(node.counts):
            self.nodes[node.attributes] = node
            if node.counts.max() < self.total:
                self.level.append(node)

    def _uncovered(
        self, attributes: Set, values: np.ndarray, counts: np.ndarray, opened: np.ndarray
    ) -> Uncovered:
        expected = np.full(len(counts), float(self.total))
        for attribute, chosen in zip(attributes, values.T, strict=True):
            expected *= self.alone[attribute][chosen] / self.total
        return Uncovered(attributes, values, counts, opened, expected)


def strongest(found: Sequence[Uncovered], most: int) -> list[Uncovered]:
    """The `most` furthest below what is expected, in the order in which they stood."""
    away = np.concatenate([np.zeros(0), *(one.counts - one.expected for one in found)])
    chosen = np.zeros(len(away), bool)
    chosen[np.argsort(away, kind="stable")[:most]] = True
    starts = np.cumsum([len(one.counts) for one in found])[:-1]
    split = np.split(chosen, starts) if found else []
    return [one.take(at) for one, at in zip(found, split, strict=True) if at.any()]


def fixed_cost(level: int) -> int:
    """About what one set costs in ns, however small it is."""
    return 30_000 + 12_000 * level


def without(attributes: Set, place: int) -> Set:
    """The set that leaves one attribute out."""
    return attributes[:place] + attributes[place + 1 :]
