"""Wrong codes and links are slowed down: each address by itself, and all of them together."""

from __future__ import annotations

import ipaddress
import logging
import time
from collections import deque
from collections.abc import Callable

WINDOW = 600.0  # seconds that a wrong try is remembered
FREE = 3  # so many mistypings cost nothing
LONGEST = 8.0  # seconds
MOST = 30  # wrong tries of one address in the window, then each is one too many
MOST_OF_ALL = 300  # then every wrong try waits
FOR_ALL = 3.0  # seconds
MOST_ADDRESSES = 10_000

log = logging.getLogger("excavate.door")


class Slowing:
    """Counts wrong tries: how late each is told, and which are one too many."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._of_all: deque[float] = deque()
        self._of: dict[str, deque[float]] = {}

    def wait(self, address: str) -> float | None:
        """Seconds until a wrong try of this address is told; None: it is one too many."""
        mine = len(self._recent(self._of.get(place_of(address), deque())))
        if mine >= MOST:
            return None
        own = min(LONGEST, 0.5 * 2 ** (mine - FREE)) if mine >= FREE else 0.0
        crowded = len(self._recent(self._of_all)) >= MOST_OF_ALL
        return max(own, FOR_ALL) if crowded else own

    def wrong(self, address: str) -> None:
        """Remember a wrong try, and tell the host of it; what was tried is not told."""
        place = place_of(address)
        self._forget_old()
        for tries in (self._of.setdefault(place, deque()), self._of_all):
            tries.append(self._clock())
        log.warning(
            "a wrong room code or link from %s, %d in ten minutes, %d from all",
            place, len(self._of[place]), len(self._recent(self._of_all)),
        )  # fmt: skip

    def _recent(self, tries: deque[float]) -> deque[float]:
        while tries and self._clock() - tries[0] > WINDOW:
            tries.popleft()
        return tries

    def _forget_old(self) -> None:
        if len(self._of) < MOST_ADDRESSES:
            return
        self._of = {place: tries for place, tries in self._of.items() if self._recent(tries)}
        while len(self._of) >= MOST_ADDRESSES:
            del self._of[next(iter(self._of))]


def place_of(address: str) -> str:
    """An address, or the network of one household: an IPv6 host has more than can be counted."""
    try:
        given = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if given.version == 6 and given.ipv4_mapped is None:
        return str(ipaddress.ip_network((given, 64), strict=False))
    return str(given.ipv4_mapped if given.version == 6 else given)
