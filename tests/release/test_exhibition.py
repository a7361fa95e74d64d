"""The exhibition: every link leads somewhere, nothing reaches out, no word becomes markup."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from excavate.errors import ExcavateError, MissingPartError
from excavate.release.exhibition import write
from excavate.release.exhibition.captions import shortened
from excavate.release.exhibition.measured_drawn import drawn
from excavate.release.exhibition.redrawn import redrawn
from excavate.release.exhibition.sizes import COLUMNS, ratio, sides, spans
from excavate.release.exhibition.typefaces import take_typefaces
from excavate.release.exhibition.words import say
from excavate.release.record import Contents
from tests.release.given import (
    MARKUP,
    PLATES,
    WORDS,
    an_id,
    contents,
    drawn_contents,
    rights,
)

KNOWN_TAGS = {
    "a", "article", "b", "blockquote", "body", "br", "button", "code", "dd", "div", "dl", "dt",
    "em", "figcaption", "figure", "footer", "h1", "h2", "h3", "head", "header", "html", "i",
    "img", "li", "link", "main", "meta", "nav", "noscript", "ol", "p", "path", "s", "script",
    "section", "small", "span", "strong", "style", "svg", "table", "tbody", "td", "th", "thead",
    "title", "tr", "ul",
}  # fmt: skip


class Page(HTMLParser):
    """What a page is made of: its tags, addresses, scripts and text."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.ids: set[str] = set()
        self.reached: list[tuple[str, str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.text = ""
        self._script = False
        self.feed(file.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.tags.add(tag)
        self._script = tag == "script"
        if said.get("id"):
            self.ids.add(str(said["id"]))
        assert not [name for name in said if name.startswith("on")], "no handler in a page"
        self.reached += [(tag, str(said[key]), said) for key in ("href", "src") if key in said]

    def handle_endtag(self, tag: str) -> None:
        self._script = False

    def handle_data(self, text: str) -> None:
        if self._script:
            self.scripts.append(text)
        self.text += text


def released(of: Contents, folder: Path) -> Path:
    """A release's folder with its pictures and its exhibition; the exhibition."""
    (folder / "items").mkdir(parents=True, exist_ok=True)
    for plate in of.plates:
        if plate.file:
            (folder / plate.file).write_bytes(of.picture(plate))
    write(of, folder)
    return folder / "exhibition"


def pages(site: Path) -> Iterator[tuple[Path, Page]]:
    for file in sorted(site.rglob("*.html")):
        yield file, Page(file)


def check(site: Path) -> None:
    """Every link leads to a file and a place that are there; only citations lead outside."""
    for file, page in pages(site):
        assert page.tags <= KNOWN_TAGS, file
        assert page.scripts == [], "scripts are files of their own"
        for tag, address, said in page.reached:
            if address.startswith(("http://", "https://")):
                assert tag == "a", f"{file}: {address}"
                assert said["rel"] == "noopener noreferrer"
                continue
            assert ":" not in address.partition("/")[0], f"{file}: {address}"
            path, _, place = unquote(address).partition("#")
            target = (file.parent / path).resolve() if path else file
            assert target.is_file(), f"{file}: {address}"
            assert target.is_relative_to(site.parent)
            if place and place not in ("ko", "en"):
                assert place in Page(target).ids, f"{file}: {address}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exhibition of the fixed example, with an essay."""
    folder = tmp_path_factory.mktemp("release")
    essay = folder / "essay.html"
    essay.write_text("<!doctype html><title>열세 사람의 손 &amp; more</title>", encoding="utf-8")
    for name in ("README.md", "catalogue.pdf"):
        (folder / name).write_text("there")
    return released(contents(essays=(("Thirteen Hands", essay),)), folder)


def test_every_link_leads_to_a_file_that_is_there(site: Path) -> None:
    check(site)
    assert {"index.html", "about.html", "loop.html", "captions.html", "essays.html"} <= {
        file.name for file in site.iterdir()
    }
    assert '../catalogue.pdf"' in (site / "index.html").read_text("utf-8")
    assert "열세 사람의 손 &amp; more" in (site / "essays.html").read_text("utf-8")


@settings(max_examples=15, deadline=None)
@given(drawn_contents())
def test_whatever_was_written_stays_words(of: Contents) -> None:
    with TemporaryDirectory() as folder:
        check(released(of, Path(folder)))


def test_words_that_look_like_markup_are_shown_as_they_were_written(site: Path) -> None:
    index = Page(site / "index.html")
    assert MARKUP in index.text
    assert "왼손으로 쓴 숫자가 없다" in index.text
    assert MARKUP in Page(site / "absences" / "01.html").text


def test_each_voice_stands_for_itself_under_what_it_answers(site: Path) -> None:
    text = Page(site / "absences" / "01.html").text
    contest, answer = text.index("How do you know?"), text.index("손잡이를 물어본 적이 없다")
    assert contest < answer
    assert text.count("How do you know?") == 1
    assert "Jun" in text[:contest]
    assert "미래" in text[contest:answer]


def test_who_is_anonymous_stays_so(site: Path) -> None:
    text = Page(site / "absences" / "02.html").text
    assert say("anonymous").ko in text
    assert "미래" not in text


def test_an_empty_place_hangs_empty_and_a_reference_without_pixels(site: Path) -> None:
    assert not list(site.glob("thumbs/0003*"))
    assert not list(site.glob("thumbs/0006*"))
    index = (site / "index.html").read_text("utf-8")
    assert index.count('class="hole kept"') == 1
    assert index.count('class="hole absent"') == 2
    assert index.count('class="hole named"') == 1
    assert say("unhung").ko in index


def test_rights_are_all_said_and_what_is_unknown_with_who_decided(site: Path) -> None:
    text = Page(site / "items" / "0005.html").text
    for key in ("creator", "source", "licence", "ground", "contributor", "depicted"):
        assert say(key).ko in text
    assert "the book names nobody" in text
    assert "One page is discussed" in text
    sign = Page(site / "items" / "0004.html")
    assert "서울시" in sign.text
    assert "GPS" in sign.text


def test_not_measured_is_hatched_and_never_a_number(site: Path) -> None:
    text = (site / "about.html").read_text("utf-8")
    assert "fewer than 10 members with a label" in text
    assert 'class="hatched"' in text
    bare = drawn({"measure": "x", "before": {"a": {"value": 0.5, "low": 0.4, "high": 0.6}}})
    assert bare.rows[0].after is None
    assert bare.rows[0].after_mark is None


def test_rows_far_apart_have_scales_of_their_own() -> None:
    said = {"gini": {"value": 0.008}, "effective_number": {"value": 10}}
    one = drawn({"measure": "concentration", "before": said, "after": said})
    assert one.ends is None
    assert one.bare
    a, b = one.rows[0].before_mark, one.rows[0].after_mark
    assert a is not None
    assert a == b
    assert a.at > 80  # from zero: what hardly differs looks so
    near = {"a": {"value": 1, "low": 0, "high": 2}, "b": {"value": 4, "low": 3, "high": 5}}
    together = drawn({"measure": "x", "before": near, "after": {}})
    assert together.ends is not None
    assert not together.bare
    first, second = (row.before_mark for row in together.rows)
    assert 0 <= first.low < first.at < first.high < second.at < second.high <= 100  # type: ignore[union-attr]


def test_nothing_measured_is_said_too(tmp_path: Path) -> None:
    about = Page(released(contents(measured=()), tmp_path) / "about.html").text
    assert say("nothing_measured").ko in about


def test_a_drawing_is_drawn_again_in_its_order(tmp_path: Path) -> None:
    strokes = (
        '{"width":40,"height":30,"strokes":[{"pen":"pen","width":4,"points":'
        "[[1,2,0.5,0],[3,4,1,100],[5,6,1,9000]]}]}"
    )
    plate = replace(PLATES[1], member=replace(PLATES[1].member, strokes=strokes))
    of = contents(plates=(PLATES[0], plate, *PLATES[2:]))
    page = (released(of, tmp_path) / "items" / "0002.html").read_text("utf-8")
    assert 'viewBox="0 0 40.0 30.0"' in page
    moments = [bit.at for bit in redrawn(strokes).bits]  # type: ignore[union-attr]
    assert moments == [0.0, 0.1, 0.7]  # nobody waits through nine seconds of thought
    assert 'd="M1 2L3 4"' in page


@given(st.text(max_size=60) | st.sampled_from(["{}", "[]", '{"width":1,"height":1,"strokes":3}']))
def test_what_is_no_drawing_is_not_drawn(text: str) -> None:
    assert redrawn(text) is None


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("40 × 30 cm", (40, 30)), ("400x300mm", (40, 30)), ("1.2 m × 80 cm", (120, 80)),
        ("A4", (21.0, 29.7)), ("폭 50 cm", (50, 50)), ("크게", None), ("", None), ("0 × 0", (0, 0)),
    ],
)  # fmt: skip
def test_sizes_are_read_from_words(words: str, expected: tuple[float, float] | None) -> None:
    found = sides(words)
    assert found == (pytest.approx(expected, abs=0.1) if expected else None)


@given(
    st.lists(st.sampled_from(["", "10 × 10 cm", "90 × 60 cm", "A3", "크게"]) | WORDS, max_size=30)
)
def test_a_larger_size_never_hangs_narrower(sizes: list[str]) -> None:
    plates = [replace(PLATES[2], number=n, size=size) for n, size in enumerate(sizes, 1)]
    found = spans(plates)
    assert all(1 <= span <= COLUMNS for span in found.values())
    assert all(0 < ratio(one) < 100 for one in plates)
    stated = sorted((sides(p.size) or (0, 0))[0] for p in plates if (sides(p.size) or (0,))[0] > 0)
    by_size = [
        found[p.number] for wide in stated for p in plates if (sides(p.size) or (0,))[0] == wide
    ]
    assert by_size == sorted(by_size)


@given(WORDS, st.integers(5, 60))
def test_a_caption_is_cut_with_a_mark(words: str, longest: int) -> None:
    short = shortened(words * 4, longest)
    assert len(short) <= longest
    assert short.endswith("…") or short == " ".join((words * 4).split())


def test_captions_lead_to_their_pages(site: Path) -> None:
    text = Page(site / "captions.html").text
    for file in [*site.glob("items/*.html"), *site.glob("absences/*.html")]:
        assert f"https://example.org/whose-hand-v1/exhibition/{file.relative_to(site)}" in text
    four = (site / "captions-a4.html").read_text("utf-8")
    assert four.count('class="sheet"') == 2  # eight cards
    assert four.count("<svg") == 8


def test_a_photograph_is_made_small_and_upright(tmp_path: Path) -> None:
    held = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (2000, 1000), (9, 90, 200)).save(held, "JPEG", exif=exif)
    plate = replace(PLATES[3], file="items/0004.jpg", media_type="image/jpeg")
    of = contents(plates=(plate,), rooms=(), picture=lambda _plate: held.getvalue())
    thumb = released(of, tmp_path) / "thumbs" / "0004.webp"
    with Image.open(thumb) as picture:
        assert picture.size == (320, 640)
    assert 'width="1000" height="2000"' in (tmp_path / "exhibition/index.html").read_text("utf-8")


def test_what_may_not_be_changed_hangs_as_it_is(tmp_path: Path) -> None:
    one = replace(PLATES[3], member=replace(PLATES[3].member, rights=rights("CC-BY-ND-4.0")))
    site = released(contents(plates=(one,), rooms=()), tmp_path)
    assert not list((site / "thumbs").iterdir())
    assert 'src="../items/0004.png"' in (site / "index.html").read_text("utf-8")


def test_a_picture_that_browsers_do_not_know_is_shown_in_a_copy(tmp_path: Path) -> None:
    held = io.BytesIO()
    Image.new("RGB", (900, 700), (9, 90, 200)).save(held, "TIFF")
    plate = replace(PLATES[3], file="items/0004.tif", media_type="image/tiff")
    of = contents(plates=(plate,), rooms=(), picture=lambda _plate: held.getvalue())
    site = released(of, tmp_path)
    sizes = []
    for file in sorted((site / "thumbs").iterdir()):
        with Image.open(file) as picture:
            sizes.append((file.name, picture.size))
    assert sizes == [("0004-large.webp", (900, 700)), ("0004.webp", (640, 498))]


def test_few_pixels_are_kept_as_they_are(site: Path) -> None:
    with Image.open(site / "thumbs" / "0001.webp") as picture:
        assert picture.convert("RGB").getpixel((3, 3)) == (1, 90, 160)
    assert 'class="coarse"' in (site / "index.html").read_text("utf-8")


def test_a_broken_picture_stops_with_its_name(tmp_path: Path) -> None:
    of = contents(plates=PLATES[:1], picture=lambda _plate: b"no picture")
    with pytest.raises(ExcavateError, match=r"items/0001\.png"):
        released(of, tmp_path)


def test_missing_typefaces_are_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(MissingPartError, match="npm ci"):
        take_typefaces(tmp_path, tmp_path / "packages")


def test_the_same_contents_make_the_same_files(tmp_path: Path) -> None:
    made: list[dict[Any, bytes]] = []
    for name in ("a", "b"):
        one = released(contents(), tmp_path / name)
        made.append({f.relative_to(one): f.read_bytes() for f in one.rglob("*") if f.is_file()})
    assert made[0] == made[1]


def test_an_exhibition_without_rooms_absences_or_words_stands(tmp_path: Path) -> None:
    of = contents(rooms=(), absences=(), plates=(), left_out=(), essays=())
    check(released(of, tmp_path))
    assert an_id("left") not in Page(tmp_path / "exhibition" / "index.html").text
