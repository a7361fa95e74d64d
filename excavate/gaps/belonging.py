"""How much each item of R belongs to R alone, and which ones that can be said of.

An item's score is the mean, over itself and its nearest in its own set, of two things laid on one
scale (mean 0, variance 1 over both sets): the log-odds of the two-sample classifier, which sees
the whole (two_sample.py), and the k-NN margin, which sees what lies around: how much farther the
nearest item of D is than the k-th nearest of R. Picked are those whose scores so few items of D
reach that, of all picked, at most a given share would be expected by chance (Benjamini and
Hochberg 1995 over conformal p-values, Bates et al. 2023).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from excavate.gaps.rough import Near, among
from excavate.gaps.two_sample import Told
from excavate.progress import Progress, silent

SMOOTHED = 10  # nearest items that a score is averaged with


@dataclass(frozen=True, slots=True)
class Ranked:
    """A score for each item of R and of D, the margins of R, and which of R are picked."""

    reference: np.ndarray
    dataset: np.ndarray
    margin: np.ndarray
    picked: np.ndarray  # rows of R, the strongest first


def ranked(
    reference: np.ndarray,
    dataset: np.ndarray,
    told: Told,
    near: tuple[Near, Near],
    closest: np.ndarray,
    k: int,
    rate: float,
    progress: Progress = silent,
) -> Ranked:
    """Rank R (n, d) against D (m, d), told apart already.

    `near`: the nearest of each in its own set, as many as there are up to SMOOTHED or k;
    `closest` (n,): the similarity of R's items to the nearest of D. Time O(n m d).
    """
    deep = min(k, near[0][0].shape[1])
    margin = _length(closest) - _length(near[0][1][:, deep - 1])
    others = among(dataset, reference, deep, progress)[1][:, -1]
    theirs = _length(near[1][1][:, 0]) - _length(others)
    odds = _scaled(told.first, told.second)
    margins = _scaled(margin, theirs)
    scores = [_smoothed(o + m, rows) for o, m, (rows, _) in zip(odds, margins, near, strict=True)]
    return Ranked(scores[0], scores[1], margin, picked(scores[0], scores[1], rate))


def picked(reference: np.ndarray, dataset: np.ndarray, rate: float) -> np.ndarray:
    """Rows of the scores (n,) that stand out from the others (m,), the strongest first.

    p = (1 + items of D at least as high) / (1 + m); Benjamini-Hochberg at `rate`.
    """
    order = np.argsort(-reference, kind="stable")
    reaching = len(dataset) - np.searchsorted(np.sort(dataset), reference[order], "left")
    p = (1 + reaching) / (1 + len(dataset))
    passed = np.flatnonzero(p <= rate * np.arange(1, len(p) + 1) / len(p))
    return order[: passed[-1] + 1] if len(passed) else order[:0]


def _length(similar: np.ndarray) -> np.ndarray:
    """The distance of unit vectors of this cosine."""
    return np.sqrt(np.maximum(2 - 2 * similar.astype(np.float64), 0))


def _scaled(one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    together = np.concatenate([one, other])
    spread = float(together.std()) or 1.0
    middle = float(together.mean())
    return (one - middle) / spread, (other - middle) / spread


def _smoothed(scores: np.ndarray, rows: np.ndarray) -> np.ndarray:
    rows = rows[:, :SMOOTHED]
    return np.asarray((scores + scores[rows].sum(axis=1)) / (1 + rows.shape[1]))
