"""manifest.json: the release as a Manifest of IIIF Presentation 3.

A canvas for each member in its authored order, then an empty one for each absence. Rooms are
ranges. `rights` holds what the specification lets stand there (Creative Commons,
RightsStatements.org); everything else, KOGL among it, is said in `requiredStatement`, which every
viewer has to show. Pictures are files of the release; no image server is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import orjson

from excavate.release import iiif_addresses as addresses
from excavate.release import iiif_canvases
from excavate.release.annotations import by_absence, of_member
from excavate.release.describing import language_map, plain, title_of, whole_licence, word
from excavate.release.record import Contents, Lost
from excavate.workshop.absence_types import Words

FILE = "manifest.json"
CONTEXT = "http://iiif.io/api/presentation/3/context.json"
Node = dict[str, Any]
# As essays/rendering.py heads a page.
TITLE = re.compile(r'<(?:div|header) lang="(ko|en)"><(?:h1|p class="essay-title")>([^<]+)<')
# What lies beside the Manifest: file, media type, profile.
BESIDE = (
    ("croissant.json", "application/ld+json", "http://mlcommons.org/croissant/1.0"),
    ("annotations.jsonl", "application/x-ndjson", "http://www.w3.org/ns/anno.jsonld"),
    ("items.parquet", "application/vnd.apache.parquet", ""),
)


def write(contents: Contents, folder: Path) -> list[Lost]:
    """Write manifest.json, a canvas a line; says what a Manifest has no place for.

    Canvases are made one at a time: memory does not grow with them.
    """
    with (folder / FILE).open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(_text(contents))
    bare = len(contents.rooms) - len({p.room for p in contents.plates if p.room is not None})
    found = {
        "rooms in which nothing hangs": (bare, "finding-aid.html"),
        "members that are left out": (len(contents.left_out), "finding-aid.html"),
        "how items were found and landed, who said their rights, the text that was consented to": (
            len(contents.plates),
            "items.parquet",
        ),
        "what was measured again": (len(contents.measured), "README.md"),
    }
    return [Lost("manifest", what, n, where) for what, (n, where) in found.items() if n]


def as_manifest(contents: Contents) -> Node:
    """The Manifest, whole."""
    whole = _head(contents) | {"items": list(_canvases(contents))}
    ranges = list(_ranges(contents))
    return whole | ({"structures": ranges} if ranges else {})


def _text(contents: Contents) -> Iterator[str]:
    yield f'{_json(_head(contents))[:-1]},\n"items":['
    between = "\n"
    for canvas in _canvases(contents):
        yield f"{between}{_json(canvas)}"
        between = ",\n"
    ranges = list(_ranges(contents))
    yield f'\n],\n"structures":{_json(ranges)}}}\n' if ranges else "\n]}\n"


def _json(node: Any) -> str:
    return orjson.dumps(node).decode()


def _head(contents: Contents) -> Node:
    """The Manifest without its canvases and ranges."""
    given = contents.plan.given
    made: Node = {
        "@context": CONTEXT,
        "id": addresses.manifest(contents),
        "type": "Manifest",
        "label": language_map(title_of(contents)),
        "metadata": list(_metadata(contents)),
    }
    if given.statement_ko.strip() or given.statement_en.strip():
        made["summary"] = language_map(Words(given.statement_en, given.statement_ko))
    made |= _terms(contents)
    made["provider"] = [_provider(contents)]
    made["homepage"] = [_page(contents, "finding-aid.html", word("finding-aid"))]
    made["seeAlso"] = list(_beside(contents))
    if contents.essays:
        made["rendering"] = [
            _page(contents, f"essays/{name}.html", _essay(name, page))
            for name, page in contents.essays
        ]
    return made


def _essay(name: str, page: Path) -> Words:
    """An essay's title in each language that its page has it in; else its name."""
    text = page.read_text("utf-8", errors="replace") if page.is_file() else ""
    said = {language: unescape(title) for language, title in TITLE.findall(text)}
    return Words(said.get("en", ""), said.get("ko", "")) if said else Words(name, name)


def _terms(contents: Contents) -> Node:
    """The plan's licence where every picture carries it; else that each has its own."""
    licence = whole_licence(contents)
    if licence is None:
        return {"requiredStatement": iiif_canvases.statement(word("each-its-own"))}
    made: Node = {"requiredStatement": iiif_canvases.statement(licence.name)}
    return made | ({"rights": licence.uri} if licence.family in iiif_canvases.WITH_URI else {})


def _canvases(contents: Contents) -> Iterator[Node]:
    for plate in contents.plates:
        yield iiif_canvases.of_plate(contents, plate, [of_member(contents, plate.member)])
    said = by_absence(contents)
    for absence in contents.absences:
        canvas = addresses.absence_canvas(contents, absence.absence_id)
        yield iiif_canvases.of_absence(contents, absence, said.get(canvas, []))


def _metadata(contents: Contents) -> Iterator[Node]:
    given = contents.plan.given
    release = f"{given.name}-v{contents.version}"
    lines = {
        "version": Words(release, release),
        "made-at": Words(f"{contents.made_at:%Y-%m-%d}", f"{contents.made_at:%Y-%m-%d}"),
        "excluded": Words(given.excluded_en, given.excluded_ko),
        "decides": Words(given.decides, given.decides),
        "against": _against(contents),
    }
    for name, words in lines.items():
        if words.ko.strip() or words.en.strip():
            yield iiif_canvases.pair(name, words)


def _against(contents: Contents) -> Words:
    named = contents.plan.given.against
    revision = contents.revisions.get(named, "")
    text = f"{named} ({revision})" if revision else named
    return Words(text, text)


def _provider(contents: Contents) -> Node:
    return {"id": f"urn:uuid:{contents.plan.person_id}", "type": "Agent",
            "label": {"none": [plain(contents.plan.shown_name)]}}  # fmt: skip


def _page(contents: Contents, path: str, label: Words) -> Node:
    return {"id": addresses.in_folder(contents, path), "type": "Text",
            "label": language_map(label), "format": "text/html"}  # fmt: skip


def _beside(contents: Contents) -> Iterator[Node]:
    for path, form, profile in BESIDE:
        made = {"id": addresses.in_folder(contents, path), "type": "Dataset",
                "label": {"none": [path]}, "format": form}  # fmt: skip
        yield made | ({"profile": profile} if profile else {})


def _ranges(contents: Contents) -> Iterator[Node]:
    """The rooms in their order, what hangs nowhere, the absences; none of them without canvases."""
    for number, room in enumerate(contents.rooms, 1):
        name = Words(room.title_en, room.title_ko)
        if not (name.ko.strip() or name.en.strip()):
            name = Words(f"{word('room').en} {number}", f"{word('room').ko} {number}")
        made = _range(contents, f"room-{number}", name, _hung(contents, number - 1))
        if made and (room.text_ko.strip() or room.text_en.strip()):
            made["summary"] = language_map(Words(room.text_en, room.text_ko))
        yield from [made] if made else []
    absent = [addresses.absence_canvas(contents, one.absence_id) for one in contents.absences]
    for key, canvases in (("not-hung", _hung(contents, None)), ("absences", absent)):
        made = _range(contents, key, word(key), canvases)
        yield from [made] if made else []


def _hung(contents: Contents, room: int | None) -> list[str]:
    return [
        addresses.canvas(contents, plate.member.member_id)
        for plate in contents.plates
        if plate.room == room
    ]


def _range(contents: Contents, key: str, name: Words, canvases: list[str]) -> Node:
    if not canvases:
        return {}
    return {"id": f"{contents.base}/range/{key}", "type": "Range", "label": language_map(name),
            "items": [{"id": one, "type": "Canvas"} for one in canvases]}  # fmt: skip
