"""A shared room of its own for a test, and pages as one of its members sees them.

def test_x(shared_room):            # the fixture, from tests/app/conftest.py
    mirae = shared_room.enter("Mirae", "participant")
    app = shared_room.run("say.py", mirae, lang="ko")
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
import streamlit as st
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from excavate.door.cookie import Carried, cookie_name, sealed
from excavate.door.secrets import host_secrets
from excavate.i18n import DEFAULT, speak
from excavate.routes import served_workshop
from excavate.workshop.authors import Author
from excavate.workshop.ids import new_id
from excavate.workshop.members import enter, look, open_room, remove
from excavate.workshop.store import Workshop

MAIN = str(Path(__file__).resolve().parents[2] / "excavate" / "pages" / "main.py")
CONSENTED = "What I write here is kept."


def opened(app: AppTest, file: str, query: Mapping[str, str]) -> AppTest:
    """A visitor's app on a page."""
    speak(query.get("lang", DEFAULT))  # AppTest formats a widget's options in the test's thread
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    if file:
        app.switch_page(file)
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
    assert not app.exception, app.exception
    return app


class SharedRoom:
    """A room that others come into, served by this process."""

    def __init__(self, site: Path, secrets: Path) -> None:
        self.site, self.secrets = site, secrets
        self.workshop: Workshop = served_workshop()
        open_room(self.workshop, "A room")

    def enter(self, name: str, role: str = "participant", language: str = "ko") -> Author:
        """Somebody comes in as what they are; a viewer without a name."""
        author = Author(new_id(), "" if role == "viewer" else name, language, CONSENTED)
        if role == "viewer":
            look(self.workshop, author.person_id)
        else:
            enter(self.workshop, author, role)
        return author

    def remove(self, author: Author) -> None:
        """Somebody is sent out."""
        leader = self.enter("Leader", "facilitator")
        remove(self.workshop, leader, author.person_id)

    def cookies(self, author: Author) -> dict[str, str]:
        """What their browser carries."""
        room, key = self.workshop.room_id, host_secrets(self.secrets).key
        return {cookie_name(room): sealed(key, Carried(room, author.person_id))}

    def run(self, file: str = "", author: Author | None = None, /, **query: str) -> AppTest:
        """A page as a member sees it, as a link with this query opens it; None: from outside."""
        app = AppTest.from_file(MAIN, default_timeout=300)
        app.session_state["test-cookies"] = self.cookies(author) if author else {}
        return opened(app, file, query)


def shared(site: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> SharedRoom:
    """A copy of a site, its room shared, its host's secrets beside it."""
    mine, secrets = folder / "shared-site", folder / "secrets"
    shutil.copytree(
        site, mine, ignore=shutil.ignore_patterns("workshop.duckdb*", "backups", "media")
    )
    monkeypatch.setenv("EXCAVATE_SITE", str(mine))
    monkeypatch.setenv("EXCAVATE_SECRETS", str(secrets))
    monkeypatch.setenv("EXCAVATE_SHARED_ROOM", "1")
    carried = property(lambda _self: st.session_state.get("test-cookies", {}))
    monkeypatch.setattr(ContextProxy, "cookies", carried)  # AppTest has no browser to carry any
    return SharedRoom(mine, secrets)
