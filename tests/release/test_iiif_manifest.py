"""manifest.json: by the rules of Presentation 3, with all that is absent, and dug again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from excavate.essays import read_essay, whole_page
from excavate.model import SourceOptions
from excavate.release.annotations import as_annotations, write
from excavate.release.finding_aid import write as write_aid
from excavate.release.iiif_manifest import as_manifest
from excavate.release.iiif_manifest import write as write_manifest
from excavate.release.record import Contents
from excavate.sources.iiif import open_source
from tests.release.given import (
    BASE,
    LEFT,
    MARKUP,
    PLATES,
    SHAKING,
    an_id,
    contents,
    drawn_contents,
    rights,
)
from tests.release.presentation3 import faults

Node = dict[str, Any]


@pytest.fixture(scope="module")
def manifest() -> Node:
    return as_manifest(contents())


def canvases(manifest: Node) -> dict[str, Node]:
    return {one["id"].removeprefix(f"{BASE}/canvas/"): one for one in manifest["items"]}


def values(canvas: Node, label: str) -> list[Any]:
    return [p["value"] for p in canvas["metadata"] if p["label"].get("en") == [label]]


def test_a_canvas_for_each_member_in_its_order_then_one_for_each_absence(manifest: Node) -> None:
    assert faults(manifest) == []
    wanted = [one.member.member_id for one in PLATES]
    wanted += [f"absence/{one.absence_id}" for one in (LEFT, SHAKING)]
    assert list(canvases(manifest)) == wanted


def test_nothing_is_painted_where_something_is_absent(manifest: Node) -> None:
    there = canvases(manifest)
    bare = {name for name, one in there.items() if one["items"] == []}
    assert bare == {an_id("empty"), f"absence/{LEFT.absence_id}", f"absence/{SHAKING.absence_id}"}
    assert there[f"absence/{LEFT.absence_id}"]["label"] == {
        "ko": [LEFT.statement], "en": [LEFT.translations[0].statement],
    }  # fmt: skip


def test_a_picture_that_is_not_given_on_is_no_absence(manifest: Node) -> None:
    named = canvases(manifest)[an_id("named")]
    bodies = [one["body"] for one in named["items"][0]["items"]]
    assert {one["type"] for one in bodies} == {"TextualBody"}
    assert all("digits/test/99" in one["value"] for one in bodies)
    assert values(named, "SHA-256") == [{"none": ["23" * 32]}]
    assert "thumbnail" not in named


def test_rights_are_those_that_may_stand_there_and_kogl_is_said_to_be_shown(manifest: Node) -> None:
    there = canvases(manifest)
    assert there[an_id("chosen")]["rights"] == "http://creativecommons.org/licenses/by/4.0/"
    sign = there[an_id("uploaded")]
    assert "rights" not in sign
    assert sign["requiredStatement"]["value"]["ko"] == ["공공누리 제1유형: 출처표시"]
    quoted = there[an_id("quoted")]
    assert quoted["requiredStatement"]["value"]["en"] == ["quotation: One page is discussed"]
    assert values(quoted, "Creator")[0]["en"] == ["Unknown (decided by Jun: the book names nobody)"]


def test_the_whole_has_the_plans_rights_only_where_every_picture_has_them(manifest: Node) -> None:
    assert "rights" not in manifest
    alike = as_manifest(contents(plates=PLATES[:1]))
    assert alike["rights"] == "http://creativecommons.org/licenses/by/4.0/"


def test_rooms_are_ranges_and_a_bare_one_is_told(manifest: Node, tmp_path: Path) -> None:
    ranges = {one["id"].rpartition("/")[2]: len(one["items"]) for one in manifest["structures"]}
    assert ranges == {"room-1": 3, "room-2": 2, "not-hung": 1, "absences": 2}
    lost = write_manifest(contents(plates=PLATES[:1]), tmp_path)
    assert ("rooms in which nothing hangs", 1) in {(one.what, one.count) for one in lost}


def test_each_author_has_a_page_and_nobody_is_named_who_may_not_be(manifest: Node) -> None:
    there = canvases(manifest)
    pages = there[f"absence/{LEFT.absence_id}"]["annotations"]
    assert [(page["label"], len(page["items"])) for page in pages] == [
        ({"none": ["미래"]}, 2), ({"none": ["Jun"]}, 3),
    ]  # fmt: skip
    for page in pages:
        assert len({one["creator"]["id"] for one in page["items"]}) == 1
    hidden = there[f"absence/{SHAKING.absence_id}"]
    assert "creator" not in hidden["annotations"][0]["items"][0]
    assert values(hidden, "Said by")[0]["en"] == ["Not named"]


def test_words_that_look_like_markup_are_words(manifest: Node) -> None:
    sign = canvases(manifest)[an_id("uploaded")]
    assert sign["label"] == {"en": [MARKUP]}


def test_a_label_in_angle_brackets_is_not_taken_for_html() -> None:
    label = as_manifest(contents(plates=(replace(PLATES[1], title_ko="<b>굵게</b>"),)))
    text = label["items"][0]["label"]["ko"][0]
    assert text.startswith("<b>")
    assert not text.endswith(">")


def lines(made: Contents, folder: Path) -> list[Node]:
    assert write(made, folder) == []
    return [json.loads(line) for line in (folder / "annotations.jsonl").read_text().splitlines()]


def test_annotations_are_of_canvases_and_of_what_they_answer(tmp_path: Path) -> None:
    found = {one["canonical"].removeprefix("urn:uuid:"): one for one in lines(contents(), tmp_path)}
    canvas = f"{BASE}/canvas/absence/{LEFT.absence_id}"
    assert found[LEFT.absence_id]["target"] == canvas
    assert found[an_id("answer")]["target"] == [canvas, f"{BASE}/annotation/{an_id('contest')}"]
    assert found[an_id("drawn")]["target"] == f"{BASE}/canvas/{an_id('drawn')}"
    assert found[an_id("drawn")]["body"][0]["language"] == "ko"
    assert found[an_id("contest")]["motivation"] == ["replying", "assessing"]
    assert "creator" not in found[SHAKING.absence_id]
    assert an_id("out") not in found
    assert all(isinstance(one.get("creator", {}), dict) for one in found.values())
    assert len(found) == len(PLATES) + 6


def dug(folder: Path) -> tuple[list[Node], list[Node]]:
    source = open_source(str(folder / "manifest.json"), SourceOptions())
    batches = list(source.batches(100))
    items = [row for batch in batches for row in batch.items.to_pylist()]
    said = [row for batch in batches for row in batch.attributes.to_pylist()]
    return items, said


def test_our_own_source_digs_it_again(tmp_path: Path) -> None:
    made = contents()
    (tmp_path / "items").mkdir()
    for plate in made.plates:
        if plate.file:
            (tmp_path / plate.file).write_bytes(made.picture(plate))
    write_manifest(made, tmp_path)
    items, said = dug(tmp_path)
    assert [one["path"] for one in items] == [*(p.file or None for p in PLATES), None, None]
    assert [one["creator"] for one in items][:2] == ["E. Alpaydin, C. Kaynak", "Mirae"]
    assert items[3]["licence"] is None  # KOGL: not that of anything else here
    empty = [one["row"] for one in said if one["name"] == "empty"]
    assert empty == [2, 6, 7]
    captions = {one["row"]: one["value"] for one in said if one["name"] == "summary@ko"}
    assert captions[1] == PLATES[1].member.reason


@settings(max_examples=40, deadline=None)
@given(made=drawn_contents())
def test_whatever_was_written_the_manifest_keeps_the_rules(made: Contents) -> None:
    node = json.loads(json.dumps(as_manifest(made), allow_nan=False))
    assert faults(node) == []
    there = canvases(node)
    for plate in made.plates:
        canvas = there[plate.member.member_id]
        assert bool(canvas["items"]) is not plate.is_empty
        if plate.title_ko.strip():
            shown = canvas["label"].get("ko", canvas["label"].get("none"))
            assert shown[0].removesuffix(" ") == plate.title_ko.removesuffix(" ")
    said = [one for _canvas, one in as_annotations(made)]
    assert len({one["id"] for one in said}) == len(said)


def test_a_member_under_kogl_for_ai_says_so() -> None:
    plate = replace(PLATES[3], member=replace(PLATES[3].member, rights=rights("KOGL-AI")))
    canvas = as_manifest(contents(plates=(plate,)))["items"][0]
    assert canvas["requiredStatement"]["value"]["en"][0].startswith("KOGL AI type")


@pytest.mark.parametrize("rooms", [None, ()], ids=["rooms", "no-ranges"])
def test_what_is_written_canvas_by_canvas_is_the_whole(
    rooms: tuple[()] | None, tmp_path: Path
) -> None:
    made = contents() if rooms is None else contents(rooms=(), plates=(), left_out=(), measured=())
    lost = write_manifest(made, tmp_path)
    assert json.loads((tmp_path / "manifest.json").read_text("utf-8")) == as_manifest(made)
    assert bool(lost) is (rooms is None)


def test_a_manifest_says_of_each_annotation_what_the_lines_say(
    manifest: Node, tmp_path: Path
) -> None:
    apart = {one["id"]: one for one in lines(contents(), tmp_path)}
    embedded = [
        one
        for canvas in manifest["items"]
        for page in canvas["annotations"]
        for one in page["items"]
        if "canonical" in one
    ]
    assert len(embedded) == len(apart)
    for one in embedded:
        assert {
            k: v for k, v in apart[one["id"]].items() if k not in ("@context", "excavate")
        } == one


def test_essays_that_go_along_are_named(tmp_path: Path) -> None:
    made = contents(essays=(("thirteen-hands", tmp_path / "x.html"),))
    node = as_manifest(made)
    assert faults(node) == []
    assert [one["id"] for one in node["rendering"]] == [f"{BASE}/essays/thirteen-hands.html"]
    assert node["rendering"][0]["label"] == {"none": ["thirteen-hands"]}, "it has no title to show"
    essay = read_essay("thirteen-hands")
    for language, label in {
        "both": {"ko": [essay.title.ko], "en": [essay.title.en]},
        "en": {"en": [essay.title.en]},
    }.items():
        (tmp_path / "x.html").write_text(whole_page(essay.name, None, language), "utf-8")
        assert as_manifest(made)["rendering"][0]["label"] == label
    write_aid(made, tmp_path)
    aid = (tmp_path / "finding-aid.html").read_text("utf-8")
    assert '<a href="essays/thirteen-hands.html">' in aid
