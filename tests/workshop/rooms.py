"""A room in which people have spoken, for tests of what is kept and what is erased."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from excavate.settings import MAX_PIXELS
from excavate.workshop.about import About
from excavate.workshop.absences import (
    GivenAbsence,
    GivenEvidence,
    correct,
    reply,
    say,
    sort,
    take_stance,
    translate,
)
from excavate.workshop.authors import Author
from excavate.workshop.finds import bring
from excavate.workshop.ids import new_id
from excavate.workshop.store import Workshop
from tests.made import encoded, picture
from tests.workshop.given import author, find

SECRET = "찾을수없는말 unfindable"
PART = About("part", {"item_id": "digits/all/3", "xywh": "percent:1,2,30,40"})


@dataclass(frozen=True)
class Spoken:
    """Who spoke, and the ids of what they said."""

    mirae: Author
    other: Author
    absence_id: str
    reply_id: str
    find_id: str


def spoken_room(workshop: Workshop) -> Spoken:
    """Mirae says an absence and brings a find, every word of hers holding SECRET; one answers."""
    mirae, other = author(f"Mirae {SECRET}", "ko"), author("Other")
    absence_id, reply_id, find_id = new_id(), new_id(), new_id()
    link = GivenEvidence(new_id(), "link", {"link": "https://example.org/unfindable"})
    said = GivenAbsence(
        absence_id, f"첫 말 {SECRET} " * 40, PART, "should exist", agent=SECRET,
        position=SECRET, type="never-collected", evidence=(link,),
    )  # fmt: skip
    say(workshop, mirae, said)
    mended = GivenAbsence(absence_id, f"고친 말 {SECRET} " * 40, PART, "undecided")
    correct(workshop, mirae, new_id(), mended)
    reply(workshop, other, reply_id, absence_id, "contest", "An answer that stays")
    take_stance(workshop, other, new_id(), absence_id, "not mine to say")
    sort(workshop, other, new_id(), absence_id, "none of these")
    translate(workshop, other, new_id(), absence_id, "en", f"In English: {SECRET} " * 20)
    brought = find(f"Find {SECRET}", find_id, why=SECRET * 20, picture=encoded(picture(3)))
    bring(workshop, mirae, brought, MAX_PIXELS)
    bring(workshop, other, find("A find that stays", picture=encoded(picture(4))), MAX_PIXELS)
    return Spoken(mirae, other, absence_id, reply_id, find_id)


def holding(folder: Path, words: str) -> list[str]:
    """The files of a site whose bytes hold words, in UTF-8 or as JSON may write them."""
    wanted = (words.encode(), words.encode("utf-16-le"), ascii(words)[1:-1].encode())
    files = (file for file in folder.rglob("*") if file.is_file())
    return sorted(
        str(file.relative_to(folder))
        for file in files
        if any(one in file.read_bytes() for one in wanted)
    )
