"""The board in a real browser: it follows without a rerun, keeps its place, and replays."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from excavate.workshop.absence_record import GivenAbsence
from excavate.workshop.absences import say
from excavate.workshop.conversation import sort
from excavate.workshop.ids import new_id
from excavate.workshop.store import Workshop
from tests.app.browsing_machine import serving
from tests.app.test_browser import PROJECT
from tests.app.test_say_browser import say as say_in
from tests.workshop.given import author

pytestmark = pytest.mark.browser
CARD = ".exc-board .exc-absence"
TOP = "(text) => [...document.querySelectorAll('.exc-absence')]" \
    ".find((one) => one.textContent.includes(text))?.getBoundingClientRect().top"  # fmt: skip


@pytest.fixture(scope="module")
def address(made_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site where forty absences were said, some of them sorted."""
    root = tmp_path_factory.mktemp("board")
    site = root / "site"
    shutil.copytree(made_site, site, ignore=shutil.ignore_patterns("workshop.duckdb*"))
    workshop, who = Workshop(site), author("Mirae")
    for number in range(40):
        absence_id = new_id()
        say(workshop, who, GivenAbsence(absence_id, f"Absence number {number:02d}"))
        if number % 4 == 0:
            sort(workshop, who, new_id(), absence_id, "lost")
    workshop.close()
    with serving(PROJECT, site, root / "log.txt") as found:
        yield found
    assert "Traceback" not in (root / "log.txt").read_text("utf-8")


def test_what_another_says_appears_without_a_rerun_and_without_losing_the_place(windows) -> None:
    watching, saying = windows(), windows()
    messages: list[Any] = []

    def hear(line: Any) -> None:
        line.on("framereceived", lambda frame: messages.append(frame))

    watching.page.on("websocket", hear)
    page = watching.open("/board?lang=en", CARD)
    watching.settled()
    page.evaluate("document.fonts.ready.then(() => true)")
    page.locator(CARD, has_text="Absence number 06").scroll_into_view_if_needed()
    before, runs = page.evaluate(TOP, "Absence number 06"), len(messages)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") > 0
    other = saying.open("/say?lang=en", ".st-key-say-form textarea")
    say_in(other, "Said just now, elsewhere", "Jongno")
    page.wait_for_selector(f"{CARD}:has-text('Said just now, elsewhere')", state="attached")
    assert len(messages) == runs
    assert abs(page.evaluate(TOP, "Absence number 06") - before) < 3
    page.get_by_role("link", name="To the newest").click()
    page.wait_for_function(
        "(text) => { const card = document.querySelector('.exc-absence:target');"
        " return card?.textContent.includes(text) && card.getBoundingClientRect().top >= 0; }",
        arg="Said just now, elsewhere",
    )


def test_the_session_is_replayed_by_keyboard(windows) -> None:
    visit = windows(reduced_motion="reduce")
    page = visit.open("/board?lang=en&replay=1", CARD)
    visit.settled()
    slider = page.get_by_role("slider", name="Time of the session")
    slider.focus()
    page.keyboard.press("Home")
    page.wait_for_function(f"document.querySelectorAll('{CARD}').length === 1")
    assert page.locator(CARD).inner_text().count("Absence number 00") == 1
    assert "not sorted yet" in page.locator(".exc-board-count").inner_text()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.exc-board-count')?.textContent"
                           " === '1 absence'")  # fmt: skip
    page.keyboard.press(" ")
    page.wait_for_function(f"document.querySelectorAll('{CARD}').length > 1")
    assert page.get_by_role("button", name="Pause").is_visible()
    page.keyboard.press("End")
    page.wait_for_function(f"document.querySelectorAll('{CARD}').length >= 40")
    assert page.get_by_role("button", name="Play").is_visible()


def test_a_board_that_cannot_be_drawn_says_so_and_comes_back(windows) -> None:
    """The first answers are lost; what is said on the other pages is not touched by it."""
    visit = windows()
    page = visit.page
    lost = ["first", "second"]

    def fail(route: Any) -> None:
        route.fulfill(status=503, body=lost.pop()) if lost else route.continue_()

    page.route("**/workshop/board?*", fail)
    page.goto(f"{visit.address}/board?lang=en")
    page.wait_for_selector("#board > .exc-undrawn")
    assert "could not be drawn just now" in page.locator("#board").inner_text()
    assert page.locator("#board[aria-busy]").count() == 0
    page.wait_for_selector(CARD)
    assert page.locator(".exc-undrawn").count() == 0
    visit.broken.clear()  # the browser counts the answers that were lost here
