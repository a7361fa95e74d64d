"""What hangs together by pairs: groups of items, who has a match where, how much is repeated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

_NONE = np.zeros(0, np.int64)


def _none() -> np.ndarray:
    return _NONE


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one method says of n items: classes of identical ones, and pairs of near classes.

    classes: int64 (n,), -1 where an item was not compared. first, second: int64 (m,) classes;
    value: how near, (m,); turn: uint8 (m,), how the second has to be turned, where that is known.
    """

    method: str
    classes: np.ndarray
    first: np.ndarray = field(default_factory=_none)
    second: np.ndarray = field(default_factory=_none)
    value: np.ndarray = field(default_factory=_none)
    turn: np.ndarray = field(default_factory=_none)

    @property
    def compared(self) -> int:
        """How many items it looked at."""
        return int((self.classes >= 0).sum())

    @property
    def count(self) -> int:
        """How many classes there are."""
        return int(self.classes.max(initial=-1)) + 1


def components(n: int, evidence: Sequence[Evidence]) -> np.ndarray:
    """int64 (n,): the group of each item, numbered by its first item; a lone one is a group."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ends: list[tuple[np.ndarray, np.ndarray]] = []
    nodes = n  # the classes of each method follow the items
    for said in evidence:
        there = np.flatnonzero(said.classes >= 0)
        ends.append((there, nodes + said.classes[there]))
        ends.append((nodes + said.first, nodes + said.second))
        nodes += said.count
    one, other = (np.concatenate([_NONE, *side]) for side in zip(*ends, strict=True)) if ends else (
        _NONE, _NONE)  # fmt: skip
    graph = coo_array((np.ones(len(one), bool), (one, other)), shape=(nodes, nodes))
    found = connected_components(graph, directed=False)[1][:n]
    _, first, number = np.unique(found, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[number]


def reached(evidence: Evidence, side: np.ndarray, sides: int) -> np.ndarray:
    """bool (n, sides): whether the item's match, or one of its identical ones, is on that side.

    `side` int (n,). An item counts for its own side by itself.
    """
    from scipy.sparse import coo_array

    there = np.flatnonzero(evidence.classes >= 0)
    shape = (evidence.count, sides)
    ones = np.ones(len(there), np.int64)
    holds = coo_array((ones, (evidence.classes[there], side[there])), shape=shape).tocsr()
    one = np.concatenate([evidence.first, evidence.second])
    other = np.concatenate([evidence.second, evidence.first])
    near = coo_array((np.ones(len(one), np.int64), (one, other)), shape=(shape[0], shape[0]))
    by_class = (holds + near.tocsr() @ holds).toarray() > 0
    found = np.zeros((len(side), sides), bool)
    found[there] = by_class[evidence.classes[there]]
    return found


def elsewhere(evidence: Evidence, side: np.ndarray) -> np.ndarray:
    """bool (n,): whether the item has a match on any side but its own; for any number of sides."""
    there = evidence.classes >= 0
    classes, own = evidence.classes[there], side[there]
    least, most = np.full(evidence.count, np.iinfo(np.int64).max), np.full(evidence.count, -1)
    np.minimum.at(least, classes, own)
    np.maximum.at(most, classes, own)
    near_least, near_most = least.copy(), most.copy()
    for one, other in (evidence.first, evidence.second), (evidence.second, evidence.first):
        np.minimum.at(near_least, one, least[other])
        np.maximum.at(near_most, one, most[other])
    found = np.zeros(len(side), bool)
    found[there] = (near_least[classes] != own) | (near_most[classes] != own)
    return found


def crowded(evidence: Evidence) -> np.ndarray:
    """bool (classes,): whether several items are of one class."""
    there = evidence.classes[evidence.classes >= 0]
    return np.bincount(there, minlength=evidence.count) > 1


def matched(evidence: Evidence) -> np.ndarray:
    """bool (n,): whether the method finds any other item like this one."""
    there = evidence.classes >= 0
    crowd = crowded(evidence)
    crowd[evidence.first] = True
    crowd[evidence.second] = True
    found = np.zeros(len(there), bool)
    found[there] = crowd[evidence.classes[there]]
    return found


def effective_number(groups: np.ndarray) -> float:
    """exp of the entropy of the groups' shares: n where all stand alone, 1 where all are one."""
    shares = np.bincount(groups) / max(len(groups), 1)
    shares = shares[shares > 0]
    return float(np.exp(-(shares * np.log(shares)).sum()))
