"""Intervals of a share: Wilson's for one, Goodman's for all the shares of a whole together."""

from __future__ import annotations

import numpy as np

Z = 1.959963984540054
Bounds = tuple[np.ndarray, np.ndarray]


def wilson(count: np.ndarray | float, of: np.ndarray | float, z: float = Z) -> Bounds:
    """95 % bounds of count / of (Wilson 1927); 0 and 1 where there is nothing to count."""
    seen, total = np.asarray(count, dtype=float), np.asarray(of, dtype=float)
    some = np.maximum(total, 1)
    middle = (seen + z * z / 2) / (some + z * z)
    spread = z * np.sqrt(seen * (some - seen) / some + z * z / 4) / (some + z * z)
    none = total == 0
    low = np.where(none | (seen <= 0), 0.0, np.maximum(0.0, middle - spread))
    high = np.where(none | (seen >= some), 1.0, np.minimum(1.0, middle + spread))
    return low, high


def share_bounds(count: float, of: float) -> tuple[float, float]:
    """Wilson's 95 % bounds of one share, as numbers that a Figure takes."""
    low, high = wilson(count, of)
    return float(low), float(high)


def goodman(counts: np.ndarray, alpha: float = 0.05) -> Bounds:
    """Bounds that hold for all shares of a multinomial together (Goodman 1965)."""
    from scipy.special import ndtri

    z = -float(ndtri(alpha / 2 / max(1, len(counts))))
    return wilson(counts, np.full(len(counts), counts.sum()), z)
