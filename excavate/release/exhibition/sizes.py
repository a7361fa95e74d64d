"""How large a plate hangs: its author's words for a size, held against the others' sizes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from excavate.release.record import Plate

COLUMNS = 12  # of the wall
WIDEST, NARROWEST = 6, 2
UNITS = {"mm": 0.1, "cm": 1.0, "m": 100.0, "in": 2.54, "inch": 2.54, "밀리": 0.1, "센티": 1.0}
NUMBER = r"(\d{1,5}(?:[.,]\d{1,3})?)"
UNIT = r"(mm|cm|m|inch|in|밀리|센티)"
SIDES = re.compile(rf"{NUMBER}\s*{UNIT}?\s*[x×*·,]\s*{NUMBER}\s*{UNIT}?", re.IGNORECASE)
SIDE = re.compile(rf"{NUMBER}\s*{UNIT}", re.IGNORECASE)
PAPER = re.compile(r"\b([AB])(\d)\b", re.IGNORECASE)
PAPERS = {"A": (84.1, 118.9), "B": (100.0, 141.4)}
WORDS = {
    "small": 2, "작게": 2, "s": 2, "medium": 3, "보통": 3, "m": 3, "large": 5, "크게": 5, "l": 5,
    "wall": 8, "가득": 8, "xl": 8,
}  # fmt: skip


def sides(size: str) -> tuple[float, float] | None:
    """Width and height in centimetres, where the words say them; else None."""
    if found := SIDES.search(size):
        unit = UNITS[(found[4] or found[2] or "cm").lower()]
        first = UNITS[(found[2] or found[4] or "cm").lower()]
        return _number(found[1]) * first, _number(found[3]) * unit
    if found := PAPER.search(size):
        wide, high = PAPERS[found[1].upper()]
        shrink = 2 ** (-int(found[2]) / 2)
        return wide * shrink, high * shrink
    if found := SIDE.search(size):
        side = _number(found[1]) * UNITS[found[2].lower()]
        return side, side
    return None


def spans(plates: Sequence[Plate]) -> dict[int, int]:
    """{number: columns of twelve} for the plates of one room: wider ones wider, as they are said.

    The middle one of the stated sizes hangs as a plate without a size does.
    """
    usual = _usual(len(plates))
    stated = {one.number: wide for one in plates if (wide := _width(one))}
    middle = sorted(stated.values())[len(stated) // 2] if stated else 1.0
    return {
        one.number: _columns(usual * stated[one.number] / middle)
        if one.number in stated
        else WORDS.get(one.size.strip().lower(), usual)
        for one in plates
    }


def _columns(wide: float) -> int:
    return max(NARROWEST, min(WIDEST, round(wide)))


def ratio(plate: Plate) -> float:
    """Width by height of what hangs there: the picture's own, else that of the stated size."""
    if plate.width and plate.height:
        return plate.width / plate.height
    stated = sides(plate.size)
    if stated and all(stated):
        return min(3.0, max(1 / 3, stated[0] / stated[1]))
    return 4 / 5


def _width(plate: Plate) -> float:
    """Stated width in centimetres: sides are turned as the picture is; 0 where none is stated."""
    stated = sides(plate.size)
    if not stated:
        return 0.0
    if not (plate.width and plate.height):
        return stated[0]
    return max(stated) if plate.width >= plate.height else min(stated)


def _usual(count: int) -> int:
    """Few plates hang large, many small; rows are filled where they can be."""
    if count > 24:
        return 2
    return {1: 6, 2: 5, 3: 4, 5: 4, 6: 4, 9: 4}.get(count, 3)


def _number(text: str) -> float:
    return float(text.replace(",", "."))
