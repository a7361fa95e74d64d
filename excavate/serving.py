"""Serving the app: Streamlit in this process's place, with the site in its environment."""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

from excavate.errors import ExcavateError
from excavate.settings import PROJECT
from excavate.site import Site


def serve_site(
    site: Path, host: str, port: int, *, shared: bool = False, url: str = ""
) -> None:  # fmt: skip
    """Check the site and the port, then become the server. Does not return.

    `shared`: others come in by link. `url`: the address they reach, where a proxy is between.
    """
    opened = Site(site)
    with opened.cursor():
        pass  # a site that cannot be opened is told here, not in a browser
    opened.close()
    _refuse_taken(host, port)
    command = [
        sys.executable, "-m", "streamlit", "run", str(PROJECT / "app.py"),
        f"--server.address={host}", f"--server.port={port}", "--server.headless=true",
    ]  # fmt: skip
    if url:
        command.append(f"--browser.serverAddress={urlsplit(url).hostname}")
    shown = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - compared, not bound
    shown = f"[{shown}]" if ":" in shown else shown
    sys.stderr.write(f"Excavate serves {opened.folder.path.name} on http://{shown}:{port}\n")
    sys.stderr.flush()
    os.environ |= {"EXCAVATE_SITE": str(opened.folder.path), "EXCAVATE_URL": url,
                   "EXCAVATE_SHARED_ROOM": "1" if shared else ""}  # fmt: skip
    os.chdir(PROJECT)  # where .streamlit/config.toml lies
    os.execv(sys.executable, command)  # noqa: S606 - our own interpreter, fixed arguments


def is_loopback(host: str) -> bool:
    """Whether a host is this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def own_address() -> str:
    """The address of this machine in its network, as others there reach it. Sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # of documentation: nobody is there, nothing is sent
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def _refuse_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            todo = "Give another --port or --host, or stop what uses it"
            raise ExcavateError(
                f"cannot serve there ({error.strerror})", f"{host}:{port}", todo
            ) from error
