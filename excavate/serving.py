"""Serving the app: Streamlit in this process's place, with the site in its environment."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

from excavate.errors import ExcavateError
from excavate.settings import PROJECT
from excavate.site import Site


def serve(site: Path, host: str, port: int) -> None:
    """Check the site and the port, then become the server. Does not return."""
    opened = Site(site)
    with opened.cursor():
        pass  # a site that cannot be opened is told here, not in a browser
    opened.close()
    _refuse_taken(host, port)
    command = [
        sys.executable, "-m", "streamlit", "run", str(PROJECT / "app.py"),
        f"--server.address={host}", f"--server.port={port}", "--server.headless=true",
    ]  # fmt: skip
    shown = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - compared, not bound
    shown = f"[{shown}]" if ":" in shown else shown
    sys.stderr.write(f"Excavate serves {opened.folder.path.name} on http://{shown}:{port}\n")
    sys.stderr.flush()
    os.environ["EXCAVATE_SITE"] = str(opened.folder.path)
    os.chdir(PROJECT)  # where .streamlit/config.toml lies
    os.execv(sys.executable, command)  # noqa: S606 - our own interpreter, fixed arguments


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
