"""The page of an absence that was taken back: a tombstone, and what others answered."""

from __future__ import annotations

import pytest

from excavate.i18n import LANGUAGES, _, speak
from excavate.workshop.absences import reply
from excavate.workshop.ids import new_id
from excavate.workshop.withdrawing import hide
from tests.app.test_pages import text
from tests.app.test_say import said


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_so_and_keeps_the_answers_of_others(shared_room, language):
    mirae, bo = shared_room.enter("Mirae"), shared_room.enter("Bo")
    at = said(shared_room, mirae, "words taken back")
    reply(shared_room.workshop, bo, new_id(), at, "contest", "<b>No</b>, it is there")
    hide(shared_room.workshop, mirae, new_id(), "absence", at)
    shown = text(shared_room.run("absence.py", bo, lang=language, id=at))
    speak(language)
    assert _("What others answered stays theirs") in shown
    assert "&lt;b&gt;No&lt;/b&gt;, it is there" in shown
    assert "words taken back" not in shown
    unknown = text(shared_room.run("absence.py", bo, lang=language, id=new_id()))
    assert _("What others answered stays theirs") not in unknown
