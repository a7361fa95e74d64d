"""Below a path of a host: with a proxy that strips it, and with one that does not."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from excavate.base_path import UnderBase
from excavate.components.addresses import asset_url, thumbnail_url
from tests.app.browsing_machine import Visit, answering, free_port, serving

PROJECT = Path(__file__).resolve().parents[2]

CONFIGURATION = """
pid {folder}/pid; error_log {folder}/error.log; daemon off; worker_processes 1;
events {{ worker_connections 128; }}
http {{
  access_log off;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  map $http_upgrade $connection_upgrade {{ default upgrade; '' close; }}
  server {{
    listen 127.0.0.1:{port};
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $connection_upgrade;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_read_timeout 1h;
    location /there/ {{ proxy_pass {address}; }}
  }}
}}
"""


@pytest.mark.parametrize(("base", "asked"), [("/there", "/there/a/b"), ("/there", "/a/b"),
                                             ("", "/a/b")])  # fmt: skip
def test_what_lies_behind_sees_plain_paths(base: str, asked: str) -> None:
    def told(request: Request) -> PlainTextResponse:
        return PlainTextResponse(request.url.path)

    app = Starlette(routes=[Route("/a/b", told)], middleware=[Middleware(UnderBase, base=base)])
    client = TestClient(app)
    assert client.get(asked).status_code == 200
    if base:
        led = client.get(base, follow_redirects=False)
        assert (led.status_code, led.headers["location"]) == (307, base + "/")
        assert client.get("/thereabouts/a/b").status_code == 404


def test_what_the_browser_asks_for_has_the_path_in_front(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXCAVATE_BASE_PATH", "/there/")
    assert asset_url("paper.css").startswith("/there/assets/")
    assert thumbnail_url("a b", "r", 3) == "/there/thumb/a%20b/r/3.webp"


@pytest.fixture
def behind_nginx(served: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    if shutil.which("nginx") is None:
        pytest.skip("nginx is not installed (apt-get install nginx-light)")
    monkeypatch.setenv("EXCAVATE_BASE_PATH", "/there")
    port = free_port()
    with serving(PROJECT, served, tmp_path / "log.txt") as address:
        said = CONFIGURATION.format(folder=tmp_path, port=port, address=address)
        (tmp_path / "nginx.conf").write_text(said)
        proxy = subprocess.Popen(["nginx", "-c", str(tmp_path / "nginx.conf")])
        try:
            answering(f"http://127.0.0.1:{port}/there/", proxy, tmp_path / "error.log")
            yield f"http://127.0.0.1:{port}/there"
        finally:
            proxy.terminate()
            proxy.wait(timeout=60)


@pytest.mark.browser
def test_pages_pictures_and_links_behind_a_real_nginx(chromium: Any, behind_nginx: str) -> None:
    visit = Visit(chromium, behind_nginx)
    page = visit.open("/items?lang=en", ".exc-grid figure")
    page.wait_for_function("document.querySelector('.exc-grid img')?.naturalWidth > 0")
    page.locator(".exc-nav", has_text="Survey").first.click()
    page.wait_for_url(f"{behind_nginx}/survey?**")
    assert visit.broken == []
    visit.close()
