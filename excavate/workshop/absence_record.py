"""What people say is absent, as it is given and as it is read: dataclasses, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from excavate.workshop.about import NOTHING, About

STANCES = ("should exist", "should stay absent", "not mine to say", "undecided")
KNOWNNESS = ("stated by makers", "measured", "suspected")
VISIBILITIES = ("public", "group", "private")
EVIDENCE_KINDS = ("link", "finding", "item", "lasso", "dossier")
REPLY_KINDS = ("agree", "contest", "ask", "evidence")


@dataclass(frozen=True, slots=True)
class GivenEvidence:
    """What an absence rests on. `value`: {"link"}, or as `about` has it of the same kind."""

    evidence_id: str
    kind: str
    value: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class GivenAbsence:
    """An absence as it is said; only the statement is needed. `absence_id` came with the form.

    `type` is a code of the vocabulary, "none of these", or None: later.
    """

    absence_id: str
    statement: str
    about: About = NOTHING
    stance: str | None = None
    knownness: str | None = None
    agent: str = ""
    position: str = ""
    visibility: str = "public"
    type: str | None = None
    evidence: tuple[GivenEvidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence. Of a lasso `verdict` says whether the neighbours support it.

    `verdict`: supported, only in the layout, not measured; `measured` is what that rests on.
    Who brought it is None while the round is anonymous.
    """

    evidence_id: str
    about: About  # of kind "link" {"link"} too
    verdict: str | None
    measured: Mapping[str, Any]
    written_at: datetime
    writing: int
    person_id: str | None
    shown_name: str | None


@dataclass(frozen=True, slots=True)
class Translation:
    """The statement in another language, by its own author; `stale`: it was corrected since."""

    translation_id: str
    language: str
    statement: str
    written_at: datetime
    writing: int
    person_id: str | None
    shown_name: str | None
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to an absence or to another answer (`about`).

    Where it was taken back and others stand under it, `text` is empty and `withdrawn` is True.
    """

    reply_id: str
    about: str
    kind: str
    text: str
    language: str
    written_at: datetime
    writing: int
    person_id: str | None
    shown_name: str | None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Absence:
    """An absence as one viewer sees it. Names are None while its round is anonymous.

    `stances` and `types` count people, each with their own answer: never one verdict.
    `my_stance` and `my_type` are the viewer's; `mine`: the viewer said it.
    """

    absence_id: str
    statement: str
    language: str
    about: About
    stance: str | None  # its author's, now
    knownness: str | None
    agent: str
    position: str
    visibility: str
    group_id: str | None
    round_id: str | None
    written_at: datetime  # first said
    writing: int  # last changed by its author
    person_id: str | None
    shown_name: str | None
    type: str | None = None  # its author's own sorting
    types: Mapping[str, int] = field(default_factory=dict)
    stances: Mapping[str, int] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    translations: tuple[Translation, ...] = ()
    replies: tuple[Reply, ...] = ()
    corrected: bool = False
    anonymous: bool = False  # its round is not closed yet: nobody's name is shown
    mine: bool = False
    my_stance: str | None = None
    my_type: str | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """What an absence said before or says now; the oldest first in a history."""

    row_id: str
    statement: str
    language: str
    about: About
    stance: str | None
    knownness: str | None
    agent: str
    position: str
    visibility: str
    written_at: datetime
    writing: int
    person_id: str | None
    shown_name: str | None
