"""Journeys in a real headless Chromium: from the Entrance over the Map to an Item."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sklearn.datasets import load_digits

from tests.app.browsing_machine import Visit, serving

PROJECT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.browser
PAINTED = ".exc-atlas[data-painted]"


@pytest.fixture(scope="module")
def address(made_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    log = tmp_path_factory.mktemp("served") / "log.txt"
    with serving(PROJECT, made_site, log) as found:
        yield found
    assert "Traceback" not in log.read_text("utf-8")


@pytest.fixture
def visit(chromium: Any, address: str) -> Iterator[Visit]:
    """A window; when it closes, nothing may have been asked of any outside address."""
    opened = Visit(chromium, address)
    yield opened
    outside, broken = opened.outside(), opened.broken
    opened.close()
    assert outside == []
    assert broken == []


def point(page: Any, index: int) -> tuple[float, float]:
    """Where point `index` of the layout by hand lies on the screen: x = index, y = index % 10."""
    box = page.locator(".exc-atlas canvas").bounding_box()
    half = 119 / 2 / 0.94
    side = min(box["width"], box["height"]) / 2
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    return (
        middle[0] + (index - 59.5) / half * side,
        middle[1] - (index % 10 - 4.5) / half * side,
    )


def test_from_the_entrance_over_the_map_to_an_item(visit: Visit) -> None:
    page = visit.open("/?lang=en", ".exc-dataset")
    page.wait_for_function("document.fonts.check('16px \"Pretendard Variable\"')")
    page.get_by_role("link", name="Map", exact=True).first.click()
    page.wait_for_selector(PAINTED)
    visit.settled()
    assert page.locator(PAINTED).get_attribute("data-painted") == "120"
    assert_painted(page)
    page.mouse.move(*point(page, 60))
    card = page.locator(".exc-atlas-card:not([hidden])")
    card.wait_for()
    assert card.inner_text() == str(load_digits().target[60])
    page.wait_for_function("document.querySelector('.exc-atlas-card img')?.naturalWidth === 8")
    page.mouse.down()
    page.mouse.up()
    page.wait_for_url("**point=digits*")
    visit.settled()
    page.get_by_role("link", name="digits/all/60").click()
    page.wait_for_selector(".exc-large img")
    assert "item?id=digits%2Fall%2F60" in page.url
    page.wait_for_function("document.querySelector('.exc-large img')?.naturalWidth === 8")


def test_back_leads_to_the_page_one_was_on(visit: Visit) -> None:
    page = visit.open("/items?dataset=digits&value=3&field=target&lang=en", ".exc-grid figure")
    visit.settled()
    before, entries = page.url, page.evaluate("history.length")
    page.locator(".exc-grid a").first.click()
    page.wait_for_selector(".exc-large img")
    visit.settled()
    item = page.url
    assert page.evaluate("history.length") == entries + 1
    page.get_by_role("link", name="Map", exact=True).first.click()
    page.wait_for_selector(PAINTED)
    visit.settled()
    page.go_back()
    page.wait_for_selector(".exc-large img")
    assert page.url == item
    visit.settled()
    page.go_back()
    page.wait_for_selector(".exc-grid figure")
    assert page.url == before


def assert_painted(page: Any) -> None:
    """Some pixels of the canvas are of a category's colour, not of paper."""
    import io

    import numpy as np
    from PIL import Image

    shot = Image.open(io.BytesIO(page.locator(".exc-atlas canvas").screenshot())).convert("RGB")
    blue = np.abs(np.asarray(shot, int) - [0, 0x72, 0xB2]).max(axis=2) < 30
    assert blue.sum() > 50


def test_a_lasso_gives_its_pictures_and_counts(visit: Visit) -> None:
    page = visit.open("/map?lang=en", PAINTED)
    visit.settled()
    page.get_by_role("button", name="Draw around points").click()
    box = page.locator(".exc-atlas canvas").bounding_box()
    left, right = point(page, 40)[0] - 1, point(page, 60)[0] - 1
    top, low = box["y"] + 40, box["y"] + box["height"] - 40
    page.mouse.move(left, top)
    page.mouse.down()
    for corner in ((right, top), (right, low), (left, low), (left, top + 12)):
        page.mouse.move(*corner, steps=8)
        page.wait_for_timeout(40)
    page.mouse.up()
    selection = page.locator(".exc-selection")
    selection.wait_for()
    count = int(selection.inner_text().split()[0])
    assert 19 <= count <= 21
    page.wait_for_selector("text=In the selection")
    visit.settled()
    page.get_by_role("button", name="Let go of the selection").click()
    selection.wait_for(state="detached")
    visit.settled()
    assert "point=" not in page.url


def test_the_map_by_keyboard(visit: Visit) -> None:
    page = visit.open("/map?lang=ko", PAINTED)
    visit.settled()
    page.locator(".exc-atlas canvas").focus()
    page.keyboard.press("+")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("0")
    page.keyboard.press("Enter")
    page.wait_for_url("**point=digits*")
    sizes = page.locator(".exc-atlas-tools button").evaluate_all(
        "buttons => buttons.map(b => [b.offsetWidth, b.offsetHeight, b.ariaLabel])"
    )
    assert [size[:2] for size in sizes] == [[44, 44]] * 4
    assert [size[2] for size in sizes] == ["올가미로 선택", "확대", "축소", "전체 보기"]


def tap_until(page: Any, url: str) -> None:
    """Tap a point until its address shows: on a busy machine the page may still be moving."""
    from playwright.sync_api import TimeoutError as TooSlow

    for last in (False, False, False, True):
        page.touchscreen.tap(*point(page, 60))
        try:
            return page.wait_for_url(url, timeout=None if last else 8000)
        except TooSlow:
            if last:
                raise


def test_a_finger_opens_a_point(chromium: Any, address: str) -> None:
    options = {"viewport": {"width": 820, "height": 1180}, "has_touch": True, "is_mobile": True}
    visit = Visit(chromium, address, **options)
    page = visit.open("/map?lang=ko", PAINTED)
    visit.settled()
    page.locator(".exc-atlas canvas").scroll_into_view_if_needed()
    tap_until(page, "**point=digits*")
    assert visit.outside() == []
    visit.close()


def test_items_are_filtered_and_the_link_shares_it(visit: Visit) -> None:
    page = visit.open("/items?lang=en&dataset=digits", ".exc-grid figure")
    visit.settled()
    page.get_by_label("Source label").click()
    page.get_by_role("option", name="target").click()
    page.wait_for_url("**field=target*")
    visit.settled()  # the second menu comes with the first one's choice
    page.locator("[data-testid=stSelectbox]", has_text="target").last.locator("input").click()
    page.get_by_role("option", name="7 · ").click()
    page.wait_for_url("**value=7*")
    page.wait_for_function("[...document.querySelectorAll('.exc-grid figcaption span')]"
                           ".every(s => s.textContent === '7')")  # fmt: skip
    visit.settled()
    shared, count = page.url, page.locator(".exc-grid figure").count()
    page.goto(shared)
    page.wait_for_selector(".exc-grid figure")
    visit.settled()
    assert page.locator(".exc-grid figure").count() == count
    page.locator(".exc-grid a").first.click()
    page.wait_for_selector(".exc-large")


def test_the_language_is_switched_and_stays(visit: Visit) -> None:
    page = visit.open("/items?lang=en&dataset=digits", ".exc-grid figure")
    page.get_by_role("link", name="한국어").click()
    page.wait_for_url("**lang=ko*")
    page.wait_for_selector("h1:has-text('항목')")
    visit.settled()
    assert "dataset=digits" in page.url
    assert page.evaluate("document.documentElement.lang") == "ko"
    page.locator(".exc-nav", has_text="지도").click()
    page.wait_for_selector(PAINTED)
    assert "lang=ko" in page.url


def test_the_browser_speaks_first(chromium: Any, address: str) -> None:
    visit = Visit(chromium, address, locale="en-GB")
    page = visit.open("/", ".exc-dataset")
    visit.settled()
    assert page.locator("h1").inner_text() == "Mining the absent dataset"
    assert "lang=en" in page.url
    visit.close()


def test_regions_lie_over_their_picture(visit: Visit) -> None:
    page = visit.open("/item?id=street/all/1&lang=en", ".exc-overlay")
    page.wait_for_function("document.querySelector('.exc-overlay')?.naturalWidth > 0")
    page.wait_for_function("document.querySelector('.exc-whole')?.naturalWidth === 40")
    visit.settled()
    boxes = [page.locator(f".exc-{name}").bounding_box() for name in ("overlay", "whole")]
    assert boxes[0] == boxes[1]


@pytest.mark.parametrize("width", [1366, 820, 390])
@pytest.mark.parametrize("path", ["/", "/items", "/map", "/item?id=digits/all/7"])
def test_nothing_runs_off_the_screen(chromium: Any, address: str, path: str, width: int) -> None:
    visit = Visit(chromium, address, viewport={"width": width, "height": 800})
    page = visit.open(path, ".exc-dataset, .exc-grid figure, .exc-atlas, .exc-large")
    visit.settled()
    inner = page.locator("[data-testid=stMain]").evaluate("m => [m.scrollWidth, m.clientWidth]")
    assert inner[0] <= inner[1]
    visit.close()


def test_plotly_gives_a_selection_too(visit: Visit) -> None:
    page = visit.open("/map?lang=en&draw=plotly", ".js-plotly-plot .nsewdrag")
    visit.settled()
    plot = page.locator(".js-plotly-plot .nsewdrag").first
    plot.hover()
    page.locator(".js-plotly-plot [data-attr=dragmode][data-val=select]").click()
    box = plot.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] - 20, steps=8)
    page.mouse.up()
    page.wait_for_selector(".exc-selection")
    visit.settled()
    assert 10 < int(page.locator(".exc-selection").inner_text().split()[0]) < 60


def test_without_the_build_plotly_draws_and_says_what_is_missing(
    chromium: Any, made_site: Path, tmp_path: Path
) -> None:
    """The same app from a copy of the project that was never built."""
    leave = shutil.ignore_patterns("build", "__pycache__")
    shutil.copytree(PROJECT / "excavate", tmp_path / "excavate", ignore=leave)
    shutil.copytree(PROJECT / ".streamlit", tmp_path / ".streamlit")
    shutil.copy(PROJECT / "app.py", tmp_path)
    with serving(tmp_path, made_site, tmp_path / "log.txt") as unbuilt:
        visit = Visit(chromium, unbuilt)
        page = visit.open("/?lang=en", ".exc-dataset")
        assert "make setup" in page.locator(".exc-notice").first.inner_text()
        visit.open("/map?lang=en", ".js-plotly-plot .gl-canvas-focus")
        assert page.locator(".exc-atlas").count() == 0
        assert visit.outside() == []
        assert visit.broken == []
        visit.close()
