"""How unevenly items lie in categories: Gini, and the effective number of categories.

Both with 95 % intervals for items drawn independently, by the infinitesimal jackknife (the delta
method; Efron 1982): each item's pull on the statistic, and the variance of these pulls. Exact to
the first order, without drawing; items of several labels count as one draw.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, sqrt

import numpy as np

from excavate.gaps.finding import Figure

Z = 1.959964  # 95 %, two-sided
Pull = Callable[[np.ndarray], tuple[float, np.ndarray]]


def gini(counts: np.ndarray, items: np.ndarray, places: np.ndarray) -> Figure:
    """Gini coefficient of `counts` (k,), the empty ones too: 0 all equal, 1 - 1/k all in one.

    `items`, `places`: which item counts where, one pair for each distinct label. Biased upwards
    where there are hardly more items than categories. Gini 1912.
    """
    value, pull = _gini(counts)
    spread = Z * _error(pull, items, places)
    return Figure(value, max(0.0, value - spread), min(1.0, value + spread))


def effective_number(counts: np.ndarray, items: np.ndarray, places: np.ndarray) -> Figure:
    """exp of the Shannon entropy of the shares: how many equal categories would be as diverse.

    Hill 1973, order 1. Biased downwards where many categories are rare: what was not drawn
    cannot be counted.
    """
    value, pull = _entropy(counts)
    held, total = int((counts > 0).sum()), int(counts.sum())
    second = (held - 1) / (2 * total**2)  # what is left where all are equal (Harris 1975)
    spread = Z * sqrt(_error(pull, items, places) ** 2 + second)
    high = min(float(len(counts)), exp(value + spread))
    return Figure(min(exp(value), high), max(1.0, exp(value - spread)), high)


def _gini(counts: np.ndarray) -> tuple[float, np.ndarray]:
    """(Gini, what a share more at each place adds to it). Equal counts share their ranks."""
    total, size = counts.sum(), len(counts)
    _, at, many = np.unique(counts, return_inverse=True, return_counts=True)
    rank = (np.cumsum(many) - (many - 1) / 2)[at]
    pull = (2 * rank - size - 1) / size
    return float(max(0.0, (pull * counts).sum() / total)), pull


def _entropy(counts: np.ndarray) -> tuple[float, np.ndarray]:
    shares = counts / counts.sum()
    logs = np.log(shares, out=np.zeros(len(shares)), where=shares > 0)
    return float(max(0.0, -(shares * logs).sum())), -logs


def _error(pull: np.ndarray, items: np.ndarray, places: np.ndarray) -> float:
    """The standard error of a statistic that is pulled so much by a label at each place."""
    _, item = np.unique(items, return_inverse=True)
    labels = np.bincount(item)
    pulls = np.bincount(item, pull[places])
    mean = pulls.sum() / labels.sum()
    each = (pulls - mean * labels) / labels.mean()
    return sqrt(float((each**2).sum())) / len(labels)
