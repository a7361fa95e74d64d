"""Who is here just now: when each page last asked. In memory alone, never written down."""

from __future__ import annotations

import time
from collections.abc import Callable

AWAY_AFTER = 20.0  # seconds without a question: the tab is closed, hidden, or the line is down
FORGOTTEN_AFTER = 3600.0


class Presence:
    """When each person was seen last. `clock` counts seconds and is never set back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: dict[str, float] = {}

    def see(self, person_id: str) -> None:
        """This person's page has just asked."""
        self._seen[person_id] = self._clock()

    def away(self, person_id: str) -> float | None:
        """Seconds since they were seen; 0 while they are here; None where they never were."""
        seen = self._seen.get(person_id)
        if seen is None:
            return None
        passed = self._clock() - seen
        if passed > FORGOTTEN_AFTER:
            self._seen.pop(person_id, None)
            return None
        return passed if passed > AWAY_AFTER else 0.0


PRESENCE = Presence()  # of this process, which serves one room
