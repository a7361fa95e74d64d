"""robots.txt, as RFC 9309 has it: asked once a host, and obeyed.

4xx: there are no rules. 5xx, 429 or no answer: everything is closed, for now.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

from excavate.sources.web_error import WebError

Read = Callable[[httpx.URL], tuple[int, bytes]]
CLOSED = "User-agent: *\nDisallow: /"
TODO = "Ask its keepers, or download it by hand and give the file"


class Robots:
    """The rules of the hosts that were asked, and why there are none of others.

    `tries`: how often a host is asked that may answer another time.
    """

    MOST_BYTES = 500 * 2**10  # of the text, as RFC 9309 has it; what follows is not read

    def __init__(self, agent: str, tries: int) -> None:
        self._agent, self._tries = agent, tries
        self._rules: dict[str, Any] = {}
        self._why: dict[str, str] = {}
        self._failed: dict[str, list[WebError]] = {}

    def check(self, url: httpx.URL, read: Read) -> None:
        """Raise WebError where a host's rules close this address to us, or cannot be had.

        `read` gives status and text of an address.
        """
        host = _origin(url)
        if host not in self._rules:
            self._ask(host, url, read)
        if not self._rules[host].can_fetch(str(url), self._agent):
            why = self._why.get(host, "robots.txt asks that it be left alone")
            raise WebError(why, str(url), TODO, temporary=host in self._why)

    def _ask(self, host: str, url: httpx.URL, read: Read) -> None:
        """Ask for a host's rules, unless that is known to be in vain."""
        failed = self._failed.setdefault(host, [])
        if not failed or (failed[-1].temporary and len(failed) < self._tries):
            try:
                self._rules[host] = self._asked(host, read)
                return
            except WebError as error:
                failed.append(error)
        last = failed[-1]
        what = last.what if last.whole_host else f"its robots.txt cannot be had ({last.what})"
        raise WebError(what, str(url), last.todo, last.temporary, last.whole_host) from last

    def delay(self, url: httpx.URL) -> float:
        """Seconds that a host asks for between two requests; 0 where it says nothing."""
        rules = self._rules.get(_origin(url))
        return float(rules.crawl_delay(self._agent) or 0) if rules else 0.0

    def _asked(self, host: str, read: Read) -> Any:
        from protego import Protego

        status, text = read(httpx.URL(f"{host}/robots.txt"))
        if status == 429 or status >= 500:
            self._why[host] = f"its robots.txt cannot be had ({status}), so it is left alone"
            return Protego.parse(CLOSED)
        if len(text) == self.MOST_BYTES:  # half a rule may close more, or less, than the whole
            text = text[: text.rfind(b"\n") + 1]
        return Protego.parse(text.decode("utf-8", "replace") if status == 200 else "")


def _origin(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode('ascii')}"
