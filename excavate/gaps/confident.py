"""Confident learning (Northcutt, Jiang and Chuang 2021): which labels another label outdoes.

An item counts against its label where another label's probability is above what is usual among
the items that carry that other label. cleanlab finds them; the interval of their share is ours.
"""

from __future__ import annotations

import numpy as np

from excavate.gaps.finding import Figure
from excavate.gaps.shares import share_bounds

DRAWS = 200
WORK = 4e8  # cells looked at by all draws together
_SLACK, _CLOSE = 1e-6, 1e-8  # cleanlab's own, against rounding


def against(probabilities: np.ndarray, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(margin (n,) in [-1, 1], the strongest other label (n,)): other less given probability.

    The normalised margin: above 0 another label is held to be more probable than the given.
    Ties of the other label go to the first.
    """
    rows = np.arange(len(codes))
    given = probabilities[rows, codes]
    others = np.array(probabilities, np.float64)
    others[rows, codes] = -1.0
    strongest = others.argmax(axis=1)
    return others[rows, strongest] - given, strongest


def doubted(probabilities: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Whether confident learning holds each label to be wrong, by cleanlab: bool (n,).

    Codes (n,) are 0 and above. Classes without items take no part.
    """
    from cleanlab.filter import find_label_issues

    present, packed = np.unique(codes, return_inverse=True)
    kept = probabilities[:, present]
    total = kept.sum(axis=1, keepdims=True)
    kept = np.divide(kept, total, out=np.full_like(kept, 1 / len(present)), where=total > 0)
    found = find_label_issues(packed, kept, filter_by="confident_learning", n_jobs=1)
    return np.asarray(found, bool)


def error_share(probabilities: np.ndarray, codes: np.ndarray, seed: int = 0) -> Figure:
    """The share of labels that confident learning counts as wrong, with 95 % bounds.

    Wilson's, of as many items as the spread of a bootstrap leaves (Kish's design effect, 1 or
    more): the thresholds are found anew in every draw, and few doubts have no bound below 0. It
    knows nothing of the probe's own errors: it bounds chance, not the model.
    """
    draw = np.random.default_rng(seed)
    n, share = len(codes), float(_doubted(probabilities, codes).mean())
    draws = int(np.clip(WORK / max(1, probabilities.size), 20, DRAWS))
    spread = np.std(
        [
            _doubted(probabilities[rows], codes[rows]).mean()
            for rows in (draw.integers(0, n, n) for _ in range(draws))
        ]
    )
    of_chance = share * (1 - share) / n
    left = n / max(1.0, float(spread) ** 2 / of_chance) if of_chance else n
    return Figure(share, *share_bounds(share * left, left))


def _doubted(probabilities: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """As `doubted`, in a few array operations, so that it can be drawn hundreds of times."""
    rows = np.arange(len(codes))
    given = probabilities[rows, codes]
    counts = np.bincount(codes, minlength=probabilities.shape[1])
    sums = np.bincount(codes, given, probabilities.shape[1])
    usual = np.divide(sums, counts, out=np.full(len(sums), np.inf), where=counts > 0)
    sure = probabilities >= usual - _SLACK
    several = sure.sum(axis=1) > 1
    guess = np.where(several, probabilities.argmax(axis=1), sure.argmax(axis=1))
    outdone = given < probabilities.max(axis=1) - _CLOSE
    return np.asarray(sure.any(axis=1) & (guess != codes) & outdone)
