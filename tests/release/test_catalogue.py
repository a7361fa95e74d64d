"""The catalogue: a page for each plate, empty ones too; words stay words, whatever they are."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from excavate.errors import ExcavateError
from excavate.release.catalogue import ONE_A_PAGE, catalogue, write
from excavate.release.record import Contents
from excavate.release.typesetting import pages_png
from tests.release.given import EMPTY, MARKUP, PLATES, contents, drawn_contents, plate
from tests.release.test_typesetting import streams


def told(of: Contents) -> dict[str, Any]:
    said = catalogue(of)[1]["catalogue.json"]
    assert isinstance(said, bytes)
    found: dict[str, Any] = json.loads(said)
    return found


def count(of: Contents) -> int:
    return len(pages_png(*catalogue(of), ppi=8))


def test_it_is_written_with_what_it_cannot_hold(tmp_path: Path) -> None:
    lost = write(contents(), tmp_path)
    assert [(one.format, one.count) for one in lost] == [("catalogue", 2)]
    content = (tmp_path / "catalogue.pdf").read_bytes()
    assert content.startswith(b"%PDF")
    assert {"NanumMyeongjo", "Pretendard"} <= set(re.findall(r"\+([A-Za-z]+)", streams(content)))


def test_a_plate_has_its_page_and_an_empty_one_too() -> None:
    assert count(contents()) - count(contents(plates=PLATES[:2] + PLATES[3:])) == 1
    fewer = count(contents(plates=PLATES[1:]))
    assert count(contents()) - fewer == 1


def test_many_plates_hang_twelve_a_page() -> None:
    many = [replace(plate(n, EMPTY, 0), title_ko="빈자리") for n in range(1, ONE_A_PAGE + 2)]
    assert count(contents(plates=tuple(many))) < 60


def test_pictures_and_words_go_along() -> None:
    files = catalogue(contents())[1]
    assert {"plates/0001.png", "plates/0002.png", "plates/0004.png"} <= set(files)
    assert not {name for name in files if "0003" in name or "0006" in name}
    of = told(contents())
    assert of["absences"][0]["statement"] == "왼손으로 쓴 숫자가 없다"
    assert of["rooms"][1]["plates"][0]["title"]["en"] == MARKUP
    assert of["rooms"][-1]["plates"][0]["item"] == "digits/test/99"
    assert of["measured"][1]["why_not"]["en"] == "fewer than 10 members with a label"
    assert [one["reason"] for one in of["left_out"]] == ["Its maker asked for it"]
    assert len(of["rights"][0]["sha256"]) == 64


@settings(max_examples=6, deadline=None)
@given(drawn_contents())
def test_whatever_was_written_is_set(of: Contents) -> None:
    assert count(of) >= 6


def test_the_same_contents_make_the_same_pdf(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write(contents(), tmp_path / name)
    first, second = ((tmp_path / n / "catalogue.pdf").read_bytes() for n in ("a", "b"))
    assert first == second


def test_a_broken_picture_stops_with_its_name(tmp_path: Path) -> None:
    of = contents(picture=lambda _plate: b"no picture")
    with pytest.raises(ExcavateError, match=r"items/0001\.png"):
        write(of, tmp_path)
