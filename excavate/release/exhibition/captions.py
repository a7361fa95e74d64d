"""Captions to print: a card for each absence and each plate, with a QR to its page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from excavate.release.exhibition import labels
from excavate.release.exhibition.voices import Frame, frames
from excavate.release.exhibition.words import Both, is_korean, say
from excavate.release.record import Contents, Plate

LONGEST = 220  # signs of a reason that fit on a card of A6 beside the rest
INK = "#1c1b19"
QUIET = 2  # modules of white around a code, on paper that is white itself


@dataclass(frozen=True, slots=True)
class Card:
    """One caption: titles in their languages, whose, why, rights, where its page is."""

    number: str
    titles: tuple[tuple[str, str], ...]  # (words, language)
    maker: Both
    reason: str
    language: str
    rights: tuple[Both, ...]
    address: str
    qr: Markup
    absent: bool


def captions(contents: Contents) -> Iterator[Card]:
    """The cards in the order of the wall: absences first, then the plates."""
    for one in frames(contents):
        yield _of_absence(one, contents.base)
    for plate in contents.plates:
        yield _of_plate(plate, contents.base)


def _of_absence(one: Frame, base: str) -> Card:
    address = f"{base}/exhibition/{one.page}"
    said = [(shortened(one.statement, LONGEST), one.absence.language)]
    said += [(shortened(t.text, LONGEST), t.language) for t in one.translations[:1]]
    return Card(
        say("absence").plain, tuple(said), say("said_by", who=one.who, when=one.when), "", "",
        (), address, code(address), True,
    )  # fmt: skip


def _of_plate(plate: Plate, base: str) -> Card:
    address = f"{base}/exhibition/items/{plate.number:04d}.html"
    name = labels.title(plate)
    titles = [(words, "ko" if is_korean(words) else "en") for words in (name.ko, name.en) if words]
    rights = [] if plate.is_empty else [labels.licence(plate)]
    if plate.credit:
        rights.append(Both(plate.credit, plate.credit))
    return Card(
        str(plate.number), tuple(dict.fromkeys(titles)), labels.creator(plate),
        shortened(plate.member.reason, LONGEST), plate.member.language, tuple(rights), address,
        code(address), False,
    )  # fmt: skip


def shortened(words: str, longest: int) -> str:
    """The words, or their beginning with a mark that there is more (on the page, whole)."""
    plain = " ".join(words.split())
    return plain if len(plain) <= longest else plain[: longest - 1].rstrip() + "…"


def code(address: str) -> Markup:
    """A QR code as SVG: black on nothing, to be printed."""
    import segno

    drawn = segno.make(address, error="m", micro=False)
    svg = drawn.svg_inline(border=QUIET, omitsize=True, svgclass=None, lineclass=None, dark=INK)
    return Markup(svg)  # noqa: S704  (it holds numbers and our colour, no word of anybody's)
