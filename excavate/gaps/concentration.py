"""How unevenly the items lie in categories: Gini, and the effective number of categories.

Both are of the items at hand, every one of which is counted: exact, and so without an interval.
They are no estimates of a population that the items might be a sample of; there, where items are
few against the categories, either formula is far off (Gini too high, the effective number too
low), by more than an interval around it could say. What was not drawn is estimated by
`diversity`.
"""

from __future__ import annotations

from math import exp

import numpy as np

from excavate.gaps.finding import Figure


def gini(counts: np.ndarray) -> Figure:
    """Gini coefficient of `counts` (k,), the empty ones too: 0 all equal, 1 - 1/k all in one.

    Half the mean difference of two categories, over their mean (Gini 1912). O(k log k).
    """
    size, ordered = len(counts), np.sort(counts)
    pull = 2 * np.arange(1, size + 1) - size - 1
    return Figure(float(max(0.0, (pull * ordered).sum() / (size * ordered.sum()))))


def effective_number(counts: np.ndarray) -> Figure:
    """exp of the Shannon entropy of the shares: how many equal categories would be as diverse.

    Hill 1973, order 1: from 1, all in one, to the number of categories that hold anything.
    """
    held = counts[counts > 0]
    shares = held / held.sum()
    number = exp(float(-(shares * np.log(shares)).sum()))
    return Figure(min(max(1.0, number), float(len(held))))
