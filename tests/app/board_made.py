"""What tests of the board bring: a reader that lets nothing strange by, and things to be said."""

from __future__ import annotations

from datetime import datetime
from html.parser import HTMLParser
from typing import Any

from excavate.components.board_about import ground_of
from excavate.components.board_asked import Asked
from excavate.components.board_html import board_html
from excavate.components.board_kept import Looks, board_drawn
from excavate.i18n import speak
from excavate.workshop.about import NOTHING
from excavate.workshop.absence_record import Absence, GivenAbsence
from excavate.workshop.absences import say
from excavate.workshop.authors import Author
from excavate.workshop.ids import new_id
from excavate.workshop.members import enter
from excavate.workshop.store import Workshop
from tests.workshop.given import author

OURS = {
    "div", "p", "b", "span", "section", "header", "h2", "article", "small", "ul", "li", "footer",
    "a", "i", "bdi", "time", "details", "summary", "nav", "figure", "figcaption", "svg", "path",
    "circle", "g", "text", "img",
}  # fmt: skip
SAFE = {
    "class", "id", "data-key", "lang", "href", "data-page", "target", "style", "aria-hidden",
    "datetime", "viewbox", "role", "aria-label", "d", "cx", "cy", "r", "x", "y", "src", "alt",
    "loading", "decoding", "title",
}  # fmt: skip
PRESSED = {"a", "button", "input", "select", "summary", "details", "textarea"}


class Read(HTMLParser):
    """Tags, their attributes and all text of a fragment; every tag is closed in its turn."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: set[str] = set()
        self.text, self.open = "", []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.names |= {name for name, _value in attrs}
        for name, value in attrs:
            assert name != "href" or (value or "").startswith(("/absence?", "/board?", "#a-"))
            assert name != "style" or (value or "").removeprefix("flex-grow:").isdecimal()
        if tag != "img":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def absence(statement: str = "Hands that shake", **more: Any) -> Absence:
    """One absence as it is read."""
    given: dict[str, Any] = {
        "absence_id": new_id(), "language": "en", "about": NOTHING, "stance": None,
        "knownness": None, "agent": "", "position": "", "visibility": "public",
        "group_id": None, "round_id": None, "written_at": datetime(2026, 11, 21, 10),
        "writing": 1, "person_id": new_id(), "shown_name": "Mirae",
    } | more  # fmt: skip
    return Absence(statement=statement, **given)


def drawn(absences: list[Absence], asked: Asked = Asked(), groups: Any = None) -> str:  # noqa: B008
    speak(asked.language)
    ground = ground_of(None, (one.about for one in absences))
    return board_html(absences, asked, ground, groups or {})


def entered(workshop: Workshop, name: str, role: str = "participant") -> Author:
    person = author(name)
    enter(workshop, person, role)
    return person


def told(workshop: Workshop, who: Author, statement: str, **more: Any) -> str:
    absence_id = new_id()
    places = {name: more.pop(name, None) for name in ("group_id", "round_id")}
    say(workshop, who, GivenAbsence(absence_id, statement, **more), **places)
    return absence_id


def board_of(
    workshop: Workshop, who: Author | None, role: str = "participant", group: str | None = None,
    **asked: Any,
) -> str:  # fmt: skip
    looks = Looks(who.person_id if who else None, role, group)
    return board_drawn(workshop, None, looks, Asked(language="en", **asked)).content.decode()
