"""Counts of combinations of values, a set of attributes at a time, from what is covered below it.

The covered patterns of a set are numbered, and each set is a step in a trie: `child` leads from
a pattern of all its attributes but the last, and a value of the last, to the number of the two
together. So only what can still be covered is ever counted: no table of all combinations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

MOST_MIXED = 2**62  # numbers of combinations that an int64 holds
Set = tuple[int, ...]  # attributes by number, ascending


@dataclass(slots=True)
class Node:
    """The c covered patterns of a set of k attributes.

    counts (c,); up (k, c): their numbers in the set that leaves one attribute out, the first one
    first; values (c, k) of the kept values; child (c of all but the last, values of the last + 1):
    the number, -1 where not covered. The last column is of what is not stated.
    """

    attributes: Set
    counts: np.ndarray
    up: np.ndarray
    values: np.ndarray
    child: np.ndarray

    def slim(self) -> None:
        """Forget what only the next level needs."""
        self.up, self.values = self.up[-1:].copy(), self.values[:, -1:].copy()


class Items:
    """The items by their kept values, as numbers of distinct rows and as bits of values."""

    def __init__(
        self, codes: Sequence[np.ndarray], kept: Sequence[np.ndarray], sizes: Sequence[int]
    ) -> None:
        self.all = [_renumbered(c, v, s) for c, v, s in zip(codes, kept, sizes, strict=True)]
        self.wide = [len(values) for values in kept]
        first, self.weights = _distinct(self.all, [wide + 1 for wide in self.wide])
        self.rows = [row[first] for row in self.all]
        self.words = -(-len(codes[0]) // 64)
        self._bits: dict[int, np.ndarray] = {}

    def bits(self, attribute: int) -> np.ndarray:
        """uint64 (values, words): which items have each value."""
        if attribute not in self._bits:
            shape = (self.wide[attribute], self.words * 8)
            packed = np.zeros(shape, np.uint8)
            for value in range(shape[0]):
                of_value = np.packbits(self.all[attribute] == value)
                packed[value, : len(of_value)] = of_value
            self._bits[attribute] = packed.view(np.uint64)
        return self._bits[attribute]

    def cost(self, patterns: int, attribute: int) -> tuple[int, bool]:
        """(about how many ns it takes to count one value more, whether by bits)."""
        by_bits = int(patterns * self.wide[attribute] * self.words * 1.5)
        by_rows = 8 * len(self.weights)
        return min(by_bits, by_rows), by_bits < by_rows


@dataclass(slots=True)
class _Frame:
    """One step on the way to a set: its patterns, and which rows or items have them."""

    items: Items
    node: Node
    above: _Frame | None = None
    _rows: tuple[np.ndarray, np.ndarray] | None = None
    _bits: np.ndarray | None = None

    def rows(self) -> tuple[np.ndarray, np.ndarray]:
        """(the distinct rows that have a covered pattern, its number)."""
        if self._rows is None:
            if self.above is None:
                everyone = np.arange(len(self.items.weights))
                self._rows = everyone, np.zeros(len(everyone), np.int32)
            else:
                at, numbers = self.above.rows()
                values = self.items.rows[self.node.attributes[-1]][at]
                numbers = self.node.child[numbers, values]
                there = numbers >= 0
                self._rows = at[there], numbers[there]
        return self._rows

    def bits(self) -> np.ndarray:
        """uint64 (patterns, words): which items have each pattern."""
        if self._bits is None:
            if self.above is None:
                full = np.ones((1, self.items.words * 64), bool)
                self._bits = np.packbits(full, axis=1).view(np.uint64)
            else:
                value = self.items.bits(self.node.attributes[-1])[self.node.values[:, -1]]
                self._bits = self.above.bits()[self.node.up[-1]] & value
        return self._bits

    def table(self, attribute: int) -> np.ndarray:
        """int64 (patterns, values): how many items have each pattern and a value more."""
        count, wide = len(self.node.counts), self.items.wide[attribute]
        if self.items.cost(count, attribute)[1]:
            both = self.bits()[:, None, :] & self.items.bits(attribute)[None, :, :]
            return np.asarray(np.bitwise_count(both).sum(axis=2, dtype=np.int64))
        at, numbers = self.rows()
        cell = numbers.astype(np.int64) * (wide + 1) + self.items.rows[attribute][at]
        counted = np.bincount(cell, self.items.weights[at], count * (wide + 1))
        return counted.astype(np.int64).reshape(count, wide + 1)[:, :wide]


class Walk:
    """The way to each set in turn; sets in order share what they begin with."""

    def __init__(self, items: Items, nodes: dict[Set, Node]) -> None:
        self.items, self.nodes = items, nodes
        self.frames = [_Frame(items, nodes[()])]

    def table(self, prefix: Set, attribute: int) -> np.ndarray:
        """int64 (covered patterns of the prefix, kept values of the attribute)."""
        while self.frames[-1].node.attributes != prefix[: len(self.frames) - 1]:
            self.frames.pop()
        for step in self._missing(prefix):
            self.frames.append(_Frame(self.items, self.nodes[step], self.frames[-1]))
        return self.frames[-1].table(attribute)

    def _missing(self, prefix: Set) -> Iterator[Set]:
        return (prefix[:n] for n in range(len(self.frames), len(prefix) + 1))


def _renumbered(codes: np.ndarray, values: np.ndarray, size: int) -> np.ndarray:
    """Numbers among the kept values; the number after them is for all that is none of them."""
    number = np.full(size + 1, len(values), np.int32)
    number[values] = np.arange(len(values))
    return np.asarray(number[codes])  # -1 finds the last


def _distinct(rows: Sequence[np.ndarray], wide: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """(where each distinct row stands first, how often it occurs)."""
    mixed, most = np.zeros(len(rows[0]), np.int64), 1
    for row, count in zip(rows, wide, strict=True):
        if most * count >= MOST_MIXED:
            found, mixed = np.unique(mixed, return_inverse=True)
            most = len(found)
        mixed, most = mixed * count + row, most * count
    _, first, weights = np.unique(mixed, return_index=True, return_counts=True)
    return first, weights
