"""Journeys in Chromium: a find is brought, seen by others at once, contested, exported; a dig."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from excavate.dossiers.reading import parse
from tests.app.browsing_machine import Visit, serving
from tests.app.dossiers_made import write_dossiers
from tests.made import encoded, picture

PROJECT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.browser
# Whether each lies within the frame that scrolls it.
WITHIN = """all => all.map((one) => {
  const frame = one.closest(".exc-wide-table").getBoundingClientRect();
  const box = one.getBoundingClientRect();
  return box.width > 0 && box.left >= frame.left && box.right <= frame.right;
})"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty site with three dossiers, served."""
    root = tmp_path_factory.mktemp("finding")
    (root / "site").mkdir()
    os.environ["EXCAVATE_ARCHIVES"] = str(write_dossiers(root / "archives"))
    try:
        with serving(PROJECT, root / "site", root / "log.txt") as found:
            yield found
    finally:
        del os.environ["EXCAVATE_ARCHIVES"]
    assert "Traceback" not in (root / "log.txt").read_text("utf-8")


@pytest.fixture
def visit(chromium: Any, address: str) -> Iterator[Visit]:
    """A window; when it closes, nothing may have been asked of any outside address."""
    opened = Visit(chromium, address)
    yield opened
    outside, broken = opened.outside(), opened.broken
    opened.close()
    assert outside == []
    assert broken == []


def test_a_find_is_brought_seen_contested_and_exported(
    visit: Visit, chromium: Any, address: str, tmp_path: Path
) -> None:
    other = Visit(chromium, address)
    watching = other.open("/survey?lang=ko", ".exc-sheet >> visible=true")
    page = visit.open("/survey?lang=en", ".exc-sheet >> visible=true")
    visit.settled()
    page.get_by_role("link", name="Bring a find").first.click()
    page.get_by_role("textbox", name="Name of the dataset").wait_for()
    visit.settled()
    page.get_by_role("textbox", name="Name of the dataset").fill("Signs of Euljiro")
    page.get_by_role("textbox", name="Link").fill("https://example.org/signs")
    page.get_by_role("textbox", name="Why I brought it").fill("Hand-painted signs")
    page.get_by_role("textbox", name="What is known").first.fill("2019")
    page.get_by_role("textbox", name="Where from").first.fill("its page")
    upload = {"name": "a.png", "mimeType": "image/png", "buffer": encoded(picture(1, 60, 40))}
    page.locator("input[type=file]").set_input_files(upload)
    page.get_by_role("textbox", name="Your name, as it is to be shown").fill("Mirae")
    page.get_by_text("Nothing else about me is recorded").click()
    page.get_by_text("a.png").wait_for()
    visit.settled()
    page.get_by_role("button", name="Put it on the Survey").click()
    page.wait_for_url("**find?*id=*")
    page.wait_for_selector(".exc-shot img")
    page.wait_for_function("document.querySelector('.exc-shot img')?.naturalWidth === 60")

    visit.settled()
    half = page.locator("[data-testid=stForm] >> visible=true").get_by_role("textbox").first
    half.fill("half a thought")

    watching.wait_for_selector(".exc-place .exc-brought >> visible=true")
    name = watching.locator(".exc-brought >> visible=true").text_content()
    assert name == "Signs of Euljiro"
    watching.locator(".exc-brought >> visible=true").click()
    watching.wait_for_selector(".exc-brought-title")
    other.settled()
    form = watching.locator("[data-testid=stForm] >> visible=true")
    form.get_by_role("textbox", name="내용").fill("거기에는 2018년이라고 적혀 있다")
    form.get_by_role("textbox", name="보여 줄 이름").fill("의심")
    form.get_by_text("이에 동의합니다").click()
    form.get_by_role("button", name="반론하기").click()
    watching.wait_for_selector(".exc-answer-contest")
    assert (other.outside(), other.broken) == ([], [])
    other.close()

    page.wait_for_selector(".exc-answer-contest")
    visit.settled()
    assert half.input_value() == "half a thought", "what others write takes no words away"
    with page.expect_download() as download:
        page.get_by_role("button", name="Export as a dossier").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    parsed = parse(file.read_text("utf-8"), file.name)
    assert parsed.faults == ()
    assert parsed.dossier.id == "signs-of-euljiro"
    assert [fact.status for fact in parsed.dossier.fact] == ["brought", "brought"]


def test_from_the_survey_to_a_dossier_and_its_dig(visit: Visit) -> None:
    page = visit.open("/survey?lang=en", ".exc-sheet >> visible=true")
    visit.settled()
    page.locator(".exc-place text >> visible=true").filter(has_text="Hand digits").click()
    page.wait_for_selector(".exc-strata")
    page.wait_for_url("**dossier?*id=hand-digits*")
    visit.settled()
    page.get_by_role("button", name="Dig it").click()
    page.get_by_role("heading", name="Dug here as digits").wait_for(timeout=180_000)
    visit.settled()
    assert page.get_by_text("the same").count() >= 1
    page.get_by_role("link", name="See its items").click()
    page.wait_for_selector(".exc-grid figure")


def test_a_proxy_in_between_hides_the_button(chromium: Any, address: str) -> None:
    headers = {"X-Forwarded-For": "203.0.113.9"}
    visit = Visit(chromium, address, extra_http_headers=headers)
    page = visit.open("/dossier?id=hand-digits&lang=en", ".exc-strata")
    visit.settled()
    assert page.get_by_role("button", name="Dig it", exact=True).count() == 0
    visit.close()


@pytest.mark.parametrize("width", [1440, 1024, 390])
@pytest.mark.parametrize(
    ("path", "until"),
    [("/survey?beside=hand-digits,tiny-heap", ".exc-terrain"), ("/find", "[data-testid=stForm]"),
     ("/dossier?id=hand-digits", ".exc-strata"), ("/dossier?id=tiny-heap", ".exc-refused")],
)  # fmt: skip
def test_nothing_runs_off_the_screen(
    chromium: Any, address: str, path: str, until: str, width: int
) -> None:
    visit = Visit(chromium, address, viewport={"width": width, "height": 844})
    page = visit.open(path, until)
    visit.settled()
    inner = page.locator("[data-testid=stMain]").evaluate("m => [m.scrollWidth, m.clientWidth]")
    assert inner[0] <= inner[1]
    shown = page.locator(".exc-on-wide, .exc-on-middle, .exc-on-narrow").evaluate_all(
        "all => all.filter(one => one.checkVisibility()).length"
    )
    assert shown == (1 if "survey" in path else 0)
    if "survey" in path:
        ways = page.locator(".exc-wide-table a").filter(
            has_text=re.compile("나란히 놓기|빼기|Set beside|Take away")
        )
        assert all(within := ways.evaluate_all(WITHIN))
        assert len(within) >= 3, "one for each dataset"
    visit.close()


@pytest.mark.parametrize("width", [1440, 390])
def test_setting_beside_gives_a_sign_and_leads_there(
    chromium: Any, address: str, width: int
) -> None:
    visit = Visit(chromium, address, viewport={"width": width, "height": 844})
    page = visit.open("/survey?lang=en", ".exc-terrain")
    for number in (1, 2):
        visit.settled()  # what is set beside has no such link any more
        page.get_by_role("link", name="Set beside").first.click()
        line = page.locator(".exc-chosen")
        line.get_by_text(f"{number} chosen").wait_for()
        visit.settled()
        assert line.evaluate("e => e.getBoundingClientRect().bottom") == 844, "at the foot"
    line.get_by_role("link", name="See side by side").click()
    page.wait_for_function(
        "() => { const top = document.querySelector('.exc-beside').getBoundingClientRect().top;"
        " return top >= 0 && top < innerHeight / 2; }"
    )
    visit.close()


def test_the_meaning_of_the_colours_comes_first_on_a_phone(chromium: Any, address: str) -> None:
    visit = Visit(chromium, address, viewport={"width": 390, "height": 844})
    page = visit.open("/survey?lang=en", ".exc-timeline >> visible=true")
    visit.settled()
    tops = [page.locator(part).first.bounding_box()["y"] for part in
            (".exc-forms", ".exc-swatch", ".exc-timeline")]  # fmt: skip
    assert max(tops[:2]) < tops[2]
    visit.close()


def test_names_can_be_read_on_a_shared_screen(chromium: Any, address: str) -> None:
    visit = Visit(chromium, address, viewport={"width": 1920, "height": 1080})
    page = visit.open("/survey?lang=en", ".exc-sheet >> visible=true")
    visit.settled()
    size = page.locator(".exc-name >> visible=true").first.evaluate(
        "t => parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().a"
    )
    assert size >= 19, "pixels"
    assert page.locator(".exc-swatch").first.bounding_box()["y"] < 400
    visit.close()


def test_names_on_the_chart_do_not_cover_one_another(visit: Visit) -> None:
    """As drawn by the browser, with its real type; not as it was reckoned."""
    page = visit.open("/survey?lang=en", ".exc-sheet >> visible=true")
    visit.settled()
    boxes = page.locator(".exc-name >> visible=true").evaluate_all(
        "all => all.map(t => t.getBoundingClientRect())"
        ".map(b => [b.x, b.y + 3, b.right, b.bottom - 3])"
    )
    assert len(boxes) >= 3
    for k, one in enumerate(boxes):
        for other in boxes[:k]:
            apart = (
                one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]
            )
            assert apart


def test_what_was_typed_is_there_after_leaving_and_after_a_reload(visit: Visit) -> None:
    page = visit.open("/find?lang=en", "[data-testid=stForm]")
    name = page.get_by_role("textbox", name="Name of the dataset")
    why = page.get_by_role("textbox", name="Why I brought it")
    visit.settled()
    name.fill("Half a find")
    why.fill("Because of its hands")
    page.get_by_role("link", name="Survey").first.click()
    page.wait_for_selector(".exc-sheet >> visible=true")
    visit.settled()
    page.go_back()
    page.wait_for_selector("[data-testid=stForm]")
    page.wait_for_function("document.querySelector('textarea')?.value === 'Because of its hands'")
    visit.settled()
    page.reload()
    page.wait_for_selector("[data-testid=stForm]")
    page.wait_for_function("document.querySelector('textarea')?.value === 'Because of its hands'")
    page.wait_for_function("document.querySelector('[data-testid=stForm] input')?.value"
                           " === 'Half a find'")  # fmt: skip
    visit.settled()
    page.get_by_role("textbox", name="Your name, as it is to be shown").fill("Mirae")
    page.get_by_text("Nothing else about me is recorded").click()
    page.get_by_role("button", name="Put it on the Survey").click()
    page.wait_for_url("**find?*id=*")
    page.get_by_role("heading", name="Half a find").wait_for()
    page.get_by_text("Because of its hands").wait_for()
    page = visit.open("/find?lang=en", "[data-testid=stForm]")
    visit.settled()
    page.wait_for_timeout(1500)
    assert page.get_by_role("textbox", name="Name of the dataset").input_value() == ""


def test_too_many_words_are_told_and_kept(visit: Visit) -> None:
    page = visit.open("/find?lang=en", "[data-testid=stForm]")
    visit.settled()
    page.get_by_role("textbox", name="Name of the dataset").fill("n" * 300)
    page.get_by_role("button", name="Put it on the Survey").click()
    page.get_by_text("300 characters, at most 200 are kept").wait_for()
    visit.settled()
    assert page.get_by_role("textbox", name="Name of the dataset").input_value() == "n" * 300


def test_another_name_at_the_same_machine_is_another_person(visit: Visit) -> None:
    page = visit.open("/find?lang=en", "[data-testid=stForm]")
    visit.settled()
    page.get_by_role("textbox", name="Name of the dataset").fill("Two at one machine")
    page.get_by_role("textbox", name="Why I brought it").fill("why")
    page.get_by_role("textbox", name="Your name, as it is to be shown").fill("Alice")
    page.get_by_text("Nothing else about me is recorded").click()
    page.get_by_role("button", name="Put it on the Survey").click()
    page.wait_for_url("**find?*id=*")
    page.get_by_role("textbox", name="What I say").wait_for()
    visit.settled()
    form = page.locator("[data-testid=stForm] >> visible=true").first
    form.get_by_role("textbox", name="What I say").fill("not so")
    form.get_by_role("textbox", name="Your name, as it is to be shown").fill("Bora")
    form.get_by_role("button", name="Contest").click()
    page.get_by_text("Bora · contested").wait_for()
    page.get_by_text("brought by Alice").wait_for()
