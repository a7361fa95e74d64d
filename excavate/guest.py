"""A guest without a browser: enters a shared room and walks its pages over the real websocket.

It sees what a browser is sent and sends what a browser would send. Rehearsals and load tests
are made of such guests.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from excavate.errors import ExcavateError

PATIENCE = 60.0  # seconds until a page that does not come counts as not coming
WIDGETS = ("text_area", "text_input", "checkbox", "button", "selectbox", "radio")


@dataclass(slots=True)
class Seen:
    """What one run of a page sent: its widgets {id: label}, its HTML, how long it took."""

    widgets: dict[str, str] = field(default_factory=dict)
    html: list[str] = field(default_factory=list)
    query: str = ""
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0
    bytes: int = 0

    @property
    def text(self) -> str:
        """All HTML of ours on the page."""
        return "\n".join(self.html)

    def widget(self, ending: str) -> str:
        """The id of the widget whose key ends so. Raises ExcavateError where there is none."""
        found = [name for name in self.widgets if name.endswith(ending)]
        if not found:
            raise ExcavateError("this page has no such field", ending, f"It has {self.widgets}")
        return found[0]


class Guest:
    """One visitor: cookies of its own, one websocket."""

    def __init__(self, address: str) -> None:
        import httpx

        self.address = address.rstrip("/")
        self.http = httpx.AsyncClient(follow_redirects=False, timeout=PATIENCE)
        self.socket: Any = None
        self.pages: dict[str, str] = {}  # {path: page_script_hash}
        self._now = ("", "")  # the page's hash and query as they stand
        self.latest = Seen()

    async def get(self, path: str) -> Any:
        """Ask for an address as a browser does."""
        return await self.http.get(self.address + path)

    async def post(self, path: str, fields: Mapping[str, str]) -> Any:
        """Send a form of ours, from the page it stands on."""
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(self.address))
        return await self.http.post(
            self.address + path, data=dict(fields), headers={"Origin": origin}
        )

    async def form(self, way: str) -> dict[str, str]:
        """What the form at the door carries along: it names the words that it shows."""
        found = re.search(r'name="terms" value="([^"]*)"', (await self.get(way)).text)
        return {"terms": found[1]} if found else {}

    async def connect(self) -> None:
        """Open the websocket with the cookies of the guest. Raises ExcavateError if refused."""
        import websockets

        parts = urlsplit(self.address)
        scheme = "wss" if parts.scheme == "https" else "ws"
        cookies = "; ".join(f"{c.name}={c.value}" for c in self.http.cookies.jar)
        try:
            self.socket = await websockets.connect(
                f"{scheme}://{parts.netloc}{parts.path}/_stcore/stream",
                additional_headers={"Cookie": cookies} if cookies else None,
                origin=f"{parts.scheme}://{parts.netloc}",  # type: ignore[arg-type]
                subprotocols=["streamlit"],  # type: ignore[list-item]
                max_size=None, open_timeout=PATIENCE,
            )  # fmt: skip
        except (OSError, websockets.WebSocketException) as error:
            todo = "See that websockets come through the proxy, and that the guest is in the room"
            raise ExcavateError(
                f"the websocket was refused ({error})", self.address, todo
            ) from error

    async def visit(self, path: str, **query: str) -> Seen:
        """Open a page; returns when its run has ended."""
        self._now = (self.pages.get(path, ""), urlencode(query))
        return await self._run(path, {})

    async def act(self, values: Mapping[str, Any]) -> Seen:
        """Set widgets {id: value} on the page that stands, as one press does; True presses."""
        return await self._run("", values)

    async def close(self) -> None:
        """Leave as a closed tab does."""
        if self.socket is not None:
            await self.socket.close()
        await self.http.aclose()

    async def _run(self, path: str, values: Mapping[str, Any]) -> Seen:
        started = time.perf_counter()
        await self.socket.send(_rerun(self._now, path, values))
        try:
            seen = await asyncio.wait_for(self._until_finished(), PATIENCE)
        except TimeoutError as error:
            what = f"a page did not come within {PATIENCE:.0f} s"
            raise ExcavateError(what, f"{self.address}/{path}", "See the host's log") from error
        seen.seconds = time.perf_counter() - started
        self.latest = seen
        return seen

    async def _until_finished(self) -> Seen:
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        seen = Seen()
        while True:
            content = await self.socket.recv()
            message = ForwardMsg.FromString(content)
            seen.bytes += len(content)
            kind = message.WhichOneof("type")
            if kind == "new_session":
                seen.widgets.clear()
                seen.html.clear()
                self._now = (message.new_session.page_script_hash, self._now[1])
            elif kind == "navigation":
                self.pages = {p.url_pathname: p.page_script_hash for p in
                              message.navigation.app_pages}  # fmt: skip
                self._now = (message.navigation.page_script_hash, self._now[1])
            elif kind == "page_info_changed":
                seen.query = message.page_info_changed.query_string
                self._now = (self._now[0], seen.query)
            elif kind == "delta":
                _take(seen, message.delta)
            elif kind == "script_finished" and message.script_finished in (0, 1):
                return seen


def _take(seen: Seen, delta: Any) -> None:
    """Keep of one delta what a guest looks at."""
    if delta.WhichOneof("type") != "new_element":
        return
    element = delta.new_element
    kind = element.WhichOneof("type")
    if kind == "html":
        seen.html.append(element.html.body)
    elif kind == "exception":
        seen.errors.append(element.exception.message)
    elif kind in WIDGETS:
        widget = getattr(element, kind)
        seen.widgets[widget.id] = widget.label


def _rerun(now: tuple[str, str], path: str, values: Mapping[str, Any]) -> bytes:
    from streamlit.proto.BackMsg_pb2 import BackMsg

    message = BackMsg()
    message.rerun_script.page_script_hash, message.rerun_script.query_string = now
    message.rerun_script.page_name = path if not now[0] else ""
    message.rerun_script.context_info.timezone = "Asia/Seoul"
    for name, value in values.items():
        state = message.rerun_script.widget_states.widgets.add()
        state.id = name
        if value is True:
            state.trigger_value = True
        else:
            state.string_value = str(value)
    return bytes(message.SerializeToString())
