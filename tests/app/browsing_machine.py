"""A served app and a headless Chromium that tells of every request it makes."""

from __future__ import annotations

import os
import random
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--use-gl=angle", "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-default-apps",
)  # fmt: skip
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
PATIENT = 120  # seconds: how long anything may take on a machine that others use too
# Notes when a window last asked for a run, and when a run was last seen to begin.
RUNS = """
if (!window.excavateRuns) {
  const runs = window.excavateRuns = { asked: -1, begun: 0, still: 0 };
  const send = WebSocket.prototype.send, RERUN = 0x5a;  // BackMsg.rerun_script, as it is written
  WebSocket.prototype.send = function (data) {
    if (new Uint8Array(data.buffer ?? data)[data.byteOffset ?? 0] === RERUN)
      Object.assign(runs, { asked: performance.now(), still: 0 });
    return send.call(this, data);
  };
  new MutationObserver(() => {
    const running = document.querySelector('[data-test-script-state="running"]');
    if (running) Object.assign(runs, { begun: performance.now(), still: 0 });
  }).observe(document, { subtree: true, attributes: true,
                         attributeFilter: ["data-test-script-state"] });
}
"""
# No run goes on, none is on its way (one that was too short to be seen is not waited for), what
# came last is drawn (Streamlit draws some 10 ms after it was told that the run has ended), and
# nothing moves any more: an expander opens slowly, and what lies in it moves under the pointer.
SETTLED = """() => {
  const runs = window.excavateRuns, now = performance.now();
  const still = document.querySelector('[data-test-script-state="notRunning"]')
    && (runs.begun > runs.asked || now - runs.asked > 5000)
    && !document.getAnimations().some((one) => one.playState === "running"
      && one.effect.getComputedTiming().endTime !== Infinity);
  if (!still) runs.still = 0;
  else runs.still ||= now;
  return still && now - runs.still > 120;
}"""


def free_port() -> int:
    """Of those that no connection of this machine is given by itself before we listen."""
    for port in random.SystemRandom().sample(range(12_000, 30_000), 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no port is free")


@contextmanager
def serving(project: Path, site: Path, log: Path) -> Iterator[str]:
    """The app of a project folder on a port of its own; yields its address."""
    port = free_port()
    command = [
        sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}",
        "--server.address=127.0.0.1", "--server.headless=true",
    ]  # fmt: skip
    env = {**os.environ, "EXCAVATE_SITE": str(site), "PYTHONPATH": str(project)}
    with open(log, "wb") as out:
        process = subprocess.Popen(command, cwd=project, env=env, stdout=out, stderr=out)
        try:
            answering(f"http://127.0.0.1:{port}/_stcore/health", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=PATIENT)


@dataclass
class Shared:
    """A room as the command opened it."""

    address: str
    join: str
    facilitator: str
    told: str
    site: Path


@contextmanager
def sharing(project: Path, site: Path, root: Path, title: str) -> Iterator[Shared]:
    """A site in a shared room, by `excavate serve --share`; its log is root/log.txt."""
    port, log = free_port(), root / "log.txt"
    base = f"http://127.0.0.1:{port}"
    asks = [sys.executable, "-m", "excavate"]
    command = [*asks, "serve", "--site", str(site), "--share", "--host", "127.0.0.1",
               "--port", str(port), "--title", title, "--acknowledge"]  # fmt: skip
    env = {**os.environ, "EXCAVATE_SECRETS": str(root / "secrets")}
    with open(log, "wb") as out:
        process = subprocess.Popen(command, cwd=project, env=env, stdout=out, stderr=out)
        try:
            answering(f"{base}/_stcore/health", process, log)
            told = log.read_text("utf-8")
            shows = [*asks, "workshop", "links", "--site", str(site)]
            shown = subprocess.run(shows, env=env, cwd=project, capture_output=True, text=True)
            links = re.findall(rf"{base}(/\S+)", shown.stdout)
            assert not re.search("/enter/|/join", told)  # a log is read by others
            yield Shared(base, links[0], links[1], told, site)
        finally:
            process.terminate()
            process.wait(timeout=PATIENT)


def answering(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until an address is answered; where its process ends instead, tell its log."""
    until = time.monotonic() + PATIENT
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(log.read_text("utf-8"))
        try:
            with urllib.request.urlopen(url, timeout=10):  # noqa: S310 - our own loopback
                return
        except OSError:
            time.sleep(0.25)
    raise RuntimeError(f"no answer from {url}")


def settle(page: Any) -> None:
    """Wait until a page of ours is drawn to its end and no press is on its way."""
    page.wait_for_function(SETTLED)


class Visit:
    """One browser window on the app, which keeps what it asked for and what went wrong."""

    def __init__(self, chromium: Any, address: str, **options: Any) -> None:
        options.setdefault("viewport", {"width": 1366, "height": 768})
        self.address = address
        self.context = chromium.new_context(**options)
        self.context.set_default_timeout(1000 * PATIENT)
        self.context.add_init_script(RUNS)
        self.page = self.context.new_page()
        self.asked: list[str] = []
        self.broken: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.broken.append(str(error)))

    def open(self, path: str, until: str) -> Any:
        """Go to a path and wait for a selector."""
        self.page.goto(self.address + path)
        self.page.wait_for_selector(until)
        return self.page

    def settled(self) -> None:
        """Wait until the page has been drawn to its end: a press before may meet a moving page."""
        settle(self.page)

    def outside(self) -> list[str]:
        """Requests that left this machine."""
        return [
            url
            for url in self.asked
            if urlsplit(url).scheme not in ("data", "blob")
            and urlsplit(url).hostname not in LOOPBACK
        ]

    def close(self) -> None:
        self.context.close()
