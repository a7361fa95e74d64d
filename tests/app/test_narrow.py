"""Long names on narrow screens, whole words in menus, and the look that a person chooses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from excavate.site import Site
from tests.app.browsing_machine import Visit, serving
from tests.app.long_site import SPEC, make_long_site
from tests.app.test_browser import PAINTED, PROJECT
from tests.app.test_browser import address as address

pytestmark = pytest.mark.browser

# What reaches past the right edge of the window, but for what scrolls inside its own frame.
SPILLED = """() => [...document.querySelectorAll(".stApp *")].filter((e) => {
  if (e.closest(".exc-strip, canvas, svg, .st-key-links")) return false;
  const box = e.getBoundingClientRect();
  return box.width > 1 && box.height > 1 && box.right > innerWidth + 1;
}).map((e) => `${e.tagName}.${e.className} ${e.textContent.slice(0, 40)}`)"""
WIDTHS = """() => {
  const main = document.querySelector("[data-testid=stMain]");
  return [document.documentElement.scrollWidth - innerWidth, main.scrollWidth - main.clientWidth];
}"""
CUT = """() => [...document.querySelectorAll("[data-testid=stSelectbox] input")]
  .filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.value)"""


@pytest.fixture(scope="module")
def long_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_long_site(tmp_path_factory.mktemp("long"))


@pytest.fixture(scope="module")
def long_address(long_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(PROJECT, long_site, tmp_path_factory.mktemp("served") / "log.txt") as found:
        yield found


def long_paths(site: Path) -> list[tuple[str, str]]:
    """The four pages, with all that can be long on them, and what shows that they stand."""
    opened = Site(site)
    boxed = quote(str(opened.items("boxes")["item_id"][0]), safe="")
    filed = str(opened.items()["item_id"].iloc[-1])
    layout = next(m.id for m in opened.layouts() if m.provenance["datasets"][0][0] == "boxes")
    chosen = quote(str(opened.labels("boxes")["value"][0]), safe="")
    opened.close()
    return [
        ("/?", ".exc-dataset"),
        ("/items?dataset=boxes&field=category", ".exc-grid figure"),
        (f"/map?layout={layout}&point={boxed}&chosen={chosen}", PAINTED),
        (f"/item?id={boxed}", ".exc-large img"),
        (f"/item?id={quote(filed, safe='')}", ".exc-large img"),
    ]


@pytest.mark.parametrize("width", [390, 820])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_long_names_stay_on_the_screen(
    chromium: Any, long_address: str, long_site: Path, language: str, width: int
) -> None:
    visit = Visit(chromium, long_address, viewport={"width": width, "height": 844})
    for path, until in long_paths(long_site):
        page = visit.open(f"{path}&lang={language}", until)
        visit.settled()
        assert max(page.evaluate(WIDTHS)) <= 0, path
        assert page.evaluate(SPILLED) == [], path
    visit.open(f"/map?lang={language}", PAINTED)
    visit.settled()
    assert page.locator(".exc-lens .exc-mono").inner_text() == SPEC
    assert visit.broken == []
    visit.close()


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("width", [1366, 820, 390])
def test_menus_show_whole_words(chromium: Any, address: str, language: str, width: int) -> None:
    visit = Visit(chromium, address, viewport={"width": width, "height": 844})
    for path in ("/items?order=labels&pixels=fault&field=target", "/map?"):
        page = visit.open(f"{path}&lang={language}", ".stSelectbox input")
        visit.settled()
        assert page.evaluate(CUT) == [], path
    visit.close()


@pytest.mark.parametrize("system", ["light", "dark"])
def test_a_look_is_chosen_against_the_system(chromium: Any, address: str, system: str) -> None:
    visit = Visit(chromium, address, color_scheme=system)
    page = visit.open("/map?lang=en", PAINTED)
    paper, night = "rgb(247, 244, 238)", "rgb(23, 22, 20)"
    as_system = paper if system == "light" else night
    for name, ground in (("as the system", as_system), ("dark", night), ("light", paper)):
        page.get_by_role("button", name=f"Look: {name}").wait_for()
        page.wait_for_selector(PAINTED)
        visit.settled()
        for part in ("body", ".stApp"):
            shown = page.locator(part).first.evaluate("e => getComputedStyle(e).backgroundColor")
            assert shown == ground, (name, part)
        assert corner(page) == ground
        page.locator(".exc-look").click()
    visit.close()


def corner(page: Any) -> str:
    """The colour of the map's ground, where no point lies."""
    import io

    from PIL import Image

    shot = Image.open(io.BytesIO(page.locator(".exc-atlas canvas").screenshot())).convert("RGB")
    return str(shot.getpixel((8, 30))).replace("(", "rgb(")
