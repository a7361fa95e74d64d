"""Boards that were drawn are kept: sixty people who watch one cost one drawing.

One drawing is shared by all who see the same: of one role and group. Who said something that
those do not see (what is private, what they said in another group) is drawn a board apart, under
their own id; no such board is ever handed to anybody else.
"""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

from excavate.components.board_about import ground_of, keys_of
from excavate.components.board_asked import Asked
from excavate.components.board_html import board_html
from excavate.i18n import speak, spoken
from excavate.workshop.absence_record import Absence
from excavate.workshop.absence_rows import said_now
from excavate.workshop.groups import groups
from excavate.workshop.seeing import absences
from excavate.workshop.store import Workshop

if TYPE_CHECKING:
    from excavate.site import Site

Kept = TypeVar("Kept")
PACKED = 6  # of gzip


@dataclass(frozen=True, slots=True)
class Looks:
    """Who looks at a board: whom it may be, in which role and group."""

    person_id: str | None
    role: str
    group_id: str | None = None


AUDIENCE = Looks(None, "participant")  # what is on a wall is for everybody


@dataclass(frozen=True, slots=True)
class Drawn:
    """HTML, the same packed, and what names just this."""

    content: bytes
    packed: bytes
    etag: str


class Shelf:
    """The newest of what was made, by key; the oldest goes.

    Of many who ask for the same one makes it and the others wait for it; what stands already is
    handed out meanwhile.
    """

    def __init__(self, most: int) -> None:
        self._most, self._held = most, OrderedDict[Hashable, Any]()
        self._looking = threading.Lock()  # never held while something is made
        self._making: dict[Hashable, threading.RLock] = {}

    def got(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """What stands by this key, made where it does not stand yet."""
        with self._looking:
            if key in self._held:
                return cast(Kept, self._taken(key))
            making = self._making.setdefault(key, threading.RLock())
        with making:
            with self._looking:
                if key in self._held:  # another made it while this one waited
                    return cast(Kept, self._taken(key))
            return self._put(key, make)

    def _taken(self, key: Hashable) -> Any:
        self._held.move_to_end(key)
        return self._held[key]

    def _put(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        made: list[Kept] = []
        try:
            made.append(make())
        finally:
            with self._looking:
                self._making.pop(key, None)
                if made:
                    self._held[key] = made[0]
                while len(self._held) > self._most:
                    self._held.popitem(last=False)
        return made[0]


BOARDS, SEEN = Shelf(96), Shelf(12)
# What an address names freely, a moment of a replay or a filter, never drives those out.
ASIDE, SEEN_ASIDE = Shelf(16), Shelf(4)
COMMON_PAGES = 20


def board_drawn(workshop: Workshop, site: Site | None, looks: Looks, asked: Asked) -> Drawn:
    """A board for these eyes. Drawn once for each change of the room or the catalog.

    Before an audience it holds what everybody in the room may see, whoever asks.
    """
    state = state_of(workshop)  # before the rows: what comes meanwhile is drawn again
    mine = _as_whom(workshop, state, AUDIENCE if asked.presenter else looks)
    generation = site.generation if site is not None else ""
    key = (state, generation, mine, asked)
    shelf = BOARDS if _is_common(workshop, asked) else ASIDE
    return shelf.got(key, lambda: _drawn(workshop, site, mine, asked))


def _is_common(workshop: Workshop, asked: Asked) -> bool:
    """Whether it is one of the few boards that many look at."""
    known = {"", *(group.group_id for group in groups(workshop))}
    now = asked.at is None and not asked.about
    return now and asked.group in known and asked.page <= COMMON_PAGES


def seen(workshop: Workshop, looks: Looks, at: int | None = None) -> tuple[Absence, ...]:
    """All that these eyes may see, oldest first; kept until the room changes."""
    state = state_of(workshop)
    return _seen(workshop, state, _as_whom(workshop, state, looks), at)


def _seen(
    workshop: Workshop, state: Hashable, looks: Looks, at: int | None
) -> tuple[Absence, ...]:  # fmt: skip
    def read() -> tuple[Absence, ...]:
        who = looks.person_id
        return tuple(absences(workshop, who, role=looks.role, group_id=looks.group_id, at=at))

    return (SEEN if at is None else SEEN_ASIDE).got((state, looks, at), read)


def state_of(workshop: Workshop) -> Hashable:
    """What a board rests on: the site's folder, the room, and the versions of its topics."""
    versions = workshop.topics
    topics = tuple(versions[topic] for topic in ("board", "round", "room"))
    return str(workshop.folder.path.resolve()), id(workshop), workshop.room_id, topics


def _as_whom(workshop: Workshop, state: Hashable, looks: Looks) -> Looks:
    """Anybody of the same role and group, or this very person where they see more than those."""
    anybody = Looks(None, looks.role, looks.group_id)
    if looks.person_id is None or looks.role == "gone":
        return anybody
    special = SEEN.got(("more", state, anybody), lambda: _who_see_more(workshop, state, anybody))
    return looks if looks.person_id in special else anybody


def _who_see_more(workshop: Workshop, state: Hashable, anybody: Looks) -> frozenset[str]:
    """The authors of what anybody of this role and group does not see."""
    common = {one.absence_id for one in _seen(workshop, state, anybody, None)}
    rows = said_now(workshop).absences.items()
    return frozenset(row[12] for absence_id, row in rows if absence_id not in common)


def _drawn(workshop: Workshop, site: Site | None, looks: Looks, asked: Asked) -> Drawn:
    before = spoken()
    speak(asked.language)
    try:
        content = _html(workshop, site, looks, asked).encode()
    finally:
        speak(before)
    return packed(content)


def packed(content: bytes) -> Drawn:
    """HTML as it is sent, named by what it says."""
    etag = hashlib.sha256(content).hexdigest()[:32]
    return Drawn(content, gzip.compress(content, PACKED, mtime=0), etag)


def _html(workshop: Workshop, site: Site | None, looks: Looks, asked: Asked) -> str:
    found = _seen(workshop, state_of(workshop), looks, asked.at)
    if asked.group:
        found = tuple(one for one in found if one.group_id == asked.group)
    ground = ground_of(site, (one.about for one in found))
    if asked.about:
        found = tuple(one for one in found if asked.about in keys_of(one.about, ground))
    titles = {group.group_id: group.title for group in groups(workshop)}
    return board_html(found, asked, ground, titles)
