"""finding-aid.html as a person opens it from a disk: its switch, its pictures, no request."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from excavate.release.finding_aid import write
from tests.app.browsing_machine import ARGUMENTS, CHROMIUM
from tests.conftest import PROJECT
from tests.release.given import PLATES, contents, folder_of

pytestmark = pytest.mark.browser
AXE = PROJECT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
LOOK = "axe.run({preload: false}).then(r => r.violations.map(v => [v.id, v.impact]))"


@pytest.fixture
def window() -> Iterator[Any]:
    """A narrow window without any network."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        context = browser.new_context(offline=True, viewport={"width": 390, "height": 844})
        context.set_default_timeout(120_000)
        yield context.new_page()
        browser.close()


def seen(page: Any, selector: str) -> set[bool]:
    """Whether what is named is shown: all, none or some of it."""
    return {one.is_visible() for one in page.query_selector_all(selector)}


def test_it_opens_from_a_disk_and_is_read_in_either_language(window: Any, tmp_path: Path) -> None:
    write(contents(), folder_of(contents(), tmp_path))
    asked: list[str] = []
    window.on("request", lambda one: asked.append(one.url))
    window.goto((tmp_path / "finding-aid.html").as_uri())
    assert (seen(window, "dt .ko"), seen(window, "dt .en")) == ({True}, {False})
    window.get_by_text("English", exact=True).click()
    assert (seen(window, "dt .ko"), seen(window, "dt .en")) == ({False}, {True})
    window.keyboard.press("ArrowRight")  # a switch that keys reach
    assert (seen(window, "dt .ko"), seen(window, "dt .en")) == ({True}, {True})
    window.evaluate("[...document.images].forEach(one => { one.loading = 'eager' })")
    window.wait_for_function(
        "[...document.images].every(one => one.complete && one.naturalWidth > 0)"
    )
    assert window.locator("img").count() == sum(bool(plate.file) for plate in PLATES)
    assert window.evaluate("document.documentElement.scrollWidth") == 390
    assert {url.partition(":")[0] for url in asked} == {"file"}


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not installed (npm ci in frontend/)")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_to_mend(window: Any, scheme: str, tmp_path: Path) -> None:
    write(contents(), folder_of(contents(), tmp_path))
    window.emulate_media(color_scheme=scheme)
    window.goto((tmp_path / "finding-aid.html").as_uri())
    window.get_by_text("Both", exact=True).click()
    window.evaluate(AXE.read_text("utf-8"))
    assert window.evaluate(LOOK) == []
