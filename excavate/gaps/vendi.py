"""Vendi score: how many wholly different items would be as diverse as these.

exp of the Shannon entropy of the eigenvalues of K / n, K being the cosines of n vectors with each
other (Friedman and Dieng 2023): 1 where all are the same, n where all are orthogonal. The
eigenvalues of K / n that are not 0 are those of X'X / n, so n vectors of d numbers cost n d**2.
"""

from __future__ import annotations

import numpy as np

CHUNK = 1 << 22  # numbers of the vectors that are made float64 at once


def vendi(vectors: np.ndarray) -> float:
    """The score of vectors (n, d) of length 1; n at least 1. O(n d min(n, d))."""
    return float(np.exp(_entropies(_smaller(vectors)[None])[0]))


def of_draws(vectors: np.ndarray, size: int, draws: int, random: np.random.Generator) -> np.ndarray:
    """Scores of `draws` samples of `size` of the vectors, without replacement: float64 (draws,).

    Sets of different sizes can be compared only so: the score grows with n.
    """
    found = np.empty(draws)
    step = max(1, CHUNK // max(1, size * vectors.shape[1]))
    for first in range(0, draws, step):
        some = range(first, min(draws, first + step))
        chosen = np.stack([random.choice(len(vectors), size, replace=False) for _ in some])
        drawn = vectors[chosen].astype(np.float64)
        turned = drawn.transpose(0, 2, 1)
        small = drawn @ turned if size <= vectors.shape[1] else turned @ drawn
        found[first : first + len(some)] = np.exp(_entropies(small / size))
    return found


def _smaller(vectors: np.ndarray) -> np.ndarray:
    """K / n or X'X / n, whichever is smaller, in float64."""
    count, width = vectors.shape
    if count <= width:
        all_of_them = vectors.astype(np.float64)
        gram: np.ndarray = all_of_them @ all_of_them.T / count
        return gram
    held = np.zeros((width, width))
    step = max(1, CHUNK // width)
    for first in range(0, count, step):
        chunk = vectors[first : first + step].astype(np.float64)
        held += chunk.T @ chunk
    held /= count
    return held


def _entropies(matrices: np.ndarray) -> np.ndarray:
    """Shannon entropies of the eigenvalues of symmetric matrices (m, k, k), each of trace 1."""
    values = np.clip(np.linalg.eigvalsh(matrices), 0.0, None)
    values /= values.sum(axis=1, keepdims=True)
    logs = np.log(values, out=np.zeros_like(values), where=values > 0)
    found: np.ndarray = np.maximum(0.0, -(values * logs).sum(axis=1))
    return found
