"""A board's columns: by moment, type, dataset or group. What nobody has said yet has a place, too.

Where people sorted an absence differently it stands with the answer given most often, its
author's where two were given as often: a way to lay out cards, never a verdict. Its card shows
every answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from excavate.components.board_about import Ground, dataset_of
from excavate.i18n import _
from excavate.workshop.absence_record import Absence
from excavate.workshop.absence_types import NONE, TYPES, moments, types_of, word

UNSORTED, NOWHERE = "not sorted yet", ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it is called, a line under it, whether it stands empty, its absences.

    `count`: how many there are in all, on other pages of the board, too.
    """

    key: str
    title: str
    note: str = ""
    absences: tuple[Absence, ...] = ()
    count: int = 0
    wide: bool = False  # across the whole board, before the others


def leading(absence: Absence) -> str:
    """The type an absence stands with; UNSORTED where nobody sorted it."""
    if not absence.types:
        return UNSORTED
    most = max(absence.types.values())
    tied = [code for code, count in absence.types.items() if count == most]
    known = [*TYPES, NONE]
    tied.sort(key=lambda code: known.index(code) if code in known else len(known))
    return absence.type if absence.type in tied else tied[0]


def columns(
    shown: Sequence[Absence], every: Sequence[Absence], by: str, ground: Ground,
    groups: Mapping[str, str],
) -> list[Column]:  # fmt: skip
    """The columns of what is shown, counted over all of them; `groups`: {group_id: its title}."""
    key_of = _keyed(by, ground)
    here, counts = _gathered(shown, key_of), _counted(every, key_of)
    frames = FRAMES[by](list(counts), groups)
    return [
        Column(one.key, one.title, one.note, tuple(here.get(one.key, ())),
               counts.get(one.key, 0), one.wide)
        for one in frames
        if one.title
    ]  # fmt: skip


def _keyed(by: str, ground: Ground) -> Callable[[Absence], str]:
    if by == "dataset":
        return lambda absence: dataset_of(absence.about, ground)
    if by == "group":
        return lambda absence: absence.group_id or NOWHERE
    if by == "type":
        return leading
    return _moment


def _moment(absence: Absence) -> str:
    kind = leading(absence)
    return TYPES[kind].moment if kind in TYPES else kind


def _gathered(
    absences: Sequence[Absence], key_of: Callable[[Absence], str]
) -> dict[str, list[Absence]]:
    found: dict[str, list[Absence]] = {}
    for absence in absences:
        found.setdefault(key_of(absence), []).append(absence)
    return found


def _counted(absences: Sequence[Absence], key_of: Callable[[Absence], str]) -> dict[str, int]:
    return {key: len(found) for key, found in _gathered(absences, key_of).items()}


def _loose(found: Sequence[str]) -> list[Column]:
    """What has no type: not sorted yet before the others, none of these behind them."""
    waiting = Column(UNSORTED, _("Not sorted yet"), _("Which kind of absence is it?"), wide=True)
    return [waiting] if UNSORTED in found else []


def _none(found: Sequence[str]) -> list[Column]:
    return [Column(NONE, word("types", NONE), wide=True)] if NONE in found else []


def _by_moment(found: Sequence[str], _groups: Mapping[str, str]) -> list[Column]:
    four = [Column(code, str(one.name), str(one.says)) for code, one in moments().items()]
    return [*_loose(found), *four, *_none(found)]


def _by_type(found: Sequence[str], _groups: Mapping[str, str]) -> list[Column]:
    every = [
        Column(one.code, str(one.name), str(moments()[code].name))
        for code in moments()
        for one in types_of(code)
    ]
    return [*_loose(found), *every, *_none(found)]


def _by_dataset(found: Sequence[str], _groups: Mapping[str, str]) -> list[Column]:
    named = [Column(name, name) for name in sorted(found) if name]
    apart = Column(NOWHERE, _("Of no dataset in particular"), wide=True)
    return [*named, apart] if NOWHERE in found else named


def _by_group(found: Sequence[str], groups: Mapping[str, str]) -> list[Column]:
    named = [Column(key, title) for key, title in groups.items()]
    ended = [Column(k, _("A group that ended")) for k in sorted(found) if k and k not in groups]
    apart = Column(NOWHERE, _("Said in no group"), wide=True)
    return [*named, *ended, apart] if NOWHERE in found else [*named, *ended]


FRAMES: dict[str, Callable[[Sequence[str], Mapping[str, str]], list[Column]]] = {
    "moment": _by_moment, "type": _by_type, "dataset": _by_dataset, "group": _by_group,
}  # fmt: skip
