"""Hand-check: two people judge the same blinded pictures, each alone; the result after both."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import excavate
from excavate.digging import dig
from excavate.gaps.stored import Finding
from excavate.i18n import LANGUAGES, _, speak
from excavate.routes import served_workshop
from excavate.workshop.hand_checks import hand_check
from tests.app.test_pages import run, text
from tests.made import picture


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Finding:
    """A finding of three pairs of the same picture among twelve, in a served site."""
    (tmp_path / "d" / "kind").mkdir(parents=True)
    for n in range(12):
        picture(n % 9, 64, 64).save(tmp_path / "d" / "kind" / f"{n}.png")
    dig(f"folder:{tmp_path / 'd'}", tmp_path / "site", dataset="d", only="catalogue")
    monkeypatch.setenv("EXCAVATE_SITE", str(tmp_path / "site"))
    return excavate.measure(excavate.open_site(tmp_path / "site"), "duplicates", "d")


def press(app, label: str):
    next(button for button in app.button if button.label == label).click()
    return app.run()


def begin(finding: Finding, name: str, language: str):
    app = run("check.py", lang=language, finding=finding.id)
    speak(language)
    app.text_input[0].input(name)
    app.checkbox[0].check()
    return press(app, _("Begin"))


def pictures(app) -> list[str]:
    return re.findall(r'<img[^>]* src="([^"]+)"', text(app))


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_people_judge_and_then_see_what_came_of_it(found, language):
    seen = []
    for name in ("Mirae", "Haneul"):
        app = begin(found, name, language)
        seen.append(pictures(app))
        cases = hand_check(served_workshop(), found.id).cases
        for case in cases:
            assert len(pictures(app)) == 2
            assert _("What two people say") not in text(app)
            press(app, _("No") if case.control else _("Yes"))
        assert not app.exception
    assert seen[0] == seen[1]
    shown = text(app)
    assert _("What two people say") in shown
    assert f"100 % ({44 if len(cases) == 6 else 0}" in shown.replace("~", " ")
    result = hand_check(served_workshop(), found.id).result
    assert (result.n, result.n_controls) == (3, 3)
    assert result.kappa == 1


def test_one_person_alone_sees_no_result(found):
    app = begin(found, "Mirae", "en")
    for _case in hand_check(served_workshop(), found.id).cases:
        press(app, "I cannot say")
    assert "You have answered everything" in text(app)
    assert "%" not in text(app)


def test_nothing_on_the_page_tells_which_is_which(found):
    app = begin(found, "Mirae", "en")
    shown = text(app)
    assert "d/all/" not in shown
    assert "kind" not in re.sub(r"<style.*?</style>", "", shown, flags=re.DOTALL)


def test_an_answer_is_corrected_by_going_back(found):
    app = begin(found, "Mirae", "en")
    press(app, "Yes")
    press(app, "Back to the one before")
    press(app, "No")
    [given] = hand_check(served_workshop(), found.id).answers.values()
    assert given == {0: "no"}


def test_without_a_name_nothing_is_drawn(found):
    app = run("check.py", lang="en", finding=found.id)
    press(app, "Begin")
    assert hand_check(served_workshop(), found.id) is None
    assert "Not written yet" in text(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_finding_that_is_not_there_is_told(found, language):
    shown = text(run("check.py", lang=language, finding="0000"))
    speak(language)
    assert _("This site holds no such finding") in shown
    assert _("See all findings") in shown


def test_who_comes_back_goes_on_where_they_were(found):
    first = begin(found, "Mirae", "en")
    press(first, "Yes")
    again = begin(found, "Mirae", "en")
    assert "Somebody called Mirae has answered 1 of 6 here." in text(again)
    press(again, "That is me: go on")
    assert "1 of 6 answered" in str(again.get("progress")[0].proto)
    press(again, "No")
    [given] = hand_check(served_workshop(), found.id).answers.values()
    assert given == {0: "yes", 1: "no"}


def test_another_of_the_same_name_answers_alone(found):
    press(begin(found, "Mirae", "en"), "Yes")
    other = begin(found, "Mirae", "en")
    press(other, "I am somebody else")
    press(other, "No")
    given = list(hand_check(served_workshop(), found.id).answers.values())
    assert given == [{0: "yes"}, {0: "no"}]


def test_going_back_in_one_check_moves_no_other(found, tmp_path):
    site = excavate.open_site(tmp_path / "site")
    other = excavate.measure(site, "duplicates", "d", k=7)
    assert other.id != found.id
    app = begin(found, "Mirae", "en")
    for _n in range(3):
        press(app, "Yes")
    press(app, "Back to the one before")
    app.query_params["finding"] = other.id
    app.run()
    assert not app.exception
    assert "0 of" in str(app.get("progress")[0].proto)
