"""Counts active seconds in the browser, for those who asked for it; others are sent no script."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from excavate.components.addresses import under
from excavate.workshop.labour import IDLE

EVERY_S = 60
SCRIPT = Path(__file__).with_name("labour_clock.js")
# What is done on which page; what is not named here is looking.
ACTIVITY_OF = {
    "say": "say", "find": "say", "absence": "respond", "board": "respond", "judge": "judge",
    "check": "judge", "notebook": "other", "mine": "other", "room": "other", "door": "other",
    "": "other",
}  # fmt: skip


def activity_of(page: str, round_kind: str | None = None) -> str:
    """The kind of activity that a page is for; a round of sorting makes the board's one sorting."""
    activity = ACTIVITY_OF.get(page, "look")
    return "sort" if activity == "respond" and round_kind == "sort" else activity


@lru_cache(maxsize=1)
def _clock() -> Any:
    js = SCRIPT.read_text("utf-8")
    return st.components.v2.component("excavate_labour", js=js, isolate_styles=False)


def count_time(person_id: str, activity: str, about: str = "") -> None:
    """Count what is done here from now on. Call it only for who has their time counted."""
    with st.container(key="labour"):
        _clock()(key="labour-clock", data={
            "ask": under("/workshop/labour"), "person": person_id, "activity": activity,
            "about": about, "idle": IDLE * 1000, "every": EVERY_S * 1000,
        })  # fmt: skip
