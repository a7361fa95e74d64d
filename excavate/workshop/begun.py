"""An erasure that has begun: noted in the site before the first byte goes, until the last went.

A note names ids, counts and hashes, never words. Whoever opens the workshop finishes it first.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from excavate.catalog.folder import replace_text
from excavate.errors import SiteError
from excavate.workshop.opened import settle

if TYPE_CHECKING:
    from excavate.workshop.store import Workshop

NOTE = "erasing.json"


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


def note(folder: Path, erasure: Erasure) -> None:
    """Write down what is to go, before anything does. Raises SiteError where that cannot be."""
    try:
        replace_text(folder / NOTE, json.dumps(asdict(erasure)))
        settle(folder)
    except OSError as error:
        todo = "See that the disk has room and the folder can be written to, then try again"
        what = f"the erasing cannot begin ({error.strerror})"
        raise SiteError(what, str(folder / NOTE), todo) from error


def noted(folder: Path) -> Erasure | None:
    """The erasure that has begun and not ended; None where there is none."""
    file = folder / NOTE
    if not file.is_file():
        return None
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        targets = tuple(Target(**one) for one in said.pop("targets"))
        return Erasure(**{**said, "targets": targets, "media": tuple(said["media"])})
    except (ValueError, TypeError, KeyError) as error:
        todo = "Erase what was to be erased again, then remove this file"
        raise SiteError("an erasing was begun that cannot be read", str(file), todo) from error


def ended(folder: Path) -> None:
    """Take the note away: everything it names is gone."""
    (folder / NOTE).unlink(missing_ok=True)
    settle(folder)


def finish(workshop: Workshop) -> None:
    """On opening: sweep what a kill left lying, and finish what an earlier run began to erase."""
    from excavate.workshop.rewriting import sweep

    sweep(workshop.folder.path)
    finish_noted(workshop)


def finish_noted(workshop: Workshop) -> None:
    """Finish the erasing that has begun, if there is one. Raises SiteError where it cannot."""
    from excavate.workshop.rewriting import carry_out

    erasure = noted(workshop.folder.path)
    if erasure is not None:
        carry_out(workshop, erasure)
