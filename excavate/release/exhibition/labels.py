"""What stands beside a plate: its title, its makers, its rights; blank is said to be blank."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from excavate.counter.licences import LICENCES
from excavate.counter.records import GivenRights
from excavate.release.exhibition.words import Both, coded, say
from excavate.release.record import Plate


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a label: what it is of, what is said; `language` of words in one only."""

    name: Both
    said: Both
    link: str = ""
    mono: bool = False


def title(plate: Plate) -> Both:
    """Its author's title; else what its maker calls it; else that it has none."""
    given = Both(plate.title_ko.strip(), plate.title_en.strip())
    if given:
        return given
    if plate.is_empty:
        return say("empty_place")
    label = plate.member.label.strip()
    return Both(label, label) if label else say("untitled")


def alt(plate: Plate) -> Both:
    """Its alt text; where nobody wrote one, its title and that nobody did."""
    given = Both(plate.member.alt_ko.strip(), plate.member.alt_en.strip())
    if given:
        return Both(given.ko or given.en, given.en or given.ko)
    name, none = title(plate), say("no_alt")
    return Both(f"{name.ko or name.en}. {none.ko}", f"{name.en or name.ko}. {none.en}")


def creator(plate: Plate) -> Both:
    """Who made it; for an empty place who keeps it."""
    given = _given(plate)
    if given.creator.strip():
        return Both(given.creator, given.creator)
    if plate.is_empty:
        return Both(plate.member.shown_name, plate.member.shown_name)
    return _unknown(given, "creator") or say("none_stated")


def licence(plate: Plate) -> Both:
    """Its licence by name, or its declared ground, or that none is stated."""
    given = _given(plate)
    known = LICENCES.get(given.licence)
    if known:
        return Both(known.name.ko, known.name.en)
    if given.licence:
        return Both(given.licence, given.licence)
    if given.ground:
        return coded("grounds", given.ground)
    return _unknown(given, "licence") or say("none_stated")


def rights_lines(plate: Plate) -> Iterator[Line]:
    """Creator, source, licence or ground, and both consents: all of them, always."""
    given = _given(plate)
    yield Line(say("creator"), creator(plate))
    yield Line(say("source"), _said(given, "source"), _address(given.source))
    yield Line(say("licence"), licence(plate), _licence_address(given))
    known = LICENCES.get(given.licence)
    if known and (known.required.ko or known.required.en):
        yield Line(say("required"), Both(known.required.ko, known.required.en))
    if given.ground:
        reason = given.ground_reason
        name = coded("grounds", given.ground)
        yield Line(say("ground"), Both(f"{name.ko}: {reason}", f"{name.en}: {reason}"))
    yield Line(say("contributor"), _consent(given, "contributor_consent", "contributors"))
    yield Line(say("depicted"), _consent(given, "depicted_consent", "depictions"))


def other_lines(plate: Plate) -> Iterator[Line]:
    """What else is known of it: size, who brought it and how, labels, neighbours, its file."""
    one = plate.member
    if plate.size:
        yield Line(say("size"), Both(plate.size, plate.size))
    if plate.credit:
        yield Line(say("credit"), Both(plate.credit, plate.credit))
    yield Line(say("brought_by"), Both(one.shown_name, one.shown_name))
    if way := str(one.found_by.get("way", "")):
        yield Line(say("came"), coded("ways", way))
    if one.label:
        yield Line(say("label"), Both(one.label, one.label))
    if plate.labels:
        labels = " · ".join(dict.fromkeys(label.name for label in plate.labels))
        yield Line(say("source_labels"), Both(labels, labels))
    if one.removed:
        taken = ", ".join(one.removed)
        yield Line(say("removed"), Both(taken, taken))
    yield from _identity(plate)


def _identity(plate: Plate) -> Iterator[Line]:
    reference = plate.reference
    if reference.get("item_id"):
        yield Line(say("of"), Both(reference["item_id"], reference["item_id"]), mono=True)
    if reference.get("revision"):
        yield Line(say("revision"), Both(reference["revision"], reference["revision"]), mono=True)
    if plate.sha256:
        yield Line(say("identity"), Both(plate.sha256, plate.sha256), mono=True)


def neighbours(plate: Plate) -> tuple[Both, tuple[tuple[str, float], ...]] | None:
    """Through which lens it was placed, and what is nearest to it there."""
    place = plate.member.place
    if place is None or not place.nearest:
        return None
    return say("seen_through", encoder=place.encoder), place.nearest[:6]


def _given(plate: Plate) -> GivenRights:
    return plate.member.rights.given if plate.member.rights else GivenRights()


def _unknown(given: GivenRights, column: str) -> Both | None:
    """That it was decided to be unknown, by whom and why."""
    decided = given.unknowns.get(column)
    if not decided:
        return None
    by, because = decided.get("by", ""), decided.get("because", "")
    return say("unknown_by", by=by, because=because)


def _said(given: GivenRights, column: str) -> Both:
    words = str(getattr(given, column)).strip()
    if words:
        return Both(words, words)
    return _unknown(given, column) or say("none_stated")


def _consent(given: GivenRights, column: str, table: str) -> Both:
    code = str(getattr(given, column))
    if code:
        return coded(table, code)
    return _unknown(given, column) or say("nobody_said")


def _address(words: str) -> str:
    """The words as an address, where they are one."""
    plain = words.strip()
    ok = plain.startswith(("http://", "https://")) and not any(sign.isspace() for sign in plain)
    return plain if ok else ""


def _licence_address(given: GivenRights) -> str:
    known = LICENCES.get(given.licence)
    return known.uri if known else ""
