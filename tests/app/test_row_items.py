"""Items of an empty row are its nearest, and are called so; equal strips are shown once."""

from __future__ import annotations

import pytest

from excavate.components.row_items import counted, ringed_note, strip_title
from excavate.i18n import LANGUAGES, _, speak

SIX = [f"d/all/{n}" for n in range(6)]


@pytest.fixture(autouse=True)
def _english():
    speak("en")


@pytest.mark.parametrize(
    ("row", "title"),
    [
        ({"count": 0, "items": SIX}, "The nearest items (none is here): x"),
        ({"observed": 0, "items": SIX}, "The nearest items (none is here): x"),
        ({"count": 2, "items": SIX}, "Items of: x (the first 2; the others are the nearest)"),
        ({"count": 6, "items": SIX}, "Items of: x"),
        ({"size": 47, "items": SIX}, "Items of: x"),
        ({"share": 0.0, "items": SIX}, "Items of: x"),
    ],
)
def test_a_strip_says_whose_items_it_shows(row, title):
    assert strip_title("intersections", [row], ["x"]) == title


def test_what_several_empty_rows_have_in_common_is_headed_by_all():
    rows = [{"count": 0, "items": SIX}] * 2
    said = strip_title("intersections", rows, ["x", "y"])
    assert said == "The nearest items (none is in any of these): x; y"


@pytest.mark.parametrize(
    ("row", "note"),
    [
        ({"count": 0, "items": SIX}, "None of them is of it: they are the nearest items."),
        ({"size": 47, "items": SIX}, "6 of its 47 items are kept with the finding."),
        ({"size": 47, "items": SIX, "members": [f"d/all/{n}" for n in range(47)]}, ""),
        ({"count": 6, "items": SIX}, ""),
        ({"items": SIX}, ""),
    ],
)
def test_the_map_says_what_the_ringed_items_are(row, note):
    assert ringed_note("duplicates", row) == note


def test_boxes_are_no_items():
    assert counted("regions", {"count": 900, "items": SIX}) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_count_is_read_into_a_missing_value(language):
    speak(language)
    row = {"count": None, "items": SIX}
    assert strip_title("labels", [row], ["x"]) == _("Items of: {row}").format(row="x")
