"""From what is looked at to a counter-dataset: for those who may put something into one."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from excavate.components.put_link import MOST, put_link
from excavate.counter.plans import plans
from excavate.i18n import _, _n
from excavate.pages.counter_plan_form import plans_answering
from excavate.pages.parts import link
from excavate.pages.spoken import may_speak
from excavate.workshop.absence_record import Absence
from excavate.workshop.absences import is_unfillable
from excavate.workshop.store import Workshop


def put_way(
    item_ids: Sequence[str], way: str, of: str = "", words: str = "", *, said: str = ""
) -> str:
    """HTML of the link; nothing for those who only look, and where nothing is carried."""
    return put_link(item_ids, way, of, words, said=said) if item_ids and may_speak() else ""


def show_put_way(item_ids: Sequence[str], way: str, of: str = "", words: str = "") -> None:
    """The same as a line of its own, with how many go along."""
    count = min(len(item_ids), MOST)
    text = _n("Put {n} into a counter-dataset", "Put these {n} into a counter-dataset", count)
    if count < len(item_ids):
        text = _("Put the first {n} into a counter-dataset")
    found = put_way(item_ids, way, of, words, said=text.format(n=count))
    if found:
        st.html(f'<p class="exc exc-ways exc-put-ways">{found}</p>')


def show_answering(workshop: Workshop, absence: Absence) -> None:
    """Which counter-datasets answer an absence, and the way to plan one.

    What is refused, redacted or withdrawn is not answered with anything: a place may be kept.
    """
    answering = plans_answering(plans(workshop), absence.absence_id)
    ways = list(answering)
    if may_speak():
        words = _("Answer it with a counter-dataset")
        if is_unfillable(absence):
            words = _("Keep a place empty for it")
        ways.append(link("counter", words, new="1", answers=absence.absence_id))
    if ways:
        head = f"<h3>{escape(_('Answered by'))}</h3>" if answering else ""
        st.html(
            f'<div class="exc exc-answering">{head}<p class="exc-ways">{"".join(ways)}</p></div>'
        )
