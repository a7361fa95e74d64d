"""The room page: what those in it see, what its facilitator can press; what goes on, by route."""

from __future__ import annotations

import html
import json
import re

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from excavate.i18n import LANGUAGES, _, speak
from excavate.routes import routes, served_workshop
from excavate.workshop.groups import apart, groups, make_groups
from excavate.workshop.ids import new_id
from excavate.workshop.members import roster
from excavate.workshop.rounds import (
    CLOSED,
    OPEN,
    GivenRound,
    act_on_round,
    open_round,
    plan_round,
    plan_rounds,
    rounds,
)
from excavate.workshop.sessions import ready_sessions
from excavate.workshop.terms import terms_of
from tests.app.test_pages import run, text

SCRIPT = "<script>alert(1)</script>"


def press(app, label: str, nth: int = 0):
    [button for button in app.button if button.label == label][nth].click()
    app.run()
    assert not app.exception, app.exception
    return app


def asked(prompt: str = "What is not here?", **more) -> GivenRound:
    return GivenRound(new_id(), "say", "", prompt, 300, **more)


def lead(shared_room, *people: str):
    """A facilitator and others in a room."""
    leader = shared_room.enter("Leader", "facilitator")
    return leader, [shared_room.enter(name) for name in people]


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_takes_part_sees_their_group_and_the_plan(shared_room, language):
    leader, (mirae, _jun) = lead(shared_room, "Mirae", SCRIPT)
    room = shared_room.workshop
    make_groups(room, leader, [new_id(), new_id()])
    third = shared_room.enter("Third")
    one, other = asked(SCRIPT, anonymous=True), asked("not said yet")
    plan_rounds(room, leader, [one, other])
    act_on_round(room, leader, new_id(), one.round_id, "open", 300)
    shown = text(shared_room.run("room.py", mirae, lang=language))
    speak(language)
    assert _("Group {n}").format(n="1") in shown
    assert html.escape(SCRIPT) in shown
    assert SCRIPT not in shown
    assert "not said yet" not in shown  # a prompt is told when its round opens
    assert _("names hidden first") in shown
    late = text(shared_room.run("room.py", third, lang=language))
    assert _("You are in no group yet. The facilitator sees that.") in late


def test_who_takes_part_finds_nothing_to_lead_with(shared_room):
    _leader, (mirae,) = lead(shared_room, "Mirae")
    app = shared_room.run("room.py", mirae, lang="en")
    assert [button.label for button in app.button] == []
    assert "Room code" not in text(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_session_is_led_from_the_desk(shared_room, language):
    leader, _people = lead(shared_room, "Mirae", "Jun", "Aiko")
    room = shared_room.workshop
    app = shared_room.run("room.py", leader, lang=language)
    speak(language)
    press(app, _("Put its rounds into the plan"), 1)
    assert [one.prompt_en for one in rounds(room)] == [r.en for r in ready_sessions()[1].rounds]
    press(app, _("Open: {kind}").format(kind=_("Look")))
    first = open_round(room)
    assert first
    ends = first.ends_at
    press(app, "+3" + ("분" if language == "ko" else " minutes"))
    assert open_round(room).ends_at > ends
    press(app, _("Close this one and open: {kind}").format(kind=_("Look")))
    assert [one.state for one in rounds(room)][:2] == [CLOSED, OPEN]
    press(app, _("Make groups"))
    assert len(groups(room)) == 2  # of three people
    press(app, _("Send the groups apart"))
    assert apart(room)
    press(app, _("End the evening"))
    assert open_round(room) is None
    assert not apart(room)


def test_a_round_of_ones_own_is_planned_changed_and_taken_out(shared_room):
    leader, _people = lead(shared_room)
    room = shared_room.workshop
    app = shared_room.run("room.py", leader, lang="en")
    speak("en")
    press(app, "Put it into the plan")
    assert "nothing is written here yet" in text(app)  # no prompt in either language
    next(a for a in app.text_area if a.label == "Prompt in Korean").input("무엇이 없나요?")
    press(app, "Put it into the plan")
    assert [one.prompt_ko for one in rounds(room)] == ["무엇이 없나요?"]
    press(app, "Change")
    field = next(a for a in app.text_area if a.label == "Prompt in English")
    field.input("What is not here?")
    press(app, "Keep the change")
    (stands,) = rounds(room)
    assert (stands.prompt_ko, stands.prompt_en) == ("무엇이 없나요?", "What is not here?")
    press(app, "Take out")
    assert rounds(room) == ()


def test_of_a_round_that_is_open_no_minutes_are_asked_that_would_do_nothing(shared_room):
    leader, _people = lead(shared_room)
    plan_rounds(shared_room.workshop, leader, [one := asked()])
    app = shared_room.run("room.py", leader, lang="en")
    press(app, "Change")
    assert "Minutes" in {field.label for field in app.number_input}
    act_on_round(shared_room.workshop, leader, new_id(), one.round_id, "open", 300)
    app = shared_room.run("room.py", leader, lang="en")
    press(app, "Change")
    keys = {field.key for field in app.number_input if field.label == "Minutes"}
    assert not keys
    press(app, "Keep the change")
    assert rounds(shared_room.workshop)[0].seconds == 300


def test_a_press_that_came_too_late_shows_how_it_stands(shared_room):
    leader, _people = lead(shared_room)
    room = shared_room.workshop
    one = asked()
    plan_round(room, leader, one)
    act_on_round(room, leader, new_id(), one.round_id, "open", 300)
    app = shared_room.run("room.py", leader, lang="en")
    act_on_round(room, leader, new_id(), one.round_id, "close")  # another facilitator
    press(app, "+1 minute")
    assert rounds(room)[0].state == CLOSED
    assert "No round is open." in text(app)


def test_a_role_is_given_and_the_terms_are_worded(shared_room):
    leader, (mirae,) = lead(shared_room, "Mirae")
    room = shared_room.workshop
    app = shared_room.run("room.py", leader, lang="en")
    app.selectbox(key="person-chosen").select(mirae.person_id).run()
    app.selectbox(key=f"role-of-{mirae.person_id}").select("reviewer").run()
    press(app, "Give this role")
    assert roster(room).role(mirae.person_id) == "reviewer"
    next(f for f in app.text_input if f.label == "Whom to ask").input("Mirae, by chat")
    press(app, "Keep these words")
    assert terms_of(room).contact == "Mirae, by chat"


def test_at_one_machine_a_name_is_asked_for_once(served):
    app = run("room.py", lang="en")
    speak("en")
    press(app, "Lead this room")
    assert "nothing is recorded without it" in text(app)
    app.text_input[0].input("Mirae")
    app.checkbox[0].check()
    press(app, "Lead this room")
    assert "Only this machine is in the room" in text(app)
    press(app, "Put its rounds into the plan", 0)
    assert rounds(served_workshop())


def client(shared_room, author=None) -> TestClient:
    cookies = shared_room.cookies(author) if author else {}
    return TestClient(Starlette(routes=routes()), cookies=cookies)


def test_what_goes_on_is_asked_for_cheaply(shared_room):
    leader, (mirae,) = lead(shared_room, "Mirae")
    room = shared_room.workshop
    asks = client(shared_room, mirae)
    first = asks.get("/workshop/now")
    told = json.loads(first.text)
    assert (told["round"], told["version"]) == (None, room.version)
    again = asks.get("/workshop/now", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.text) == (304, "")
    assert abs(int(again.headers["x-clock"]) - told["clock"]) < 60_000
    one = asked(SCRIPT)
    plan_round(room, leader, one)
    act_on_round(room, leader, new_id(), one.round_id, "open", 300)
    grown = asks.get("/workshop/now", headers={"If-None-Match": first.headers["etag"]})
    said = json.loads(grown.text)
    assert said["round"]["en"] == SCRIPT  # drawn as text by the script, never as markup
    assert said["round"]["most"] == 300_000
    assert said["topics"]["round"] > told["topics"]["round"]
    assert "Mirae" not in grown.text


def test_who_is_here_is_for_facilitators_and_never_written(shared_room):
    leader, (mirae, _jun) = lead(shared_room, "Mirae", SCRIPT)
    before = shared_room.workshop.version
    client(shared_room, mirae).get("/workshop/now")
    shown = client(shared_room, leader).get("/workshop/here?lang=en").text
    assert re.search(r'exc-page-open"><bdi>Mirae</bdi>', shown)
    assert html.escape(SCRIPT) in shown
    assert SCRIPT not in shown
    for outsider in (client(shared_room, mirae), client(shared_room)):
        assert outsider.get("/workshop/here").status_code == 403
    assert shared_room.workshop.version == before


def test_each_sees_the_room_from_their_own_group(shared_room):
    leader, (mirae, jun) = lead(shared_room, "Mirae", "Jun")
    make_groups(shared_room.workshop, leader, [new_id(), new_id()])
    seen = [client(shared_room, one).get("/workshop/room?lang=en").text for one in (mirae, jun)]
    assert ["Group 1" in one for one in seen] == [True, False]
    assert ["Group 2" in one for one in seen] == [False, True]
    etag = client(shared_room, mirae).get("/workshop/room?lang=en").headers["etag"]
    held = client(shared_room, mirae).get("/workshop/room?lang=en", headers={"If-None-Match": etag})
    assert held.status_code == 304
