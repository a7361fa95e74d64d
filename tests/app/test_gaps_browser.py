"""A journey in a real browser: Gaps, a filter, a finding, its CSV, the map, measuring anew."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.app.browsing_machine import Visit, serving
from tests.app.findings_made import lay, measured, rows, unmeasured
from tests.app.test_browser import PAINTED, PROJECT
from tests.app.test_narrow import SPILLED

pytestmark = pytest.mark.browser
SIX = [f"digits/all/{n}" for n in range(40, 46)]


@pytest.fixture(scope="module")
def site(made_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("journey") / "site"
    shutil.copytree(made_site, copy)
    lay(copy, "digits", measured(rows(30, SIX)), {"tau": 25})
    lay(copy, "street", unmeasured(), {"tau": 1})
    return copy


@pytest.fixture(scope="module")
def address(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    log = tmp_path_factory.mktemp("served") / "log.txt"
    with serving(PROJECT, site, log) as found:
        yield found
    assert "Traceback" not in log.read_text("utf-8")


@pytest.fixture
def visit(chromium: Any, address: str) -> Iterator[Visit]:
    opened = Visit(chromium, address, accept_downloads=True)
    yield opened
    outside, broken = opened.outside(), opened.broken
    opened.close()
    assert outside == []
    assert broken == []


def pick(page: Any, key: str, text: str) -> None:
    """Choose from a menu by typing."""
    box = page.locator(f".st-key-{key} input").first
    box.click()
    box.fill(text)
    page.keyboard.press("Enter")


def test_from_gaps_over_a_finding_to_its_rows_and_the_map(visit: Visit, tmp_path: Path) -> None:
    page = visit.open("/?lang=en", ".exc-dataset")
    page.get_by_role("link", name="Gaps", exact=True).first.click()
    page.wait_for_selector(".exc-finding-unmeasured")
    page.wait_for_function("document.title === 'Gaps · Excavate'")
    visit.settled()
    pick(page, "choice-dataset", "digits")
    page.wait_for_url("**dataset=digits**")
    page.wait_for_selector(".exc-finding-unmeasured", state="detached")
    visit.settled()
    page.get_by_role("link", name="Open the finding").click()
    page.wait_for_selector(".exc-rows")
    page.wait_for_function("document.title === 'Intersections · digits · Excavate'")
    page.wait_for_selector(".js-plotly-plot .barlayer path >> nth=19", state="attached")
    visit.settled()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    download.value.save_as(tmp_path / "rows.csv")
    lines = (tmp_path / "rows.csv").read_text("utf-8-sig").splitlines()
    assert len(lines) == 31
    page.get_by_role("link", name="On the map").first.click()
    page.wait_for_selector(PAINTED)
    page.wait_for_selector(".exc-atlas[data-ringed='6']")
    visit.settled()
    assert page.locator(".exc-atlas-ring").count() == 6
    assert "no evidence" in page.locator(".exc-marked").inner_text()
    page.get_by_role("button", name="Let go of the selection").click()
    page.wait_for_selector(".exc-marked", state="detached")
    page.wait_for_selector(".exc-atlas[data-ringed='0']")


def test_the_host_measures_from_the_page_and_the_finding_appears(visit: Visit) -> None:
    page = visit.open("/gaps?lang=en", ".exc-finding")
    visit.settled()
    before = page.locator(".exc-finding").count()
    page.locator("[data-testid=stExpander] summary").first.click()
    visit.settled()
    pick(page, "measure-dataset", "shapes")
    visit.settled()  # the other menu is drawn anew with the dataset
    pick(page, "measure-name", "Intersections")
    page.wait_for_selector("text=Asudeh")
    visit.settled()
    page.get_by_role("button", name="Measure it").click()
    page.wait_for_function(
        "n => document.querySelectorAll('.exc-finding').length > n", arg=before, timeout=180_000
    )


def test_a_measuring_is_stopped_and_leaves_nothing_half_written(visit: Visit, site: Path) -> None:
    page = visit.open("/gaps?lang=en", ".exc-finding")
    visit.settled()
    kept = {file.name for file in (site / "findings").iterdir()}
    page.locator("[data-testid=stExpander] summary").first.click()
    visit.settled()
    pick(page, "measure-dataset", "all datasets")
    visit.settled()
    page.get_by_role("button", name="Measure it").click()
    page.get_by_role("button", name="Stop measuring").click()
    page.wait_for_selector("text=The measuring was stopped")
    new = {file.name for file in (site / "findings").iterdir()} - kept
    assert not [name for name in new if name.startswith(".")]
    page.wait_for_selector("[data-testid=stExpander]")  # it can be asked again


@pytest.mark.parametrize("width", [390, 1024])
def test_nothing_reaches_past_the_window(chromium: Any, address: str, width: int) -> None:
    narrow = Visit(chromium, address, viewport={"width": width, "height": 844})
    page = narrow.open("/gaps?lang=ko", ".exc-finding")
    narrow.settled()
    spilled = SPILLED.replace('".exc-strip,', '".exc-strip, .exc-rows,')
    assert page.evaluate(spilled) == []
    page.locator(".exc-sentence a").first.click()
    page.wait_for_selector(".exc-rows")
    narrow.settled()
    page.wait_for_timeout(1000)
    assert page.evaluate(spilled) == []
    narrow.close()


def test_on_a_phone_bars_have_room_and_nothing_is_cut(
    chromium: Any, address: str, site: Path
) -> None:
    made = lay(site, "digits", measured(rows(30, value="a very long label " * 4)), {"tau": 390})
    phone = Visit(chromium, address, viewport={"width": 390, "height": 844})
    page = phone.open(f"/finding?id={made}&lang=ko", ".exc-bars li >> nth=19")
    phone.settled()
    wide = "all => all.map(one => one.getBoundingClientRect().width)"
    bars = page.locator(".exc-bars li > div > i").evaluate_all(wide)
    assert len(bars) == 20
    assert max(bars) > 40, "the strongest: pixels"
    assert not page.locator(".js-plotly-plot").is_visible()
    page.set_viewport_size({"width": 1000, "height": 844})
    page.wait_for_selector(".js-plotly-plot .barlayer path >> nth=19", state="attached")
    assert not page.locator(".exc-bars").is_visible()
    page.wait_for_function(
        "() => Math.max(...[...document.querySelectorAll('.js-plotly-plot .barlayer path')]"
        ".map(one => one.getBoundingClientRect().width)) > 40"
    )
    phone.close()
