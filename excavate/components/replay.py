"""The session once more: a slider along what was written, the board as it stood at each writing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from excavate.i18n import _, spoken
from excavate.workshop.absence_record import Absence
from excavate.workshop.replaying import writings
from excavate.workshop.store import Workshop

SCRIPT = Path(__file__).with_name("replay.js")


@lru_cache(maxsize=1)
def _player() -> Any:
    js = SCRIPT.read_text("utf-8")
    return st.components.v2.component("excavate_replay", js=js, isolate_styles=False)


def show_replay(workshop: Workshop, said: Sequence[Absence]) -> None:
    """The slider; nothing where nothing was said yet. `said`: what the viewer may see now."""
    steps = writings(workshop, {one.absence_id for one in said})
    if not steps:
        return
    words = {
        "play": _("Play"), "pause": _("Pause"), "slider": _("Time of the session"),
        "speed": _("Speed"), "at": _("{n} of {all} · {time}"),
    }  # fmt: skip
    with st.container(key="replay"):
        _player()(key="replay-desk", data={
            "steps": [[writing, _ms(when)] for writing, when in steps], "words": words,
            "language": spoken(),
        })  # fmt: skip


def _ms(moment: datetime) -> int:
    return round(moment.replace(tzinfo=UTC).timestamp() * 1000)
