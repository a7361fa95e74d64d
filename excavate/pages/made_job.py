"""Releasing and measuring again, started from a page: one at a time, in a process of its own."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from excavate.errors import ExcavateError, SourceError
from excavate.i18n import N_, _
from excavate.pages.dig_here import error_told
from excavate.pages.who import here, reaches
from excavate.release.released import Told, tell_released
from excavate.routes import served_site, served_workshop
from excavate.workshop.keeping import back_up
from excavate.workshop.members import name_of

if TYPE_CHECKING:
    from excavate.workshop.store import Workshop

JOB = "excavate.commands.made_job"
STATE, LOG = ".made.json", ".made.log"
LEAST = {"measure": "participant", "release": "reviewer"}
HEADS = {"measure": N_("It is being measured"), "release": N_("The release is being made")}
STAGES = {"pictures": N_("pictures"), "formats": N_("formats"), "probe": N_("linear probe")}
STOPPED = (130, -15, -9)
_started: dict[str, subprocess.Popen[bytes]] = {}
_starting = threading.Lock()


def start(kind: str, plan_id: str, **asked: Any) -> None:
    """Start one in a process of its own, on a backup made now. For who may, and one at a time."""
    workshop, site = served_workshop(), served_site().folder.path
    if not reaches(workshop, LEAST[kind]):
        return
    with _starting:
        if running():
            return
        back_up(workshop)
        given = {"kind": kind, "plan_id": plan_id, **asked}
        arguments = ["-m", JOB, str(site.resolve()), str(site / STATE), json.dumps(given),
                     str(os.getpid())]  # fmt: skip
        (site / STATE).unlink(missing_ok=True)
        with open(site / LOG, "wb") as log:
            process = subprocess.Popen(
                [sys.executable, *arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        _started[str(site)] = process
    by = here(workshop).person_id
    waits = (process, workshop, site / STATE, by if name_of(workshop, by) else None)
    threading.Thread(target=_record, args=waits, daemon=True).start()


def _record(
    process: subprocess.Popen[bytes], workshop: Workshop, state: Path, by: str | None
) -> None:
    """Tell the workshop of the release, once it stands; it stands whatever comes of this."""
    process.wait()
    said = _read(state)
    if not said.get("release"):
        return
    try:
        tell_released(workshop, by, Told(**said["told"]))
    except ExcavateError as error:
        logging.getLogger("excavate").error("the workshop was not told of a release: %s", error)


def running() -> bool:
    """Whether one is under way that this app started."""
    process = _started.get(str(served_site().folder.path))
    return process is not None and process.poll() is None


def told() -> dict[str, Any]:
    """What the last one that this app started has told; nothing before the first."""
    site = served_site().folder.path
    return _read(site / STATE) if str(site) in _started else {}


def _read(state: Path) -> dict[str, Any]:
    with suppress(OSError, ValueError):
        found = json.loads(state.read_text("utf-8"))
        return found if isinstance(found, dict) else {}
    return {}


def stop() -> None:
    """End it; what was begun is not kept, what stood before is."""
    process = _started.get(str(served_site().folder.path))
    if process is not None and may_stop():
        process.terminate()


def may_stop() -> bool:
    """Whether the one who looks may end what is under way."""
    return reaches(served_workshop(), "reviewer")


def failure(plan_id: str, kind: str) -> SourceError | None:
    """Why the last one of this plan did not come to its end; None where it did, or none was."""
    process, said = _started.get(str(served_site().folder.path)), told()
    if process is None or process.poll() in (None, 0):
        return None
    if said.get("plan_id", plan_id) != plan_id or said.get("kind", kind) != kind:
        return None
    if process.poll() in STOPPED:
        return SourceError(N_("it was stopped"), "", N_("What stood before stands"))
    return error_told({"what": N_("it broke off"), **said})


def progress_html() -> str:
    """What is being made and how far it is."""
    said = told()
    head = _(HEADS[said.get("kind", "measure")])
    line = escape(" · ".join(filter(None, (_stage(said), _count(said)))))
    return f'<div class="exc exc-notice" role="status"><strong>{escape(head)}</strong>' \
           f"<p>{line}</p></div>"  # fmt: skip


def _stage(said: Mapping[str, Any]) -> str:
    stage = str(said.get("stage") or "")
    return _(STAGES[stage]) if stage in STAGES else ""


def _count(said: Mapping[str, Any]) -> str:
    if not said.get("total"):
        return ""
    done, total = f"{said.get('done', 0):,}", f"{said['total']:,}"
    return _("{done} of {total}").format(done=done, total=total)
