"""The Survey: everything that is known here stands on it, and what is not known is drawn."""

from __future__ import annotations

import json
from html import unescape
from pathlib import Path

import pytest

from excavate.i18n import LANGUAGES, _, speak
from excavate.settings import MAX_PIXELS
from excavate.workshop.finds import GivenFact, bring
from tests.app.dossiers_made import write_dossiers
from tests.app.test_pages import run, text
from tests.workshop.given import author, find


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty site with three dossiers beside it."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.setenv("EXCAVATE_SITE", str(site))
    monkeypatch.setenv("EXCAVATE_ARCHIVES", str(write_dossiers(tmp_path / "archives")))
    return site


def drawn(app) -> str:
    """What the page draws as SVG."""
    parts = [e.proto for e in app.main if e.type == "bidi_component"]
    drawings = [p.json for p in parts if p.component_name == "excavate_drawing"]
    return "\n".join(json.loads(one)["html"] for one in drawings)


def brought(name: str, **more) -> str:
    """A find in the served site's workshop; returns its id."""
    from excavate.routes import served_workshop

    given = find(name, **more)
    bring(served_workshop(), author("Mirae"), given, MAX_PIXELS)
    return given.find_id


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_dossier_stands_on_the_chart_and_in_the_table(ground, language):
    app = run("survey.py", lang=language)
    speak(language)
    shown, chart = text(app), drawn(app)
    for dossier in ("hand-digits", "tiny-heap", "bare"):
        assert f"/dossier?id={dossier}&amp;lang={language}" in chart
        assert f"/dossier?id={dossier}&amp;lang={language}" in shown
    assert _("year not known") in chart
    assert _("size not known") in chart
    assert chart.count('class="exc-band"') == 4, "both bands, on both sheets"
    assert ("손 숫자" in chart) == (language == "ko")


def test_the_sentence_counts_what_is_not_known(ground):
    shown = drawn(run("survey.py", lang="en"))
    assert (
        "3 datasets, by the year they were published and how many pictures they hold, each step "
        "upward ten times as many. They reach from 1998 to 2008. 1 was withdrawn: hollow and "
        "struck. Of 1 the year is not known. Of 1 the size is not known." in shown
    )


def test_descent_is_drawn_once_and_ancestors_without_a_dossier_stand_above(ground):
    chart = drawn(run("survey.py", lang="en"))
    sheet = chart.partition("exc-on-middle")[0]
    assert sheet.count('class="exc-descent"') == 2, "Tiny heap to Hand digits, WordNet to it"
    assert sheet.count(">WordNet<") == 1


def test_a_withdrawn_dataset_is_struck_and_never_cinnabar(ground):
    chart = drawn(run("survey.py", lang="en"))
    assert chart.count('class="exc-strike"') == 2, "on both sheets"
    assert "--absence" not in chart
    assert "B5301F" not in chart.upper()


def test_bars_count_not_known_too(ground):
    shown = unescape(text(run("survey.py", lang="en")))
    labour = shown.partition("<h3>Labour</h3>")[2].partition("</section>")[0]
    assert "<span>volunteers</span><b>1</b>" in labour
    assert "<span>not known</span><b>2</b>" in labour


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ({"labour": "volunteers"}, {"hand-digits"}),
        ({"labour": "-"}, {"tiny-heap", "bare"}),
        ({"images_from": "web search", "status": "withdrawn"}, {"tiny-heap"}),
        ({"q": "slurs labels"}, {"tiny-heap"}),
        ({"q": "1,797장"}, {"hand-digits"}),
        ({"labour": "volunteers", "q": "slurs"}, set()),
    ],
)
def test_the_table_is_filtered_by_the_link(ground, query, left):
    app = run("survey.py", lang="en", **query)
    shown = text(app).partition("exc-wide-table")[2]
    ids = {d for d in ("hand-digits", "tiny-heap", "bare") if f"/dossier?id={d}&" in shown}
    assert ids == left
    if not left:
        assert "Nothing here matches" in text(app)
    assert drawn(app).count("exc-place exc-faded") == 2 * (3 - len(left)), "the terrain stays"


def test_two_stand_side_by_side_with_what_neither_says(ground):
    shown = text(run("survey.py", lang="en", beside="hand-digits,tiny-heap,nonsense"))
    table = shown.partition("exc-beside")[2].partition("</table>")[0]
    assert "2 datasets side by side" in shown
    assert "It is of 1998" in table
    assert "Slurs stood among its labels" in table
    assert '<span lang="ko">모두 1,797장</span>' in table
    silent = shown.partition("exc-silent")[2]
    assert "Pay" in silent
    assert "Taxonomy" not in silent.partition("</p>")[0]


def test_a_find_stands_on_the_survey_at_once(ground):
    facts = (GivenFact("year", "2019년"), GivenFact("counts", "12,000장"))
    find_id = brought("을지로 <b>간판</b>", facts=facts)
    app = run("survey.py", lang="en")
    assert f"/find?id={find_id}&amp;lang=en" in drawn(app)
    assert "을지로 &lt;b&gt;간판&lt;/b&gt;" in drawn(app)
    assert "exc-m-find" in drawn(app)
    row = text(app).partition("exc-wide-table")[2]
    assert "brought by Mirae, unverified" in row
    assert "12,000" in row
    assert ">2019<" in row


def test_words_that_are_no_number_place_nothing(ground):
    brought("Loose", facts=(GivenFact("year", "around 2019"), GivenFact("counts", "many")))
    assert "Of 2 the year is not known. Of 2 the size is not known." in drawn(
        run("survey.py", lang="en")
    )


def test_a_broken_dossier_is_told(ground, tmp_path):
    (tmp_path / "archives" / "torn.toml").write_text("id = ", encoding="utf-8")
    shown = text(run("survey.py", lang="en"))
    assert "1 dossier could not be read" in shown
    assert "excavate dossier check" in shown


def test_what_is_dug_here_is_marked_with_or_without_a_dossier(made_site, monkeypatch, tmp_path):
    monkeypatch.setenv("EXCAVATE_SITE", str(made_site))
    monkeypatch.setenv("EXCAVATE_ARCHIVES", str(write_dossiers(tmp_path / "archives")))
    app = run("survey.py", lang="en")
    chart, shown = drawn(app), text(app).partition("exc-wide-table")[2]
    assert "/items?dataset=street&amp;lang=en" in shown
    assert "no dossier yet · dug here" in shown
    digits = chart.partition('href="/dossier?id=hand-digits')[2].partition("</a>")[0]
    assert "exc-m-dug" in digits
    assert "/items?dataset=digits" not in chart, "it stands once, as its dossier"


@pytest.mark.parametrize("query", [{"paint": "nonsense"}, {"paint": "countries"}, {"labour": "x"}])
def test_any_link_draws_a_page(ground, query):
    assert "exc-sheet" in drawn(run("survey.py", lang="en", **query))


def test_without_dossiers_and_finds_that_is_said(ground, monkeypatch, tmp_path):
    monkeypatch.setenv("EXCAVATE_ARCHIVES", str(tmp_path / "none"))
    shown = text(run("survey.py", lang="en"))
    assert "no such folder of dossiers" in shown
    assert "No dataset is on record here" in shown


@pytest.mark.parametrize(
    ("row", "is_it"),
    [
        ({"dataset_id": "x", "source": "digits", "dossier": float("nan")}, True),
        ({"dataset_id": "x", "source": "digits", "dossier": None}, True),
        ({"dataset_id": "x", "source": "digits", "dossier": "bare"}, False),
        ({"dataset_id": "x", "source": "folder:y", "dossier": "hand-digits"}, True),
        ({"dataset_id": "hand-digits", "source": "folder:y"}, True),
        ({"dataset_id": "x", "source": "folder:y", "dossier": None}, False),
    ],
)
def test_what_was_dug_is_known_by_its_dossier_its_name_or_its_source(row, is_it):
    from excavate.components.terrain import dug_from
    from excavate.dossiers.schema import Dossier
    from tests.app.dossiers_made import HAND

    assert dug_from(Dossier.model_validate(HAND), [row]) == ((row["dataset_id"],) if is_it else ())
