"""What an absence rests on: links, findings, items, lassos, facts of dossiers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from excavate.errors import InputFault
from excavate.i18n import N_
from excavate.workshop.about import About, about_faults, to_json
from excavate.workshop.absence_record import EVIDENCE_KINDS, GivenEvidence
from excavate.workshop.authors import Author, author_faults, once, person_rows, refuse
from excavate.workshop.checking import link_faults, tidy
from excavate.workshop.ids import is_id
from excavate.workshop.pinning import pinned
from excavate.workshop.seeing import refuse_unseen
from excavate.workshop.store import Row, Workshop

if TYPE_CHECKING:
    from excavate.site import Site

MOST = 10  # pieces given at once
PLACE = N_("Evidence")
STANDS = "SELECT count(*) FROM evidence WHERE row_id = $1"


def add_evidence(
    workshop: Workshop, author: Author, absence_id: str, given: GivenEvidence,
    *, site: Site | None = None,
) -> bool:  # fmt: skip
    """Add to what an absence rests on, by anyone who sees it; True where it is new.

    With `site`, what is pointed at is looked up and pinned, and a lasso is checked. Raises
    RefusedError with every fault of it, NotFoundError where there is no such absence.
    """
    faults = [*author_faults(author), *evidence_faults([given])]
    rows = evidence_rows(author, absence_id, [given], site, faults)
    refuse(faults)
    refuse_unseen(workshop, author.person_id, absence_id)
    return once(workshop, [*person_rows(workshop, author), *rows], STANDS, given.evidence_id)


def evidence_faults(given: Sequence[GivenEvidence]) -> Iterator[InputFault]:
    """What is wrong with the form of pieces of evidence."""
    if len(given) > MOST:
        yield InputFault(PLACE, f"{len(given)} pieces, at most {MOST} are kept")
    if len({one.evidence_id for one in given}) < len(given):
        yield InputFault(PLACE, "the same piece is given twice")
    for number, one in enumerate(given, 1):
        yield from _faults(one, f"{PLACE} {number}" if len(given) > 1 else PLACE)


def _faults(given: GivenEvidence, place: str) -> Iterator[InputFault]:
    if not is_id(given.evidence_id):
        yield InputFault(place, "not an id of ours")
    if given.kind not in EVIDENCE_KINDS:
        yield InputFault(place, f"one of: {', '.join(EVIDENCE_KINDS)}")
    elif given.kind != "link":
        yield from about_faults(About(given.kind, given.value), place)
    elif set(given.value) != {"link"} or not isinstance(given.value["link"], str):
        yield InputFault(place, "it does not say: link")
    elif not tidy(given.value["link"]):
        yield InputFault(place, "nothing is written here yet")
    else:
        yield from link_faults(place, tidy(given.value["link"]))


def evidence_rows(
    author: Author, absence_id: str, given: Sequence[GivenEvidence], site: Site | None,
    faults: list[InputFault],
) -> list[Row]:  # fmt: skip
    """The rows of pieces of evidence, each pinned; what is not there is added to the faults."""
    if faults:  # of a form that is wrong nothing can be looked up
        site = None
    rows = []
    for number, one in enumerate(given, 1):
        place = f"{PLACE} {number}" if len(given) > 1 else PLACE
        about, missing = pinned(site, About(one.kind, _kept(one)), place)
        faults += missing
        rows.append(evidence_row(author, absence_id, one.evidence_id, about, site))
    return rows


def evidence_row(
    author: Author, absence_id: str, evidence_id: str, about: About, site: Site | None
) -> Row:
    """The row of one piece, a lasso with what its neighbours say."""
    columns: dict[str, Any] = {
        "evidence_id": evidence_id, "absence_id": absence_id, "kind": about.kind,
        "value": to_json(about), "verdict": None, "measured": None,
    }  # fmt: skip
    if about.kind == "lasso" and site is not None:
        from excavate.workshop.lassoed import check_lasso

        told = check_lasso(site, about)
        columns["verdict"] = told.verdict
        columns["measured"] = json.dumps(told.as_record(), ensure_ascii=False)
    return Row("evidence", evidence_id, author.person_id, columns)


def _kept(given: GivenEvidence) -> dict[str, Any]:
    if given.kind == "link":
        return {"link": tidy(str(given.value.get("link", "")))}
    return dict(given.value)
