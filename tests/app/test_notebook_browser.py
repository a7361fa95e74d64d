"""A journey of two people: a note, a saved item, a presentation that the other one sees change."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from excavate.door.cookie import Carried, cookie_name, sealed
from excavate.door.secrets import host_secrets
from excavate.workshop.authors import Author
from excavate.workshop.ids import new_id
from excavate.workshop.members import enter, open_room
from excavate.workshop.store import Workshop
from tests.app.browsing_machine import Visit, serving
from tests.app.test_browser import PROJECT

pytestmark = pytest.mark.browser
ITEM = "/item?id=digits%2Fall%2F7&lang=en"
SPOKEN = "<script>alert(1)</script> Nobody is said to have written these"


@pytest.fixture(scope="module")
def room(made_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A shared room with two people in it, served; their cookies by name."""
    folder = tmp_path_factory.mktemp("notebooks")
    site, secrets = folder / "site", folder / "secrets"
    shutil.copytree(made_site, site, ignore=shutil.ignore_patterns("workshop.duckdb*"))
    workshop = Workshop(site, shared=True)
    open_room(workshop, "A room")
    people = {name: Author(new_id(), name, "en", "yes") for name in ("Mirae", "Jun")}
    for who in people.values():
        enter(workshop, who)
    key, room_id = host_secrets(secrets).key, workshop.room_id
    workshop.close()
    cookies = {name: sealed(key, Carried(room_id, who.person_id)) for name, who in people.items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXCAVATE_SECRETS", str(secrets))
        patch.setenv("EXCAVATE_SHARED_ROOM", "1")
        with serving(PROJECT, site, folder / "log.txt") as address:
            yield {"address": address, "cookies": cookies, "cookie": cookie_name(room_id),
                   "people": people, "site": site}  # fmt: skip
    assert "Traceback" not in (folder / "log.txt").read_text("utf-8")


def visit(chromium: Any, room: dict[str, Any], name: str) -> Visit:
    opened = Visit(chromium, room["address"])
    cookie = {"name": room["cookie"], "value": room["cookies"][name], "url": room["address"]}
    opened.context.add_cookies([cookie])
    return opened


def test_what_one_shows_another_sees_and_sees_go(chromium: Any, room: dict[str, Any]) -> None:
    mirae, jun = visit(chromium, room, "Mirae"), visit(chromium, room, "Jun")
    mine = mirae.open("/notebook?lang=en", "textarea[aria-label='In my own words']")
    mirae.settled()
    mine.get_by_label("In my own words").fill(SPOKEN)
    mine.get_by_text("Show it in my presentation").click()
    mirae.settled()
    mine.get_by_role("button", name="Keep the note").click()
    mine.wait_for_selector(".exc-noted-text")
    mirae.open(ITEM, ".exc-item-name")
    mirae.settled()
    mine.get_by_role("button", name="Keep in my notebook").click()
    mine.get_by_role("link", name="In my notebook").wait_for()
    mirae.settled()
    mine.get_by_role("link", name="In my notebook").click()
    mine.wait_for_selector(".exc-noted-item")
    mirae.settled()
    mine.get_by_role("button", name="Mark to be shown").click()
    mine.get_by_text("2 of 2 notes are marked").wait_for()
    mirae.settled()
    mine.locator("input[aria-label='Title']").fill("Whose hands?")
    mine.get_by_text("Open to everyone in the room").click()
    mirae.settled()
    mine.get_by_role("button", name="Save the presentation").click()
    mine.locator(".exc-presentations").get_by_text("Whose hands?").wait_for()

    theirs = jun.open("/notebook?lang=ko", ".exc-presentations a")
    jun.settled()
    theirs.locator(".exc-presentations a").click()
    theirs.wait_for_selector(".exc-presentation .exc-noted-item img")
    jun.settled()
    assert SPOKEN in theirs.locator(".exc-presentation").inner_text()
    theirs.evaluate("document.querySelector('.exc-presentation').dataset.stood = '1'")

    mirae.settled()
    mine.get_by_role("button", name="Do not show it").first.click()
    theirs.wait_for_function(
        "document.querySelectorAll('.exc-presentation .exc-noted-item').length === 1"
        " && !document.querySelector('.exc-presentation').innerText.includes('Nobody is said')"
    )
    assert theirs.locator(".exc-presentation .exc-noted-item").count() == 1
    assert mirae.outside() + jun.outside() == []
    assert mirae.broken + jun.broken == []
    mirae.close()
    jun.close()


def test_time_is_counted_for_who_asked_and_nothing_is_sent_for_others(
    chromium: Any, room: dict[str, Any]
) -> None:
    jun = visit(chromium, room, "Jun")
    page = jun.open("/mine?lang=en", "textarea, .exc-difference")
    jun.settled()
    assert not page.locator(".st-key-labour").count()  # no script that could send anything
    page.get_by_text("Count my time").click()
    jun.settled()
    page.wait_for_selector(".st-key-labour", state="attached")
    jun.settled()
    page.mouse.move(200, 200)
    page.wait_for_timeout(2600)  # the clock counts whole seconds, there is nothing to wait for
    for _again in range(5):  # what is sent as a page goes may come after the next is asked for
        jun.open(ITEM, ".exc-item-name")
        jun.open("/mine?lang=en", ".exc-difference")
        jun.settled()
        if page.locator("td", has_text="other pages").count():
            break
    assert "second" in page.locator("td", has_text="other pages").inner_text()
    assert jun.broken == []
    jun.close()


def test_nothing_is_taken_from_who_is_outside_or_has_it_off(room: dict[str, Any]) -> None:
    import httpx

    report = {"id": new_id(), "activity": "look", "seconds": 5, "about": ""}
    body = {"person": room["people"]["Mirae"].person_id, "reports": [report]}
    asked = f"{room['address']}/workshop/labour"
    outside = httpx.post(asked, json=body)
    assert outside.status_code in (303, 307, 401, 403)
    inside = httpx.Client(cookies={room["cookie"]: room["cookies"]["Mirae"]})
    assert inside.post(asked, json=body).json() == {"kept": 0.0, "off": True}
    assert inside.post(asked, data=body).status_code == 415
    for wrong in ({}, {"person": "x", "reports": [{"id": 1}]}, {"person": "x", "reports": 3}):
        assert inside.post(asked, json=wrong).status_code == 400
    assert inside.post(asked, json=body | {"pad": "x" * 20_000}).status_code == 400
    inside.close()
