"""The Taxonomy page's states: whole, forest, DAG, empty, veiled, unmatched, not measured."""

from __future__ import annotations

from html import escape
from pathlib import Path
from urllib.parse import unquote_plus

import pyarrow as pa
import pytest

from excavate.catalog.cataloguing import DigRequest, catalogue
from excavate.gaps.asking import ask
from excavate.gaps.finding import Measured, Reference
from excavate.gaps.question import Prepared, Question
from excavate.gaps.records import sentence
from excavate.gaps.stored import keep, place_of
from excavate.i18n import LANGUAGES, _, speak
from excavate.settings import Settings
from excavate.site import Site
from excavate.workshop.about import About, about_query
from tests.app.conftest import MARKUP
from tests.app.test_pages import run, text
from tests.app.tree_site import SLUR, make_tree_site
from tests.made import picture


@pytest.fixture(scope="module")
def tree_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tree_site(tmp_path_factory.mktemp("trees"))


@pytest.fixture
def on_trees(tree_site: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EXCAVATE_SITE", str(tree_site))
    return tree_site


def page(**query: str) -> str:
    return text(run("taxonomy.py", **query))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_forest_is_whole_and_its_empty_branches_are_drawn(on_trees, language):
    shown = page(lang=language, dataset="shapes", tree="kinds")
    speak(language)
    assert _("all empty") in shown
    assert 'exc-cell-empty" href="/taxonomy?' in shown
    words = _("{dataset} fills {full} of {total} nodes with {items} items; {empty} are empty.")
    told = {"dataset": "shapes", "full": 5, "total": 17, "items": 9, "empty": 12}
    assert words.format(**told) in shown
    assert "lone 0" not in shown.split("exc-icicle")[1].split("</nav>")[0]


def test_the_stand_alone_are_one_cell_that_opens_a_list(on_trees):
    shown = page(lang="en", dataset="-", tree="kinds")
    assert "4 stand alone" in shown
    opened = page(lang="en", dataset="-", tree="kinds", every="1")
    assert "5 nodes directly below" in opened
    assert all(f"lone {n}" in opened for n in range(4))


def test_a_node_below_two_others_is_drawn_in_both_and_says_so(on_trees):
    whole = page(lang="en", dataset="shapes", tree="kinds", node="thing")
    assert whole.count("below 2 others") == 2
    shown = page(lang="en", dataset="shapes", tree="kinds", node="c1")
    trail = shown.split("exc-trail")[1].split("</nav>")[0]
    assert trail.count("<li>") == 2
    assert "flat thing" in trail
    assert "round thing" in trail
    assert "5 items at or below" in shown


def test_an_empty_branch_is_opened_and_told(on_trees):
    shown = page(lang="en", dataset="shapes", tree="kinds", node="solid")
    assert "Nothing of shapes lies here or below: this whole branch is empty." in shown
    whole = page(lang="en", dataset="shapes", tree="kinds")
    listed = whole.split("exc-branches")[1].split("</ol>")[0]
    assert "solid</span></a><b>5</b>" in listed


def test_contested_names_are_veiled_until_one_unveils_them_for_oneself(on_trees):
    asked = {"lang": "en", "dataset": "-", "tree": "kinds", "node": "n00007846", "every": "1"}
    app = run("taxonomy.py", **asked)
    assert SLUR not in text(app)
    assert "p1" in text(app)
    assert "2 names are veiled" in [e.label for e in app.expander]
    app.toggle(key="unveiling").set_value(True).run()
    assert SLUR in text(app)
    assert "unveil" not in str(app.query_params)
    app.toggle(key="unveiling").set_value(False).run()
    assert SLUR not in text(app)


def test_pictures_do_not_say_in_their_captions_what_is_veiled(on_trees):
    app = run("taxonomy.py", lang="en", dataset="crowd", tree="kinds")
    assert "2 items under veiled names are not shown" in text(app)
    assert text(app).count("<figure>") == 1
    assert SLUR not in text(app)
    app.toggle(key="unveiling").set_value(True).run()
    assert text(app).count("<figure>") == 3
    assert SLUR in text(app)


def test_a_search_does_not_unveil(on_trees):
    shown = page(lang="en", dataset="-", tree="kinds", q="HURTS")
    assert "1 node has it in its name" in shown
    assert SLUR not in shown
    assert "<span>circle <small>" in page(lang="en", dataset="shapes", tree="kinds", q="CIRC")


def test_labels_that_met_no_node_are_listed_and_never_markup(on_trees):
    app = run("taxonomy.py", lang="en", dataset="shapes", tree="kinds")
    assert "1 is not in this tree" in [e.label for e in app.expander]
    assert MARKUP not in text(app)
    assert "&lt;img src=x" in text(app)
    assert "4 labelled items name no node of it." in text(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_labels_it_is_not_measured_and_not_empty(on_trees, language):
    shown = page(lang=language, dataset="plain", tree="kinds")
    speak(language)
    assert _("Not measured: {dataset} has no labels").format(dataset="plain") in shown
    assert "exc-cell-unmeasured" in shown
    assert "exc-cell-empty" not in shown
    assert "exc-cell-filled" not in shown


def test_labels_are_links_to_their_items(on_trees):
    shown = page(lang="en", dataset="shapes", tree="kinds", node="s1")
    assert "field=folder&amp;value=square" in shown
    assert shown.count("<figure>") == 4


@pytest.mark.parametrize("colour", ["count", "deficit", "nonsense"])
@pytest.mark.parametrize("height", ["nodes", "items", "nonsense"])
def test_every_way_to_look_draws_every_child(on_trees, colour, height):
    shown = page(lang="en", dataset="shapes", tree="kinds", colour=colour, height=height)
    icicle = shown.split("exc-icicle")[1].split("</nav>")[0]
    for name in ("thing", "flat thing", "round thing", "square", "circle"):
        assert name in icicle


def test_a_node_that_is_not_there_is_told(on_trees):
    shown = page(lang="en", dataset="shapes", tree="kinds", node="nowhere")
    assert "This tree has no node of this name" in shown
    assert "exc-icicle" in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_site_without_any_tree_is_not_measured(tmp_path, monkeypatch, language):
    (tmp_path / "plain").mkdir()
    picture(1, 40, 30).save(tmp_path / "plain" / "1.png")
    catalogue(DigRequest(f"folder:{tmp_path / 'plain'}", tmp_path / "site"), Settings())
    monkeypatch.setenv("EXCAVATE_SITE", str(tmp_path / "site"))
    shown = page(lang=language)
    speak(language)
    assert _("Not measured: there is no tree of categories here") in shown


def test_what_was_measured_of_it_stands_on_top_with_its_link(on_trees):
    asked = {"lang": "en", "dataset": "shapes", "tree": "kinds"}
    assert "Nobody has measured it yet:" in page(**asked)
    opened = Site(on_trees)
    found = ask(opened, Question("taxonomy", "shapes", "taxonomy:kinds"))
    opened.close()
    shown = page(**asked)
    speak("en")
    assert escape(sentence(found)) in shown
    assert f"/finding?id={found.id}" in shown
    assert "Nobody has measured it yet:" not in shown
    assert "Nobody has measured it yet:" in page(lang="en", dataset="shapes", tree="own")
    told = found.figures
    assert f"{told['nodes_empty'].value:.0f} are empty." in shown


def test_a_sentence_that_names_what_is_veiled_is_not_read_out(on_trees):
    rows = pa.table({"node_id": ["p1"], "name": [SLUR], "count": [1], "target": [9.0]})
    given = {"taxonomy": "kinds"}
    outcome = Measured("taxonomy", given, Reference("floor", number=9), rows)
    opened = Site(on_trees)
    prepared = Prepared(Question("taxonomy", "crowd"), given, {}, lambda progress: outcome)
    revision = {"crowd": opened.revisions()["crowd"]}
    keep(place_of(opened.folder, prepared, revision), outcome, 0.0)
    opened.close()
    app = run("taxonomy.py", lang="en", dataset="crowd", tree="kinds")
    assert "Its sentence names what is veiled." in text(app)
    assert SLUR not in text(app)
    app.toggle(key="unveiling").set_value(True).run()
    assert "Its sentence names what is veiled." not in text(app)
    assert f"“{SLUR}” lacks most" in text(app)


def test_the_command_to_measure_it_names_the_tree(on_trees):
    shown = page(lang="en", dataset="plain", tree="kinds")
    assert "--dataset plain --measure taxonomy --reference taxonomy:kinds" in shown


def test_a_veiled_category_is_spoken_of_by_its_id(on_trees):
    asked = {"lang": "en", "dataset": "-", "tree": "kinds", "node": "p1"}
    shown = text(run("taxonomy.py", **asked))
    assert "of=category" in shown
    assert SLUR not in unquote_plus(shown)
    value = {"name": SLUR, "taxonomy": "kinds", "node_id": "p1"}
    app = run("say.py", lang="en", **about_query(About("category", value)))
    assert "p1" in text(app)
    assert f">{SLUR}<" not in text(app)
