"""The pages of an exhibition, out of templates that escape whatever people wrote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from excavate.counter.records import WallRoom
from excavate.release.exhibition import labels
from excavate.release.exhibition.captions import captions
from excavate.release.exhibition.essay_pages import EssayPage
from excavate.release.exhibition.measured_drawn import drawn
from excavate.release.exhibition.redrawn import redrawn
from excavate.release.exhibition.showing import Shown
from excavate.release.exhibition.sizes import ratio, spans
from excavate.release.exhibition.voices import day, frames, named
from excavate.release.exhibition.words import Both, say
from excavate.release.record import Contents, Plate

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True, slots=True)
class Room:
    """A room as it hangs; `number` is 0 for what hangs nowhere."""

    number: int
    title: Both
    text: Both
    plates: tuple[Plate, ...]
    spans: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Beside:
    """What lies in the release beside the exhibition, and may be linked to."""

    files: tuple[str, ...]
    catalogue: bool


def rooms(contents: Contents) -> tuple[Room, ...]:
    """The authored rooms in their order; then, in store, what was hung nowhere."""
    found = []
    for place, wall in enumerate(contents.rooms):
        here = tuple(one for one in contents.plates if one.room == place)
        found.append(_room(place + 1 if len(contents.rooms) > 1 else 0, wall, here))
    hung = range(len(contents.rooms))
    rest = tuple(one for one in contents.plates if one.room not in hung)
    if rest:
        found.append(_unhung(rest, alone=not contents.rooms))
    return tuple(found)


def _room(number: int, wall: WallRoom, plates: tuple[Plate, ...]) -> Room:
    title, text = Both(wall.title_ko, wall.title_en), Both(wall.text_ko, wall.text_en)
    return Room(number, title, text, plates, spans(plates))


def _unhung(plates: tuple[Plate, ...], *, alone: bool) -> Room:
    """Without any room the plates simply hang."""
    nothing = Both("", "")
    if alone:
        return Room(0, nothing, nothing, plates, spans(plates))
    return Room(0, say("unhung"), say("unhung_says"), plates, spans(plates))


def name_of(contents: Contents) -> Both:
    """The exhibition's title."""
    given = contents.plan.given
    return Both(given.title_ko, given.title_en) or say("nameless")


def pages(
    contents: Contents, shown: Mapping[int, Shown], essays: tuple[EssayPage, ...], beside: Beside
) -> Iterator[tuple[str, str]]:
    """(file, HTML) of every page, one at a time."""
    common = _common(contents, shown, essays, beside)
    yield "index.html", _set("wall.html", common, here="wall")
    yield "about.html", _set("about.html", common, here="about", **_about(contents))
    yield "loop.html", _set("loop.html", common)
    if essays:
        yield "essays.html", _set("essays.html", common, here="essays")
    cards = list(captions(contents))
    for file, four in (("captions.html", False), ("captions-a4.html", True)):
        yield file, _set("captions.html", common, cards=cards, four=four)
    yield from _absences(common)
    yield from _items(contents, shown, common)


def _absences(common: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for one in common["frames"]:
        yield one.page, _set("absence.html", common, here="absence", up="../", one=one)


def _items(
    contents: Contents, shown: Mapping[int, Shown], common: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    order = [plate for room in common["rooms"] for plate in room.plates]
    titles = {plate.number: room.title for room in common["rooms"] for plate in room.plates}
    for at, plate in enumerate(order):
        more = {
            "plate": plate, "picture": shown.get(plate.number), "room": titles[plate.number],
            "before": order[at - 1].number if at else None,
            "after": order[at + 1].number if at + 1 < len(order) else None,
            "drawing": redrawn(plate.member.strokes) if plate.member.strokes else None,
            "neighbours": labels.neighbours(plate),
        }  # fmt: skip
        yield item_page(plate), _set("item.html", common, here="item", up="../", **more)


def item_page(plate: Plate) -> str:
    """A plate's page, relative to the exhibition."""
    return f"items/{plate.number:04d}.html"


def _common(
    contents: Contents, shown: Mapping[int, Shown], essays: tuple[EssayPage, ...], beside: Beside
) -> dict[str, Any]:
    given = contents.plan.given
    name = name_of(contents)
    return {
        "contents": contents, "name": name, "head": name.plain, "up": "", "here": "",
        "statement": Both(given.statement_ko, given.statement_en), "made": day(contents.made_at),
        "frames": frames(contents), "rooms": rooms(contents), "shown": shown, "essays": essays,
        "beside": beside.files, "catalogue": beside.catalogue,
    }  # fmt: skip


def _about(contents: Contents) -> dict[str, Any]:
    given = contents.plan.given
    return {
        "measured": [drawn(one) for one in contents.measured],
        "excluded": Both(given.excluded_ko, given.excluded_en),
        "consent": Both(given.consent_ko, given.consent_en),
        "empties": sum(one.is_empty for one in contents.plates),
    }


def _set(template: str, common: Mapping[str, Any], **more: Any) -> str:
    return _templates().get_template(template).render({**common, **more})


@lru_cache(maxsize=1)
def _templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.globals.update(
        say=say, title=labels.title, alt=labels.alt, creator=labels.creator, ratio=ratio,
        rights_lines=labels.rights_lines, other_lines=labels.other_lines, named=named, day=day,
    )  # fmt: skip
    return made
