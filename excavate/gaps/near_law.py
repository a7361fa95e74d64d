"""How near is nearer than chance, for each item by its own neighbours.

Where items lie evenly around one, in d dimensions, and its neighbours are at r_1 < … < r_K, the
logarithms x_j = log(r_K / r_j) of the K - 1 nearer ones are a sample of an exponential law of
rate d (Levina and Bickel 2005; Facco et al. 2017 take it from two neighbours). The farther half
of them tells d; the nearer half is asked about, for that is where copies are. With s in the
farther half and m in the nearer, T the sum of the farther x plus m times the largest of them is
gamma-distributed (Epstein and Sobel 1953), and a nearer item that lies beyond the farther half by
more than z is there with probability of at most m (1 + z / T)^(-s), whatever d is.

Items lend each other strength: a gamma prior of d, its two moments fitted to all T, adds a to s
and b to T. Where all items have one dimension a is large, and the law sharp; where dimensions
are mixed a goes to 2, and each item speaks for itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SAME = 1e-3  # a distance that float32 vectors of one picture may have
FEWEST_NEAR = 8  # neighbours from which a law can be told
FEWEST = 20  # items from which a prior is fitted
HEAVIEST = 4.0  # times what an item says itself, that the prior may weigh
FAR_BELOW = 4.0  # standard deviations


@dataclass(frozen=True, slots=True)
class Law:
    """reach (n,): how near a copy has to be; full bool (n,): more may be copies than can be told.

    ratio, dimension: the medians of reach / r_K and of d.
    """

    reach: np.ndarray
    full: np.ndarray
    ratio: float
    dimension: float


def near_law(away: np.ndarray, rare: float) -> Law | None:
    """The law of distances (n, K), ascending; `rare`: the chance that an item has a false copy.

    None where K is too small, or where no two distances of an item differ. Assumes that items
    lie evenly among the K nearest: a place that is much denser than what surrounds it, and
    smaller than K items, looks like copies.
    """
    k = away.shape[1]
    if k < FEWEST_NEAR:
        return None
    near = (k - 1) // 2
    far = k - 1 - near
    logs = np.log(np.maximum(away[:, -1:], 1e-12) / np.maximum(away[:, near:-1], 1e-12))
    total = logs.sum(axis=1) + near * logs[:, 0]
    usable = (away[:, near] >= SAME) & (total > 1e-4)
    if not usable.any():
        return None
    a, b = _prior(total[usable], far)
    rare = min(max(rare, 1e-12), 0.5)
    beyond = (b + total) * np.expm1(np.log(near / rare) / (a + far))
    reach = np.where(usable, away[:, near] * np.exp(-beyond), 0.0)
    ratio = np.median(reach[usable] / away[usable, -1])
    dimension = np.median((a + far) / (b + total[usable]))
    return Law(reach, _full(away, near, reach, beyond[usable]), float(ratio), float(dimension))


def _prior(total: np.ndarray, far: int) -> tuple[float, float]:
    """(a, b) of the gamma prior, by the moments of 1 / d; (0, 0) where items are too few."""
    if len(total) < FEWEST:
        return 0.0, 0.0
    mean = float(total.mean()) / far
    spread = float((total**2).mean()) / (far * (far + 1)) / mean**2
    most = max(HEAVIEST * far, 2.0)
    a = min(most, (2 * spread - 1) / (spread - 1)) if spread > 1 else most
    return a, mean * (a - 1)


def _full(away: np.ndarray, near: int, reach: np.ndarray, beyond: np.ndarray) -> np.ndarray:
    """Whose nearer half is all copies, or who has even the farther ones far below the usual."""
    edge = np.log(np.maximum(away[:, near], 1e-12))
    middle = np.median(edge)
    spread = 1.4826 * np.median(np.abs(edge - middle))
    crowded = edge < middle - max(FAR_BELOW * float(spread), float(np.median(beyond)))
    return np.asarray(crowded | (away[:, near - 1] <= np.maximum(reach, SAME)))
