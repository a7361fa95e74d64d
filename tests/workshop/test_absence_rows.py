"""What came since is added to what is held: never otherwise than read anew."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from excavate.workshop import absence_rows
from excavate.workshop.absence_record import STANCES, GivenAbsence, GivenEvidence
from excavate.workshop.absence_rows import said_now
from excavate.workshop.absence_types import TYPES
from excavate.workshop.absences import add_evidence, correct, say
from excavate.workshop.authors import Author
from excavate.workshop.conversation import reply, sort, take_stance, translate
from excavate.workshop.ids import new_id
from excavate.workshop.seeing import absences
from excavate.workshop.store import Workshop
from excavate.workshop.withdrawing import hide
from tests.workshop.given import author

ACTS = st.lists(
    st.tuples(
        st.sampled_from(["say", "sort", "stance", "reply", "reply", "correct", "translate",
                         "evidence", "hide", "hide reply", "nothing"]),
        st.integers(0, 9), st.booleans(),
    ),
    min_size=1, max_size=14,
)  # fmt: skip
PEOPLE = [author("Mirae"), author("Jongno", "ko")]


class Room:
    """A room and what was said in it so far, by id."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop
        self.said: list[tuple[str, Author]] = []
        self.replies: list[tuple[str, Author]] = []

    def do(self, act: str, number: int, who: Author) -> None:
        room = self.workshop
        if act == "say" or not self.said:
            self.said.append((new_id(), who))
            say(room, who, GivenAbsence(self.said[-1][0], f"Absence {number}", type="lost"))
            return
        absence_id, first = self.said[number % len(self.said)]
        getattr(self, act.replace(" ", "_"))(absence_id, first, number, who)

    def sort(self, absence_id: str, _first: Author, number: int, who: Author) -> None:
        sort(self.workshop, who, new_id(), absence_id, list(TYPES)[number])

    def stance(self, absence_id: str, _first: Author, number: int, who: Author) -> None:
        take_stance(self.workshop, who, new_id(), absence_id, STANCES[number % 4])

    def reply(self, absence_id: str, _first: Author, number: int, who: Author) -> None:
        about = self.replies[number % len(self.replies)][0] if number % 2 and self.replies else ""
        self.replies.append((new_id(), who))
        reply(self.workshop, who, self.replies[-1][0], about or absence_id, "ask", f"Why {number}?")

    def correct(self, absence_id: str, first: Author, number: int, _who: Author) -> None:
        correct(self.workshop, first, new_id(), GivenAbsence(absence_id, f"Mended {number}"))

    def translate(self, absence_id: str, _first: Author, number: int, who: Author) -> None:
        translate(self.workshop, who, new_id(), absence_id, "ko", f"부재 {number}")

    def evidence(self, absence_id: str, _first: Author, _number: int, who: Author) -> None:
        one = GivenEvidence(new_id(), "link", {"link": "https://example.org/"})
        add_evidence(self.workshop, who, absence_id, one)

    def hide(self, absence_id: str, first: Author, _number: int, _who: Author) -> None:
        hide(self.workshop, first, new_id(), "absence", absence_id)
        self.said.remove((absence_id, first))
        self.replies.clear()

    def hide_reply(self, _absence_id: str, _first: Author, number: int, _who: Author) -> None:
        if self.replies:
            gone = self.replies.pop(number % len(self.replies))
            hide(self.workshop, gone[1], new_id(), "reply", gone[0])

    def nothing(self, *_given: Any) -> None:
        """What two acts in a row leave to be read together."""


@settings(max_examples=10, deadline=None, suppress_health_check=[*HealthCheck])
@given(acts=ACTS)
def test_what_came_since_is_added_as_if_all_were_read_anew(tmp_path_factory, acts) -> None:
    workshop = Workshop(tmp_path_factory.mktemp("since"))
    room = Room(workshop)
    for act, number, second in acts:
        room.do(act, number, PEOPLE[second])
        if number % 3:
            held, anew = said_now(workshop), absence_rows._read(workshop, None)
            for name in ("absences", "stances", "types", "translations", "evidence", "replies"):
                assert getattr(held, name) == getattr(anew, name), name
            assert list(held.absences) == list(anew.absences)
            drawn = absences(workshop, None, role="facilitator")
            absence_rows._held.clear()
            assert absences(workshop, None, role="facilitator") == drawn
            absence_rows._held[workshop] = (absence_rows._state(workshop), held)
    workshop.close()


def test_the_room_is_not_read_whole_for_one_answer(tmp_path, monkeypatch) -> None:
    workshop, who = Workshop(tmp_path), author("Mirae")
    first = GivenAbsence(new_id(), "Hands that shake")
    say(workshop, who, first)
    said_now(workshop)
    read, asked = absence_rows._read, []

    def watched(room: Workshop, at: int | None, only: Any = None) -> Any:
        asked.append(only)
        return read(room, at, only)

    monkeypatch.setattr(absence_rows, "_read", watched)
    reply(workshop, who, new_id(), first.absence_id, "ask", "Whose?")
    assert len(said_now(workshop).replies[first.absence_id]) == 1
    assert asked == []
    take_stance(workshop, who, new_id(), first.absence_id, STANCES[0])
    said_now(workshop)
    assert asked == [[first.absence_id]]
