"""The form to measure, for the host alone; how far it is; a button that stops it."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from html import escape
from typing import Any

import streamlit as st

from excavate.errors import ExcavateError
from excavate.gaps.question import Question
from excavate.gaps.registry import REGISTRY, saying_of
from excavate.gaps.stored import KIND
from excavate.i18n import _, _n, speak
from excavate.pages.dig_here import host_asks
from excavate.pages.parts import notice, show_error
from excavate.routes import served_site
from excavate.site import Site

STOPPED = 130  # the code a measuring ends with that was stopped
_started: dict[str, subprocess.Popen[bytes]] = {}
_starting = threading.Lock()


def show_measuring(site: Site, opened: bool) -> None:
    """The form where the host may measure, the progress where it is measured; else a command."""
    if running():
        show_progress()
        return
    show_ended()
    with st.expander(_("Measure something here"), expanded=opened, key="measure"):
        question = ask(site)
        if not host_asks():
            words = escape(_("The host measures it with this command:"))
            command = escape(command_of(site, question))
            st.html(f'<div class="exc"><p>{words}</p><p><code>{command}</code></p></div>')
        else:
            st.button(_("Measure it"), key="measure-it", type="primary", on_click=start,
                      args=(question,))  # fmt: skip


def ask(site: Site) -> Question:
    """Which dataset, which measure, against what; "" stands for all of them."""
    names = list(site.revisions())
    splits = site.datasets().set_index("dataset_id")["splits"]
    parts = [f"{n}/{s}" for n in names for s in splits[n] if len(splits[n]) > 1]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        dataset = st.selectbox(
            _("Dataset"), ["", *names, *parts], index=1, key="measure-dataset",
            format_func=lambda name: name or _("all datasets"),
        )  # fmt: skip
        measure = st.selectbox(
            _("Measure"), ["", *REGISTRY], key="measure-name",
            format_func=lambda name: saying_of(name).title() if name else _("all measures"),
        )  # fmt: skip
        reference = st.selectbox(
            _("Held against"), ["", *references(site, names + parts, dataset)],
            key="measure-reference", accept_new_options=True, placeholder="",
            format_func=lambda name: name or _("what the measure names itself"),
        )  # fmt: skip
    if measure:
        st.html(f'<p class="exc exc-note">{escape(saying_of(measure).meaning())}</p>')
    return Question(measure or "", dataset or "", reference or None)


def references(site: Site, names: Sequence[str], dataset: str | None) -> list[str]:
    """What a dataset can be held against here; anything else can be typed."""
    trees = [f"taxonomy:{name}" for name in site.taxonomies()["name"]]
    return [*(name for name in names if name != dataset), *trees, "uniform"]


def command_of(site: Site, question: Question) -> str:
    """The command that asks the same."""
    options = (
        ("dataset", question.dataset), ("measure", question.measure),
        ("reference", question.reference),
    )  # fmt: skip
    given = "".join(f" --{name} {value}" for name, value in options if value)
    return f"excavate gaps --site {site.folder.path.name}{given}"


def about(seconds: float) -> str:
    """A length of time in words, rounded as an estimate is."""
    if seconds < 90:
        return _n("about {n} second", "about {n} seconds", round(seconds)).format(n=round(seconds))
    minutes = round(seconds / 60)
    return _n("about {n} minute", "about {n} minutes", minutes).format(n=minutes)


def start(question: Question) -> None:
    """Start measuring in a process of its own; one at a time."""
    site = served_site().folder.path
    asked = {"dataset": question.dataset, "measure": question.measure,
             "reference": question.reference}  # fmt: skip
    with _starting:
        if running() or not host_asks():
            return
        arguments = ["-m", "excavate.commands.gaps_job", str(site), str(site / ".gaps.json"),
                     json.dumps(asked)]  # fmt: skip
        (site / ".gaps.json").unlink(missing_ok=True)
        with open(site / ".gaps.log", "wb") as log:
            _started[str(site)] = subprocess.Popen(
                [sys.executable, *arguments], stdin=subprocess.PIPE, stdout=log, stderr=log
            )


def confirm() -> None:
    """Let the process begin that has told how long it will take."""
    process = _started.get(str(served_site().folder.path))
    if process is not None and process.stdin and host_asks():
        with suppress(OSError):  # it has ended meanwhile, which is told
            process.stdin.write(b"go\n")
            process.stdin.close()


def stop() -> None:
    """End the process that was started here, and take away what it had half written."""
    site = served_site().folder.path
    process = _started.get(str(site))
    if process is None or process.poll() is not None or not host_asks():
        return
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)
    for left in (site / KIND).glob(f".*.{process.pid}"):
        left.unlink(missing_ok=True)


def told() -> dict[str, Any]:
    """What the process told last; nothing before the first."""
    with suppress(OSError, ValueError):
        found = json.loads((served_site().folder.path / ".gaps.json").read_text("utf-8"))
        return found if isinstance(found, dict) else {}
    return {"estimating": True}


def running() -> bool:
    """Whether a measuring that was started here is under way."""
    process = _started.get(str(served_site().folder.path))
    return process is not None and process.poll() is None


@st.fragment(run_every="2s")
def show_progress() -> None:
    """How far it is, or how long it will take; the whole page runs again when it is done."""
    speak(st.session_state["lang"])  # a fragment runs alone: nobody else has set the language
    if not running():
        st.rerun()
    said = told()
    waits = bool(said.get("waiting"))
    head = _("It waits for you") if waits else _("It is being measured")
    st.html(
        f'<div class="exc exc-notice" role="status"><strong>{escape(head)}</strong>'
        f"<p>{escape(progress_line(said))}</p></div>"
    )
    if not host_asks():
        return
    with st.container(horizontal=True, key="measure-going"):
        if waits:
            st.button(_("Start it"), key="measure-start", on_click=confirm, type="primary")
        st.button(_("Leave it") if waits else _("Stop measuring"), key="measure-stop",
                  on_click=stop)  # fmt: skip


def progress_line(said: Mapping[str, Any]) -> str:
    """The measure, which of how many questions, and how far it is; or how long it will take."""
    if said.get("waiting"):
        words = _("This takes {time}. It can be stopped at any time.")
        return words.format(time=about(said["seconds"]))
    parts = [_("Looking how long it will take")] if said.get("estimating") else []
    if said.get("measure") in REGISTRY:
        parts.append(saying_of(said["measure"]).title())
    if said.get("of", 0) > 1:
        parts.append(_("question {n} of {all}").format(n=said["number"], all=said["of"]))
    if said.get("total"):
        done, total = f"{said.get('done', 0):,}", f"{said['total']:,}"
        parts.append(_("{done} of {total}").format(done=done, total=total))
    return " · ".join(parts)


def show_ended() -> None:
    """What came of the last measuring that was started here: stopped, failed in part, or done."""
    process, said = _started.get(str(served_site().folder.path)), told()
    if process is None or process.poll() is None:
        return
    if process.poll() in (STOPPED, -15, -9):
        notice(_("The measuring was stopped"), _("What was finished before is kept."))
        return
    if not said.get("ended"):
        notice(_("The measuring did not come to its end"), _("it broke off"))
        return
    for one in said.get("failed", ()):
        known = one["measure"] in REGISTRY
        name = saying_of(one["measure"]).title() if known else one["measure"]
        notice(_("{measure} could not be asked").format(measure=name))
        show_error(ExcavateError(one["what"], one["where"], one["todo"]))
