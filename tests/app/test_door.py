"""The door, by real requests: who gets in, who stays outside, what a cookie is worth."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from excavate.components.addresses import asset_url, picture_url, thumbnail_url
from excavate.components.head import middleware
from excavate.door.asked import own_path
from excavate.door.cookie import Carried, cookie_name, sealed
from excavate.door.doorway import doorway
from excavate.door.links import new_code, personal_link, room_links
from excavate.door.porter import Porter
from excavate.door.secrets import FILE, host_secrets
from excavate.door.slowing import MOST
from excavate.errors import NotAllowedError
from excavate.routes import routes, served_site
from excavate.workshop.members import members, roster, set_role
from excavate.workshop.store import FILE as WORKSHOP
from excavate.workshop.tables import ROLES
from excavate.workshop.terms import Terms, consented, set_terms, terms_of
from tests.app.entering import SharedRoom

PAGE = {"Accept": "text/html"}
OURS = {"Origin": "http://testserver"}


async def echo(socket: WebSocket) -> None:
    await socket.accept()
    async for text in socket.iter_text():
        await socket.send_text(text)


def page(_request: object) -> PlainTextResponse:
    return PlainTextResponse("a page")


@pytest.fixture
def app(shared_room: SharedRoom) -> Starlette:
    ours = [*routes(), WebSocketRoute("/_stcore/stream", echo), Route("/{page:path}", page)]
    return Starlette(routes=ours, middleware=[*doorway(), *middleware()])


@pytest.fixture
def client(app: Starlette) -> Iterator[TestClient]:
    with TestClient(app, follow_redirects=False) as found:
        yield found


def code_of(room: SharedRoom) -> str:
    return room_links(room.workshop, room.secrets).code


def join(client: TestClient, code: str, **fields: str) -> object:
    said = {"code": code, "name": "미래", "consent": "1", "act": "enter", "lang": "ko", **fields}
    return client.post("/join", data=said, headers=OURS)


def test_from_outside_nothing_is_served(client: TestClient) -> None:
    revision = served_site().revisions()["digits"]
    item = served_site().items("digits")["item_id"][0]
    refused = [
        thumbnail_url("digits", revision, 1), picture_url(item), "/workshop/version",
        "/points/x/1.bin", "/regions.svg?id=x", f"/brought/{'0' * 64}", "/finding/x.csv",
        asset_url("map.js"), "/static/js/main.js", "/_stcore/host-config", "/any/other",
    ]  # fmt: skip
    for path in refused:
        reply = client.get(path)
        assert (reply.status_code, b"a page" in reply.content) == (403, False), path
    assert client.post("/_stcore/upload_file/x", content=b"x").status_code == 403
    for path in ("/_stcore/health", asset_url("workshop.css")):
        assert client.get(path).status_code == 200, path


@pytest.mark.parametrize("path", ["/", "/map?layout=1&lang=en", "/leave"])
def test_a_visitor_is_led_to_the_door_and_on_to_where_they_wanted(client, shared_room, path):
    reply = client.get(path, headers=PAGE)
    assert reply.status_code == 303
    assert reply.headers["location"].startswith("/join")
    if path.startswith("/map"):
        form = client.get(reply.headers["location"], headers=PAGE)
        way = re.search(r'name="next" value="([^"]+)"', form.text)[1].replace("&amp;", "&")
        inside = join(client, code_of(shared_room), next=way)
        assert inside.headers["location"] == "/map?layout=1&lang=ko"


def test_who_joins_is_in_with_what_they_agreed_to(client: TestClient, shared_room) -> None:
    reply = join(client, code_of(shared_room).lower().replace("-", " "))
    assert reply.status_code == 303
    cookie = reply.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/;" in cookie
    (member,) = members(shared_room.workshop)
    assert (member.shown_name, member.role, member.language) == ("미래", "participant", "ko")
    with shared_room.workshop.cursor() as cursor:
        agreed = cursor.execute("SELECT consented_to FROM people").fetchone()[0]
    assert agreed == consented(terms_of(shared_room.workshop), "ko")
    assert client.get("/any", headers=PAGE).text == "a page"
    with client.websocket_connect("/_stcore/stream", headers=OURS) as socket:
        socket.send_text("here")
        assert socket.receive_text() == "here"


def test_over_https_the_cookie_goes_no_other_way(app: Starlette, shared_room) -> None:
    with TestClient(app, base_url="https://room.example", follow_redirects=False) as client:
        said = {"code": code_of(shared_room), "name": "a", "consent": "1", "act": "enter"}
        reply = client.post("/join", data=said, headers={"Origin": "https://room.example"})
    assert "; Secure" in reply.headers["set-cookie"]


def test_all_faults_are_told_at_once_and_what_was_typed_stays(client, shared_room) -> None:
    reply = client.post(
        "/join", headers=OURS,
        data={"code": "ABCD", "name": "x" * 61, "act": "enter", "lang": "en"},
    )  # fmt: skip
    assert reply.status_code == 422
    for words in ("no room opens with this", "61 characters", "nothing is recorded without it"):
        assert words in reply.text
    assert f'value="{"x" * 61}"' in reply.text
    assert 'value="ABCD"' in reply.text
    assert not members(shared_room.workshop)


def test_turning_the_language_keeps_what_was_typed(client: TestClient) -> None:
    said = {"code": "ABCD", "name": "<b>ki", "turn": "en", "lang": "ko", "consent": "1"}
    reply = client.post("/join", data=said, headers=OURS)
    assert reply.status_code == 200
    assert '<html lang="en">' in reply.text
    assert 'value="&lt;b&gt;ki"' in reply.text
    assert 'value="1" checked' in reply.text


def test_a_form_sent_twice_is_one_person(client: TestClient, shared_room) -> None:
    form = client.get("/join", headers=PAGE).text
    person = re.search(r'name="person" value="([^"]+)"', form)[1]
    join(client, code_of(shared_room), person=person)
    client.cookies.clear()  # the answer with the cookie was lost
    join(client, code_of(shared_room), person=person)
    assert len(members(shared_room.workshop)) == 1
    client.cookies.clear()  # somebody else goes back to it on the same machine
    join(client, code_of(shared_room), person=person, name="Other")
    assert sorted(m.shown_name for m in members(shared_room.workshop)) == ["Other", "미래"]


def test_nobody_chooses_who_they_are(client: TestClient, shared_room: SharedRoom) -> None:
    led = shared_room.enter("Lead", "facilitator")
    stolen = sealed("another key", Carried(shared_room.workshop.room_id, led.person_id))
    for person in (led.person_id, stolen, shared_room.cookies(led).popitem()[1]):
        client.cookies.clear()
        join(client, code_of(shared_room), person=person)
    roles = sorted(m.role for m in members(shared_room.workshop))
    assert roles == ["facilitator", *["participant"] * 3]


def test_who_only_looks_gives_nothing(client: TestClient, shared_room: SharedRoom) -> None:
    reply = client.post(
        "/join", headers=OURS,
        data={"code": code_of(shared_room), "name": "typed", "act": "look", "lang": "ko"},
    )  # fmt: skip
    assert reply.status_code == 303
    (member,) = members(shared_room.workshop)
    assert (member.shown_name, member.role) == ("", "viewer")
    with shared_room.workshop.cursor() as cursor:
        assert cursor.execute("SELECT count(*) FROM person").fetchone()[0] == 0
    assert client.get("/workshop/version").status_code == 200


@pytest.mark.parametrize("kind", ["facilitator", "reviewer"])
def test_a_link_of_a_role_lets_in_as_that(client, shared_room: SharedRoom, kind: str) -> None:
    token = getattr(room_links(shared_room.workshop, shared_room.secrets), kind)
    join(client, code_of(shared_room))
    reply = client.get(f"/enter/{token}", headers=PAGE)
    assert 'value="미래"' in reply.text
    assert [m.role for m in members(shared_room.workshop)] == ["participant"]
    said = {"name": "미래", "consent": "1", "lang": "ko"}
    assert client.post(f"/enter/{token}", data=said, headers=OURS).status_code == 303
    assert [m.role for m in members(shared_room.workshop)] == [kind]


def test_a_personal_link_moves_once_and_a_preview_uses_nothing_up(app, client, shared_room):
    join(client, code_of(shared_room))
    reply = client.post("/leave", data={"act": "link", "lang": "ko"}, headers=OURS)
    link = re.search(r'value="http://testserver(/me/[^"?]+)', reply.text)[1]
    with TestClient(app, follow_redirects=False) as tablet:
        for _preview in range(3):
            assert "미래" in tablet.get(link, headers=PAGE).text
        assert tablet.get("/any").status_code == 403
        assert tablet.post(link, headers=OURS).status_code == 303
        assert tablet.get("/any").status_code == 200
        assert len(members(shared_room.workshop)) == 1
        tablet.cookies.clear()
        assert tablet.post(link, headers=OURS).status_code == 404


@pytest.mark.parametrize("act", ["device", "room"])
def test_leaving_ends_it_at_once(app: Starlette, client, shared_room, act: str) -> None:
    join(client, code_of(shared_room))
    mine = dict(client.cookies)
    with (
        TestClient(app, cookies=mine, follow_redirects=False) as other_tab,
        client.websocket_connect("/_stcore/stream", headers=OURS) as socket,
    ):
        reply = other_tab.post("/leave", data={"act": act}, headers=OURS)
        assert "Max-Age=0" in reply.headers["set-cookie"]
        socket.send_text("still?")
        if act == "room":
            with pytest.raises(WebSocketDisconnect):
                socket.receive_text()
        else:
            assert socket.receive_text() == "still?"  # this device only forgets
    assert client.get("/workshop/version").status_code == (403 if act == "room" else 200)


def test_who_is_removed_is_out_at_once(client: TestClient, shared_room: SharedRoom) -> None:
    mirae = shared_room.enter("Mirae")
    client.cookies.update(shared_room.cookies(mirae))
    with client.websocket_connect("/_stcore/stream", headers=OURS) as socket:
        shared_room.remove(mirae)
        socket.send_text("still?")
        with pytest.raises(WebSocketDisconnect):
            socket.receive_text()
    assert client.get("/workshop/version").status_code == 403
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/_stcore/stream"):
        pass


def test_a_cookie_that_was_changed_or_is_of_elsewhere_opens_nothing(client, shared_room):
    mirae = shared_room.enter("Mirae")
    ((name, good),) = shared_room.cookies(mirae).items()
    key, room = host_secrets(shared_room.secrets).key, shared_room.workshop.room_id
    elsewhere = sealed(key, Carried("another-room", mirae.person_id))
    form = sealed(key, Carried(room, mirae.person_id), "excavate.door.form")
    swapped = good[:-1] + ("A" if good[-1] != "A" else "B")
    for value in ("", "x", swapped, good[1:], elsewhere, form, mirae.person_id, good + "x"):
        reply = client.get("/workshop/version", headers={"Cookie": f"{name}={value}"})
        assert reply.status_code == 403, value
    assert client.get("/any", headers={"Cookie": f"a=b; {name}={good}"}).status_code == 200


def test_an_old_cookie_opens_nothing(client: TestClient, shared_room, monkeypatch) -> None:
    mirae = shared_room.enter("Mirae")
    client.cookies.update(shared_room.cookies(mirae))
    assert client.get("/any").status_code == 200
    import itsdangerous.timed

    later = itsdangerous.timed.time.time() + 181 * 24 * 3600
    monkeypatch.setattr(itsdangerous.timed.time, "time", lambda: later)
    assert client.get("/any").status_code == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://testserver:81", "x"])
def test_another_sites_page_changes_nothing(client, shared_room: SharedRoom, origin: str) -> None:
    mirae = shared_room.enter("Mirae")
    client.cookies.update(shared_room.cookies(mirae))
    reply = client.post("/leave", data={"act": "room"}, headers={"Origin": origin})
    assert reply.status_code == 403
    assert roster(shared_room.workshop).role(mirae.person_id) == "participant"
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect("/_stcore/stream", headers={"Origin": origin}),
    ):
        pass


def test_another_sites_page_is_refused_at_an_unshared_machine_too(served) -> None:
    app = Starlette(routes=[WebSocketRoute("/_stcore/stream", echo), Route("/", page)],
                    middleware=doorway())  # fmt: skip
    with TestClient(app) as client:
        reply = client.get("/", headers=PAGE)
        assert re.match("excavate_here=[0-9a-f-]{36};", reply.headers["set-cookie"])
        assert "set-cookie" not in client.get("/", headers=PAGE).headers
        evil = {"Origin": "https://evil.example"}
        with pytest.raises(WebSocketDisconnect), client.websocket_connect(
            "/_stcore/stream", headers=evil
        ):  # fmt: skip
            pass


@given(
    st.text(max_size=60)
    | st.sampled_from(
        [
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/\t/evil.example",
            "javascript:alert(1)",
            "\n//evil.example",
            "/ok?x=https://evil.example",
            "http:evil",
        ]
    )
)
def test_nobody_is_led_elsewhere(way: str) -> None:
    found = own_path(way)
    assert re.match(r"/(?![/\\])", found)
    assert found in (way, "/")
    assert not re.search(r"[\s\\\x00-\x1f]", found.split("?")[0].replace(" ", ""))


def test_next_leads_nowhere_else_once_inside(client: TestClient, shared_room) -> None:
    for way in ("//evil.example/x", "https://evil.example", "/\\evil.example"):
        reply = join(client, code_of(shared_room), next=way)
        assert reply.headers["location"] == "/?lang=ko"


def test_a_new_code_shuts_out_the_old_one(client: TestClient, shared_room: SharedRoom) -> None:
    led, mirae = shared_room.enter("Lead", "facilitator"), shared_room.enter("Mirae")
    old = code_of(shared_room)
    with pytest.raises(NotAllowedError):
        new_code(shared_room.workshop, shared_room.secrets, mirae)
    new = new_code(shared_room.workshop, shared_room.secrets, led)
    assert join(client, old).status_code == 422
    assert join(client, new).status_code == 303
    assert code_of(shared_room) == new


def test_secrets_lie_outside_the_site_for_their_owner_alone(shared_room: SharedRoom) -> None:
    mirae = shared_room.enter("Mirae")
    links = room_links(shared_room.workshop, shared_room.secrets)
    token = personal_link(shared_room.workshop, shared_room.secrets, mirae, mirae.person_id)
    key = host_secrets(shared_room.secrets).key
    file = shared_room.secrets / FILE
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    shared_room.workshop.close()
    held = b"".join(p.read_bytes() for p in shared_room.site.glob(f"{WORKSHOP}*"))
    assert b"Mirae" in held
    for secret in (links.code, links.facilitator, links.reviewer, token, key):
        assert secret.encode() not in held


def test_only_a_facilitator_makes_facilitators(shared_room: SharedRoom) -> None:
    mirae, other = shared_room.enter("Mirae"), shared_room.enter("Other")
    before = shared_room.workshop.version
    for role in ROLES[1:]:
        with pytest.raises(NotAllowedError):
            set_role(shared_room.workshop, mirae, other.person_id, role)
    with pytest.raises(NotAllowedError):
        room_links(shared_room.workshop, shared_room.secrets, mirae)
    with pytest.raises(NotAllowedError):
        personal_link(shared_room.workshop, shared_room.secrets, mirae, other.person_id)
    with pytest.raises(NotAllowedError):
        set_terms(shared_room.workshop, mirae, mirae.person_id, Terms("a", "b"))
    assert shared_room.workshop.version == before


def test_a_refused_address_is_refused_with_the_right_code_too(client, shared_room, caplog):
    app = client.app.build_middleware_stack()  # for its porter, which counts
    while not hasattr(app, "_porter"):
        app = app.app
    assert isinstance(app._porter, Porter)
    for _try in range(MOST):
        app._porter.slowing.wrong("testclient")
    with TestClient(app, follow_redirects=False) as tried:
        reply = join(tried, code_of(shared_room))
        assert (reply.status_code, reply.headers["retry-after"]) == (429, "60")
        assert not members(shared_room.workshop)


def test_the_facilitators_terms_are_what_people_agree_to(client, shared_room) -> None:
    led = shared_room.enter("Lead", "facilitator")
    said = Terms("<i>기록</i>", "<i>record</i>", "2027-12-31", "door@example.org")
    set_terms(shared_room.workshop, led, led.person_id, said)
    shown = client.get("/join?lang=en", headers=PAGE).text
    assert "&lt;i&gt;record&lt;/i&gt;" in shown
    assert "<i>" not in shown
    assert "2027-12-31" in shown
    assert "cannot be recalled" in shown
    assert client.get("/join?lang=en", headers=PAGE).headers["cache-control"] == "no-store"


def test_cookies_of_two_rooms_stand_side_by_side() -> None:
    assert cookie_name("a" * 24 + "1" * 12) != cookie_name("a" * 24 + "2" * 12)
