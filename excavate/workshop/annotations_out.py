"""What was said as W3C Web Annotations (Web Annotation Data Model, 2017), a JSON object a line.

Every annotation stands by itself. What the model has no word for stands under `excavate`, so
that an import brings it back exactly. The context is named, never fetched.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from excavate.workshop.about import About
from excavate.workshop.said import Conversation, Said, about_in

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
MEDIA_FRAGMENTS = "http://www.w3.org/TR/media-frags/"
MOTIVATION: dict[str, str | list[str]] = {
    "absence": "commenting", "translation": ["commenting", "replying"],
    "evidence": "linking", "sorting": "classifying", "stance": "assessing",
    "find": "describing", "find_fact": "describing", "note": "commenting",
    "tombstone": "moderating",
}  # fmt: skip
REPLYING: dict[str, list[str]] = {
    "agree": ["replying", "assessing"], "contest": ["replying", "assessing"],
    "ask": ["replying", "questioning"], "evidence": ["replying", "linking"],
    "add": ["replying", "commenting"],
}  # fmt: skip


def jsonl(conversation: Conversation) -> str:
    """All of it, a line each, oldest first."""
    return "".join(f"{_line(one)}\n" for one in as_annotations(conversation))


def as_annotations(conversation: Conversation) -> Iterator[dict[str, Any]]:
    """Every thing said as one annotation."""
    for said in conversation.said:
        yield annotation(said, conversation.room_id)


def annotation(said: Said, room_id: str) -> dict[str, Any]:
    """One thing as an annotation; who said it only where that may be known."""
    made: dict[str, Any] = {
        "@context": CONTEXT,
        "id": f"urn:uuid:{said.id}",
        "type": "Annotation",
        "motivation": _motivation(said),
        "created": f"{said.written_at:%Y-%m-%dT%H:%M:%S.%f}Z",
    }
    if said.person_id is not None:
        made["creator"] = {"id": f"urn:uuid:{said.person_id}", "type": "Person",
                           "nickname": said.shown_name}  # fmt: skip
    body = _body(said)
    if body:
        made["body"] = body
    made["target"] = _target(said, room_id)
    made["excavate"] = _exact(said)
    return made


def _motivation(said: Said) -> str | list[str]:
    if said.kind == "reply":
        return REPLYING.get(said.more["kind"], ["replying"])
    return MOTIVATION[said.kind]


def _body(said: Said) -> Any:
    about = about_in(said)
    if said.kind == "evidence" and about is not None:
        return source_of(about, said.of)
    if said.kind in ("sorting", "stance"):
        purpose = "classifying" if said.kind == "sorting" else "assessing"
        return _text(said.words, None, purpose)
    if not said.words:
        return None
    purpose = "replying" if said.kind == "reply" else "commenting"
    bodies = [_text(said.words, said.language, purpose)]
    if said.kind == "find":
        bodies.append(_text(said.more["why"], said.language, "describing"))
    if said.kind == "absence" and said.more.get("stance"):
        bodies.append(_text(said.more["stance"], None, "assessing"))
    return bodies[0] if len(bodies) == 1 else bodies


def _text(value: str, language: str | None, purpose: str) -> dict[str, Any]:
    spoken = {"language": language} if language else {}
    return {"type": "TextualBody", "value": value, "format": "text/plain", **spoken,
            "purpose": purpose}  # fmt: skip


def _target(said: Said, room_id: str) -> Any:
    if said.of:
        return f"urn:uuid:{said.of}"
    if said.kind == "find":
        return said.more["link"] or f"urn:excavate:find:{said.id}"
    about = about_in(said)
    return source_of(about, room_id) if about else f"urn:excavate:room:{room_id}"


def source_of(about: About, otherwise: str) -> Any:
    """What is pointed at, as a resource with its selector."""
    value = about.value
    if about.kind == "nothing":
        return f"urn:excavate:room:{otherwise}"
    if about.kind == "link":
        return {"id": str(value["link"]), "type": "Text"}
    made: dict[str, Any] = {"type": "SpecificResource", "source": _urn(about)}
    if about.kind in ("item", "part"):
        made["source"] = {"id": _urn(about), "type": "Image"}
    if about.kind == "part":
        made["selector"] = {"type": "FragmentSelector", "conformsTo": MEDIA_FRAGMENTS,
                            "value": f"xywh={value['xywh']}"}  # fmt: skip
    if about.kind == "lasso" and value.get("polygon"):
        made["selector"] = {"type": "SvgSelector", "value": _svg(value["polygon"])}
    return made


# Which values of each kind name it, in their order.
NAMED_BY = {
    "dataset": ("dataset",), "item": ("item_id",), "part": ("item_id",),
    "category": ("dataset", "taxonomy", "node_id", "name"), "cell": ("dataset", "values"),
    "finding": ("finding_id", "row"), "dossier": ("dossier_id", "fact_id"),
    "search": ("dataset", "encoder", "words"), "lasso": ("layout_id",),
}  # fmt: skip
CALLED = {"part": "item", "lasso": "layout"}


def _urn(about: About) -> str:
    kind = CALLED.get(about.kind, about.kind)
    given = (about.value.get(name) for name in NAMED_BY.get(about.kind, ()))
    parts = [quote(_word(one), safe="") for one in given if one is not None]
    return f"urn:excavate:{kind}:{':'.join(parts)}"


def _word(value: Any) -> str:
    if isinstance(value, Mapping):
        return "&".join(f"{name}={said}" for name, said in value.items())
    return str(value)


def _svg(polygon: Any) -> str:
    points = " ".join(f"{float(x):g},{float(y):g}" for x, y in polygon)
    return f'<svg xmlns="http://www.w3.org/2000/svg"><polygon points="{points}"/></svg>'


def _exact(said: Said) -> dict[str, Any]:
    """What an import needs beside the model's own words."""
    more = dict(said.more)
    about = about_in(said)
    if about is not None:
        more["about"] = {"kind": about.kind, "value": dict(about.value), "at": dict(about.at)}
    return {"kind": said.kind, **({"of": said.of} if said.of else {}), "more": more}


def _line(made: dict[str, Any]) -> str:
    return json.dumps(made, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
