"""The form to measure, for the host alone; how far it is; a button that stops it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import streamlit as st

from excavate.components.command_lines import gaps_command
from excavate.errors import ExcavateError
from excavate.gaps.question import Question
from excavate.gaps.records import sentence
from excavate.gaps.registry import REGISTRY, saying_of
from excavate.gaps.shelf import shelf
from excavate.i18n import _, _n, speak
from excavate.pages.dig_here import host_asks
from excavate.pages.measure_job import confirm, put_away, running, start, started, stop, told
from excavate.pages.parts import link, notice, show_error
from excavate.pages.veiling import as_shown
from excavate.site import Site

if TYPE_CHECKING:
    from excavate.gaps.stored import Finding

STOPPED = (130, -15, -9)  # the codes a measuring ends with that was stopped
LISTED = 8  # findings that came of it
LOOKED_S = 6.0  # after so long, looking how long it will take is itself called long


def show_measuring(site: Site, opened: bool) -> None:
    """The form where the host may measure, the progress where it is measured; else a command."""
    if running():
        show_progress()
        return
    show_ended(site)
    with st.expander(_("Measure something here"), expanded=opened, key="measure"):
        question = ask(site)
        if not host_asks():
            words = escape(_("The host measures it with this command:"))
            command = escape(gaps_command(site.folder.path.name, question))
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


def about(seconds: float) -> str:
    """A length of time in words, rounded as an estimate is."""
    if seconds < 90:
        return _n("about {n} second", "about {n} seconds", round(seconds)).format(n=round(seconds))
    minutes = round(seconds / 60)
    return _n("about {n} minute", "about {n} minutes", minutes).format(n=minutes)


def looking(said: Mapping[str, Any]) -> str:
    """That it is looked how long it will take; where that is long itself, so it is said."""
    if time.time() - said.get("since", time.time()) < LOOKED_S:
        return _("Looking how long it will take")
    return _("Looking how long it will take, which takes long itself")


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
    parts = [looking(said)] if said.get("estimating") else []
    if said.get("measure") in REGISTRY:
        parts.append(saying_of(said["measure"]).title())
    if said.get("of", 0) > 1:
        parts.append(_("question {n} of {all}").format(n=said["number"], all=said["of"]))
    if said.get("total"):
        done, total = f"{said.get('done', 0):,}", f"{said['total']:,}"
        parts.append(_("{done} of {total}").format(done=done, total=total))
    return " · ".join(parts)


def show_ended(site: Site) -> None:
    """What came of the last measuring that was started here: stopped, failed in part, or done."""
    process, said = started(), told()
    if process is None or process.poll() is None:
        return
    if process.poll() in STOPPED:
        notice(_("The measuring was stopped"), _("What was finished before is kept."))
    elif not said.get("ended"):
        notice(_("The measuring did not come to its end"), _("it broke off"))
    else:
        show_came(site, said)
        show_failed(said)
    if host_asks():
        st.button(_("Put this away"), key="measure-put-away", on_click=put_away)


def show_came(site: Site, said: Mapping[str, Any]) -> None:
    """Each finding that came of it, in its sentence: of before, too, and where nothing came out."""
    by_id = shelf(site.folder).by_id
    there = [by_id[one] for one in dict.fromkeys(said.get("found", ())) if one in by_id]
    if not there:
        return
    title = _n("{n} question is answered", "{n} questions are answered", len(there))
    shown = "".join(f"<li>{came_line(site, f, said)}</li>" for f in there[:LISTED])
    if len(there) > LISTED:
        shown += f"<li>{escape(_('and {n} more').format(n=f'{len(there) - LISTED:,}'))}</li>"
    st.html(
        f'<div class="exc exc-notice" role="status"><strong>{escape(title.format(n=len(there)))}'
        f'</strong><ul class="exc-lines">{shown}</ul></div>'
    )


def came_line(site: Site, finding: Finding, said: Mapping[str, Any]) -> str:
    """A finding with its link; that it was measured before is said, for then nothing was done."""
    before = finding.made.made_at < said.get("began", "")
    mark = f' <span class="exc-quiet">{escape(_("measured before"))}</span>' if before else ""
    name = escape(f"{saying_of(finding.measure).title()} · {finding.dataset}")
    try:
        words = sentence(as_shown(site, finding))
    except Exception:  # one that is broken has its card below, which says so
        words = _("How it was measured")
    return f"{name}: {link('finding', words, id=finding.id)}{mark}"


def show_failed(said: Mapping[str, Any]) -> None:
    """Each question that could not be answered, with what to do."""
    for one in said.get("failed", ()):
        known = one["measure"] in REGISTRY
        name = saying_of(one["measure"]).title() if known else one["measure"]
        notice(_("{measure} could not be asked").format(measure=name))
        show_error(ExcavateError(one["what"], one["where"], one["todo"]))
