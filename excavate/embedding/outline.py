"""Which items an outline on a map means: those inside it, or those that ring an empty place.

This is all that coordinates of a layout are good for: to say which items somebody pointed at.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

SECTORS = 36  # directions in which one looks out of an empty place
EACH = 3  # items in one direction
FARTHEST = 3.0  # times the reach of the outline: what lies beyond does not ring it


def inside(x: np.ndarray, y: np.ndarray, outline: Sequence[Sequence[float]]) -> np.ndarray:
    """Which points lie inside a closed outline (even-odd rule), as bool (n,). O(n * vertices)."""
    found = np.zeros(len(x), dtype=bool)
    corners = np.asarray(outline, dtype=np.float64).reshape(-1, 2)
    if len(corners) < 3:
        return found
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        crosses = (y0 > y) != (y1 > y)
        if crosses.any():
            found ^= crosses & (x < (x1 - x0) * (y - y0) / ((y1 - y0) or 1e-300) + x0)
    return found


def ringing(
    x: np.ndarray, y: np.ndarray, outline: Sequence[Sequence[float]]
) -> tuple[np.ndarray, np.ndarray]:
    """The items that ring an empty place: rows int64 (m,) and their directions in radians (m,).

    Looking out from the middle of the outline, the first EACH items met in each of SECTORS
    directions, unless they lie farther away than FARTHEST times the outline reaches. O(n log n).
    """
    corners = np.asarray(outline, dtype=np.float64).reshape(-1, 2)
    middle = corners.mean(axis=0)
    reach = np.hypot(*(corners - middle).T).max()
    across, up = np.asarray(x, np.float64) - middle[0], np.asarray(y, np.float64) - middle[1]
    away, direction = np.hypot(across, up), np.arctan2(up, across)
    near = np.flatnonzero(away <= FARTHEST * reach)
    near = near[np.argsort(away[near], kind="stable")]
    sector = np.floor((direction[near] + np.pi) / (2 * np.pi) * SECTORS).astype(int) % SECTORS
    order = np.argsort(sector, kind="stable")  # within a direction the nearest first
    starts = np.searchsorted(sector[order], np.arange(SECTORS))
    place = np.arange(len(order)) - starts[sector[order]]
    rows = near[order[place < EACH]]
    return rows, direction[rows]
