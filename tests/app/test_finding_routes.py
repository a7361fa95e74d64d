"""The files of a finding: what comes, how it is named and kept, what is refused."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import shutil
import sys
import threading
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from httpx import ASGITransport, AsyncClient, Response
from starlette.applications import Starlette
from starlette.testclient import TestClient

from excavate.components import chart_host
from excavate.components.chart_desk import ChartDesk
from excavate.routes import routes
from excavate.site import Site
from tests.app.findings_made import lay, measured, rows, unmeasured


@pytest.fixture(scope="module")
def site(made_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("files") / "site"
    shutil.copytree(made_site, copy)
    return copy


@pytest.fixture
def client(site: Path, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setenv("EXCAVATE_SITE", str(site))
    return TestClient(Starlette(routes=routes()))


@pytest.fixture(scope="module")
def found(site: Path) -> str:
    return lay(site, "digits", measured(rows(3, ["digits/all/1"])), {"tau": 25})


def test_csv_carries_every_row_and_what_it_rests_on(client, found):
    reply = client.get(f"/finding/{found}.csv?lang=en")
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    name = f"excavate-intersections-{found}.csv"
    assert reply.headers["content-disposition"] == f'attachment; filename="{name}"'
    lines = list(csv.DictReader(io.StringIO(reply.content.decode("utf-8-sig"))))
    assert [line["count"] for line in lines] == ["0", "1", "2"]
    assert {line["finding"] for line in lines} == {found}
    assert {line["held against"] for line in lines} == {"at least 25 items each"}
    korean = client.get(f"/finding/{found}.csv?lang=ko").content.decode("utf-8-sig")
    assert "각각 항목 25개 이상" in korean


def test_json_and_parquet_carry_the_provenance(client, found):
    record = client.get(f"/finding/{found}.json").json()
    assert record["id"] == found
    assert len(record["rows"]) == record["rows_in_all"] == 3
    assert set(record["said"]) == {"ko", "en"}
    table = pq.read_table(io.BytesIO(client.get(f"/finding/{found}.parquet").content))
    assert table.num_rows == 3
    told = json.loads(table.schema.metadata[b"excavate"])
    assert told["provenance"]["dataset"] == "digits"


def test_a_number_that_json_has_no_sign_for_is_null(client, site):
    table = rows(2)
    with_nan = table.set_column(3, "expected", pa.array([float("nan"), float("inf")]))
    made = lay(site, "digits", measured(with_nan), {"tau": 3})
    found = client.get(f"/finding/{made}.json").json()["rows"]
    assert [row["expected"] for row in found] == [None, None]


@pytest.mark.parametrize("ending", ["csv", "json", "parquet"])
def test_files_hold_words_so_they_are_asked_for_again_by_their_etag(client, found, ending):
    reply = client.get(f"/finding/{found}.{ending}")
    assert reply.headers["cache-control"] == "no-cache"
    held = {"If-None-Match": reply.headers["etag"]}
    again = client.get(f"/finding/{found}.{ending}", headers=held)
    assert (again.status_code, again.content) == (304, b"")


FORMULAS = ["=HYPERLINK()", "+1", "-1", "@SUM(1)", "\tx", "\rx", "＝1", "a=1", "'", ""]


def test_no_text_in_a_csv_is_a_formula_and_nothing_else_is_changed(client, site):
    below = pa.array([-k for k in range(len(FORMULAS))])
    table = rows(len(FORMULAS)).append_column("note", pa.array(FORMULAS))
    table = table.append_column("below", below)
    made = lay(site, "digits", measured(table), {"tau": 8})
    csv_text = client.get(f"/finding/{made}.csv").content.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(csv_text, newline="")))
    changed = [f"'{text}" if n < 7 else text for n, text in enumerate(FORMULAS)]
    assert [line["note"] for line in lines] == changed
    assert [line["below"] for line in lines][:3] == ["0", "-1", "-2"]
    held = client.get(f"/finding/{made}.json").json()["rows"]
    assert [row["note"] for row in held] == FORMULAS
    parquet = client.get(f"/finding/{made}.parquet").content
    assert pq.read_table(io.BytesIO(parquet))["note"].to_pylist() == FORMULAS


def test_many_who_ask_for_one_chart_leave_room_for_pictures(site, monkeypatch):
    made = lay(site, "digits", measured(rows(2)), {"tau": 45})
    drawn, go_on = [], threading.Event()

    def slowly(browser: str, figure: str, height: int, ending: str) -> bytes:
        drawn.append(ending)
        assert go_on.wait(300)
        return b"<svg/>"

    monkeypatch.setattr(chart_host, "_by_browser", slowly)
    monkeypatch.setenv("BROWSER_PATH", sys.executable)  # something that is there
    monkeypatch.setenv("EXCAVATE_SITE", str(site))
    revision = Site(site).revisions()["digits"]

    async def crowd() -> tuple[list[Response], Response, Response]:
        transport = ASGITransport(Starlette(routes=routes()))
        async with AsyncClient(transport=transport, base_url="http://here") as one:
            asking = [asyncio.create_task(one.get(f"/finding/{made}.svg")) for _n in range(45)]
            while not drawn:
                await asyncio.sleep(0.01)
            asking[0].cancel()  # who goes away takes the drawing from nobody
            thumb = await asyncio.wait_for(one.get(f"/thumb/digits/{revision}/1.webp"), 120)
            csv_file = await asyncio.wait_for(one.get(f"/finding/{made}.csv"), 120)
            assert not any(task.done() for task in asking[1:])
            go_on.set()
            return await asyncio.gather(*asking[1:]), thumb, csv_file

    charts, thumb, csv_file = asyncio.run(crowd())
    assert (thumb.status_code, csv_file.status_code) == (200, 200)
    assert {(reply.status_code, reply.content) for reply in charts} == {(200, b"<svg/>")}
    assert drawn == ["svg"], "drawn once"


def test_a_long_queue_of_charts_is_refused(client, site, monkeypatch):
    made = lay(site, "digits", measured(rows(2)), {"tau": 46})
    monkeypatch.setattr(chart_host, "DESK", ChartDesk(most=0))
    reply = client.get(f"/finding/{made}.svg")
    assert (reply.status_code, "too many charts" in reply.text) == (503, True)


def test_what_was_not_measured_can_be_taken_with_its_reason_but_has_no_chart(client, site):
    made = lay(site, "street", unmeasured(), {"tau": 2})
    text = client.get(f"/finding/{made}.csv?lang=en").content.decode("utf-8-sig")
    assert "Not measured: nothing is stated in <i>." in text
    refused = client.get(f"/finding/{made}.svg")
    assert (refused.status_code, "no chart" in refused.text) == (404, True)


@pytest.mark.parametrize(
    "path",
    ["/finding/0123456789abcdef.csv", "/finding/..%2F..%2Fetc.csv", "/finding/{found}.exe",
     "/finding/{found}"],
)  # fmt: skip
def test_nothing_else_is_served(client, found, path):
    reply = client.get(path.format(found=found))
    assert reply.status_code == 404
    assert "Traceback" not in reply.text


def test_without_a_browser_a_chart_is_refused_in_words(client, site, monkeypatch, tmp_path):
    made = lay(site, "digits", measured(rows(2)), {"tau": 77})
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "none"))
    reply = client.get(f"/finding/{made}.png")
    assert (reply.status_code, "no Chromium" in reply.text) == (503, True)
