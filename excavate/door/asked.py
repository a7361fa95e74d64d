"""What a request says of where it comes from, and how much of that is believed."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

if TYPE_CHECKING:
    from starlette.types import Scope

    from excavate.settings import Settings

SAFE = ("GET", "HEAD", "OPTIONS")
PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
LONGEST_WAY = 2000


def headers_of(scope: Scope) -> Mapping[str, str]:
    """The headers by their small names; of several of one name, all joined."""
    found: dict[str, str] = {}
    for key, value in scope["headers"]:
        name, text = key.decode("latin-1").lower(), value.decode("latin-1")
        found[name] = f"{found[name]}, {text}" if name in found else text
    return found


def address_of(scope: Scope, settings: Settings) -> str:
    """Who asks. A proxy's word is taken only where the host said that proxies stand before it."""
    direct = scope.get("client")
    given = headers_of(scope).get("x-forwarded-for", "")
    named = [part.strip() for part in given.split(",") if part.strip()]
    if settings.proxies and len(named) >= settings.proxies:
        return named[-settings.proxies]
    return str(direct[0]) if direct else ""


def is_secure(scope: Scope, settings: Settings) -> bool:
    """Whether the browser's side of it is encrypted: then the cookie goes no other way."""
    if scope.get("scheme") in ("https", "wss") or settings.url.startswith("https://"):
        return True
    named = headers_of(scope).get("x-forwarded-proto", "").split(",")[-1].strip()
    return bool(settings.proxies) and named == "https"


def is_cross_site(scope: Scope, settings: Settings) -> bool:
    """Whether another site's page asks: for a websocket, or for anything that changes something.

    What no browser sent carries neither header, and no cookie that it was not given.
    """
    if scope["type"] == "http" and scope["method"] in SAFE:
        return False
    headers = headers_of(scope)
    origin = headers.get("origin")
    if origin is None:
        return headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
    hosts = [headers.get("host", ""), urlsplit(settings.url).netloc]
    if settings.proxies:
        hosts.append(headers.get("x-forwarded-host", ""))
    scheme = origin.partition("://")[0]
    mine = _place(origin)
    return mine is None or mine not in [_place(f"{scheme}://{host}") for host in hosts if host]


def is_this_machine(host: str) -> bool:
    """Whether a Host header names this machine itself, not a name that was made to lead here."""
    name = (_split(f"//{host}") or SplitResult("", "", "", "", "")).hostname or ""
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


def _place(address: str) -> tuple[str, int] | None:
    parts = _split(address)
    if parts is None or not parts.hostname or parts.scheme not in PORTS:
        return None
    try:
        return parts.hostname.lower(), parts.port or PORTS[parts.scheme]
    except ValueError:
        return None


def _split(address: str) -> SplitResult | None:
    try:
        return urlsplit(address)
    except ValueError:
        return None


def wanted(scope: Scope) -> str:
    """Where a visitor wanted to go, as a path of ours with its query."""
    query = scope.get("query_string", b"").decode("latin-1")
    return own_path(scope["path"] + (f"?{query}" if query else ""))


def own_path(way: str) -> str:
    """A path of ours, or the beginning where it is none: nobody is led anywhere else from here."""
    plain = way.startswith("/") and len(way) <= LONGEST_WAY
    signs = all(sign.isprintable() and sign != "\\" for sign in way)
    parts = _split(way)
    if not plain or not signs or way.startswith("//") or parts is None or parts.netloc:
        return "/"
    return way
