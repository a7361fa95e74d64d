"""One row for each plate: the columns that every table of a release has, empty places too."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from excavate.counter.licences import LICENCES
from excavate.counter.records import Member, WallRoom
from excavate.release.record import Contents, Plate
from excavate.release.standing import given_rights

# name -> int64, bool or string, as datasets calls them. `file` is in the release; empty: no pixels.
COLUMNS: Mapping[str, str] = {
    "number": "int64", "member_id": "string", "kind": "string", "file": "string",
    "sha256": "string", "media_type": "string", "width": "int64", "height": "int64",
    "by_reference": "bool", "reference": "string", "label": "string", "source_labels": "string",
    "regions": "string", "reason": "string", "language": "string", "title_ko": "string",
    "title_en": "string", "alt_ko": "string", "alt_en": "string", "size": "string",
    "credit": "string", "room": "int64", "room_ko": "string", "room_en": "string",
    "creator": "string", "source": "string", "licence": "string", "licence_uri": "string",
    "ground": "string", "ground_reason": "string", "contributor_consent": "string",
    "consent_version": "string", "depicted_consent": "string", "depicted_version": "string",
    "unknown": "string", "rights_by": "string", "contributor": "string", "written_at": "string",
    "found_by": "string", "removed": "string", "strokes": "string", "place": "string",
}  # fmt: skip


def rows(contents: Contents) -> Iterator[tuple[Plate, dict[str, Any]]]:
    """(plate, its row) in the release's order; a row has all of COLUMNS, in their order."""
    for plate in contents.plates:
        yield plate, row_of(contents, plate)


def row_of(contents: Contents, plate: Plate) -> dict[str, Any]:
    """The row of a plate. What is a list or several things is JSON; a missing number or label is
    None."""
    member = plate.member
    room = contents.rooms[plate.room] if plate.room is not None else WallRoom()
    found = {
        "number": plate.number,
        "member_id": member.member_id,
        "kind": member.kind,
        "room": None if plate.room is None else plate.room + 1,
        "room_ko": room.title_ko,
        "room_en": room.title_en,
        "width": plate.width or None,
        "height": plate.height or None,
        **_of_member(member),
        **_of_rights(member),
        **{name: getattr(plate, name) for name in
           ("file", "sha256", "media_type", "by_reference", "title_ko", "title_en", "size",
            "credit")},
        "reference": as_json(plate.reference),
        **_of_source(plate),
        "strokes": strokes_file(plate),
    }  # fmt: skip
    return {name: found[name] for name in COLUMNS}


def _of_source(plate: Plate) -> dict[str, str]:
    """What the source said of it: labels of the whole picture, and boxes."""
    whole = [{"name": o.name, "taxonomy": o.taxonomy} for o in plate.labels if o.box is None]
    boxes = [{"name": o.name, "kind": o.taxonomy, "box": o.box} for o in plate.labels if o.box]
    return {"source_labels": as_json(whole), "regions": as_json(boxes)}


def strokes_file(plate: Plate) -> str:
    """Where the strokes of a drawn plate lie in a release; empty where it has none."""
    return f"items/{plate.number:04d}.strokes.json" if plate.member.strokes else ""


def as_json(value: Any) -> str:
    """Compact JSON of several things; empty where there are none."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else ""


def _of_member(member: Member) -> dict[str, str | None]:
    place = member.place
    return {
        "label": member.label or None,  # a blank one would be dug as a label without a name
        "reason": member.reason,
        "language": member.language,
        "alt_ko": member.alt_ko,
        "alt_en": member.alt_en,
        "contributor": member.shown_name,
        "written_at": member.written_at.isoformat(),
        "found_by": as_json(dict(member.found_by)),
        "removed": as_json(list(member.removed)),
        "place": as_json(
            {"layout": place.layout_id, "encoder": place.encoder, "x": place.x, "y": place.y,
             "nearest": place.nearest} if place else {}
        ),
    }  # fmt: skip


def _of_rights(member: Member) -> dict[str, str]:
    given, rights = given_rights(member), member.rights
    licence = LICENCES.get(given.licence)
    names = ("creator", "source", "licence", "ground", "ground_reason", "contributor_consent",
             "depicted_consent")  # fmt: skip
    return {
        **{name: getattr(given, name) for name in names},
        "licence_uri": licence.uri if licence else "",
        "consent_version": rights.consent_version or "" if rights else "",
        "depicted_version": rights.depicted_version or "" if rights else "",
        "unknown": as_json({name: dict(said) for name, said in given.unknowns.items()}),
        "rights_by": rights.shown_name if rights else "",
    }
