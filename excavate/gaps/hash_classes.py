"""Equal and near hashes, settled by the waves they were made of."""

from __future__ import annotations

import numpy as np

from excavate.gaps.hash_pairs import Pairs
from excavate.gaps.hashing import likeness

_ROUNDS = 8  # pictures of one hash that look different; what is left after it stands alone


def hash_classes(
    hashes: np.ndarray, waves: np.ndarray | None, alike: float
) -> tuple[np.ndarray, np.ndarray]:
    """(class of each hash, the row of each class): equal hashes that correlate with its first.

    hashes uint64 (n,), waves float16 (n, 64) or None: then equal hashes are enough.
    """
    _, row, number = np.unique(hashes, return_index=True, return_inverse=True)
    if waves is None:
        return number, row
    classes, first = np.full(len(hashes), -1, np.int64), [np.zeros(0, np.int64)]
    left, count = np.arange(len(hashes)), 0
    for _round in range(_ROUNDS):
        _, row, place = np.unique(number[left], return_index=True, return_inverse=True)
        leader = left[row][place]
        same = likeness(waves[left], waves[leader], np.zeros(len(left), np.uint8)) >= alike
        same |= left == leader
        classes[left[same]] = count + place[same]
        first.append(left[row])
        count, left = count + len(row), left[~same]
        if not len(left):
            break
    classes[left] = count + np.arange(len(left))
    return classes, np.concatenate([*first, left])


def settled_pairs(pairs: Pairs, waves: np.ndarray | None, alike: float) -> Pairs:
    """The pairs whose waves (n, 64) correlate, in the position that brings them nearest."""
    if waves is None:
        return pairs
    kept = likeness(waves[pairs.first], waves[pairs.second], pairs.turn) >= alike
    return Pairs(pairs.first[kept], pairs.second[kept], pairs.distance[kept], pairs.turn[kept])
