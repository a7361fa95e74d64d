"""Canvases of a release's Manifest: a picture each, or nothing at all on those of what is absent.

An absence and a place kept empty have a canvas on which nothing is painted. A picture that is not
given on has words painted where it would be: it is somewhere, and no absence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from excavate.release import iiif_addresses as addresses
from excavate.release.describing import (
    consents_of,
    creator_of_plate,
    language_map,
    licence_of,
    name_of,
    plain,
    source_of,
    terms_of_plate,
    word,
)
from excavate.release.record import Contents, Plate
from excavate.release.rows import strokes_file
from excavate.workshop.absence_record import Absence
from excavate.workshop.absence_types import Words, types

Node = dict[str, Any]
EMPTY_SIDE = 1000  # of a canvas without a picture: it has to have some size
WITH_URI = ("cc", "rightsstatements")  # what Presentation 3 lets stand in `rights`


def of_plate(contents: Contents, plate: Plate, said: Sequence[Node]) -> Node:
    """The canvas of a member; `said`: the annotations about it."""
    member, canvas = plate.member, addresses.canvas(contents, plate.member.member_id)
    licence = licence_of(member)
    made: Node = {
        "id": canvas,
        "type": "Canvas",
        "label": language_map(name_of(plate)),
        "height": plate.height or EMPTY_SIDE,
        "width": plate.width or EMPTY_SIDE,
        "summary": {member.language or "none": [plain(member.reason)]},
        "metadata": list(_metadata(plate)),
    }
    if not member.reason.strip():
        del made["summary"]
    if licence and licence.family in WITH_URI and not plate.is_empty:
        made["rights"] = licence.uri
    if not plate.is_empty:
        made["requiredStatement"] = statement(terms_of_plate(plate))
    made |= _files(contents, plate)
    made["items"] = _painted(contents, plate, canvas)
    made["annotations"] = [*_labelled(contents, plate, canvas), *pages(contents, canvas, said)]
    return made if made["annotations"] else {k: v for k, v in made.items() if k != "annotations"}


def of_absence(contents: Contents, absence: Absence, said: Sequence[Node]) -> Node:
    """The empty canvas of an absence, named in the words of who said it."""
    canvas = addresses.absence_canvas(contents, absence.absence_id)
    label = {absence.language or "none": [plain(absence.statement)]}
    for other in absence.translations:
        label.setdefault(other.language, [])
        label[other.language].append(plain(other.statement))
    facts = [pair("kind", word("kind-absence"))]
    if (sort := types().get(absence.type or "")) is not None:
        facts.append(pair("type", sort.name))
    who = absence.shown_name
    facts.append(pair("said-by", Words(who, who) if who else word("unnamed")))
    made: Node = {"id": canvas, "type": "Canvas", "label": label, "height": EMPTY_SIDE,
                  "width": EMPTY_SIDE, "metadata": facts, "items": []}  # fmt: skip
    return made | ({"annotations": pages(contents, canvas, said)} if said else {})


def statement(words: Words) -> Node:
    """What every viewer has to show."""
    return {"label": language_map(word("terms")), "value": language_map(words)}


def pair(name: str, value: Words) -> Node:
    """A line of metadata; its English name comes first, as readers look for it."""
    return {"label": _name(name), "value": language_map(value)}


@cache
def _name(name: str) -> Node:
    return {"en": [word(name).en], "ko": [word(name).ko]}


def pages(contents: Contents, canvas: str, said: Sequence[Node]) -> list[Node]:
    """A page of annotations for each author; what nobody is named for stands alone."""
    by_author: dict[str, list[Node]] = {}
    for one in said:
        who = one["creator"]["id"] if "creator" in one else one["id"]
        by_author.setdefault(who, []).append(one)
    return [
        {"id": f"{canvas}/said/{number}", "type": "AnnotationPage", "label": _author(ones[0]),
         "items": [_embedded(one) for one in ones]}
        for number, ones in enumerate(by_author.values(), 1)
    ]  # fmt: skip


def _author(one: Node) -> Node:
    if "creator" not in one:
        return language_map(word("unnamed"))
    return {"none": [plain(one["creator"]["nickname"])]}


def _embedded(one: Node) -> Node:
    """The annotation as it stands in a Manifest: the context is the Manifest's."""
    return {name: value for name, value in one.items() if name not in ("@context", "excavate")}


def _metadata(plate: Plate) -> Iterator[Node]:
    for name, words in facts_of(plate):
        if words.ko.strip() or words.en.strip():
            yield pair(name, words)


def facts_of(plate: Plate) -> Iterator[tuple[str, Words]]:
    """(name of ours, value) of what is known of a plate; some values may be empty."""
    member = plate.member
    yield "kind", word(f"kind-{member.kind}")
    if plate.by_reference:
        yield "by-reference", word("by-reference")
    yield "own-label", _same(member.label)
    if not plate.is_empty:
        yield "creator", creator_of_plate(plate)
        yield "source", _same(source_of(member) or plate.reference.get("source", ""))
        yield "licence", terms_of_plate(plate)
    if plate.file:
        yield from consents_of(member)
    yield "alt", Words(member.alt_en, member.alt_ko)
    yield "size", _same(plate.size)
    yield "credit", _same(plate.credit)
    yield "put-in-by", _same(member.shown_name)
    if member.removed:
        yield "removed", _same(", ".join(member.removed))
    yield from ((name, _same(value)) for name, value in _reference(plate))
    for label in plate.labels:
        yield (
            "source-label",
            _same(f"{label.taxonomy}: {label.name}" if label.taxonomy else label.name),
        )


def _reference(plate: Plate) -> Iterator[tuple[str, str]]:
    named = {"item_id": "item-id", "dataset": "dataset", "revision": "revision"}
    for name, shown in named.items():
        if plate.reference.get(name):
            yield shown, plate.reference[name]
    if plate.sha256:
        yield "sha256", plate.sha256


def _same(text: str) -> Words:
    return Words(text, text)


def _files(contents: Contents, plate: Plate) -> Mapping[str, Any]:
    """Its picture in small, and its strokes where it was drawn."""
    made: Node = {}
    if plate.file:
        made["thumbnail"] = [_image(contents, plate)]
    if path := strokes_file(plate):
        made["seeAlso"] = [
            {"id": addresses.in_folder(contents, path), "type": "Dataset",
             "label": language_map(word("strokes")), "format": "application/json"}
        ]  # fmt: skip
    return made


def _image(contents: Contents, plate: Plate) -> Node:
    return {"id": addresses.in_folder(contents, plate.file), "type": "Image",
            "format": plate.media_type, "height": plate.height, "width": plate.width}  # fmt: skip


def _painted(contents: Contents, plate: Plate, canvas: str) -> list[Node]:
    """What is painted: the picture; words where it is not given on; nothing in an empty place."""
    if plate.is_empty:
        return []
    bodies = [_image(contents, plate)] if plate.file else _not_given(plate)
    page = f"{canvas}/painted"
    return [{"id": page, "type": "AnnotationPage", "items": [
        {"id": f"{page}/{number}", "type": "Annotation", "motivation": "painting", "body": body,
         "target": canvas} for number, body in enumerate(bodies, 1)
    ]}]  # fmt: skip


def _not_given(plate: Plate) -> list[Node]:
    says, named = word("by-reference"), plate.reference.get("item_id", plate.member.item_id)
    return [
        {"type": "TextualBody", "format": "text/plain", "language": language,
         "value": f"{words} ({named})"}
        for language, words in (("ko", says.ko), ("en", says.en))
    ]  # fmt: skip


def _labelled(contents: Contents, plate: Plate, canvas: str) -> list[Node]:
    """What the source said of parts of the picture, verbatim: a page of its own, nobody's voice."""
    boxes = [label for label in plate.labels if label.box]
    if not boxes:
        return []
    page = f"{canvas}/source"
    items = [
        {"id": f"{page}/{number}", "type": "Annotation", "motivation": "tagging",
         "body": {"type": "TextualBody", "value": label.name, "format": "text/plain"},
         "target": f"{canvas}#xywh={','.join(f'{side:g}' for side in label.box)}"}
        for number, label in enumerate(boxes, 1) if label.box
    ]  # fmt: skip
    says = language_map(word("of-the-source"))
    return [{"id": page, "type": "AnnotationPage", "label": says, "items": items}]
