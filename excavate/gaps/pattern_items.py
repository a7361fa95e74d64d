"""Pictures nearest to an empty combination: items that have all of its values but one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, zip_longest

import numpy as np

MOST = 24


def nearest_items(
    pattern: Mapping[str, str],
    codes: Mapping[str, np.ndarray],
    number: Mapping[str, Mapping[str, int]],
) -> list[int]:
    """Numbers of up to MOST items: those of the pattern, then of its parents in turn.

    `codes`: (items,) of each column; `number`: {value: its code} of each. O(items x values).
    """
    has = {name: codes[name] == number[name][value] for name, value in pattern.items()}
    if not has:
        return []
    found = [_all(list(has.values()))]
    parents = [_all([mask for name, mask in has.items() if name != left]) for left in has]
    turns = chain.from_iterable(zip_longest(*(p.tolist() for p in parents if len(has) > 1)))
    wanted = chain(found[0].tolist(), (n for n in turns if n is not None))
    return list(dict.fromkeys(wanted))[:MOST]


def _all(masks: Sequence[np.ndarray]) -> np.ndarray:
    """The first items that every mask holds; enough of them, although some are of others too."""
    return np.flatnonzero(np.logical_and.reduce(masks))[: 2 * MOST] if masks else np.zeros(0, int)
