"""A journey in a real browser: an essay is read, measured where it lacks, and taken away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.app.browsing_machine import Visit, serving
from tests.app.test_browser import PROJECT

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app on all digits, of which nothing was asked yet."""
    from excavate.digging import dig

    folder = tmp_path_factory.mktemp("read")
    for stage in ("catalogue", "embed", "neighbours"):
        dig("digits", folder / "site", only=stage)
    with serving(PROJECT, folder / "site", folder / "log.txt") as found:
        yield found
    assert "Traceback" not in (folder / "log.txt").read_text("utf-8")


def test_an_essay_is_read_measured_and_taken_away(
    windows: Any, chromium: Any, tmp_path: Path
) -> None:
    visit: Visit = windows(accept_downloads=True)
    page = visit.open("/essay?lang=en", ".exc-essays")
    visit.settled()
    page.get_by_role("link", name="Thirteen hands").click()
    page.wait_for_selector(".essay-unasked")
    visit.settled()
    assert page.locator(".essay-pictures img").count() == 130
    page.get_by_role("button", name="Measure them now").click()
    page.wait_for_selector(".essay-unasked", state="detached", timeout=300_000)
    visit.settled()
    number = page.locator('.essay-pair > [lang="en"] .essay-number', has_text="0.17 %").first
    assert number.get_attribute("href") == "#thirteen-hands-doubt"
    assert "thin" in page.locator("#thirteen-hands-even").inner_text()
    assert page.locator("#thirteen-hands-thirty .essay-hatched").count() == 1  # and none measured
    with page.expect_download() as taken:
        page.get_by_role("button", name="Take it with you as one HTML file").click()
    kept = tmp_path / "essay.html"
    taken.value.save_as(kept)
    assert asked_of_file(chromium, kept) == [kept.as_uri()]


def asked_of_file(chromium: Any, file: Path) -> list[str]:
    """What a file by itself asks for; it fits every width, in two columns where there is room."""
    page, asked = chromium.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    page.wait_for_selector("article.essay")
    columns = "getComputedStyle(document.querySelector('.essay-pair')).gridTemplateColumns"
    for width, count in ((1366, 2), (820, 2), (390, 1)):
        page.set_viewport_size({"width": width, "height": 900})
        assert len(page.evaluate(columns).split()) == count
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()
    return [url for url in asked if not url.startswith("data:")]
