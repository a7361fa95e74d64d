"""Who looks and who writes, as pages ask for it in a shared room."""

from __future__ import annotations

import pytest

from excavate.workshop.finds import finds
from tests.app.entering import SharedRoom
from tests.app.test_pages import text


def test_a_member_writes_without_being_asked_for_a_name(shared_room: SharedRoom) -> None:
    mirae = shared_room.enter("Mirae")
    app = shared_room.run("find.py", mirae, lang="en")
    assert "Your name, as it is to be shown" not in [box.label for box in app.text_input]
    assert not app.checkbox
    by_label = {box.label: box for box in (*app.text_input, *app.text_area)}
    by_label["Name of the dataset"].set_value("Names of streets")
    by_label["Why I brought it"].set_value("No picture of an alley")
    app.button[0].click().run()
    assert [(f.person_id, f.shown_name) for f in finds(shared_room.workshop)] == [
        (mirae.person_id, "Mirae")
    ]


@pytest.mark.parametrize("gone", ["never in", "removed"])
def test_who_is_not_in_the_room_sees_no_page(shared_room: SharedRoom, gone: str) -> None:
    mirae = shared_room.enter("Mirae")
    if gone == "removed":
        assert "exc-masthead" in text(shared_room.run("", mirae, lang="en"))
        shared_room.remove(mirae)
    shown = text(shared_room.run("", mirae if gone == "removed" else None, lang="en"))
    assert "You are not in this room any more" in shown
    assert "Handwritten" not in shown
    assert "exc-masthead" not in shown
