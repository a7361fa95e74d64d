"""`excavate dossier check`: every fault of every file at once, also what one file cannot show.

The schema says what a dossier may hold (wording.py tells its faults); here is what holds between
the parts of one dossier, and between dossiers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from excavate.dossiers.digs import is_whole_source, may_be_dug, not_a_source, unknown_options
from excavate.dossiers.lineage import lineage_faults
from excavate.dossiers.reading import Archive, read_archive
from excavate.dossiers.scoring import questions
from excavate.errors import InputFault

if TYPE_CHECKING:
    from excavate.dossiers.schema import Dossier, Fact

# Two letters that CLDR names and ISO 3166-1 does not: unions, exceptions, pseudo-regions.
NO_COUNTRIES = {
    "AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ",
}  # fmt: skip
COMMANDS = ("check", "draft", "show")  # `excavate dossier NAME` could not reach these
GONE = ("withdrawn",)  # states whose date has to be said, or said to be unknown
Said = Iterator[tuple[str, str]]  # the table and key, and what is wrong there


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found. `remarks` are worth knowing and no faults: drafts nobody has read."""

    dossiers: int
    facts: int
    faults: tuple[InputFault, ...]
    remarks: tuple[InputFault, ...]


def check_archive(folder: Path) -> Checked:
    """Check every file of a folder. Raises NotFoundError where there is no such folder."""
    return check(read_archive(folder))


def check(archive: Archive) -> Checked:
    """All faults of an archive: of reading, of each dossier, and between them, by file."""
    faults = list(archive.faults)
    for dossier_id, dossier in archive.dossiers.items():
        faults += dossier_faults(dossier, archive.files[dossier_id])
    faults += _shared_ids(archive)
    faults += lineage_faults(archive)
    drafts = [
        InputFault(archive.files[d.id], "a draft: read it, mend it, then take draft = true out")
        for d in archive.dossiers.values()
        if d.draft
    ]
    facts = sum(len(dossier.fact) for dossier in archive.dossiers.values())
    in_order = sorted(faults, key=lambda fault: fault.place.partition(":")[0])
    return Checked(len(archive.dossiers), facts, tuple(in_order), tuple(drafts))


def dossier_faults(dossier: Dossier, file: str) -> list[InputFault]:
    """What is wrong within one dossier that fits the schema."""
    return [
        InputFault(f"{file}: {place}", what)
        for rule in RULES
        for place, what in rule(dossier, file)
    ]


def _name(dossier: Dossier, file: str) -> Said:
    if file != f"{dossier.id}.toml":
        yield "id", f'"{dossier.id}" lies in a file of another name; call it {dossier.id}.toml'
    if dossier.id in COMMANDS:
        yield "id", f'"{dossier.id}" is a command; call the dossier otherwise'
    if is_whole_source(dossier.id):
        yield "id", f'"{dossier.id}" is a source itself; call the dossier otherwise'


def _fact_ids(dossier: Dossier, file: str) -> Said:
    seen: set[str] = set()
    for place, fact in _numbered(dossier):
        if fact.id.rpartition("-")[0] != dossier.id:
            yield f"{place}.id", f'"{fact.id}" has to begin with the dossier\'s id: {dossier.id}-'
        if fact.id in seen:
            yield f"{place}.id", f'"{fact.id}" is the id of a fact before it'
        seen.add(fact.id)


def _references(dossier: Dossier, file: str) -> Said:
    own = {fact.id for fact in dossier.fact}
    for place, ids in _grounds(dossier):
        for fact_id in ids:
            if fact_id not in own:
                yield place, f'no fact here has the id "{fact_id}"'
    for place, fact in _numbered(dossier):
        if fact.id in fact.disagrees_with:
            yield f"{place}.disagrees_with", "a fact cannot disagree with itself"


def _grounds(dossier: Dossier) -> Iterator[tuple[str, list[str]]]:
    """Every place that names facts, and the ids it names (lineage.py sees to descent)."""
    if dossier.status:
        yield "status.because", dossier.status.because
    for key, ids in dossier.terrain.because.items():
        yield f"terrain.because.{key}", ids
    for number, count in enumerate(dossier.count, 1):
        yield f"count[{number}].because", count.because
    for place, fact in _numbered(dossier):
        yield f"{place}.disagrees_with", fact.disagrees_with


def _terrain(dossier: Dossier, file: str) -> Said:
    terrain = dossier.terrain
    for key in type(terrain).model_fields:
        if key == "because":
            continue
        given, grounded = getattr(terrain, key) not in (None, []), key in terrain.because
        if given and not grounded:
            yield f"terrain.{key}", f"rests on no fact; name some in terrain.because.{key}"
        if grounded and not given:
            yield f"terrain.because.{key}", f"there is no terrain.{key} that it could be for"


def _countries(dossier: Dossier, file: str) -> Said:
    if not dossier.terrain.countries:
        return
    from babel import Locale

    known = Locale("en").territories
    for number, country in enumerate(dossier.terrain.countries, 1):
        if country not in known or country in NO_COUNTRIES:
            yield f"terrain.countries[{number}]", f'ISO 3166-1 has no country "{country}"'


def _sight(dossier: Dossier, file: str) -> Said:
    for place, fact in _numbered(dossier):
        if fact.status == "seen" and fact.seen_in is None:
            yield f"{place}.seen_in", "is missing; say where its source was seen, or recalled it is"
        if fact.status == "recalled" and (fact.seen_in or fact.link_only):
            yield f"{place}.status", 'who recalls has not seen: "seen", or no seen_in and link_only'


def _addresses(dossier: Dossier, file: str) -> Said:
    for place, fact in _numbered(dossier):
        if fact.url is not None and not is_web_address(fact.url):
            yield f"{place}.url", "is no address of the web; write https://… or http://…"


def is_web_address(text: str) -> bool:
    """Whether this is one http or https address, with a host and no spaces."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and text.split() == [text]


def _answers(dossier: Dossier, file: str) -> Said:
    for place, fact in _numbered(dossier):
        for question_id in fact.answers:
            if question_id not in questions():
                yield f"{place}.answers", f'no question has the id "{question_id}"'


def _status(dossier: Dossier, file: str) -> Said:
    status = dossier.status
    if status is None:
        return
    if status.date is not None and not _is_date(status.date):
        yield "status.date", f'"{status.date}" is not in the calendar'
    grounds = dossier.facts_named(status.because)
    if status.date is None and status.state in GONE and not any(f.note for f in grounds):
        what = f"is missing; where none is known, say so in a note of {status.because[0]}"
        yield "status.date", what


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(f"{text}-01-01"[:10])
    except ValueError:
        return False
    return True


def _digs(dossier: Dossier, file: str) -> Said:
    for number, dig in enumerate(dossier.dig, 1):
        if what := not_a_source(dig.source):
            yield f"dig[{number}].source", f'"{dig.source}" digs nothing: {what}'
            continue
        for key, said in unknown_options(dig.source, dig.options, dig.images):
            yield f"dig[{number}].{key}", said


def _refused_as(dossier: Dossier, file: str) -> Said:
    if dossier.refused_as and may_be_dug(dossier):
        yield "refused_as", "is for what is not dug; its status does not say so"


def _numbered(dossier: Dossier) -> Iterator[tuple[str, Fact]]:
    for number, fact in enumerate(dossier.fact, 1):
        yield f"fact[{number}]", fact


def _shared_ids(archive: Archive) -> Iterator[InputFault]:
    """Facts whose id stands in the dossier of another file too."""
    first: dict[str, str] = {}
    for dossier_id, dossier in archive.dossiers.items():
        file = archive.files[dossier_id]
        for place, fact in _numbered(dossier):
            if first.setdefault(fact.id, file) != file:
                what = f'{first[fact.id]} has a fact "{fact.id}" too'
                yield InputFault(f"{file}: {place}.id", what)


RULES: tuple[Callable[[Dossier, str], Said], ...] = (
    _name, _status, _terrain, _countries, _digs, _refused_as, _references, _fact_ids, _sight,
    _addresses, _answers,
)  # fmt: skip
