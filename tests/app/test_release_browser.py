"""A journey in a real browser: a release is pressed, verified, opened, its exhibition runs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from excavate.release.verifying import verify
from excavate.site import Site
from excavate.workshop.store import Workshop
from tests.app.browsing_machine import Visit, serving
from tests.app.test_browser import PROJECT
from tests.app.test_narrow import SPILLED
from tests.release.rooms import Room

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(made_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("releasing") / "site"
    shutil.copytree(made_site, copy, ignore=shutil.ignore_patterns("workshop.duckdb*"))
    workshop = Workshop(copy)
    room = Room(Site(copy), workshop)
    room.plan(against="digits", answers=(room.absence(),))
    for _ in range(2):
        room.put("drawn", label="8")
    room.put("empty", reason="떨리는 손이 올 자리")
    workshop.close()
    return copy


@pytest.fixture(scope="module")
def address(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    log = tmp_path_factory.mktemp("served") / "log.txt"
    with serving(PROJECT, site, log) as found:
        yield found
    assert "Traceback" not in log.read_text("utf-8")


def test_a_release_is_made_by_a_press_verified_and_its_exhibition_runs(
    windows: Any, site: Path
) -> None:
    visit: Visit = windows()
    page = visit.open("/release?lang=en", ".exc-release-open")
    visit.settled()
    page.get_by_role("button", name="Make the release").click()
    page.wait_for_selector(".exc-release-made", timeout=120_000)
    visit.settled()
    assert verify(site / "releases" / "whose-hand-v1").is_whole
    page.get_by_role("button", name="Verify it").click()
    page.wait_for_selector("text=are as they were written")
    visit.settled()
    with page.context.expect_page() as opening:
        page.get_by_role("link", name="Open the exhibition").click()
    shown = opening.value
    faults: list[str] = []
    shown.on("pageerror", lambda error: faults.append(str(error)))
    shown.wait_for_selector("h1")
    shown.wait_for_load_state()
    loaded = """async () => Promise.all([...document.images].map(async (image) => {
        image.loading = "eager"; await image.decode(); return image.naturalWidth; }))"""
    widths = shown.evaluate(loaded)
    assert len(widths) >= 2
    assert min(widths) > 0
    shown.locator('[data-speak="en"]').first.click()
    shown.wait_for_selector('html[lang="en"][data-tongue="en"]')
    # Its own scripts run, and nothing else is reached: not even the site it is served from.
    reached = "fetch('/workshop/version').then(() => 'reached', () => 'refused')"
    assert shown.evaluate(reached) == "refused"
    assert shown.evaluate("document.fonts.ready.then(f => f.size > 0)")
    assert faults == []
    assert list((site / "releases").glob(".*")) == []


@pytest.mark.parametrize("width", [390, 820])
def test_nothing_of_the_release_page_reaches_past_the_window(windows: Any, width: int) -> None:
    visit: Visit = windows(viewport={"width": width, "height": 844})
    page = visit.open("/release?lang=ko", ".exc-release-open")
    visit.settled()
    assert page.evaluate(SPILLED) == []
