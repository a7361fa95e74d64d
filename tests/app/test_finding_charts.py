"""Charts of findings: what is drawn, what is hatched, and that every measure has one."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from xml.etree import ElementTree

import pyarrow as pa
import pytest
from PIL import Image

from excavate import charts
from excavate.catalog.folder import SiteFolder
from excavate.charts_findings import Bars, bars_of
from excavate.components import chart_host
from excavate.components.bars_drawn import bars_figure, bars_height
from excavate.components.chart_host import browser_path, chart_file
from excavate.components.font_pieces import with_fonts
from excavate.errors import MissingPartError, NotFoundError
from excavate.gaps.finding import Measured, Reference
from excavate.gaps.numbers import said
from excavate.gaps.question import Prepared, Question
from excavate.gaps.stored import Finding, keep, place_of
from excavate.i18n import speak
from tests.app.findings_made import rows


@pytest.fixture(autouse=True)
def _in_english() -> None:
    speak("en")


def finding(site: Path, table: pa.Table, measure: str = "intersections") -> Finding:
    outcome = Measured(measure, {"tau": 25}, Reference("floor", number=25), table, {}, 0)
    question = Question(measure, "made", parameters={"tau": 25})
    prepared = Prepared(question, {"tau": 25}, {}, lambda progress: outcome)
    return keep(place_of(SiteFolder(site), prepared, {"made": "r" * 64}), outcome, 0.1)


def bars(**given: object) -> Bars:
    three: dict[str, tuple[float | None, ...]] = {
        "values": (3.0, None, 1.0), "expected": (2.0, None, None), "lows": (2.5, None, 5.0),
        "highs": (3.5, None, 6.0),
    }  # fmt: skip
    return Bars(("a", "b <b>", "c"), **{**three, **given}, title="items", expected_title="R")  # type: ignore[arg-type]


def test_the_rows_of_a_measure_are_drawn_by_its_own_columns(tmp_path):
    drawn = bars_of(finding(tmp_path, rows(30)))
    assert drawn is not None
    assert len(drawn.labels) == 20
    assert drawn.labels[0] == "square · 1990"
    assert drawn.values[:3] == (0.0, 1.0, 2.0)
    assert drawn.expected[:3] == (10.0, 11.0, 12.0)
    assert (drawn.title, drawn.expected_title) == ("items", "expected if independent")


def test_any_table_with_a_number_has_a_chart(tmp_path):
    table = pa.table({"pattern": ["x", "y"], "share": [0.5, float("nan")], "low": [0.4, 0.1],
                      "high": [0.6, 0.2]})  # fmt: skip
    drawn = bars_of(finding(tmp_path, table))
    assert drawn is not None
    assert (drawn.labels, drawn.values) == (("x", "y"), (0.5, None))
    assert (drawn.bounds(0), drawn.bounds(1)) == ((0.4, 0.6), None)


@pytest.mark.parametrize("table", [pa.table({}), rows(0), pa.table({"pattern": ["x"]})])
def test_without_rows_or_numbers_there_is_none(tmp_path, table):
    assert bars_of(finding(tmp_path, table)) is None


def test_gap_is_slate_and_what_is_not_measured_is_hatched_never_a_bar_of_nothing():
    figure = bars_figure(bars(), charts.LIGHT)
    known, _whiskers, unknown, expected = figure.data
    assert list(known.y) == [0, 2]
    assert known.marker.color == charts.LIGHT.gap
    assert unknown.marker.pattern.shape == "/"
    assert (list(unknown.y), list(unknown.x)) == ([1], [3.0])
    assert (list(expected.y), list(expected.x)) == ([0], [2.0])
    assert charts.LIGHT.absence not in figure.to_json()


def test_an_interval_is_drawn_only_around_the_number_that_is_drawn():
    drawn = bars()
    assert drawn.bounds(2) is None  # 5 to 6 is the interval of something else than 1
    known, whiskers, *_rest = bars_figure(drawn, charts.LIGHT).data
    assert known.error_x.array is None
    assert (list(whiskers.y), list(whiskers.x)) == ([0], [3.0])  # no whisker of no length
    assert (list(whiskers.error_x.array), list(whiskers.error_x.arrayminus)) == ([0.5], [0.5])
    assert drawn.numbers(0) == "3 (2.5–3.5)  | 2"
    assert drawn.numbers(1) == "–"


def test_without_any_interval_there_is_no_trace_of_one():
    none = bars(lows=(None,) * 3, highs=(None,) * 3)
    assert all(trace.error_x.array is None for trace in bars_figure(none, charts.LIGHT).data)


def test_labels_are_text_not_markup():
    assert "b &lt;b&gt;" in bars_figure(bars(), charts.LIGHT).to_json()


def test_a_chart_grows_with_its_labels():
    long = Bars(("a long label " * 8,), (1.0,), (None,), (None,), (None,), "items")
    short = Bars(("a",), (1.0,), (None,), (None,), (None,), "items")
    assert bars_height(long) > bars_height(short)


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (0, "0"), (12345.0, "12,345"), (0.12345, "0.123"), (98765.4, "98,765"),
     (1e20, "100,000,000,000,000,000,000")],
)  # fmt: skip
def test_numbers_for_people(value, text):
    assert said(value) == text


def test_a_host_without_a_browser_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "none"))
    assert browser_path() is None
    made = finding(tmp_path, rows(2, value="no browser here"))
    with pytest.raises(MissingPartError, match="no Chromium"):
        chart_file(SiteFolder(tmp_path), made, "svg", "en")


def test_what_has_no_chart_is_told_before_any_browser_starts(tmp_path):
    with pytest.raises(NotFoundError, match="no chart"):
        chart_file(SiteFolder(tmp_path), finding(tmp_path, rows(0)), "svg", "en")


def test_only_the_pieces_of_the_typeface_that_are_needed_are_put_in():
    svg = "<svg><text>가 a</text></svg>"
    drawn = with_fonts(svg)
    if drawn == svg:
        pytest.skip("the fonts are not built here")
    assert drawn.endswith("<text>가 a</text></svg>")
    assert 1 <= drawn.count("@font-face") <= 6
    assert "url(data:font/woff2;base64," in drawn
    assert "http" not in drawn


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """What a browser would ask of the outside while it draws; it gets no answer."""
    asked: list[bytes] = []
    with socket.socket() as watcher:
        watcher.bind(("127.0.0.1", 0))
        watcher.listen()

        def listen() -> None:
            with suppress(OSError):  # closed at the end
                while True:
                    caller, _address = watcher.accept()
                    with caller:
                        asked.append(caller.recv(500).split(b"\r\n")[0])

        threading.Thread(target=listen, daemon=True).start()
        assert chart_host.NOWHERE == "http://127.0.0.1:9"
        monkeypatch.setattr(chart_host, "NOWHERE", f"http://127.0.0.1:{watcher.getsockname()[1]}")
        yield asked
        watcher.shutdown(socket.SHUT_RDWR)


@pytest.mark.browser
def test_a_chart_is_drawn_into_a_file_from_what_is_here_alone(tmp_path, outside):
    made = finding(tmp_path, rows(4))
    svg = chart_file(SiteFolder(tmp_path), made, "svg", "ko").decode()
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own drawing
    texts = ["".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text")]
    whole = " ".join(texts)
    assert "square · 1990" in whole
    assert "25개 이상" in whole  # the reference
    assert made.id in whole
    assert "made @ rrrrrrrrrrrr" in whole
    png = chart_file(SiteFolder(tmp_path), made, "png", "ko")
    assert Image.open(io.BytesIO(png)).width == 2 * chart_host.WIDE
    fetched = [one for one in outside if any(word in one for word in (b"cdn", b"plot", b"font"))]
    assert fetched == []
