"""Finds: datasets that people in a room mined themselves, unverified; others add and contest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, get_args

from excavate.dossiers.schema import Topic
from excavate.errors import InputFault, NotFoundError, SourceError
from excavate.workshop import checking, media
from excavate.workshop.authors import Author, author_faults, once, person_rows, refuse
from excavate.workshop.checking import link_faults, text_faults, tidy
from excavate.workshop.ids import is_id, new_id
from excavate.workshop.store import Row, Workshop

TOPICS: tuple[str, ...] = get_args(Topic)
KINDS = ("add", "contest", "ask")
MOST_FACTS = 6
FINDS = """
SELECT find_id, name, link, why, language, sha256, written_at, person_id, shown_name
FROM finds WHERE room_id = $1 AND ($2 IS NULL OR find_id = $2) ORDER BY writing, row_id
"""
FACTS = """
SELECT fact_id, find_id, topic, text, language, source, written_at, shown_name
FROM find_facts WHERE room_id = $1 AND ($2 IS NULL OR find_id = $2)
ORDER BY writing, position, row_id
"""
REPLIES = """
SELECT reply_id, about, kind, text, language, written_at, shown_name
FROM replies WHERE room_id = $1 ORDER BY writing, row_id
"""
STANDS = "SELECT count(*) FROM find WHERE row_id = $1"
FACT_STANDS = "SELECT count(*) FROM find_fact WHERE row_id = $1"
REPLY_STANDS = "SELECT count(*) FROM reply WHERE row_id = $1"
SHOWN_TYPE = """
SELECT media_type FROM media WHERE sha256 = $1
AND sha256 IN (SELECT sha256 FROM finds WHERE sha256 IS NOT NULL) LIMIT 1
"""
MEDIA_TYPE = "SELECT media_type FROM media WHERE sha256 = ? LIMIT 1"


@dataclass(frozen=True, slots=True)
class GivenFact:
    """One thing said of a find, and where it is from."""

    topic: str
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class GivenFind:
    """A find as it is brought. `find_id` was made with the form: sent twice, it is one find."""

    find_id: str
    name: str
    why: str
    link: str = ""
    facts: tuple[GivenFact, ...] = ()
    picture: bytes | None = None


@dataclass(frozen=True, slots=True)
class FindFact:
    """One fact of a find, unverified, by whom."""

    fact_id: str
    topic: str
    text: str
    language: str
    source: str | None
    written_at: datetime
    shown_name: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody answered: add, contest or ask; `about` is what it answers."""

    reply_id: str
    about: str
    kind: str
    text: str
    language: str
    written_at: datetime
    shown_name: str


@dataclass(frozen=True, slots=True)
class Find:
    """A find with its facts and what others said of it, oldest first."""

    find_id: str
    name: str
    link: str | None
    why: str
    language: str
    sha256: str | None
    written_at: datetime
    person_id: str
    shown_name: str
    facts: tuple[FindFact, ...] = ()
    replies: tuple[Reply, ...] = ()


def bring(workshop: Workshop, author: Author, given: GivenFind, max_pixels: int) -> bool:
    """Record a find; True where it is new, False where the same one stands already.

    Raises RefusedError with every fault of what was given, SiteError where it cannot be kept.
    """
    given = _tidied(given)
    faults = [*author_faults(author), *_find_faults(given)]
    picture = _picture(given.picture, max_pixels, faults)
    refuse(faults)
    rows = person_rows(workshop, author) + _find_rows(author, given, picture)
    with workshop.writing:  # nobody erases the same picture in between
        if picture:
            media.keep(workshop.folder.path, picture)
        try:
            return once(workshop, rows, STANDS, given.find_id)
        finally:
            drop_unrecorded(workshop, picture)


def add_fact(
    workshop: Workshop, author: Author, fact_id: str, find_id: str, fact: GivenFact
) -> bool:
    """Record one more fact of a find, by anyone; True where it is new.

    Raises RefusedError with every fault of it, NotFoundError where there is no such find.
    """
    fact = GivenFact(fact.topic, tidy(fact.text), tidy(fact.source))
    refuse([*author_faults(author), *_fact_faults("Fact", fact)])
    position = len(one_find(workshop, find_id).facts)
    row = _fact_row(author, fact_id, find_id, position, fact)
    return once(workshop, [*person_rows(workshop, author), row], FACT_STANDS, fact_id)


def differs(workshop: Workshop, given: GivenFind) -> bool:
    """Whether the find that stands by this id says other than what was given just now."""
    find, given = one_find(workshop, given.find_id), _tidied(given)
    stands = [(fact.topic, fact.text, fact.source or "") for fact in find.facts]
    asked = [(fact.topic, fact.text, fact.source) for fact in given.facts]
    return (find.name, find.why, find.link or "") != (given.name, given.why, given.link) or any(
        fact not in stands for fact in asked
    )


def answer(
    workshop: Workshop, author: Author, reply_id: str, about: str, kind: str, text: str
) -> bool:
    """Record an answer to a find or to one of its facts; True where it is new.

    Raises RefusedError with every fault of it, NotFoundError where `about` is nothing here.
    """
    text = tidy(text)
    faults = [*author_faults(author), *text_faults("Answer", text, checking.TEXT)]
    if kind not in KINDS:
        faults.append(InputFault("Kind", f"one of: {', '.join(KINDS)}"))
    refuse(faults)
    if about not in {a for find in finds(workshop) for a in _answerable(find)}:
        raise NotFoundError("no such find", about, "It may be of another room")
    columns = {"reply_id": reply_id, "about": about, "kind": kind, "text": text,
               "language": author.language}  # fmt: skip
    row = Row("reply", reply_id, author.person_id, columns)
    return once(workshop, [*person_rows(workshop, author), row], REPLY_STANDS, reply_id)


def finds(workshop: Workshop, find_id: str | None = None) -> list[Find]:
    """The finds of the room, oldest first, whole; or the one of that id, if it is there."""
    with workshop.cursor() as cursor:
        asked = [workshop.room_id, find_id]
        rows = cursor.execute(FINDS, asked).fetchall()
        facts = _by_second(cursor.execute(FACTS, asked).fetchall())
        replies = [Reply(*row) for row in cursor.execute(REPLIES, asked[:1]).fetchall()]
    return [_whole(row, facts.get(row[0], []), replies) for row in rows]


def one_find(workshop: Workshop, find_id: str) -> Find:
    """One find. Raises NotFoundError where the room holds none by that id."""
    found = finds(workshop, find_id) if is_id(find_id) else []
    if not found:
        raise NotFoundError("no such find", find_id, "See the Survey")
    return found[0]


def picture_of(workshop: Workshop, sha256: str) -> tuple[bytes, str] | None:
    """(bytes, media type) of the picture of a find in view; None where there is none.

    What stands in a counter-dataset is served with its member, never by its hash alone.
    """
    with workshop.cursor() as cursor:
        found = cursor.execute(SHOWN_TYPE, [sha256]).fetchone()
    content = media.kept(workshop.folder.path, sha256) if found else None
    return (content, str(found[0])) if content is not None else None


def drop_unrecorded(workshop: Workshop, picture: media.Picture | None) -> None:
    """A picture that came to nothing, as where its find was erased before, does not stay."""
    if picture is None:
        return
    with workshop.cursor() as cursor:
        named = cursor.execute(MEDIA_TYPE, [picture.sha256]).fetchone()
    if not named:
        (workshop.folder.path / "media" / picture.sha256).unlink(missing_ok=True)


def _tidied(given: GivenFind) -> GivenFind:
    facts = (GivenFact(f.topic, tidy(f.text), tidy(f.source)) for f in given.facts)
    return GivenFind(
        given.find_id, tidy(given.name), tidy(given.why), tidy(given.link),
        tuple(f for f in facts if f.text or f.source), given.picture,
    )  # fmt: skip


def _find_faults(given: GivenFind) -> Iterable[InputFault]:
    yield from text_faults("Name", given.name, checking.NAME)
    yield from link_faults("Link", given.link)
    yield from text_faults("Why", given.why, checking.TEXT)
    if len(given.facts) > MOST_FACTS:
        yield InputFault("Facts", f"{len(given.facts)} facts, at most {MOST_FACTS} are kept")
    for number, fact in enumerate(given.facts, 1):
        yield from _fact_faults(f"Fact {number}", fact)


def _fact_faults(place: str, fact: GivenFact) -> Iterable[InputFault]:
    yield from text_faults(place, fact.text, checking.TEXT)
    yield from text_faults(place, fact.source, checking.SOURCE, needed=False)
    if fact.topic not in TOPICS:
        yield InputFault(place, "say what it is about")


def _picture(
    content: bytes | None, max_pixels: int, faults: list[InputFault]
) -> media.Picture | None:
    if content is None:
        return None
    try:
        return media.prepared(content, max_pixels)
    except SourceError as error:
        faults.append(InputFault("Picture", error.what))
        return None


def _find_rows(author: Author, given: GivenFind, picture: media.Picture | None) -> list[Row]:
    who, sha256 = author.person_id, picture.sha256 if picture else None
    columns = {"find_id": given.find_id, "name": given.name, "link": given.link or None,
               "why": given.why, "language": author.language, "sha256": sha256}  # fmt: skip
    rows = [Row("find", given.find_id, who, columns)]
    rows += [
        _fact_row(author, new_id(), given.find_id, position, fact)
        for position, fact in enumerate(given.facts)
    ]
    if picture:
        kept = {"sha256": picture.sha256, "media_type": picture.media_type,
                "width": picture.width, "height": picture.height,
                "bytes": len(picture.content)}  # fmt: skip
        rows.append(Row("media", new_id(), who, kept))
    return rows


def _fact_row(author: Author, fact_id: str, find_id: str, position: int, fact: GivenFact) -> Row:
    said = {"fact_id": fact_id, "find_id": find_id, "position": position, "topic": fact.topic,
            "text": fact.text, "language": author.language,
            "source": fact.source or None}  # fmt: skip
    return Row("find_fact", fact_id, author.person_id, said)


def _by_second(rows: Iterable[Sequence[Any]]) -> dict[str, list[FindFact]]:
    found: dict[str, list[FindFact]] = {}
    for row in rows:
        found.setdefault(row[1], []).append(FindFact(row[0], *row[2:]))
    return found


def _whole(row: Sequence[Any], facts: Sequence[FindFact], replies: Sequence[Reply]) -> Find:
    about = {row[0], *(fact.fact_id for fact in facts)}
    said = tuple(reply for reply in replies if reply.about in about)
    return replace(Find(*row), facts=tuple(facts), replies=said)


def _answerable(find: Find) -> list[str]:
    return [find.find_id, *(fact.fact_id for fact in find.facts)]
