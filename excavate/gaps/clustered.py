"""Shares of things that come several to an item: how many independent items they are worth."""

from __future__ import annotations

import numpy as np

from excavate.gaps.shares import Z


def effective_items(items: np.ndarray, group: np.ndarray, groups: int) -> np.ndarray:
    """float64 (groups,): the independent items that each group's share of all things is worth.

    items (n,): whose each thing is; group int64 (n,). A share of things is a ratio of two sums
    over items, its variance that of the residuals (linearised; Cochran 1977, chapter 6), turned
    into a number of items as Korn and Graubard 1998 do, with Student's quantile for few items.
    Never more than sum(x)^2 / sum(x^2) of the things x of each item (Kish 1965): the residuals
    of a rare group know nothing of crowded items in which it might have stood. In simulations
    Wilson's interval of it covers 93 % or more, but 87 % where few crowded items decide all.
    """
    _, whose = np.unique(items, return_inverse=True)
    count = int(whose.max(initial=-1)) + 1
    x = np.bincount(whose, minlength=count).astype(float)
    total, squares = x.sum(), (x * x).sum()
    pairs, hits = np.unique(group * count + whose, return_counts=True)
    of, y = pairs // max(count, 1), hits.astype(float)
    sum_y, sum_yy = (np.bincount(of, values, groups) for values in (y, y * y))
    sum_xy = np.bincount(of, y * x[pairs % max(count, 1)], groups)
    share = sum_y / total
    residuals = np.maximum(sum_yy - 2 * share * sum_xy + share**2 * squares, 0)
    most = np.full(groups, total**2 / squares)
    if count < 2:
        return most
    worth = np.minimum(most, _worth(share, residuals, total, count))
    return np.asarray(np.maximum(1.0, worth))


def _worth(share: np.ndarray, residuals: np.ndarray, total: float, count: int) -> np.ndarray:
    from scipy.special import stdtrit

    variance = count / (count - 1) * residuals / total**2
    fewer = (Z / float(stdtrit(count - 1, 0.975))) ** 2
    none = variance <= 1e-15  # all items alike: nothing to learn the variance from
    return np.where(none, np.inf, share * (1 - share) / np.where(none, 1, variance) * fewer)


def rarer(share: np.ndarray, of: np.ndarray, expected: float) -> np.ndarray:
    """One-sided p: as few or fewer of so many independent ones, binomial, also of parts of one."""
    from scipy.special import betainc

    seen = share * of
    return np.asarray(np.where(share >= 1, 1.0, betainc(of - seen, seen + 1, 1 - expected)))
