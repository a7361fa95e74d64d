"""Splits: which names are well known, in which order they come, and which one was asked for.

A split keeps the name that its source gives it ('val' stays 'val').
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from excavate.errors import SourceError
from excavate.model import NO_SPLIT

_RANKED = (
    ("train", "training"),
    ("validation", "valid", "val", "dev"),
    ("test", "testing", "eval", "evaluation"),
)
RANKS = {name: rank for rank, names in enumerate(_RANKED) for name in names}


def is_split(name: str) -> bool:
    """Whether a folder or file of this name is a split by common habit, in any case."""
    return name.lower() in RANKS


def in_order(names: Iterable[str]) -> list[str]:
    """Train, validation, test, then the others by name."""
    return sorted(set(names), key=lambda name: (RANKS.get(name.lower(), len(_RANKED)), name))


def chosen(there: Sequence[str], wanted: str | None, where: str) -> list[str]:
    """The splits to read: the one that is `wanted`; every one for None or 'all'.

    Raises SourceError naming the splits there are, where none is called so.
    """
    if wanted in there:
        return [str(wanted)]
    if wanted is None or wanted == NO_SPLIT:
        return list(there)
    listed = ", ".join(there)
    todo = "Leave --split out" if listed == NO_SPLIT else "Name one of them, or leave --split out"
    found = "it has no splits" if listed == NO_SPLIT else f"there are: {listed}"
    raise SourceError(f"no split {wanted!r}; {found}", where, todo)
