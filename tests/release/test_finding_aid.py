"""finding-aid.html: everything of a release on one page, escaped, without anything from outside."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings

from excavate.release.finding_aid import write
from excavate.release.record import Contents
from excavate.release.templating import html
from excavate.release.told import told
from excavate.workshop.about import About
from excavate.workshop.said import Said
from tests.release.given import AT, LEFT, MARKUP, PLATES, SAID, an_id, contents, drawn_contents

VOID = {"meta", "input", "img", "br"}
OURS = {
    "html", "head", "meta", "title", "style", "body", "input", "label", "main", "header", "p",
    "h1", "h2", "h3", "section", "dl", "dt", "dd", "span", "br", "ul", "ol", "li", "b", "div",
    "a", "q", "fieldset", "legend", "table", "thead", "tbody", "tr", "th", "td", "img", "footer",
}  # fmt: skip


class Page(HTMLParser):
    """A page as its elements and its text by language."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[tuple[str, str]] = []
        self.said: dict[str, str] = {"ko": "", "en": "", "": ""}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append((tag, dict(attrs).get("class") or ""))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag, f"</{tag}> closes what is not open"

    def handle_data(self, data: str) -> None:
        inside = {name for _tag, name in self.open}
        for language in self.said:
            if not language or not inside & ({"ko", "en"} - {language}):
                self.said[language] += data


def page_of(made: Contents, folder: Path) -> Page:
    write(made, folder)
    return Page((folder / "finding-aid.html").read_text("utf-8"))


@pytest.fixture(scope="module")
def aid(tmp_path_factory: pytest.TempPathFactory) -> Page:
    return page_of(contents(), tmp_path_factory.mktemp("aid"))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_each_language_has_every_member_absence_and_number(aid: Page, language: str) -> None:
    text = aid.said[language]
    for plate in PLATES:
        assert plate.member.reason in text
    for word in (
        LEFT.statement, LEFT.replies[0].text, "Its maker asked for it", "whose-hand-v1", "digits",
        "0.810 (0.780 – 0.840)", "r1", "Mirae",
    ):  # fmt: skip
        assert word in text, word


def test_a_language_has_none_of_the_other_ones_words_of_ours(aid: Page) -> None:
    assert "참조코드" in aid.said["ko"]
    assert "Reference code" not in aid.said["ko"]
    assert "참조코드" not in aid.said["en"]


def test_nothing_comes_from_outside_and_nothing_runs(aid: Page) -> None:
    assert set(aid.tags) <= OURS
    held = dict(aid.attributes)
    assert not any(name.startswith("on") for name in held)
    sources = [value for name, value in aid.attributes if name == "src"]
    assert sources == [plate.file for plate in PLATES if plate.file]
    assert aid.open == []


def test_words_that_look_like_markup_are_words(aid: Page) -> None:
    assert aid.said[""].count(MARKUP) >= 4
    assert "script" not in aid.tags


def test_an_empty_place_an_item_named_only_and_what_was_not_measured_are_drawn(aid: Page) -> None:
    classes = [value for name, value in aid.attributes if name == "class"]
    assert classes.count("empty") == 1
    assert classes.count("measure hatched") == 1
    assert "named only" in aid.said["en"]


def test_what_a_page_does_not_hold_is_told(tmp_path: Path) -> None:
    (lost,) = write(contents(), tmp_path)
    assert (lost.count, lost.where) == (1, "items.parquet")


def test_nothing_measured_is_not_zero(tmp_path: Path) -> None:
    page = page_of(contents(measured=()), tmp_path)
    assert "That is not zero" in page.said["en"]


@settings(max_examples=15, deadline=None)
@given(made=drawn_contents())
def test_whatever_was_written_the_page_is_whole(made: Contents, tmp_path_factory) -> None:  # type: ignore[no-untyped-def]
    page = page_of(made, tmp_path_factory.mktemp("aid"))
    assert set(page.tags) <= OURS
    for plate in made.plates:
        assert plate.member.reason in page.said["ko"]


def test_a_value_that_a_template_misses_is_an_error(tmp_path: Path) -> None:
    from jinja2 import UndefinedError

    values = told(contents())
    del values["kinds"]
    with pytest.raises(UndefinedError, match="kinds"):
        html("finding-aid.html", values, tmp_path / "page.html")


def test_evidence_is_named_by_what_it_points_at(tmp_path: Path) -> None:
    about = About("link", {"link": "https://example.org/a?b=<c>"})
    piece = Said("evidence", an_id("piece"), LEFT.absence_id, "", "", None, None, AT,
                 {"about": about, "verdict": None, "measured": {}})  # fmt: skip
    made = contents()
    made = replace(made, conversation=replace(made.conversation, said=(*SAID, piece)))
    page = page_of(made, tmp_path)
    assert "evidence · Not named https://example.org/a?b=<c>" in " ".join(page.said["en"].split())
