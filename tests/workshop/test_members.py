"""Who is in a room: roles given and kept, links by their hashes, terms."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from excavate.door.links import (
    SIGNS,
    known,
    new_code,
    new_code_text,
    new_role_links,
    personal_link,
    spelled,
)
from excavate.door.links import room_links as links_of_room
from excavate.door.secrets import FILE, host_secrets
from excavate.errors import ExcavateError, NotAllowedError, NotFoundError, RefusedError
from excavate.workshop.authors import Author
from excavate.workshop.groups import make_groups, move
from excavate.workshop.ids import derived_id, is_id, new_id
from excavate.workshop.links import PERSONAL_LASTS, link_of
from excavate.workshop.members import (
    author_of,
    enter,
    leave,
    look,
    members,
    open_room,
    remove,
    roster,
    set_role,
)
from excavate.workshop.store import ENDED, Row, Workshop
from excavate.workshop.terms import Terms, consented, default_terms, set_terms, terms_of, told


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Workshop]:
    (tmp_path / "site").mkdir()
    workshop = Workshop(tmp_path / "site", shared=True)
    open_room(workshop, "Evening")
    yield workshop
    workshop.close()


def somebody(room: Workshop, name: str, role: str = "participant") -> Author:
    author = Author(new_id(), name, "ko", "I agree.")
    enter(room, author, role)
    return author


def test_a_room_that_is_opened_keeps_what_was_said_before(tmp_path: Path) -> None:
    alone = Workshop(tmp_path)
    before = alone.room_id
    alone.close()
    shared = Workshop(tmp_path, shared=True)
    open_room(shared, "First")
    open_room(shared, None)
    assert (shared.room_id, roster(shared).title) == (before, "First")
    version = shared.version
    open_room(shared, "First")
    assert shared.version == version
    shared.close()


def test_roles_are_given_by_facilitators_and_keep_the_group(room: Workshop) -> None:
    lead, mirae = somebody(room, "Lead", "facilitator"), somebody(room, "Mirae")
    ids = [new_id(), new_id()]
    make_groups(room, lead, ids)
    move(room, lead, mirae.person_id, ids[1])
    set_role(room, lead, mirae.person_id, "reviewer")
    member = roster(room).people[mirae.person_id]
    assert (member.role, member.group_id) == ("reviewer", ids[1])
    with pytest.raises(NotAllowedError):
        set_role(room, mirae, mirae.person_id, "facilitator")
    with pytest.raises(RefusedError):
        set_role(room, lead, mirae.person_id, "gone")
    enter(room, mirae)  # by the code again: nobody loses what they were given
    assert roster(room).role(mirae.person_id) == "reviewer"


def test_a_viewer_writes_nothing_and_is_made_no_more_without_a_name(room: Workshop) -> None:
    lead = somebody(room, "Lead", "facilitator")
    viewer = new_id()
    look(room, viewer)
    look(room, viewer)
    assert author_of(room, viewer) is None
    assert [m.person_id for m in members(room)] == [lead.person_id, viewer]
    with pytest.raises(RefusedError):
        set_role(room, lead, viewer, "participant")
    said = {"reply_id": new_id(), "about": "x", "kind": "ask", "text": "t", "language": "ko"}
    with pytest.raises(NotAllowedError):
        room.write([Row("reply", said["reply_id"], viewer, said)])


def test_rows_that_make_a_facilitator_are_refused_of_anyone_else(room: Workshop) -> None:
    mirae = somebody(room, "Mirae")
    promoted = {"role": "facilitator", "group_id": None, "given_by": mirae.person_id}
    link = {"token_hash": "x", "kind": "facilitator", "for_person": None, "ended": False}
    other = {"token_hash": "x", "kind": "personal", "for_person": new_id(), "ended": False}
    for row in (
        Row("membership", new_id(), mirae.person_id, promoted),
        Row("membership", new_id(), new_id(), promoted),
        Row("link", new_id(), mirae.person_id, link),
        Row("link", new_id(), mirae.person_id, other),
        Row("room", new_id(), mirae.person_id, {"kind": ENDED, "title": None}),
    ):
        with pytest.raises(NotAllowedError):
            room.write([row])
    assert roster(room).role(mirae.person_id) == "participant"


def test_who_left_or_was_removed_or_whose_room_ended_is_not_in_it(room: Workshop) -> None:
    lead, a, b = somebody(room, "Lead", "facilitator"), somebody(room, "A"), somebody(room, "B")
    with pytest.raises(NotAllowedError):
        remove(room, a, b.person_id)
    remove(room, lead, a.person_id)
    leave(room, b.person_id)
    assert [m.shown_name for m in members(room)] == ["Lead"]
    with pytest.raises(NotFoundError):
        remove(room, lead, a.person_id)
    assert author_of(room, b.person_id) is None
    room.write([Row("room", new_id(), None, {"kind": ENDED, "title": None})])
    assert roster(room).role(lead.person_id) == "gone"


def test_every_fault_of_who_enters_is_told_at_once(room: Workshop) -> None:
    with pytest.raises(RefusedError) as raised:
        enter(room, Author(new_id(), "", "ko", ""))
    assert [fault.place for fault in raised.value.faults] == ["Your name", "Consent"]
    assert not members(room)


def test_codes_are_known_however_they_are_typed(room: Workshop, tmp_path: Path) -> None:
    links = links_of_room(room, tmp_path / "s")
    for typed in (links.code, links.code.lower(), links.code.replace("-", ""), f" {links.code} "):
        assert known(room, tmp_path / "s", typed).kind == "code"
    assert known(room, tmp_path / "s", links.reviewer).kind == "reviewer"
    assert known(room, tmp_path / "s", links.reviewer.swapcase()) is None
    assert links_of_room(room, tmp_path / "s") == links
    new_role_links(room, tmp_path / "s")
    assert known(room, tmp_path / "s", links.facilitator) is None
    assert known(room, tmp_path / "s", links.code)
    new = new_code(room, tmp_path / "s")
    assert known(room, tmp_path / "s", links.code) is None
    assert links_of_room(room, tmp_path / "s").code == new


def test_links_of_a_host_whose_secrets_are_gone_are_made_anew(room: Workshop, tmp_path) -> None:
    first = links_of_room(room, tmp_path / "s")
    (tmp_path / "s" / FILE).unlink()
    second = links_of_room(room, tmp_path / "s")
    assert first.code != second.code
    assert known(room, tmp_path / "s", first.facilitator) is None
    assert known(room, tmp_path / "s", second.facilitator).kind == "facilitator"


@given(st.text(alphabet=SIGNS + SIGNS.lower() + " -", max_size=14))
def test_spelling_is_settled(text: str) -> None:
    assert spelled(spelled(text)) == spelled(text)
    assert len(new_code_text()) == 9


def test_a_personal_link_is_of_a_day_and_the_newest(room: Workshop, tmp_path: Path) -> None:
    mirae, folder = somebody(room, "Mirae"), tmp_path / "s"
    first = personal_link(room, folder, mirae, mirae.person_id)
    second = personal_link(room, folder, mirae, mirae.person_id)
    assert known(room, folder, first) is None
    hashed = host_secrets(folder).hashed(second)
    now = datetime.now(UTC).replace(tzinfo=None)
    assert link_of(room, hashed, now).for_person == mirae.person_id
    assert link_of(room, hashed, now + PERSONAL_LASTS + timedelta(seconds=1)) is None


def test_two_who_begin_at_once_have_one_key(tmp_path: Path) -> None:
    keys: list[str] = []
    both = [
        threading.Thread(target=lambda: keys.append(host_secrets(tmp_path / "s").key))
        for _n in range(8)
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(set(keys)) == 1
    assert [p.name for p in (tmp_path / "s").iterdir()] == [FILE]


def test_secrets_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("{", encoding="utf-8")
    with pytest.raises(ExcavateError, match="cannot be read"):
        host_secrets(tmp_path)


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_name_beside_an_id_has_one_id_of_its_own(one: str, other: str) -> None:
    base = new_id()
    assert is_id(derived_id(base, one))
    assert derived_id(base, one) != base
    assert (derived_id(base, one) == derived_id(base, other)) == (one == other)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_terms_say_all_that_has_to_be_said(language: str) -> None:
    said = told(default_terms(), language)
    assert len(said) == 6
    assert all(head and len(text) > 10 for head, text in said)
    whole = consented(default_terms(), language)
    assert {"ko": "거두어들일 수 없습니다", "en": "cannot be recalled"}[language] in whole
    assert {"ko": "동의하지 않아도", "en": "need not agree"}[language] in whole


def test_terms_are_worded_by_the_facilitator_all_faults_at_once(room: Workshop) -> None:
    lead = somebody(room, "Lead", "facilitator")
    with pytest.raises(RefusedError) as raised:
        set_terms(room, lead, new_id(), Terms("", "", "x" * 201, "\x00"))
    assert len(raised.value.faults) == 4
    row = new_id()
    assert set_terms(room, lead, row, Terms("기록", "record", "2027", "me"))
    assert not set_terms(room, lead, row, Terms("기록", "record", "2027", "me"))
    assert terms_of(room) == Terms("기록", "record", "2027", "me")
    assert dict(told(terms_of(room), "en"))["How long it is kept"] == "2027"


def test_links_that_are_asked_for_at_once_are_the_same(room: Workshop, tmp_path: Path) -> None:
    told: list[object] = []
    start = threading.Barrier(6)

    def ask() -> None:
        start.wait()
        told.append(links_of_room(room, tmp_path / "secrets"))

    threads = [threading.Thread(target=ask) for _one in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(told)) == 1
    assert known(room, tmp_path / "secrets", links_of_room(room, tmp_path / "secrets").code)


def test_rooms_of_one_host_that_open_at_once_all_keep_their_links(tmp_path: Path) -> None:
    keep = (
        "import sys; from pathlib import Path; from excavate.door.secrets import keep_links\n"
        "for n in range(20): keep_links(Path(sys.argv[1]), f'{sys.argv[2]}-{n}', {'code': 'x'})"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", keep, str(tmp_path), str(number)])
        for number in range(3)
    ]
    assert [process.wait(timeout=300) for process in started] == [0, 0, 0]
    assert len(host_secrets(tmp_path).rooms) == 60


def test_nobody_makes_a_link_of_a_role_by_calling_it_their_own(room: Workshop) -> None:
    mirae = somebody(room, "Mirae")
    columns = {"token_hash": "h", "kind": "facilitator", "for_person": mirae.person_id,
               "ended": False}  # fmt: skip
    with pytest.raises(NotAllowedError):
        room.write([Row("link", new_id(), mirae.person_id, columns)])
