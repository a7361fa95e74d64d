"""The only door to the network for our own sources (the hub's client has one of its own).

`Web().fetch(address)` reads one address: https alone, at a public address of the internet, and
connects to the very IP address that was checked (web_addresses). Redirects are followed one by
one, each checked as the first. Bytes are counted as they come and after unpacking, and time runs
over all of it. robots.txt is obeyed (web_robots), requests to one host keep a distance, and
Retry-After is honoured within limits.

Proxies of the environment are not used: through one, the address that is checked here would not
be the one that is reached. SSL_CERT_FILE is honoured. Cookies are not kept, nothing is cached
on disk.
"""

from __future__ import annotations

import ssl
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import partial

import httpx

from excavate import __version__
from excavate.sources.web_addresses import (
    Allow,
    Resolve,
    checked,
    is_public,
    located,
    resolve_name,
)
from excavate.sources.web_answers import LATER, Clock, Errand, read_answer
from excavate.sources.web_error import WebError
from excavate.sources.web_robots import Robots

AGENT = "Excavate"
USER_AGENT = f"{AGENT}/{__version__} (mining the absent dataset)"
REDIRECTS = (301, 302, 303, 307, 308)
BUSY = (429, 503)
SAID = {
    401: "it asks for a login",
    403: "it refuses us",
    404: "nothing is there",
    410: "it is gone",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of the network one fetch may take; seconds and bytes."""

    bytes: int = 64 * 2**20  # of one answer, unpacked
    resolve: float = 3.0  # to find the host's address
    connect: float = 5.0
    read: float = 15.0  # between two pieces of an answer
    whole: float = 120.0  # robots.txt, all redirects and tries together, waiting left out
    redirects: int = 5
    pause: float = 0.5  # between two requests to one host
    wait: float = 60.0  # the longest that a host may ask us to wait
    tries: int = 3  # where a host says it is busy


@dataclass(frozen=True, slots=True)
class Fetched:
    """What lies at an address: where it was found after redirects, its type, its bytes."""

    address: str
    content_type: str  # small letters, without parameters; "" where none is said
    content: bytes


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: httpx.Headers
    content: bytes


class Web:
    """Reads addresses of the web. Not to be shared between threads.

    `resolve` finds a host's addresses, `allow` says which may be connected to, `verify` is the
    TLS context that names are proved by, `sleep` waits, seconds.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        resolve: Resolve = resolve_name,
        allow: Allow = is_public,
        verify: ssl.SSLContext | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.limits = limits or Limits()
        self._resolve, self._allow, self._sleep = resolve, allow, sleep
        self._verify = verify
        self._asked: dict[str, float] = {}
        self._robots = Robots(AGENT, self.limits.tries)

    def fetch(self, address: str, types: tuple[str, ...] = (), most: int | None = None) -> Fetched:
        """What lies at an https address. Raises WebError, which says why there is nothing.

        `types`: beginnings of the content types that will do, any where it is empty or where the
        host states none; `most`: bytes, where less than the limit will do.
        """
        most = min(most or self.limits.bytes, self.limits.bytes)
        errand = Errand(address, most, Clock(self.limits.whole, self._sleep))
        url, answer = self._followed(checked(address), errand)
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        if answer.status != 200:
            said = f": {SAID[answer.status]}" if answer.status in SAID else ""
            what = f"the host answers {answer.status}{said}"
            raise WebError(what, address, temporary=answer.status in BUSY)
        if types and kind and not kind.startswith(types):
            raise WebError(f"it is {kind}, not {types[0]}", address)
        return Fetched(str(url), kind, answer.content)

    def _followed(self, url: httpx.URL, errand: Errand) -> tuple[httpx.URL, _Answer]:
        for _ in range(self.limits.redirects + 1):
            if errand.robots:
                self._robots.check(url, partial(self._robots_text, clock=errand.clock))
            answer = self._patiently(url, errand)
            target = answer.headers.get("location")
            if answer.status not in REDIRECTS or not target:
                return url, answer
            url = checked(target, url, errand.where)
        raise WebError(f"more than {self.limits.redirects} redirects", errand.where)

    def _patiently(self, url: httpx.URL, errand: Errand) -> _Answer:
        """The answer, asked for again where the host says when it will be less busy."""
        answer = self._once(url, errand)
        for turn in range(1, self.limits.tries):
            if answer.status not in BUSY:
                break
            seconds = _asked_to_wait(answer.headers.get("retry-after"), 2.0**turn)
            if seconds > self.limits.wait:
                what = f"the host is busy and asks to wait {seconds:,.0f} seconds"
                raise WebError(what, str(url), LATER, temporary=True)
            errand.clock.wait(seconds)
            answer = self._once(url, errand)
        return answer

    def _once(self, url: httpx.URL, errand: Errand) -> _Answer:
        """One request, to the first of the host's checked addresses that can be reached."""
        self._keep_distance(url, errand.clock)
        seconds = min(self.limits.resolve, errand.clock.left)
        addresses = located(url, self._resolve, self._allow, seconds)
        for number, ip in enumerate(addresses, start=1):
            try:
                return self._ask(url, ip, errand)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                if number == len(addresses) or number == 2:
                    raise _unreachable(url, error) from error
            except (httpx.HTTPError, OSError, zlib.error) as error:
                raise WebError(f"the answer broke off ({_named(error)})", str(url), LATER,
                               temporary=True) from error  # fmt: skip
        raise AssertionError("located() gives one address at least")

    def _ask(self, url: httpx.URL, ip: str, errand: Errand) -> _Answer:
        """One request to one IP address, hung up when the errand's time is over."""
        left = errand.clock.left
        request = _request(url, ip, self.limits, left)
        with httpx.HTTPTransport(verify=self._tls(), trust_env=False) as line:
            alarm = threading.Timer(left, line.close)  # whatever it trickles meanwhile
            alarm.daemon = True
            alarm.start()
            try:
                response = line.handle_request(request)
                content = read_answer(response, str(url), errand)
                return _Answer(response.status_code, response.headers, content)
            except (httpx.HTTPError, OSError, RuntimeError) as error:
                if not errand.clock.left:
                    raise errand.clock.slow(str(url)) from error
                raise
            finally:
                alarm.cancel()

    def _tls(self) -> ssl.SSLContext:
        if self._verify is None:
            self._verify = httpx.create_ssl_context()
        return self._verify

    def _keep_distance(self, url: httpx.URL, clock: Clock) -> None:
        """Wait until the host may be asked again: our pause, or the one its robots.txt asks."""
        pause = max(self.limits.pause, self._robots.delay(url))
        if pause > self.limits.wait:
            what = f"its robots.txt asks for {pause:,.0f} seconds between two requests"
            raise WebError(what, str(url), "Download it and give the file")
        left = self._asked.get(url.host, -pause) + pause - time.monotonic()
        if url.host in self._asked and left > 0:
            clock.wait(left)
        if not clock.left:
            raise clock.slow(str(url))
        self._asked[url.host] = time.monotonic()

    def _robots_text(self, url: httpx.URL, clock: Clock) -> tuple[int, bytes]:
        """Status and text of a host's robots.txt, redirects followed."""
        errand = Errand(str(url), Robots.MOST_BYTES, clock, whole=False, robots=False)
        _, answer = self._followed(url, errand)
        return answer.status, answer.content


def _request(url: httpx.URL, ip: str, limits: Limits, left: float) -> httpx.Request:
    """A request to one IP address; Host, SNI and the certificate are the name's."""
    read, connect = min(limits.read, left), min(limits.connect, left)
    return httpx.Request(
        "GET",
        url.copy_with(host=ip),
        headers={
            "Host": url.netloc.decode("ascii"),
            "User-Agent": USER_AGENT,
            "Accept-Encoding": "gzip",
            "Accept": "*/*",
        },
        extensions={
            "sni_hostname": url.raw_host.decode("ascii"),
            "timeout": httpx.Timeout(read, connect=connect).as_dict(),
        },
    )


def _asked_to_wait(said: str | None, otherwise: float) -> float:
    """Seconds of a Retry-After: a number, or a date; `otherwise` where there is neither."""
    if said is None:
        return otherwise
    if said.strip().isdecimal():
        return float(said)
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except (ValueError, OverflowError):
        return otherwise


def _unreachable(url: httpx.URL, error: Exception) -> WebError:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        what = f"{url.host} does not prove its name (certificate)"
        todo = "Do not trust it, or download the file by other means"
        return WebError(what, str(url), todo, whole_host=True)
    what = f"{url.host} cannot be reached ({_named(error)}): no network here, or its host is down"
    return WebError(what, str(url), "Check the connection and the address", True, True)


def _named(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0] or type(error).__name__
