"""robots.txt, as RFC 9309 has it: asked once a host, and obeyed.

4xx: there are no rules. 5xx, 429 or no answer: everything is closed, for now.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

from excavate.sources.web_error import WebError

CLOSED = "User-agent: *\nDisallow: /"
TODO = "Ask its keepers, or download it by hand and give the file"


class Robots:
    """The rules of the hosts that were asked. `read` gives status and text of an address."""

    MOST_BYTES = 512 * 2**10

    def __init__(self, agent: str, read: Callable[[httpx.URL], tuple[int, bytes]]) -> None:
        self._agent, self._read = agent, read
        self._rules: dict[str, Any] = {}
        self._why: dict[str, str] = {}

    def check(self, url: httpx.URL) -> None:
        """Raise WebError where a host's rules close this address to us."""
        host = _origin(url)
        if host not in self._rules:
            try:
                self._rules[host] = self._asked(host)
            except WebError as error:  # told of the address that was wanted, not of robots.txt
                raise WebError(error.what, str(url), error.todo, error.temporary) from error
        if not self._rules[host].can_fetch(str(url), self._agent):
            why = self._why.get(host, "robots.txt asks that it be left alone")
            raise WebError(why, str(url), TODO, temporary=host in self._why)

    def delay(self, url: httpx.URL) -> float:
        """Seconds that a host asks for between two requests; 0 where it says nothing."""
        rules = self._rules.get(_origin(url))
        return float(rules.crawl_delay(self._agent) or 0) if rules else 0.0

    def _asked(self, host: str) -> Any:
        from protego import Protego

        status, text = self._read(httpx.URL(f"{host}/robots.txt"))
        if status == 429 or status >= 500:
            self._why[host] = f"its robots.txt cannot be had ({status}), so it is left alone"
            return Protego.parse(CLOSED)
        return Protego.parse(text.decode("utf-8", "replace") if status == 200 else "")


def _origin(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii')}"
