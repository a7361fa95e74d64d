"""Labels against their neighbourhoods in embedding space, and dense places that have no name.

Neighbours are the k nearest by cosine similarity, never layout coordinates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from excavate.gaps.finding import Figure
from excavate.gaps.shares import share_bounds
from excavate.progress import Progress, silent


def nearest_rows(
    vectors: np.ndarray, k: int, progress: Progress = silent
) -> tuple[np.ndarray, np.ndarray]:
    """The k nearest of each row of (n, d), itself left out: rows and cosines, both (n, k).

    Exact up to 20,000 items, by an index of measured recall (0.99 wanted) beyond.
    """
    from excavate.embedding.indexed import indexed_nearest
    from excavate.embedding.neighbours import EXACT_UP_TO, nearest

    whole = np.ascontiguousarray(vectors, np.float32)
    if len(whole) <= EXACT_UP_TO:
        return nearest(whole, k, progress=progress)
    found = indexed_nearest(whole, k, progress=progress)
    return found.rows, found.similarities


def apart(rows: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """The share of each item's neighbours that carry another label, of those that could agree.

    rows (n, k); codes (n,), -1 for no label: such neighbours say nothing. A label of m items
    can have at most m - 1 neighbours that agree, so a small label is not called torn for being
    small. NaN where nothing can be said: no label, alone with it, no labelled neighbour.
    """
    counts = np.bincount(codes[codes >= 0], minlength=1)
    near = codes[rows]
    same = ((near == codes[:, None]) & (near >= 0)).sum(axis=1)
    others = np.where(codes >= 0, counts[np.maximum(codes, 0)] - 1, 0)
    possible = np.minimum((near >= 0).sum(axis=1), others)
    agreeing = np.divide(same, possible, out=np.full(len(codes), np.nan), where=possible > 0)
    return np.asarray(1.0 - agreeing)


@dataclass(frozen=True, slots=True)
class Torn:
    """A label whose items' neighbours mostly carry others: share with its interval."""

    label: int
    share: Figure
    instead: int  # the label that its neighbours carry most
    items: np.ndarray  # (m,) rows, the most torn first


def torn_labels(rows: np.ndarray, codes: np.ndarray, shares: np.ndarray, over: float) -> list[Torn]:
    """The labels whose mean share of `apart` is over `over` with its 95 % interval, worst first.

    The interval is Wilson's over the label's items: too wide rather than too narrow, for a share
    varies less among items than a yes or no would. O(n k).
    """
    found = []
    known = np.flatnonzero(~np.isnan(shares))
    known = known[np.argsort(codes[known], kind="stable")]
    starts = np.flatnonzero(np.diff(codes[known], prepend=-1))
    for own in np.split(known, starts[1:]) if len(known) else []:
        share = _mean(shares[own])
        if (share.low or 0.0) > over:
            own = own[np.argsort(-shares[own], kind="stable")]
            found.append(Torn(int(codes[own[0]]), share, _instead(rows[own], codes, own), own))
    return sorted(found, key=lambda torn: (-torn.share.value, torn.label))


def _instead(rows: np.ndarray, codes: np.ndarray, own: np.ndarray) -> int:
    near = codes[rows].ravel()
    return int(np.bincount(near[(near >= 0) & (near != codes[own[0]])]).argmax())


def _mean(shares: np.ndarray) -> Figure:
    low, high = share_bounds(round(float(shares.sum())), len(shares))
    return Figure(float(shares.mean()), min(low, float(shares.mean())), high)


@dataclass(frozen=True, slots=True)
class Region:
    """A dense place of items without a name of their own: rows, the most central first."""

    items: np.ndarray
    unnamed: float  # the share of their neighbours that have no name either
    nearest: int  # the name most of the other neighbours carry; -1: none do
    residual: int  # the residual label most of the items carry; -1: no label


def nameless_regions(
    rows: np.ndarray, similar: np.ndarray, codes: np.ndarray, residual: np.ndarray, least: int
) -> list[Region]:
    """Dense groups of items that no label names, the largest first.

    codes (n,), -1 for no label; residual (n,) of bool: the label is one for what is left over.
    An item is dense where its k-th neighbour is at least as near as that of half of the named
    items; groups are the connected parts of the neighbour graph among dense nameless items,
    of `least` items or more. O(n k).
    """
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    nameless = (codes < 0) | residual
    if not nameless.any() or nameless.all():
        return []
    reach = similar[:, -1]
    at = np.flatnonzero(nameless & (reach >= np.median(reach[~nameless])))
    place = np.full(len(codes), -1)
    place[at] = np.arange(len(at))
    near = place[rows[at]]
    start, slot = np.nonzero(near >= 0)
    graph = csr_matrix((np.ones(len(start)), (start, near[start, slot])), (len(at), len(at)))
    _, part = connected_components(graph, directed=False)
    sizes = np.bincount(part, minlength=1)
    large = [n for n in np.argsort(-sizes, kind="stable") if sizes[n] >= max(1, least)]
    return [_region(at[part == n], rows, similar, codes, nameless) for n in large]


def _region(
    items: np.ndarray,
    rows: np.ndarray,
    similar: np.ndarray,
    codes: np.ndarray,
    nameless: np.ndarray,
) -> Region:
    central = items[np.argsort(-similar[items].mean(axis=1), kind="stable")]
    near = rows[items].ravel()
    return Region(
        central,
        float(nameless[near].mean()),
        _commonest(codes[near[~nameless[near]]]),
        _commonest(codes[items]),
    )


def _commonest(codes: np.ndarray) -> int:
    known = codes[codes >= 0]
    return int(np.bincount(known).argmax()) if len(known) * 2 >= len(codes) > 0 else -1
