"""Journeys in a real Chromium: down a tree and into an empty branch; two datasets side by side."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.app.browsing_machine import Visit, serving, settle
from tests.app.test_browser import PROJECT
from tests.app.test_narrow import SPILLED, WIDTHS
from tests.app.tree_site import SLUR, make_tree_site

pytestmark = pytest.mark.browser
HELD = "/taxonomy?dataset=shapes&tree=kinds"
PAGES = (
    (HELD, ".exc-icicle"),
    (f"{HELD}&node=c1&colour=deficit", ".exc-icicle"),
    ("/taxonomy?dataset=-&tree=kinds&every=1", ".exc-branches"),
    ("/compare?a=shapes&b=plain", ".exc-unmeasured"),
)
SMALL = """() => [...document.querySelectorAll(".exc-icicle a, .exc-trail a, .exc-branches a")]
  .filter((e) => e.offsetHeight && e.getBoundingClientRect().height < 43)
  .map((e) => e.textContent)"""


@pytest.fixture(scope="module")
def tree_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp("trees")
    with serving(PROJECT, make_tree_site(root), root / "log.txt") as found:
        yield found
    assert "Traceback" not in Path(root / "log.txt").read_text("utf-8")


@pytest.fixture
def visit(chromium: Any, tree_address: str) -> Iterator[Visit]:
    opened = Visit(chromium, tree_address)
    yield opened
    outside, broken = opened.outside(), opened.broken
    opened.close()
    assert outside == []
    assert broken == []


def cell(page: Any, name: str) -> Any:
    return page.locator(".exc-icicle a", has_text=name).first


def test_down_the_tree_to_an_empty_branch_and_to_the_items(visit: Visit) -> None:
    page = visit.open(f"{HELD}&lang=en", ".exc-icicle")
    visit.settled()
    page.locator(".exc-icicle a", has_text="flat thing").click()
    page.wait_for_url("**node=flat*")
    page.wait_for_selector(".exc-trail b:has-text('flat thing')")
    visit.settled()
    page.locator(".exc-trail a", has_text="thing").click()
    page.wait_for_selector(".exc-trail b:text-is('thing')")
    visit.settled()
    empty = page.locator("a.exc-cell-empty", has_text="solid")
    assert empty.evaluate("e => getComputedStyle(e).borderTopStyle") == "dashed"
    assert empty.evaluate("e => getComputedStyle(e).backgroundColor") == "rgba(0, 0, 0, 0)"
    empty.click()
    page.wait_for_selector("text=this whole branch is empty")
    page.go_back()
    page.wait_for_selector(".exc-trail b:text-is('thing')")
    visit.settled()
    page.locator(".exc-icicle a", has_text="square").first.click()
    page.wait_for_selector("h2:has-text('4 items at or below')")
    visit.settled()
    page.locator(".exc-said-ways a", has_text="square").click()
    page.wait_for_url("**/items?**value=square*")
    page.wait_for_selector(".exc-grid figure")
    visit.settled()
    assert page.locator(".exc-grid figure").count() == 4


def test_the_tree_by_keyboard(visit: Visit) -> None:
    page = visit.open(f"{HELD}&lang=en", ".exc-icicle")
    visit.settled()
    cell(page, "flat thing").focus()
    assert cell(page, "flat thing").evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_selector(".exc-trail b:has-text('flat thing')")


def test_unveiling_takes_two_presses_and_stays_out_of_the_link(visit: Visit) -> None:
    page = visit.open("/taxonomy?dataset=-&tree=kinds&node=n00007846&lang=en", ".exc-icicle")
    assert SLUR not in page.content()
    toggle = page.get_by_text("Unveil them for myself, in this window")
    assert not toggle.is_visible()
    visit.settled()
    page.get_by_text("2 names are veiled").click()
    pressed_on(page, toggle, f".exc-icicle :text('{SLUR}')")
    visit.settled()
    shared = page.url
    page.context.new_page().goto(shared)
    other = page.context.pages[-1]
    other.wait_for_selector(".exc-icicle")
    settle(other)
    assert SLUR not in other.content()


def pressed_on(page: Any, toggle: Any, until: str) -> None:
    """Press a switch as a person would: where the page moved under the press, once more.

    A switch that shows on and does nothing is a fault.
    """
    from playwright.sync_api import TimeoutError

    for _try in range(3):
        toggle.click()
        with suppress(TimeoutError):
            page.wait_for_selector(until, timeout=60_000)
            return
        assert not page.get_by_label(toggle.inner_text()).is_checked()
    raise AssertionError("three presses were lost")


def test_two_datasets_are_chosen_and_laid_side_by_side(visit: Visit) -> None:
    page = visit.open("/compare?lang=en", ".exc-side")
    page.wait_for_selector(".exc-side h2 >> text=plain")
    visit.settled()
    assert page.locator(".exc-side h2").all_inner_texts() == ["shapes", "plain"]
    page.wait_for_selector("text=Not measured: nothing is said of the items of plain")
    visit.settled()
    page.locator(".exc-side a", has_text="plain").click()
    page.wait_for_url("**/items?dataset=plain*")


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("width", [1440, 1024, 821, 820, 390, 320])
def test_nothing_runs_off_the_screen_and_all_can_be_touched(
    chromium: Any, tree_address: str, language: str, width: int
) -> None:
    visit = Visit(chromium, tree_address, viewport={"width": width, "height": 844})
    for path, until in PAGES:
        page = visit.open(f"{path}&lang={language}", until)
        visit.settled()
        assert max(page.evaluate(WIDTHS)) <= 0, path
        assert page.evaluate(SPILLED) == [], path
        assert page.evaluate(SMALL) == [], path
        masthead = page.locator(".exc-masthead").bounding_box()
        assert masthead["height"] < 60
    assert visit.broken == []
    visit.close()


def test_on_a_phone_the_pages_unfold(chromium: Any, tree_address: str) -> None:
    visit = Visit(chromium, tree_address, viewport={"width": 390, "height": 844})
    page = visit.open(f"{HELD}&lang=ko", ".exc-icicle")
    visit.settled()
    assert not page.locator(".exc-nav").first.is_visible()
    page.locator(".exc-menu summary").click()
    page.locator(".exc-menu-page", has_text="항목").click()
    page.wait_for_url("**/items*")
    page.wait_for_selector(".exc-grid figure")
    visit.settled()
    assert not page.locator(".exc-menu-page").first.is_visible()
    visit.close()
