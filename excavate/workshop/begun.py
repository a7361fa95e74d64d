"""Erasures that have begun: noted in the site before the first byte goes, until the last went.

A note names ids, counts and hashes, never words. Whoever opens the workshop goes on with them.
Where a file cannot be written just now, the rows at least say nothing any more before anything is
served, and the rest is tried again while the app runs.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from excavate.catalog.folder import replace_text
from excavate.errors import SiteError
from excavate.workshop.ids import is_id
from excavate.workshop.media import HASH
from excavate.workshop.opened import settle

if TYPE_CHECKING:
    from excavate.workshop.store import Workshop

NOTE = "erasing.json"
LOG = logging.getLogger("excavate.workshop")


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to be overwritten: whose rows, and the withdrawal that stays for it."""

    row_id: str
    table: str
    what_id: str
    person_id: str


@dataclass(frozen=True, slots=True)
class Erasure:
    """What is to go: some things of one person, or a whole room."""

    room_id: str
    person_id: str | None
    targets: tuple[Target, ...] = ()
    name_too: bool = False  # what the person is called goes as well
    media: tuple[str, ...] = ()  # pictures that nothing else may name
    whole_room: bool = False
    counted: Mapping[str, int] = field(default_factory=dict)  # of a whole room, for its certificate
    releases: Mapping[str, str] = field(default_factory=dict)  # of a whole room: NAME-vN, checksum


def note(folder: Path, erasure: Erasure) -> None:
    """Write down what is to go, before anything does, behind what waits already.

    Only for who holds the workshop's `writing`. Raises SiteError where it cannot be.
    """
    _write(folder, (*noted(folder), erasure))


def noted(folder: Path) -> tuple[Erasure, ...]:
    """The erasures that have begun and not ended, in their order.

    Raises SiteError where the note is none of ours: files are removed for what it says.
    """
    file = folder / NOTE
    if not file.is_file():
        return ()
    try:
        given = json.loads(file.read_text(encoding="utf-8"))
        return tuple(_erasure(one) for one in (given if isinstance(given, list) else [given]))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        todo = "Move this file out of the site, and erase again what was to be erased"
        raise SiteError("an erasing was begun that cannot be read", str(file), todo) from error


def ended(folder: Path, gone: Collection[Erasure]) -> None:
    """Take off the note what is gone; the note goes with the last of it."""
    waiting = tuple(one for one in noted(folder) if one not in gone)
    if waiting:
        _write(folder, waiting)
        return
    (folder / NOTE).unlink(missing_ok=True)
    settle(folder)


def finish(workshop: Workshop) -> None:
    """On opening: sweep what a kill left lying, and go on with what an earlier run began to erase.

    Raises SiteError where words that are to go could still be shown. Where they only lie in a
    file that cannot be written now, `unfinished` says so, and the workshop is open.
    """
    from excavate.workshop.keeping import set_lines_apart
    from excavate.workshop.rewriting import overwrite_live, sweep
    from excavate.workshop.unnamed import erase_unnamed

    folder = workshop.folder.path
    for erasure in noted(folder):
        overwrite_live(workshop, erasure)
    _tried(workshop, lambda: sweep(folder))
    _tried(workshop, lambda: set_lines_apart(folder, workshop.version))
    if not go_on(workshop):
        _tried(workshop, lambda: erase_unnamed(workshop))


def go_on(workshop: Workshop) -> bool:
    """Try again what has begun, if there is any; whether anything was waiting."""
    from excavate.workshop.rewriting import erase_noted

    waiting = (workshop.folder.path / NOTE).exists()
    if waiting:
        _tried(workshop, lambda: erase_noted(workshop))
    return waiting


def _tried(workshop: Workshop, act: Callable[[], object]) -> None:
    """What cannot be done now is logged and told on the facilitator's desk; it stops nobody."""
    try:
        act()
    except SiteError as error:
        workshop.unfinished = str(error)
        LOG.error("the workshop's files are not in order: %s", error)


def _write(folder: Path, erasures: tuple[Erasure, ...]) -> None:
    try:
        replace_text(folder / NOTE, json.dumps([asdict(one) for one in erasures]))
        settle(folder)
    except OSError as error:
        todo = "See that the disk has room and the folder can be written to, then try again"
        what = f"the erasing cannot begin ({error.strerror})"
        raise SiteError(what, str(folder / NOTE), todo) from error


def _erasure(said: dict[str, Any]) -> Erasure:
    """What a note says. Raises ValueError where we would not have written it."""
    targets = tuple(Target(**one) for one in said["targets"])
    made = Erasure(**{**said, "targets": targets, "media": tuple(said["media"])})
    whose = [made.person_id] if made.person_id is not None else []
    ids = [made.room_id, *whose, *(one.row_id for one in targets)]
    ids += [one.person_id for one in targets]
    if not all(isinstance(one, str) and is_id(one) for one in ids):
        raise ValueError("an id that is none of ours")
    if not all(isinstance(one, str) and HASH.fullmatch(one) for one in made.media):
        raise ValueError("a picture that is no hash")
    if not _are_releases(made.releases):
        raise ValueError("a release that is none of ours")
    if not (all(map(_is_of_ours, targets)) and _is_counted(made.counted)):
        raise ValueError("a table that is none of ours")
    if not (isinstance(made.name_too, bool) and isinstance(made.whole_room, bool)):
        raise ValueError("neither true nor false")
    return made


def _is_of_ours(target: Target) -> bool:
    from excavate.workshop.withdrawing import WITHDRAWABLE

    return isinstance(target.what_id, str) and target.table in WITHDRAWABLE


def _are_releases(releases: Any) -> bool:
    from excavate.workshop.release_folders import NAME

    return isinstance(releases, dict) and all(
        NAME.fullmatch(name) and isinstance(checksum, str) and HASH.fullmatch(checksum)
        for name, checksum in releases.items()
    )


def _is_counted(counted: Any) -> bool:
    from excavate.workshop.tables import TABLES

    return isinstance(counted, dict) and all(
        name in TABLES and type(count) is int for name, count in counted.items()
    )
