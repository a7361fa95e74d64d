"""Addresses of the web: which may be asked, and where on the network they lie.

Only https to a public address of the internet is opened. Every address that a name stands for
has to be public, and the connection goes to one of those that were checked: a name that is
answered otherwise a moment later changes nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Callable

import httpx

from excavate.sources.web_error import WebError

Resolve = Callable[[str, int], list[str]]
Allow = Callable[[str], bool]
# What the standard library's is_global may still let through, by the version of Python.
CLOSED = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "::/96", "::ffff:0:0/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32",
        "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    )
)  # fmt: skip
SHOWN = 200  # characters of an address that leads nowhere
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # how phone networks write every IPv4 address


def checked(address: str, by: httpx.URL | None = None, where: str = "") -> httpx.URL:
    """An address that may be asked, as far as its text says. Raises WebError.

    `by`: the address that redirects to this one, which may be relative to it; `where`: the
    address that a person gave.
    """
    shown = f"{where} -> {_short(address)}" if by else _short(address)
    try:
        url = by.join(address) if by else httpx.URL(address)
        url.host  # noqa: B018 - names that stand for no characters are found here
    except (httpx.InvalidURL, ValueError) as error:
        raise WebError(f"no address of the web ({error})", shown) from error
    if url.scheme != "https":
        named = url.scheme or "no scheme"
        raise WebError(f"only https addresses are read, this is {named}", shown)
    if url.userinfo:
        raise WebError("an address with a user name or password is not asked", str(url.host))
    if not url.host:
        raise WebError("no host in the address", shown)
    return url.copy_with(fragment=None)


def _short(address: str) -> str:
    plain = address[:SHOWN].encode("utf-8", "backslashreplace").decode()
    return plain if len(address) <= SHOWN else f"{plain}…"


def is_public(address: str) -> bool:
    """Whether an IP address lies on the public internet, and belongs to one machine.

    No to private, loopback, link-local, multicast and reserved ones, to carrier-grade NAT, to
    documentation and benchmarks, and to IPv6 that stands for an IPv4 address, save for NAT64.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:  # a zone ("fe80::1%eth0"), or no address at all
        return False
    if ip.version == 6 and ip in NAT64:
        return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    closed = any(ip in network for network in CLOSED if network.version == ip.version)
    return ip.is_global and not closed and not ip.is_multicast and not ip.is_reserved


def resolve_name(host: str, port: int) -> list[str]:
    """The IP addresses of a host, as this machine's resolver says. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def located(url: httpx.URL, resolve: Resolve, allow: Allow, seconds: float) -> list[str]:
    """The checked IP addresses of an address' host. Raises WebError."""
    host, port = url.raw_host.decode("ascii").strip("[]"), url.port or 443
    answers = _resolved(host, port, resolve, seconds, str(url))
    closed = [ip for ip in answers if not allow(ip)]
    if closed:
        what = f"{host} lies at {closed[0]}, which is no public address of the internet"
        raise WebError(what, str(url), whole_host=True)
    return answers


def _resolved(host: str, port: int, resolve: Resolve, seconds: float, where: str) -> list[str]:
    """Asked in a thread: the system's resolver knows no limit of time."""
    answers: list[list[str] | Exception] = []

    def ask() -> None:
        try:
            answers.append(resolve(host, port))
        except (OSError, UnicodeError) as error:
            answers.append(error)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(seconds)
    if answers and isinstance(answers[0], list) and answers[0]:
        return answers[0]
    what = f"no network here, or no host {host}"
    raise WebError(what, where, "Check the connection and the address", True, True)
