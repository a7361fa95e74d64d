"""Can two sets be told apart, and by how much does each item belong to its own?

A classifier learns to tell them apart on some folds and scores the items of the one it has not
seen (Friedman 2004; Lopez-Paz and Oquab 2017): logistic regression on standardised vectors, L2
with C = 0.01, both sets weighing the same. Its AUC is the mean of those within folds. Each pair of
folds is compared twice, once in either role, so that of a linear classifier's folds the variance
of the mean is up to twice what independent ones would have (LENT). Where the AUC is no better than
chance the two are not told apart as wholes; a small group, or one amidst the others, may still be.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from excavate.gaps.delong import auc_of_parts
from excavate.gaps.finding import Figure
from excavate.gaps.kin import kin
from excavate.progress import Progress, silent

C = 0.01  # one value, not tuned on any dataset
MOST_STEPS = 200
LENT = 2.0


@dataclass(frozen=True, slots=True)
class Told:
    """Scores out of fold: above 0 rather the first set. `chance`: AUCs of shuffled memberships."""

    first: np.ndarray
    second: np.ndarray
    auc: Figure
    chance: Figure | None

    @property
    def apart(self) -> bool:
        """Whether the interval lies above 0.5, and the AUC above what shuffling gives."""
        low = self.auc.low or 0.0
        return low > 0.5 and (self.chance is None or self.auc.value > (self.chance.high or 1.0))


def tell_apart(
    first: np.ndarray,
    second: np.ndarray,
    folds: int = 5,
    permutations: int = 0,
    seed: int = 0,
    progress: Progress = silent,
    together: np.ndarray | None = None,
) -> Told:
    """Cross-fit the classifier on two sets (n, d) and (m, d), each of `folds` items or more.

    `permutations`: how often to shuffle who belongs where and fit again (0: the interval alone).
    `together` (n + m,): what is never parted, see kin.py. Time O((n + m) d steps folds
    (1 + permutations)).
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    whole = kin(first, second) if together is None else together
    vectors = _standardised(np.concatenate([first, second]))
    belongs = np.arange(len(vectors)) < len(first)
    draw = np.random.default_rng(seed)
    counted = _Counted(progress, folds * (1 + permutations))

    def scored(mine: np.ndarray) -> tuple[np.ndarray, Figure]:
        fold = _folds(whole, mine, folds, draw)
        scores = _out_of_fold(vectors, mine, fold, counted)
        return scores, _auc(scores, mine, fold)

    # Another number of threads sums in another order, and gives other last digits.
    with threadpool_limits(1):
        scores, auc = scored(belongs)
        chance = [scored(draw.permutation(belongs))[1].value for _ in range(permutations)]
    return Told(scores[belongs], scores[~belongs], auc, _range(chance) if chance else None)


def _auc(scores: np.ndarray, belongs: np.ndarray, fold: np.ndarray) -> Figure:
    """Within folds: scores of different learners are on different scales."""
    parts = [(scores[(fold == f) & belongs], scores[(fold == f) & ~belongs]) for f in set(fold)]
    both = [part for part in parts if len(part[0]) and len(part[1])]
    return auc_of_parts(both, LENT) if both else Figure(0.5, 0.0, 1.0)


@dataclass
class _Counted:
    progress: Progress
    total: int
    done: int = 0

    def __call__(self) -> None:
        self.done += 1
        self.progress("tell apart", self.done, self.total)


def _standardised(vectors: np.ndarray) -> np.ndarray:
    """Each column with mean 0 and variance 1; a constant column becomes 0."""
    centred = vectors - vectors.mean(axis=0, dtype=np.float64).astype(vectors.dtype)
    spread = centred.std(axis=0, dtype=np.float64)
    spread[spread < 1e-7] = np.inf
    return np.asarray(centred / spread, np.float32)


def _folds(
    together: np.ndarray, belongs: np.ndarray, folds: int, draw: np.random.Generator
) -> np.ndarray:
    """A fold for each item: both sets spread evenly, what is not to be parted together."""
    kinds = np.empty(together.max() + 1, np.int64)
    shared = np.zeros(len(kinds), bool)
    shared[together[belongs]] = True
    for side in (shared, ~shared):
        which = draw.permutation(np.flatnonzero(side))
        kinds[which] = np.arange(len(which)) % folds
    return np.asarray(kinds[together])


def _out_of_fold(
    vectors: np.ndarray, belongs: np.ndarray, fold: np.ndarray, counted: _Counted
) -> np.ndarray:
    from sklearn.linear_model import LogisticRegression

    scores = np.zeros(len(vectors))
    for one in np.unique(fold):
        held = fold == one
        if len(set(belongs[~held])) == 2:
            learner = LogisticRegression(
                C=C, class_weight="balanced", max_iter=MOST_STEPS, tol=1e-3
            )
            learner.fit(vectors[~held], belongs[~held])
            scores[held] = learner.decision_function(vectors[held])
        counted()
    return scores


def _range(values: list[float]) -> Figure:
    """The median and the middle 95 %, its ends drawn outwards to a value that occurred."""
    ordered, last = sorted(values), len(values) - 1
    ends = ordered[math.floor(0.025 * last)], ordered[math.ceil(0.975 * last)]
    return Figure(float(np.median(ordered)), *ends)
