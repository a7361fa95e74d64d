"""What a release is made of: gathered once, handed to every format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from excavate.counter.records import Member, Plan, WallRoom
from excavate.workshop.absence_record import Absence
from excavate.workshop.said import Conversation


@dataclass(frozen=True, slots=True)
class SourceLabel:
    """What a catalog item's source said of it, verbatim; a box in pixels where it has one."""

    name: str
    taxonomy: str
    box: tuple[float, float, float, float] | None = None  # x, y, width, height


@dataclass(frozen=True, slots=True)
class Plate:
    """One member in a release, in its authored order; an empty place has no picture."""

    number: int  # from 1
    member: Member
    room: int | None  # of Contents.rooms; None: hung nowhere
    title_ko: str
    title_en: str
    size: str
    credit: str
    file: str  # in the release: items/0001.png; empty: an empty place, or by reference
    sha256: str  # of that file; of a picture by reference that of the catalog
    media_type: str
    width: int
    height: int
    by_reference: bool  # a catalog item without stated rights: named, its pixels left out
    reference: Mapping[str, str]  # of a chosen one: item_id, sha256, revision, dataset, source
    labels: tuple[SourceLabel, ...]

    @property
    def is_empty(self) -> bool:
        """Whether it is a place kept empty on purpose."""
        return self.member.kind == "empty"


@dataclass(frozen=True, slots=True)
class OutOfIt:
    """A member that is not in the release on purpose, and the reason that was given."""

    member: Member
    reason: str


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything a release says. `picture(plate)` reads its bytes, one at a time."""

    plan: Plan
    version: str  # "1", "2", …: of the release
    made_at: datetime
    base: str  # http(s) address that ids begin with, without a slash at its end
    code_version: str
    generation: str
    revisions: Mapping[
        str, str
    ]  # of the datasets that plates were chosen from, or are held against
    rooms: tuple[WallRoom, ...]
    plates: tuple[Plate, ...]
    left_out: tuple[OutOfIt, ...]
    absences: tuple[Absence, ...]  # those the plan answers, as everybody sees them
    conversation: Conversation  # what was said of them, one voice each
    measured: tuple[Mapping[str, Any], ...]  # measured again: counter/measured_again.py's records
    essays: tuple[tuple[str, Path], ...]  # (name, rendered HTML) to go along
    picture: Callable[[Plate], bytes]


@dataclass(frozen=True, slots=True)
class Lost:
    """What a format cannot hold: told in the release, never dropped in silence."""

    format: str
    what: str
    count: int
    where: str  # the file of the release that holds it


Writer = Callable[[Contents, Path], list[Lost]]  # writes into a folder what the format is made of
