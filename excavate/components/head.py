"""The page's head: our fonts and style sheet, its language, and what it may ask for (CSP)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from excavate.components.addresses import asset_url
from excavate.i18n import LANGUAGES, preferred

if TYPE_CHECKING:
    from starlette.middleware import Middleware
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Streamlit's page needs inline scripts, eval (plotly's and regl's shaders) and blobs (components).
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' blob: data:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
)
OTHER_FONT = re.compile(r'<link\s+rel="preload"[^>]*SourceSans[^>]*/?>')
# A look that was chosen in this browser stands in for the system's wherever a script asks.
CHOSEN_LOOK = r"""<script>(() => {
  let look = "";
  try { look = localStorage.getItem("excavate-look"); } catch { return; }
  if (look !== "dark" && look !== "light") return;
  document.documentElement.dataset.look = look;
  const ask = window.matchMedia.bind(window);
  window.matchMedia = (query) => {
    const asked = /prefers-color-scheme:\s*(dark|light)/.exec(query);
    return ask(asked ? (asked[1] === look ? "all" : "not all") : query);
  };
})();</script>"""
# Where a line drops while a page is drawn, the pieces on their way are lost, and Streamlit cannot
# put the next ones in place: the page would stay half drawn. It is asked for anew, at most once
# in ten seconds; words being typed are kept in the tab.
HALF_DRAWN = r"""<script>(() => {
  const again = (event) => {
    const what = String(event.reason?.message ?? event.reason ?? event.message);
    if (!what.includes("Bad delta path")) return;
    try {
      if (Date.now() - Number(sessionStorage.getItem("excavate-again")) < 10000) return;
      sessionStorage.setItem("excavate-again", String(Date.now()));
    } catch { return; }
    location.reload();
  };
  addEventListener("unhandledrejection", again);
  addEventListener("error", again);
})();</script>"""
FIRST_PAINT = (
    "<style>html{{background:light-dark(#f7f4ee,#171614);color:light-dark(#1c1b19,#f1ede4);"
    "color-scheme:light dark}}html[data-look=dark]{{color-scheme:dark}}"
    "html[data-look=light]{{color-scheme:light}}</style>"
    '<link rel="stylesheet" href="{fonts}"><link rel="stylesheet" href="{style}">'
    '<link rel="stylesheet" href="{workshop}"><link rel="stylesheet" href="{counter}">'
)


def dressed(html: str, language: str) -> str:
    """Streamlit's page with our language, title, style and fonts in its head."""
    added = (
        CHOSEN_LOOK
        + HALF_DRAWN
        + FIRST_PAINT.format(
            fonts=asset_url("fonts/fonts.css"),
            style=asset_url("paper.css"),
            workshop=asset_url("workshop.css"),
            counter=asset_url("counter.css"),
        )
    )
    html = OTHER_FONT.sub("", html)
    html = html.replace('<html lang="en">', f'<html lang="{language}">', 1)
    html = html.replace("<title>Streamlit</title>", "<title>Excavate</title>", 1)
    return html.replace("</head>", added + "</head>", 1)


class PaperHead:
    """ASGI middleware: dresses HTML pages, leaves every other answer as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        await self.app(_uncompressed(scope), receive, _Dressing(scope, send))


class _Dressing:
    """A `send` that holds back an HTML answer until it is whole, then sends it dressed."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope, self._send = scope, send
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_page(message):
            self._start = message
        elif self._start is not None and message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._finish()
        else:
            await self._send(message)

    async def _finish(self) -> None:
        assert self._start is not None  # noqa: S101 - for the type checker
        body = dressed(self._body.decode(), asked_language(self._scope)).encode()
        dropped = (b"content-length", b"etag", b"last-modified")
        kept = [(k, v) for k, v in self._start["headers"] if k.lower() not in dropped]
        length = (b"content-length", str(len(body)).encode())
        await self._send({**self._start, "headers": [*kept, length, *HEADERS]})
        await self._send({"type": "http.response.body", "body": body})


def _uncompressed(scope: Scope) -> Scope:
    """The request without its wish for compression, where a page may come of it."""
    headers = dict(scope["headers"])
    if b"text/html" not in headers.get(b"accept", b""):
        return scope
    kept = [(k, v) for k, v in scope["headers"] if k != b"accept-encoding"]
    return {**scope, "headers": kept}


def _is_page(message: Message) -> bool:
    headers = {k.lower(): v for k, v in message["headers"]}
    # A page that brings a policy of its own is not Streamlit's: it goes out as it is.
    plain = b"content-encoding" not in headers and b"content-security-policy" not in headers
    return plain and message["status"] == 200 and b"text/html" in headers.get(b"content-type", b"")


def asked_language(scope: Scope) -> str:
    """The language of the link, else of the browser."""
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("lang", [""])[0]
    headers = {k.lower(): v.decode("latin-1") for k, v in scope["headers"]}
    return asked if asked in LANGUAGES else preferred(headers.get(b"accept-language"))


def middleware() -> list[Middleware]:
    """What stands before Streamlit and our routes."""
    from starlette.middleware import Middleware

    return [Middleware(PaperHead)]
