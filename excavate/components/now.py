"""What goes on in the room, in the frame of every page: one script asks, all that is live follows.

It polls /workshop/now while the tab is seen, draws the round that is open with the time left,
fetches anew every element with `data-live` whose topics have grown, and tells `follow`.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from excavate.components.addresses import under
from excavate.i18n import N_, _, spoken
from excavate.workshop.now import now_of
from excavate.workshop.rounds import PAGES as ROUND_PAGES
from excavate.workshop.store import Workshop

EVERY_MS = 2500
SCRIPT = Path(__file__).with_name("now.js")
ROUND_KINDS = {
    "look": N_("Look"), "say": N_("Say"), "respond": N_("Respond"), "sort": N_("Sort"),
    "judge": N_("Judge"),
}  # fmt: skip
# Where one acts in each kind of round, and the pages a round can name instead: page and query.
PLACES: dict[str, tuple[str, dict[str, str]]] = {
    "look": ("map", {}), "say": ("say", {}), "respond": ("board", {}),
    "sort": ("board", {"sort": "1"}), "judge": ("judge", {}),
    **{page: (page, {}) for page in ROUND_PAGES if page},
}  # fmt: skip
GO = {
    "look": N_("To the map"), "say": N_("Say what is absent"), "respond": N_("To the board"),
    "sort": N_("Sort on the board"), "judge": N_("Judge"), "survey": N_("To the Survey"),
    "dossier": N_("To the dossiers"), "items": N_("To the items"), "map": N_("To the map"),
    "taxonomy": N_("To the taxonomy"), "gaps": N_("To the gaps"),
    "compare": N_("Compare two datasets"), "board": N_("To the board"),
    "notebook": N_("To my notebook"),
}  # fmt: skip


@lru_cache(maxsize=1)
def _drawer() -> Any:
    js = SCRIPT.read_text("utf-8")
    return st.components.v2.component("excavate_now", js=js, isolate_styles=False)


def show_now(workshop: Workshop) -> None:
    """The strip under the masthead; nothing of it is seen while no round is open."""
    with st.container(key="now"):
        _drawer()(key="now-strip", data={
            "now": now_of(workshop), "words": strip_words(), "language": spoken(),
            "ask": under("/workshop/now"), "every": EVERY_MS,
        })  # fmt: skip


def strip_words() -> dict[str, Any]:
    """Every word the script may need, in the language of this run."""
    tongue = {"lang": spoken()}
    places = {
        kind: under(f"/{page}?{urlencode(query | tongue)}")
        for kind, (page, query) in PLACES.items()
    }
    return {
        "kinds": {kind: _(name) for kind, name in ROUND_KINDS.items()},
        "go": {kind: _(name) for kind, name in GO.items()},
        "places": places,
        "now": _("Now"),
        "left": _("{time} left"),
        "up": _("Time is up"),
        "minute": _("One minute left"),
        "anonymous": _("Names are hidden until it closes"),
        "down": _("The line is down. What you typed is kept; we try again."),
        "back": _("The line is back"),
        "gone": _("taken back"),
        "undrawn": _("This part could not be drawn just now. It is tried again; all else works."),
    }
