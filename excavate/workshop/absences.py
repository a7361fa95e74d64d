"""Saying what is absent, and mending what one said. Only the statement is needed.

A correction is a new row that names the one it supersedes; what was said before stays in the
history. Each person has a stance and a sorting of their own, the author too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from excavate.errors import InputFault, NotAllowedError
from excavate.i18n import N_
from excavate.workshop import checking
from excavate.workshop.about import (
    NOTHING,
    PLACE,
    About,
    about_faults,
    about_query,
    from_json,
    to_json,
)
from excavate.workshop.absence_record import (
    EVIDENCE_KINDS,
    KNOWNNESS,
    REPLY_KINDS,
    STANCES,
    VISIBILITIES,
    Absence,
    Evidence,
    GivenAbsence,
    GivenEvidence,
    Reply,
    Translation,
    Version,
)
from excavate.workshop.absence_types import UNFILLABLE, is_type
from excavate.workshop.authors import Author, author_faults, once, person_rows, refuse
from excavate.workshop.checking import text_faults, tidy
from excavate.workshop.conversation import reply, shown_again, sort, take_stance, translate
from excavate.workshop.evidence import (
    add_evidence,
    evidence_faults,
    evidence_row,
    evidence_rows,
)
from excavate.workshop.ids import is_id, new_id
from excavate.workshop.pinning import pinned
from excavate.workshop.rounds import PLANNED, one_round
from excavate.workshop.seeing import absences, history, one_absence, own_answers, refuse_unseen
from excavate.workshop.store import Row, Workshop

if TYPE_CHECKING:
    from excavate.site import Site

__all__ = [
    "EVIDENCE_KINDS", "KNOWNNESS", "NOTHING", "REPLY_KINDS", "STANCES", "VISIBILITIES", "About",
    "Absence", "Evidence", "GivenAbsence", "GivenEvidence", "Reply", "Translation", "Version",
    "absences", "add_evidence", "correct", "differs", "history", "is_unfillable", "one_absence",
    "reply", "say", "sort", "take_stance", "translate",
]  # fmt: skip

PLACES = (
    N_("Statement"), N_("Type"), N_("Stance"), N_("How it is known"),
    N_("Who or what made it absent"), N_("Your position"), N_("Who sees it"),
)  # fmt: skip
STANDS = "SELECT count(*) FROM absence WHERE row_id = $1"
NEWEST = """
SELECT row_id, language, group_id, round_id, about_kind, about FROM absence
WHERE room_id = $1 AND absence_id = $2 ORDER BY writing DESC LIMIT 1
"""
EVIDENCE_IDS = "SELECT DISTINCT evidence_id FROM evidence WHERE room_id = $1 AND absence_id = $2"


def say(
    workshop: Workshop, author: Author, given: GivenAbsence, *, group_id: str | None = None,
    round_id: str | None = None, site: Site | None = None,
) -> bool:  # fmt: skip
    """Record an absence; True where it is new, False where the same one stands already.

    With `site`, what it points at is looked up and pinned, and a lasso is checked against the
    neighbours. Raises RefusedError with every fault of what was given, NotAllowedError where the
    author's role does not reach, NotFoundError where there is no such round.
    """
    given = _tidied(given)
    faults = [*author_faults(author), *absence_faults(given, group_id)]
    about, rows = _pointing(author, given, given.evidence, site, faults)
    refuse(faults)
    if round_id and one_round(workshop, round_id).state == PLANNED:
        round_id = None
    columns = _columns(replace(given, about=about), author.language, group_id, round_id)
    own = _own_rows(author, given, round_id, given.stance, given.type)
    said = Row("absence", given.absence_id, author.person_id, columns)
    written = [*person_rows(workshop, author), said, *own, *rows]
    return once(workshop, written, STANDS, given.absence_id)


def correct(
    workshop: Workshop, author: Author, row_id: str, given: GivenAbsence, *,
    site: Site | None = None,
) -> bool:  # fmt: skip
    """Say one's own absence anew; its group, round and language stay. True where it is new.

    Evidence that is new is added; none is taken away by it. Raises as `say`, NotAllowedError
    where it is somebody else's, NotFoundError where it does not stand.
    """
    given = _tidied(given)
    faults = [*author_faults(author), *absence_faults(given, "unchanged")]
    refuse(faults)
    if refuse_unseen(workshop, author.person_id, given.absence_id) != author.person_id:
        todo = "Answer it, or say one of your own"
        raise NotAllowedError("only who said it can mend it", given.absence_id, todo)
    standing, new = _standing(workshop, given)
    if given.visibility == "group" and standing[2] is None:
        faults.append(InputFault(PLACES[6], "you are in no group"))
    about, rows = _pointing(author, given, new, site, faults, before=standing)
    refuse(faults)
    columns = _columns(replace(given, about=about), *standing[1:4])
    stance, type_ = own_answers(workshop, author.person_id, given.absence_id)
    own = _own_rows(
        author, given, standing[3],
        given.stance if given.stance != stance else None,
        given.type if given.type != type_ else None,
    )  # fmt: skip
    for table in {row.table for row in own}:
        own += shown_again(workshop, author, table, given.absence_id)
    said = Row("absence", row_id, author.person_id, columns, standing[0])
    return once(workshop, [*person_rows(workshop, author), said, *own, *rows], STANDS, row_id)


def differs(workshop: Workshop, author: Author, given: GivenAbsence) -> bool:
    """Whether the absence that stands by this id says other than what was given just now."""
    stands = one_absence(workshop, given.absence_id, author.person_id)
    given = _tidied(given)
    said = (stands.statement, about_query(stands.about), stands.stance, stands.knownness,
            stands.agent, stands.position, stands.visibility, stands.type)  # fmt: skip
    return said != (
        given.statement, about_query(given.about), given.stance, given.knownness, given.agent,
        given.position, given.visibility, given.type,
    )  # fmt: skip


def is_unfillable(absence: Absence) -> bool:
    """Whether it is refused, redacted or withdrawn: as its author or most people sorted it."""
    most = max(absence.types.values(), default=0)
    named = {code for code, count in absence.types.items() if count == most}
    return bool(UNFILLABLE & (named | {absence.type}))


def absence_faults(given: GivenAbsence, group_id: str | None) -> Iterator[InputFault]:
    """Everything that is wrong with the form of an absence."""
    if not is_id(given.absence_id):
        yield InputFault(PLACES[0], "not an id of ours")
    yield from text_faults(PLACES[0], given.statement, checking.TEXT)
    yield from about_faults(given.about)
    yield from text_faults(PLACES[4], given.agent, checking.SOURCE, needed=False)
    yield from text_faults(PLACES[5], given.position, checking.SOURCE, needed=False)
    yield from evidence_faults(given.evidence)
    if given.type is not None and not is_type(given.type):
        yield InputFault(PLACES[1], "no type of the vocabulary")
    for place, said, known in (
        (PLACES[2], given.stance, STANCES), (PLACES[3], given.knownness, KNOWNNESS),
        (PLACES[6], given.visibility, VISIBILITIES),
    ):  # fmt: skip
        if said not in (*known, *((None,) if known is not VISIBILITIES else ())):
            yield InputFault(place, f"one of: {', '.join(known)}")
    if given.visibility == "group" and group_id is None:
        yield InputFault(PLACES[6], "you are in no group")


def _tidied(given: GivenAbsence) -> GivenAbsence:
    return replace(
        given, statement=tidy(given.statement), agent=tidy(given.agent),
        position=tidy(given.position),
    )  # fmt: skip


def _pointing(
    author: Author, given: GivenAbsence, evidence: Sequence[GivenEvidence], site: Site | None,
    faults: list[InputFault], before: Sequence[Any] | None = None,
) -> tuple[About, list[Row]]:  # fmt: skip
    """What it is said of, pinned, and the rows of its evidence; a lasso is evidence of itself.

    What a correction leaves as it was keeps the pin of when it was said, also where it is gone.
    """
    if faults:
        return given.about, []
    stands = from_json(before[4], before[5]) if before else None
    if stands is not None and about_query(stands) == about_query(given.about):
        return stands, evidence_rows(author, given.absence_id, evidence, site, faults)
    about, missing = pinned(site, given.about, PLACE)
    rows = evidence_rows(author, given.absence_id, evidence, site, faults)
    faults += missing
    if about.kind == "lasso" and not faults:
        rows.append(evidence_row(author, given.absence_id, new_id(), about, site))
    return about, rows


def _standing(workshop: Workshop, given: GivenAbsence) -> tuple[Sequence[Any], list[GivenEvidence]]:
    """The newest row of an absence, and which of the given evidence is not there yet."""
    asked = [workshop.room_id, given.absence_id]
    with workshop.cursor() as cursor:
        row = cursor.execute(NEWEST, asked).fetchone()
        there = {one for (one,) in cursor.execute(EVIDENCE_IDS, asked).fetchall()}
    return row, [one for one in given.evidence if one.evidence_id not in there]


def _columns(
    given: GivenAbsence, language: str, group_id: str | None, round_id: str | None
) -> dict[str, Any]:
    return {
        "absence_id": given.absence_id, "statement": given.statement, "language": language,
        "about_kind": given.about.kind, "about": to_json(given.about), "stance": given.stance,
        "knownness": given.knownness, "agent": given.agent or None,
        "position": given.position or None, "visibility": given.visibility,
        "group_id": group_id, "round_id": round_id,
    }  # fmt: skip


def _own_rows(
    author: Author, given: GivenAbsence, round_id: str | None, stance: str | None,
    type_: str | None,
) -> list[Row]:  # fmt: skip
    """The author's own stance and sorting, where they gave one."""
    rows, of = [], {"absence_id": given.absence_id}
    if stance is not None:
        rows.append(Row("stance", new_id(), author.person_id, {**of, "stance": stance}))
    if type_ is not None:
        columns = {**of, "type": type_, "round_id": round_id}
        rows.append(Row("sorting", new_id(), author.person_id, columns))
    return rows
