"""The whole way in a real browser: from an item into a counter-dataset, its rights, the wall."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.app.browsing_machine import serving, settle
from tests.counter.pictures_made import saved, with_everything

PROJECT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.browser
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


@pytest.fixture(scope="module")
def address(made_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp("counter")
    shutil.copytree(made_site, root / "site", ignore=shutil.ignore_patterns("workshop.duckdb*"))
    with serving(PROJECT, root / "site", root / "log.txt") as found:
        yield found
    assert "Traceback" not in (root / "log.txt").read_text("utf-8")


def sign(page: Any) -> None:
    """The name, and the consent where it was not given yet."""
    settle(page)
    page.get_by_role("textbox", name="Your name, as it is to be shown").fill("Mirae")
    agree = page.locator('[class*="-consent"] [data-testid="stCheckbox"] label')
    if agree.count():
        agree.click()


def press(visit: Any, name: str) -> None:
    visit.settled()
    visit.page.get_by_role("button", name=name, exact=True).first.click()


def write_plan(visit: Any) -> str:
    """A plan by its form; its id."""
    page = visit.open("/counter?new=1&lang=en", ".st-key-plan-form textarea")
    visit.settled()
    page.get_by_label("Title", exact=True).fill("Whose hands?")
    page.get_by_label("Statement: what it is, and why", exact=True).fill("Ours.")
    page.get_by_label("What contributors agree to", exact=True).fill("It may be shown.")
    sign(page)
    press(visit, "Write the plan")
    page.wait_for_selector(".exc-plan-statement")
    visit.settled()
    return str(page.url.split("id=")[1].split("&")[0])


def put_in_an_item(visit: Any) -> None:
    """From an item's own page, with its rights."""
    page = visit.open("/item?lang=en&id=digits%2Fall%2F7", ".exc-put-ways a.exc-put")
    visit.settled()
    page.locator("a.exc-put").first.click()
    page.wait_for_selector(".exc-pick")
    visit.settled()
    page.get_by_label("Why it is in").fill("It lies nearest to mine")
    sign(page)
    press(visit, "Put what is ticked in")
    page.wait_for_selector(".exc-consent")
    visit.settled()
    page.get_by_label("Creator: who made it").fill("Thirteen people")
    page.get_by_text("not needed", exact=True).first.click()
    press(visit, "Say this of what is ticked")
    page.wait_for_selector(".exc-members .exc-member-chosen")


def put_in_a_photograph(visit: Any, plan: str, photograph: Path) -> None:
    """A file; its rights are left for later."""
    photograph.write_bytes(saved("JPEG", 300, exif=with_everything()))
    page = visit.open(f"/collect?plan={plan}&by=files&lang=en", '[data-testid="stFileUploader"]')
    visit.settled()
    page.set_input_files('[data-testid="stFileUploader"] input[type="file"]', photograph)
    page.wait_for_selector("text=Taken out of the file: place, serial numbers")
    page.get_by_label("Why it is in").fill("My own hand")
    sign(page)
    press(visit, "Put what is ticked in")
    page.wait_for_selector(".exc-consent")


def hang(visit: Any, plan: str) -> None:
    """Both in one room, changed about; the wall text is typed before the press that moves."""
    page = visit.open(f"/hang?plan={plan}&lang=en", ".st-key-hang-pool")
    press(visit, "Hang all in a first room")
    page.wait_for_selector(".st-key-hang-room")
    visit.settled()
    page.get_by_label("Wall text, English").fill("Two hands, one of them ours.")
    press(visit, "↓")
    page.wait_for_selector("text=Moved, but not saved yet")
    visit.settled()
    assert page.get_by_label("Wall text, English").input_value() == "Two hands, one of them ours."
    sign(page)
    press(visit, "Save this order")
    page.wait_for_selector("text=Saved as it stands")


def test_from_an_item_and_a_photograph_to_the_wall(windows: Any, tmp_path: Path) -> None:
    visit = windows()
    plan = write_plan(visit)
    put_in_an_item(visit)
    put_in_a_photograph(visit, plan, tmp_path / "hand.jpg")
    hang(visit, plan)
    phone = windows(**PHONE, locale="ko-KR")
    seen = phone.open(f"/counter?id={plan}&lang=ko", ".exc-members .exc-member-uploaded img")
    phone.settled()
    assert seen.locator(".exc-member-uploaded img.exc-faced").count() == 1  # nobody said who is it
    assert seen.evaluate("document.documentElement.scrollWidth") <= 390
    seen.locator(".exc-member-uploaded").scroll_into_view_if_needed()
    seen.wait_for_function("document.querySelector('.exc-member-uploaded img')?.naturalWidth > 0")
