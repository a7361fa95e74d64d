"""The area under the curve with its interval: DeLong, DeLong and Clarke-Pearson 1988.

In O(n log n) by mid-ranks (Sun and Xu 2014). An interval is never narrower than what one
misplaced item more or less would do (the rule of three's bound), also where all are in order.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from excavate.gaps.finding import Figure
from excavate.gaps.prdc import NORMAL


def auc(positive: np.ndarray, negative: np.ndarray) -> Figure:
    """How often a positive score is above a negative one, ties half; 95 %, within 0..1.

    `positive` (n,), `negative` (m,): finite scores, at least one each.
    """
    return auc_of_parts([(positive, negative)])


def auc_of_parts(parts: Sequence[tuple[np.ndarray, np.ndarray]], widened: float = 1.0) -> Figure:
    """The mean of several areas, each by its number of pairs; no score is held across parts.

    `parts`: positives and negatives, at least one each. `widened`: what the variance is
    multiplied by where the parts are not independent.
    """
    placed = [_placements(*part) for part in parts]
    pairs = np.array([len(above) * len(below) for above, below in placed], float)
    weights = pairs / pairs.sum()
    value = float(sum(w * above.mean() for w, (above, _) in zip(weights, placed, strict=True)))
    sides = list(zip(*placed, strict=True))
    variance = widened * sum(_variance(side, weights) for side in sides)
    least = 1 - 0.025 ** (1 / min(sum(map(len, side)) for side in sides))
    spread = max(NORMAL * math.sqrt(variance), least)
    return Figure(value, max(0.0, value - spread), min(1.0, value + spread))


def _placements(positive: np.ndarray, negative: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of each positive the share of negatives below it, of each negative that of those above."""
    n, m = len(positive), len(negative)
    together = mid_ranks(np.concatenate([positive, negative]))
    above = (together[:n] - mid_ranks(positive)) / m
    return above, 1 - (together[n:] - mid_ranks(negative)) / n


def mid_ranks(values: np.ndarray) -> np.ndarray:
    """Ranks from 1, equal values sharing the middle of theirs."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[place]


def _variance(side: Sequence[np.ndarray], weights: np.ndarray) -> float:
    """What one side adds: the variance within parts, pooled, by each part's weight and size."""
    off = sum(float(((part - part.mean()) ** 2).sum()) for part in side)
    pooled = off / max(1, sum(map(len, side)) - len(side))
    return pooled * sum(float(w) ** 2 / len(part) for w, part in zip(weights, side, strict=True))
