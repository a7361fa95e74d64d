"""Beside all that can be looked at: how many absences speak of it, and the way to add one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import streamlit as st

from excavate.components.absent_link import absent_link, spoken_link
from excavate.components.board_about import ground_of, keys_of
from excavate.errors import ExcavateError
from excavate.pages.who import reaches
from excavate.routes import served_site, served_workshop
from excavate.workshop.about import About, about_query
from excavate.workshop.absences import absences

if TYPE_CHECKING:
    from excavate.site import Site
    from excavate.workshop.store import Workshop

Counted = tuple[tuple[int, int, str], Counter[str]]
_counted: WeakKeyDictionary[Workshop, Counted] = WeakKeyDictionary()


def absent_way(about: About, words: str = "", *, key: str = "") -> str:
    """HTML of both links; nothing to add for those who only look. `key`: of the board's filter."""
    try:
        workshop = served_workshop()
    except ExcavateError:  # what can be looked at is looked at without it, too
        return ""
    key = key or key_of(about)
    count = spoken_counts(workshop, _site())[key]
    way = absent_link(about, words) if reaches(workshop, "participant") else ""
    return f"{way}{spoken_link(count, key)}"


def show_absent_way(about: About, words: str = "", *, key: str = "") -> None:
    """The same as a line of its own."""
    ways = absent_way(about, words, key=key)
    if ways:
        st.html(f'<p class="exc exc-ways exc-absent-ways">{ways}</p>')


def may_speak() -> bool:
    """Whether who looks may say something; False where there is no workshop to say it in."""
    try:
        return reaches(served_workshop(), "participant")
    except ExcavateError:
        return False


def with_dataset(dataset: str | None) -> dict[str, str]:
    """The dataset as a part of what is pointed at, where there is one."""
    return {"dataset": dataset} if dataset else {}


def key_of(about: About) -> str:
    """What the board is filtered by to show what speaks of exactly this."""
    asked = about_query(about)
    return f"on:{asked['of']}:{asked['on']}"


def spoken_counts(workshop: Workshop, site: Site | None) -> Mapping[str, int]:
    """How many absences that all see speak of each thing; counted again when one is written."""
    topics = workshop.topics
    at = (topics["board"], topics["round"], site.generation if site else "")
    held = _counted.get(workshop)
    if held is None or held[0] != at:
        ground = ground_of(site, ())
        said = absences(workshop, None)
        held = (at, Counter(key for one in said for key in keys_of(one.about, ground)))
        _counted[workshop] = held
    return held[1]


def _site() -> Site | None:
    try:
        return served_site()
    except ExcavateError:
        return None
