"""What tests bring to a release: one fixed Contents with everything in it, and drawn ones.

The fixed one holds a chosen, a drawn, an uploaded, an empty and a referenced member, Korean and
English, words that look like markup, an absence that is anonymous, and one that was contested.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from PIL import Image

from excavate.counter.records import (
    GivenPlan,
    GivenRights,
    Hung,
    LeftOut,
    Member,
    Place,
    Plan,
    Rights,
    WallRoom,
    Wanted,
)
from excavate.release.record import Contents, OutOfIt, Plate, SourceLabel
from excavate.workshop.about import About
from excavate.workshop.absence_record import Absence, Reply, Translation
from excavate.workshop.ids import derived_id
from excavate.workshop.said import Conversation, Said

ROOT = "01930000-0000-7000-8000-000000000000"
AT = datetime(2026, 3, 5, 9, 30)
BASE = "https://example.org/whose-hand-v1"
MARKUP = '<script>alert("1 & 2")</script> *별* _x_ `y` | z'


def an_id(name: str) -> str:
    """Always the same id for a name."""
    return derived_id(ROOT, name)


@lru_cache(maxsize=64)
def pixels(shade: int, size: tuple[int, int] = (16, 12)) -> bytes:
    """A small picture, one for each shade."""
    held = io.BytesIO()
    Image.new("RGB", size, (shade % 256, 90, 160)).save(held, "PNG")
    return held.getvalue()


def rights(licence: str = "CC-BY-4.0", **more: Any) -> Rights:
    """Rights with nothing blank in them."""
    said = {"creator": "Mirae", "source": "drawn in the room", "contributor_consent": "given",
            "depicted_consent": "nobody"}  # fmt: skip
    given = GivenRights(licence=licence, **(said | more))
    return Rights(given, an_id("plan"), "", an_id("batch"), AT, an_id("mirae"), "미래")


def member(name: str, kind: str, reason: str, **more: Any) -> Member:
    """A member with its rights."""
    said: dict[str, Any] = {
        "label": "", "alt_ko": "", "alt_en": "", "item_id": "", "item_sha256": "",
        "item_revision": "", "sha256": "", "media_type": "", "width": 0, "height": 0,
        "strokes": "", "found_by": {"way": "place"}, "removed": (), "rights": rights(),
        "language": "en", "person_id": an_id("mirae"), "shown_name": "미래",
    }  # fmt: skip
    return Member(member_id=an_id(name), plan_id=an_id("plan"), kind=kind, reason=reason,
                  written_at=AT, **(said | more))  # fmt: skip


def plate(number: int, one: Member, room: int | None, **more: Any) -> Plate:
    """A member's plate; one with a picture has that of its number."""
    held = more.pop("held", one.kind != "empty" and not more.get("by_reference"))
    said: dict[str, Any] = {
        "title_ko": "", "title_en": "", "size": "", "credit": "", "by_reference": False,
        "reference": {}, "labels": (), "file": "", "sha256": "", "media_type": "",
        "width": 0, "height": 0,
    }  # fmt: skip
    if held:
        content = pixels(number)
        said |= {"file": f"items/{number:04d}.png", "media_type": "image/png", "width": 16,
                 "height": 12, "sha256": hashlib.sha256(content).hexdigest()}  # fmt: skip
    return Plate(number=number, member=one, room=room, **(said | more))


PLAN = Plan(
    GivenPlan(
        plan_id=an_id("plan"), name="whose-hand", title_ko="누구의 손이 없는가?",
        title_en="Whose hand is missing?", answers=(an_id("left"), an_id("shaking")),
        statement_ko=f"왼손으로 쓴 숫자를 모은다. {MARKUP}",
        statement_en=f"Digits written with the left hand. {MARKUP}",
        wanted=(Wanted("left-handed digits", 10), Wanted("empty places", 1)),
        excluded_ko="얼굴은 넣지 않는다.", excluded_en="No faces.", licence="CC-BY-4.0",
        consent_ko="내가 그린 것을 공개본에 싣는 데 동의한다.",
        consent_en="What I draw may stand in the release.",
        decides="Mirae and the room", against="digits",
    ),
    an_id("plan"), 1, AT, an_id("mirae"), "미래",
)  # fmt: skip

CHOSEN = member(
    "chosen", "chosen", "The only open four", label="4", item_id="digits/test/17",
    item_sha256="ab" * 32, item_revision="r1", found_by={"way": "lasso", "layout": "l1"},
    rights=rights("CC-BY-4.0", creator="E. Alpaydin, C. Kaynak", source="https://example.org/uci",
                  contributor_consent="not-needed"),
)  # fmt: skip
DRAWN = member(
    "drawn", "drawn", f"왼손으로 쓴 8 {MARKUP}", language="ko", label="8", alt_ko="왼쪽으로 기운 8",
    alt_en="An eight that leans to the left", strokes='{"width":10,"height":10,"strokes":[]}',
    sha256="cd" * 32, media_type="image/png", width=16, height=12, found_by={"way": "drawing"},
    rights=rights("CC0-1.0"),
    place=Place("l1", "pixels/8x8", 1.5, -2.0, (("digits/test/3", 0.91),)),
)  # fmt: skip
UPLOADED = member(
    "uploaded", "uploaded", "간판의 숫자", language="ko", alt_ko="가게 간판", removed=("GPS",),
    sha256="ef" * 32, media_type="image/png", width=16, height=12, found_by={"way": "file"},
    rights=rights("KOGL-1", creator="서울시", source="https://example.org/sign"),
)  # fmt: skip
QUOTED = member(
    "quoted", "uploaded", "A page of a school book", found_by={"way": "file"},
    sha256="01" * 32, media_type="image/png", width=16, height=12,
    person_id=an_id("jun"), shown_name="Jun",
    rights=rights("", creator="", ground="quotation", ground_reason="One page is discussed",
                  unknowns={"creator": {"by": "Jun", "because": "the book names nobody"}}),
)  # fmt: skip
EMPTY = member(
    "empty", "empty", "떨리는 손이 쓴 숫자가 올 자리", language="ko", found_by={"way": "place"},
)  # fmt: skip
NAMED = member(
    "named", "chosen", "Named only: its rights are not stated", item_id="digits/test/99",
    item_sha256="23" * 32, item_revision="r1", rights=rights("", creator="unknown hand"),
)  # fmt: skip
OUT = member(
    "out", "drawn", "A drawing that was left out", person_id=an_id("jun"), shown_name="Jun",
    left_out=LeftOut("Its maker asked for it", "en", "미래"),
)  # fmt: skip

REFERENCE = {"item_id": "digits/test/17", "sha256": "ab" * 32, "revision": "r1",
             "dataset": "digits", "source": "sklearn"}  # fmt: skip
PLATES = (
    plate(1, CHOSEN, 0, title_en="Four, open", title_ko="열린 4", size="40 × 30 cm",
          credit="UCI, CC BY 4.0", reference=REFERENCE,
          labels=(SourceLabel("4", "digit"), SourceLabel("stroke", "parts", (1.0, 2.0, 5.0, 6.0)))),
    plate(2, DRAWN, 0, title_ko="왼손 8"),
    plate(3, EMPTY, 0, title_ko="빈자리", title_en="An empty place"),
    plate(4, UPLOADED, 1, title_en=MARKUP),
    plate(5, QUOTED, 1),
    plate(6, NAMED, None, by_reference=True, width=8, height=8, sha256="23" * 32,
          reference=REFERENCE | {"item_id": "digits/test/99", "sha256": "23" * 32}),
)  # fmt: skip
ROOMS = (
    WallRoom("왼손의 방", "Room of left hands", "벽글: 왼손은 어디에", f"Wall text {MARKUP}",
             tuple(Hung(one.member.member_id) for one in PLATES[:3])),
    WallRoom("", "Signs", "", "", tuple(Hung(one.member.member_id) for one in PLATES[3:5])),
)  # fmt: skip

LEFT = Absence(
    an_id("left"), "왼손으로 쓴 숫자가 없다", "ko", About("dataset", {"dataset": "digits"}),
    "should exist", "suspected", "수집한 사람들", "왼손잡이", "public", None, None, AT, 1,
    an_id("mirae"), "미래", type="never-collected", types={"never-collected": 1},
    translations=(Translation(an_id("left-en"), "en", "No digit is written with the left hand",
                              AT, 2, an_id("jun"), "Jun"),),
    replies=(Reply(an_id("contest"), an_id("left"), "contest", f"How do you know? {MARKUP}", "en",
                   AT, 3, an_id("jun"), "Jun"),),
)  # fmt: skip
SHAKING = Absence(
    an_id("shaking"), "Hands that shake", "en", About("nothing"), None, None, "", "", "public",
    None, an_id("round"), AT, 4, None, None, anonymous=True, type="never-collected",
)  # fmt: skip
SAID = (
    Said("absence", LEFT.absence_id, "", LEFT.statement, "ko", an_id("mirae"), "미래", AT,
         {"about": LEFT.about, "stance": "should exist", "visibility": "public"}),
    Said("translation", an_id("left-en"), LEFT.absence_id, LEFT.translations[0].statement, "en",
         an_id("jun"), "Jun", AT),
    Said("reply", an_id("contest"), LEFT.absence_id, LEFT.replies[0].text, "en", an_id("jun"),
         "Jun", AT, {"kind": "contest"}),
    Said("reply", an_id("answer"), an_id("contest"), "손잡이를 물어본 적이 없다", "ko",
         an_id("mirae"), "미래", AT, {"kind": "evidence"}),
    Said("stance", an_id("stance"), LEFT.absence_id, "should exist", "", an_id("jun"), "Jun", AT),
    Said("absence", SHAKING.absence_id, "", SHAKING.statement, "en", None, None, AT,
         {"about": SHAKING.about, "visibility": "public"}),
)  # fmt: skip
MEASURED: tuple[dict[str, Any], ...] = (
    {"measure": "coverage", "reference": "digits/test", "encoder": "pixels/8x8",
     "parameters": {"k": 5}, "before": {"coverage": {"value": 0.81, "low": 0.78, "high": 0.84}},
     "after": {"coverage": {"value": 0.83, "low": 0.8, "high": 0.86}},
     "difference": {"coverage": {"value": 0.02, "low": -0.01, "high": 0.05}},
     "said": {"ko": "차이가 있다고 말할 수 없습니다.", "en": "No difference can be told."},
     "not_measured": None, "revision": "r1", "members": 2, "made_at": "2026-03-05T10:00:00"},
    {"measure": "probe", "reference": "digits/test", "encoder": "pixels/8x8", "parameters": {},
     "before": {}, "after": {}, "difference": {},
     "said": {"ko": "재지 못함: 이름이 붙은 구성 항목이 10개보다 적습니다",
              "en": "Not measured: fewer than 10 members with a label"},
     "not_measured": "fewer than 10 members with a label", "revision": "r1", "members": 2,
     "made_at": "2026-03-05T10:00:00"},
)  # fmt: skip


def picture(one: Plate) -> bytes:
    """The picture of a plate, as `plate` made it."""
    return pixels(one.number)


def contents(**more: Any) -> Contents:
    """The fixed example, or one that differs in some of it."""
    said: dict[str, Any] = {
        "plan": PLAN, "version": "1", "made_at": AT, "base": BASE, "code_version": "0.1.0",
        "generation": "g1", "revisions": {"digits": "r1"}, "rooms": ROOMS, "plates": PLATES,
        "left_out": (OutOfIt(OUT, "Its maker asked for it"),), "absences": (LEFT, SHAKING),
        "conversation": Conversation(an_id("room"), "월요일 방", SAID), "measured": MEASURED,
        "essays": (), "picture": picture,
    }  # fmt: skip
    return Contents(**(said | more))


# What people may have written: any sign but halves of one, and signs that no JSON or XML holds.
WORDS = st.text(
    st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("<>&\"'`*|[]#{}\\\n가힣"),
    max_size=40,
)
LICENCES = ("CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0", "KOGL-1", "KOGL-AI", "")


@st.composite
def members(draw: st.DrawFn, number: int) -> Member:
    """Any member: its kind, its words, its rights."""
    kind = draw(st.sampled_from(("chosen", "drawn", "uploaded", "empty")))
    given = rights(draw(st.sampled_from(LICENCES)), creator=draw(WORDS), source=draw(WORDS))
    chosen = {"item_id": f"digits/test/{number}"} if kind == "chosen" else {}
    return member(
        f"member-{number}", kind, draw(WORDS), language=draw(st.sampled_from(("ko", "en"))),
        label=draw(WORDS), alt_ko=draw(WORDS), alt_en=draw(WORDS), rights=given, **chosen,
    )  # fmt: skip


@st.composite
def drawn_contents(draw: st.DrawFn) -> Contents:
    """A Contents with up to five plates in up to two rooms, their words whatever was written."""
    count = draw(st.integers(1, 5))
    rooms = draw(st.integers(0, 2))
    made = []
    for number in range(1, count + 1):
        one = draw(members(number))
        room = draw(st.integers(0, rooms - 1)) if rooms else None
        by_reference = one.kind == "chosen" and draw(st.booleans())
        boxes = st.none() | st.just((1.0, 2.0, 5.0, 6.0))
        labels = st.builds(SourceLabel, WORDS, WORDS, boxes)
        more = {"width": 8, "height": 8, "sha256": "23" * 32} if by_reference else {}
        made.append(
            plate(number, one, room, title_ko=draw(WORDS), title_en=draw(WORDS),
                  credit=draw(WORDS), by_reference=by_reference,
                  labels=tuple(draw(st.lists(labels, max_size=2))), **more)
        )  # fmt: skip
    hung = [tuple(Hung(p.member.member_id) for p in made if p.room == at) for at in range(rooms)]
    walls = tuple(WallRoom(draw(WORDS), draw(WORDS), draw(WORDS), draw(WORDS), h) for h in hung)
    given = replace(PLAN.given, title_ko=draw(WORDS), statement_en=draw(WORDS))
    return contents(plan=replace(PLAN, given=given), plates=tuple(made), rooms=walls)


def folder_of(made: Contents, folder: Path) -> Path:
    """A folder with what a release holds before its descriptions: pictures, strokes, the table."""
    from excavate.release.items_parquet import write
    from excavate.release.rows import strokes_file

    (folder / "items").mkdir(parents=True, exist_ok=True)
    for one in made.plates:
        if one.file:
            (folder / one.file).write_bytes(made.picture(one))
        if strokes_file(one):
            (folder / strokes_file(one)).write_text(one.member.strokes, "utf-8")
    write(made, folder)
    return folder
