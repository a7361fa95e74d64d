"""The board's route and page: who is let in, what is sent again, sorting in two presses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from excavate.components.board_asked import Asked
from excavate.components.board_kept import Looks, board_drawn
from excavate.i18n import LANGUAGES, _, speak
from excavate.routes import routes, served_workshop
from excavate.site import Site
from excavate.workshop.about import About
from excavate.workshop.absence_record import GivenAbsence
from excavate.workshop.absences import correct
from excavate.workshop.conversation import translate
from excavate.workshop.ids import new_id
from excavate.workshop.store import Workshop
from tests.app.board_made import OURS, Read, board_of, entered, told
from tests.app.entering import SharedRoom
from tests.app.test_board import room as room
from tests.app.test_pages import run, text
from tests.app.test_veiled_findings import ITEM
from tests.app.test_veiled_findings import crowd as crowd
from tests.app.test_veiled_findings import kept as kept
from tests.app.tree_site import SLUR
from tests.workshop.given import author


@pytest.fixture
def asked_for(served: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The route of the board, on a copy of the made site."""
    import shutil

    mine = tmp_path / "site"
    shutil.copytree(served, mine, ignore=shutil.ignore_patterns("workshop.duckdb*"))
    monkeypatch.setenv("EXCAVATE_SITE", str(mine))
    return TestClient(Starlette(routes=routes()))


def test_a_board_that_is_held_already_is_not_sent_again(asked_for: Any) -> None:
    told(served_workshop(), author(), "Hands that shake")
    first = asked_for.get("/workshop/board?lang=en", headers={"Accept-Encoding": "identity"})
    assert first.headers["cache-control"] == "private, no-cache"
    assert "Cookie" in first.headers["vary"]
    held = {"If-None-Match": first.headers["etag"], "Accept-Encoding": "identity"}
    assert asked_for.get("/workshop/board?lang=en", headers=held).status_code == 304
    packed = asked_for.get("/workshop/board?lang=en", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.text == first.text
    told(served_workshop(), author(), "Street vendors")
    again = asked_for.get("/workshop/board?lang=en", headers=held)
    assert again.status_code == 200
    assert "Street vendors" in again.text


def test_places_are_drawn_from_the_layout_and_said_to_be_one(asked_for: Any) -> None:
    from excavate.routes import served_site

    layout = served_site().layouts()[-1].id
    who = author()
    told(served_workshop(), who, "An eight", about=About("item", {"item_id": "digits/all/8"}))
    outline = About("lasso", {"layout_id": layout, "polygon": [[0, 0], [9, 0], [9, 9]]})
    told(served_workshop(), who, "A corner", about=outline)
    told(served_workshop(), who, "Nowhere")
    html = asked_for.get("/workshop/board?lang=en&by=place").text
    assert Read(html).tags <= OURS
    assert html.count("<circle") == 1
    assert html.count('class="exc-board-outline"') == 1
    assert "Places are a layout" in html
    assert "Said of no place on a map" in html
    assert html.count('src="/thumb/digits/') == 1


def test_a_board_holds_what_is_said_of_one_thing(asked_for: Any) -> None:
    who = author()
    told(served_workshop(), who, "Of the digits", about=About("dataset", {"dataset": "digits"}))
    told(served_workshop(), who, "Of the street", about=About("dataset", {"dataset": "street"}))
    for about in ("dataset:digits", 'on:dataset:{"dataset":"digits"}'):
        html = asked_for.get("/workshop/board", params={"about": about, "lang": "en"}).text
        assert "Of the digits" in html
        assert "Of the street" not in html


def test_names_below_a_contested_category_are_veiled_on_every_board(crowd, tmp_path) -> None:
    site = Site(crowd.site)
    (tmp_path / "said").mkdir()
    workshop, who = Workshop(tmp_path / "said"), author()
    for about in (
        About("category", {"dataset": "crowd", "name": SLUR, "node_id": SLUR}),
        About("cell", {"dataset": "crowd", "values": {"folder": SLUR}}),
        About("item", {"item_id": ITEM}),
        About("part", {"item_id": ITEM, "xywh": "percent:0,0,9,9"}),
    ):  # fmt: skip
        told(workshop, who, f"An absence in a {about.kind}", about=about)
    for asked in (Asked(language="en"), Asked(language="en", presenter=True)):
        html = board_drawn(workshop, site, Looks(who.person_id, "facilitator"), asked)
        assert html.content.count(b"An absence in a") == 4
        assert SLUR not in Read(html.content.decode()).text
    workshop.close()
    site.close()


def test_a_translation_stands_beside_the_words_it_is_of(room) -> None:
    mirae, other = entered(room, "Mirae"), entered(room, "Jongno")
    absence_id = told(room, mirae, "Hands that shake")
    translate(room, other, new_id(), absence_id, "ko", "떨리는 손")
    assert "떨리는 손" not in board_of(room, None)
    looks = Looks(None, "participant")
    korean = board_drawn(room, None, looks, Asked(language="ko")).content.decode()
    assert "Hands that shake" in korean
    assert '<span lang="ko">떨리는 손</span> <small>Jongno 옮김</small>' in korean
    correct(room, mirae, new_id(), GivenAbsence(absence_id, "Hands that shake a little"))
    korean = board_drawn(room, None, looks, Asked(language="ko")).content.decode()
    speak("ko")
    assert _("of an earlier wording") in korean


def test_in_a_shared_room_the_board_is_for_those_inside(shared_room: SharedRoom) -> None:
    mirae, other = shared_room.enter("Mirae"), shared_room.enter("Jongno")
    told(shared_room.workshop, mirae, "For my eyes alone", visibility="private")
    client = TestClient(Starlette(routes=routes()))
    assert client.get("/workshop/board").status_code == 403
    spoofed = client.get(
        f"/workshop/board?me={mirae.person_id}", cookies=shared_room.cookies(other)
    )
    assert spoofed.status_code == 200
    assert "For my eyes alone" not in spoofed.text
    hers = client.get("/workshop/board", cookies=shared_room.cookies(mirae))
    assert "For my eyes alone" in hers.text
    shared_room.remove(mirae)
    gone = client.get("/workshop/board", cookies=shared_room.cookies(mirae))
    assert gone.status_code == 403


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_the_board_asks_for_what_its_link_says(asked_for: Any, language: str) -> None:
    told(served_workshop(), author(), "Hands that shake")
    app = run("board.py", lang=language, by="type", order="oldest")
    speak(language)
    shown = text(app)
    assert 'data-live="board round room"' in shown
    assert "/workshop/board?by=type&amp;order=oldest" in shown
    assert _("Replay the session") in shown
    wall = text(run("board.py", lang=language, view="presenter", dark="1"))
    assert "exc-masthead" not in wall
    assert "exc-stage-dark" in wall
    assert "presenter=1" in wall


def test_who_only_looks_is_offered_no_way_to_write(shared_room: SharedRoom) -> None:
    mirae, viewer = shared_room.enter("Mirae"), shared_room.enter("", "viewer")
    told(shared_room.workshop, mirae, "Hands that shake")
    shown = text(shared_room.run("board.py", viewer, lang="en", sort="1"))
    assert "Replay the session" in shown
    assert "Stop sorting" not in shown
    assert "to be sorted by you" not in shown
    assert "For the shared screen" not in shown
    assert "to be sorted by you" in text(shared_room.run("board.py", mirae, lang="en", sort="1"))


def test_sorting_takes_two_presses(asked_for: Any) -> None:
    absence_id = told(served_workshop(), author(), "Hands that shake")
    app = run("board.py", lang="en", sort="1")
    app.text_input[0].input("Jongno")
    app.checkbox[0].check()
    app.button_group(key=f"moment-{absence_id}").set_value("making of sources").run()
    app.button(key=f"type-{absence_id}-never-collected").click().run()
    assert not app.exception
    assert "You have sorted everything" in text(app)
    assert "never collected" in asked_for.get("/workshop/board?lang=en").text
