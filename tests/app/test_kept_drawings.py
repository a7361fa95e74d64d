"""What was drawn is kept: nobody waits for another's board, and no address drives it out."""

from __future__ import annotations

import threading
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from excavate.components import board_kept
from excavate.components.board_asked import Asked
from excavate.components.board_kept import Looks, Shelf, board_drawn
from excavate.components.threads import AT_ONCE, DEEPEST, threads_html
from excavate.i18n import speak
from excavate.workshop.absence_record import Reply
from excavate.workshop.store import Workshop
from tests.app.board_made import Read, told
from tests.workshop.given import author


def test_what_stands_is_handed_out_while_another_is_made() -> None:
    shelf, begun, go_on = Shelf(4), threading.Event(), threading.Event()
    shelf.got("kept", lambda: "kept")

    def slow() -> str:
        begun.set()
        assert go_on.wait(120)
        return "slow"

    drawing = threading.Thread(target=shelf.got, args=("slow", slow))
    drawing.start()
    assert begun.wait(120)
    found: list[str] = []
    looking = threading.Thread(target=lambda: found.append(shelf.got("kept", lambda: "anew")))
    looking.start()
    looking.join(120)
    assert found == ["kept"], "it waited for what somebody else draws"
    go_on.set()
    drawing.join(120)
    assert shelf.got("slow", lambda: "anew") == "slow"


def test_what_many_ask_for_at_once_is_made_once() -> None:
    shelf, together, made, found = Shelf(4), threading.Barrier(8), [], []

    def ask() -> None:
        together.wait(120)
        found.append(shelf.got("one", lambda: made.append(1) or object()))

    asking = [threading.Thread(target=ask) for _n in range(8)]
    for one in asking:
        one.start()
    for one in asking:
        one.join(120)
    assert (len(made), len(found), len(set(map(id, found)))) == (1, 8, 1)


def test_what_fails_is_tried_again() -> None:
    shelf = Shelf(2)
    with pytest.raises(ZeroDivisionError):
        shelf.got("one", lambda: 1 / 0)
    assert shelf.got("one", lambda: 2) == 2


def test_no_address_drives_the_common_boards_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board_kept, "BOARDS", Shelf(2))
    workshop = Workshop(tmp_path)
    for n in range(6):
        told(workshop, author(), f"Absence {n}")
    looks = Looks(None, "facilitator")
    first = board_drawn(workshop, None, looks, Asked())
    for n in range(6):
        for strange in (Asked(at=n), Asked(about=f"kind:{n}"), Asked(group=f"none {n}"),
                        Asked(page=100 + n)):  # fmt: skip
            board_drawn(workshop, None, looks, strange)
    assert board_drawn(workshop, None, looks, Asked()) is first
    told(workshop, author(), "Another")
    assert board_drawn(workshop, None, looks, Asked()) is not first


def answer(name: str, about: str, **more: Any) -> Reply:
    given_: dict[str, Any] = {
        "kind": "ask", "text": f"Answer {name}.", "language": "en",
        "written_at": datetime(2026, 11, 21), "writing": 1, "person_id": "p", "shown_name": "Mirae",
    } | more  # fmt: skip
    return Reply(name, about, **given_)


@given(abouts=st.lists(st.integers(0, 30), max_size=30))
def test_every_answer_is_drawn_once_under_what_it_answers(abouts: list[int]) -> None:
    speak("en")
    replies = [
        answer(f"r{n}", "a" if about >= n else f"r{about}") for n, about in enumerate(abouts)
    ]
    html = threads_html("a", replies, False)
    Read(html)
    for one in replies:
        assert html.count(f'id="r-{one.reply_id}"') == 1
        if one.about != "a":
            assert html.index(f'id="r-{one.about}"') < html.index(f'id="r-{one.reply_id}"')


def test_a_thread_may_be_deeper_than_python_calls() -> None:
    speak("en")
    replies = [answer(f"r{n}", f"r{n - 1}" if n else "a") for n in range(3000)]
    html = threads_html("a", replies, True)
    assert html.count("Answer this") == 3000
    depth = deepest = 0
    for part in html.split("<")[1:]:
        depth += part.startswith("div ") - part.startswith("/div")
        deepest = max(deepest, depth)
    assert (depth, deepest) == (0, DEEPEST + 1)


def test_answers_that_go_round_end() -> None:
    speak("en")
    replies = [answer("r1", "a"), answer("r2", "r3"), answer("r3", "r2")]
    assert threads_html("a", replies, False).count("exc-answer-ask") == 1


@pytest.mark.parametrize("count", [AT_ONCE, AT_ONCE + 1, 5 * AT_ONCE])
def test_older_answers_are_folded(count: int) -> None:
    speak("en")
    html = threads_html("a", [answer(f"r{n}", "a") for n in range(count)], False)
    folded, _end, standing = html.rpartition("</details>")
    assert standing.count("exc-answer-ask") == AT_ONCE
    assert folded.count("exc-answer-ask") == count - AT_ONCE
    assert (f"{count - AT_ONCE} older answer" in folded) == (count > AT_ONCE)
    assert f"Answer r{count - 1}." in standing
