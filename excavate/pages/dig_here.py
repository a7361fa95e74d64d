"""The button to dig, for the host alone, and how far a dig is that was started here.

Who sits at the serving machine is the host: the app listens on loopback only, the page was asked
for by a loopback name, and nothing passed it on from elsewhere. A tunnel can hide that it did: in
a shared room the one who looks must be its facilitator besides.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from excavate.dossiers.digs import is_fetched
from excavate.errors import InputFault, SourceError
from excavate.i18n import N_, _, speak
from excavate.pages.parts import notice, show_error
from excavate.pages.who import reaches
from excavate.routes import served_site, served_workshop
from excavate.settings import Settings
from excavate.sources import REGISTRY

LOOPBACK = ("127.0.0.1", "localhost", "::1")
PASSED_ON = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Forwarded", "Via",
             "Cf-Connecting-Ip", "X-Forwarded-Proto")  # fmt: skip
STAGES = {
    "catalogue": N_("reading the source"),
    "embed": N_("embedding"),
    "neighbours": N_("finding neighbours"),
    "layout": N_("laying out"),
}
_started: dict[str, subprocess.Popen[bytes]] = {}
_starting = threading.Lock()


def needs_no_path(source: str) -> bool:
    """Whether a source says itself where it lies: nobody must name a file on this machine."""
    name, _colon, _rest = source.partition(":")
    return name in REGISTRY and (not REGISTRY[name].follows or is_fetched(source))


def host_asks() -> bool:
    """Whether the host looks at this page: on the serving machine itself, leading the room."""
    headers = st.context.headers
    named = (headers.get("Host") or "").rpartition(":")[0].strip("[]") or headers.get("Host")
    served = st.get_option("server.address")
    passed = any(headers.get(name) for name in PASSED_ON)
    here = served in LOOPBACK and named in LOOPBACK and not passed
    alone = not Settings.from_environment().shared
    return here and (alone or reaches(served_workshop(), "facilitator"))


def show_button(name: str, source: str) -> None:
    """Dig on the press of a button, where the host may; else the command for it."""
    site = served_site().folder
    if not needs_no_path(source) or not host_asks():
        words = _("The host digs it with this command:")
        command = f"excavate dig {name} --site {site.path.name}"
        st.html(
            f'<div class="exc"><p>{escape(words)}</p><p><code>{escape(command)}</code></p></div>'
        )
        return
    if running():
        show_progress()
        return
    if is_fetched(source):
        words = _("Digging it fetches from outside this machine: {source}").format(source=source)
        st.html(f'<p class="exc exc-note">{escape(words)}</p>')
    st.button(_("Dig it"), key="dig-it", on_click=start, args=(name,))
    show_ended()


def start(name: str) -> None:
    """Start a dig in a process of its own; one at a time."""
    site = served_site().folder.path
    with _starting:
        if running() or not host_asks():
            return
        arguments = ["-m", "excavate.commands.dig_job", name, str(site), str(state_file())]
        with open(site / ".dig.log", "wb") as log:
            _started[str(site)] = subprocess.Popen(
                [sys.executable, *arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )


def state_file() -> Path:
    """Where a dig that was started here tells how far it is."""
    return served_site().folder.path / ".dig.json"


def state() -> dict[str, Any]:
    """What it told last; nothing before the first."""
    try:
        told = json.loads(state_file().read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def running() -> bool:
    """Whether a dig that was started here is under way."""
    process = _started.get(str(served_site().folder.path))
    return process is not None and process.poll() is None


@st.fragment(run_every="2s")
def show_progress() -> None:
    """How far it is; the whole page runs again when it is done."""
    speak(st.session_state["lang"])  # a fragment runs alone: nobody else has set the language
    if not running():
        st.rerun()
    told = state()
    stage = _(STAGES.get(told.get("stage", ""), STAGES["catalogue"]))
    count = f"{told.get('done', 0):,}"
    if told.get("total"):
        count = _("{done} of {total}").format(done=count, total=f"{told['total']:,}")
    st.html(
        f'<div class="exc exc-notice" role="status"><strong>{escape(_("It is being dug"))}</strong>'
        f"<p>{escape(stage)} · {escape(count)}</p></div>"
    )


def show_ended() -> None:
    """What went wrong with the last dig that was started here, if anything did."""
    process, told = _started.get(str(served_site().folder.path)), state()
    if process is None or process.poll() in (None, 0):
        return
    if not told.get("what"):
        notice(_("The dig did not come to its end"), _("it broke off"))
        return
    notice(_("The dig did not come to its end"))
    show_error(error_told(told))


def error_told(told: dict[str, Any]) -> SourceError:
    """The error that a dig wrote down, as it was raised, to be said in the language of the run."""
    faults = [InputFault(str(place), str(what)) for place, what in told.get("faults", ())]
    where, todo = str(told.get("where") or ""), str(told.get("todo") or "")
    return SourceError(str(told["what"]), where, todo, faults)
