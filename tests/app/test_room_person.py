"""On the desk, one person: a link for who lost theirs; what follows a sending out; who is host."""

from __future__ import annotations

import pytest
from streamlit.runtime.context import ContextProxy

from excavate.door.links import known, room_links
from excavate.workshop.members import roster
from tests.app.entering import SharedRoom
from tests.app.test_pages import text


def test_who_lost_their_link_is_given_one(shared_room: SharedRoom) -> None:
    leader, mirae = shared_room.enter("Lead", "facilitator"), shared_room.enter("Mirae")
    app = shared_room.run("room.py", leader, lang="en")
    app.selectbox(key="person-chosen").set_value(mirae.person_id).run()
    app.button(key="make-link").click().run()
    (link,) = [box.value for box in app.code if "/me/" in box.value]
    opened = known(shared_room.workshop, shared_room.secrets, link.rpartition("/")[2])
    assert opened is not None
    assert opened.for_person == mirae.person_id
    app.button(key="put-link-away").click().run()
    assert not [box.value for box in app.code if "/me/" in box.value]


def test_who_is_sent_out_can_be_kept_out_by_new_links(shared_room: SharedRoom) -> None:
    leader, mirae = shared_room.enter("Lead", "facilitator"), shared_room.enter("Mirae")
    before = room_links(shared_room.workshop, shared_room.secrets)
    app = shared_room.run("room.py", leader, lang="en")
    app.selectbox(key="person-chosen").set_value(mirae.person_id).run()
    app.checkbox(key=f"sure-{mirae.person_id}").check().run()
    app.checkbox(key=f"out-{mirae.person_id}").check().run()
    app.button(key="remove-person").click().run()
    assert roster(shared_room.workshop).role(mirae.person_id) == "gone"
    after = room_links(shared_room.workshop, shared_room.secrets)
    assert before.code != after.code
    assert before.facilitator != after.facilitator
    app.button(key="new-role-links").click().run()
    again = room_links(shared_room.workshop, shared_room.secrets)
    assert (again.code, again.reviewer != after.reviewer) == (after.code, True)


@pytest.mark.parametrize(("role", "may"), [("participant", False), ("facilitator", True)])
def test_through_a_tunnel_a_guest_is_not_taken_for_the_host(
    shared_room: SharedRoom, monkeypatch: pytest.MonkeyPatch, role: str, may: bool
) -> None:
    headers = property(lambda _self: {"Host": "127.0.0.1:8501"})
    monkeypatch.setattr(ContextProxy, "headers", headers)
    app = shared_room.run("gaps.py", shared_room.enter("Mirae", role), lang="en")
    assert ("measure-it" in [box.key for box in app.button]) == may
    assert ("The host measures it with this command" in text(app)) != may
