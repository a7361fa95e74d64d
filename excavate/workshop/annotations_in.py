"""Lines of an exported conversation, read and checked: every fault with its place."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from excavate.errors import InputFault
from excavate.workshop import checking
from excavate.workshop.about import About, about_faults
from excavate.workshop.absence_record import EVIDENCE_KINDS, KNOWNNESS, STANCES, VISIBILITIES
from excavate.workshop.absence_types import is_type
from excavate.workshop.checking import link_faults, text_faults
from excavate.workshop.finds import TOPICS
from excavate.workshop.ids import is_id
from excavate.workshop.lasso_told import verdict_faults
from excavate.workshop.withdrawing import ERASED, HIDDEN

KINDS = (
    "absence",
    "tombstone",
    "translation",
    "evidence",
    "sorting",
    "stance",
    "reply",
    "find",
    "find_fact",
)
STANDS_ALONE = ("absence", "tombstone", "find")
FIRST = datetime(2000, 1, 1)
TEXTS = (
    "stance", "knownness", "agent", "position", "visibility", "manner", "kind", "why", "link",
    "source", "topic", "verdict",
)  # fmt: skip
REPLIES = ("agree", "contest", "ask", "evidence", "add")


def read_line(line: str) -> dict[str, Any]:
    """A line as {kind, id, of, words, language, person, name, at, more}; {} where it is none."""
    try:
        made = json.loads(line)
        json.dumps(made, ensure_ascii=False, allow_nan=False).encode()  # no NaN, no half a sign
        own, creator = made["excavate"], made.get("creator") or {}
        body = made.get("body") or {}
        body = body[0] if isinstance(body, list) else body
        return {
            "kind": own["kind"], "id": _id(made["id"]), "of": own.get("of", ""),
            "words": body.get("value", ""), "language": body.get("language", ""),
            "person": _id(creator.get("id", "")), "name": creator.get("nickname", ""),
            "at": _moment(made["created"]), "more": own["more"],
        }  # fmt: skip
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError):
        return {}


def _moment(given: str) -> datetime:
    """A moment in UTC, as rows keep it."""
    moment = datetime.fromisoformat(given)
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _id(urn: str) -> str:
    return urn.removeprefix("urn:uuid:")


def line_faults(said: dict[str, Any], place: str) -> Iterator[InputFault]:
    """What keeps a line from being taken in."""
    if not said or said["kind"] not in KINDS or not isinstance(said["more"], dict):
        yield InputFault(place, "no annotation of a room")
        return
    no_text = list(_form_faults(said, place))
    yield from no_text or _known_faults(said, place)


def _form_faults(said: dict[str, Any], place: str) -> Iterator[InputFault]:
    """What is no text where text belongs: nothing else can be looked at before."""
    more = said["more"]
    for name in ("id", "of", "words", "language", "person", "name"):
        if not isinstance(said[name], str):
            yield InputFault(f"{place}, {name}", "this is no text")
    for name in (one for one in TEXTS if not isinstance(more.get(one), str | None)):
        yield InputFault(f"{place}, {name}", "this is no text")
    about = more.get("about")
    if isinstance(about, dict) and not isinstance(about.get("kind"), str):
        yield InputFault(f"{place}, about", "this is no text")
    if not isinstance(more.get("measured"), dict | None):
        yield InputFault(f"{place}, measured", "these are no numbers")


def _known_faults(said: dict[str, Any], place: str) -> Iterator[InputFault]:
    if not FIRST <= said["at"] <= datetime.now(UTC).replace(tzinfo=None) + timedelta(days=1):
        yield InputFault(place, "said before there were rooms, or in a time to come")
    if not is_id(said["id"]):
        yield InputFault(place, "its id is none of ours")
    if said["person"] and not is_id(said["person"]):
        yield InputFault(place, "who said it is named by no id of ours")
    yield from text_faults(f"{place}, name", str(said["name"]), checking.SHOWN,
                           needed=bool(said["person"]))  # fmt: skip
    if bool(said["of"]) == (said["kind"] in STANDS_ALONE) or (said["of"] and not is_id(said["of"])):
        yield InputFault(place, "it does not say what it is said of")
    yield from OWN_FAULTS[said["kind"]](said, place)


def _words_faults(said: dict[str, Any], place: str) -> Iterator[InputFault]:
    yield from text_faults(place, str(said["words"]), checking.TEXT)
    if said["language"] not in ("ko", "en"):
        yield InputFault(place, "its language is neither ko nor en")


def _absence_faults(said: dict[str, Any], place: str) -> Iterator[InputFault]:
    more = said["more"]
    yield from _words_faults(said, place)
    yield from _about_faults(more.get("about"), place)
    for name, known in (("stance", STANCES), ("knownness", KNOWNNESS)):
        if more.get(name) not in (*known, None):
            yield InputFault(place, f"{name}: one of: {', '.join(known)}")
    if more.get("visibility") not in VISIBILITIES:
        yield InputFault(place, f"visibility: one of: {', '.join(VISIBILITIES)}")
    for name in ("agent", "position"):
        text = str(more.get(name) or "")
        yield from text_faults(f"{place}, {name}", text, checking.SOURCE, needed=False)


def _stone_faults(said: dict[str, Any], place: str) -> Iterator[InputFault]:
    if said["more"].get("manner") not in (HIDDEN, ERASED):
        yield InputFault(place, f"one of: {HIDDEN}, {ERASED}")


def _about_faults(given: Any, place: str) -> Iterator[InputFault]:
    if not isinstance(given, dict) or not isinstance(given.get("value"), dict):
        yield InputFault(place, "it does not say what is pointed at")
    elif given.get("kind") == "link":
        yield from link_faults(place, str(given["value"].get("link", "")))
    else:
        yield from about_faults(about_given(given), place)


def _evidence_faults(said: dict[str, Any], place: str) -> Iterator[InputFault]:
    about = said["more"].get("about")
    yield from _about_faults(about, place)
    if isinstance(about, dict) and about.get("kind") not in EVIDENCE_KINDS:
        yield InputFault(place, f"one of: {', '.join(EVIDENCE_KINDS)}")
    more = said["more"]
    for fault in verdict_faults(more.get("verdict"), more.get("measured") or {}):
        yield InputFault(f"{place}, measured", fault)


def _code_faults(said: dict[str, Any], place: str) -> Iterator[InputFault]:
    code = said["words"]
    if not (is_type(code) if said["kind"] == "sorting" else code in STANCES):
        yield InputFault(place, f"no {said['kind']} of the vocabulary")


def _reply_faults(said: dict[str, Any], place: str) -> Iterator[InputFault]:
    yield from _words_faults(said, place)
    if said["more"].get("kind") not in REPLIES:
        yield InputFault(place, f"one of: {', '.join(REPLIES)}")


def _find_faults(said: dict[str, Any], place: str) -> Iterator[InputFault]:
    yield from _words_faults(said, place)
    yield from text_faults(place, str(said["more"].get("why") or ""), checking.TEXT)
    yield from link_faults(place, str(said["more"].get("link") or ""))


def _fact_faults(said: dict[str, Any], place: str) -> Iterator[InputFault]:
    yield from _words_faults(said, place)
    source = str(said["more"].get("source") or "")
    yield from text_faults(place, source, checking.SOURCE, needed=False)
    if said["more"].get("topic") not in TOPICS:
        yield InputFault(place, "say what it is about")


OWN_FAULTS: dict[str, Callable[[dict[str, Any], str], Iterator[InputFault]]] = {
    "tombstone": _stone_faults,
    "absence": _absence_faults, "translation": _words_faults, "evidence": _evidence_faults,
    "sorting": _code_faults, "stance": _code_faults, "reply": _reply_faults,
    "find": _find_faults, "find_fact": _fact_faults,
}  # fmt: skip


def about_given(given: Mapping[str, Any]) -> About:
    """What is pointed at, as a line gives it."""
    at = given.get("at")
    return About(str(given["kind"]), given["value"], at if isinstance(at, dict) else {})
