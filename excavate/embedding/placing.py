"""New items of a dataset already laid out: placed by their neighbours, the rest unmoved."""

from __future__ import annotations

import numpy as np

from excavate.embedding.nearest import nearest_to


def placed(
    vectors: np.ndarray, known: np.ndarray, points: np.ndarray, k: int, device: str = "auto"
) -> np.ndarray:
    """Coordinates float32 (n, 2) of all rows of `vectors` (n, d).

    `known` (n,) bool marks rows that have coordinates in `points` (n, 2): they keep them to
    the bit. Every other row gets the mean of its k nearest known rows, weighted by cosine
    similarity (negative counts as 0; where all are 0 or less, unweighted).
    """
    placed_at = np.array(points, dtype=np.float32)
    new = np.flatnonzero(~known)
    if len(new) == 0:
        return placed_at
    old = np.flatnonzero(known)
    rows, similar = nearest_to(vectors[new], vectors[old], k, device=device)
    weights = np.clip(similar.astype(np.float64), 0.0, None)
    weights[weights.sum(axis=1) == 0] = 1.0
    weights /= weights.sum(axis=1, keepdims=True)
    around = placed_at[old][rows].astype(np.float64)
    placed_at[new] = (weights[:, :, None] * around).sum(axis=1)
    return placed_at
