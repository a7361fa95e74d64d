"""The Survey: everything that is known here stands on it, and what is not known is drawn."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest

from excavate.components.terrain import __file__ as terrain_file
from excavate.i18n import LANGUAGES, _, speak
from excavate.settings import MAX_PIXELS
from excavate.workshop.finds import GivenFact, bring
from tests.app.dossiers_made import write_dossiers
from tests.app.test_pages import run, text
from tests.workshop.given import author, find

MARK = '<span class="exc-mark-unverified">unverified</span>'


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


def doubt(archives: Path) -> None:
    """Let everything that is said of the tiny heap be recalled only."""
    file = archives / "tiny-heap.toml"
    said = file.read_text("utf-8")
    assert said.count('status = "seen"') == 2
    file.write_text(said.replace('status = "seen"', 'status = "recalled"'), encoding="utf-8")


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
        "struck. Of 1 the year is not known. Of 1 the size is not known.<" in shown
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
    assert "<span>volunteers</span><b>1 <small" in labour
    assert ">1 unverified</small>" in labour, "its only fact is recalled"
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
    assert f"<td>12,000 {MARK}</td>" in row
    assert f"<td>2019 {MARK}</td>" in row


def test_words_that_are_no_number_place_nothing(ground):
    brought("Loose", facts=(GivenFact("year", "around 2019"), GivenFact("counts", "many")))
    shown = drawn(run("survey.py", lang="en"))
    assert "Of 1 the year is not known. Of 1 the size is not known." in shown, "of dossiers"
    assert "1 find was brought here, unverified." in shown
    assert "1 find without a year, or without room on the sheet" in shown


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


@pytest.mark.parametrize("number", ["9" * 41, "7" * 600, "1,000,000,000,001", "10" * 7, "0"])
def test_a_number_that_no_dataset_has_is_no_size(ground, number):
    brought("Endless", facts=(GivenFact("counts", number),))
    app = run("survey.py", lang="en")
    row = text(app).partition("exc-wide-table")[2].partition("Endless")[2].partition("</tr>")[0]
    assert row.count("not known") == 2 + 5, "neither year, nor size, nor facet"
    assert not app.exception


@pytest.mark.parametrize("language", LANGUAGES)
def test_any_number_is_said_in_few_signs(language):
    from excavate.components.dossier_words import short_number

    speak(language)
    assert short_number(60_000) == {"en": "60K", "ko": "6만"}[language]
    assert short_number(int("9" * 41))


def test_finds_set_no_axis_and_are_counted_apart(ground):
    before = drawn(run("survey.py", lang="en"))
    brought("Plates", facts=(GivenFact("year", "1907"), GivenFact("counts", "1")))
    brought("To come", facts=(GivenFact("year", "2099"), GivenFact("counts", "1000")))
    shown = drawn(run("survey.py", lang="en"))
    axes = 'class="exc-axis">[^<]*<'
    assert re.findall(axes, shown) == re.findall(axes, before)
    assert "3 datasets, by the year" in shown
    assert "They reach from 1998 to 2008." in shown
    assert "2 finds were brought here, unverified. 1 of them lies beyond the axes" in shown
    assert "Plates · 1907 · 1<" in shown, "what stands at the edge says its year and size"
    aside = shown.partition("exc-aside")[2].partition("</section>")[0]
    assert "To come" in aside, "a year that has not come is none"


def test_sixty_finds_without_a_year_leave_the_chart_whole(ground):
    from excavate.components.terrain import Place, terrain
    from excavate.components.terrain_chart import chart
    from excavate.components.terrain_list import View
    from excavate.pages.ground import archive_or_notice

    speak("en")
    archive = archive_or_notice()
    places = terrain(archive.dossiers, [], [])
    view = View("labour", {}, frozenset(), lambda place: f"/{place.id}")
    finds = [Place(f"f{n}", "find", f"Find {n}", "en", brought_by="x") for n in range(60)]
    alone, crowded = chart(places, view, ""), chart([*places, *finds], view, "")
    assert crowded.count("<section") == 2
    aside = crowded.partition("<section")[2].partition("</section>")[0]
    assert aside.count("<li>") == 60
    sheets = [part.partition("</svg>")[0] for part in alone.split('<svg class="exc-sheet')[1:]]
    assert all(sheet in crowded for sheet in sheets), "not a mark was moved"


def test_finds_of_one_year_and_size_never_lie_on_one_another():
    from excavate.components.terrain import Place
    from excavate.components.terrain_sheet import lay_sheet, points

    known = Place("d", "dossier", "D", "en", 2015, 9000)
    finds = [Place(f"f{n}", "find", f"F {n}", "en", 2015, n % 2 * 9000 or None) for n in range(60)]
    places = [known, *finds]
    spots = points(lay_sheet(places, 1100, 640, False), places)
    stand = [spot for spot in spots if spot]
    assert 10 < len(stand) < 40
    assert len(set(stand)) == len(stand)


def test_what_rests_on_recalled_facts_alone_is_unverified_wherever_it_stands(ground, tmp_path):
    doubt(tmp_path / "archives")
    app = run("survey.py", lang="en", beside="hand-digits,tiny-heap")
    chart, shown = drawn(app), text(app)
    link = chart.partition('href="/dossier?id=tiny-heap')[2].partition("</a>")[0]
    assert "2008 (unverified) · 79.3M (unverified) · withdrawn (unverified)" in link
    assert 'class="exc-strike exc-unsure"' in link
    assert 'class="exc-doubt"' in link
    assert "1 was withdrawn, unverified: struck with dashes." in chart
    assert "Of 1 the year or the size is unverified: its name is dashed." in chart
    beside, table = shown.partition("exc-wide-table")[::2]
    row = table.partition("/dossier?id=tiny-heap")[2].partition("</tr>")[0]
    assert row.count(MARK) == 4, "year, size, where the images are from, status"
    assert f"<b>withdrawn 2020-06-29</b> {MARK}" in beside
    assert f"<b>79,302,017</b> {MARK}" in beside
    sure = table.partition("/dossier?id=hand-digits")[2].partition("</tr>")[0]
    assert sure.count(MARK) == 1, "its labour"


def test_several_broken_dossiers_are_they(ground, tmp_path):
    for name in ("torn", "worn"):
        (tmp_path / "archives" / f"{name}.toml").write_text("id = ", encoding="utf-8")
    shown = text(run("survey.py", lang="en"))
    assert "2 dossiers could not be read" in shown
    assert "They are missing below." in shown


def test_an_empty_archive_is_told_where_something_is_dug(made_site, monkeypatch, tmp_path):
    monkeypatch.setenv("EXCAVATE_SITE", str(made_site))
    monkeypatch.setenv("EXCAVATE_ARCHIVES", str(tmp_path))
    shown = text(run("survey.py", lang="en"))
    assert "There is no dossier in the folder of the dossiers" in shown
    assert "/items?dataset=street" in shown


def test_each_stands_beside_the_others_once_and_the_unknown_take_no_place(ground):
    asked = ",".join([*["bare"] * 4, "nope", "what", "tiny-heap", "hand-digits"])
    shown = text(run("survey.py", lang="en", beside=asked))
    assert "3 datasets side by side" in shown
    beside = shown.partition("exc-beside")[2].partition("</thead>")[0]
    assert beside.count('<th scope="col">') == 3
    links = shown.partition("exc-wide-table")[2]
    assert "nope" not in links
    assert "<b>3 chosen</b><span>Bare, Tiny heap, Hand digits</span>" in shown
    assert '<a href="#beside">See side by side</a>' in shown
    assert 'id="beside"' in shown


def test_the_colours_are_told_before_the_chart(ground):
    chart = drawn(run("survey.py", lang="en"))
    assert chart.index("exc-swatch") < chart.index("<figure") < chart.index("exc-forms")


def test_what_is_out_of_the_filter_keeps_its_contrast():
    """Quieter by its colour, which is AA on both grounds, never by fading letters."""
    css = (Path(terrain_file).parent / "paper.css").read_text("utf-8")
    rules = [rule for rule in css.split("}") if ".exc-faded" in rule and "opacity" in rule]
    assert rules
    for rule in rules:
        selectors = rule.partition("{")[0].split(",")
        assert all(s.split()[-1] in ("g", ".exc-m", ".exc-track") for s in selectors), rule


def test_finds_do_not_swell_what_is_not_known(ground):
    brought("One more")
    shown = unescape(text(run("survey.py", lang="en", labour="-")))
    labour = shown.partition("<h3>Labour</h3>")[2].partition("</section>")[0]
    assert "<span>not known</span><b>2</b>" in labour
    assert "<h2>2 datasets</h2>" in shown, "as many as the bar says"
