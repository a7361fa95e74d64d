"""Density, coverage, precision and recall of a dataset against a reference, by k-NN balls.

A ball reaches from an item to its k-th nearest in its own set, the item itself not counted.
Kynkäänniemi et al. 2019 (precision, recall), Naeem et al. 2020 (density, coverage); vectors are
of length 1, so that the order by cosine is the order by distance. A ball's border is drawn within
rounding inside of it, so that an item that both sets hold lies *on* the border wherever it defines
it; a ball always holds copies of its own centre.

Exact. Time O(R^2 d + D^2 d + R D d), memory O((R + D) k) and a tile of 1,024 x 2,048.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from excavate.embedding.nearest import nearest
from excavate.gaps.finding import Figure
from excavate.progress import Progress, silent

QUERIES, ROWS = 1024, 2048  # of a tile: its similarities stay in the processor's cache
NORMAL = 1.959964  # two-sided 95 %
Near = tuple[np.ndarray, np.ndarray]  # rows int32 and similarities float32, (n, k)


@dataclass(frozen=True, slots=True)
class Balls:
    """What the balls of R (reference, n items) and of D (dataset, m items) hold of each other.

    held: int64 (n,), items of D in each ball of R; found: bool (m,), whether an item of D lies in
    any ball of R; reached: bool (n,), whether an item of R lies in any ball of D; closest:
    float32 (n,), the similarity of the nearest item of D. near_reference, near_dataset: the
    nearest of each item in its own set.
    """

    k: int
    held: np.ndarray
    found: np.ndarray
    reached: np.ndarray
    closest: np.ndarray
    near_reference: Near
    near_dataset: Near


def rounding(dimension: int) -> float:
    """More than a float32 dot product of unit vectors is off by."""
    return 1e-6 + 2e-7 * math.sqrt(dimension)


def balls(
    reference: np.ndarray,
    dataset: np.ndarray,
    k: int,
    neighbours: int = 0,
    progress: Progress = silent,
) -> Balls:
    """The balls of two sets, float32 (n, d) and (m, d), L2-normalised, n and m above k.

    `neighbours`: how many nearest to keep of each item, where more than k are wanted later.
    """
    wide = max(k, neighbours)
    near = nearest(reference, wide, progress=progress), nearest(dataset, wide, progress=progress)
    borders = [_borders(similar[:, k - 1], reference.shape[1]) for _, similar in near]
    held = np.zeros(len(reference), np.int64)
    found, reached = np.zeros(len(dataset), bool), np.zeros(len(reference), bool)
    closest = np.full(len(reference), -np.inf, np.float32)
    for rows, columns, tile in _tiles(reference, dataset, progress):
        inside = tile > borders[0][rows, None]
        held[rows] += [np.count_nonzero(row) for row in inside]
        found[columns] |= np.logical_or.reduce(inside, axis=0)
        reached[rows] |= (tile > borders[1][columns]).any(axis=1)
        np.maximum(closest[rows], tile.max(axis=1), out=closest[rows])
    return Balls(k, held, found, reached, closest, *near)


def _borders(similar: np.ndarray, dimension: int) -> np.ndarray:
    slack = rounding(dimension)
    return np.minimum(similar + slack, 1 - 2 * slack).astype(np.float32)


def _tiles(
    reference: np.ndarray, dataset: np.ndarray, progress: Progress
) -> Iterator[tuple[slice, slice, np.ndarray]]:
    queries = np.ascontiguousarray(reference, np.float32)
    rows = np.ascontiguousarray(dataset, np.float32)
    for start in range(0, len(queries), QUERIES):
        block = slice(start, start + QUERIES)
        for first in range(0, len(rows), ROWS):
            part = slice(first, first + ROWS)
            yield block, part, queries[block] @ rows[part].T
        progress("balls", min(start + QUERIES, len(queries)), len(queries))


def figures_of(found: Balls) -> dict[str, Figure]:
    """The four numbers, with 95 % intervals over the items they are means of.

    Wilson's for the shares: coverage and recall over R's items, precision over D's; the normal
    one for density, over R's balls. The balls themselves are taken as given.
    """
    return {
        "coverage": share(found.held > 0),
        "density": _density(found),
        "recall": share(found.reached),
        "precision": share(found.found),
    }


def share(hits: np.ndarray) -> Figure:
    """The share of hits with Wilson's 95 % interval."""
    n, p = len(hits), float(hits.mean())
    middle = p + NORMAL**2 / 2 / n
    spread = NORMAL * math.sqrt(p * (1 - p) / n + NORMAL**2 / 4 / n**2)
    low, high = ((middle + sign * spread) / (1 + NORMAL**2 / n) for sign in (-1, 1))
    return Figure(p, min(max(low, 0.0), p), max(min(high, 1.0), p))


def _density(found: Balls) -> Figure:
    """The mean over R's balls of what they hold of D, in units of what is usual: k a ball.

    Naeem: (1/k) mean over D of the balls an item lies in = sum of held / (k m).
    """
    counts = found.held * (len(found.held) / (found.k * len(found.found)))
    spread = NORMAL * float(counts.std()) / math.sqrt(len(counts))
    value = float(counts.mean())
    return Figure(value, max(0.0, value - spread), value + spread)
