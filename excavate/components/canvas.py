"""The sheet one draws on: pen, touch and mouse; drawings are posted to /counter/draw by the tab."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from excavate.components.addresses import under
from excavate.counter.exercises import is_handwriting
from excavate.counter.licences import LICENCES
from excavate.i18n import _, spoken

if TYPE_CHECKING:
    from excavate.counter.records import Plan
    from excavate.workshop.authors import Author

SCRIPTS = [Path(__file__).with_name(name) for name in ("canvas.js", "canvas_parts.js")]
MOST_LABELS = 40  # beyond, a row of buttons is no choice


@lru_cache(maxsize=1)
def _sheet() -> Any:
    js = "\n".join(script.read_text("utf-8") for script in SCRIPTS)
    return st.components.v2.component("excavate_canvas", js=js, isolate_styles=False)


def show_canvas(plan: Plan, author: Author, labels: Sequence[str]) -> None:
    """Mount the sheet of a plan; `labels`: the dataset's own names for what it holds."""
    sent = {
        **asked_of(plan), "plan": plan.given.plan_id,
        "person": author.person_id, "name": author.shown_name, "language": spoken(),
        "ask": under("/counter/draw"), "picture": under("/counter/picture"),
        "labels": list(labels) if len(labels) <= MOST_LABELS else [],
        "words": {**words(), **words_of_states(), **words_beside()},
    }  # fmt: skip
    _sheet()(key=f"canvas-{plan.given.plan_id}", data=sent)


def asked_of(plan: Plan) -> dict[str, str]:
    """What one is asked to agree to before drawing: the version, its text, its licence."""
    return {"agreed": plan.row_id, "consent": consent_of(plan), "rights": rights_of(plan)}


def consent_of(plan: Plan) -> str:
    """What one agrees to, in the language of this run where it was written in it."""
    said = {"ko": plan.given.consent_ko, "en": plan.given.consent_en}
    return said[spoken()] or next((text for text in said.values() if text), "")


def rights_of(plan: Plan) -> str:
    """Under which licence a drawing goes out, and what is said of who can be seen in it."""
    licence = LICENCES.get(plan.given.licence)
    if licence is None:
        return _("No licence has been chosen for this counter-dataset yet.")
    if is_handwriting(plan.given.against):
        words = _("Given under {licence}. A drawing of writing by hand: nobody can be seen in it.")
    else:
        words = _("Given under {licence}. Whether somebody can be seen in it is left blank: who "
                  "draws, or a reviewer, says it before a release.")  # fmt: skip
    return words.format(licence=getattr(licence.name, spoken()))


def words() -> dict[str, Any]:
    """What the sheet and its tools say, in the language of this run."""
    return {
        "sheet": _("Sheet to draw on. Arrow keys move a dot, the space bar puts the pen down and "
                   "lifts it."),
        "hint": _("Draw here with a pen, a finger or the mouse"),
        "before": _("Before you draw"),
        "agree": _("I agree to this"),
        "begin": _("Begin to draw"),
        "undo": _("Undo"),
        "wipe": _("Wipe the sheet"),
        "wipe_back": _("Wipe and take back"),
        "next": _("Keep it, draw another"),
        "width": _("Width of the line"),
        "widths": [_("Thin line"), _("Middle line"), _("Thick line")],
    }  # fmt: skip


def words_of_states() -> dict[str, str]:
    """What becomes of a drawing."""
    return {
        "going": _("On its way"),
        "kept": _("Kept, and on everyone's Map"),
        "kept_only": _("Kept. It has no place on the Map:"),
        "down": _("The line is down. Your drawing is kept in this tab; we try again."),
        "refused": _("It could not be kept. What you drew is still here."),
        "again": _("What contributors agree to has changed. Your drawing is kept in this tab: read "
                   "it again."),
    }  # fmt: skip


def words_beside() -> dict[str, str]:
    """What stands beside the sheet."""
    return {
        "near": _("Its nearest in the dataset"),
        "empty": _("When your pen lifts, the nearest items stand here."),
        "what": _("What is it? The dataset has these names"),
        "none": _("None of them"),
        "reason": _("Why is this hand missing? In your words, if you wish"),
        "creator": _("Named in releases as"),
        "made": _("What I drew"),
        "mine": _("Drawing {n}"),
        "back": _("Take back"),
    }  # fmt: skip
