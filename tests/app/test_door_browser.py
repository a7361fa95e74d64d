"""The door as people meet it: `excavate serve --share`, a phone in Korean, a real websocket."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from excavate.errors import ExcavateError
from excavate.guest import Guest, Seen
from excavate.rehearsing import PAGES
from tests.app.browsing_machine import Shared, Visit, free_port, sharing

pytestmark = pytest.mark.browser
PROJECT = Path(__file__).resolve().parents[2]
WHOLE = "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"
SMALL = """() => [...document.querySelectorAll("main button:not(.exc-unseen), main input, main a")]
  .filter((e) => e.type !== "hidden" && e.offsetHeight)
  .filter((e) => (e.closest("label.exc-door-tick") ?? e).getBoundingClientRect().height < 43)
  .map((e) => e.outerHTML)"""


@pytest.fixture(scope="module")
def shared(made_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    root = tmp_path_factory.mktemp("shared")
    shutil.copytree(made_site, root / "site", ignore=shutil.ignore_patterns("workshop.duckdb*"))
    with sharing(PROJECT, root / "site", root, "저녁 <방>") as found:
        yield found
    assert "Traceback" not in (root / "log.txt").read_text("utf-8")


@pytest.fixture
def phone(chromium: Any, shared: Shared) -> Iterator[Visit]:
    options = {"viewport": {"width": 390, "height": 844}, "locale": "ko-KR", "has_touch": True}
    opened = Visit(chromium, shared.address, **options)
    yield opened
    outside, broken = opened.outside(), opened.broken
    opened.close()
    assert outside == []
    assert broken == []


def come_in(visit: Visit, link: str, name: str) -> Any:
    page = visit.open(link, "#name")
    page.fill("#name", name)
    page.check("[name=consent]")
    page.click(".exc-door-go")
    page.wait_for_selector(".exc-masthead")
    visit.settled()
    return page


def test_a_phone_joins_in_korean_and_comes_back(phone: Visit, shared: Shared) -> None:
    page = phone.open("/map", "#code")
    assert page.locator("html").get_attribute("lang") == "ko"
    assert page.locator("h1").inner_text() == "저녁 <방>"
    assert page.evaluate(WHOLE)
    assert page.evaluate(SMALL) == []
    page.fill("#name", "미래 <b>굵게</b>")
    page.keyboard.press("Enter")  # without a code, without consent
    page.wait_for_selector("[role=alert] li")
    assert page.locator("[role=alert] li").count() == 2
    assert page.input_value("#name") == "미래 <b>굵게</b>"
    page.fill("#code", shared.join.partition("code=")[2].split("&")[0].lower())
    page.check("[name=consent]")
    page.click(".exc-door-go")
    page.wait_for_selector(".exc-masthead")
    assert "/map" in page.url
    phone.settled()
    assert page.locator(".exc-who b").inner_text() == "미래 <b>굵게</b>"
    assert page.evaluate(WHOLE)
    page.reload()
    page.wait_for_selector(".exc-who b")
    other_tab = phone.context.new_page()
    other_tab.goto(shared.address + "/survey")
    other_tab.wait_for_selector(".exc-who b:has-text('미래')")
    other_tab.goto(shared.address + "/leave")
    other_tab.evaluate("sessionStorage.setItem('excavate-draw:x', '{}')")
    other_tab.click("text=이 기기에서 나가기")
    other_tab.wait_for_selector("#code")
    page.goto(shared.address + "/map")
    page.wait_for_selector("#code")
    assert other_tab.evaluate("sessionStorage.getItem('excavate-draw:x')") is None


def in_a_thread(doing: Coroutine[Any, Any, None]) -> None:
    """Playwright's loop runs in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, doing).result()


async def entered(address: str, way: str, code: str, name: str) -> Guest:
    guest = Guest(address)
    fields = {"code": code, "name": name, "consent": "1", "act": "enter", "lang": "en"}
    answer = await guest.post(way, fields | await guest.form(way))
    assert answer.status_code == 303, answer.text
    await guest.connect()
    await guest.visit("", lang="en")
    return guest


def test_a_websocket_without_a_cookie_does_not_come_about(shared: Shared) -> None:
    async def try_it() -> None:
        with pytest.raises(ExcavateError, match="403"):
            await Guest(shared.address).connect()

    in_a_thread(try_it())


def grouped(desk: Seen) -> bool:
    return any(name.endswith("end-groups") for name in desk.widgets)


def test_a_participant_cannot_press_what_only_the_facilitator_is_shown(shared: Shared) -> None:
    code = shared.join.partition("code=")[2].split("&")[0]

    async def try_it() -> None:
        lead = await entered(shared.address, shared.facilitator.split("?")[0], "", "Lead")
        mirae = await entered(shared.address, "/join", code, "Mirae")
        desk = await lead.visit("room", lang="en")
        button = next(name for name in desk.widgets if name.endswith("make-groups"))
        seen = await mirae.visit("room", lang="en")
        assert button not in seen.widgets
        assert shared.facilitator.rpartition("/")[2] not in seen.text
        await mirae.act({button: True})
        assert not grouped(await lead.visit("room", lang="en"))
        await lead.act({button: True})  # the same press of the one who leads
        assert grouped(await lead.visit("room", lang="en"))
        await mirae.close()
        await lead.close()

    in_a_thread(try_it())


def test_what_the_command_told(shared: Shared) -> None:
    assert "digits" in shared.told
    assert "CC BY 4.0" in shared.told
    assert "not stated" in shared.told
    assert "excavate workshop links --site" in shared.told


def rehearsed(link: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "excavate", "rehearse", link, "--guests", "3", "--json"]
    return subprocess.run(command, capture_output=True, text=True, timeout=400)


def test_a_rehearsal_comes_in_looks_around_and_leaves(shared: Shared) -> None:
    done = rehearsed(shared.address + shared.join)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["inside"], told["left"], told["wrong"]) == (3, 3, [])
    assert told["pictures"]["n"] >= 3
    assert told["pages"]["n"] == 3 * len(PAGES)


def test_a_rehearsal_says_what_is_wrong(shared: Shared) -> None:
    wrong = rehearsed(shared.address + "/join?code=2222-2222")
    assert wrong.returncode == 1
    assert "the code opens no room (422)" in wrong.stderr
    assert "this is no join link" in rehearsed(shared.address + "/map").stderr
    nobody = rehearsed(f"http://127.0.0.1:{free_port()}/join?code=2222-2222")
    assert "no answer" in nobody.stderr
    assert nobody.returncode == 1
