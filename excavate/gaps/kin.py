"""Which items are kin: copies, near copies, and copies of these.

A classifier that has seen an item's near copy recognises the item, whatever the two sets have
else: so kin are never parted. Kin lie nearer than FAR of the usual distance of an item to the
farthest of its nearest; of many near copies in a row all are kin.
"""

from __future__ import annotations

import numpy as np

from excavate.gaps.rough import Near, among, around, lengths

FAR = 0.1  # of what is usual: chance hardly brings items as near where dimensions are many
AROUND = 10


def kin(
    first: np.ndarray, second: np.ndarray, near: tuple[Near, Near, Near] | None = None
) -> np.ndarray:
    """A number for each of (n, d) and then (m, d) unit vectors, the same for kin; int32 (n + m,).

    `near`: the nearest of the first in the first, of the second in the second, and of the second
    among the first; searched for where not given, in O((n + m)^2 d).
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    own, theirs, across = near or _near(first, second)
    usual = np.median(np.concatenate([lengths(own[1][:, -1]), lengths(theirs[1][:, -1])]))
    n, whole = len(first), len(first) + len(second)
    links = [_links(own, 0, 0, usual), _links(theirs, n, n, usual), _links(across, n, 0, usual)]
    links.append(_equal(np.concatenate([first, second])))
    one, other = (np.concatenate(side) for side in zip(*links, strict=True))
    graph = coo_array((np.ones(len(one), bool), (one, other)), shape=(whole, whole))
    return np.asarray(connected_components(graph, directed=False)[1])


def _near(first: np.ndarray, second: np.ndarray) -> tuple[Near, Near, Near]:
    return around(first, AROUND), around(second, AROUND), among(second, first, AROUND)


def _links(near: Near, start: int, target: int, usual: float) -> tuple[np.ndarray, np.ndarray]:
    rows, place = np.nonzero(lengths(near[1]) < FAR * usual)
    return rows + start, near[0][rows, place] + target


def _equal(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    first, place = np.unique(vectors, axis=0, return_index=True, return_inverse=True)[1:]
    return np.arange(len(vectors)), first[place.reshape(-1)]
