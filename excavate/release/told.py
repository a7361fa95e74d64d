"""A release told for people: what the card and the finding aid say, ready for their templates.

Everything is plain values and pairs of words; the templates choose the language and escape.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from excavate.counter.licences import LICENCES, Licence
from excavate.release.citation import authors
from excavate.release.describing import (
    consents_of,
    creator_of_plate,
    licence_of,
    name_of,
    source_of,
    terms_of_plate,
    title_of,
    word,
)
from excavate.release.exhibition.words import coded
from excavate.release.record import Contents, Plate
from excavate.workshop.absence_record import Absence
from excavate.workshop.absence_types import Words, types
from excavate.workshop.said import Said, about_in

Count = tuple[Words, int]
MOST_LISTED = 12  # numbers of one measure; of more, those that changed


@dataclass(frozen=True, slots=True)
class Voice:
    """One thing that somebody said of an absence, or of what another one said of it."""

    kind: Words
    who: Words
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class ToldAbsence:
    """An absence in the words of who said it, and what each other one said."""

    statement: str
    language: str
    who: Words
    type: Words | None
    voices: tuple[Voice, ...]


@dataclass(frozen=True, slots=True)
class ToldItem:
    """A plate as a line of a list."""

    number: int
    name: Words
    kind: Words
    plate: Plate
    room: Words | None
    creator: Words
    terms: Words
    source: str
    consents: tuple[tuple[Words, Words], ...]


@dataclass(frozen=True, slots=True)
class ToldNumber:
    """One number before, after and between, as text with its bounds; "" where there is none."""

    name: Words
    before: str
    after: str
    difference: str


@dataclass(frozen=True, slots=True)
class ToldMeasure:
    """What measuring one thing again gave, or that it was not measured and why (`said`).

    `unchanged`: numbers that are the same before and after, and are not listed for their length.
    """

    name: Words
    is_measured: bool
    said: Words
    reference: str
    encoder: str
    parameters: str
    revision: str
    members: str
    numbers: tuple[ToldNumber, ...]
    unchanged: int


def told(contents: Contents) -> dict[str, Any]:
    """Everything by name, for a template."""
    plan = contents.plan
    items = [told_item(contents, plate) for plate in contents.plates]
    return {
        "contents": contents, "plan": plan, "given": plan.given, "word": word,
        "release": f"{plan.given.name}-v{contents.version}", "title": title_of(contents),
        "licence": LICENCES.get(plan.given.licence), "items": items, "people": authors(contents),
        "dates": dates(contents), "kinds": _counted(one.kind for one in items),
        "absences": [told_absence(contents, one) for one in contents.absences],
        "rooms": list(_rooms(contents)), "licences": licences(contents),
        "terms": _counted(one.terms for one in items if not one.plate.is_empty),
        "depicted": _counted(one.consents[1][1] for one in items if one.plate.file),
        "contributed": _counted(one.consents[0][1] for one in items if one.plate.file),
        "measured": [told_measure(one) for one in contents.measured],
        "empty": [one for one in items if one.plate.is_empty],
        "named_only": [one for one in items if one.plate.by_reference],
        "labels": Counter(o.plate.member.label for o in items if o.plate.member.label.strip()),
    }  # fmt: skip


def told_item(contents: Contents, plate: Plate) -> ToldItem:
    """A plate as the lists show it."""
    room = None if plate.room is None else room_name(contents, plate.room)
    return ToldItem(
        plate.number, name_of(plate), word(f"kind-{plate.member.kind}"), plate, room,
        creator_of_plate(plate), terms_of_plate(plate),
        source_of(plate.member) or plate.reference.get("source", ""),
        tuple((word(name), said) for name, said in consents_of(plate.member)),
    )  # fmt: skip


def room_name(contents: Contents, at: int) -> Words:
    """What a room is called: its title, else its number."""
    room = contents.rooms[at]
    if room.title_ko.strip() or room.title_en.strip():
        return Words(room.title_en, room.title_ko)
    return Words(f"{word('room').en} {at + 1}", f"{word('room').ko} {at + 1}")


def told_absence(contents: Contents, absence: Absence) -> ToldAbsence:
    """An absence with every voice under it, in the order they were said."""
    sort = types().get(absence.type or "")
    under = {absence.absence_id, *(one.reply_id for one in absence.replies if one.withdrawn)}
    voices: list[Voice] = []
    for said in contents.conversation.said:
        if said.of in under:
            under.add(said.id)
            voices += _voices(said)
    return ToldAbsence(absence.statement, absence.language, _who(absence.shown_name),
                       sort.name if sort else None, tuple(voices))  # fmt: skip


def _voices(said: Said) -> Iterator[Voice]:
    """What was said, where it has words; evidence as what it points at."""
    about, who = about_in(said), _who(said.shown_name)
    if said.kind == "evidence" and about is not None:
        named = " ".join(one for one in about.value.values() if isinstance(one, str))
        yield Voice(word("evidence"), who, named, "")
    elif said.kind == "translation":
        yield Voice(word("translation"), who, said.words, said.language)
    elif said.kind == "reply":
        kind = word(f"reply-{said.more.get('kind', 'add')}")
        yield Voice(kind, who, said.words, said.language)


def _who(name: str | None) -> Words:
    return Words(name, name) if name else word("unnamed")


def told_measure(record: Mapping[str, Any]) -> ToldMeasure:
    """A record of measured_again as text; its numbers keep their bounds."""
    parameters, said = record.get("parameters") or {}, record["said"]
    listed, unchanged = _numbers(record)
    return ToldMeasure(
        name=_named("measures", str(record["measure"])),
        is_measured=not record.get("not_measured"),
        said=Words(str(said["en"]), str(said["ko"])),
        reference=str(record.get("reference") or ""), encoder=str(record.get("encoder") or ""),
        parameters=", ".join(
            f"{name} = {value}" for name, value in parameters.items() if value not in ("", None)
        ),
        revision=str(record.get("revision") or ""), members=str(record.get("members") or 0),
        numbers=listed, unchanged=unchanged,
    )  # fmt: skip


def _numbers(record: Mapping[str, Any]) -> tuple[tuple[ToldNumber, ...], int]:
    """(numbers to be listed, how many are left out since nothing changed in them)."""
    sides = [record.get(side) or {} for side in ("before", "after", "difference")]
    names = list(dict.fromkeys(str(name) for side in sides for name in side))
    kept = [name for name in names if len(names) <= MOST_LISTED or _changed(sides, name)]
    listed = tuple(
        ToldNumber(_named("names", name), *(number(side.get(name)) for side in sides))
        for name in kept
    )
    return listed, len(names) - len(kept)


def _changed(sides: Sequence[Mapping[str, Any]], name: str) -> bool:
    before, after = sides[0].get(name), sides[1].get(name)
    return before != after


def _named(table: str, code: str) -> Words:
    if code.startswith("category:"):
        return _category(code.removeprefix("category:"))
    found = coded(table, code)
    return Words(found.en, found.ko)


def _category(name: str) -> Words:
    kind = word("category")
    return Words(f"{kind.en} {name}", f"{kind.ko} {name}")


def number(figure: Mapping[str, Any] | None) -> str:
    """0.81 (0.78 – 0.84): a value and its bounds, where it has any."""
    if not figure or figure.get("value") is None:
        return ""
    low, high = figure.get("low"), figure.get("high")
    said = plain_number(figure["value"])
    if low is None or high is None:
        return said
    return f"{said} ({plain_number(low)} – {plain_number(high)})"


def plain_number(value: float) -> str:
    """A count whole, anything else to three digits, four from one on."""
    if value == round(value):
        return f"{int(value):,}"
    if abs(value) >= 1000:
        return f"{value:,.1f}"
    return f"{value:#.4g}" if abs(value) >= 1 else f"{value:#.3g}"


def licences(contents: Contents) -> list[tuple[Licence, int]]:
    """The licences that pictures carry, with how many each; the commonest first."""
    found = [licence_of(plate.member) for plate in contents.plates if not plate.is_empty]
    counts = Counter(one.code for one in found if one)
    return [(LICENCES[code], count) for code, count in counts.most_common()]


def dates(contents: Contents) -> tuple[datetime, datetime]:
    """When the first and the last member was put in; when the plan was written, without any."""
    moments = [plate.member.written_at for plate in contents.plates] or [contents.plan.written_at]
    return min(moments), max(moments)


def _rooms(contents: Contents) -> Iterator[tuple[Words, Words, list[int]]]:
    """(name, wall text, numbers of what hangs in it) of each room in order."""
    for at, room in enumerate(contents.rooms):
        hung = [plate.number for plate in contents.plates if plate.room == at]
        yield room_name(contents, at), Words(room.text_en, room.text_ko), hung


def _counted(ones: Iterable[Words]) -> list[Count]:
    counts = Counter((one.en, one.ko) for one in ones)
    return [(Words(en, ko), count) for (en, ko), count in counts.items()]
