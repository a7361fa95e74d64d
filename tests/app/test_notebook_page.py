"""Notebook and Mine as their owner sees them, and as others do not."""

from __future__ import annotations

from datetime import datetime

import pytest

from excavate.i18n import LANGUAGES, _, speak
from excavate.workshop.ids import new_id
from excavate.workshop.labour import choose, recording
from excavate.workshop.members import roster
from excavate.workshop.notebooks import GivenNote, keep, notebook
from excavate.workshop.presentations import present
from excavate.workshop.store import Row
from excavate.workshop.withdrawing import HIDDEN, given_by
from tests.app.conftest import MARKUP
from tests.app.test_pages import text

ITEM = "digits/all/5"


def press(app, words):
    next(b for b in app.button if b.label == words).click()
    app.run()
    assert not app.exception, app.exception
    return app


@pytest.fixture
def written(shared_room):
    """Somebody with a note of their own words, full of markup, and a saved item."""
    mirae = shared_room.enter("Mirae", "participant", "en")
    words = f"Nobody drew {MARKUP} <script>alert(1)</script> **here**"
    keep(shared_room.workshop, mirae, GivenNote(new_id(), "text", words, {}, True))
    keep(shared_room.workshop, mirae, GivenNote(new_id(), "item", "", {"item_id": ITEM}))
    return shared_room, mirae


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notebook_shows_its_notes_with_their_state_and_markup_as_text(written, language):
    room, mirae = written
    shown = text(room.run("notebook.py", mirae, lang=language))
    speak(language)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<script>" not in shown
    assert "<img src=x" not in shown
    assert "**here**" in shown
    assert _("yours alone") in shown
    assert "Optical Recognition of Handwritten Digits" in shown
    assert _("No presentation is open in this room yet.") in shown


def test_a_note_is_written_moved_marked_and_taken_out(written):
    room, mirae = written
    app = room.run("notebook.py", mirae, lang="en")
    next(a for a in app.text_area if a.label == "In my own words").set_value("A second thought")
    press(app, "Keep the note")
    kinds = [note.text or note.kind for note in notebook(room.workshop, mirae.person_id)]
    assert kinds[1:] == ["item", "A second thought"]
    last = notebook(room.workshop, mirae.person_id)[-1]
    app.button(key=f"up-{last.note_id}").click().run()
    app.button(key=f"mark-{last.note_id}").click().run()
    notes = notebook(room.workshop, mirae.person_id)
    assert [note.text or note.kind for note in notes][1:] == ["A second thought", "item"]
    assert notes[1].shown
    app.button(key=f"out-{last.note_id}").click().run()
    assert [note.kind for note in notebook(room.workshop, mirae.person_id)] == ["text", "item"]


def test_a_presentation_is_seen_by_others_once_it_is_open_and_only_what_is_marked(written):
    room, mirae = written
    other = room.enter("Jun", "participant", "en")
    asked = {"lang": "en", "of": mirae.person_id}
    present(room.workshop, mirae, new_id(), "What is not drawn", "A lead", False)
    assert "This presentation is not open" in text(room.run("notebook.py", other, **asked))
    assert "What is not drawn" in text(room.run("notebook.py", mirae, **asked))
    present(room.workshop, mirae, new_id(), "What is not drawn", f"A lead {MARKUP}", True)
    shown = text(room.run("notebook.py", other, **asked))
    assert "What is not drawn" in shown
    assert "Nobody drew" in shown
    assert shown.count("&lt;img src=x onerror=alert(1)&gt;") == 2
    assert "<img src=x" not in shown
    assert 'class="exc-large"' not in shown  # the item was not marked
    assert "data-live=" in shown
    listed = text(room.run("notebook.py", other, lang="en"))
    assert "What is not drawn" in listed


@pytest.mark.parametrize("language", LANGUAGES)
def test_mine_lists_what_one_gave_and_says_what_erasing_is(written, language):
    room, mirae = written
    shown = text(room.run("mine.py", mirae, lang=language))
    speak(language)
    assert "<script>" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert _("A release made before still holds it until a facilitator deletes its folder; "
             "what was handed on or exported cannot be called back.") in shown  # fmt: skip
    assert _("takes part") in shown
    assert _("Nothing was counted.") in shown


def test_mine_hides_renames_and_turns_the_clock_on(written):
    room, mirae = written
    app = room.run("mine.py", mirae, lang="en")
    press(app, "Hide")
    assert [one.manner for one in given_by(room.workshop, mirae.person_id)].count(HIDDEN) == 1
    assert not recording(room.workshop, mirae.person_id)
    app.toggle(key="labour-on").set_value(True).run()
    assert recording(room.workshop, mirae.person_id)
    name = next(one for one in app.text_input if str(one.key).endswith("-correct-name"))
    name.set_value("Mirae Kim")
    press(app, "Save")
    assert roster(room.workshop).people[mirae.person_id].shown_name == "Mirae Kim"


def test_erasing_asks_once_more(written):
    room, mirae = written
    app = room.run("mine.py", mirae, lang="en")
    press(app, "Erase…")
    assert "Erase this for good?" in text(app)
    assert all(one.manner == "shown" for one in given_by(room.workshop, mirae.person_id))
    press(app, "Erase for good")
    manners = [one.manner for one in given_by(room.workshop, mirae.person_id)]
    assert manners.count("erased") == 1


def test_who_only_looks_on_has_no_notebook_and_no_control_to_keep(written):
    room, _mirae = written
    viewer = room.enter("", "viewer", "en")
    assert "A notebook belongs to who takes part" in text(
        room.run("notebook.py", viewer, lang="en")
    )
    app = room.run("item.py", viewer, lang="en", id=ITEM)
    assert "Keep in my notebook" not in [b.label for b in app.button]


def test_an_item_is_kept_from_its_page_by_one_press(written):
    room, _mirae = written
    jun = room.enter("Jun", "participant", "en")
    press(room.run("item.py", jun, lang="en", id=ITEM), "Keep in my notebook")
    (note,) = notebook(room.workshop, jun.person_id)
    assert note.value["item_id"] == ITEM
    assert set(note.value) == {"item_id", "sha256", "revision"}
    assert "In my notebook" in text(room.run("item.py", jun, lang="en", id=ITEM))


def test_a_reviewer_hides_a_presentation_and_others_cannot(written):
    room, mirae = written
    present(room.workshop, mirae, new_id(), "Whose hands?", "", True)
    asked = {"lang": "en", "of": mirae.person_id}
    words = "Hide this presentation from the room"
    jun = room.enter("Jun", "participant", "en")
    assert words not in [b.label for b in room.run("notebook.py", jun, **asked).button]
    reviewer = room.enter("Sori", "reviewer", "en")
    app = press(room.run("notebook.py", reviewer, **asked), words)
    assert "This presentation is not open" in text(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_time_is_held_against_the_wage_of_its_year(written, language):
    room, mirae = written
    choose(room.workshop, mirae, new_id(), True)
    columns = {
        "activity": "look",
        "about": None,
        "started_at": datetime(2026, 6, 1, 3),
        "seconds": 3600.0,
    }
    later = {**columns, "started_at": datetime(2027, 6, 1, 3)}
    rows = [Row("labour", new_id(), mirae.person_id, said) for said in (columns, later)]
    room.workshop.write(rows)
    shown = text(room.run("mine.py", mirae, lang=language))
    speak(language)
    assert _("{amount} won").format(amount="10,320") in shown
    assert _("{amount} won").format(amount="12,384") in shown  # with the weekly holiday allowance
    unstated = _("No minimum wage of {year} is stated here. Another year's is not used.")
    assert unstated.format(year=2027).replace("'", "&#x27;") in shown
    assert shown.count(_("unverified")) >= 2


def test_a_table_of_the_site_lets_another_countrys_wage_be_chosen_and_tells_its_faults(written):
    room, mirae = written
    said = {"activity": "say", "about": None, "started_at": datetime(2026, 6, 1, 3)}
    room.workshop.write([Row("labour", new_id(), mirae.person_id, said | {"seconds": 1800.0})])
    table = room.site / "wages.csv"
    head = "country,year,currency,per_hour,source,source_ko,url,status,seen_in"
    table.write_text(f"{head}\nDE,2026,EUR,13.90,its law,,,seen,\n", "utf-8")
    app = room.run("mine.py", mirae, lang="en")
    assert "5,160 won" in text(app)
    app.selectbox(key="choice-wage").select("DE").run()
    shown = text(app)
    assert "6.95 EUR" in shown
    assert "weekly holiday allowance" not in shown
    table.write_text(f"{head}\nDE,26,euro,13.90,its law,,,seen,\n", "utf-8")
    broken = text(room.run("mine.py", mirae, lang="en"))
    assert "line 2, year" in broken
    assert "line 2, currency" in broken


def test_who_looks_only_is_told_so_on_their_own_page(shared_room):
    viewer = shared_room.enter("", "viewer")
    shown = text(shared_room.run("mine.py", viewer, lang="en"))
    assert "You are here to look only" in shown
    assert "Another device, or leave" in shown
    assert "Whatever you write" not in shown
