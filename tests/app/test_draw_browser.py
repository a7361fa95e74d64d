"""Drawing in a browser: it lands on everybody's Map, a hand that rests draws nothing, no line is
needed to keep what was drawn."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any

import pytest

from tests.app.browsing_machine import Visit, serving

PROJECT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.browser
SHEET = ".exc-draw canvas"
LANDED = ".exc-draw-near:not([hidden])"
KEPT = "document.querySelector('.exc-draw-state')?.textContent === \"Kept, and on everyone's Map\""
SHELF = (
    "JSON.parse(Object.entries(sessionStorage).find(([k]) => k.startsWith('excavate-draw:'))[1])"
)
Window = Callable[..., Visit]


@pytest.fixture(scope="module")
def address(made_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The digits' first 120 at one machine, served."""
    root = tmp_path_factory.mktemp("drawing")
    copytree(made_site, root / "site", ignore=ignore_patterns("workshop.duckdb*"))
    os.environ["EXCAVATE_ARCHIVES"] = str(root)
    try:
        with serving(PROJECT, root / "site", root / "log.txt") as found:
            yield found
    finally:
        del os.environ["EXCAVATE_ARCHIVES"]
    assert "Traceback" not in (root / "log.txt").read_text("utf-8")


def named(visit: Visit, name: str) -> Any:
    """Give a name; whoever comes first begins the exercise with it."""
    page = visit.open("/draw?lang=en", "[data-testid=stFormSubmitButton] button")
    visit.settled()
    page.get_by_role("textbox", name="Your name").fill(name)
    page.locator("[data-testid=stCheckbox] label").click()
    page.locator("[data-testid=stFormSubmitButton] button").click()
    page.wait_for_selector(SHEET)
    visit.settled()
    return page


def ready(visit: Visit, name: str) -> Any:
    """At the sheet, agreed to what is done with a drawing."""
    page = named(visit, name)
    page.locator(".exc-draw-gate label").click()
    page.locator("[data-act=agree]").click()
    page.wait_for_selector(".exc-draw-gate", state="hidden")
    return page


def spots(page: Any, *points: tuple[float, float]) -> list[tuple[float, float]]:
    """Places on the sheet, from shares of its side."""
    page.locator(SHEET).scroll_into_view_if_needed()
    box = page.locator(SHEET).bounding_box()
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]


def drag(page: Any, *points: tuple[float, float]) -> None:
    first, *rest = spots(page, *points)
    page.mouse.move(*first)
    page.mouse.down()
    for one in rest:
        page.mouse.move(*one, steps=5)
    page.mouse.up()


def test_what_one_draws_lands_on_everybodys_map_until_it_is_taken_back(windows: Window) -> None:
    page = ready(windows(), "Mirae")
    other = windows()
    seen = other.open("/map?lang=en", ".exc-atlas[data-painted]")
    seen.evaluate("window.stands = true")  # a reload would lose this
    drag(page, (0.5, 0.15), (0.5, 0.85))
    seen.wait_for_selector(".exc-made[data-made='1'] a")
    mark = seen.locator(".exc-made-mark")
    assert mark.inner_text() == "Mirae"
    assert mark.get_attribute("href").startswith("/counter?id=")
    assert seen.get_attribute(".exc-made path", "d").count("M") == 3
    page.wait_for_selector(LANDED)
    page.get_by_role("button", name="1", exact=True).click()
    seen.wait_for_function(
        "document.querySelector('.exc-made-mark span')?.textContent === 'Mirae · 1'"
    )
    page.get_by_role("button", name="Keep it, draw another").click()
    page.get_by_role("button", name="Take back: Drawing 1").click()
    seen.wait_for_selector(".exc-made[data-made='0']", state="attached")
    assert seen.evaluate("window.stands") is True


def test_a_pen_keeps_its_pressure_and_the_hand_beside_it_draws_nothing(windows: Window) -> None:
    visit = windows(has_touch=True)
    page = ready(visit, "Jun")
    device = visit.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        at = [{"x": x, "y": y, "id": 1, "radiusX": 5, "radiusY": 5} for x, y in points]
        device.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    def pen(kind: str, at: tuple[float, float], force: float) -> None:
        device.send("Input.dispatchMouseEvent", {
            "type": kind, "x": at[0], "y": at[1], "button": "left", "buttons": 1,
            "pointerType": "pen", "force": force, "clickCount": 1,
        })  # fmt: skip

    start, middle, end, palm, moved = spots(
        page, (0.3, 0.3), (0.5, 0.5), (0.7, 0.7), (0.8, 0.9), (0.7, 0.9)
    )
    touch("touchStart", palm)  # the hand comes down before its pen
    pen("mousePressed", start, 0.25)
    pen("mouseMoved", middle, 0.5)
    touch("touchMove", moved)
    pen("mouseMoved", end, 0.875)
    pen("mouseReleased", end, 0.0)
    touch("touchEnd")
    touch("touchStart", palm)
    touch("touchMove", moved)
    touch("touchEnd")
    page.wait_for_function(KEPT)
    (stroke,) = page.evaluate(f"{SHELF}.now.strokes")
    assert stroke["pen"] == "pen"
    assert [point[2] for point in stroke["points"]] == [0.25, 0.5, 0.88]
    page.get_by_role("button", name="Keep it, draw another").click()
    page.wait_for_selector(".exc-draw-hint")
    palm, moved = spots(page, (0.8, 0.6), (0.7, 0.8))
    touch("touchStart", palm)  # on a new sheet a finger may draw: no pen was seen on it
    touch("touchMove", moved)
    touch("touchEnd")
    page.wait_for_function(KEPT)
    assert [one["pen"] for one in page.evaluate(f"{SHELF}.now.strokes")] == ["touch"]


def test_a_drawing_outlives_a_dropped_line_and_a_reload_and_is_kept_once(windows: Window) -> None:
    visit = windows()
    page = ready(visit, "Sol")
    page.route("**/counter/draw", lambda route: route.abort())
    drag(page, (0.3, 0.2), (0.7, 0.2), (0.45, 0.85))
    drag(page, (0.3, 0.5), (0.7, 0.5))
    page.wait_for_selector(".exc-draw-state.exc-dashed")
    assert "kept in this tab" in page.inner_text(".exc-draw-state")
    drawn = page.evaluate(f"{SHELF}.now.strokes")
    page = named(visit, "Sol")  # loads the page anew
    assert page.evaluate(f"{SHELF}.now.strokes") == drawn
    assert page.locator(".exc-draw-gate").is_hidden()
    answers: list[Any] = []
    page.on("response", lambda reply: "/counter/draw" in reply.url and answers.append(reply))
    page.unroute("**/counter/draw")
    page.wait_for_function(KEPT)
    page.wait_for_function(f"{SHELF}.waiting.length === 0")
    member = page.evaluate(f"{SHELF}.now.member")
    assert {one.json()["member"] for one in answers} == {member}
    told = json.loads(page.evaluate(
        "(async () => (await fetch(`/counter/places?layout=${LAYOUT}`)).text())()"
        .replace("${LAYOUT}", answers[-1].json()["layout"])
    ))  # fmt: skip
    assert [one["id"] for one in told["made"] if one["by"] == "Sol"] == [member]


def test_who_is_handed_the_tablet_agrees_for_themself_and_sees_nothing_of_the_one_before(
    windows: Window,
) -> None:
    visit = windows()
    page = ready(visit, "Mirae")
    page.locator(".exc-draw-field input").fill("Mirae Kim")
    drag(page, (0.5, 0.15), (0.5, 0.85))
    page.wait_for_function(KEPT)
    page.get_by_role("button", name="Keep it, draw another").click()
    page = named(visit, "Jun")
    page.wait_for_selector(".exc-draw-gate")
    assert page.locator(".exc-draw-field input").input_value() == ""
    assert page.locator(".exc-draw-made li").count() == 0


def test_where_the_text_changed_it_is_read_again_and_the_drawing_waits(windows: Window) -> None:
    page = ready(windows(), "Haneul")
    told = {"what": "changed", "todo": "", "faults": [],
            "again": {"agreed": "", "consent": "We sell it", "rights": "CC0"}}  # fmt: skip
    posts: list[Any] = []

    def answer(route: Any) -> None:
        posts.append(route.request.post_data_json)
        if len(posts) == 1:
            told["again"]["agreed"] = posts[0]["agreed"]  # type: ignore[index]
            route.fulfill(status=409, json=told)
        else:
            route.continue_()

    page.route("**/counter/draw", answer)
    drag(page, (0.5, 0.15), (0.5, 0.85))
    page.wait_for_selector(".exc-draw-gate:not([hidden])")
    assert page.inner_text(".exc-draw-consent") == "We sell it"
    assert len(posts) == 1
    page.locator(".exc-draw-gate label").click()
    page.locator("[data-act=agree]").click()
    page.wait_for_function(KEPT)
    assert posts[1]["strokes"] == posts[0]["strokes"]
    assert posts[1]["rights"] != posts[0]["rights"]
