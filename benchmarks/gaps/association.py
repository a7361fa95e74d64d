"""`association` beside the bare product that counts the same pairs: scipy's, nothing judged."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.sparse import csr_array

from benchmarks.neighbours import timed
from excavate.gaps.association import association
from excavate.gaps.cooccurrence import Stated
from excavate.gaps.finding import Measured

ITEMS, EACH = 200_000, 6
LABELS = (80, 600)
TOPICS, THEMED = 10, 0.5  # half of the labels go by what their item is about


def measure() -> list[dict[str, Any]]:
    """[{name, ours_s, theirs_s, ratio, note}]: ratio is ours to theirs in time."""
    return [_labels(count) for count in LABELS]


def _labels(count: int) -> dict[str, Any]:
    draws = np.random.default_rng(count)
    shares = 1 / np.arange(2, count + 2)
    items = np.repeat(np.arange(ITEMS), EACH)
    values = draws.choice(count, len(items), p=shares / shares.sum())
    theme = np.repeat(draws.integers(0, TOPICS, ITEMS), EACH)
    values = np.where(draws.random(len(items)) < THEMED, values // TOPICS * TOPICS + theme, values)
    values %= count
    names = np.array([f"label {n}" for n in range(count)], object)
    said = {"label:objects": Stated(items, names[values].tolist())}
    ids = [f"made/all/{n}" for n in range(ITEMS)]
    matrix = csr_array((np.ones(len(items), np.int64), (items, values)), shape=(ITEMS, count))
    theirs, _ = timed(lambda: _bare(matrix), rounds=2)
    ours, found = timed(lambda: association(said, ids), rounds=2)
    assert isinstance(found, Measured), found
    fewer, more = (int(found.figures[name].value) for name in ("fewer", "more"))
    return {
        "name": f"{ITEMS:,} items x {EACH} of {count} labels: {found.tested:,} pairs",
        "ours_s": ours,
        "theirs_s": theirs,
        "ratio": ours / theirs,
        "note": f"{fewer:,} fewer, {more:,} more than expected; p, q, bounds and items are ours",
    }


def _bare(matrix: Any) -> Any:
    matrix = matrix.astype(bool).astype(np.int64)
    both = (matrix.T @ matrix).toarray()
    alone = np.asarray(matrix.sum(axis=0)).ravel()
    return both / (np.outer(alone, alone) / matrix.shape[0])
