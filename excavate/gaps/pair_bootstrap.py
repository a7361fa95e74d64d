"""Bounds of observed / expected by drawing the items again: for items of many labels.

Efron and Tibshirani 1993, percentile interval. One draw weighs every item by how often it was
drawn; all counts are then sparse products with the weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from excavate.gaps.cooccurrence import Membership, Pairs
from excavate.progress import Progress, silent

AT_ONCE = 50  # draws held in memory together
CHUNK = 1_000  # pairs


def resampled(
    pairs: Pairs,
    members: Sequence[Membership],
    rounds: int,
    seed: int,
    progress: Progress = silent,
) -> tuple[np.ndarray, np.ndarray]:
    """(low, high) of each pair, 95 %. Time O(rounds x items having values of the pairs)."""
    draws = np.random.default_rng(seed)
    count = len(members[0].stated)
    found = np.empty((rounds, len(pairs.both)), np.float32)
    for start in range(0, rounds, AT_ONCE):
        progress("draw again", start, rounds)
        size = min(AT_ONCE, rounds - start)
        weights = draws.multinomial(count, np.full(count, 1 / count), size).T.astype(np.float64)
        found[start : start + size] = _ratios(pairs, members, weights).T
    low, high = np.nanquantile(found, (0.025, 0.975), axis=0)
    return low.astype(float), high.astype(float)


def _ratios(pairs: Pairs, members: Sequence[Membership], weights: np.ndarray) -> np.ndarray:
    """Observed / expected of every pair under every column of weights: (pairs, draws)."""
    found = np.empty((len(pairs.both), weights.shape[1]))
    sides = np.stack([pairs.x_field, pairs.y_field], axis=1)
    for one, other in np.unique(sides, axis=0):
        at = np.flatnonzero((pairs.x_field == one) & (pairs.y_field == other))
        x, y = members[one], members[other]
        weighed = weights * (x.stated & y.stated)[:, None]
        for part in np.array_split(at, len(at) // CHUNK + 1):
            found[part] = _of(x.matrix[:, pairs.x[part]], y.matrix[:, pairs.y[part]], weighed)
    return found


def _of(x: Any, y: Any, weights: np.ndarray) -> np.ndarray:
    both, with_x, with_y = (m.T @ weights for m in (x.multiply(y), x, y))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios: np.ndarray = both * weights.sum(axis=0) / (with_x * with_y)
    return ratios
