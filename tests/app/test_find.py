"""Bring a find: a form that loses nothing, a find that others answer, its export."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from excavate.dossiers.reading import parse
from excavate.dossiers.writing import to_toml
from excavate.i18n import LANGUAGES, _, speak
from excavate.workshop.exporting import as_dossier, id_of
from excavate.workshop.finds import GivenFact, answer, bring, finds
from excavate.workshop.ids import new_id
from excavate.workshop.store import Workshop
from tests.app.test_pages import run, text
from tests.workshop.given import author, find, words

BIG = 178_956_970


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty site."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.setenv("EXCAVATE_SITE", str(folder))
    monkeypatch.setenv("EXCAVATE_ARCHIVES", str(tmp_path))
    return folder


def workshop() -> Workshop:
    from excavate.routes import served_workshop

    return served_workshop()


def fields(app, label: str):
    """The fields with this label."""
    every = [*app.text_input, *app.text_area, *app.checkbox]
    return [one for one in every if one.label == label]


def field(app, label: str):
    """The first of them."""
    return fields(app, label)[0]


def fill(app, name: str = "Signs of Euljiro") -> None:
    field(app, _("Name of the dataset")).input(name)
    field(app, _("Link")).input("https://example.org/signs")
    field(app, _("Why I brought it")).input("Hand-painted signs")
    field(app, _("What is known")).input("2019")
    field(app, _("Your name, as it is to be shown")).input("Mirae")
    app.checkbox[0].check()


def press(app, label: str):
    next(button for button in app.button if button.label == label).click()
    app.run()
    assert not app.exception, app.exception
    return app


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_find_is_brought_and_shown(site, language):
    app = run("find.py", lang=language)
    speak(language)
    fill(app)
    press(app, _("Put it on the Survey"))
    (stands,) = finds(workshop())
    assert (stands.name, stands.shown_name, stands.language) == (
        "Signs of Euljiro", "Mirae", language,
    )  # fmt: skip
    assert [(f.topic, f.text) for f in stands.facts] == [("year", "2019")]
    assert app.query_params["id"] == [stands.find_id] or app.query_params["id"] == stands.find_id
    speak(language)
    assert "Signs of Euljiro" in text(app)


def test_nothing_typed_is_lost_where_something_is_missing(site):
    app = run("find.py", lang="en")
    speak("en")
    fill(app)
    field(app, "Name of the dataset").input("")
    field(app, "Link").input("javascript:alert(1)")
    app.checkbox[0].uncheck()
    press(app, "Put it on the Survey")
    shown = text(app)
    assert "<b>Name</b>: nothing is written here yet" in shown
    assert "<b>Link</b>: a link begins with" in shown
    assert "<b>Consent</b>: nothing is recorded without it" in shown
    assert finds(workshop()) == []
    assert field(app, "Why I brought it").value == "Hand-painted signs"
    assert field(app, "Link").value == "javascript:alert(1)"
    field(app, "Name of the dataset").input("Signs")
    field(app, "Link").input("")
    app.checkbox[0].check()
    press(app, "Put it on the Survey")
    assert [f.name for f in finds(workshop())] == ["Signs"]


def test_pressed_twice_it_is_one_find(site):
    """The second press of a slow form carries the same draft."""
    app = run("find.py", lang="en")
    speak("en")
    fill(app)
    draft = app.session_state["find-draft"]
    press(app, "Put it on the Survey")
    again = run("find.py", lang="en")
    again.session_state["find-draft"] = draft
    again.run()
    fill(again, "Signs of Euljiro")
    press(again, "Put it on the Survey")
    assert len(finds(workshop())) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_others_contest_and_add(site, language):
    brought = find("Signs", facts=(GivenFact("year", "2019"),))
    bring(workshop(), author(), brought, BIG)
    app = run("find.py", lang=language, id=brought.find_id)
    speak(language)
    fields(app, _("What I say"))[0].input("It says 2018 there")
    fields(app, _("Your name, as it is to be shown"))[0].input("Doubt")
    app.checkbox[0].check()
    press(app, _("Contest"))
    speak(language)
    assert "It says 2018 there" in text(app)
    fields(app, _("What I say"))[2].input("No pay was given")
    press(app, _("Add a fact"))
    (stands,) = finds(workshop())
    assert [r.kind for r in stands.replies] == ["contest"]
    assert [f.shown_name for f in stands.facts] == ["Mirae", "Doubt"]


def test_markup_in_a_find_stays_text(site):
    name, why = "<script>alert(1)</script>", "<img src=x onerror=alert(1)>"
    brought = find(name, why=why, facts=(GivenFact("use", "<b>x", "javascript:alert(1)"),))
    bring(workshop(), author("<i>M"), brought, BIG)
    shown = text(run("find.py", lang="en", id=brought.find_id))
    for markup in ("<script>", "<img src=x", "<b>x", "<i>M", 'href="javascript'):
        assert markup not in shown
    assert "&lt;script&gt;" in shown


@pytest.mark.parametrize(
    "find_id", ["nonsense", "' OR 1=1", "01890a5d-ac96-774b-bcce-b302099a8057"]
)
def test_no_find_is_told_in_words(site, find_id):
    assert "no such find" in text(run("find.py", lang="en", id=find_id))


def test_the_export_is_a_dossier_that_can_be_read(tmp_path):
    opened = Workshop(tmp_path)
    facts = (GivenFact("year", "2019"), GivenFact("labour_pay", "unpaid", "https://example.org/p"))
    bring(opened, author("미래", "ko"), find("을지로 간판", facts=facts), BIG)
    (stands,) = finds(opened)
    answer(opened, author("Doubt"), new_id(), stands.facts[0].fact_id, "contest", "2018 there")
    (stands,) = finds(opened)
    parsed = parse(to_toml(as_dossier(stands)), "find.toml")
    opened.close()
    assert parsed.faults == ()
    dossier = parsed.dossier
    assert dossier.id.startswith("find-")
    assert {fact.status for fact in dossier.fact} == {"brought"}
    assert dossier.name.ko == "을지로 간판"
    assert [fact.topic for fact in dossier.fact] == ["names", "year", "labour_pay"]
    assert dossier.fact[1].note.ko == "Contested (Doubt): 2018 there"
    assert dossier.fact[2].url == "https://example.org/p"
    assert dossier.fact[0].note.ko == "Hand-painted signs that no dataset of scene text holds"


NAMES = words(200)


@settings(max_examples=40, deadline=None)
@given(NAMES)
def test_every_find_can_be_exported(tmp_path_factory, name):
    opened = Workshop(tmp_path_factory.mktemp("w"))
    bring(opened, author(), find(name, facts=()), BIG)
    (stands,) = finds(opened)
    opened.close()
    parsed = parse(to_toml(as_dossier(stands)), "find.toml")
    assert parsed.faults == ()
    assert parsed.dossier.id == id_of(stands)
    assert parsed.dossier.name.en == name.strip()
