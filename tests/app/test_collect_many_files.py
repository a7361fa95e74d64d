"""More files than lie in memory at once: none is taken, and it is said; how large one may be."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from excavate.counter.taking_pictures import MAX_BYTES
from excavate.i18n import LANGUAGES, _, speak
from excavate.pages.collect_files import MOST
from tests.app.counter_made import plan_in
from tests.app.entering import SharedRoom
from tests.app.test_pages import text
from tests.counter.pictures_made import saved

CONFIG = Path(__file__).parents[2] / ".streamlit" / "config.toml"


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_more_files_than_the_most_none_is_kept_and_it_is_said(
    shared_room: SharedRoom, language: str
) -> None:
    mirae = shared_room.enter("Mirae", language=language)
    app = shared_room.run(
        "collect.py", mirae, plan=plan_in(shared_room, mirae), by="files", lang=language
    )
    speak(language)
    picture = saved("PNG", 60)
    many = [(f"{n}.png", picture, "image/png") for n in range(MOST + 1)]
    app.file_uploader[0].set_value(many)
    app.run()
    words = _("At most {n} at once: none of the {given} were taken. Choose again, at most {n}")
    told = words.format(n=MOST, given=MOST + 1)
    assert told in text(app)
    assert not app.file_uploader[0].value
    assert not app.checkbox
    app.file_uploader[0].set_value(many[:1])
    app.run()
    assert told not in text(app)
    assert _("put it in") in [one.label for one in app.checkbox]


def test_a_file_may_be_as_large_as_the_server_takes_it() -> None:
    taken = tomllib.loads(CONFIG.read_text("utf-8"))["server"]["maxUploadSize"]
    assert taken * 1_000_000 == MAX_BYTES
