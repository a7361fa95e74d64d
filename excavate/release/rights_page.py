"""RIGHTS.md: of every item who made it, its terms and its consents, in Korean and English."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from excavate.release import describing
from excavate.release.describing import consents_of, creator_of, licence_of, source_of, terms_of
from excavate.release.own_words import both, cell, table, word
from excavate.release.record import Contents, Lost, Plate
from excavate.release.standing import given_rights
from excavate.workshop.absence_types import Words

FILE = "RIGHTS.md"
HEADS = (
    "number", "kind", "creator", "source", "terms", "required", "contributor-consent",
    "depicted-consent", "put-in-by", "rights-by",
)  # fmt: skip


def write(contents: Contents, folder: Path) -> list[Lost]:
    """Write it; a row for each plate, then what needs a sentence of its own."""
    lines = [f"# {both(word('rights'))}", "", both(describing.title_of(contents)), ""]
    lines += [word("rights-lead").ko, "", word("rights-lead").en, ""]
    lines += _consent_text(contents)
    lines += table(map(_head, HEADS), (_row(plate) for plate in contents.plates))
    for code, found in _sections(contents):
        lines += ["", f"## {_head(code)}", "", *_leads(code)]
        lines += found or [both(word("none"))]
    (folder / FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return []


def _consent_text(contents: Contents) -> list[str]:
    given = contents.plan.given
    said = [cell(text) for text in (given.consent_ko, given.consent_en) if text.strip()]
    return [f"## {_head('consent-text')}", "", *(f"> {one}\n" for one in said), ""] if said else []


def _row(plate: Plate) -> Iterator[str]:
    member = plate.member
    licence = licence_of(member)
    required = licence.required if licence and plate.file else Words("", "")
    consents = dict(consents_of(member))
    blank = plate.is_empty or plate.by_reference
    yield str(plate.number)
    yield both(describing.word(f"kind-{member.kind}"))
    yield both(Words(member.shown_name, member.shown_name) if plate.is_empty else _creator(plate))
    yield _source(plate)
    yield _terms(plate)
    yield both(required) or "—"
    yield "—" if blank else both(consents["contributor-consent"])
    yield "—" if blank else both(consents["depicted-consent"])
    yield cell(member.shown_name)
    yield cell(member.rights.shown_name) if member.rights else "—"


def _source(plate: Plate) -> str:
    """Where it is from; of a drawing whose source nobody wrote, that it was drawn here."""
    said = cell(source_of(plate.member) or plate.reference.get("source", ""))
    unsaid = plate.member.kind == "drawn" and "source" not in given_rights(plate.member).unknowns
    return said or (both(word("drawn-here")) if unsaid else "—")


def _creator(plate: Plate) -> Words:
    said = plate.reference.get("creator", "")
    own = given_rights(plate.member).creator.strip()
    return Words(said, said) if said and not own else creator_of(plate.member)


def _terms(plate: Plate) -> str:
    if plate.is_empty:
        return "—"
    if plate.by_reference:
        said = plate.reference.get("licence", "")
        named = both(describing.word("by-reference"))
        return f"{named}: {cell(said)}" if said else named
    licence = licence_of(plate.member)
    terms = both(terms_of(plate.member))
    return f"{terms} <{licence.uri}>" if licence else terms


def _sections(contents: Contents) -> Iterator[tuple[str, list[str]]]:
    yield "grounds", [line for plate in contents.plates for line in _ground(plate)]
    yield "unknowns", [line for plate in contents.plates for line in _unknown(plate)]
    yield "named-only", [_named(plate) for plate in contents.plates if plate.by_reference]
    yield (
        "empty-places",
        [
            f"- {plate.number}. {cell(plate.member.reason)} ({cell(plate.member.shown_name)})"
            for plate in contents.plates
            if plate.is_empty
        ],
    )
    yield (
        "left-out",
        [
            f"- {both(describing.word(f'kind-{one.member.kind}'))}: {cell(one.reason)}"
            f" ({cell(one.member.left_out.shown_name if one.member.left_out else '')})"
            for one in contents.left_out
        ],
    )


def _ground(plate: Plate) -> Iterator[str]:
    given = given_rights(plate.member)
    if given.ground and plate.file:
        ground = both(describing.word(f"ground-{given.ground}"))
        by = plate.member.rights.shown_name if plate.member.rights else ""
        yield f"- {plate.number}. {ground}: {cell(given.ground_reason)} ({cell(by)})"


def _unknown(plate: Plate) -> Iterator[str]:
    for column, said in given_rights(plate.member).unknowns.items():
        who, why = cell(said.get("by", "")), cell(said.get("because", ""))
        yield f"- {plate.number}. {both(describing.word(column.replace('_', '-')))}: {why} ({who})"


def _named(plate: Plate) -> str:
    said = " · ".join(f"{key}: {cell(value)}" for key, value in plate.reference.items() if value)
    return f"- {plate.number}. {said}"


def _leads(code: str) -> list[str]:
    lead = {"named-only": "named-only-lead", "empty-places": "empty-lead",
            "left-out": "left-out-lead"}.get(code)  # fmt: skip
    return [word(lead).ko, "", word(lead).en, ""] if lead else []


def _head(code: str) -> str:
    try:
        return both(word(code))
    except KeyError:
        return both(describing.word(code))
