"""Routes: what is served, how it is cached, and what is refused."""

from __future__ import annotations

import io
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from excavate.components import addresses
from excavate.components.addresses import (
    asset_url,
    build_stamp,
    hover_url,
    picture_url,
    points_url,
    regions_url,
    thumbnail_url,
)
from excavate.components.head import middleware
from excavate.routes import routes, served_site, served_workshop
from excavate.workshop.ids import new_id
from excavate.workshop.labour import choose
from tests.app.conftest import MARKUP
from tests.workshop.given import author


@pytest.fixture
def client(served: Path) -> TestClient:
    return TestClient(Starlette(routes=routes()))


@pytest.fixture
def layout_id(served: Path) -> str:
    return served_site().layouts()[-1].id


def revision(dataset: str) -> str:
    return served_site().revisions()[dataset]


def test_a_thumbnail_is_served_for_good(client):
    url = thumbnail_url("digits", revision("digits"), 3)
    reply = client.get(url)
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "image/webp"
    assert "immutable" in reply.headers["cache-control"]
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert Image.open(io.BytesIO(reply.content)).size == (8, 8)
    etag = reply.headers["etag"]
    again = client.get(url, headers={"If-None-Match": f'W/{etag}, "other"'})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(url, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    "url",
    [
        "/thumb/digits/not-this-revision/3.webp",
        "/thumb/nothing/x/0.webp",
        "/picture?id=nothing",
        "/picture",
        "/regions.svg?id=../../etc/passwd",
        "/points/nothing/nothing.bin",
        "/assets/wrong/map.js",
    ],
)
def test_what_is_not_there_is_said_so(client, url):
    reply = client.get(url)
    assert reply.status_code == 404
    assert reply.headers["content-type"].startswith("text/plain")
    assert "Traceback" not in reply.text


def test_an_original_is_served_as_the_source_has_it(client, made_site):
    original = (made_site.parent / "street" / "1.png").read_bytes()
    item = served_site().items("street")["item_id"][0]
    reply = client.get(picture_url(item))
    assert reply.content == original
    assert reply.headers["content-type"] == "image/png"
    assert "sandbox" in reply.headers["content-security-policy"]


def test_an_item_without_readable_pixels_has_no_picture(client):
    items = served_site().items("shapes")
    broken = items[items["pixels"] == "fault"]["item_id"].iloc[0]
    assert client.get(picture_url(broken)).status_code == 404


def test_points_are_packed_and_cached_by_generation(client, layout_id):
    generation = served_site().generation
    reply = client.get(points_url(layout_id, generation, "label:target"))
    n, kind = np.frombuffer(reply.content, "<u4", 2)
    assert (n, kind) == (120, 0)
    assert np.frombuffer(reply.content, "<f4", 120, 8).tolist() == list(range(120))
    assert np.frombuffer(reply.content, "u1", 120, 8 + 8 * 120 + 120).sum() == 3
    assert "immutable" in reply.headers["cache-control"]
    stale = client.get(points_url(layout_id, "catalog-000000", "label:target"))
    assert stale.headers["cache-control"] == "no-store"
    assert client.get(points_url(layout_id, generation, "shoe-size")).status_code == 404
    refused = client.get(points_url(layout_id, generation, "prompt:a dog"))
    assert refused.status_code == 503
    assert "knows no words" in refused.text


def test_a_card_says_what_a_point_is(client, layout_id):
    url = hover_url(layout_id, served_site().generation, "label:target").replace("INDEX", "7")
    card = client.get(url).json()
    assert card == {
        "item_id": "digits/all/7",
        "caption": "7",
        "thumbnail": thumbnail_url("digits", revision("digits"), 7),
    }
    assert client.get(url.replace("/7?", "/500?")).status_code == 404


def test_regions_are_drawn_as_given(client):
    item = served_site().items("street")["item_id"][0]
    reply = client.get(regions_url(item))
    assert reply.headers["content-type"] == "image/svg+xml"
    assert "script" not in reply.headers["content-security-policy"]
    root = ElementTree.fromstring(reply.text)  # noqa: S314 - our own drawing
    ns = {"s": "http://www.w3.org/2000/svg"}
    assert root.get("viewBox") == "0 0 40 30"
    box = root.find("s:rect", ns)
    assert box is not None
    assert [box.get(k) for k in ("x", "y", "width", "height")] == ["2", "3", "10", "12"]
    paths = [p.get("d") or "" for p in root.findall("s:path", ns)]
    assert paths[0] == "M5 5L25 5L15 15Z"
    corners = [float(v) for v in re.findall(r"-?[\d.]+", paths[1])]
    assert 9 <= min(corners[0::2]) <= max(corners[0::2]) <= 12
    assert 4 <= min(corners[1::2]) <= max(corners[1::2]) <= 15
    assert [t.text for t in root.findall("s:text", ns)] == ["cart"] * 3


def test_markup_in_a_label_stays_text(served):
    from excavate.catalog import browsing
    from excavate.components.gallery import grid
    from excavate.components.overlay import overlay_svg

    with served_site().cursor() as cursor:
        found = browsing.browse_items(cursor, browsing.Filter(dataset="shapes"))
    drawn = grid(found)
    assert MARKUP not in drawn
    assert "&lt;img src=x onerror=alert(1)&gt;" in drawn
    region = {"kind": "box", "x": 1, "y": 1, "width": 2, "height": 2, "value": "</svg><script>"}
    assert "<script" not in overlay_svg([region], 10, 10)


@pytest.mark.parametrize(
    "name",
    ["../app.py", "fonts/../../app.py", "fonts/..%2F..%2Fapp.py", "/etc/passwd", "fonts",
     "components/paper.css", "fonts/pretendard/LICENSE.txt"],
)  # fmt: skip
def test_nothing_but_the_build_is_an_asset(client, name):
    assert client.get(f"/assets/{build_stamp()}/{name}").status_code == 404


def test_the_style_sheet_is_an_asset(client):
    reply = client.get(asset_url("paper.css"))
    assert reply.headers["content-type"].startswith("text/css")
    assert reply.text == addresses.STYLE.read_text("utf-8")


PAGE = '<html lang="en"><head><title>Streamlit</title></head><body>x</body></html>'


@pytest.fixture
def dressed() -> TestClient:
    def page(request):
        return HTMLResponse(PAGE)

    def plain(request):
        return PlainTextResponse("as it is")

    app = Starlette(routes=[Route("/", page), Route("/plain", plain)], middleware=middleware())
    return TestClient(app)


def test_the_page_is_dressed_in_the_language_asked_for(dressed):
    reply = dressed.get("/?lang=ko", headers={"Accept": "text/html", "Accept-Language": "en"})
    assert '<html lang="ko">' in reply.text
    assert "<title>Excavate</title>" in reply.text
    assert asset_url("paper.css") in reply.text
    assert "default-src 'self'" in reply.headers["content-security-policy"]
    assert int(reply.headers["content-length"]) == len(reply.content)
    english = dressed.get("/", headers={"Accept": "text/html", "Accept-Language": "en"})
    assert '<html lang="en">' in english.text


def test_other_answers_are_left_alone(dressed):
    reply = dressed.get("/plain")
    assert reply.text == "as it is"
    assert "content-security-policy" not in reply.headers


def test_the_version_grows_with_what_is_written_and_is_never_kept(tmp_path, monkeypatch):
    from excavate.routes import served_workshop
    from excavate.workshop.finds import bring
    from tests.workshop.given import author, find

    monkeypatch.setenv("EXCAVATE_SITE", str(tmp_path))
    client = TestClient(Starlette(routes=routes()))
    before = client.get("/workshop/version")
    assert before.headers["cache-control"] == "no-store"
    bring(served_workshop(), author(), find(), 1000)
    assert int(client.get("/workshop/version").text) > int(before.text)


def test_a_brought_picture_is_served_inert_and_nothing_beside_it(tmp_path, monkeypatch):
    from excavate.routes import served_workshop
    from excavate.workshop.finds import bring, finds
    from tests.made import encoded, picture
    from tests.workshop.given import author, find

    monkeypatch.setenv("EXCAVATE_SITE", str(tmp_path))
    client = TestClient(Starlette(routes=routes()))
    bring(served_workshop(), author(), find(picture=encoded(picture(2), "WEBP")), 1000)
    sha256 = finds(served_workshop())[0].sha256
    reply = client.get(f"/brought/{sha256}")
    assert (reply.status_code, reply.headers["content-type"]) == (200, "image/webp")
    assert "sandbox" in reply.headers["content-security-policy"]
    assert reply.headers["cache-control"] == "no-cache"
    (tmp_path / "media" / ("0" * 64)).write_bytes(b"not recorded")
    for name in ("0" * 64, "..%2Fworkshop.duckdb", "workshop.duckdb", sha256[:-1]):
        assert client.get(f"/brought/{name}").status_code == 404


def test_without_a_site_the_workshop_is_told_not_made(tmp_path, monkeypatch):
    monkeypatch.setenv("EXCAVATE_SITE", str(tmp_path / "none"))
    reply = TestClient(Starlette(routes=routes())).get("/workshop/version")
    assert (reply.status_code, "no such site" in reply.text) == (503, True)
    assert not (tmp_path / "none").exists()


def test_a_clock_of_a_tab_that_was_not_told_is_told_that_it_is_off(client):
    workshop, mirae = served_workshop(), author()
    report = {"id": new_id(), "activity": "look", "about": "", "seconds": 1.0}
    sent = {"person": mirae.person_id, "reports": [report]}
    choose(workshop, mirae, new_id(), True)
    assert "off" not in client.post("/workshop/labour", json=sent).json()
    choose(workshop, mirae, new_id(), False)
    assert client.post("/workshop/labour", json=sent).json() == {"kept": 0.0, "off": True}
