"""The whole arc as a newcomer walks it: from an absence that is named to a wall it hangs on."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.app.browsing_machine import Shared, Visit, sharing
from tests.app.test_draw_browser import LANDED, drag
from tests.conftest import PROJECT

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HANDS = {  # what five hands call it, and their strokes as shares of the sheet
    "1": (((0.5, 0.15), (0.5, 0.85)),),
    "7": (((0.3, 0.2), (0.7, 0.2), (0.45, 0.85)), ((0.3, 0.5), (0.7, 0.5))),
    "2": (((0.3, 0.25), (0.6, 0.15), (0.65, 0.4), (0.3, 0.85), (0.75, 0.85)),),
    "4": (((0.6, 0.1), (0.25, 0.6), (0.8, 0.6)), ((0.6, 0.35), (0.6, 0.9))),
    "0": (((0.5, 0.1), (0.25, 0.5), (0.5, 0.9), (0.75, 0.5), (0.5, 0.1)),),
}
STATEMENT = "No hand that trembles wrote any of these"
EMPTY = "A place for the hand that cannot hold a pen"
MADE = "[data-test-script-state=notRunning] .exc-release-made"
LOAD = """
import io, json, sys
from datasets import load_dataset
rows = load_dataset(sys.argv[1], split="train", cache_dir=sys.argv[2])
pictures = [row["image"] for row in rows if row["image"] is not None]
print(json.dumps({"rows": len(rows), "pictures": [p.size for p in pictures]}))
"""


@pytest.fixture(scope="module")
def room(made_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    """The digits' first 120 in a shared room, as the command opens it."""
    root = tmp_path_factory.mktemp("arc")
    shutil.copytree(made_site, root / "site", ignore=shutil.ignore_patterns("workshop.duckdb*"))
    with sharing(PROJECT, root / "site", root, "Whose hands?") as found:
        yield found
    assert "Traceback" not in (root / "log.txt").read_text("utf-8")


@pytest.fixture
def address(room: Shared) -> str:
    """Where the room's windows open."""
    return str(room.address)


def enter(visit: Visit, way: str, name: str) -> Any:
    """Through the door, with a name and the consent."""
    page = visit.open(f"{way}{'&' if '?' in way else '?'}lang=en", "#name")
    page.fill("#name", name)
    page.check("[name=consent]")
    page.click(".exc-door-go")
    page.wait_for_selector(".exc-masthead")
    visit.settled()
    return page


def press(visit: Visit, name: str) -> None:
    """Press a button once the page stands."""
    visit.settled()
    visit.page.get_by_role("button", name=name, exact=True).first.click()


def go(visit: Visit, name: str, until: str) -> Any:
    """Follow a link of the page, as its words say it."""
    visit.settled()
    visit.page.get_by_role("link", name=name, exact=True).first.click()
    visit.page.wait_for_selector(until)
    visit.settled()
    return visit.page


def choose(page: Any, label: str, option: str) -> None:
    """One of a select box; typed, for its list closes while the page still scrolls to it."""
    box = page.get_by_role("combobox", name=label, exact=True)
    box.focus()
    box.press_sequentially(option, delay=15)
    page.get_by_role("option", name=option, exact=True).click()


def name_the_absence(visit: Visit) -> str:
    """From the essay that tells of thirteen hands: what is missing, said. Its address."""
    visit.open("/essay?lang=en", ".exc-essays")
    go(visit, "Thirteen hands", "article.essay")
    page = go(visit, "Say what is absent", ".st-key-say-form textarea")
    page.locator(".st-key-say-form textarea").first.fill(STATEMENT)
    press(visit, "Record as absent")
    page.wait_for_selector(".exc-one-statement")
    return str(page.url.removeprefix(visit.address))


def contest(visit: Visit, absence: str, first: Any) -> None:
    """Somebody else answers with a reason against it; it comes into the first window."""
    page = visit.open(absence, ".exc-one-statement")
    visit.settled()
    page.get_by_text("contest", exact=False).first.click()
    page.get_by_label("In my words").fill("Thirty more wrote them; did nobody tremble?")
    press(visit, "Send my answer")
    first.wait_for_selector(".exc-answer")


def plan_an_answer(visit: Visit) -> None:
    """From the absence to the plan that answers it."""
    page = go(visit, "Answer it with a counter-dataset", ".st-key-plan-form textarea")
    page.get_by_label("Title", exact=True).fill("Hands that tremble")
    page.get_by_label("Statement: what it is, and why", exact=True).fill("Written by ours.")
    page.get_by_label("What contributors agree to", exact=True).fill("It may be shown and kept.")
    choose(page, "Licence of the whole", "CC BY 4.0: Attribution")
    press(visit, "Write the plan")
    page.wait_for_selector(".exc-plan-statement")


def draw_five(visit: Visit, seen: Any) -> None:
    """Five hands on the sheet; each lands on the second window's Map."""
    page = go(visit, "Draw", ".exc-draw canvas")
    page.locator(".exc-draw-gate label").click()
    page.locator("[data-act=agree]").click()
    page.wait_for_selector(".exc-draw-gate", state="hidden")
    for number, (name, strokes) in enumerate(HANDS.items(), start=1):
        for points in strokes:
            drag(page, *points)
        seen.wait_for_selector(f".exc-made[data-made='{number}']", state="attached")
        page.wait_for_selector(LANDED)
        page.get_by_role("button", name=name, exact=True).click()
        page.get_by_role("button", name="Keep it, draw another").click()
        page.wait_for_selector(".exc-draw-hint")


def keep_a_place(visit: Visit) -> None:
    """A place that stays empty on purpose, with its caption."""
    go(visit, "To this counter-dataset", ".exc-plan-statement")
    go(visit, "Put something in", ".exc-ways")
    page = go(visit, "An empty place", ".st-key-empty-form")
    page.get_by_label("Its caption: what is not here", exact=False).fill(EMPTY)
    press(visit, "Keep this place empty")
    page.wait_for_selector(".exc-members .exc-member-empty")


def measure_again(visit: Visit) -> None:
    """The gap without and with the five; numbers of both stand beside each other."""
    press(visit, "Measure again")
    visit.page.wait_for_selector(".exc-again tbody tr td", timeout=180_000)
    visit.settled()
    heads = visit.page.locator(".exc-again thead").first.inner_text()
    assert "without" in heads
    assert "with the members" in heads
    probe = visit.page.locator(".exc-again", has=visit.page.get_by_text("Linear probe"))
    assert probe.locator("tbody tr").count() > 0  # all five bear a name of the dataset


def release(visit: Visit) -> None:
    """Nothing stops it: each agreed before drawing. Made by a press, verified by another."""
    page = go(visit, "Release", ".exc-release-open")
    press(visit, "Make the release")
    page.wait_for_selector(MADE, timeout=180_000)
    press(visit, "Verify it")
    page.wait_for_selector("text=are as they were written")
    visit.settled()


def look_around(shown: Any) -> None:
    """The wall of an exhibition: five pictures that are drawn, the absence, the empty place."""
    shown.wait_for_selector("h1")
    shown.wait_for_load_state()
    assert shown.locator(".face img").count() == 5
    for picture in shown.locator(".face img").all():
        picture.scroll_into_view_if_needed()
        assert picture.evaluate("one => one.decode().then(() => one.naturalWidth)") > 0
    assert STATEMENT in shown.inner_text(".absences")
    assert EMPTY in shown.inner_text("main")


def look_at_it_served(visit: Visit) -> None:
    """As somebody in the room opens it beside."""
    with visit.page.context.expect_page() as opening:
        visit.page.get_by_role("link", name="Open the exhibition").click()
    look_around(opening.value)


def look_at_it_from_a_stick(chromium: Any, folder: Path) -> None:
    """From its folder alone, without any network."""
    context = chromium.new_context(offline=True)
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((folder / "exhibition" / "index.html").as_uri())
    look_around(page)
    context.close()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def opened_with_datasets(folder: Path, cache: Path) -> dict[str, Any]:
    """The folder as `datasets` opens it, in a process that is offline."""
    env = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(cache)}
    command = [sys.executable, "-c", LOAD, str(folder), str(cache / "cache")]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_from_hands_that_are_missing_to_a_wall_of_them(
    windows: Any, chromium: Any, room: Shared, tmp_path: Path
) -> None:
    mirae, jun = windows(), windows()
    enter(mirae, room.facilitator, "Mirae")
    enter(jun, room.join, "Jun")
    mirae.open("/map?lang=en", ".exc-atlas[data-painted]")
    absence = name_the_absence(mirae)
    contest(jun, absence, mirae.page)
    plan_an_answer(mirae)
    draw_five(mirae, jun.open("/map?lang=en", ".exc-atlas[data-painted]"))
    keep_a_place(mirae)
    measure_again(mirae)
    release(mirae)
    look_at_it_served(mirae)
    (folder,) = (room.site / "releases").iterdir()
    look_at_it_from_a_stick(chromium, folder)
    assert len(opened_with_datasets(folder, tmp_path)["pictures"]) == 5
    command = [sys.executable, "-m", "excavate", "verify", str(folder)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, "whole" in done.stdout.lower()) == (0, True), done.stdout
