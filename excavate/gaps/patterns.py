"""Maximal uncovered patterns: the most general combinations of values that too few items have.

A pattern fixes some attributes to values and leaves the others open. It is uncovered where fewer
than tau items match it, and maximal where every pattern that leaves one more attribute open is
covered. Asudeh, Jin, Jagadish: Assessing and Remedying Coverage for a Given Dataset (ICDE 2019).

Exact. Level by level, as Apriori goes: a combination is counted only where all that it is made
of are covered (pattern_counts.py). There may be as many as there are subsets of the attributes,
so the work is counted as the levels are made: whoever gives a level gets it whole or not at all,
whoever gives none gets as many levels as the effort allows, and is told how many.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from excavate.gaps.pattern_lattice import Lattice, Limits, Uncovered, fixed_cost
from excavate.progress import Progress, silent

MARGIN = 0.2


@dataclass(frozen=True, slots=True)
class Search:
    """What was found, sets of fewer attributes first; `patterns` counts what was not kept too.

    `looked_at` patterns; `level`: all that fix so many attributes or fewer were looked at.
    """

    found: list[Uncovered]
    patterns: int
    looked_at: int
    level: int


def derived_tau(margin: float = MARGIN) -> int:
    """Items that a group needs for any share in it to be known to +- margin at 95 % (Wald)."""
    return math.ceil(1.96**2 / 4 / margin**2)


def maximal_uncovered(
    codes: Sequence[np.ndarray],
    sizes: Sequence[int],
    tau: int,
    limits: Limits | None = None,
    progress: Progress = silent,
) -> Search:
    """Maximal uncovered patterns of d columns (n,); column j has the values 0..sizes[j]-1.

    -1 is "not stated" and matches no value. Raises TooManyError where a level that was given, or
    the second, is beyond the effort.
    """
    lattice = Lattice(codes, sizes, tau, limits or Limits())
    if lattice.total < tau:  # even the pattern that fixes nothing
        empty, total = np.zeros((1, 0), int), np.array([lattice.total])
        return Search([Uncovered((), empty, total, empty, total.astype(float))], 1, 1, len(sizes))
    found: list[Uncovered] = []
    for depth in range(1, len(sizes) + 1):
        sets = lattice.next_sets(depth)
        if sets is None:
            return Search(found, lattice.patterns, lattice.looked_at, depth - 1)
        found += lattice.look_at(sets, progress)
    return Search(found, lattice.patterns, lattice.looked_at, len(sizes))


def estimated_seconds(items: int, sizes: Sequence[int], limits: Limits) -> float:
    """At most so long, by the numbers alone: what is not covered is not known yet."""
    sums = np.zeros(len(sizes) + 1)  # elementary symmetric: combinations of each level
    sums[0] = 1.0
    for size in sizes:
        sums[1:] += sums[:-1] * size
    spent = 0.0
    for level in range(1, (limits.level or len(sizes)) + 1):
        if level <= len(sizes) and spent < limits.effort:
            sets = math.comb(len(sizes), level)
            spent += (sets * (fixed_cost(level) + 8 * items) + 10.0 * level * sums[level]) / 1e9
    return min(spent, limits.effort)
