"""A session in two browsers: what the facilitator opens is on everyone's page at once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from excavate.workshop.sessions import ReadyRound, ready_sessions
from tests.app.browsing_machine import Visit, serving

PROJECT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.browser
ROUND = ".exc-now-round:not([hidden])"
COUNTED = """() => {
  const [minutes, seconds] = (document.querySelector(".exc-now-time")?.textContent ?? "")
    .match(/(\\d+):(\\d\\d)/)?.slice(1).map(Number) ?? [NaN, NaN];
  return 60 * minutes + seconds > AT_LEAST;
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An empty site at one machine, served."""
    root = tmp_path_factory.mktemp("room")
    (root / "site").mkdir()
    os.environ["EXCAVATE_ARCHIVES"] = str(root)
    try:
        with serving(PROJECT, root / "site", root / "log.txt") as found:
            yield found
    finally:
        del os.environ["EXCAVATE_ARCHIVES"]
    assert "Traceback" not in (root / "log.txt").read_text("utf-8")


def take_the_lead(visit: Visit) -> Any:
    page = visit.open("/room?lang=ko", "text=이 방 진행하기")
    visit.settled()
    page.get_by_role("textbox", name="보여 줄 이름").fill("미래")
    page.get_by_text("이에 동의합니다").click()
    page.get_by_role("button", name="이 방 진행하기").click()
    page.wait_for_selector(".st-key-desk-plan")
    # Which of the two is drawn says whether a plan stands; either may come after the desk.
    page.wait_for_selector(
        ".st-key-open-next button:visible, button:has-text('진행표에 넣기'):visible"
    )
    visit.settled()
    if not page.locator(".st-key-open-next button").count():
        page.get_by_role("button", name="진행표에 넣기").nth(1).click()
        page.locator(".st-key-open-next button").wait_for()
        visit.settled()
    return page


def upcoming(desk: Any) -> ReadyRound:
    """The round that stands next on the desk."""
    words = desk.inner_text(".exc-desk-next .exc-round-prompt")
    return next(one for one in ready_sessions()[1].rounds if one.ko == words)


def test_what_is_opened_extended_and_closed_is_on_every_page(chromium: Any, address: str) -> None:
    leader, other = Visit(chromium, address), Visit(chromium, address, reduced_motion="reduce")
    desk = take_the_lead(leader)
    page = other.open("/find?lang=en", "text=Name of the dataset")
    other.settled()
    page.evaluate("window.scrolled = false")  # a reload would lose this
    page.get_by_role("textbox", name="Name of the dataset").fill("Signs")
    assert page.locator(ROUND).count() == 0
    asked = upcoming(desk)
    desk.locator(".st-key-open-next button").click()
    page.wait_for_selector(ROUND)
    assert page.inner_text(".exc-now-prompt") == asked.en
    assert page.inner_text(".exc-now-kind") == "Look"
    assert page.get_attribute(".exc-now-go", "href") == f"/{asked.page}?lang=en"
    page.wait_for_function(COUNTED.replace("AT_LEAST", "0"))
    desk.get_by_role("button", name="+3분").click()
    page.wait_for_function(COUNTED.replace("AT_LEAST", str(60 * asked.minutes)))
    leader.settled()
    desk.get_by_role("button", name="이 라운드 닫기").click()
    page.wait_for_selector(ROUND, state="hidden")
    assert page.get_by_role("textbox", name="Name of the dataset").input_value() == "Signs"
    assert page.evaluate("window.scrolled") is False
    assert (leader.broken, other.broken) == ([], [])
    assert leader.outside() == other.outside() == []
    leader.close()
    other.close()


def test_a_line_that_is_down_is_told_and_comes_back(chromium: Any, address: str) -> None:
    leader, other = Visit(chromium, address), Visit(chromium, address)
    desk = take_the_lead(leader)
    page = other.open("/room?lang=en", "text=Lead this room")
    page.wait_for_function("document.querySelector('.exc-now')")
    other.settled()
    other.context.set_offline(True)
    page.wait_for_selector(".exc-now-line:not([hidden])")
    assert "What you typed is kept" in page.inner_text(".exc-now-line")
    desk.locator(".st-key-open-next button").click()
    desk.wait_for_selector(ROUND)
    leader.settled()
    other.context.set_offline(False)
    page.wait_for_selector(ROUND)
    page.wait_for_selector(".exc-now-line", state="hidden")
    leader.settled()
    desk.get_by_role("button", name="이 라운드 닫기").click()
    page.wait_for_selector(ROUND, state="hidden")
    leader.close()
    other.close()
