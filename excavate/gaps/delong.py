"""The area under the curve with its interval: DeLong, DeLong and Clarke-Pearson 1988.

In O(n log n) by mid-ranks (Sun and Xu 2014).
"""

from __future__ import annotations

import math

import numpy as np

from excavate.gaps.finding import Figure
from excavate.gaps.prdc import NORMAL


def auc(positive: np.ndarray, negative: np.ndarray) -> Figure:
    """How often a positive score is above a negative one, ties half; 95 %, within 0..1.

    `positive` (n,), `negative` (m,): finite scores, at least one each.
    """
    n, m = len(positive), len(negative)
    together = mid_ranks(np.concatenate([positive, negative]))
    above = (together[:n] - mid_ranks(positive)) / m  # of each positive: the negatives below it
    below = 1 - (together[n:] - mid_ranks(negative)) / n
    value = float(above.mean())
    variance = _variance(above) / n + _variance(below) / m
    spread = NORMAL * math.sqrt(variance)
    return Figure(value, max(0.0, value - spread), min(1.0, value + spread))


def mid_ranks(values: np.ndarray) -> np.ndarray:
    """Ranks from 1, equal values sharing the middle of theirs."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[place]


def _variance(values: np.ndarray) -> float:
    return float(values.var(ddof=1)) if len(values) > 1 else 0.0
