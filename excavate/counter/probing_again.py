"""A linear probe taught without and with the members: does it call more of the dataset right?

Each item of the dataset is judged by a model that saw neither it nor its near copy: multinomial
logistic regression over folds (gaps/probing.py); a member that is kin of an item (gaps/kin.py)
teaches nobody who judges that item. The folds are the same without and with, and so are the items
that are judged, so the difference is of pairs. The members are judged too: by the models taught by
the dataset alone, and by models that were also taught by the members of the other folds; members
that are kin are in one fold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from excavate.counter.before_after import Again, paired_shares
from excavate.gaps.finding import Figure
from excavate.gaps.kin import kin
from excavate.gaps.prdc import share
from excavate.gaps.probing import fitted, sampled
from excavate.progress import Progress, silent

FEWEST = 5  # members with a label, and items of a category that is judged
ALL, OF_MEMBERS = "accuracy", "accuracy_of_members"


@dataclass(frozen=True, slots=True)
class Taught:
    """float32 (n, d) unit vectors and codes (n,) of the categories from 0."""

    vectors: np.ndarray
    codes: np.ndarray


@dataclass(frozen=True, slots=True)
class Teaching:
    """Folds and their seed, the inverse of the penalty, items that one model learns from."""

    folds: int = 5
    seed: int = 0
    strength: float = 0.1
    learns_from: int = 5_000


def probed(
    dataset: Taught, members: Taught, names: Sequence[str], how: Teaching | None = None,
    groups: np.ndarray | None = None, progress: Progress = silent,
) -> Again:  # fmt: skip
    """Accuracy of all, of each category (`category:NAME`), and of the members; Wilson's bounds.

    `groups`: a number for each of D and then of M, the same for kin; found here if not given.
    Every category needs `folds` items of D and as many members are needed in all. O(folds n d k)
    an iteration of the fit.
    """
    if groups is None:
        groups = kin(dataset.vectors, members.vectors)
    right = _judged(dataset, members, groups, how or Teaching(), progress)
    before, after, between = {}, {}, {}
    judged = {ALL: np.ones(len(dataset.codes), bool)}
    judged |= {f"category:{name}": dataset.codes == code for code, name in enumerate(names)}
    for name, rows in judged.items():
        before[name], after[name], between[name] = _compared(right[0][rows], right[1][rows])
    compared = _compared(right[2], right[3])
    before[OF_MEMBERS], after[OF_MEMBERS], between[OF_MEMBERS] = compared
    return Again(before, after, between)


def _compared(before: np.ndarray, after: np.ndarray) -> tuple[Figure, Figure, Figure]:
    return share(before), share(after), paired_shares(before, after)


def _judged(
    dataset: Taught, members: Taught, groups: np.ndarray, how: Teaching, progress: Progress
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Bool: D's items right without and with (n,), the members right without and with (m,)."""
    from sklearn.model_selection import StratifiedKFold

    without, with_members = (np.zeros(len(dataset.codes), bool) for _ in range(2))
    apart, together = (np.zeros(len(members.codes), bool) for _ in range(2))
    items, added = groups[: len(dataset.codes)], groups[len(dataset.codes) :]
    turns = _turns(added, how)
    split = StratifiedKFold(how.folds, shuffle=True, random_state=how.seed)
    for number, (seen, held) in enumerate(split.split(dataset.codes, dataset.codes)):
        progress("probe", number, how.folds)
        rows = sampled(dataset.codes, seen, how.learns_from, how.seed)
        own = Taught(dataset.vectors[rows], dataset.codes[rows])
        judged, codes = dataset.vectors[held], dataset.codes[held]
        alone = fitted(own.vectors, own.codes, how.strength)
        without[held] = alone.predict(judged) == codes
        model = _with(own, members, ~np.isin(added, items[held]), how.strength)
        with_members[held] = model.predict(judged) == codes
        mine = turns == number
        if mine.any():
            given, right = members.vectors[mine], members.codes[mine]
            apart[mine] = alone.predict(given) == right
            together[mine] = _with(own, members, ~mine, how.strength).predict(given) == right
    progress("probe", how.folds, how.folds)
    return without, with_members, apart, together


def _turns(groups: np.ndarray, how: Teaching) -> np.ndarray:
    """The fold of each member, int (m,): drawn by the seed, one for all of a group."""
    each, place = np.unique(groups, return_inverse=True)
    turns: np.ndarray = np.random.default_rng(how.seed).permutation(len(each)) % how.folds
    return turns[place]


def _with(own: Taught, members: Taught, chosen: np.ndarray, strength: float) -> Any:
    vectors = np.concatenate([own.vectors, members.vectors[chosen]])
    return fitted(vectors, np.concatenate([own.codes, members.codes[chosen]]), strength)
