"""How far two values are from being independent: nPMI, a ratio with its interval, exact p.

All are counts of four kinds, vectorised over pairs: of `total` items `with_x` have x, `with_y`
have y, `both` have the two.
"""

from __future__ import annotations

import numpy as np

from excavate.gaps.shares import Z

FEW = 10  # below, the interval is the Poisson's; above, both agree to about a tenth


def npmi(both: np.ndarray, with_x: np.ndarray, with_y: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Normalised pointwise mutual information: log(p(x,y) / p(x) p(y)) / -log p(x,y).

    -1 never together, 0 independent, 1 always together. Bouma 2009; Aka et al. 2021.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        joint = both / total
        value = np.log(joint * total * total / (with_x * with_y)) / -np.log(joint)
    value = np.where(both == total, 0.0, value)  # all items have both: nothing to be told
    return np.clip(np.where(both == 0, -1.0, value), -1.0, 1.0)


def interval(
    both: np.ndarray, with_x: np.ndarray, with_y: np.ndarray, total: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """95 % bounds of observed / expected, expected being with_x * with_y / total.

    Fewer than FEW together: exact bounds of a Poisson count (Garwood 1936) over the expected.
    Else Wald on the logarithm, its variance by the delta method of a multinomial sample:
    1/both - 1/with_x - 1/with_y + (2 ratio - 1)/total.
    """
    expected = with_x * with_y / total
    ratio = both / expected
    variance = 1 / np.maximum(both, 1) - 1 / with_x - 1 / with_y + (2 * ratio - 1) / total
    spread = np.exp(Z * np.sqrt(np.maximum(variance, 0)))
    lows, highs = poisson_bounds(np.arange(FEW))
    few = np.minimum(both, FEW - 1)
    low = np.where(both < FEW, lows[few] / expected, ratio / spread)
    return low, np.where(both < FEW, highs[few] / expected, ratio * spread)


def poisson_bounds(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Exact 95 % bounds of the mean behind each count (Garwood 1936)."""
    from scipy.special import gammaincinv

    low = np.where(counts > 0, gammaincinv(np.maximum(counts, 1), 0.025), 0.0)
    return low, gammaincinv(counts + 1.0, 0.975)


def weaker(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """The bound nearer to 1, and 1 where the interval holds it (Know Your Data's rule)."""
    return np.asarray(np.where(high < 1, high, np.where(low > 1, low, 1.0)))


def exact_p(
    both: np.ndarray, with_x: np.ndarray, with_y: np.ndarray, total: np.ndarray
) -> np.ndarray:
    """Two-sided p: twice the tail of the hypergeometric distribution beyond what was seen.

    That is what shuffling one of the columns comes to, without shuffling. Time O(pairs x terms
    of the tail), a few standard deviations each.
    """
    k, a, b, n = (
        np.asarray(c, dtype=float) for c in np.broadcast_arrays(both, with_x, with_y, total)
    )
    below = k * n <= a * b
    # Above the expected, count the items that have x and not y: then every tail goes down.
    k, b = np.where(below, k, a - k), np.where(below, b, n - b)
    tail = np.exp(_log_pmf(k, a, b, n)) * _tail_over_first(k, a, b, n)
    return np.asarray(np.minimum(1.0, 2 * tail))


def lower_tail(
    drawn: np.ndarray, of: np.ndarray | int, marked: np.ndarray, total: np.ndarray | int
) -> np.ndarray:
    """P(no more than `drawn` are marked) of `of` items out of `total`, `marked` of them marked.

    As scipy.stats.hypergeom.cdf, without its import. Sharp where drawn is at most its mean; time
    as `exact_p`.
    """
    k, a, b, n = (np.asarray(c, dtype=float) for c in np.broadcast_arrays(drawn, of, marked, total))
    return np.asarray(np.minimum(1.0, np.exp(_log_pmf(k, a, b, n)) * _tail_over_first(k, a, b, n)))


def adjusted(p: np.ndarray, method: str) -> np.ndarray:
    """q: the share of false findings if all with a p so small are told.

    method: bh (Benjamini and Hochberg 1995), or by (Benjamini and Yekutieli 2001), which holds
    however the tests hang together. As scipy.stats.false_discovery_control, whose import takes
    longer than most of our measures.
    """
    order = np.argsort(p, kind="stable")
    rank = np.arange(1, len(p) + 1)
    more = (1 / rank).sum() if method == "by" else 1.0
    stepped = np.minimum.accumulate((p[order] * len(p) * more / rank)[::-1])[::-1]
    q = np.empty(len(p))
    q[order] = np.minimum(stepped, 1.0)
    return q


def _log_pmf(k: np.ndarray, a: np.ndarray, b: np.ndarray, n: np.ndarray) -> np.ndarray:
    from scipy.special import gammaln

    def choose(top: np.ndarray, of: np.ndarray) -> np.ndarray:
        return np.asarray(gammaln(top + 1) - gammaln(of + 1) - gammaln(top - of + 1))

    return np.asarray(choose(a, k) + choose(n - a, b - k) - choose(n, b))


def _tail_over_first(k: np.ndarray, a: np.ndarray, b: np.ndarray, n: np.ndarray) -> np.ndarray:
    """(P(k) + P(k - 1) + …) / P(k), each term from the one before; until none changes a sum."""
    total, term, at = np.ones_like(k), np.ones_like(k), np.arange(len(k))
    k, a, b, n = k.copy(), a, b, n
    while len(at):
        term = term * k * (n - a - b + k) / ((a - k + 1) * (b - k + 1))
        total[at] += term
        going = term > 1e-17 * total[at]
        k, a, b, n, term, at = k[going] - 1, a[going], b[going], n[going], term[going], at[going]
    return total
