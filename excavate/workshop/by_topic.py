"""What is read from the workshop is kept until its topics are written again."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

from excavate.workshop.store import Workshop

Kept = TypeVar("Kept")
Key = tuple[str, tuple[int, ...]]


def kept_by(*topics: str) -> Callable[[Callable[[Workshop], Kept]], Callable[[Workshop], Kept]]:
    """Keep what a reading of a workshop found until one of these topics grows."""

    def kept(read: Callable[[Workshop], Kept]) -> Callable[[Workshop], Kept]:
        """The same reading, asked of the file only where something was written since."""
        found: WeakKeyDictionary[Workshop, tuple[Key, Kept]] = WeakKeyDictionary()

        @wraps(read)
        def reading(workshop: Workshop) -> Kept:
            versions = workshop.topics  # before the rows: what comes meanwhile is read again
            key = (workshop.room_id, tuple(versions[topic] for topic in topics))
            stands = found.get(workshop)
            if stands is None or stands[0] != key:
                stands = found[workshop] = (key, read(workshop))
            return stands[1]

        return reading

    return kept
