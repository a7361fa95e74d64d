"""Several people's voices over one item, weighed together with what a probe says.

A logarithmic opinion pool (Genest and Zidek 1986) whose two weights are fitted, so that the pool
predicts the source's own labels best: no judged error is ever looked at. A voice that foretells
the labels better weighs more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

FLOOR = 1e-4  # a probability that nothing is taken to be below
PRIOR = 0.5  # votes each label has before anybody votes (Jeffreys): three votes are no certainty
HEAVIEST = 10.0
LEAST = 10  # items with votes and a label that two weights can be fitted to


@dataclass(frozen=True, slots=True)
class Votes:
    """How many people called each item what: counts (n, len(names)), of named sets."""

    counts: np.ndarray
    names: Sequence[str]
    sets: Sequence[str] = ()

    def over(self, names: Sequence[str]) -> np.ndarray:
        """The counts as columns of other names, which hold all of these: float64 (n, names)."""
        place = {name: number for number, name in enumerate(names)}
        wide = np.zeros((len(self.counts), len(names)))
        wide[:, [place[name] for name in self.names]] = self.counts
        return wide


@dataclass(frozen=True, slots=True)
class Pool:
    """probabilities (n, classes), rows sum to 1; how much the probe and the people weigh in."""

    probabilities: np.ndarray
    probe: float
    people: float


def shares(counts: np.ndarray, prior: float = PRIOR) -> np.ndarray:
    """The votes (n, classes) as probabilities, smoothed: the mean of a Dirichlet."""
    raised = np.asarray(counts, np.float64) + prior
    total = raised.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(raised, total, out=np.zeros_like(raised), where=total > 0))


def log_pool(probabilities: np.ndarray, counts: np.ndarray, codes: np.ndarray) -> Pool:
    """Pool a probe's (n, classes) with votes (n, classes); codes (n,) are the labels, or -1.

    Where nobody voted the probe's stand as they are; of a name that it gives to nothing at all
    it has no opinion (1 / classes). Weights are 0 to 10, found by maximum likelihood of the
    labels of the items that have votes; with fewer than ten of those, both weigh 1.
    O(n classes) an iteration.
    """
    seen = np.flatnonzero(counts.sum(axis=1) > 0)
    said = np.maximum(probabilities[seen], FLOOR)
    said[:, ~probabilities.any(axis=0)] = 1 / probabilities.shape[1]
    spoken = np.log(np.stack([said, shares(counts[seen])]))
    known = codes[seen] >= 0
    weights = _weights(spoken[:, known], codes[seen][known]) if known.sum() >= LEAST else np.ones(2)
    pooled = np.array(probabilities, np.float64)
    pooled[seen] = _softmax(np.tensordot(weights, spoken, 1))
    return Pool(pooled, float(weights[0]), float(weights[1]))


def _weights(spoken: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """The weights under which the labels are most likely; concave, so any start finds them."""
    from scipy.optimize import minimize

    rows = np.arange(len(codes))
    given = spoken[:, rows, codes]

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        pooled = _softmax(np.tensordot(weights, spoken, 1))
        slope = np.einsum("nk,wnk->wn", pooled, spoken) - given
        return float(-np.log(np.maximum(pooled[rows, codes], 1e-300)).mean()), slope.mean(axis=1)

    found = minimize(loss, [0.5, 0.5], jac=True, bounds=[(0, HEAVIEST)] * 2, method="L-BFGS-B")
    return np.asarray(found.x, np.float64)


def _softmax(logits: np.ndarray) -> np.ndarray:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))
