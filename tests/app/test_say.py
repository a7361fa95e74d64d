"""Saying what is absent, and one absence with what others say to it; in both languages."""

from __future__ import annotations

import json

import pytest

from excavate.i18n import LANGUAGES, _, speak
from excavate.workshop.about import About, about_query
from excavate.workshop.absences import GivenAbsence, absences, one_absence, reply, say, translate
from excavate.workshop.authors import Author
from excavate.workshop.ids import new_id
from excavate.workshop.rounds import GivenRound, act_on_round, plan_round
from tests.app.entering import SharedRoom
from tests.app.test_find import field, fields, press
from tests.app.test_pages import text

ITEM = About("item", {"item_id": "digits/all/5"})
HARM = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>",
    "**bold** [x](javascript:alert(1))", "</bdi></h1><a href='javascript:alert(1)'>", "שלום عليكم",
)  # fmt: skip


def statement(app):
    return app.text_area[0]


def said(room: SharedRoom, who: Author, words: str = "No signs", **more):
    """An absence of somebody in the room; its id."""
    round_id, group_id = more.pop("round_id", None), more.pop("group_id", None)
    given = GivenAbsence(new_id(), words, **more)
    say(room.workshop, who, given, round_id=round_id, group_id=group_id)
    return given.absence_id


def pills(app, label: str):
    return next(one for one in app.pills if one.label == label)


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_the_statement_is_needed(shared_room, language):
    mirae = shared_room.enter("Mirae", language=language)
    app = shared_room.run("say.py", mirae, lang=language, **about_query(ITEM))
    speak(language)
    assert "digits/all/5" in text(app)
    statement(app).input("간판의 글씨가 없습니다")
    press(app, _("Record as absent"))
    (stands,) = absences(shared_room.workshop, mirae.person_id)
    assert (stands.statement, stands.language) == ("간판의 글씨가 없습니다", language)
    assert (stands.about.kind, dict(stands.about.value)) == (ITEM.kind, dict(ITEM.value))
    assert (stands.stance, stands.knownness, stands.types, stands.visibility) == (
        None, None, {}, "public",
    )  # fmt: skip
    speak(language)
    shown = text(app)
    assert _("It is recorded.") in shown
    assert "간판의 글씨가 없습니다" in shown


def test_all_that_is_wrong_is_told_at_once_and_nothing_is_lost(shared_room):
    mirae = shared_room.enter("Mirae")
    app = shared_room.run("say.py", mirae, lang="en")
    field(app, "Who or what made it absent").input("x" * 600)
    field(app, "Evidence: links, one on each line").input("javascript:alert(1)\nhttps://ok.example")
    press(app, "Record as absent")
    shown = text(app)
    assert "<b>Statement</b>: nothing is written here yet" in shown
    assert "600 characters" in shown
    assert "a link begins with https://" in shown
    assert absences(shared_room.workshop, mirae.person_id) == []
    assert field(app, "Evidence: links, one on each line").value.startswith("javascript:")
    field(app, "Who or what made it absent").input("the crawler")
    field(app, "Evidence: links, one on each line").input("https://ok.example")
    statement(app).input("No signs")
    press(app, "Record as absent")
    (stands,) = absences(shared_room.workshop, mirae.person_id)
    assert [one.about.value for one in stands.evidence] == [{"link": "https://ok.example"}]


@pytest.mark.parametrize("harm", HARM)
def test_what_people_write_stays_text(shared_room, harm):
    mirae = shared_room.enter(harm[:60])
    at = said(shared_room, mirae, harm, agent=harm, position=harm)
    reply(shared_room.workshop, mirae, new_id(), at, "contest", harm)
    translate(shared_room.workshop, mirae, new_id(), at, "en", harm)
    app = shared_room.run("absence.py", mirae, lang="ko", id=at)
    shown = text(app)
    assert shown.count(harm.replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#x27;")) >= 5
    for markup in ("<script", "<img src=x", "<a href='java", "</bdi></h1><a"):
        assert markup not in shown
    assert not any(harm in str(one.value) for one in app.markdown)


def test_the_same_words_of_the_same_are_one_absence(shared_room):
    """The answer to a press was lost; after a reload the same is pressed again."""
    mirae = shared_room.enter("Mirae")
    for _time in range(2):
        app = shared_room.run("say.py", mirae, lang="en", **about_query(ITEM))
        statement(app).input("No signs ")
        press(app, "Record as absent")
    assert "It was recorded already" in text(app)
    assert len(absences(shared_room.workshop, mirae.person_id)) == 1
    app = shared_room.run("say.py", mirae, lang="en")
    statement(app).input("No signs")
    press(app, "Record as absent")
    assert len(absences(shared_room.workshop, mirae.person_id)) == 2


def test_a_damaged_link_is_told(shared_room):
    mirae = shared_room.enter("Mirae")
    app = shared_room.run("say.py", mirae, lang="en", of="item", on="{")
    assert "the link is damaged" in text(app)
    assert not app.text_area


def test_who_only_looks_is_offered_nothing_to_write(shared_room):
    mirae, guest = shared_room.enter("Mirae"), shared_room.enter("", "viewer")
    at = said(shared_room, mirae)
    app = shared_room.run("say.py", guest, lang="en")
    assert "You are here to look only" in text(app)
    assert not app.text_area
    app = shared_room.run("absence.py", guest, lang="en", id=at)
    assert "No signs" in text(app)
    assert not app.text_area
    assert not app.pills
    shown = text(shared_room.run("item.py", guest, lang="en", id="digits/all/5"))
    assert "exc-absent" not in shown


def test_a_round_of_saying_hides_who_said_it_until_it_closes(shared_room):
    leader, mirae = shared_room.enter("Leader", "facilitator"), shared_room.enter("Mirae")
    plan = GivenRound(new_id(), "say", "무엇이 없습니까", "What is <b>not</b> here?", 300, True)
    plan_round(shared_room.workshop, leader, plan)
    act_on_round(shared_room.workshop, leader, new_id(), plan.round_id, "open", 300)
    app = shared_room.run("say.py", mirae, lang="en")
    assert "What is" not in text(app), "it stands at the top of the page already"
    statement(app).input("No signs")
    press(app, "Record as absent")
    (stands,) = absences(shared_room.workshop, mirae.person_id)
    assert stands.round_id == plan.round_id
    jun = shared_room.enter("Jun")
    shown = text(shared_room.run("absence.py", jun, lang="en", id=stands.absence_id))
    assert "name hidden until the round closes" in shown
    assert "Mirae" not in shown
    act_on_round(shared_room.workshop, leader, new_id(), plan.round_id, "close")
    shown = text(shared_room.run("absence.py", jun, lang="en", id=stands.absence_id))
    assert "<bdi>Mirae</bdi>" in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_others_stand_somewhere_and_answer(shared_room, language):
    mirae, jun = shared_room.enter("Mirae"), shared_room.enter("Jun", language=language)
    at = said(shared_room, mirae)
    app = shared_room.run("absence.py", jun, lang=language, id=at)
    speak(language)
    pills(app, _("Where I stand: it …")).set_value("should stay absent")
    app.run()
    speak(language)
    next(one for one in app.radio if one.label == _("What I answer")).set_value("contest")
    field(app, _("In my words")).input("There is one in the tate set")
    press(app, _("Send my answer"))
    stands = one_absence(shared_room.workshop, at, jun.person_id)
    assert stands.stances == {"should stay absent": 1}
    assert [(one.kind, one.text, one.shown_name) for one in stands.replies] == [
        ("contest", "There is one in the tate set", "Jun")
    ]
    assert "There is one in the tate set" in text(app)


def test_an_answer_is_answered(shared_room):
    mirae, jun = shared_room.enter("Mirae"), shared_room.enter("Jun")
    at, first = said(shared_room, mirae), new_id()
    reply(shared_room.workshop, jun, first, at, "ask", "Where?")
    app = shared_room.run("absence.py", mirae, lang="en", id=at, to=first)
    assert "In answer to <bdi>Jun</bdi>:" in text(app)
    field(app, "In my words").input("In Euljiro")
    press(app, "Send my answer")
    stands = one_absence(shared_room.workshop, at, mirae.person_id)
    assert [(one.about, one.text) for one in stands.replies] == [
        (at, "Where?"), (first, "In Euljiro"),
    ]  # fmt: skip


def test_only_mine_can_be_corrected_and_its_history_stays(shared_room):
    mirae, jun = shared_room.enter("Mirae"), shared_room.enter("Jun")
    at = said(shared_room, mirae, "No sings", stance="should exist")
    assert not fields(shared_room.run("absence.py", jun, lang="en", id=at), "Statement")
    app = shared_room.run("absence.py", mirae, lang="en", id=at)
    field(app, "Statement").input("No signs")
    press(app, "Correct it")
    stands = one_absence(shared_room.workshop, at, jun.person_id)
    assert (stands.statement, stands.corrected, stands.stance) == ("No signs", True, "should exist")
    shown = text(shared_room.run("absence.py", jun, lang="en", id=at))
    assert "No sings" in shown
    assert "corrected since" in shown


def test_a_translation_is_its_own_with_its_own_author(shared_room):
    mirae, jun = shared_room.enter("Mirae", language="ko"), shared_room.enter("Jun")
    at = said(shared_room, mirae, "간판이 없습니다")
    app = shared_room.run("absence.py", jun, lang="en", id=at)
    field(app, "The statement in English").input("There are no signs")
    press(app, "Add my translation")
    (own,) = one_absence(shared_room.workshop, at, jun.person_id).translations
    assert (own.language, own.statement, own.shown_name) == ("en", "There are no signs", "Jun")
    assert '<p lang="en">There are no signs</p>' in text(app)


def test_how_many_speak_of_a_thing_is_told_where_it_is_looked_at(shared_room):
    mirae, jun = shared_room.enter("Mirae"), shared_room.enter("Jun")
    said(shared_room, mirae, about=ITEM)
    said(shared_room, mirae, about=ITEM, visibility="private")
    shown = text(shared_room.run("item.py", jun, lang="en", id="digits/all/5"))
    assert ">1 absence</a>" in shown
    part = About("part", {"item_id": "digits/all/5", "xywh": "percent:10,10,20,20"})
    said(shared_room, jun, about=part)
    shown = text(shared_room.run("item.py", jun, lang="en", id="digits/all/5"))
    assert ">2 absences</a>" in shown
    shown = text(shared_room.run("item.py", jun, lang="en", id="digits/all/6"))
    assert "/board?about" not in shown


def test_a_fact_counts_for_its_dossier_and_a_row_for_its_finding():
    from excavate.components.board_about import ground_of, keys_of
    from excavate.pages.spoken import key_of

    ground = ground_of(None, ())
    for kind, name, more in (
        ("finding", "finding_id", "row"),
        ("dossier", "dossier_id", "fact_id"),
    ):
        whole = About(kind, {name: "a"})
        part = About(kind, {name: "a", more: 3 if more == "row" else "b"})
        assert key_of(whole) in keys_of(part, ground) & keys_of(whole, ground)
        assert key_of(part) not in keys_of(whole, ground)


WAYS_IN = [
    ("item.py", {"id": "digits/all/5"}, "item", {"item_id": "digits/all/5"}),
    ("items.py", {"dataset": "digits"}, "dataset", {"dataset": "digits"}),
    ("items.py", {"pixels": "none", "dataset": "digits"}, "search",
     {"words": "without pixels", "dataset": "digits"}),
    ("items.py", {"dataset": "shapes", "field": "folder", "value": "circle", "attribute": "year",
                  "attribute_value": "1990"}, "cell",
     {"dataset": "shapes", "values": {"label:folder": "circle", "attribute:year": "1990"}}),
    ("survey.py", {"q": "zzzz"}, "search", {"words": "zzzz"}),
    ("dossier.py", {"id": "mnist"}, "dossier", {"dossier_id": "mnist"}),
    ("dossier.py", {"id": "mnist"}, "dossier", {"dossier_id": "mnist", "fact_id": "mnist-02"}),
    ("taxonomy.py", {"dataset": "street", "node": "7"}, "category",
     {"name": "cart", "dataset": "street", "node_id": "7"}),
    ("taxonomy.py", {"dataset": "street", "q": "zzzz"}, "search",
     {"words": "zzzz", "dataset": "street"}),
    ("", {}, "dataset", {"dataset": "shapes"}),
]  # fmt: skip


@pytest.mark.parametrize(("file", "query", "kind", "value"), WAYS_IN)
def test_the_way_in_is_there(served, file, query, kind, value):
    from html import escape

    from excavate.components.absent_link import say_href
    from tests.app.test_pages import run

    shown = text(run(file, lang="en", **query))
    speak("en")
    assert f'href="{escape(say_href(About(kind, value)))}"' in shown, json.dumps(value)


def test_what_grows_is_fetched_by_those_who_see_it_and_drawn_once(shared_room):
    from starlette.applications import Starlette
    from starlette.testclient import TestClient

    from excavate.routes import routes

    mirae, jun = shared_room.enter("Mirae"), shared_room.enter("Jun")
    open_, mine = said(shared_room, mirae), said(shared_room, mirae, visibility="private")
    client = TestClient(Starlette(routes=routes()))
    client.cookies = shared_room.cookies(jun)

    def ask(absence_id: str, **headers: str):
        query = {"id": absence_id, "part": "talk", "lang": "en"}
        return client.get("/workshop/absence", params=query, headers=headers)

    first = ask(open_)
    assert first.status_code == 200
    assert "Nobody has answered yet." in first.text
    assert ask(open_, **{"if-none-match": first.headers["etag"]}).status_code == 304
    reply(shared_room.workshop, mirae, new_id(), open_, "ask", "<i>Where?")
    again = ask(open_, **{"if-none-match": first.headers["etag"]})
    assert "&lt;i&gt;Where?" in again.text
    assert ask(mine).status_code == 404
    client.cookies = shared_room.cookies(mirae)
    assert ask(mine).status_code == 200
    client.cookies = {}
    assert ask(open_).status_code == 403


def test_mine_and_a_reviewers_is_hidden_in_one_press_and_nobody_elses(shared_room):
    mirae, jun = shared_room.enter("Mirae"), shared_room.enter("Jun")
    review = shared_room.enter("Sol", "reviewer")
    first, second = said(shared_room, mirae), said(shared_room, mirae, "No hands")
    app = shared_room.run("absence.py", jun, lang="en", id=first)
    assert "Hide it" not in [button.label for button in app.button]
    press(shared_room.run("absence.py", mirae, lang="en", id=first), "Hide it")
    press(shared_room.run("absence.py", review, lang="en", id=second), "Hide it")
    assert absences(shared_room.workshop, jun.person_id) == []
    assert "No signs" not in text(shared_room.run("absence.py", jun, lang="ko", id=first))
