"""The measuring that the app starts: a process of its own, found again after the app has ended.

One measures a site at a time. What the process tells stands in `.gaps.json` with its number, so
that an app which starts anew, or a second one, can show it and stop it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from excavate.gaps.question import Question
from excavate.gaps.stored import KIND
from excavate.pages.dig_here import host_asks
from excavate.routes import served_site

JOB = "excavate.commands.gaps_job"
STATE, LOG = ".gaps.json", ".gaps.log"
WAIT_S = 10.0
_started: dict[str, subprocess.Popen[bytes]] = {}
_starting = threading.Lock()


def start(question: Question) -> None:
    """Start measuring in a process of its own; one at a time."""
    _start({"dataset": question.dataset, "measure": question.measure,
            "reference": question.reference})  # fmt: skip


def start_each(questions: Sequence[Question]) -> None:
    """Start measuring just these, in a process of its own; one at a time."""
    _start({"questions": [asdict(one) for one in questions]})


def _start(asked: Mapping[str, Any]) -> None:
    site = served_site().folder.path
    with _starting:
        if running() or not host_asks():
            return
        arguments = ["-m", JOB, str(site.resolve()), str(site / STATE), json.dumps(asked),
                     str(os.getpid())]  # fmt: skip
        (site / STATE).unlink(missing_ok=True)
        with open(site / LOG, "wb") as log:
            _started[str(site)] = subprocess.Popen(
                [sys.executable, *arguments], stdin=subprocess.PIPE, stdout=log, stderr=log
            )


def confirm() -> None:
    """Let the process begin that has told how long it will take."""
    process = started()
    if process is not None and process.stdin and host_asks():
        with suppress(OSError, ValueError):  # it has ended, or begun, meanwhile, which is told
            process.stdin.write(b"go\n")
            process.stdin.close()


def stop() -> None:
    """End the process that measures this site, and take away what it had half written."""
    site, process = served_site().folder.path, started()
    number = process.pid if process is not None and process.poll() is None else left(site)
    if number is None or not host_asks():
        return
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.kill(number, sign)
        if _gone(site, number):
            break
    for half in [*(site / KIND).glob(f".*.{number}"), *site.glob(f".*.{number}")]:
        half.unlink(missing_ok=True)


def _gone(site: Path, number: int) -> bool:
    """Whether the process has ended within ten seconds."""
    process = _started.get(str(site))
    for _turn in range(int(WAIT_S / 0.1)):
        ours = process is not None and process.pid == number
        if process.poll() is not None if ours and process else not is_job(number, site):
            return True
        time.sleep(0.1)
    return False


def told() -> dict[str, Any]:
    """What the process told last; nothing before the first."""
    return _told(served_site().folder.path) or {"estimating": True}


def _told(site: Path) -> dict[str, Any]:
    with suppress(OSError, ValueError):
        found = json.loads((site / STATE).read_text("utf-8"))
        return found if isinstance(found, dict) else {}
    return {}


def started() -> subprocess.Popen[bytes] | None:
    """The process that this app started for the site last."""
    return _started.get(str(served_site().folder.path))


def put_away() -> None:
    """Tell of the last measuring no more."""
    if host_asks():
        _started.pop(str(served_site().folder.path), None)


def running() -> bool:
    """Whether the site is being measured: by what this app started, or what another has left."""
    process = started()
    if process is not None and process.poll() is None:
        return True
    return left(served_site().folder.path) is not None


def left(site: Path) -> int | None:
    """The number of a measuring of this site that this app has not started and that still runs."""
    said = _told(site)
    number = said.get("pid")
    if said.get("ended") or not isinstance(number, int):
        return None
    ours = _started.get(str(site))
    if ours is not None and ours.pid == number:
        return None
    return number if is_job(number, site) else None


def is_job(number: int, site: Path) -> bool:
    """Whether the process with this number is a measuring of this site, by its command line."""
    line = _command_line(number)
    return f" {JOB} {site.resolve()} " in line


def _command_line(number: int) -> str:
    """Of a process of this machine, its parts with spaces between; "" where there is none."""
    if Path("/proc/self").exists():
        with suppress(OSError):
            return Path(f"/proc/{number}/cmdline").read_text("utf-8", "replace").replace("\0", " ")
        return ""
    asked = ["/bin/ps", "-ww", "-o", "command=", "-p", str(number)]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout
