"""How long the app takes to paint its first page, in one real browser with an empty cache."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import taxonomy_page

PROJECT = Path(__file__).resolve().parent.parent
ROUNDS = 5
TARGET_S = 3.0
SURVEY = "/survey?lang=ko"
PAGES = (
    ("first page painted (Entrance)", "/?lang=ko", ".exc-dataset"),
    ("first page painted (Items, 48 pictures)", "/items?lang=ko", ".exc-grid figure"),
    ("first page painted (Map, WebGL in software)", "/map?lang=ko", ".exc-atlas[data-painted]"),
    ("first page painted (Survey, all dossiers)", SURVEY, ".exc-sheet >> visible=true"),
    ("first page painted (Gaps, 200 findings)", "/gaps?lang=ko", ".exc-finding"),
)
FINDINGS = 200
TURN_TARGET_S = 1.5  # a page within a session that stands


def measure() -> list[dict[str, Any]]:
    """Median seconds from the address to the painted page, new browser context each time.

    The server is warm (one visit before), the browser's cache is empty.
    """
    from playwright.sync_api import sync_playwright

    from excavate import dig
    from tests.app.browsing_machine import ARGUMENTS, CHROMIUM, serving

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Path(folder) / "site"
        dig("digits", site)
        _ask_often(site)
        with serving(PROJECT, site, Path(folder) / "log.txt") as address:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
            rows = [_row(browser, address, *page) for page in PAGES]
            rows.append(_turn(browser, address))
            browser.close()
    return [*rows, *taxonomy_page.measure()]


def _ask_often(site: Path) -> None:
    """So many findings in the site: one question with so many thresholds."""
    from excavate.gaps.asking import ask
    from excavate.gaps.question import Question
    from excavate.site import Site

    for tau in range(1, FINDINGS + 1):
        ask(Site(site), Question("intersections", "digits", parameters={"tau": tau}))


def _row(browser: Any, address: str, name: str, path: str, painted: str) -> dict[str, Any]:
    _seconds(browser, address + path, painted)
    taken = [_seconds(browser, address + path, painted) for _ in range(ROUNDS)]
    note = f"{ROUNDS} visits, {min(taken):.2f} to {max(taken):.2f} s; goal under {TARGET_S:g} s"
    return {"name": name, "ours_s": round(statistics.median(taken), 3), "note": note}


def _turn(browser: Any, address: str) -> dict[str, Any]:
    """From the press of a link on the Entrance to the painted Survey, the browser being warm."""
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    taken = []
    for _round in range(ROUNDS):
        page.goto(address + "/?lang=ko")
        page.wait_for_selector(".exc-dataset")
        started = time.perf_counter()
        page.locator(".exc-nav[href^='/survey']").click()
        page.wait_for_selector(".exc-sheet >> visible=true", timeout=60_000)
        taken.append(time.perf_counter() - started)
    page.context.close()
    note = f"{ROUNDS} turns, {min(taken):.2f} to {max(taken):.2f} s; goal under {TURN_TARGET_S:g} s"
    name = "from the Entrance to the painted Survey"
    return {"name": name, "ours_s": round(statistics.median(taken), 3), "note": note}


def _seconds(browser: Any, url: str, painted: str) -> float:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    started = time.perf_counter()
    page.goto(url)
    page.wait_for_selector(painted, timeout=60_000)
    taken = time.perf_counter() - started
    context.close()
    return taken


if __name__ == "__main__":
    for row in measure():
        print(f"{row['ours_s']:7.2f} s  {row['name']} ({row['note']})")
