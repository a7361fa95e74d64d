"""The door, by real requests: who gets in, who stays outside, what a cookie is worth."""

from __future__ import annotations

import base64
import hashlib
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
from excavate.door.cookie import Carried, cookie_name, form_cookie_name, sealed
from excavate.door.doorway import doorway
from excavate.door.links import new_code, new_role_links, personal_link, room_links
from excavate.door.secrets import FILE, host_secrets
from excavate.door.uploads import LARGEST
from excavate.door.uploads import MOST as MOST_UPLOADS
from excavate.door.visit import FORM_SALT
from excavate.errors import NotAllowedError
from excavate.routes import routes, served_site, served_workshop
from excavate.workshop.groups import make_groups
from excavate.workshop.ids import new_id
from excavate.workshop.members import members, remove, roster, set_role
from excavate.workshop.store import FILE as WORKSHOP
from excavate.workshop.tables import ROLES
from excavate.workshop.terms import Terms, consented, set_terms, stamp_of, terms_of
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
    said = {"code": code, "name": "미래", "consent": "1", "act": "enter", "lang": "ko",
            "terms": stamp_of(terms_of(served_workshop())), **fields}  # fmt: skip
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
        said = {"code": code_of(shared_room), "name": "a", "consent": "1", "act": "enter",
                "terms": stamp_of(terms_of(shared_room.workshop))}  # fmt: skip
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
    reply = join(client, "ABCD", name="<b>ki", turn="en")
    assert reply.status_code == 200
    assert '<html lang="en">' in reply.text
    assert 'value="&lt;b&gt;ki"' in reply.text
    assert 'value="1" checked' in reply.text


def test_a_form_sent_twice_is_one_person(client: TestClient, shared_room) -> None:
    form = client.get("/join", headers=PAGE)
    assert "HttpOnly" in form.headers["set-cookie"]
    at_the_door = dict(client.cookies)
    join(client, code_of(shared_room))
    assert list(client.cookies) == [cookie_name(shared_room.workshop.room_id)]
    for name in ("미래", "Other"):  # the answer with the cookie was lost; somebody else
        client.cookies = at_the_door
        assert join(client, code_of(shared_room), name=name).status_code == 303
    assert sorted(m.shown_name for m in members(shared_room.workshop)) == ["Other", "미래"]


def test_nobody_chooses_who_they_are(client: TestClient, shared_room: SharedRoom) -> None:
    led = shared_room.enter("Lead", "facilitator")
    room, key = shared_room.workshop.room_id, host_secrets(shared_room.secrets).key
    stolen = sealed("another key", Carried(room, led.person_id))
    formed = sealed(key, Carried(room, led.person_id), FORM_SALT)
    for person in (led.person_id, stolen, shared_room.cookies(led).popitem()[1], formed):
        client.cookies.clear()
        client.get(f"/join?person={person}", headers=PAGE)
        join(client, code_of(shared_room), person=person, name="Lead")
    roles = sorted(m.role for m in members(shared_room.workshop))
    assert roles == ["facilitator", *["participant"] * 4]


def test_a_link_that_was_made_for_somebody_else_makes_no_one_share_a_person(app, shared_room):
    with TestClient(app, follow_redirects=False) as evil:
        evil.get("/join", headers=PAGE)
        ((_name, sealed_person),) = dict(evil.cookies).items()
        with TestClient(app, follow_redirects=False) as victim:
            victim.get(f"/join?person={sealed_person}", headers=PAGE)
            join(victim, code_of(shared_room), name="Victim", person=sealed_person)
        join(evil, code_of(shared_room), name="Victim")
    assert len(members(shared_room.workshop)) == 2


def test_a_form_of_another_room_makes_nobody_here(client: TestClient, shared_room) -> None:
    led = shared_room.enter("Lead", "facilitator")
    key, room = host_secrets(shared_room.secrets).key, shared_room.workshop.room_id
    other = sealed(key, Carried("another-room", led.person_id), FORM_SALT)
    client.cookies = {form_cookie_name(room): other}
    join(client, code_of(shared_room), name="Lead")
    assert len(members(shared_room.workshop)) == 2


@pytest.mark.parametrize(
    "path", ["/join/", "//join", "/join/x", "/enter/", "/me/a/b", "/enter/a%2Fb"]
)
def test_only_the_very_paths_of_the_door_are_the_doors(client, shared_room, path: str) -> None:
    said = {"code": code_of(shared_room), "act": "look"}
    reply = client.post(f"http://testserver{path}", data=said, headers=OURS)
    assert reply.status_code == 403
    assert not members(shared_room.workshop)


def test_a_form_that_is_none_is_refused_without_an_error(client: TestClient) -> None:
    many = "&".join(f"a{n}=1" for n in range(45))
    assert client.post("/join", content=many, headers=OURS).status_code == 400
    assert client.get(f"/join?{many}").status_code == 400


def test_words_that_changed_meanwhile_are_shown_again_without_the_tick(client, shared_room):
    led = shared_room.enter("Lead", "facilitator")
    before = stamp_of(terms_of(shared_room.workshop))
    said = Terms("새로운 글", "New words", "", "")
    set_terms(shared_room.workshop, led, new_id(), said)
    reply = join(client, code_of(shared_room), terms=before, lang="en")
    assert reply.status_code == 422
    assert "New words" in reply.text
    assert "the words changed meanwhile" in reply.text
    assert 'value="1" checked' not in reply.text
    assert len(members(shared_room.workshop)) == 1
    shown = re.search(r'name="terms" value="([^"]+)"', reply.text)[1]
    assert join(client, code_of(shared_room), terms=shown, lang="en").status_code == 303


def test_who_was_lowered_or_sent_out_is_not_raised_by_an_older_link(app, client, shared_room):
    room, folder = shared_room.workshop, shared_room.secrets
    links, led = room_links(room, folder), shared_room.enter("Lead", "facilitator")
    said = {"name": "미래", "consent": "1", "terms": stamp_of(terms_of(room))}

    def role() -> str:
        return next((m.role for m in members(room) if m.shown_name == "미래"), "gone")

    def try_again(token: str) -> int:
        return client.post(f"/enter/{token}", data=said, headers=OURS).status_code

    assert try_again(links.facilitator) == 303
    person = next(m.person_id for m in members(room) if m.shown_name == "미래")
    set_role(room, led, person, "participant")
    make_groups(room, led, [new_id(), new_id()])
    assert (try_again(links.facilitator), role()) == (303, "participant")
    remove(room, led, person)
    assert (try_again(links.facilitator), role()) == (403, "gone")
    assert (join(client, links.code).status_code, role()) == (403, "gone")
    client.get("/join", headers=PAGE)  # by another name neither, in this browser
    assert join(client, links.code, name="Other").status_code == 403
    assert join(client, links.code, act="look").status_code == 403
    new_role_links(room, folder, led)
    assert try_again(links.facilitator) == 404
    assert (try_again(room_links(room, folder).facilitator), role()) == (303, "facilitator")


def test_only_who_takes_part_uploads_and_not_without_end(client, shared_room: SharedRoom) -> None:
    client.cookies.update(shared_room.cookies(shared_room.enter("", "viewer")))
    way = "/_stcore/upload_file/session/file"
    assert client.put(way, content=b"x", headers=OURS).status_code == 403
    client.cookies.update(shared_room.cookies(shared_room.enter("Mirae")))
    assert client.put(way, content=b"x" * (LARGEST + 1), headers=OURS).status_code == 413
    told = [client.put(way, content=b"x", headers=OURS).status_code for _n in range(MOST_UPLOADS)]
    assert not {403, 411, 413, 429} & set(told)
    assert client.put(way, content=b"x", headers=OURS).status_code == 429


def test_pictures_of_a_room_are_kept_by_no_proxy(client, shared_room: SharedRoom) -> None:
    client.cookies.update(shared_room.cookies(shared_room.enter("Mirae")))
    revision = served_site().revisions()["digits"]
    reply = client.get(thumbnail_url("digits", revision, 1))
    assert (reply.status_code, reply.headers["cache-control"][:8]) == (200, "private,")
    assert client.get(asset_url("map.js")).headers["cache-control"].startswith("public,")


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
    said = {"name": "미래", "consent": "1", "terms": stamp_of(terms_of(shared_room.workshop))}
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
    (me,) = members(shared_room.workshop)
    mine = dict(client.cookies)
    with (
        TestClient(app, cookies=mine, follow_redirects=False) as other_tab,
        client.websocket_connect("/_stcore/stream", headers=OURS) as socket,
    ):
        reply = other_tab.post("/leave", data={"act": act}, headers=OURS)
        assert "Max-Age=0" in reply.headers["set-cookie"]
        left = other_tab.get(reply.headers["location"])
        allowed = left.headers["content-security-policy"]
        (script,) = re.findall("<script>(.*)</script>", left.text)
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"script-src 'sha256-{digest}'" in allowed
        assert "<script" not in other_tab.get("/join").text
        socket.send_text("still?")
        with pytest.raises(WebSocketDisconnect):
            socket.receive_text()
    assert client.get("/workshop/version").status_code == 403
    assert (roster(shared_room.workshop).role(me.person_id) == "gone") == (act == "room")


def test_leaving_on_one_device_leaves_the_other_in(app, client, shared_room: SharedRoom) -> None:
    join(client, code_of(shared_room))
    reply = client.post("/leave", data={"act": "link", "lang": "ko"}, headers=OURS)
    link = re.search(r'value="http://testserver(/me/[^"?]+)', reply.text)[1]
    with TestClient(app, follow_redirects=False) as tablet:
        tablet.post(link, headers=OURS)
        client.post("/leave", data={"act": "device"}, headers=OURS)
        assert tablet.get("/workshop/version").status_code == 200


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
    swapped = good[:-9] + ("A" if good[-9] != "A" else "B") + good[-8:]  # no bit of it is spare
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
    with TestClient(app, base_url="http://localhost:8501") as client:
        for host in ("evil.example:8501", "127.0.0.1.evil.example", "192.0.2.1"):
            assert client.get("/", headers={**PAGE, "Host": host}).status_code == 403, host
        for host in ("127.0.0.1:8501", "[::1]:8501", "localhost"):
            assert client.get("/", headers={**PAGE, "Host": host}).status_code == 200, host
        client.cookies.clear()
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
        assert reply.headers["location"] == "/room?lang=ko"


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
