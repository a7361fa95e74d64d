"""Where the app lies below a path of a host that serves other things, too: /excavate, say.

Some proxies strip that path, others do not. Either way everything behind this sees plain paths,
and what a browser asks for is written with the path in front (components.addresses.under).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class UnderBase:
    """ASGI middleware: takes the base path off what is asked for, where it still stands there."""

    def __init__(self, app: ASGIApp, base: str) -> None:
        self.app, self.base = app, base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a visit to the base path alone is led to its beginning."""
        path = scope.get("path", "")
        if self.base and path == self.base and scope["type"] == "http":
            await _redirect(send, self.base + "/")
        elif self.base and path.startswith(self.base + "/"):
            plain = path[len(self.base) :]
            await self.app({**scope, "path": plain, "raw_path": plain.encode()}, receive, send)
        else:
            await self.app(scope, receive, send)


async def _redirect(send: Send, to: str) -> None:
    headers = [(b"location", to.encode()), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 307, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
