"""Pictures of a Manifest from the web: one that cannot be had is a fault of its item.

Only where nothing at all can be reached any more is that an error: a dataset of faults would look
as if its pictures were gone. So, when a picture cannot be had for now, something else is asked
for: what was had before, or the first picture of another host.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from excavate.sources.web_error import WebError

if TYPE_CHECKING:  # httpx is loaded where the web is asked
    from excavate.sources.web import Fetched, Web

PICTURES = ("image/", "application/octet-stream", "binary/octet-stream")
TRIES = 2  # for one picture; a host that says it is busy is asked more often by the web itself
PROBES = 5  # other things asked for where a picture cannot be had


class Fetching:
    """Asks `web` for pictures. `others`: addresses of all pictures; `had`: what was had before."""

    def __init__(self, web: Web, others: Callable[[], Iterator[str]], had: str | None) -> None:
        self._web, self._others = web, others
        self._had = {} if had is None else {_host(had): had}
        self._closed: dict[str, WebError] = {}

    def picture(self, address: str) -> Fetched | WebError:
        """A picture, or why it cannot be had. Raises WebError where nothing can be reached."""
        host = _host(address)
        if host in self._closed:
            return self._closed[host]
        found = self._asked(address)
        if isinstance(found, WebError) and found.temporary:
            if not self._reaches(host, address):
                raise found
            if found.whole_host:
                self._closed[host] = found
        elif not isinstance(found, WebError):
            self._had[host] = address
        return found

    def _asked(self, address: str) -> Fetched | WebError:
        for _ in range(TRIES):
            try:
                return self._web.fetch(address, PICTURES)
            except WebError as error:
                last = error
                if not error.temporary:
                    break
        return last

    def _reaches(self, host: str, address: str) -> bool:
        """Whether anything else of the web answers."""
        first = [self._had[host]] if host in self._had else []
        known = [one for name, one in self._had.items() if name != host]
        for one in islice((*first, *known, *self._elsewhere(host)), PROBES):
            if one != address and self._answers(one):
                return True
        return False

    def _elsewhere(self, host: str) -> Iterator[str]:
        """The first picture of each other host of which nothing is known."""
        seen = {host, *self._had, *self._closed}
        for one in self._others():
            if _host(one) not in seen and one.lower().startswith("https:"):
                seen.add(_host(one))
                yield one

    def _answers(self, address: str) -> bool:
        try:
            self._web.fetch(address)
        except WebError as error:
            return not error.temporary and not error.whole_host
        return True


def _host(address: str) -> str:
    return address.partition("://")[2].partition("/")[0].lower()
