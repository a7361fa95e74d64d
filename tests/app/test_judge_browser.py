"""A journey: two people judge five pictures, one by keys alone; closed, both reasons are seen."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from excavate.workshop.ids import new_id
from tests.app.browsing_machine import Visit, serving
from tests.app.test_browser import PROJECT
from tests.workshop.test_judging import Room

pytestmark = pytest.mark.browser
LATE = """([round, id]) => sessionStorage.setItem(`excavate-judge:${round}`, JSON.stringify(
    {waiting: [{id, number: 0, choice: "1", reason: "", sent: 0}], reasons: {}, at: 0}))"""
AT_ONCE = """() => {
    [...document.querySelectorAll("button")].find((one) => one.innerText === "Go on").click();
    [...document.querySelectorAll("a")].find((one) => one.innerText === "See all answers").click();
}"""
KEPT = "document.querySelector('.exc-desk-top span')?.textContent.startsWith('{n} of 5 kept')"
PLACE = "document.querySelector('.exc-desk-top b')?.textContent === 'Picture {n} of 5'"

WAITING = (  # what the tab keeps of answers that were not taken yet
    "JSON.parse(Object.entries(sessionStorage).find(([k]) => k.startsWith('excavate-judge:'))[1])"
    ".waiting.length === 0"
)


@pytest.fixture(scope="module")
def address(made_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    copy = tmp_path_factory.mktemp("judged") / "site"
    shutil.copytree(made_site, copy, ignore=shutil.ignore_patterns("workshop.duckdb*"))
    log = copy.parent / "log.txt"
    with serving(PROJECT, copy, log) as found:
        yield found
    assert "Traceback" not in log.read_text("utf-8")


@pytest.fixture
def visits(chromium: Any, address: str) -> Iterator[list[Visit]]:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
    opened = [Visit(chromium, address), Visit(chromium, address, **phone)]
    yield opened
    faults = [(one.outside(), one.broken) for one in opened]
    for one in opened:
        one.close()
    assert faults == [([], []), ([], [])]


def until(page: Any, condition: str, **names: Any) -> None:
    for name, value in names.items():
        condition = condition.replace(f"{{{name}}}", str(value))
    page.wait_for_function(f"() => Boolean({condition})")


def set_up(visit: Visit) -> None:
    """The facilitator, at their own machine, writes a question and draws five digits."""
    page = visit.open("/judge?lang=en&new=1", ".st-key-choice-from")
    visit.settled()
    page.get_by_label("The question · English", exact=True).fill("Even or odd?")
    for number, words in enumerate(("Even", "<b>Odd</b>"), 1):
        page.get_by_label(f"Answer {number} · English", exact=True).fill(words)
    box = page.locator("[class*=st-key-][class*=-dataset] input").first
    box.click()
    box.fill("digits")
    page.keyboard.press("Enter")
    visit.settled()
    page.get_by_label("How many pictures", exact=True).fill("5")
    page.get_by_label("Your name, as it is to be shown", exact=True).fill("Mirae")
    page.locator("label", has_text="What I write here").click()
    visit.settled()
    page.get_by_role("button", name="Set up and open now").click()
    until(page, PLACE, n=1)


def begin(visit: Visit, name: str) -> None:
    page = visit.open("/judge?lang=en", "[class*=st-key-judge-who] input")
    visit.settled()
    page.locator("[class*=st-key-judge-who] input").fill(name)
    page.locator("label", has_text="What I write here").click()
    page.get_by_role("button", name="Begin").click()
    until(page, PLACE, n=1)


def by_keys(page: Any) -> None:
    """Five answers without a pointer: a choice, a reason, cannot say, refuse, one mended."""
    keys = page.keyboard
    for number, key in enumerate("1200r", 1):
        until(page, PLACE, n=number)
        keys.press(key)
        if number == 1:
            page.locator(".exc-desk textarea").focus()
            keys.type("r1 it is round")
            keys.press("Escape")
        keys.press("Enter")
    keys.press("ArrowLeft")
    until(page, PLACE, n=4)
    keys.press("2")
    until(page, KEPT, n=5)


def by_touch(page: Any) -> None:
    """Five answers by touch; the answer is where a thumb reaches, and large enough for it."""
    for number in range(1, 6):
        until(page, PLACE, n=number)
        button = page.locator(".exc-desk-choices button", has_text="Odd")
        assert button.bounding_box()["height"] >= 44
        button.tap()
        page.locator(".exc-desk textarea").fill("looks <i>odd</i> to me")
        if number < 5:
            page.get_by_role("button", name="Next", exact=True).tap()
    page.locator(".exc-desk-dots").tap()  # leaves the field
    until(page, KEPT, n=5)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390


def test_two_people_judge_and_see_where_they_differ(visits: list[Visit]) -> None:
    leader, guest = visits
    set_up(leader)
    begin(guest, "Haneul")
    by_keys(leader.page)
    by_touch(guest.page)
    until(leader.page, "document.querySelector('.exc-desk-far')?.textContent.includes('2 have')")
    assert "it is round" not in guest.page.content()
    assert "odd</i>" not in leader.page.content()
    leader.page.get_by_role("button", name="Close the round").click()
    for one in (leader.page, guest.page):  # the guest's page follows by itself
        one.wait_for_selector(".exc-judged-item")
    page = guest.page
    guest.settled()
    shown = page.inner_text(".exc-judged-items")
    assert "r1 it is round" in shown
    assert "looks <i>odd</i> to me" in shown
    assert "Source label: target:" in shown
    top = page.inner_text(".exc-agreed")
    assert "2 people answered" in top
    assert "1 answer is “I cannot say”, 1 is “I refuse”" in top
    with page.expect_download() as loaded:
        page.get_by_role("button", name="Download as CSV").click()
    table = Path(loaded.value.path()).read_text("utf-8")
    assert table.startswith("\ufeff")
    assert len(table.splitlines()) == 11


def test_an_answer_that_the_line_lost_is_sent_again(visits: list[Visit]) -> None:
    leader, _guest = visits
    lost: list[Any] = []
    down = [False]

    def between(line: Any) -> None:
        server = line.connect_to_server()
        line.on_message(lambda sent: lost.append(sent) if down[0] else server.send(sent))

    leader.page.route_web_socket(re.compile("_stcore/stream"), between)
    set_up(leader)
    page = leader.page
    down[0] = True
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.keyboard.press("2")
    until(page, WAITING.replace("=== 0", "=== 2"))
    page.wait_for_function("() => document.querySelector('.exc-desk-top span')"
                           ".textContent.includes('2 wait in this tab')")  # fmt: skip
    assert lost
    assert page.inner_text(".exc-desk-top span").startswith("0 of 5 kept"), "nothing is kept yet"
    down[0] = False
    until(page, KEPT, n=2)
    until(page, WAITING)


class Slow:
    """A line that holds what is sent for half a second, and then lets it through at once."""

    def __init__(self, page: Any) -> None:
        self.held: list[Any] = []
        self.page, self.holds = page, False
        page.route_web_socket(re.compile("_stcore/stream"), self.carry)

    def carry(self, line: Any) -> None:
        server = line.connect_to_server()
        line.on_message(lambda sent: self.held.append(sent) if self.holds else server.send(sent))
        self.server = server

    def evaluate(self, script: str) -> None:
        """Do something in the page while the line holds what that sends."""
        self.holds = True
        self.page.evaluate(script)
        self.page.wait_for_timeout(500)
        assert self.held
        for sent in self.held:
            self.server.send(sent)
        self.holds = False


def test_an_answer_that_came_after_the_close_is_told_and_kept(
    chromium: Any, made_site: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "site"
    shutil.copytree(made_site, copy, ignore=shutil.ignore_patterns("workshop.duckdb*"))
    room = Room(copy)  # closed long before the page is served
    room.say(room.leader, 0, "1")
    room.close()
    room.workshop.close()
    with serving(PROJECT, copy, tmp_path / "log.txt") as address:
        visit = Visit(chromium, address)
        line = Slow(visit.page)
        page = visit.open("/judge?lang=en", ".exc-judging")
        visit.settled()
        page.evaluate(LATE, [room.round_id, new_id()])
        page.get_by_label("Your name, as it is to be shown", exact=True).fill("Leader")
        page.locator("label", has_text="What I write here").click()
        visit.settled()
        line.evaluate(AT_ONCE)  # the link waits for the press, though that is heard late
        until(page, "document.querySelector('.exc-judged-late')?.textContent"
                    ".startsWith('1 of your answers came after the close')")  # fmt: skip
        assert not page.evaluate(WAITING), "it is kept in the tab"
        visit.close()
