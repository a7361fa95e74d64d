"""What a counter-dataset is made of, as it is given and as it stands.

Words come in Korean and English beside each other (`_ko`, `_en`); one of the two may be empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

KINDS = ("chosen", "drawn", "uploaded", "empty")
GROUNDS = ("quotation", "fair-use", "public-interest")
CONTRIBUTOR = ("given", "not-needed")  # empty: nobody said
DEPICTED = ("nobody", "given", "public", "refused")  # who can be seen in it; empty: nobody said
WAYS = ("lasso", "search", "neighbours", "finding", "item", "drawing", "file", "place")


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many of what a plan is to hold."""

    what: str
    count: int


@dataclass(frozen=True, slots=True)
class GivenPlan:
    """A version of a plan as it is given; `plan_id` was made with the form of its first version."""

    plan_id: str
    name: str  # small Latin letters, digits and hyphens: of folders and citations
    title_ko: str = ""
    title_en: str = ""
    answers: tuple[str, ...] = ()  # absence ids
    statement_ko: str = ""
    statement_en: str = ""
    wanted: tuple[Wanted, ...] = ()
    excluded_ko: str = ""  # what it will not contain
    excluded_en: str = ""
    licence: str = ""  # a code of licences.toml
    consent_ko: str = ""
    consent_en: str = ""
    decides: str = ""
    against: str = ""  # the dataset it answers


@dataclass(frozen=True, slots=True)
class Plan:
    """A version of a plan as it stands; `row_id` names the version, `version` counts from 1."""

    given: GivenPlan
    row_id: str
    version: int
    written_at: datetime
    person_id: str
    shown_name: str


@dataclass(frozen=True, slots=True)
class GivenMember:
    """A member as it is given. `picture` is the file of an uploaded one, as it came.

    Of a drawn one `strokes` is the text of strokes.py, and its picture is made from them here.
    Of a chosen one `item_id` names it in the catalog. An empty place has nothing but its reason.
    """

    member_id: str
    plan_id: str
    kind: str
    reason: str
    item_id: str = ""
    picture: bytes | None = None
    strokes: str = ""
    label: str = ""
    alt_ko: str = ""
    alt_en: str = ""
    found_by: Mapping[str, Any] = field(default_factory=dict)  # {"way": one of WAYS, …}


@dataclass(frozen=True, slots=True)
class GivenRights:
    """Rights and consent, given for one member or for many at once."""

    creator: str = ""
    source: str = ""
    licence: str = ""
    ground: str = ""
    ground_reason: str = ""
    contributor_consent: str = ""
    depicted_consent: str = ""
    unknowns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # column -> by, because
    consent_shown: str = ""  # row_id of the plan whose text was shown; empty: as it stands


@dataclass(frozen=True, slots=True)
class Rights:
    """The rights of a member as they stand, and whose words they are.

    Consent to another text is no consent: `consent_stands` and `depicted_stands` say whether what
    was given was given to the text that stands now. Where nobody said anything, it does not stand.
    """

    given: GivenRights
    consent_version: str  # row_id of the plan whose text was agreed to; empty: none was
    depicted_version: str
    batch_id: str
    written_at: datetime
    person_id: str
    shown_name: str
    consent_stands: bool = False
    depicted_stands: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a made picture landed in a layout, and what is nearest to it in embedding space."""

    layout_id: str
    encoder: str
    x: float
    y: float
    nearest: tuple[tuple[str, float], ...]  # (item_id, cosine similarity), nearest first


@dataclass(frozen=True, slots=True)
class LeftOut:
    """That a member is left out of releases on purpose, and why."""

    reason: str
    language: str
    shown_name: str


@dataclass(frozen=True, slots=True)
class Member:
    """A member as it stands. `sha256` is of its file in media/; a chosen one has none there."""

    member_id: str
    plan_id: str
    kind: str
    reason: str
    language: str
    label: str
    alt_ko: str
    alt_en: str
    item_id: str
    item_sha256: str
    item_revision: str
    sha256: str
    media_type: str
    width: int
    height: int
    strokes: str
    found_by: Mapping[str, Any]
    removed: tuple[str, ...]  # what of its file's own record was taken out
    written_at: datetime
    person_id: str
    shown_name: str
    rights: Rights | None = None
    place: Place | None = None
    left_out: LeftOut | None = None


@dataclass(frozen=True, slots=True)
class Hung:
    """A member on a wall: its title, its size as it is to be shown, its credit line."""

    member_id: str
    title_ko: str = ""
    title_en: str = ""
    size: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class WallRoom:
    """One room of the exhibition: a wall text and what hangs in it, in the author's order."""

    title_ko: str = ""
    title_en: str = ""
    text_ko: str = ""
    text_en: str = ""
    hung: tuple[Hung, ...] = ()


@dataclass(frozen=True, slots=True)
class Curation:
    """The whole order of a counter-dataset, as one version of it."""

    rooms: tuple[WallRoom, ...]
    row_id: str
    written_at: datetime
    person_id: str
    shown_name: str
