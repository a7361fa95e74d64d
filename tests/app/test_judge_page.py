"""Look and judge in the app: set up, answered alone, shown once the round is closed."""

from __future__ import annotations

import json
import time
from html import escape
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from excavate.i18n import LANGUAGES, _, speak
from excavate.routes import served_site
from excavate.workshop.authors import Author
from excavate.workshop.ids import new_id
from excavate.workshop.judged_items import from_dataset
from excavate.workshop.judging import (
    GRACE,
    REFUSE,
    Choice,
    GivenJudgement,
    GivenJudging,
    judge,
    judgings,
    rounds_of,
    set_up,
    voices,
)
from excavate.workshop.rounds import GivenRound, act_on_round, plan_round
from tests.app.entering import SharedRoom
from tests.app.findings_made import lay, measured, rows
from tests.app.test_pages import text

QUESTION = "<b>무엇</b>이 보이나요?"
CHOICES = (Choice("1", "짝수", "Even"), Choice("2", "홀수", "Odd"))


@pytest.fixture
def opened(shared_room: SharedRoom) -> dict[str, Any]:
    """A room where five digits are judged now: its people and ids."""
    leader = shared_room.enter("Leader", "facilitator")
    given = GivenJudging(
        new_id(), QUESTION, "What do you see?", CHOICES, from_dataset(served_site(), "digits", 5, 1)
    )
    set_up(shared_room.workshop, leader, given)
    first = GivenRound(new_id(), "judge", QUESTION, "See", 60, True, given.judging_id)
    plan_round(shared_room.workshop, leader, first)
    act_on_round(shared_room.workshop, leader, new_id(), first.round_id, "open", 60)
    return {"room": shared_room, "leader": leader, "given": given, "round": first.round_id}


def say(opened: dict[str, Any], name: str, choice: str, reason: str = "") -> Author:
    who = opened["room"].enter(name)
    for number in range(len(opened["given"].items)):
        answer = GivenJudgement(
            new_id(), opened["given"].judging_id, opened["round"], number, choice, reason
        )
        judge(opened["room"].workshop, who, answer)
    return who


def close(opened: dict[str, Any]) -> None:
    act_on_round(opened["room"].workshop, opened["leader"], new_id(), opened["round"], "close")


def desk(app: AppTest) -> dict[str, Any] | None:
    """What the desk of this page was sent; None where there is none."""
    sent = [e.proto for e in app.main if e.type == "bidi_component"]
    found = [json.loads(one.json) for one in sent if "pictures" in one.json]
    return found[0] if found else None


def press(app: AppTest, label: str) -> AppTest:
    next(one for one in app.button if one.label == label).click()
    return app.run()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_facilitator_sets_it_up_and_the_room_judges(shared_room, language):
    leader, mirae = shared_room.enter("Leader", "facilitator"), shared_room.enter("Mirae")
    app = shared_room.run("judge.py", leader, lang=language, new="1")
    speak(language)
    press(app, _("Set up and open now"))
    shown = text(app)
    assert _("nothing is written here yet") in shown
    assert _("Question") in shown
    assert _("Choices") in shown, "every fault at once"
    fields = {one.label: one for one in app.text_input}
    fields[f"{_('The question')} · 한국어"].input(QUESTION)
    for number, choice in enumerate(CHOICES, 1):
        answer = _("Answer {n}").format(n=number)
        fields[f"{answer} · 한국어"].input(choice.ko)
        fields[f"{answer} · English"].input(choice.en)
    next(one for one in app.selectbox if one.label == _("Dataset")).select("digits")
    app.number_input[0].set_value(5)
    press(app, _("Set up and open now"))
    assert not app.exception
    [judging] = judgings(shared_room.workshop)
    assert len(judging.items) == 5
    assert judging.choices == CHOICES
    seen = desk(shared_room.run("judge.py", mirae, lang=language))
    assert seen["question"] == QUESTION
    assert seen["question_language"] == "ko"
    assert [one["words"] for one in seen["choices"]] == [c.words(language) for c in CHOICES]
    assert [one["words"] for one in seen["apart"]] == [_("I cannot say"), _("I refuse")]


def test_nothing_tells_what_a_picture_is_before_one_has_judged(opened):
    app = opened["room"].run("judge.py", opened["room"].enter("Mirae"), lang="ko")
    whole = text(app) + json.dumps(desk(app))
    assert "digits" not in whole
    for item in opened["given"].items:
        assert item.item_id not in whole
        assert item.sha256 not in whole


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_are_shown_once_the_round_is_closed_and_not_before(opened, language):
    say(opened, "Haneul", "1", "<i>둥글다</i>")
    say(opened, "Wren", "2", "it is crooked")
    say(opened, "Noor", REFUSE)
    room, asked = opened["room"], {"lang": language, "id": opened["given"].judging_id}
    mirae = room.enter("Mirae")
    for who in (mirae, opened["leader"]):
        app = room.run("judge.py", who, **asked)
        before = text(app) + json.dumps(desk(app))
        assert "둥글다" not in before
        assert "crooked" not in before
        assert desk(app)["answers"] == {}
    speak(language)
    assert "15" in before, "how many answers there are is told"
    close(opened)
    app = room.run("judge.py", mirae, **asked)
    shown = text(app)
    assert desk(app) is None
    assert "&lt;i&gt;둥글다&lt;/i&gt;" in shown
    assert "it is crooked" in shown
    assert "<bdi>Noor</bdi>" in shown
    assert f"{_('Source label')}: <bdi>target: " in shown
    assert shown.count('class="exc-judged-item"') == 5
    refused = {"ko": "‘판단을 거부합니다’ 5개", "en": "5 are “I refuse”"}[language]
    assert refused in shown
    assert {"ko": escape(QUESTION), "en": "What do you see?"}[language] in shown


def test_once_it_is_closed_the_page_of_judging_shows_it_at_once(opened):
    """The masthead's link carries no id: what was closed last is what is looked at together."""
    say(opened, "Wren", "2", "it is crooked")
    close(opened)
    for who in (opened["room"].enter("Mirae"), opened["leader"]):
        shown = text(opened["room"].run("judge.py", who, lang="en"))
        assert shown.count('class="exc-judged-item"') == 5
        assert "it is crooked" in shown
        assert "All judgings" in shown


def test_who_looks_only_is_told_and_gets_no_desk(opened):
    viewer = opened["room"].enter("", "viewer")
    app = opened["room"].run("judge.py", viewer, lang="en")
    assert desk(app) is None
    assert "You look only" in text(app)
    assert not [one for one in app.button if one.label == "Close the round"]
    app = opened["room"].run("judge.py", viewer, lang="en", new="1")
    assert not [one for one in app.button if "Set up" in one.label]


def test_the_facilitator_closes_it_and_opens_another_round_beside_it(opened):
    room = opened["room"]
    say(opened, "Haneul", "1")
    app = room.run("judge.py", opened["leader"], lang="en")
    press(app, "Close the round")
    [first] = rounds_of(room.workshop, opened["given"].judging_id)
    assert first.state == "closed"
    asked = {"lang": "en", "id": opened["given"].judging_id}
    app = room.run("judge.py", opened["leader"], **asked)
    assert "not measured: no item was answered by two people or more" in text(app)
    press(app, "Judge the same pictures again")
    first, second = rounds_of(room.workshop, opened["given"].judging_id)
    assert second.state == "open"
    opened["round"] = second.round_id
    say(opened, "Haneul again", "2")
    close(opened)
    shown = text(room.run("judge.py", opened["leader"], **asked))
    assert "Rounds beside each other" in shown
    assert "Of 0 answers that the same people gave" in shown


def test_what_a_browser_sends_is_not_trusted(opened, monkeypatch):
    from excavate.pages.judge import keep

    room, taken = opened["room"], []
    mirae = room.enter("Mirae")
    good = {"id": new_id(), "number": 0, "choice": "1", "reason": "r"}
    wrong = ({"id": "x"}, {"number": "0"}, {"choice": ["1"]}, {"number": 99})
    sent = [good, {}, *({**good, "id": new_id(), **one} for one in wrong)]
    told = keep(room.workshop, mirae, opened["given"], opened["round"], sent, taken)
    assert len(told) == 5
    assert len(taken) == 6, "what can never be written is not sent for ever"
    close(opened)
    late = {**good, "id": new_id(), "choice": "2"}
    taken.clear()
    closed_at = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: closed_at + GRACE + 1)
    assert keep(room.workshop, mirae, opened["given"], opened["round"], [late], taken)
    assert taken == [], "the desk keeps it: the round may be opened again"
    [stands] = voices(room.workshop, opened["given"].judging_id, opened["round"])
    assert (stands.choice, stands.reason) == ("1", "r")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_judging_that_is_not_there_is_told(shared_room, language):
    mirae = shared_room.enter("Mirae")
    speak(language)
    app = shared_room.run("judge.py", mirae, lang=language, id="0000")
    assert _("This room holds no such judging") in text(app)
    assert _("Nothing is judged yet") in text(shared_room.run("judge.py", mirae, lang=language))


def test_what_somebody_takes_back_is_seen_no_more(opened):
    from excavate.workshop.withdrawing import hide, show_again

    room, judging_id = opened["room"], opened["given"].judging_id
    haneul = say(opened, "Haneul", "1", "as I see it")
    say(opened, "Wren", "2")
    close(opened)
    asked = {"lang": "en", "id": judging_id}
    assert "as I see it" in text(room.run("judge.py", opened["leader"], **asked))
    what = f"{judging_id}/{haneul.person_id}"
    hide(room.workshop, haneul, new_id(), "judgement", what)
    shown = text(room.run("judge.py", opened["leader"], **asked))
    assert "Haneul" not in shown
    assert "as I see it" not in shown
    assert "1 person answered" in shown
    show_again(room.workshop, haneul, new_id(), "judgement", what)
    assert "as I see it" in text(room.run("judge.py", opened["leader"], **asked))


def fill(app: AppTest) -> None:
    """A question and two answers, in one language."""
    fields = {one.label: one for one in app.text_input}
    fields["The question · English"].input("What do you see?")
    for number, choice in enumerate(CHOICES, 1):
        fields[f"Answer {number} · English"].input(choice.en)


def test_from_a_finding_its_pictures_are_judged(shared_room):
    six = [f"digits/all/{n}" for n in range(40, 46)]
    found = lay(shared_room.site, "digits", measured(rows(3, six)), {"tau": 25})
    leader = shared_room.enter("Leader", "facilitator")
    shown = text(shared_room.run("finding.py", leader, lang="en", id=found))
    assert f"/judge?new=1&amp;finding={found}" in shown
    app = shared_room.run("judge.py", leader, lang="en", new="1", finding=found)
    fill(app)
    press(app, "Set up, open later")
    [judging] = judgings(shared_room.workshop)
    assert {one.item_id for one in judging.items} == set(six)
    assert judging.drawn == {"from": "finding", "name": found}
    [first] = rounds_of(shared_room.workshop, judging.judging_id)
    assert first.state == "planned"
    press(shared_room.run("judge.py", leader, lang="en"), "Open the round")
    assert rounds_of(shared_room.workshop, judging.judging_id)[0].state == "open"


def test_ids_that_are_not_there_are_named_and_what_was_typed_stays(shared_room):
    leader = shared_room.enter("Leader", "facilitator")
    asked = {"lang": "en", "new": "1", "from": "list"}
    app = shared_room.run("judge.py", leader, **asked)
    fill(app)
    app.text_area[0].input("digits/all/3\n digits/all/no<b> \n")
    press(app, "Set up and open now")
    assert "digits/all/no&lt;b&gt;" in text(app)
    assert judgings(shared_room.workshop) == []
    app.text_area[0].input("digits/all/3\ndigits/all/1")
    press(app, "Set up and open now")
    [judging] = judgings(shared_room.workshop)
    assert [one.item_id for one in judging.items] == ["digits/all/3", "digits/all/1"]
