"""Categories that were not drawn: how many at least, and how much of what there is they make up.

Both look at how many categories were seen once and twice. They hold where items were drawn one by
one from one population that stood still; a dataset whose makers chose so many of each category
was not, and its numbers say nothing about what was left out.
"""

from __future__ import annotations

from math import exp, log, sqrt

import numpy as np

from excavate.gaps.finding import Figure

Z = 1.959964  # 95 %, two-sided


def chao(counts: np.ndarray, items: int) -> Figure:
    """Chao's lower bound of the number of categories, with its log-normal interval.

    `counts`: in how many of the `items` each seen category is. With one category an item this is
    Chao1 (Chao 1984), with several Chao2 (Chao 1987): the same formula. f1 and f2 were seen once
    and twice: seen + (items - 1) / items * f1**2 / (2 f2), or f1 (f1 - 1) / 2 where f2 is 0.
    """
    counts = counts[counts > 0]
    seen, ones, twos = len(counts), int((counts == 1).sum()), int((counts == 2).sum())
    part = (items - 1) / items
    if twos:
        more = part * ones**2 / (2 * twos)
        ratio = ones / twos
        variance = twos * (part * ratio**2 / 2 + part**2 * ratio**3 + part**2 * ratio**4 / 4)
    else:
        more = part * ones * (ones - 1) / 2
        variance = (
            more
            + part**2 * ones * (2 * ones - 1) ** 2 / 4
            - part**2 * ones**4 / (4 * max(1.0, seen + more))
        )
    if more <= 0:
        return _all_seen(counts, items)
    factor = exp(Z * sqrt(log(1 + max(0.0, variance) / more**2)))
    return Figure(seen + more, seen + more / factor, seen + more * factor)


def _all_seen(counts: np.ndarray, items: int) -> Figure:
    """Where nothing points to more: the interval from how likely each count is to have been 0."""
    times, many = np.unique(counts, return_counts=True)
    missed = float((many * np.exp(-times)).sum())
    variance = float((many * (np.exp(-times) - np.exp(-2 * times))).sum())
    variance -= float((times * np.exp(-times) * many).sum()) ** 2 / items
    seen = len(counts)
    kept = 1 - missed / seen
    spread = Z * sqrt(max(0.0, variance)) / kept
    return Figure(float(seen), float(seen), max(float(seen), seen / kept + spread))


def covered(counts: np.ndarray) -> Figure:
    """The share of the population that lies in the categories seen: 1 - f1 / n (Good 1953,
    after Turing), n being all labels; the interval is Esty's (1983)."""
    counts = counts[counts > 0]
    total, ones, twos = int(counts.sum()), int((counts == 1).sum()), int((counts == 2).sum())
    value = 1 - ones / total
    spread = Z * sqrt(ones * (1 - ones / total) + 2 * twos) / total
    return Figure(value, max(0.0, value - spread), min(1.0, value + spread))
