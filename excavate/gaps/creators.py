"""Whose date it is: where a creator's year stands at each of their items, it is said once.

A birth year is that of a person, not of a work: fifty works of one person are no fifty years of
birth. Such a column has the creator in its name (`artist.birthYear` beside `artist.id`), or stands
beside a column of creators, and nearly always says the same of all items of one of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from excavate.gaps.worded import Worded

CREATOR = re.compile(
    r"artist|author|creator|maker|painter|photographer|작가|작자|저자|제작자", re.I
)
NEARLY = 0.98  # of the items of creators who have several


def creators_of(name: str, columns: Mapping[str, Worded]) -> str | None:
    """The column of the creators whose date a column says; None where each item has its own.

    Of several that fit, the one that tells the most creators apart. O(items x columns).
    """
    stem = name.rpartition(".")[0]
    own = [o for o in columns if stem and (o == stem or o.startswith(f"{stem}.")) and o != name]
    others = [other for other in columns if CREATOR.search(other) and other not in (*own, name)]
    for named in (own, others):
        fitting = [other for other in named if _settles(columns[other], columns[name])]
        if fitting:
            return min(fitting, key=lambda other: (-len(columns[other].texts), other))
    return None


def _settles(by: Worded, what: Worded) -> bool:
    """Whether who is named says what is: more of them than values, and each nearly always one."""
    there = np.flatnonzero((by.codes >= 0) & (what.codes >= 0))
    codes, said = by.codes[there], what.codes[there]
    names, first, own, counts = np.unique(
        codes, return_index=True, return_inverse=True, return_counts=True
    )
    repeated = counts[own] > 1
    if not repeated.any() or len(names) <= len(np.unique(said)):
        return False
    return bool((said == said[first][own])[repeated].mean() >= NEARLY)
