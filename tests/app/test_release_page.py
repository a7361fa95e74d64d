"""The Release page: what stops it and where it is mended, who may press, what came of it."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from excavate.commands import made_job
from excavate.components.head import middleware
from excavate.components.measured_again_html import again_html
from excavate.i18n import speak
from excavate.release.released import Told, made, tell_released, told_last
from excavate.release.verifying import verify
from excavate.release_routes import POLICY, inside, zipped
from excavate.routes import routes
from excavate.site import Site
from excavate.workshop.authors import Author
from excavate.workshop.erasing import erase
from excavate.workshop.ids import new_id
from excavate.workshop.keeping import back_up
from excavate.workshop.withdrawing import hide
from tests.app.entering import SharedRoom
from tests.app.test_pages import text
from tests.release.rooms import CATALOGUED, Room

MARKUP = "<img src=x onerror=alert(1)>"


@pytest.fixture
def mirae(shared_room: SharedRoom) -> Author:
    return shared_room.enter("Mirae", "facilitator")


@pytest.fixture
def room(shared_room: SharedRoom, mirae: Author) -> Room:
    """A counter-dataset against the digits that may go out, with markup in its words."""
    filled = Room(Site(shared_room.site), shared_room.workshop, mirae)
    filled.plan(against="digits", title_en=MARKUP, title_ko=MARKUP)
    filled.put("drawn", label="8", reason=MARKUP)
    filled.put("chosen", CATALOGUED, item_id="digits/all/1")
    filled.put("empty", reason="떨리는 손이 올 자리")
    return filled


def asked(room: Room, kind: str = "release", **more: Any) -> dict[str, Any]:
    said = {"kind": kind, "plan_id": room.plan_id, "formats": [], "essays": [],
            "base": "https://example.org/hands"}  # fmt: skip
    return said | more


def done(shared_room: SharedRoom, given: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
    """Do what the page's process does, here; what it told at its end."""
    back_up(shared_room.workshop)
    state = shared_room.site / "state.json"
    code = made_job.run(shared_room.site, state, given)
    return code, json.loads(state.read_text("utf-8"))


def labels(app: Any) -> list[str]:
    return [button.label for button in app.button]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_stops_it_is_listed_with_the_way_to_mend_it(shared_room, mirae, room, language):
    blank = room.put("drawn", None)
    app = shared_room.run("release.py", mirae, plan=room.plan_id, lang=language)
    shown = text(app)
    words = {"ko": "공개를 막는 것 4가지", "en": "4 things stop it"}
    assert words[language] in shown
    assert shown.count(f"&amp;member={blank}") == 1  # one place for all that is wrong with it
    assert MARKUP not in shown
    press = {"ko": "공개본 만들기", "en": "Make the release"}
    assert press[language] not in labels(app)


@pytest.mark.parametrize(("role", "may"), [("participant", False), ("reviewer", True)])
def test_a_reviewer_presses_and_a_participant_is_told_who_does(shared_room, room, role, may):
    who = shared_room.enter("Jun", role)
    app = shared_room.run("release.py", who, plan=room.plan_id, lang="en")
    assert ("Make the release" in labels(app)) is may
    assert ("A reviewer or a facilitator makes the release" in text(app)) is not may
    assert "Nothing stops it" in text(app)


def test_without_a_counter_dataset_the_page_says_what_it_is_made_of(shared_room, mirae):
    assert "A release is made of one." in text(shared_room.run("release.py", mirae, lang="en"))


def test_a_link_to_another_counter_dataset_shows_none_in_its_place(shared_room, mirae, room):
    app = shared_room.run("release.py", mirae, plan="nope", lang="en")
    assert "This room holds no such counter-dataset" in text(app)
    assert f"plan={room.plan_id}" in text(app)
    assert "What would go out" not in text(app)
    assert "Make the release" not in labels(app)
    assert "What would go out" in text(shared_room.run("release.py", mirae, lang="en"))


def test_the_process_writes_a_release_and_the_workshop_is_told(shared_room, mirae, room):
    code, said = done(shared_room, asked(room, formats=["csv"]))
    assert code == 0
    (one,) = made(shared_room.site, "whose-hand")
    assert (one.name, one.checksum) == (said["release"], said["told"]["checksum"])
    assert verify(one.folder).is_whole
    assert (one.folder / "items.csv").is_file()
    assert told_last(shared_room.workshop, room.plan_id) is None  # that was a snapshot
    tell_released(shared_room.workshop, mirae.person_id, Told(**said["told"]))
    told = told_last(shared_room.workshop, room.plan_id)
    assert (told.version, list(told.members)) == ("1", room.made)
    assert done(shared_room, asked(room))[1]["release"] == "whose-hand-v2"
    assert [one.version for one in made(shared_room.site, "whose-hand")] == [2, 1]
    client = TestClient(Starlette(routes=routes()))
    served = [client.get(f"/release/whose-hand-v{n}.zip").status_code for n in (1, 2)]
    assert served == [200, 404]  # of the second nobody has told the room
    page = text(shared_room.run("release.py", mirae, plan=room.plan_id, lang="en"))
    assert "whose-hand-v2" in page
    assert "/release/whose-hand-v1.zip" in page


def test_what_stops_the_process_is_told_and_nothing_stands(shared_room, room):
    room.put("drawn", None)
    code, said = done(shared_room, asked(room))
    assert code == 1
    assert said["ended"] is True
    assert len(said["faults"]) == 4
    assert made(shared_room.site, "whose-hand") == []
    assert list((shared_room.site / "releases").glob(".*")) == []


def test_a_release_that_is_changed_is_told_so_by_one_press(shared_room, mirae, room):
    folder = made_folder(shared_room, room)
    app = shared_room.run("release.py", mirae, plan=room.plan_id, lang="en")
    press = next(one for one in app.button if one.label == "Verify it")
    assert "Whole:" in text(press.click().run())
    (folder / "RIGHTS.md").write_text("other", "utf-8")
    app = shared_room.run("release.py", mirae, plan=room.plan_id, lang="en")
    shown = text(next(one for one in app.button if one.label == "Verify it").click().run())
    assert "Not whole" in shown
    assert "RIGHTS.md" in shown


def made_folder(shared_room: SharedRoom, room: Room) -> Path:
    """A release that was made, and the room told of it."""
    code, said = done(shared_room, asked(room))
    assert code == 0
    tell_released(shared_room.workshop, room.mirae.person_id, Told(**said["told"]))
    return made(shared_room.site, "whose-hand")[0].folder


def test_a_facilitator_deletes_the_folder_of_what_was_taken_back_asked_once_more(
    shared_room, mirae, room
):
    folder = made_folder(shared_room, room)

    def page(who: Author) -> Any:
        return shared_room.run("release.py", who, plan=room.plan_id, lang="en")

    def press(app: Any, label: str) -> Any:
        return next(one for one in app.button if one.label == label).click().run()

    assert "Delete its folder…" not in labels(page(mirae)), "nothing was taken back"
    erase(shared_room.workshop, mirae, new_id(), "member", room.made[0])
    assert "Delete its folder…" not in labels(page(shared_room.enter("Jun", "reviewer")))
    app = press(page(mirae), "Delete its folder…")
    assert "Delete the folder of whose-hand-v1 from the site for good?" in text(app)
    assert folder.is_dir()
    app = press(app, "Leave it")
    assert folder.is_dir()
    assert "Delete it for good" not in labels(app)
    app = press(press(app, "Delete its folder…"), "Delete it for good")
    assert not folder.exists()
    assert "whose-hand-v1" not in text(app)
    assert not app.exception


def test_its_pages_go_out_as_they_are_with_a_policy_of_their_own(shared_room, room):
    folder = made_folder(shared_room, room)
    client = TestClient(Starlette(routes=routes(), middleware=middleware()))
    reply = client.get("/release/whose-hand-v1/finding-aid.html", headers={"Accept": "text/html"})
    assert reply.content == (folder / "finding-aid.html").read_bytes()  # nothing put into it
    assert reply.headers.get_list("content-security-policy") == [POLICY]
    assert "connect-src 'none'" in POLICY
    picture = client.get("/release/whose-hand-v1/items/0001.png")
    assert picture.content == (folder / "items" / "0001.png").read_bytes()
    assert picture.headers["x-content-type-options"] == "nosniff"


def test_nothing_else_of_the_site_is_reached_through_a_release(shared_room, room):
    folder = made_folder(shared_room, room)
    (folder / "link").symlink_to(shared_room.site / "CURRENT")
    (folder / "way").symlink_to(shared_room.site)
    client = TestClient(Starlette(routes=routes()))
    for path in (
        "whose-hand-v1/%2e%2e/%2e%2e/CURRENT", "whose-hand-v1/link", "whose-hand-v1/way/CURRENT",
        "whose-hand-v1/items", "whose-hand-v1/items/..%2f..%2f..%2fCURRENT", "whose-hand-v9/x",
        "..%2fworkshop.duckdb/x", "whose-hand-v9.zip", "%2e%2e.zip", "whose-hand-v1//etc/passwd",
    ):  # fmt: skip
        assert client.get(f"/release/{path}").status_code == 404, path


@pytest.fixture(scope="session")
def leaves(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("leaves")
    (root / "in" / "a").mkdir(parents=True)
    (root / "out").write_text("secret")
    (root / "in" / "a" / "b.txt").write_text("ours")
    return root


@settings(deadline=None)
@given(st.lists(st.sampled_from(["..", ".", "", "a", "b.txt", "\\..", "out"]), max_size=5))
def test_no_path_leaves_its_folder(leaves, parts):
    found = inside(leaves / "in", "/".join(parts))
    ours = leaves / "in" / "a" / "b.txt"
    assert found == (ours if parts == ["a", "b.txt"] else None)


def test_the_zip_holds_the_whole_release_and_is_the_same_each_time(shared_room, room, tmp_path):
    folder = made_folder(shared_room, room)
    client = TestClient(Starlette(routes=routes()))
    first, second = (client.get("/release/whose-hand-v1.zip").content for _ in range(2))
    assert first == second == b"".join(zipped(folder))
    with zipfile.ZipFile(io.BytesIO(first)) as packed:
        assert packed.testzip() is None
        packed.extractall(tmp_path)
    assert verify(tmp_path / "whose-hand-v1").is_whole


def test_what_somebody_took_back_is_shown_no_more(shared_room, mirae, room):
    made_folder(shared_room, room)
    client = TestClient(Starlette(routes=routes()))
    assert client.get("/release/whose-hand-v1/items/0001.png").status_code == 200
    hide(shared_room.workshop, mirae, new_id(), "member", room.made[0])
    for path in ("whose-hand-v1/items/0001.png", "whose-hand-v1.zip"):
        assert client.get(f"/release/{path}").status_code == 403
    page = text(shared_room.run("release.py", mirae, plan=room.plan_id, lang="en"))
    assert "1 thing in it was taken back since" in page
    assert "/release/whose-hand-v1" not in page


@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_is_measured_again_stands_on_the_plans_page(shared_room, mirae, room, language):
    before = text(shared_room.run("counter.py", mirae, id=room.plan_id, lang=language))
    empty = {"ko": "차이가 0이라는 뜻이 아닙니다", "en": "That is no difference of zero"}
    assert empty[language] in before
    code, said = done(shared_room, asked(room, "measure"))
    assert code == 0
    assert len(said["measured"]) >= 3
    shown = text(shared_room.run("counter.py", mirae, id=room.plan_id, lang=language))
    assert empty[language] not in shown
    assert shown.count('<article class="exc-again">') == len(said["measured"])
    assert "exc-again-unmeasured" in shown  # one member teaches no probe: said, not drawn as zero


def record(**more: Any) -> dict[str, Any]:
    one = {"value": 0.5, "low": 0.4, "high": 0.6}
    said = {"ko": "차이가 없습니다", "en": f"No difference {MARKUP}"}
    return {"measure": "coverage", "dataset": MARKUP, "reference": "faces", "encoder": "e",
            "parameters": {"k": 5}, "before": {"coverage": one, "recall": one},
            "after": {"coverage": one}, "difference": {"coverage": {**one, "value": -0.1}},
            "said": said, "not_measured": None, "revision": "r", "members": 3,
            "made_at": "2026-01-01"} | more  # fmt: skip


def test_a_number_that_is_missing_is_hatched_and_an_older_one_says_so():
    speak("en")
    shown = again_html(record(), stands=False)
    assert shown.count("exc-hatched") == 2  # recall after, and its difference
    assert "have changed since" in shown
    assert MARKUP not in shown
    assert re.search(r"−0\.10<small>0\.40 to 0\.60", shown)
    assert "have changed since" not in again_html(record(), stands=True)


def test_what_was_not_measured_has_a_reason_and_no_numbers():
    speak("ko")
    why = {"ko": "재지 않음: 라벨이 없습니다", "en": "Not measured: no label"}
    shown = again_html(record(not_measured="no label", said=why), stands=True)
    assert "<td>" not in shown
    assert "exc-hatched" in shown
    assert why["ko"] in shown
