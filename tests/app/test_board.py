"""The board: inert whatever is written on it, never one person's board for another, as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from excavate.components.board_about import ground_of
from excavate.components.board_asked import WAYS, Asked, asked_of
from excavate.components.board_html import AT_ONCE, board_html
from excavate.components.board_kept import Looks, board_drawn
from excavate.i18n import LANGUAGES, _, speak
from excavate.routes import routes, served_workshop
from excavate.site import Site
from excavate.workshop.about import NOTHING, About
from excavate.workshop.absence_record import STANCES, Absence, GivenAbsence
from excavate.workshop.absence_types import NONE, TYPES
from excavate.workshop.absences import correct, say
from excavate.workshop.authors import Author
from excavate.workshop.conversation import reply, sort, take_stance, translate
from excavate.workshop.groups import make_groups, move, set_apart
from excavate.workshop.ids import new_id
from excavate.workshop.members import enter, open_room
from excavate.workshop.rounds import GivenRound, act_on_round, plan_round
from excavate.workshop.store import Workshop
from excavate.workshop.withdrawing import hide
from tests.app.entering import SharedRoom
from tests.app.test_pages import run, text
from tests.app.test_veiled_findings import ITEM
from tests.app.test_veiled_findings import crowd as crowd
from tests.app.test_veiled_findings import kept as kept
from tests.app.tree_site import SLUR
from tests.workshop.given import author, words

OURS = {
    "div", "p", "b", "span", "section", "header", "h2", "article", "small", "ul", "li", "footer",
    "a", "i", "bdi", "time", "details", "summary", "nav", "figure", "figcaption", "svg", "path",
    "circle", "g", "text", "img",
}  # fmt: skip
SAFE = {
    "class", "id", "data-key", "lang", "href", "data-page", "target", "style", "aria-hidden",
    "datetime", "viewbox", "role", "aria-label", "d", "cx", "cy", "r", "x", "y", "src", "alt",
    "loading", "decoding", "title",
}  # fmt: skip
PRESSED = {"a", "button", "input", "select", "summary", "details", "textarea"}


class Read(HTMLParser):
    """Tags, their attributes and all text of a fragment; every tag is closed in its turn."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: set[str] = set()
        self.text, self.open = "", []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.names |= {name for name, _value in attrs}
        for name, value in attrs:
            assert name != "href" or (value or "").startswith(("/absence?", "/board?", "#a-"))
            assert name != "style" or (value or "").removeprefix("flex-grow:").isdecimal()
        if tag != "img":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def absence(statement: str = "Hands that shake", **more: Any) -> Absence:
    """One absence as it is read."""
    given: dict[str, Any] = {
        "absence_id": new_id(), "language": "en", "about": NOTHING, "stance": None,
        "knownness": None, "agent": "", "position": "", "visibility": "public",
        "group_id": None, "round_id": None, "written_at": datetime(2026, 11, 21, 10),
        "writing": 1, "person_id": new_id(), "shown_name": "Mirae",
    } | more  # fmt: skip
    return Absence(statement=statement, **given)


def drawn(absences: list[Absence], asked: Asked = Asked(), groups: Any = None) -> str:  # noqa: B008
    speak(asked.language)
    ground = ground_of(None, (one.about for one in absences))
    return board_html(absences, asked, ground, groups or {})


@settings(max_examples=150, deadline=None)
@given(
    statement=st.text(min_size=1, max_size=400), name=st.text(min_size=1, max_size=60),
    pointed=st.text(min_size=1, max_size=60), by=st.sampled_from(WAYS),
    presenter=st.booleans(), kind=st.sampled_from(["category", "search", "item", "cell"]),
)  # fmt: skip
def test_whatever_is_written_stays_text(statement, name, pointed, by, presenter, kind) -> None:
    value = {
        "category": {"name": pointed, "dataset": pointed, "node_id": pointed},
        "search": {"words": pointed}, "item": {"item_id": pointed},
        "cell": {"dataset": "d", "values": {pointed: pointed}},
    }[kind]  # fmt: skip
    one = absence(statement, shown_name=name, about=About(kind, value), group_id=pointed,
                  types={"lost": 2, pointed: 1}, stances={"undecided": 1})  # fmt: skip
    asked = Asked(by=by, presenter=presenter, names=True, language="en")
    html = drawn([one], asked, {pointed: pointed})
    read = Read(html)
    assert read.tags <= OURS
    assert read.names <= SAFE
    assert statement.replace("\r\n", "\n") in read.text.replace("\r\n", "\n")
    assert name in read.text
    assert "<script" not in html


@settings(deadline=None)
@given(query=st.dictionaries(
    st.sampled_from(["by", "group", "lang", "about", "order", "at", "page", "presenter", "names",
                     "tz", "other"]),
    st.one_of(st.text(max_size=30), st.sampled_from(["1", "type", "oldest", "ko", "²", "-1"])),
))  # fmt: skip
def test_any_address_asks_for_a_board_and_says_it_the_same_again(query) -> None:
    asked = asked_of(query)
    assert asked.by in WAYS
    assert asked.page >= 1
    assert asked_of(asked.query()) == asked


@pytest.fixture
def room(tmp_path: Path) -> Workshop:
    """A shared room with nothing in it."""
    folder = tmp_path / "site"
    folder.mkdir()
    workshop = Workshop(folder, shared=True)
    open_room(workshop, "A room")
    return workshop


def entered(workshop: Workshop, name: str, role: str = "participant") -> Author:
    person = author(name)
    enter(workshop, person, role)
    return person


def told(workshop: Workshop, who: Author, statement: str, **more: Any) -> str:
    absence_id = new_id()
    places = {name: more.pop(name, None) for name in ("group_id", "round_id")}
    say(workshop, who, GivenAbsence(absence_id, statement, **more), **places)
    return absence_id


def board_of(
    workshop: Workshop, who: Author | None, role: str = "participant", group: str | None = None,
    **asked: Any,
) -> str:  # fmt: skip
    looks = Looks(who.person_id if who else None, role, group)
    return board_drawn(workshop, None, looks, Asked(language="en", **asked)).content.decode()


@pytest.mark.parametrize("first", ["author", "others"])
def test_what_is_private_is_on_no_other_board_whoever_asks_first(room, first) -> None:
    mirae, other = entered(room, "Mirae"), entered(room, "Jongno")
    leader = entered(room, "Leader", "facilitator")
    told(room, mirae, "For all to see")
    told(room, mirae, "For my eyes alone", visibility="private")

    def hers() -> None:
        assert "For my eyes alone" in board_of(room, mirae)

    def theirs() -> None:
        for who, role in ((other, "participant"), (None, "participant"), (leader, "facilitator")):
            shown = board_of(room, who, role)
            assert "For all to see" in shown
            assert "For my eyes alone" not in shown

    for look in (hers, theirs) if first == "author" else (theirs, hers):
        look()
    theirs()
    hers()


@pytest.mark.parametrize("turned", [False, True])
def test_a_group_sees_its_own_board_while_they_are_apart(room, turned) -> None:
    leader = entered(room, "Leader", "facilitator")
    people = [entered(room, "Mirae"), entered(room, "Jongno")]
    ids = [new_id(), new_id()]
    make_groups(room, leader, ids)
    for person, group in zip(people, ids, strict=True):
        move(room, leader, person.person_id, group)
        told(room, person, f"Said by {person.shown_name}", group_id=group)
    set_apart(room, leader, new_id(), True)
    pairs = list(zip(people, ids, strict=True))
    for person, group in reversed(pairs) if turned else pairs:
        others = next(p for p in people if p is not person)
        shown = board_of(room, person, group=group)
        assert f"Said by {person.shown_name}" in shown
        assert f"Said by {others.shown_name}" not in shown
    both = board_of(room, leader, "facilitator")
    assert all(f"Said by {person.shown_name}" in both for person in people)
    set_apart(room, leader, new_id(), False)
    assert "Said by Jongno" in board_of(room, people[0], group=ids[0])


def test_no_name_is_on_any_board_until_an_anonymous_round_closes(room) -> None:
    leader, mirae = entered(room, "Leader", "facilitator"), entered(room, "Mirae")
    round_id = new_id()
    plan_round(room, leader, GivenRound(round_id, "say", "무엇이?", "What?", 60, anonymous=True))
    act_on_round(room, leader, new_id(), round_id, "open", 60)
    told(room, mirae, "Hands that shake", round_id=round_id)
    told(room, mirae, "Only for me", round_id=round_id, visibility="private")
    for who, role in ((mirae, "participant"), (leader, "facilitator"), (None, "viewer")):
        shown = board_of(room, who, role)
        assert "Hands that shake" in shown
        assert who is mirae or "Mirae" not in shown
    assert "anonymous until the round closes" in board_of(room, leader, "facilitator")
    act_on_round(room, leader, new_id(), round_id, "close")
    assert "Mirae" in board_of(room, leader, "facilitator")


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["say", "say", "sort", "stance", "reply", "correct"]),
        st.integers(0, 9), st.integers(0, 1), words(40),
    ),
    min_size=1, max_size=12,
)  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=[*HealthCheck])
@given(acts=ACTS, by=st.sampled_from(["moment", "type", "dataset"]))
def test_a_replay_shows_the_board_as_it_was(tmp_path_factory, acts, by) -> None:
    workshop = Workshop(tmp_path_factory.mktemp("replayed"))
    people = [author("Mirae"), author("Jongno", "ko")]
    said: list[tuple[str, Author]] = []
    kept: dict[int, str] = {}
    for act, number, person, statement in acts:
        _do(workshop, act, said, number, people[person], statement)
        kept[workshop.version] = board_of(workshop, None, "facilitator", by=by)
    for writing, html in kept.items():
        assert board_of(workshop, None, "facilitator", by=by, at=writing) == html
    workshop.close()


def _do(
    workshop: Workshop, act: str, said: list[tuple[str, Author]], number: int, who: Author,
    statement: str,
) -> None:  # fmt: skip
    if act == "say" or not said:
        kinds: list[str | None] = [None, NONE, *TYPES]
        said.append((told(workshop, who, statement, type=kinds[number]), who))
        return
    absence_id, first = said[number % len(said)]
    if act == "sort":
        sort(workshop, who, new_id(), absence_id, list(TYPES)[number])
    elif act == "stance":
        take_stance(workshop, who, new_id(), absence_id, STANCES[number % 4])
    elif act == "reply":
        reply(workshop, who, new_id(), absence_id, "contest", statement)
    else:
        correct(workshop, first, new_id(), GivenAbsence(absence_id, f"{statement}!"))


def test_a_replay_brings_back_nothing_that_was_taken_back(room) -> None:
    mirae, other = entered(room, "Mirae"), entered(room, "Jongno")
    gone, hidden = told(room, mirae, "Taken back"), told(room, mirae, "Made private")
    then = room.version
    assert "Taken back" in board_of(room, other, at=then)
    hide(room, mirae, new_id(), "absence", gone)
    private = GivenAbsence(hidden, "Made private", visibility="private")
    correct(room, mirae, new_id(), private)
    for at in (then, None):
        shown = board_of(room, other, at=at)
        assert "Taken back" not in shown
        assert "Made private" not in shown


def test_an_audience_has_nothing_to_press_and_reads_no_names() -> None:
    long = absence("No one asked. " * 60, types={"lost": 1}, replies=())
    asked = asked_of({"presenter": "1", "lang": "en"})
    for by in WAYS:
        read = Read(drawn([long, absence()], replace(asked, by=by)))
        assert not read.tags & PRESSED
        assert "Mirae" not in read.text
    named = drawn([absence()], asked_of({"presenter": "1", "names": "1"}))
    assert "Mirae" in named


def test_a_wall_shows_what_everybody_may_see_whoever_asks(room) -> None:
    leader = entered(room, "Leader", "facilitator")
    ids = [new_id(), new_id()]
    make_groups(room, leader, ids)
    told(room, leader, "For all to see")
    told(room, leader, "For my eyes alone", visibility="private")
    told(room, leader, "For one group", visibility="group", group_id=ids[0])
    assert "For one group" in board_of(room, leader, "facilitator")
    wall = board_of(room, leader, "facilitator", ids[0], presenter=True)
    assert "For all to see" in wall
    assert "For my eyes alone" not in wall
    assert "For one group" not in wall


def test_what_nobody_has_said_has_a_place() -> None:
    html = drawn([absence(types={"lost": 1})], Asked(language="en"))
    assert html.count("exc-board-empty") == 3
    assert drawn([], Asked(language="en")).count("exc-board-empty") == 4
    assert drawn([], Asked(by="type", language="en")).count("exc-board-empty") == len(TYPES)
    assert "Nobody has said yet" in drawn([], Asked(by="dataset", language="en"))


def test_many_absences_come_in_pages() -> None:
    many = [
        absence(f"Number {n:04d}.", written_at=datetime(2026, 1, 1, 0, n // 60, n % 60))
        for n in range(2 * AT_ONCE + 5)
    ]
    pages = [drawn(many, Asked(language="en", page=page)) for page in (1, 2, 3, 9)]
    assert [html.count("<article") for html in pages] == [AT_ONCE, AT_ONCE, 5, 5]
    assert "Number 0244." in pages[0]
    assert "Number 0000." in pages[2]
    assert f"{2 * AT_ONCE + 5} absences" in pages[1]


def test_an_absence_stands_where_most_put_it_and_its_card_says_every_answer() -> None:
    split = absence(types={"lost": 1, "outvoted": 2, NONE: 1}, type="lost")
    html = drawn([split], Asked(language="en"))
    narratives = html.split('data-key="c-making of narratives"')[1].split("<section")[0]
    assert "Hands that shake" in narratives
    assert "outvoted <b>2</b>" in narratives
    assert "lost <b>1</b>" in narratives


@pytest.fixture
def asked_for(served: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The route of the board, on a copy of the made site."""
    import shutil

    mine = tmp_path / "site"
    shutil.copytree(served, mine, ignore=shutil.ignore_patterns("workshop.duckdb*"))
    monkeypatch.setenv("EXCAVATE_SITE", str(mine))
    return TestClient(Starlette(routes=routes()))


def test_a_board_that_is_held_already_is_not_sent_again(asked_for: Any) -> None:
    told(served_workshop(), author(), "Hands that shake")
    first = asked_for.get("/workshop/board?lang=en", headers={"Accept-Encoding": "identity"})
    assert first.headers["cache-control"] == "private, no-cache"
    assert "Cookie" in first.headers["vary"]
    held = {"If-None-Match": first.headers["etag"], "Accept-Encoding": "identity"}
    assert asked_for.get("/workshop/board?lang=en", headers=held).status_code == 304
    packed = asked_for.get("/workshop/board?lang=en", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.text == first.text
    told(served_workshop(), author(), "Street vendors")
    again = asked_for.get("/workshop/board?lang=en", headers=held)
    assert again.status_code == 200
    assert "Street vendors" in again.text


def test_places_are_drawn_from_the_layout_and_said_to_be_one(asked_for: Any) -> None:
    from excavate.routes import served_site

    layout = served_site().layouts()[-1].id
    who = author()
    told(served_workshop(), who, "An eight", about=About("item", {"item_id": "digits/all/8"}))
    outline = About("lasso", {"layout_id": layout, "polygon": [[0, 0], [9, 0], [9, 9]]})
    told(served_workshop(), who, "A corner", about=outline)
    told(served_workshop(), who, "Nowhere")
    html = asked_for.get("/workshop/board?lang=en&by=place").text
    assert Read(html).tags <= OURS
    assert html.count("<circle") == 1
    assert html.count('class="exc-board-outline"') == 1
    assert "Places are a layout" in html
    assert "Said of no place on a map" in html
    assert html.count('src="/thumb/digits/') == 1


def test_a_board_holds_what_is_said_of_one_thing(asked_for: Any) -> None:
    who = author()
    told(served_workshop(), who, "Of the digits", about=About("dataset", {"dataset": "digits"}))
    told(served_workshop(), who, "Of the street", about=About("dataset", {"dataset": "street"}))
    for about in ("dataset:digits", 'on:dataset:{"dataset":"digits"}'):
        html = asked_for.get("/workshop/board", params={"about": about, "lang": "en"}).text
        assert "Of the digits" in html
        assert "Of the street" not in html


def test_names_below_a_contested_category_are_veiled_on_every_board(crowd, tmp_path) -> None:
    site = Site(crowd.site)
    (tmp_path / "said").mkdir()
    workshop, who = Workshop(tmp_path / "said"), author()
    for about in (
        About("category", {"dataset": "crowd", "name": SLUR, "node_id": SLUR}),
        About("cell", {"dataset": "crowd", "values": {"folder": SLUR}}),
        About("item", {"item_id": ITEM}),
        About("part", {"item_id": ITEM, "xywh": "percent:0,0,9,9"}),
    ):  # fmt: skip
        told(workshop, who, f"An absence in a {about.kind}", about=about)
    for asked in (Asked(language="en"), Asked(language="en", presenter=True)):
        html = board_drawn(workshop, site, Looks(who.person_id, "facilitator"), asked)
        assert html.content.count(b"An absence in a") == 4
        assert SLUR not in Read(html.content.decode()).text
    workshop.close()
    site.close()


def test_a_translation_stands_beside_the_words_it_is_of(room) -> None:
    mirae, other = entered(room, "Mirae"), entered(room, "Jongno")
    absence_id = told(room, mirae, "Hands that shake")
    translate(room, other, new_id(), absence_id, "ko", "떨리는 손")
    assert "떨리는 손" not in board_of(room, None)
    looks = Looks(None, "participant")
    korean = board_drawn(room, None, looks, Asked(language="ko")).content.decode()
    assert "Hands that shake" in korean
    assert '<span lang="ko">떨리는 손</span> <small>Jongno 옮김</small>' in korean
    correct(room, mirae, new_id(), GivenAbsence(absence_id, "Hands that shake a little"))
    korean = board_drawn(room, None, looks, Asked(language="ko")).content.decode()
    speak("ko")
    assert _("of an earlier wording") in korean


def test_in_a_shared_room_the_board_is_for_those_inside(shared_room: SharedRoom) -> None:
    mirae, other = shared_room.enter("Mirae"), shared_room.enter("Jongno")
    told(shared_room.workshop, mirae, "For my eyes alone", visibility="private")
    client = TestClient(Starlette(routes=routes()))
    assert client.get("/workshop/board").status_code == 403
    spoofed = client.get(
        f"/workshop/board?me={mirae.person_id}", cookies=shared_room.cookies(other)
    )
    assert spoofed.status_code == 200
    assert "For my eyes alone" not in spoofed.text
    hers = client.get("/workshop/board", cookies=shared_room.cookies(mirae))
    assert "For my eyes alone" in hers.text
    shared_room.remove(mirae)
    gone = client.get("/workshop/board", cookies=shared_room.cookies(mirae))
    assert gone.status_code == 403


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_the_board_asks_for_what_its_link_says(asked_for: Any, language: str) -> None:
    told(served_workshop(), author(), "Hands that shake")
    app = run("board.py", lang=language, by="type", order="oldest")
    speak(language)
    shown = text(app)
    assert 'data-live="board round room"' in shown
    assert "/workshop/board?by=type&amp;order=oldest" in shown
    assert _("Replay the session") in shown
    wall = text(run("board.py", lang=language, view="presenter", dark="1"))
    assert "exc-masthead" not in wall
    assert "exc-stage-dark" in wall
    assert "presenter=1" in wall


def test_who_only_looks_is_offered_no_way_to_write(shared_room: SharedRoom) -> None:
    mirae, viewer = shared_room.enter("Mirae"), shared_room.enter("", "viewer")
    told(shared_room.workshop, mirae, "Hands that shake")
    shown = text(shared_room.run("board.py", viewer, lang="en", sort="1"))
    assert "Replay the session" in shown
    assert "Stop sorting" not in shown
    assert "to be sorted by you" not in shown
    assert "For the shared screen" not in shown
    assert "to be sorted by you" in text(shared_room.run("board.py", mirae, lang="en", sort="1"))


def test_sorting_takes_two_presses(asked_for: Any) -> None:
    absence_id = told(served_workshop(), author(), "Hands that shake")
    app = run("board.py", lang="en", sort="1")
    app.text_input[0].input("Jongno")
    app.checkbox[0].check()
    app.button_group(key=f"moment-{absence_id}").set_value("making of sources").run()
    app.button(key=f"type-{absence_id}-never-collected").click().run()
    assert not app.exception
    assert "You have sorted everything" in text(app)
    assert "never collected" in asked_for.get("/workshop/board?lang=en").text
