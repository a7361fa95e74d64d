"""Where charts wait to be drawn into files: one at a time, each once, in a thread of their own.

A drawing takes a browser and seconds. Nobody who asks for one holds a thread of the routes while
it waits, and whoever asks for the same chart waits for the same drawing.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from concurrent.futures import Future

from excavate.errors import ExcavateError

WAITING, KEPT = 8, 32  # charts that wait or are drawn at most; files that are kept
Work = Callable[[], bytes]


class ChartDesk:
    """Draws what is asked for in turn. Its thread ends when nothing waits, and holds no exit."""

    def __init__(self, most: int = WAITING, kept: int = KEPT) -> None:
        self._most, self._kept = most, kept
        self._lock = threading.Lock()
        self._drawn: OrderedDict[Hashable, bytes] = OrderedDict()
        self._asked: dict[Hashable, Future[bytes]] = {}
        self._queue: deque[tuple[Hashable, Work]] = deque()
        self._at_work = False

    def ask(self, key: Hashable, work: Work) -> Future[bytes]:
        """The drawing of a key: the one that is kept or awaited, else what `work` will give.

        Raises ExcavateError where too many wait already. A drawing that failed is not kept.
        """
        with self._lock:
            if key in self._drawn:
                self._drawn.move_to_end(key)
                return _done(self._drawn[key])
            if key in self._asked:
                return self._asked[key]
            if len(self._asked) >= self._most:
                what = "too many charts are being drawn at this moment"
                raise ExcavateError(what, "", "Ask again in a minute; the page itself draws it too")
            future: Future[bytes] = Future()
            self._asked[key] = future
            self._queue.append((key, work))
            if not self._at_work:
                self._at_work = True
                threading.Thread(target=self._draw_all, name="charts", daemon=True).start()
            return future

    def _draw_all(self) -> None:
        while (taken := self._next()) is not None:
            key, work = taken
            try:
                drawn = work()
            except BaseException as error:  # whoever waits is told, whatever it was
                self._take_off(key).set_exception(error)
            else:
                self._take_off(key, drawn).set_result(drawn)

    def _next(self) -> tuple[Hashable, Work] | None:
        with self._lock:
            self._at_work = bool(self._queue)
            return self._queue.popleft() if self._queue else None

    def _take_off(self, key: Hashable, drawn: bytes | None = None) -> Future[bytes]:
        with self._lock:
            if drawn is not None:
                self._drawn[key] = drawn
                while len(self._drawn) > self._kept:
                    self._drawn.popitem(last=False)
            return self._asked.pop(key)


def _done(drawn: bytes) -> Future[bytes]:
    future: Future[bytes] = Future()
    future.set_result(drawn)
    return future
