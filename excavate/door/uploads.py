"""What one person may upload: the server holds uploads in its memory, sixty people share it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping

WAY = "/_stcore/upload_file"
LARGEST = 11 * 1024 * 1024  # bytes of one upload: a picture of ten, and what wraps it
WINDOW = 3600.0  # seconds
MOST = 40  # uploads of one person in the window
MOST_BYTES = 120 * 1024 * 1024


class Uploads:
    """Counts each person's uploads of the last hour, whatever session they come from."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._of: dict[str, deque[tuple[float, int]]] = {}

    def refused(self, person_id: str, headers: Mapping[str, str]) -> int:
        """The status an upload is refused with; 0 where it may come, and is counted."""
        length = headers.get("content-length", "")
        if not length.isascii() or not length.isdigit():
            return 411
        if int(length) > LARGEST:
            return 413
        mine = self._recent(person_id)
        if len(mine) >= MOST or sum(size for _at, size in mine) + int(length) > MOST_BYTES:
            return 429
        mine.append((self._clock(), int(length)))
        return 0

    def _recent(self, person_id: str) -> deque[tuple[float, int]]:
        mine = self._of.setdefault(person_id, deque())
        while mine and self._clock() - mine[0][0] > WINDOW:
            mine.popleft()
        return mine
