"""The catalogue (도록) of a release: catalogue.pdf, a plate a page, empty ones too."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from excavate.errors import ExcavateError
from excavate.release.exhibition import labels
from excavate.release.exhibition.essay_pages import title_of
from excavate.release.exhibition.measured_drawn import Estimate, drawn
from excavate.release.exhibition.showing import COARSE
from excavate.release.exhibition.site_pages import Room, name_of, rooms
from excavate.release.exhibition.sizes import ratio
from excavate.release.exhibition.voices import Frame, day, frames
from excavate.release.exhibition.words import Both, say
from excavate.release.record import Contents, Lost, Plate
from excavate.release.typesetting import pdf

SOURCE = Path(__file__).with_name("catalogue.typ")
ONE_A_PAGE = 200  # plates; more of them hang twelve a page
LARGE, SMALL = 1800, 480  # pixels of the longest side as they are printed
SPOKEN = (
    "counter", "statement", "contents", "answers", "wall", "measured", "nothing_measured",
    "essays", "essay_beside", "colophon", "left_out", "rights", "checksums", "by_reference",
    "not_measured", "before", "after", "difference", "bare_numbers",
)  # fmt: skip


def write(contents: Contents, folder: Path) -> list[Lost]:
    """Write catalogue.pdf into a release's folder.

    Raises MissingPartError where the typefaces are not installed.
    """
    source, files = catalogue(contents)
    pdf(source, files, folder / "catalogue.pdf", made_at=contents.made_at)
    voices = sum(len(one.voices) for one in frames(contents))
    if not voices:
        return []
    return [Lost("catalogue", "the conversation under absences", voices, "annotations.jsonl")]


def catalogue(contents: Contents) -> tuple[str, dict[str, bytes | Path]]:
    """The typst source and the files that it reads: words as JSON, pictures as they print."""
    large = len(contents.plates) <= ONE_A_PAGE
    files: dict[str, bytes | Path] = {}
    for plate in contents.plates:
        if plate.file and not plate.by_reference:
            name, content = _printed(plate, contents.picture(plate), LARGE if large else SMALL)
            files[name] = content
    said = json.dumps(_told(contents, set(files), large), ensure_ascii=False)
    files["catalogue.json"] = said.encode()
    return SOURCE.read_text("utf-8"), files


def _printed(plate: Plate, content: bytes, longest: int) -> tuple[str, bytes]:
    """A picture as it goes to print: PNG without loss where it is small, else JPEG."""
    from PIL import Image, ImageOps

    out = io.BytesIO()
    try:
        with Image.open(io.BytesIO(content)) as picture:
            exact = max(picture.size) <= 600 and plate.media_type == "image/png"
            picture.draft("RGB", (longest, longest))
            plain = ImageOps.exif_transpose(picture).convert("RGBA").copy()
    except (OSError, ValueError) as fault:
        raise ExcavateError(f"the picture cannot be printed ({fault})", plate.file) from fault
    plain.thumbnail((longest, longest))
    paper = Image.new("RGB", plain.size, "white")
    paper.paste(plain, mask=plain.getchannel("A"))
    kind = "PNG" if exact else "JPEG"
    paper.save(out, kind, **({} if exact else {"quality": 88}))
    return _picture_name(plate, kind.lower()), out.getvalue()


def _picture_name(plate: Plate, kind: str) -> str:
    return f"plates/{plate.number:04d}.{kind}"


def _told(contents: Contents, pictures: set[str], large: bool) -> dict[str, Any]:
    name = name_of(contents)
    given = contents.plan.given
    spoken = {key: say(key).json() for key in SPOKEN}
    spoken["version"] = say("version", n=contents.version).json()
    return {
        "head": name.plain, "name": name.json(), "made": day(contents.made_at), "large": large,
        "statement": Both(given.statement_ko, given.statement_en).json(), "words": spoken,
        "absences": [_absence(one) for one in frames(contents)],
        "rooms": [_room(room, pictures) for room in rooms(contents)],
        "measured": [_measured(one) for one in contents.measured],
        "essays": [title_of(file) or name for name, file in contents.essays],
        "left_out": [
            {"reason": one.reason, "who": one.member.shown_name} for one in contents.left_out
        ],
        "colophon": [line.json() for line in _colophon(contents)],
        "rights": [_rights(plate) for plate in contents.plates],
    }  # fmt: skip


def _absence(one: Frame) -> dict[str, Any]:
    return {
        "statement": one.statement, "lang": one.absence.language, "who": one.who.json(),
        "when": one.when,
        "translations": [
            {"text": t.text, "lang": t.language, "who": t.kind.json()} for t in one.translations
        ],
        "stances": [{"name": s.name.json(), "count": s.count} for s in one.stances if s.count],
    }  # fmt: skip


def _room(room: Room, pictures: set[str]) -> dict[str, Any]:
    return {
        "number": room.number, "kicker": say("room", n=room.number).json(),
        "title": room.title.json(), "text": room.text.json(),
        "plates": [_plate(plate, pictures) for plate in room.plates],
    }  # fmt: skip


def _plate(plate: Plate, pictures: set[str]) -> dict[str, Any]:
    names = {_picture_name(plate, kind) for kind in ("png", "jpeg")} & pictures
    title = labels.title(plate)
    under = [labels.creator(plate), *([] if plate.is_empty else [labels.licence(plate)])]
    under += [Both(words, words) for words in (plate.size, plate.credit) if words]
    return {
        "number": plate.number, "empty": plate.is_empty, "alt": labels.alt(plate).plain,
        "title": {"ko": title.ko or title.en, "en": title.en or title.ko},
        "reason": plate.member.reason, "lang": plate.member.language or "ko",
        "picture": next(iter(names), ""), "ratio": min(6.0, max(1 / 6, ratio(plate))),
        "coarse": bool(plate.width) and max(plate.width, plate.height) <= COARSE,
        "item": plate.reference.get("item_id", ""), "under": [one.json() for one in under],
    }  # fmt: skip


def _measured(record: Any) -> dict[str, Any]:
    one = drawn(record)
    return {
        "name": one.name.json(), "said": one.said.json(), "provenance": one.provenance.json(),
        "why_not": (one.why_not or Both("", "")).json(), "bare": one.bare,
        "rows": [
            {"name": row.name.json(), "before": _said(row.before), "after": _said(row.after),
             "difference": _said(row.difference)}
            for row in one.rows
        ],
    }  # fmt: skip


def _said(one: Estimate | None) -> str:
    return one.said.en if one else ""


def _colophon(contents: Contents) -> Iterator[Both]:
    name, version = contents.plan.given.name, contents.version
    yield Both(f"{name}-v{version}", f"{name}-v{version}")
    yield Both(contents.base, contents.base)
    empty = sum(one.is_empty for one in contents.plates)
    yield say("plates", plates=len(contents.plates), empty=empty)
    yield say("code", code=contents.code_version, generation=contents.generation)
    for dataset, revision in contents.revisions.items():
        yield Both(f"{dataset} {revision}", f"{dataset} {revision}")
    if decides := contents.plan.given.decides:
        yield Both(f"{say('decides').ko}: {decides}", f"{say('decides').en}: {decides}")
    yield say("type_set")


def _rights(plate: Plate) -> dict[str, Any]:
    creator, licence = labels.creator(plate), labels.licence(plate)
    if plate.is_empty:  # its caption's words may have a licence of their own
        kept, given = say("empty_place"), plate.member.rights and plate.member.rights.given
        stated = bool(given and (given.licence or given.ground))
        licence = Both(f"{kept.ko} · {licence.ko}", f"{kept.en} · {licence.en}") if stated else kept
    return {
        "number": plate.number, "title": labels.title(plate).json(), "creator": creator.json(),
        "licence": licence.json(), "sha256": plate.sha256,
    }  # fmt: skip
