"""/workshop/now: what every page asks for every few seconds. Nothing is read but what is new."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from excavate.workshop.now import clock_ms, now_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


def now(request: Request) -> Response:
    """The state of the room as JSON; 304 where the page holds it. The clock is in a header, too.

    Whoever asks is seen to be here: in memory, never recorded.
    """
    from starlette.responses import Response

    from excavate.routes import served_workshop

    workshop = served_workshop()
    told = now_of(workshop)
    clock = told.pop("clock")
    etag = f'"{hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]}"'
    headers = {"ETag": etag, "Cache-Control": "no-store", "X-Clock": str(clock_ms()),
               "X-Content-Type-Options": "nosniff"}  # fmt: skip
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    content = json.dumps({**told, "clock": clock}, ensure_ascii=False)
    return Response(content, media_type="application/json", headers=headers)
