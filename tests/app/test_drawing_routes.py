"""POST /counter/draw and what is told of what was drawn: kept once, landed, for those inside."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from excavate.components.canvas import rights_of
from excavate.counter.exercises import ready_plan
from excavate.counter.landing import land, land_all
from excavate.counter.members import members, one_member
from excavate.counter.plans import one_plan, write_plan
from excavate.routes import routes, served_site, served_workshop
from excavate.workshop.absences import GivenAbsence, say
from excavate.workshop.authors import Author, person_rows
from excavate.workshop.ids import new_id
from excavate.workshop.rounds import GivenRound, act_on_round, plan_rounds
from excavate.workshop.store import Workshop
from tests.app.conftest import lay_by_hand
from tests.app.entering import SharedRoom
from tests.counter.strokes_made import BAR, RING, SEVEN, strokes
from tests.workshop.given import author

Post = dict[str, Any]


@pytest.fixture
def workshop(
    made_site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Workshop]:
    """A workshop at one machine, on a copy of the made site."""
    copy = tmp_path / "drawn"
    copytree(made_site, copy, ignore=ignore_patterns("workshop.duckdb*"))
    monkeypatch.setenv("EXCAVATE_SITE", str(copy))
    found = served_workshop()
    yield found
    found.close()


@pytest.fixture
def mirae(workshop: Workshop) -> Author:
    """Somebody who has given their name."""
    one = author("Mirae")
    workshop.write(person_rows(workshop, one))
    return one


@pytest.fixture
def client(workshop: Workshop) -> TestClient:
    return TestClient(Starlette(routes=routes()))


def planned(workshop: Workshop, who: Author) -> str:
    plan_id = new_id()
    write_plan(workshop, who, plan_id, ready_plan(plan_id, "digits", "en"))
    return plan_id


def drawing(workshop: Workshop, who: Author, plan_id: str, lines: Any = RING, **more: Any) -> Post:
    member = more.pop("member", new_id())
    sent = {
        "member": member, "row": member, "rights": new_id(), "plan": plan_id, "lang": "en",
        "person": who.person_id, "strokes": json.loads(strokes(lines)), "label": "", "reason": "",
        "creator": "", "agreed": one_plan(workshop, plan_id).row_id,
    }  # fmt: skip
    return {**sent, **more}


def test_a_drawing_is_kept_with_its_rights_and_lands_among_its_kind(workshop, client, mirae):
    plan_id = planned(workshop, mirae)
    reply = client.post("/counter/draw", json=drawing(workshop, mirae, plan_id, label="0"))
    told = reply.json()
    assert (reply.status_code, told["kept"]) == (200, True)
    assert [one["caption"] for one in told["nearest"]][:3] == ["0", "0", "0"]
    assert told["form"]["picture"].startswith("data:image/png;base64,")
    (member,) = members(workshop, plan_id)
    assert (member.kind, member.label, member.shown_name) == ("drawn", "0", "Mirae")
    rights = member.rights.given
    assert (rights.creator, rights.licence) == ("Mirae", "CC-BY-4.0")
    assert (rights.contributor_consent, rights.depicted_consent) == ("given", "nobody")
    assert member.rights.consent_version == one_plan(workshop, plan_id).row_id
    assert json.loads(member.strokes) == json.loads(strokes(RING))
    assert member.place.layout_id == told["layout"]


@pytest.mark.parametrize(("against", "depicted"), [("digits", "nobody"), ("", "")])
def test_who_can_be_seen_is_declared_of_handwriting_alone(
    workshop, client, mirae, against, depicted
):
    plan_id = new_id()
    write_plan(workshop, mirae, plan_id, ready_plan(plan_id, against, "en"))
    assert client.post("/counter/draw", json=drawing(workshop, mirae, plan_id)).status_code == 200
    (member,) = members(workshop, plan_id)
    assert member.rights.given.depicted_consent == depicted
    said = rights_of(one_plan(workshop, plan_id))
    assert ("nobody can be seen in it" in said) is bool(depicted)
    assert ("left blank" in said) is not bool(depicted)


def test_it_lands_at_the_mean_of_its_nearest_in_embedding_space(workshop, client, mirae):
    plan_id = planned(workshop, mirae)
    told = client.post("/counter/draw", json=drawing(workshop, mirae, plan_id)).json()
    place = one_member(workshop, told["member"]).place
    laid = served_site().layout(place.layout_id).set_index("item_id")
    near = laid.loc[[item for item, _similar in place.nearest]]
    weights = np.clip([similar for _item, similar in place.nearest], 0, None)
    wanted = np.average(near[["x", "y"]], axis=0, weights=weights)
    assert np.allclose([place.x, place.y], wanted, atol=1e-3)


def test_sending_it_again_changes_nothing(workshop, client, mirae):
    plan_id = planned(workshop, mirae)
    sent = drawing(workshop, mirae, plan_id)
    first = client.post("/counter/draw", json=sent).json()
    version = workshop.version
    again = client.post("/counter/draw", json=sent).json()
    assert again["nearest"] == first["nearest"]
    assert (workshop.version, len(members(workshop, plan_id))) == (version, 1)


def test_more_strokes_mend_the_same_member_and_move_it(workshop, client, mirae):
    plan_id = planned(workshop, mirae)
    sent = drawing(workshop, mirae, plan_id, BAR)
    first = client.post("/counter/draw", json=sent).json()
    mended = {**sent, "row": new_id(), "strokes": json.loads(strokes(SEVEN)), "reason": "Crossed"}
    second = client.post("/counter/draw", json=mended).json()
    (member,) = members(workshop, plan_id)
    assert (member.member_id, member.reason) == (sent["member"], "Crossed")
    assert first["nearest"] != second["nearest"]
    assert (member.place.x, member.place.y) == (second["x"], second["y"])


def test_it_is_taken_back_by_one_press_and_leaves_the_map(workshop, client, mirae):
    plan_id = planned(workshop, mirae)
    sent = drawing(workshop, mirae, plan_id)
    told = client.post("/counter/draw", json=sent).json()
    where = f"/counter/places?layout={told['layout']}"
    assert [one["id"] for one in client.get(where).json()["made"]] == [sent["member"]]
    back = {"member": sent["member"], "person": mirae.person_id, "back": True, "lang": "en"}
    assert client.post("/counter/draw", json=back).json()["back"] is True
    assert client.get(where).json()["made"] == []
    assert client.get(f"/counter/picture?member={sent['member']}").status_code == 404


def test_the_map_is_told_where_by_whom_and_what_is_nearest(workshop, client, mirae):
    plan_id = planned(workshop, mirae)
    told = client.post("/counter/draw", json=drawing(workshop, mirae, plan_id, label="0")).json()
    reply = client.get(f"/counter/places?layout={told['layout']}")
    (one,) = reply.json()["made"]
    assert (one["by"], one["label"], one["x"], one["y"]) == ("Mirae", "0", told["x"], told["y"])
    assert len(one["near"]) == 3
    etag = {"If-None-Match": reply.headers["etag"]}
    assert client.get(f"/counter/places?layout={told['layout']}", headers=etag).status_code == 304
    picture = client.get(one["picture"])
    assert picture.headers["content-type"] == "image/png"
    assert picture.headers["content-security-policy"].startswith("default-src 'none'")
    elsewhere = client.get("/counter/places?layout=other").json()
    assert (elsewhere["made"], elsewhere["elsewhere"]) == ([], 1)


def test_what_was_made_before_a_layout_finds_its_place_on_it(workshop, client, mirae):
    plan_id = planned(workshop, mirae)
    told = client.post("/counter/draw", json=drawing(workshop, mirae, plan_id)).json()
    newer = lay_by_hand(workshop.folder.path, "digits", seed=8)
    assert newer != told["layout"]
    assert client.get(f"/counter/places?layout={newer}").json()["elsewhere"] == 1
    assert land_all(served_site(), workshop) == 1
    (one,) = client.get(f"/counter/places?layout={newer}").json()["made"]
    assert one["id"] == told["member"]
    assert land_all(served_site(), workshop) == 0


def test_no_name_is_on_the_map_until_an_anonymous_round_closes(workshop, client, mirae):
    plan_id = planned(workshop, mirae)
    told = client.post("/counter/draw", json=drawing(workshop, mirae, plan_id)).json()
    where, round_id = f"/counter/places?layout={told['layout']}", new_id()
    hidden = GivenRound(round_id, "look", "보기", "Look", 300, anonymous=True)
    plan_rounds(workshop, mirae, [hidden])
    act_on_round(workshop, mirae, new_id(), round_id, "open", 300)
    assert "Mirae" not in client.get(where).text
    act_on_round(workshop, mirae, new_id(), round_id, "close")
    assert client.get(where).json()["made"][0]["by"] == "Mirae"


def test_more_than_a_hand_can_draw_waits(workshop, client, mirae, monkeypatch):
    monkeypatch.setattr("excavate.drawing_routes.MOST", 2)
    plan_id = planned(workshop, mirae)
    sent = [drawing(workshop, mirae, plan_id) for _ in range(3)]
    codes = [client.post("/counter/draw", json=one).status_code for one in sent]
    assert codes == [200, 200, 429]
    assert len(members(workshop, plan_id)) == 2


def test_landing_again_on_the_same_layout_writes_nothing(workshop, client, mirae):
    plan_id = planned(workshop, mirae)
    told = client.post("/counter/draw", json=drawing(workshop, mirae, plan_id)).json()
    version = workshop.version
    land(served_site(), workshop, one_member(workshop, told["member"]))
    assert workshop.version == version


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"strokes": {"width": 512, "height": 512, "strokes": []}}, 400),
        ({"strokes": None}, 400),
        ({"member": "1"}, 400),
        ({"label": 7}, 400),
        ({"label": "x" * 5_000}, 400),
        ({"agreed": "another text"}, 409),
        ({"agreed": ""}, 409),
        ({"creator": "x" * 5_000}, 400),
        ({"plan": new_id()}, 404),
        ({"person": new_id()}, 403),
    ],
    ids=[
        "blank",
        "none",
        "no-id",
        "no-word",
        "long",
        "consent",
        "unsaid",
        "creator",
        "plan",
        "stranger",
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(workshop, client, mirae, change, status):
    plan_id = planned(workshop, mirae)
    reply = client.post("/counter/draw", json={**drawing(workshop, mirae, plan_id), **change})
    assert reply.status_code == status, reply.text
    assert members(workshop, plan_id) == [], "neither it nor its rights"
    places = client.get(f"/counter/places?layout={served_site().layout_made().id}").json()
    assert places["made"] == []


@pytest.mark.parametrize("body", ["[]", "7", "null", '"x"'])
def test_what_is_no_drawing_at_all_is_told_so(client, body):
    sent = client.post("/counter/draw", content=body, headers={"Content-Type": "application/json"})
    assert sent.status_code == 400


@pytest.mark.parametrize("change", [{"consent_en": "You may sell it"}, {"licence": "CC0-1.0"}])
def test_another_text_or_licence_is_asked_about_again(workshop, client, mirae, change):
    plan_id = planned(workshop, mirae)
    sent = drawing(workshop, mirae, plan_id)
    given = replace(one_plan(workshop, plan_id).given, **change)
    write_plan(workshop, mirae, new_id(), given)
    reply = client.post("/counter/draw", json=sent)
    assert (reply.status_code, members(workshop, plan_id)) == (409, [])
    again, now = reply.json()["again"], one_plan(workshop, plan_id)
    assert (again["agreed"], again["consent"]) == (now.row_id, now.given.consent_en or "")
    assert client.post("/counter/draw", json={**sent, "agreed": again["agreed"]}).status_code == 200
    (member,) = members(workshop, plan_id)
    assert (member.rights.consent_version, member.rights.given.licence) == (
        now.row_id, now.given.licence,
    )  # fmt: skip


def test_to_the_same_text_under_another_title_nothing_is_asked(workshop, client, mirae):
    plan_id = planned(workshop, mirae)
    sent = drawing(workshop, mirae, plan_id)
    given = replace(one_plan(workshop, plan_id).given, title_en="Another title")
    write_plan(workshop, mirae, new_id(), given)
    assert client.post("/counter/draw", json=sent).status_code == 200
    assert members(workshop, plan_id)[0].rights.consent_stands


def test_nobody_agreed_to_a_text_that_was_not_there(workshop, client, mirae):
    plan_id = planned(workshop, mirae)
    bare = replace(one_plan(workshop, plan_id).given, consent_ko="", consent_en="")
    write_plan(workshop, mirae, new_id(), bare)
    sent = drawing(workshop, mirae, plan_id)
    assert client.post("/counter/draw", json=sent).status_code == 200
    (member,) = members(workshop, plan_id)
    assert (member.rights.given.contributor_consent, member.rights.consent_version) == ("", "")


def test_an_older_state_that_comes_late_moves_nothing_back(workshop, client, mirae):
    plan_id = planned(workshop, mirae)
    sent = drawing(workshop, mirae, plan_id, RING)
    newer = {**sent, "row": new_id(), "strokes": json.loads(strokes(BAR))}
    places = []
    for state in (sent, newer, sent):
        assert client.post("/counter/draw", json=state).status_code == 200
        places.append(one_member(workshop, sent["member"]).place)
    assert json.loads(one_member(workshop, sent["member"]).strokes) == newer["strokes"]
    assert places[0] != places[1] == places[2]


def test_a_form_of_another_site_and_a_flood_are_refused(workshop, client, mirae):
    sent = json.dumps(drawing(workshop, mirae, planned(workshop, mirae)))
    plain = {"Content-Type": "text/plain"}
    assert client.post("/counter/draw", content=sent, headers=plain).status_code == 415
    flood = {"Content-Type": "application/json"}
    held = sent[:-1] + f', "more": "{"x" * 2_100_000}"}}'
    assert client.post("/counter/draw", content=held, headers=flood).status_code == 400
    assert client.get("/counter/draw").status_code == 405


def test_what_somebody_refuses_is_not_drawn(workshop, client, mirae):
    absence = new_id()
    say(workshop, mirae, GivenAbsence(absence, "Ours, and not for you", type="refused"))
    plan_id = new_id()
    ready = ready_plan(plan_id, "digits", "en")
    write_plan(workshop, mirae, plan_id, replace(ready, answers=(absence,)))
    reply = client.post("/counter/draw", json=drawing(workshop, mirae, plan_id))
    assert reply.status_code == 400
    assert "only a place kept empty" in reply.text


def test_in_a_shared_room_the_cookie_says_who_draws(shared_room: SharedRoom):
    leader = shared_room.enter("Leader", "facilitator")
    mirae, viewer = shared_room.enter("Mirae"), shared_room.enter("", "viewer")
    workshop = shared_room.workshop
    plan_id = planned(workshop, leader)

    def post(who: Author | None, **more: Any) -> Any:
        carried = shared_room.cookies(who) if who else {}
        client = TestClient(Starlette(routes=routes()), cookies=carried)
        sent = drawing(workshop, mirae, plan_id, **more)  # claims to be Mirae, whoever sends it
        return client, client.post("/counter/draw", json=sent)

    client, reply = post(leader)
    assert (reply.status_code, members(workshop, plan_id)[0].shown_name) == (200, "Leader")
    member = members(workshop, plan_id)[0].member_id
    back = {"member": member, "back": True, "lang": "en"}
    stranger, refused = post(None)
    assert refused.status_code == 403
    assert post(viewer)[1].status_code == 403
    assert stranger.get("/counter/places?layout=x").status_code == 403
    assert stranger.get(f"/counter/picture?member={member}").status_code == 403
    other, _reply = post(mirae)
    assert other.post("/counter/draw", json=back).status_code == 403
    assert client.post("/counter/draw", json=back).json()["back"] is True
