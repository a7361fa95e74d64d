"""PDF is set in our own typefaces: every Korean syllable has its glyph, no word is markup."""

from __future__ import annotations

import json
import re
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from excavate.errors import ExcavateError, MissingPartError
from excavate.release import typesetting
from excavate.release.typesetting import SANS, SERIF, fonts_folder, pages_png, pdf

SOURCE = f"""
#let said = json("said.json")
#set text(font: ("{SERIF}", "{SANS}"), lang: "ko")
#said.words \\ #text(font: "{SANS}")[#said.words]
"""
WORDS = "부재하는 데이터셋을 채굴하기 뷁쀍"


def said(words: str) -> dict[str, bytes | Path]:
    return {"said.json": json.dumps({"words": words}).encode()}


def streams(content: bytes) -> str:
    """Every compressed stream of a PDF, as text."""
    found = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    plain = []
    for one in found:
        try:
            plain.append(zlib.decompress(one))
        except zlib.error:
            plain.append(one)
    return b"\n".join([*plain, content]).decode("latin-1")


def test_every_syllable_has_its_glyph_in_both_typefaces(tmp_path: Path) -> None:
    pdf(SOURCE, said(WORDS), tmp_path / "a.pdf")
    text = streams((tmp_path / "a.pdf").read_bytes())
    named = set(re.findall(r"\+(NanumMyeongjo|Pretendard)[\w-]*", text))
    assert named == {SERIF, SANS}
    shown = {int(sign, 16) for sign in re.findall(r"<([0-9A-Fa-f]{4})>", text)}
    assert {ord(sign) for sign in WORDS if sign != " "} <= shown


def test_the_fonts_hold_every_korean_syllable() -> None:
    from fontTools.ttLib import TTFont

    files = sorted(fonts_folder().glob("[!.]*"))
    assert len(files) >= 6
    for file in files:
        with TTFont(file) as font:
            held = font.getBestCmap()
        assert all(sign in held for sign in range(0xAC00, 0xD7A4)), file.name


def test_words_are_never_markup() -> None:
    plain = pages_png(SOURCE, said("a"))
    assert pages_png(SOURCE, said("#panic() *a* $x$ [")) != plain  # set, not run


def test_the_same_pages_are_the_same_bytes(tmp_path: Path) -> None:
    at = datetime(2026, 3, 4, tzinfo=UTC)
    for name in ("a.pdf", "b.pdf"):
        pdf(SOURCE, said(WORDS), tmp_path / name, made_at=at)
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_a_fault_in_a_template_is_told(tmp_path: Path) -> None:
    with pytest.raises(ExcavateError, match="unknown variable: nothing"):
        pdf("#nothing", {}, tmp_path / "a.pdf")


def test_nothing_outside_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("kept")
    with pytest.raises(ExcavateError, match="could not set"):
        pdf(f'#read("../../{tmp_path}/secret.txt")', {}, tmp_path / "a.pdf")


def test_missing_typefaces_are_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(MissingPartError, match="npm ci"):
        typesetting._made(tmp_path / "packages", tmp_path / "cache")
