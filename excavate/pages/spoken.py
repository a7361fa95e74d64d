"""Beside all that can be looked at: how many absences speak of it, and the way to add one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
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
    from excavate.workshop.absence_record import Absence
    from excavate.workshop.store import Workshop

Keys = dict[tuple[str, int], frozenset[str]]
Counted = tuple[tuple[int, int, str], Counter[str], Keys]
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
    topics, generation = workshop.topics, site.generation if site else ""
    at = (topics["board"], topics["round"], generation)
    held = _counted.get(workshop)
    if held is None or held[0] != at:
        known = held[2] if held and held[0][2] == generation else {}
        keys = _keys(absences(workshop, None), site, known)
        held = (at, Counter(key for of in keys.values() for key in of), keys)
        _counted[workshop] = held
    return held[1]


def _keys(said: Sequence[Absence], site: Site | None, known: Keys) -> Keys:
    """What each speaks of; of those that are known already it is not asked again."""
    new = [one for one in said if (one.absence_id, one.writing) not in known]
    ground = ground_of(site, ()) if new else None
    found = {(o.absence_id, o.writing): keys_of(o.about, ground) for o in new if ground}
    return {at: known.get(at) or found[at] for at in ((o.absence_id, o.writing) for o in said)}


def _site() -> Site | None:
    try:
        return served_site()
    except ExcavateError:
        return None
