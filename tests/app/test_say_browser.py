"""Saying what is absent in a real browser: by keyboard, on a phone, over a line that drops."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from excavate.workshop.absence_types import TYPES
from tests.app.browsing_machine import serving, settle

PROJECT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
HALF_DRAWN = "Bad delta path"  # Streamlit's word for it
STATEMENT = "What is missing here?"


@pytest.fixture(scope="module")
def address(made_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp("said")
    shutil.copytree(made_site, root / "site", ignore=shutil.ignore_patterns("workshop.duckdb*"))
    with serving(PROJECT, root / "site", root / "log.txt") as found:
        yield found
    assert "Traceback" not in (root / "log.txt").read_text("utf-8")


def say(page: Any, words: str, name: str, press: str = "Record as absent") -> None:
    """Fill what is needed, and press."""
    settle(page)
    page.locator(".st-key-say-form textarea").first.fill(words)
    page.locator('.st-key-say-form [class*="-who"] input').fill(name)
    agree = page.locator('.st-key-say-form [class*="-consent"] label')
    if agree.count():
        agree.click()
    settle(page)
    page.get_by_role("button", name=press).click()


def test_two_people_in_two_languages_see_each_others_words(windows: Any) -> None:
    korean, english = windows(locale="ko-KR"), windows(locale="en-US")
    page = korean.open("/say?lang=ko", ".st-key-say-form textarea")
    say(page, "손으로 쓴 간판이 없습니다", "미래", "부재로 남기기")
    page.wait_for_selector(".exc-one-statement")
    other = english.open(page.url.removeprefix(english.address).replace("lang=ko", "lang=en"),
                         ".exc-one-statement")  # fmt: skip
    english.settled()
    assert other.locator(".exc-one-statement").inner_text() == "손으로 쓴 간판이 없습니다"
    assert other.locator(".exc-one-statement").get_attribute("lang") == "ko"
    other.get_by_label("In my words").fill("There is one in <b>tate</b>")
    form = other.locator('[data-testid="stForm"]').filter(has_text="Send my answer")
    form.locator('[class*="-who"] input').fill("Jun")
    form.locator('[class*="-consent"] label').click()
    english.settled()
    other.get_by_role("button", name="Send my answer").click()
    page.wait_for_selector(".exc-answer")  # without a reload: what others write comes in
    assert page.locator(".exc-answer p").first.inner_text() == "There is one in <b>tate</b>"
    assert page.locator(".exc-answer p").first.get_attribute("lang") == "en"
    english.settled()
    other.get_by_text("Sort it", exact=True).click()
    english.settled()
    other.locator(".exc-moments input").first.check()
    other.wait_for_selector('.exc-type-list input[value="refused"]')
    english.settled()
    other.locator('.exc-type-list input[value="refused"]').check()
    english.settled()
    other.get_by_role("button", name="Sort it as this").click()
    page.wait_for_selector(f".exc-spread >> text={TYPES['refused'].name.ko}")


def test_by_keyboard_alone_with_a_part_and_a_type(windows: Any) -> None:
    visit = windows()
    page = visit.open("/item?lang=en&id=digits%2Fall%2F7", ".exc-part-choice button")
    visit.settled()
    page.locator(".exc-part-choice button").focus()
    page.keyboard.press("Enter")
    for number in ("10", "20", "30", "40"):
        page.keyboard.press("Tab")
        page.keyboard.press("Control+A")
        page.keyboard.type(number)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".st-key-say-form textarea")
    visit.settled()
    assert "percent%3A10%2C20%2C30%2C40" in page.url
    mark = page.locator(".exc-part-mark").get_attribute("style")
    assert mark == "left:10%;top:20%;width:30%;height:40%"
    page.get_by_label(STATEMENT).focus()
    page.keyboard.type("The hand that drew it")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # unfolds what may be said besides
    page.wait_for_selector(".exc-moments input")
    page.keyboard.press("Tab")
    page.wait_for_function("document.activeElement?.closest('.exc-moments')")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.wait_for_function("document.activeElement?.value === 'outvoted'")
    name = page.locator('.st-key-say-form [class*="-who"] input')
    name.focus()
    page.keyboard.type("Mirae")
    page.locator('.st-key-say-form [class*="-consent"] input').focus()
    page.keyboard.press("Space")
    visit.settled()
    page.get_by_role("button", name="Record as absent").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".exc-one-statement")
    assert page.locator(".exc-one-statement").inner_text() == "The hand that drew it"
    page.wait_for_selector(".exc-spread >> text=outvoted")


def test_on_a_phone_what_is_typed_outlives_a_reload_and_a_line_that_drops(windows: Any) -> None:
    visit, line = windows(**PHONE), Line()
    visit.page.route_web_socket("**/_stcore/stream*", line.carry)
    page = visit.open("/say?lang=en&of=item&on=%7B%22item_id%22%3A%22digits%2Fall%2F9%22%7D",
                      ".st-key-say-form textarea")  # fmt: skip
    visit.settled()
    wide = page.evaluate("document.scrollingElement.scrollWidth")
    assert wide <= 390
    page.get_by_label(STATEMENT).press_sequentially("The room it was drawn in")
    page.reload()
    page.wait_for_selector(".st-key-say-form textarea")
    page.wait_for_function(
        "document.querySelector('.st-key-say-form textarea')?.value === 'The room it was drawn in'"
    )
    visit.settled()
    page.locator('.st-key-say-form [class*="-who"] input').fill("Mirae")
    page.locator('.st-key-say-form [class*="-consent"] label').click()
    visit.settled()
    line.drops = True
    page.get_by_role("button", name="Record as absent").click()
    pressed_until_told(page)
    assert line.dropped == 1
    assert page.locator(".exc-one-statement").inner_text() == "The room it was drawn in"
    page.goto(visit.address + "/item?lang=en&id=digits%2Fall%2F9")
    page.wait_for_selector(".exc-spoken")
    assert page.locator(".exc-spoken").inner_text() == "1 absence"
    visit.broken[:] = [one for one in visit.broken if HALF_DRAWN not in one]


def test_a_page_left_half_drawn_is_asked_for_anew_once(windows: Any) -> None:
    visit = windows()
    page = visit.open("/say?lang=en", ".st-key-say-form textarea")
    visit.settled()
    page.get_by_label(STATEMENT).press_sequentially("Who paid for it")
    for asked_anew in (True, False):
        page.evaluate("window.before = true")
        page.evaluate(f"void Promise.reject(new Error('{HALF_DRAWN} index 8'))")
        if asked_anew:
            page.wait_for_function("window.before !== true")
        else:  # a page that is not asked for anew gives no sign of it
            page.wait_for_timeout(3000)
            assert page.evaluate("window.before") is True
        page.wait_for_selector(".st-key-say-form textarea")
        visit.settled()
    page.wait_for_function(
        "document.querySelector('.st-key-say-form textarea')?.value === 'Who paid for it'"
    )
    assert len(visit.broken) == 2
    visit.broken.clear()


class Line:
    """A line between browser and app; told to drop, it loses the answer to a press, and closes."""

    def __init__(self) -> None:
        self.drops, self.dropped = False, 0

    def carry(self, near: Any) -> None:
        far, gone = near.connect_to_server(), False

        def back(message: Any) -> None:
            nonlocal gone
            if self.drops and b"exc-one-statement" in message:
                self.drops, self.dropped, gone = False, self.dropped + 1, True
                far.close(code=1001)
                near.close(code=1001)
            elif not gone:
                near.send(message)

        near.on_message(far.send)
        far.on_message(back)


def pressed_until_told(page: Any) -> None:
    """As a person would: where nothing came of a press, it is pressed again."""
    from playwright.sync_api import TimeoutError

    for _try in range(20):
        with suppress(TimeoutError):  # the line is not back yet
            page.wait_for_selector(".exc-one-statement", timeout=3000)
            return
        again = page.get_by_role("button", name="Record as absent")
        with suppress(TimeoutError):
            again.click(timeout=1000)
    raise AssertionError("it was never written")
