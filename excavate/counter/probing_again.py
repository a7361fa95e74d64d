"""A linear probe taught without and with the members: does it call more of the dataset right?

Each item of the dataset is judged by a model that did not see it: multinomial logistic regression
over folds (gaps/probing.py). The folds are the same without and with, and so are the items that
are judged, so the difference is of pairs. The members are judged too: by the models taught by the
dataset alone, and by models that were also taught by the members of the other folds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from excavate.counter.before_after import Again, paired_shares
from excavate.gaps.finding import Figure
from excavate.gaps.prdc import share
from excavate.gaps.probing import fitted, sampled
from excavate.progress import Progress, silent

FEWEST = 5  # members with a label, and items of a category that is judged
MOST = 5_000  # items that one model learns from: it is fitted three times a fold
ALL, OF_MEMBERS = "accuracy", "accuracy_of_members"


@dataclass(frozen=True, slots=True)
class Taught:
    """float32 (n, d) unit vectors and codes (n,) of the categories from 0."""

    vectors: np.ndarray
    codes: np.ndarray


def probed(
    dataset: Taught, members: Taught, names: Sequence[str], folds: int = 5, seed: int = 0,
    progress: Progress = silent, strength: float = 0.1,
) -> Again:  # fmt: skip
    """Accuracy of all, of each category (`category:NAME`), and of the members; Wilson's bounds.

    Every category needs `folds` items of D and as many members are needed in all. O(folds n d k)
    an iteration of the fit.
    """
    right = _judged(dataset, members, folds, seed, strength, progress)
    before, after, between = {}, {}, {}
    groups = {ALL: np.ones(len(dataset.codes), bool)}
    groups |= {f"category:{name}": dataset.codes == code for code, name in enumerate(names)}
    for name, rows in groups.items():
        before[name], after[name], between[name] = _compared(right[0][rows], right[1][rows])
    compared = _compared(right[2], right[3])
    before[OF_MEMBERS], after[OF_MEMBERS], between[OF_MEMBERS] = compared
    return Again(before, after, between)


def _compared(before: np.ndarray, after: np.ndarray) -> tuple[Figure, Figure, Figure]:
    return share(before), share(after), paired_shares(before, after)


def _judged(
    dataset: Taught, members: Taught, folds: int, seed: int, strength: float, progress: Progress
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Bool: D's items right without and with (n,), the members right without and with (m,)."""
    from sklearn.model_selection import StratifiedKFold

    without, with_members = (np.zeros(len(dataset.codes), bool) for _ in range(2))
    apart, together = (
        np.zeros((folds, len(members.codes)), bool),
        np.zeros(len(members.codes), bool),
    )
    turns = np.random.default_rng(seed).permutation(len(members.codes)) % folds
    split = StratifiedKFold(folds, shuffle=True, random_state=seed)
    for number, (seen, held) in enumerate(split.split(dataset.codes, dataset.codes)):
        progress("probe", number, folds)
        rows = sampled(dataset.codes, seen, MOST, seed)
        own = Taught(dataset.vectors[rows], dataset.codes[rows])
        judged, codes = dataset.vectors[held], dataset.codes[held]
        model = fitted(own.vectors, own.codes, strength)
        without[held] = model.predict(judged) == codes
        apart[number] = model.predict(members.vectors) == members.codes
        model = _with(own, members, np.ones(len(turns), bool), strength)
        with_members[held] = model.predict(judged) == codes
        mine = turns == number
        model = _with(own, members, ~mine, strength)
        together[mine] = model.predict(members.vectors[mine]) == members.codes[mine]
    progress("probe", folds, folds)
    return without, with_members, apart[turns, np.arange(len(turns))], together


def _with(own: Taught, members: Taught, chosen: np.ndarray, strength: float) -> Any:
    vectors = np.concatenate([own.vectors, members.vectors[chosen]])
    return fitted(vectors, np.concatenate([own.codes, members.codes[chosen]]), strength)
