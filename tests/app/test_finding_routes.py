"""The files of a finding: what comes, how it is named and kept, what is refused."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from excavate.routes import routes
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


def test_files_are_kept_for_good(client, found):
    reply = client.get(f"/finding/{found}.csv")
    assert "immutable" in reply.headers["cache-control"]
    again = client.get(f"/finding/{found}.csv", headers={"If-None-Match": reply.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


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
