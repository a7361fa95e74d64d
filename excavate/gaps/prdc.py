"""Density, coverage, precision and recall of a dataset against a reference, by k-NN balls.

A ball reaches from an item to its k-th nearest in its own set, the item itself not counted.
Kynkäänniemi et al. 2019 (precision, recall), Naeem et al. 2020 (density, coverage); vectors are
of length 1, so that the order by cosine is the order by distance. A ball's border is drawn within
rounding inside of it, so that an item that both sets hold lies *on* the border wherever it defines
it; a ball always holds copies of its own centre.

Exact. Time O(R^2 d + D^2 d + R D d), memory O((R + D) k) and a tile of 512 x 1,024 for each thread.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from excavate.gaps.finding import Figure
from excavate.gaps.rough import Near, around, in_blocks
from excavate.gaps.shares import share_bounds
from excavate.progress import Progress, silent

QUERIES, ROWS = 512, 1024  # of a tile: its similarities stay in a core's cache
NORMAL = 1.959964  # two-sided 95 %
OVERLAP = 2.0  # balls overlap: in trials variances were 0.6 to 2.1 times that of as many apart


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
    near = around(reference, wide, progress), around(dataset, wide, progress)
    first, second = _side(reference, near[0], k), _side(dataset, near[1], k)
    return Balls(k, *_across(first, second, progress), *near)


@dataclass(frozen=True, slots=True)
class _Side:
    vectors: np.ndarray
    borders: np.ndarray


def _side(vectors: np.ndarray, near: Near, k: int) -> _Side:
    slack = rounding(vectors.shape[1])
    borders = np.minimum(near[1][:, k - 1] + slack, 1 - 2 * slack).astype(np.float32)
    return _Side(np.ascontiguousarray(vectors, np.float32), borders)


def _across(
    reference: _Side, dataset: _Side, progress: Progress
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """held, found, reached and closest, from one product of the two sets."""
    found = np.zeros(len(dataset.vectors), bool)
    parts = in_blocks(
        lambda block: _block(reference, block, dataset, found),
        len(reference.vectors), QUERIES, "balls", progress,
    )  # fmt: skip
    held, reached, closest = (np.concatenate(part) for part in zip(*parts, strict=True))
    return held, found, reached, closest


def _block(
    reference: _Side, block: slice, dataset: _Side, found: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """held, reached and closest of some rows of R, tile by tile; what they find is put in `found`.

    The highest of each row and column say which of them cross a border at all: few do.
    """
    queries, borders = reference.vectors[block], reference.borders[block]
    held, reached = np.zeros(len(queries), np.int64), np.zeros(len(queries), bool)
    closest = np.full(len(queries), -np.inf, np.float32)
    space = np.empty(len(queries) * min(ROWS, len(found)), np.float32)
    for start in range(0, len(found), ROWS):
        columns = slice(start, start + ROWS)
        theirs = dataset.borders[columns]
        tile = space[: len(queries) * len(theirs)].reshape(len(queries), len(theirs))
        np.matmul(queries, dataset.vectors[columns].T, out=tile)
        nearest = tile.max(axis=1)
        np.maximum(closest, nearest, out=closest)
        rows = np.flatnonzero(nearest > borders)
        inside = tile[rows] > borders[rows, None]
        held[rows] += np.count_nonzero(inside, axis=1)
        found[start + np.flatnonzero(inside.any(axis=0))] = True  # never back: threads share it
        reaching = np.flatnonzero(tile.max(axis=0) > theirs)
        reached |= (tile[:, reaching] > theirs[reaching]).any(axis=1)
    return held, reached, closest


def figures_of(found: Balls) -> dict[str, Figure]:
    """The four numbers, with 95 % intervals over the items they are means of.

    Wilson's for the shares: coverage and recall over R's items, precision over D's; the normal
    one for density, over R's balls. As balls overlap, items count half (OVERLAP): enough at k = 5
    and below; at k = 20 in three dimensions the variance is four times that of balls apart.
    """
    return {
        "coverage": share(found.held > 0, OVERLAP),
        "density": _density(found),
        "recall": share(found.reached, OVERLAP),
        "precision": share(found.found, OVERLAP),
    }


def by_chance(reference: int, dataset: int, both: int, k: int) -> dict[str, Figure]:
    """Coverage and density to be expected where R and D are drawn alike, of these sizes.

    Of all other items, in the order of their distance, a ball holds those before the k-th of R:
    it holds none of D where k of R come first. `both`: how many of R's items D holds too, each
    once; their balls hold themselves, and on a border they are not inside. Of precision and
    recall there is no such formula. Exact for items drawn alike from whatever has a density.
    """
    nobody = 1.0
    others = reference + max(dataset - both, 0)  # itself among them
    for place in range(1, k):
        nobody *= max(reference - both - place, 0) / (others - place)
    nobody *= (reference - k) / (others - k)
    reached = (both + (reference - both) * (1 - nobody)) / reference
    return {"coverage_by_chance": Figure(reached), "density_by_chance": Figure(1.0)}


def share(hits: np.ndarray, overlap: float = 1.0) -> Figure:
    """The share of hits with Wilson's 95 % interval, as if of a part of so many items."""
    p, few = float(hits.mean()), len(hits) / overlap
    low, high = share_bounds(p * few, few)
    return Figure(p, min(low, p), max(high, p))


def _density(found: Balls) -> Figure:
    """The mean over R's balls of what they hold of D, in units of what is usual: k a ball.

    Naeem: (1/k) mean over D of the balls an item lies in = sum of held / (k m).
    """
    counts = found.held * (len(found.held) / (found.k * len(found.found)))
    spread = NORMAL * float(counts.std()) / math.sqrt(len(counts) / OVERLAP)
    value = float(counts.mean())
    return Figure(value, max(0.0, value - spread), value + spread)
