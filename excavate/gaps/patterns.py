"""Maximal uncovered patterns: the most general combinations of values that too few items have.

A pattern fixes some attributes to values and leaves the others open. It is uncovered where fewer
than tau items match it, and maximal where every pattern that leaves one more attribute open is
covered. Asudeh, Jin, Jagadish: Assessing and Remedying Coverage for a Given Dataset (ICDE 2019).

Exact. Level by level, as Apriori goes: a set of attributes is looked at only where all its
subsets have covered patterns, and only over values that are covered alone. Time O(items +
candidates) where a cube of all combinations fits (cube.py), else O(sets x distinct rows +
candidates); memory O(candidates).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from excavate.gaps.cube import counts_of

MOST_CELLS = 50_000_000  # candidates of one set of attributes
MARGIN = 0.2
Set = tuple[int, ...]  # attributes by number, ascending


class TooManyError(ValueError):
    """More candidate combinations than fit into memory; `str()` says of which attributes."""


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


def derived_tau(margin: float = MARGIN) -> int:
    """Items that a group needs for any share in it to be known to +- margin at 95 % (Wald)."""
    return math.ceil(1.96**2 / 4 / margin**2)


@dataclass(frozen=True, slots=True)
class Search:
    """What was found, sets of fewer attributes first, and how many patterns were looked at."""

    found: list[Uncovered]
    looked_at: int


def maximal_uncovered(codes: Sequence[np.ndarray], sizes: Sequence[int], tau: int) -> Search:
    """All maximal uncovered patterns of d columns (n,); column j has the values 0..sizes[j]-1.

    -1 is "not stated" and matches no value. Raises TooManyError.
    """
    lattice = _Lattice(codes, sizes, tau)
    if lattice.total < tau:  # even the pattern that fixes nothing
        empty, total = np.zeros((1, 0), int), np.array([lattice.total])
        return Search([Uncovered((), empty, total, empty, total.astype(float))], 1)
    found: list[Uncovered] = []
    level: list[Set] = [()]
    while level:
        seen = [lattice.look(attributes) for attributes in lattice.next_sets(level)]
        found += [uncovered for uncovered, _ in seen if len(uncovered.counts)]
        level = [uncovered.attributes for uncovered, goes_on in seen if goes_on]
    return Search(found, lattice.looked_at)


class _Lattice:
    """Counts of the sets of attributes that were looked at, over values covered alone."""

    def __init__(self, codes: Sequence[np.ndarray], sizes: Sequence[int], tau: int) -> None:
        self.tau, self.total, self.width = tau, len(codes[0]), len(sizes)
        self.alone = [
            np.bincount(c + 1, minlength=s + 1)[1:] for c, s in zip(codes, sizes, strict=True)
        ]
        self.kept = [np.flatnonzero(counts >= tau) for counts in self.alone]
        self.tables = counts_of(codes, self.kept, sizes)
        self.counts: dict[Set, np.ndarray] = {(): np.array(self.total)}
        self.looked_at = 1

    def next_sets(self, level: Sequence[Set]) -> list[Set]:
        """Sets of one attribute more, all of whose subsets have covered patterns."""
        there = set(level)
        wider = [(*s, j) for s in level for j in range(s[-1] + 1 if s else 0, self.width)]
        return [s for s in wider if all(p in there for p in _parents(s))]

    def look(self, attributes: Set) -> tuple[Uncovered, bool]:
        """(its maximal uncovered patterns, whether it has covered ones)."""
        if len(attributes) == 1:
            return self._look_alone(attributes[0])
        table = self._table(attributes)
        parents = [
            np.expand_dims(self.counts[p], axis) for axis, p in enumerate(_parents(attributes))
        ]
        reachable = np.ones(table.shape, bool)
        for parent in parents:
            reachable &= parent >= self.tau
        self.looked_at += int(reachable.sum())
        places = np.nonzero(reachable & (table < self.tau))
        opened = [np.broadcast_to(p, table.shape)[places] for p in parents]
        values = [self.kept[j][at] for j, at in zip(attributes, places, strict=True)]
        self.counts[attributes] = np.where(reachable, table, 0)
        found = self._uncovered(attributes, values, table[places], opened)
        return found, bool((self.counts[attributes] >= self.tau).any())

    def _look_alone(self, attribute: int) -> tuple[Uncovered, bool]:
        counts, kept = self.alone[attribute], self.kept[attribute]
        self.looked_at += len(counts)
        bare = np.flatnonzero(counts < self.tau)
        self.counts[(attribute,)] = counts[kept]
        opened = [np.full(len(bare), self.total)]
        return self._uncovered((attribute,), [bare], counts[bare], opened), len(kept) > 0

    def _table(self, attributes: Set) -> np.ndarray:
        """Counts of every combination of kept values. Raises TooManyError."""
        shape = tuple(len(self.kept[j]) for j in attributes)
        if math.prod(shape) > MOST_CELLS:
            raise TooManyError(f"{math.prod(shape):,} combinations of {len(shape)} attributes")
        return self.tables.table(attributes)

    def _uncovered(
        self,
        attributes: Set,
        values: list[np.ndarray],
        counts: np.ndarray,
        opened: list[np.ndarray],
    ) -> Uncovered:
        expected = np.full(len(counts), float(self.total))
        for attribute, chosen in zip(attributes, values, strict=True):
            expected *= self.alone[attribute][chosen] / self.total
        return Uncovered(
            attributes, np.stack(values, axis=1), counts, np.stack(opened, axis=1), expected
        )


def _parents(attributes: Set) -> list[Set]:
    """The sets that leave one attribute out, that of the first axis first."""
    return [attributes[:n] + attributes[n + 1 :] for n in range(len(attributes))]
