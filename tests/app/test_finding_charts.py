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
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from excavate import charts
from excavate.catalog.folder import SiteFolder
from excavate.charts_findings import Bars, bars_of
from excavate.components import chart_host
from excavate.components.bars_drawn import bars_figure, bars_height
from excavate.components.bars_html import bars_html
from excavate.components.chart_host import browser_path, chart_file
from excavate.components.font_pieces import with_fonts
from excavate.components.text_widths import columns, wide, wrapped
from excavate.errors import MissingPartError, NotFoundError
from excavate.gaps.finding import Measured, Reference
from excavate.gaps.numbers import is_share, said
from excavate.gaps.question import Prepared, Question
from excavate.gaps.stored import Finding, keep, place_of
from excavate.i18n import LANGUAGES, speak
from tests.app.browsing_machine import ARGUMENTS, CHROMIUM
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
    named = {"labels": ("a", "b <b>", "c"), "title": "items", "expected_title": "R"}
    return Bars(**{**named, **three, **given})  # type: ignore[arg-type]


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


STRANGE = "b <b> &amp; \"quoted\" 'one' <img src=x onerror=alert(1)>"


def test_no_markup_of_a_label_is_left_and_plotly_is_given_no_entity_it_does_not_know():
    written = bars_figure(bars(labels=(STRANGE, "b", "c")), charts.LIGHT).to_json()
    assert "<img" not in written
    assert "&quot;" not in written
    assert "&#x27;" not in written


def test_labels_are_text_not_markup():
    assert "b &lt;b&gt;" in bars_figure(bars(), charts.LIGHT).to_json()


def test_a_chart_grows_with_its_labels():
    long = Bars(("a long label " * 8,), (1.0,), (None,), (None,), (None,), "items")
    short = Bars(("a",), (1.0,), (None,), (None,), (None,), "items")
    assert bars_height(long) > bars_height(short)


@pytest.mark.parametrize("language", LANGUAGES)
def test_korean_labels_have_more_room_than_latin_ones_and_lines_end_where_the_paper_does(
    tmp_path, language
):
    latin, korean = bars(labels=("a" * 12,) * 3), bars(labels=("가" * 12,) * 3)
    left = [bars_figure(one, charts.LIGHT).layout.margin.l - 16 for one in (latin, korean)]
    assert left[1] == pytest.approx(1.6 * left[0], abs=2)
    made = finding(tmp_path, rows(4, value="손으로 그린 동그라미와 네모" * 3))
    speak(language)
    drawn = bars_of(made)
    assert drawn is not None
    figure = chart_host.captioned(SiteFolder(tmp_path), made, drawn)
    above, below = figure.layout.annotations[-2:]
    assert len(above.text.split("<br>")) > 1
    for note in (above, below):
        for line in note.text.split("<br>"):
            assert wide(line, note.font.size) <= chart_host.WIDE - 2 * chart_host.EDGE + 1


@given(st.text(), st.integers(4, 60), st.integers(1, 3))
def test_wrapped_lines_fit_and_lose_no_word_but_at_the_end(text, most, lines):
    whole = wrapped(text, most)
    assert all(columns(line) <= most for line in whole)
    assert "".join("".join(whole).split()) == "".join(text.split())
    short = wrapped(text, most, lines)
    assert len(short) <= lines
    assert all(columns(line) <= most for line in short)
    if len(whole) > lines:
        assert short[-1].endswith("…")
        assert short[:-1] == whole[: lines - 1]


def test_columns_by_hand():
    assert [columns(text) for text in ("", "ab", "가", "가a", "e\u0301")] == [0, 2, 1.6, 2.6, 1]
    assert wrapped("가나다 라마", 5) == ["가나다", "라마"]
    assert wrapped("가나다라마", 5) == ["가나다", "라마"]
    assert wrapped("one two three", 7, 1) == ["one t …"]
    assert wrapped("one two three", 6, 1) == ["one …"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (0, "0"), (12345.0, "12,345"), (0.12345, "0.123"), (98765.4, "98,765"),
     (1e20, "100,000,000,000,000,000,000"), (999.6, "1000"), (-0.6077, "-0.608"),
     (0.000123, "0.000123"), (2.71e-20, "under 0.0001"), (-2e-9, "over -0.0001"), (0.5, "0.5")],
)  # fmt: skip
def test_numbers_for_people(value, text):
    assert said(value) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0.0 %"), (1, "100.0 %"), (0.25, "25.0 %"), (0.0041, "0.41 %"), (6e-5, "0.01 %"),
     (1.2e-5, "0.001 %"), (2.71e-20, "under 0.0001 %"), (0.99999, "99.999 %"),
     (1 - 1e-9, "over 99.9999 %"), (-0.1, "-10.0 %"), (1.5, "1.5")],
)  # fmt: skip
def test_shares_are_said_in_per_cent(share, text):
    assert said(share, share=True) == text


@given(st.floats(allow_nan=False, allow_infinity=False), st.booleans())
def test_no_number_is_said_with_an_exponent_and_none_but_zero_as_zero(value, share):
    text = said(value, share)
    assert "e+" not in text
    assert "e-" not in text
    if value:
        assert any(sign in "123456789" for sign in text)


def test_what_is_a_share_is_told_by_its_name_in_its_measure():
    assert is_share("columns", "share")
    assert is_share("columns", "unmatched")
    assert not is_share("taxonomy", "unmatched")
    assert is_share("duplicates", "leak|any|test|train")
    assert is_share("diversity", "coverage:age")
    assert is_share("labels", "error_share")
    assert not is_share("labels", "score")
    assert not is_share("association", "expected")


def test_bars_of_shares_are_in_per_cent(tmp_path):
    table = pa.table({"pattern": ["x"], "share": [0.25], "low": [0.2], "high": [0.3]})
    drawn = bars_of(finding(tmp_path, table))
    assert drawn is not None
    assert drawn.numbers(0) == "25.0 % (20.0 %–30.0 %)"
    assert bars_figure(drawn, charts.LIGHT).layout.xaxis.tickformat.endswith("%")


def test_bars_of_a_narrow_screen_say_and_draw_the_same():
    html = bars_html(bars(labels=("a", "b <b>", '"c"')))
    assert "b &lt;b&gt;" in html
    assert html.count("<i style=") == 2
    assert "left:0.00%;width:85.71%" in html, "3 of 3.5, the end of the interval"
    assert html.count("<u style=") == 1
    assert html.count("<s style=") == 1
    assert html.count("exc-bar-unmeasured") == 1
    assert "not measured" in html
    below = bars_html(bars(values=(-1.0, None, 1.0), expected=(None,) * 3, lows=(None,) * 3))
    assert "left:0.00%;width:50.00%" in below
    assert "left:50.00%;width:50.00%" in below


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


LONG = "손으로 그린 동그라미와 네모, 그리고 그 사이에 놓인 것들"


@pytest.mark.browser
@pytest.mark.parametrize("value", [LONG, "WWWWMMMM " * 8, STRANGE])
def test_nothing_of_a_drawn_chart_is_cut_off_or_drawn_otherwise(tmp_path, value):
    from playwright.sync_api import sync_playwright

    made = finding(tmp_path, rows(3, value=value))
    svg = chart_file(SiteFolder(tmp_path), made, "svg", "ko").decode()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        page = browser.new_page(viewport={"width": chart_host.WIDE, "height": 900})
        page.set_content(f"<style>body{{margin:0}}</style>{svg}")
        page.evaluate("document.fonts.ready")
        drawn = page.locator("svg text").evaluate_all(
            "all => all.map(t => [t.textContent, t.getBoundingClientRect()])"
            ".map(([text, box]) => [text, box.left, box.right])"
        )
        browser.close()
    cut = [one for one in drawn if one[1] < 0 or one[2] > chart_host.WIDE]
    assert cut == []
    if value is STRANGE:
        assert any(text.startswith("b <b> &amp; \"quoted\" 'one'") for text, *_box in drawn)
