"""annotations.jsonl: what was said, as W3C Web Annotations, a line each, one author each.

What is said of an absence points at its canvas in the Manifest; an answer at what it answers and
at that canvas; why a member is in, at the member's canvas. Nobody's words are merged with
another's, and who said it stands there only where that may be known. The id that each has in the
workshop is its `canonical` one, so that what was said once is known for the same in every release.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Mapping
from pathlib import Path
from typing import Any

from excavate.counter.records import Member
from excavate.release import iiif_addresses as addresses
from excavate.release.record import Contents, Lost
from excavate.workshop.annotations_out import CONTEXT
from excavate.workshop.annotations_out import annotation as as_said
from excavate.workshop.said import Said

FILE = "annotations.jsonl"
# Signs that end a line for some readers, and need no escape in JSON.
LINE_ENDS = [(chr(sign), f"\\u{sign:04x}") for sign in (0x85, 0x2028, 0x2029)]


def write(contents: Contents, folder: Path) -> list[Lost]:
    """Write annotations.jsonl; it holds everything that was said."""
    with (folder / FILE).open("w", encoding="utf-8", newline="\n") as stream:
        for _canvas, made in as_annotations(contents):
            stream.write(json_line(made))
    return []


def json_line(made: Mapping[str, Any]) -> str:
    """A line of JSON that is one line for every reader."""
    line = json.dumps(made, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign, escaped in LINE_ENDS:
        line = line.replace(sign, escaped)
    return f"{line}\n"


def as_annotations(contents: Contents) -> Iterator[tuple[str, dict[str, Any]]]:
    """(canvas it is of, annotation), members first; "" where it is of no canvas here."""
    for plate in contents.plates:
        yield addresses.canvas(contents, plate.member.member_id), of_member(contents, plate.member)
    yield from _of_conversation(contents)


def by_absence(contents: Contents) -> dict[str, list[dict[str, Any]]]:
    """What was said, by the canvas of the absence that it is of, in the order it was said."""
    found: dict[str, list[dict[str, Any]]] = {}
    for canvas, made in _of_conversation(contents):
        found.setdefault(canvas, []).append(made)
    return found


def _of_conversation(contents: Contents) -> Iterator[tuple[str, dict[str, Any]]]:
    roots, known = _roots(contents), {one.id for one in contents.conversation.said}
    for said in contents.conversation.said:
        yield roots.get(said.id, ""), _of_said(contents, said, roots, known)


def _roots(contents: Contents) -> dict[str, str]:
    """{id of what was said: the canvas of the absence that it is about in the end}."""
    roots = {
        one.absence_id: addresses.absence_canvas(contents, one.absence_id)
        for one in contents.absences
    }
    said = {one.id: one.of for one in contents.conversation.said}
    above = {one.reply_id: one.about for a in contents.absences for one in a.replies} | said
    for said_id in said:
        chain: dict[str, None] = {}
        at = said_id
        while at and at not in roots and at not in chain:
            chain[at] = None
            at = above.get(at, "")
        if at in roots:
            roots.update(dict.fromkeys(chain, roots[at]))
    return roots


def _of_said(
    contents: Contents, said: Said, roots: Mapping[str, str], known: Container[str]
) -> dict[str, Any]:
    """What was said as an annotation; under an answer that was taken back, of the canvas alone."""
    made = as_said(said, contents.conversation.room_id)
    canvas = roots.get(said.id)
    answered = addresses.annotation(contents, said.of) if said.of in known else None
    if canvas and answered:
        made["target"] = [canvas, answered]
    elif canvas or answered:
        made["target"] = canvas or answered
    return _named(contents, made, said.id)


def _named(contents: Contents, made: dict[str, Any], said_id: str) -> dict[str, Any]:
    """The annotation under its address here; what it is called elsewhere stays beside it."""
    head = {"@context": made.pop("@context"), "id": addresses.annotation(contents, said_id)}
    made.pop("id", None)
    return head | {"canonical": f"urn:uuid:{said_id}"} | made


def of_member(contents: Contents, member: Member) -> dict[str, Any]:
    """Why a member is in, in the words of who put it in."""
    bodies = [_text(member.reason, member.language, "describing")]
    if member.label.strip():
        bodies.append(_text(member.label, member.language, "identifying"))
    made = {
        "@context": CONTEXT,
        "type": "Annotation",
        "motivation": "describing",
        "created": f"{member.written_at:%Y-%m-%dT%H:%M:%S.%f}Z",
        "creator": {
            "id": f"urn:uuid:{member.person_id}",
            "type": "Person",
            "nickname": member.shown_name,
        },
        "body": bodies[0] if len(bodies) == 1 else bodies,
        "target": addresses.canvas(contents, member.member_id),
    }
    return _named(contents, made, member.member_id)


def _text(value: str, language: str, purpose: str) -> dict[str, Any]:
    spoken = {"language": language} if language else {}
    return {"type": "TextualBody", "value": value, "format": "text/plain", **spoken,
            "purpose": purpose}  # fmt: skip
