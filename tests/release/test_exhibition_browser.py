"""The exhibition as a visitor meets it: from a folder, with no network, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.app.browsing_machine import ARGUMENTS, CHROMIUM
from tests.conftest import PROJECT
from tests.release.given import LEFT, PLAN, PLATES, contents
from tests.release.test_exhibition import released
from tests.release.test_typesetting import streams

pytestmark = pytest.mark.browser
AXE = PROJECT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
PAGES = (
    "index.html", "items/0002.html", "items/0003.html", "absences/01.html", "about.html",
    "essays.html", "loop.html", "captions.html",
)  # fmt: skip
LOOK = "axe.run({preload: false}).then(r => r.violations.map(v => [v.id, v.impact]))"
STROKES = (
    '{"width":40,"height":40,"strokes":[{"pen":"pen","width":3,"points":'
    "[[5,5,0.5,0],[20,30,0.8,40],[35,8,0.6,80]]}]}"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stick")
    essay = folder / "essay.html"
    essay.write_text("<!doctype html><title>열세 사람의 손</title>", encoding="utf-8")
    drawn = replace(PLATES[1], member=replace(PLATES[1].member, strokes=STROKES))
    plates = (PLATES[0], drawn, *PLATES[2:])
    return released(contents(plates=plates, essays=(("hands", essay),)), folder)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A window without any network; whatever it asks for outside its folder is a fault."""
    context = chromium.new_context(offline=True, viewport={"width": 1366, "height": 768})
    opened = context.new_page()
    opened.set_default_timeout(120_000)
    told: list[str] = []
    opened.on("request", lambda r: r.url.startswith(("file:", "data:")) or told.append(r.url))
    opened.on("requestfailed", lambda r: told.append(f"failed: {r.url}"))
    opened.on("pageerror", lambda error: told.append(str(error)))
    opened.on("console", lambda said: said.type == "error" and told.append(said.text))
    yield opened
    context.close()
    assert told == []


def test_a_visit_from_the_wall_to_the_projection(page: Any, site: Path) -> None:
    page.goto((site / "index.html").as_uri())
    assert page.inner_text("h1") == "누구의 손이 없는가?"
    page.click("#plate-2 .face")
    page.wait_for_selector("svg.drawing path", state="attached")
    page.wait_for_function("document.querySelectorAll('.redrawn path').length === 3")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("body.item .hole.kept")
    page.click("text=벽으로")
    page.wait_for_selector("#plate-3:target")
    page.click(".tongues >> text=English")
    page.wait_for_selector('html[lang="en"]')
    assert page.inner_text("h1") == "Whose hand is missing?"
    page.click(".absences .says >> nth=0")
    page.wait_for_selector("body.absence .voice")
    assert "What was said of it" in page.inner_text(".conversation")
    page.click("nav >> text=Projection")
    page.wait_for_selector("body.running .slide.title.now")
    assert page.inner_text(".slide.now h1") == "Whose hand is missing?"
    page.keyboard.press("PageDown")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(".slide.absent.now")
    page.keyboard.press(" ")
    page.wait_for_selector("body.paused")
    page.keyboard.press("End")
    page.wait_for_selector(".slide.last.now")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(".slide.title.now")
    page.keyboard.press("Escape")
    page.wait_for_selector("body.wall")
    assert page.inner_text("h1") == "Whose hand is missing?"


def test_the_projection_goes_on_by_itself_and_forgets_its_cursor(page: Any, site: Path) -> None:
    page.goto((site / "loop.html").as_uri() + "?seconds=0.2#en")
    for kind in ("text", "absent", "plate", "kept", "last", "title"):  # and round again
        page.wait_for_selector(f".slide.{kind}.now")
    page.wait_for_selector("body:not(.stirred)")
    assert page.evaluate("getComputedStyle(document.body).cursor") == "none"


def test_only_what_is_near_is_loaded(page: Any, site: Path) -> None:
    page.goto((site / "loop.html").as_uri())
    page.wait_for_selector(".slide.title.now")
    page.wait_for_function("document.querySelectorAll('.slide.near').length === 3")
    assert page.evaluate("getComputedStyle(document.querySelector('#slide-2')).display") == "none"


def test_long_words_are_made_to_fit_the_wall(page: Any, tmp_path: Path) -> None:
    """A statement of two thousand signs is projected whole."""
    given = replace(PLAN.given, statement_ko="왼손은 어디에 있는가. " * 150)
    long = replace(LEFT, statement="쓰이지 않은 손. " * 60)
    of = contents(plan=replace(PLAN, given=given), absences=(long,))
    page.goto((released(of, tmp_path) / "loop.html").as_uri())
    page.evaluate("document.fonts.ready.then(() => true)")
    for kind in ("text", "absent"):
        page.keyboard.press("ArrowRight")
        page.wait_for_selector(f".slide.{kind}.now")
        fits = "document.querySelector('.slide.now').scrollHeight <= innerHeight"
        assert page.evaluate(fits), kind


def test_no_card_holds_more_than_it_shows(page: Any, tmp_path: Path) -> None:
    long = replace(LEFT, statement="쓰이지 않은 손이 있다. " * 90)
    plates = [
        replace(one, title_ko="왼손의 " * 30, title_en="Left hands " * 30, credit="서울 " * 30,
                member=replace(one.member, reason="왼손으로 " * 200))
        for one in PLATES[:2]
    ]  # fmt: skip
    of = contents(plates=tuple(plates), absences=(long,), rooms=())
    page.goto((released(of, tmp_path) / "captions.html").as_uri())
    cut = "[...document.querySelectorAll('.card')].filter(c => c.scrollHeight > c.clientHeight + 1)"
    assert page.evaluate(f"{cut}.length") == 0


def test_captions_print_on_their_paper(page: Any, site: Path) -> None:
    """Eight cards: eight of A6, or two sheets of A4."""
    for name, count, box in (("captions.html", 8, (419, 298)), ("captions-a4.html", 2, (842, 595))):
        page.goto((site / name).as_uri())
        text = streams(page.pdf(prefer_css_page_size=True))
        found = re.findall(r"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", text)
        assert len(found) == count
        assert [round(float(side)) for side in found[0]] == pytest.approx(box, abs=2)


def test_every_page_shuts_nobody_out_and_fits_a_telephone(page: Any, site: Path) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(reduced_motion="reduce")  # what is half faded has no contrast to measure
    for name in PAGES:
        for tongue in ("ko", "en"):
            page.goto("about:blank")
            page.goto((site / name).as_uri() + f"#{tongue}")
            page.wait_for_selector(f'html[lang="{tongue}"]')
            if name != "captions.html":  # cards are as wide as paper
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= 390, f"{name} {tongue}: {wide}"
            page.evaluate(f"{AXE.read_text('utf-8')}; undefined")
            found = page.evaluate(LOOK)
            assert [one for one in found if one[1] in ("serious", "critical")] == [], name
