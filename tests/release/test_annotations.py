"""annotations.jsonl by the rules of the Web Annotation Data Model, whatever was said."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from excavate.release.annotations import as_annotations, by_absence, write
from excavate.release.record import Contents
from excavate.workshop.said import Said
from tests.release.given import AT, BASE, LEFT, PLAN, SAID, WORDS, an_id, contents

# https://www.w3.org/TR/annotation-vocab/#named-individuals, and two of our own extension
MOTIVATIONS = {
    "assessing", "bookmarking", "classifying", "commenting", "describing", "editing",
    "highlighting", "identifying", "linking", "moderating", "questioning", "replying", "tagging",
}  # fmt: skip
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def many(held: Any) -> list[Any]:
    return held if isinstance(held, list) else [held]


def model_faults(one: dict[str, Any]) -> Iterator[str]:
    """What the model does not allow (https://www.w3.org/TR/annotation-model/)."""
    if (one["@context"], one["type"]) != ("http://www.w3.org/ns/anno.jsonld", "Annotation"):
        yield "context or type"
    if urlsplit(one["id"]).scheme not in ("http", "https"):
        yield "id"
    if not all(many(one["target"] or "")):
        yield "target"
    if set(many(one["motivation"])) - MOTIVATIONS:
        yield "motivation"
    if not MOMENT.fullmatch(one["created"]):
        yield "created"
    if "creator" in one and not isinstance(one["creator"], dict):
        yield "more than one author"
    for body in many(one.get("body", [])):
        yield from body_faults(body)


def body_faults(body: dict[str, Any]) -> Iterator[str]:
    """What the model does not allow of a body."""
    if body["type"] == "TextualBody" and not isinstance(body["value"], str):
        yield "body"
    if body.get("purpose", "describing") not in MOTIVATIONS:
        yield "purpose"


REPLIES = ("agree", "contest", "ask", "evidence")


@st.composite
def conversations(draw: st.DrawFn) -> Contents:
    """What up to six people said of an absence, each answering anything said before."""
    said = [SAID[0]]
    for number in range(draw(st.integers(0, 6))):
        of = draw(st.sampled_from(said)).id
        named = draw(st.booleans())
        who = (an_id(f"person-{number}"), draw(WORDS)) if named else (None, None)
        kind = draw(st.sampled_from(REPLIES))
        said.append(Said("reply", an_id(f"said-{number}"), of, draw(WORDS), "ko", *who, AT,
                         {"kind": kind}))  # fmt: skip
    order = [said[0], *draw(st.permutations(said[1:]))]  # clocks may be set back
    made = contents()
    return replace(made, conversation=replace(made.conversation, said=tuple(order)))


@given(made=conversations())
def test_every_voice_stands_alone_and_is_of_the_absences_canvas(made: Contents) -> None:
    found = {one["canonical"]: (canvas, one) for canvas, one in as_annotations(made)}
    canvas = f"{BASE}/canvas/absence/{LEFT.absence_id}"
    for said in made.conversation.said:
        where, one = found[f"urn:uuid:{said.id}"]
        assert list(model_faults(one)) == []
        assert where == canvas
        assert canvas in many(one["target"])
        assert ("creator" in one) is (said.person_id is not None)
        if said.person_id:
            assert one["creator"]["nickname"] == said.shown_name
            assert one["creator"]["id"] == f"urn:uuid:{said.person_id}"
        if said.of:
            assert f"{BASE}/annotation/{said.of}" in many(one["target"])
    assert len(by_absence(made)[canvas]) == len(made.conversation.said)


def test_lines_are_json_and_none_is_at_fault(tmp_path: Path) -> None:
    write(contents(), tmp_path)
    lines = (tmp_path / "annotations.jsonl").read_text("utf-8").splitlines()
    assert [list(model_faults(json.loads(line))) for line in lines] == [[] for _ in lines]


@pytest.mark.parametrize("chain", [("a", "b"), ("a", "a")], ids=["ring", "of-itself"])
def test_answers_that_go_in_a_ring_are_of_no_canvas(chain: tuple[str, str]) -> None:
    first, second = (an_id(name) for name in chain)
    ring = (
        Said("reply", first, second, "x", "en", None, None, AT, {"kind": "ask"}),
        Said("reply", second, first, "y", "en", None, None, AT, {"kind": "ask"}),
    )
    made = contents(plan=PLAN, plates=())
    made = replace(made, conversation=replace(made.conversation, said=ring))
    assert {canvas for canvas, _one in as_annotations(made)} == {""}


def test_signs_that_end_a_line_elsewhere_end_none_here(tmp_path: Path) -> None:
    words = "one\u2028two\u2029three\x85four"
    made = contents(plates=())
    said = replace(SAID[0], words=words)
    write(replace(made, conversation=replace(made.conversation, said=(said,))), tmp_path)
    (line,) = (tmp_path / "annotations.jsonl").read_text("utf-8").splitlines()
    assert many(json.loads(line)["body"])[0]["value"] == words
