"""Gaps and Finding: every state that a finding can be in, in both languages."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from excavate.gaps.asking import ask
from excavate.gaps.finding import Figure
from excavate.gaps.question import Question
from excavate.gaps.robustness import robustness, robustness_of
from excavate.gaps.saying.robustness import sentence
from excavate.i18n import LANGUAGES, _, speak
from excavate.site import Site
from tests.app.conftest import MARKUP
from tests.app.findings_made import lay, measured, rows, unmeasured
from tests.app.test_pages import run, text

SIX = [f"digits/all/{n}" for n in range(6)]


def vectors_of(site: Path, dataset: str) -> list[str]:
    return [v.id for v in Site(site).embeddings() if v.provenance["dataset"] == dataset]


@pytest.fixture(scope="module")
def kept(made_site: Path, tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """A site of its own with one finding of each kind."""
    site = tmp_path_factory.mktemp("gaps") / "site"
    shutil.copytree(made_site, site)
    figures = {"items": Figure(120), "patterns": Figure(0.25, 0.125, 0.5)}
    return SimpleNamespace(
        site=site,
        found=lay(site, "digits", measured(rows(30, SIX), **figures), {"tau": 25},
                  vectors=vectors_of(site, "digits")),
        marked=lay(site, "shapes", measured(rows(1, value=MARKUP)), {"tau": 25}),
        nothing=lay(site, "street", measured(rows(0)), {"tau": 25}),
        unmeasured=lay(site, "street", unmeasured(), {"tau": 1}),
        old=lay(site, "digits", measured(rows(2, ["digits/all/gone"])), {"tau": 9},
                revision="of before"),
    )  # fmt: skip


@pytest.fixture
def gaps(kept: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    monkeypatch.setenv("EXCAVATE_SITE", str(kept.site))
    return kept


def card(shown: str, finding_id: str) -> str:
    """The HTML of one card."""
    start = shown.index(f'id="f-{finding_id}"')
    return shown[start : shown.index("</article>", start)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_finding_the_way_to_measure_is_shown(served, language):
    shown = text(run("gaps.py", lang=language))
    speak(language)
    assert _("No finding yet") in shown
    assert "excavate gaps --site" in shown
    assert "exc-finding-nothing" not in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_card_can_be_read_aloud_and_defended(gaps, language):
    shown = card(text(run("gaps.py", lang=language)), gaps.found)
    speak(language)
    assert "square · year = 1990" in shown
    assert _("at least {number} items each").format(number="25") in shown
    assert _("95 %: {low} to {high}").format(low="0.125", high="0.5") in shown
    assert _("Seen through what is computed from the pixels alone: nothing was trained.") in shown
    assert "pixels:8" in shown
    assert shown.count("<figure>") == 6
    assert _("robustness not looked at") in shown
    assert f"/finding?id={gaps.found}" in shown
    assert "finding=" + gaps.found in shown  # its way to the map
    assert ("교차 지점의 부재" in shown) == (language == "ko")


@pytest.mark.parametrize("language", LANGUAGES)
def test_not_measured_and_nothing_found_look_like_neither_the_other_nor_a_gap(gaps, language):
    shown = text(run("gaps.py", lang=language))
    speak(language)
    unmeasured_card, nothing = card(shown, gaps.unmeasured), card(shown, gaps.nothing)
    assert f'exc-finding-unmeasured" id="f-{gaps.unmeasured}"' in shown
    assert f'exc-finding-nothing" id="f-{gaps.nothing}"' in shown
    assert _("measured, nothing found") in nothing
    assert _("nothing is stated in {columns}").format(columns="&lt;i&gt;") in unmeasured_card
    assert "excavate gaps --site site --dataset street" in unmeasured_card
    assert "exc-figures" not in unmeasured_card
    assert _("robustness not looked at") not in unmeasured_card


def test_what_was_measured_on_older_data_says_so_and_stands_last(gaps):
    shown = text(run("gaps.py", lang="en"))
    assert "of an older revision" in card(shown, gaps.old)
    assert "of an older revision" not in card(shown, gaps.found)
    order = [shown.index(f"f-{one}") for one in (gaps.found, gaps.nothing, gaps.unmeasured)]
    assert order == sorted(order)
    assert shown.index(f"f-{gaps.old}") > max(order)
    assert "not in this site any more" in card(shown, gaps.old)


def test_how_much_was_asked_is_told(gaps):
    shown = text(run("gaps.py", lang="en"))
    assert "5 findings of this site · 1 could not be measured · 33 comparisons" in shown
    alone = text(run("finding.py", lang="en", id=gaps.found))
    assert "One of 5 findings asked of this site" in alone


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({"dataset": "digits"}, {"found", "old"}),
        ({"result": "unmeasured"}, {"unmeasured"}),
        ({"result": "nothing", "dataset": "street"}, {"nothing"}),
        ({"measure": "intersections", "type": "missing-intersection"},
         {"found", "marked", "nothing", "unmeasured", "old"}),
        ({"dataset": "no such"}, {"found", "marked", "nothing", "unmeasured", "old"}),
    ],
)  # fmt: skip
def test_the_link_filters(gaps, query, wanted):
    shown = text(run("gaps.py", lang="en", **query))
    kinds = ("found", "marked", "nothing", "unmeasured", "old")
    assert {k for k in kinds if f"f-{getattr(gaps, k)}" in shown} == wanted


def test_a_filter_that_nothing_fits_says_so(gaps):
    shown = text(run("gaps.py", lang="en", dataset="shapes", result="nothing"))
    assert "No finding matches" in shown


def test_many_findings_come_in_pages(made_site, tmp_path, monkeypatch):
    site = tmp_path / "site"
    shutil.copytree(made_site, site)
    for tau in range(14):
        lay(site, "digits", measured(rows(1), tau + 1), {"tau": tau + 1})
    monkeypatch.setenv("EXCAVATE_SITE", str(site))
    app = run("gaps.py", lang="en")
    assert text(app).count("<article") == 12
    next(b for b in app.button if b.label == "Next").click().run()
    assert text(app).count("<article") == 2
    assert app.query_params["page"] == "2"


def test_markup_from_a_source_stays_text(gaps):
    for shown in (text(run("gaps.py", lang="en")), text(run("finding.py", lang="en",
                                                           id=gaps.marked))):  # fmt: skip
        assert MARKUP not in shown
        assert "&lt;img src=x onerror=alert(1)&gt;" in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_finding_has_a_page_with_rows_downloads_and_method(gaps, language):
    app = run("finding.py", lang=language, id=gaps.found)
    shown = text(app)
    speak(language)
    assert _("In other settings") in shown
    for ending in ("csv", "parquet", "json"):
        assert f"/finding/{gaps.found}.{ending}?lang={language}" in shown
    assert _("combination") in shown
    assert shown.count("<tr>") >= 25
    assert '<td class="exc-quiet">25</td>' in shown
    assert '<td class="exc-quiet">26</td>' not in shown
    next(b for b in app.button if b.label == _("Next")).click().run()
    assert '<td class="exc-quiet">26</td>' in text(app)
    assert app.get("plotly_chart")


def test_the_page_of_what_was_not_measured_has_no_chart_and_no_rows(gaps):
    app = run("finding.py", lang="en", id=gaps.unmeasured)
    assert not app.get("plotly_chart")
    assert "Not measured: nothing is stated in &lt;i&gt;." in text(app)
    assert "exc-rows" not in text(app)


@pytest.mark.parametrize("asked", ["", "0000000000000000", "../../etc"])
def test_a_finding_that_is_not_there_is_told(gaps, asked):
    assert "There is no such finding" in text(run("finding.py", lang="en", id=asked))


def test_a_row_is_marked_on_the_map_and_its_place_is_called_no_evidence(gaps):
    app = run("map_page.py", lang="en", finding=gaps.found, row="1")
    shown = text(app)
    assert "6 items are ringed." in shown
    assert "no evidence" in shown
    assert "6 items selected" in shown
    next(b for b in app.button if b.label == "Let go of the selection").click().run()
    assert "ringed" not in text(app)
    assert "finding" not in app.query_params


@pytest.mark.parametrize("row", ["0", "31", "x", "-1", "²"])
def test_a_row_that_is_none_marks_nothing(gaps, row):
    assert "ringed" not in text(run("map_page.py", lang="en", finding=gaps.found, row=row))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_asked_in_other_settings_says_in_how_many_it_holds(
    made_site, tmp_path, monkeypatch, language
):
    site = tmp_path / "site"
    shutil.copytree(made_site, site)
    opened = Site(site)
    asked = ask(opened, Question("intersections", "shapes", parameters={"tau": 2}))
    other = robustness(opened, asked).settings[0].finding
    monkeypatch.setenv("EXCAVATE_SITE", str(site))
    cards = text(run("gaps.py", lang=language))
    speak(language)
    told = sentence(robustness_of(opened.folder, asked.id))
    assert told in card(cards, asked.id)
    assert _("robustness not looked at") not in card(cards, asked.id)
    assert _("another setting of one") in card(cards, other)
    assert _("another setting of one") not in card(cards, asked.id)
    alone = text(run("finding.py", lang=language, id=asked.id))
    assert "tau 2 → 1" in alone
    assert f"/finding?id={other}" in alone


def test_where_the_page_is_not_the_hosts_the_command_is_shown(gaps):
    shown = text(run("gaps.py", lang="en"))  # AppTest has no Host header: nobody is the host
    assert "excavate gaps --site site --dataset" in shown
    assert "The host measures it with this command:" in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_finding_without_its_rows_is_a_broken_card_among_the_others(
    kept, monkeypatch, tmp_path, language
):
    site = tmp_path / "broken"
    shutil.copytree(kept.site, site)
    (site / "findings" / f"{kept.found}.rows.parquet").unlink()
    monkeypatch.setenv("EXCAVATE_SITE", str(site))
    shown = text(run("gaps.py", lang=language))
    speak(language)
    broken = card(shown, kept.found)
    assert _("the rows of a finding cannot be read") in broken
    assert f"{kept.found}.json" in broken
    assert _("cannot be drawn") in broken
    assert _("something found") not in broken
    assert _("measured, nothing found") not in broken
    assert f'exc-finding-found" id="f-{kept.marked}' in shown
    assert f'exc-finding-nothing" id="f-{kept.nothing}' in shown
    assert f'exc-finding-unmeasured" id="f-{kept.unmeasured}' in shown


def test_a_card_that_fails_otherwise_is_told_as_broken_too(kept, monkeypatch, tmp_path, caplog):
    site = tmp_path / "other"
    shutil.copytree(kept.site, site)
    foreign = pa.table({"of another version": [1]})
    pq.write_table(foreign, site / "findings" / f"{kept.found}.rows.parquet")
    monkeypatch.setenv("EXCAVATE_SITE", str(site))
    shown = text(run("gaps.py", lang="en"))
    assert "The card of this finding could not be drawn" in card(shown, kept.found)
    assert f'exc-finding-nothing" id="f-{kept.nothing}' in shown
    assert kept.found in caplog.text


def test_rows_that_show_the_same_items_share_one_strip_that_calls_them_nearest(
    made_site, tmp_path, monkeypatch
):
    site = tmp_path / "site"
    shutil.copytree(made_site, site)
    two = rows(2, SIX).to_pylist()
    for row in two:
        row |= {"count": 0, "items": SIX}
    made = lay(site, "digits", measured(pa.Table.from_pylist(two, rows(1).schema)), {"tau": 25})
    monkeypatch.setenv("EXCAVATE_SITE", str(site))
    shown = text(run("finding.py", lang="en", id=made))
    assert shown.count("The nearest items (none is in any of these): ") == 1
    assert "Items of: " not in shown
    assert shown.count("<figure>") == 6
    marked = text(run("map_page.py", lang="en", finding=made, row="2"))
    assert "None of them is of it: they are the nearest items." in marked


def test_the_way_to_the_map_leads_each_row(gaps):
    shown = text(run("finding.py", lang="en", id=gaps.found)).split('class="exc-rows"')[1]
    heads = shown[: shown.index("</thead>")]
    assert heads.index(">Map<") < heads.index(">items<")
