"""Maximal uncovered patterns: the most general combinations of values that too few items have.

A pattern fixes some attributes to values and leaves the others open. It is uncovered where fewer
than tau items match it, and maximal where every pattern that leaves one more attribute open is
covered. Asudeh, Jin, Jagadish: Assessing and Remedying Coverage for a Given Dataset (ICDE 2019).

Exact. Level by level, as Apriori goes: a set of attributes is looked at only where all its
subsets have covered patterns, and only over values that are covered alone. Time O(sets x distinct
rows + candidates), memory O(candidates of the largest set).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

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


def derived_tau(margin: float = MARGIN) -> int:
    """Items that a group needs for any share in it to be known to +- margin at 95 % (Wald)."""
    return math.ceil(1.96**2 / 4 / margin**2)


def maximal_uncovered(codes: np.ndarray, sizes: Sequence[int], tau: int) -> list[Uncovered]:
    """All maximal uncovered patterns of (n, d) codes; attribute j has the values 0..sizes[j]-1.

    -1 is "not stated" and matches no value. Sets of fewer attributes first. Raises TooManyError.
    """
    lattice = _Lattice(codes, sizes, tau)
    if len(codes) < tau:  # even the pattern that fixes nothing
        empty = np.zeros((1, 0), int)
        return [Uncovered((), empty, np.array([len(codes)]), empty, np.array([float(len(codes))]))]
    found: list[Uncovered] = []
    level: list[Set] = [()]
    while level:
        seen = [lattice.look(attributes) for attributes in lattice.next_sets(level)]
        found += [uncovered for uncovered, _ in seen if len(uncovered.counts)]
        level = [uncovered.attributes for uncovered, goes_on in seen if goes_on]
    return found


class _Lattice:
    """Counts of the sets of attributes that were looked at, over values covered alone."""

    def __init__(self, codes: np.ndarray, sizes: Sequence[int], tau: int) -> None:
        self.tau, self.total, self.width = tau, len(codes), len(sizes)
        alone = [np.bincount(c[c >= 0], minlength=s) for c, s in zip(codes.T, sizes, strict=True)]
        self.alone = alone
        self.kept = [np.flatnonzero(counts >= tau) for counts in alone]
        self.rows, self.weights = _distinct(codes, self.kept, sizes)
        self.counts: dict[Set, np.ndarray] = {(): np.array(len(codes))}

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
        reachable = np.logical_and.reduce(np.broadcast_arrays(*(p >= self.tau for p in parents)))
        places = np.nonzero(reachable & (table < self.tau))
        opened = [np.broadcast_to(p, table.shape)[places] for p in parents]
        values = [self.kept[j][at] for j, at in zip(attributes, places, strict=True)]
        self.counts[attributes] = np.where(reachable, table, 0)
        found = self._uncovered(attributes, values, table[places], opened)
        return found, bool((self.counts[attributes] >= self.tau).any())

    def _look_alone(self, attribute: int) -> tuple[Uncovered, bool]:
        counts, kept = self.alone[attribute], self.kept[attribute]
        bare = np.flatnonzero(counts < self.tau)
        self.counts[(attribute,)] = counts[kept]
        opened = [np.full(len(bare), self.total)]
        return self._uncovered((attribute,), [bare], counts[bare], opened), len(kept) > 0

    def _table(self, attributes: Set) -> np.ndarray:
        """Counts of every combination of kept values: a dense table, one axis an attribute."""
        shape = tuple(len(self.kept[j]) for j in attributes)
        if math.prod(shape) > MOST_CELLS:
            raise TooManyError(f"{math.prod(shape):,} combinations of {len(shape)} attributes")
        rows = self.rows[:, attributes]
        stated = (rows >= 0).all(axis=1)
        cell = np.ravel_multi_index(tuple(rows[stated].T), shape)
        counted = np.bincount(cell, self.weights[stated], minlength=math.prod(shape))
        return counted.astype(np.int64).reshape(shape)

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


def _distinct(
    codes: np.ndarray, kept: Sequence[np.ndarray], sizes: Sequence[int]
) -> tuple[np.ndarray, np.ndarray]:
    """The distinct rows, values numbered anew among the kept ones (-1: not one), and how many."""
    rows = np.empty_like(codes)
    for j, (values, size) in enumerate(zip(kept, sizes, strict=True)):
        number = np.full(size + 1, -1, codes.dtype)  # the last stands for "not stated"
        number[values] = np.arange(len(values))
        rows[:, j] = number[codes[:, j]]
    if math.prod(len(values) + 1 for values in kept) < 2**62:
        shape = tuple(len(values) + 1 for values in kept)
        cell = (
            np.ravel_multi_index(tuple((rows + 1).T), shape)
            if rows.shape[1]
            else np.zeros(len(rows), int)
        )
        there, weights = np.unique(cell, return_counts=True)
        return np.stack(np.unravel_index(there, shape), axis=1) - 1, weights
    return np.unique(rows, axis=0, return_counts=True)
