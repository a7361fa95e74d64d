"""Every page in both languages, run whole by Streamlit's AppTest on a small real site."""

from __future__ import annotations

from pathlib import Path

import pytest
from sklearn.datasets import load_digits
from streamlit.testing.v1 import AppTest

from excavate.i18n import LANGUAGES, _, speak
from tests.app.entering import opened

LENS = "Arranged by what is computed from the pixels alone: nothing was trained, this is not CLIP."
MAIN = str(Path(__file__).resolve().parents[2] / "excavate" / "pages" / "main.py")


def run(file: str = "", /, **query: str) -> AppTest:
    """The app on a page, as a link with this query opens it."""
    return opened(AppTest.from_file(MAIN, default_timeout=300), file, query)


def text(app: AppTest) -> str:
    return "\n".join(str(e.proto.body) for e in app.get("html"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_entrance_names_the_datasets_and_what_they_do_not_state(served, language):
    shown = text(run(lang=language))
    speak(language)
    assert "Optical Recognition of Handwritten Digits" in shown
    assert _("not stated") in shown
    assert _("Mining the absent dataset") in shown
    assert _("not open yet") not in shown  # each of the four stages has a page
    assert _(LENS) in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_items_are_filtered_by_the_link(served, language):
    app = run("items.py", lang=language, dataset="digits", field="target", value="3")
    speak(language)
    shown = text(app)
    threes = int((load_digits().target[:120] == 3).sum())
    assert shown.count("<figure>") == threes
    assert _("Dataset") in [box.label for box in app.selectbox]
    assert "digits · 120" in app.selectbox[0].options


def test_a_choice_goes_into_the_link(served):
    app = run("items.py", lang="en")
    app.selectbox(key="choice-dataset").select("street").run()
    assert app.query_params["dataset"] == "street"
    assert text(app).count("<figure>") == 2
    app.selectbox(key="choice-dataset").select("").run()
    assert "dataset" not in app.query_params


def test_pages_of_items_turn(served):
    app = run("items.py", lang="en", dataset="digits")
    assert "120 items · 1–48" in text(app)
    next(b for b in app.button if b.label == "Next").click().run()
    assert app.query_params["page"] == "2"
    assert "49–96" in text(app)


@pytest.mark.parametrize("number", ["0", "-3", "x", "99", "²"])
def test_a_page_that_is_none_shows_one_that_is(served, number):
    asked = {"lang": "en", "dataset": "digits", "page": number}
    assert "<figure>" in text(run("items.py", **asked))


def test_nothing_found_is_drawn(served):
    shown = text(run("items.py", lang="en", dataset="digits", split="moon", pixels="none"))
    assert "Nothing here matches" in shown


def test_a_fault_and_its_reason_are_shown(served):
    shown = text(run("items.py", lang="en", faults="1"))
    assert "exc-hatched" in shown
    item = text(run("item.py", lang="en", id="shapes/all/circle/broken.png"))
    assert "Faults" in item
    assert "unreadable" in item


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_item_says_who_said_what(served, language):
    shown = text(run("item.py", lang=language, id="shapes/all/square/0.png"))
    speak(language)
    assert "metadata.csv" in shown
    assert "1990" in shown
    assert _("metadata") in shown
    assert _("Licence of the dataset") in shown


def test_an_item_shows_its_neighbours_with_similarities(served):
    shown = text(run("item.py", lang="en", id="digits/all/5"))
    assert shown.count("<figure>") >= 8
    assert "cosine between vectors of pixels:8" in shown


def test_regions_are_counted_by_name(served):
    from excavate.routes import served_site

    item = served_site().items("street")["item_id"][0]
    shown = text(run("item.py", lang="en", id=item))
    assert "3 regions" in shown
    assert "cart" in shown
    assert "/regions.svg?id=" in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_item_is_told_in_words(served, language):
    assert "exc-notice" in text(run("item.py", lang=language, id="digits/all/99999"))
    assert "exc-notice" in text(run("item.py", lang=language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_map_names_its_lens_and_its_limits(served, language):
    shown = text(run("map_page.py", lang=language))
    speak(language)
    assert _(LENS) in shown
    assert "0.900 (k=15)" in shown
    assert _("placed later, by its neighbours") in shown


def test_the_map_paints_by_what_the_link_says(served):
    shown = text(run("map_page.py", lang="en", colour="split"))
    assert "all<b>120</b>" in shown
    assert "3<b>13</b>" in text(run("map_page.py", lang="en", colour="attribute:of-another"))


def test_what_is_not_labelled_is_counted_and_drawn_hollow(served):
    from excavate.routes import served_site

    shapes = served_site().layouts()[0].id
    shown = text(run("map_page.py", lang="en", layout=shapes, colour="attribute:year"))
    assert "1990<b>1</b>" in shown
    assert "exc-ring" in shown
    assert "not labelled<b>9</b>" in shown


def test_a_point_in_the_link_is_opened_beside_the_map(served):
    shown = text(run("map_page.py", lang="en", point="digits/all/7"))
    assert 'href="/item?id=digits%2Fall%2F7&amp;lang=en"' in shown


def test_markup_from_a_dataset_is_never_markup(served):
    shown = text(run("items.py", lang="en", dataset="shapes"))
    assert "<img src=x" not in shown
    assert "&lt;img src=x onerror=alert(1)&gt;" in shown


def test_an_unknown_language_is_korean(served):
    assert "부재하는 데이터셋을 채굴하기" in text(run(lang="xx"))


def test_a_site_that_is_not_there_is_told_in_words(monkeypatch, tmp_path):
    monkeypatch.setenv("EXCAVATE_SITE", str(tmp_path / "nowhere"))
    shown = text(run(lang="en"))
    assert "exc-notice" in shown
    assert "excavate dig digits" in shown


def test_an_empty_site_is_told_in_words(monkeypatch, tmp_path):
    monkeypatch.setenv("EXCAVATE_SITE", str(tmp_path))
    for page in ("", "items.py", "map_page.py"):
        assert "exc-notice" in text(run(page, lang="en"))
