"""Where names stand beside their marks so that none lies on another. Pure geometry.

Each name tries the places around its mark, the nearest first; one that finds none is left out
and counted, never drawn over another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LINE = 17.0  # height of a line of text
GAP = 11.0  # from a mark's middle to its name
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True)
class Label:
    """A name that found its place: where its text starts, and whether a leader leads to it."""

    index: int
    x: float  # left edge of the text
    y: float  # its baseline
    leader: bool


def text_width(text: str, size: float = 14.0) -> float:
    """About how wide a text is: Korean signs are square, Latin ones half of that."""
    return sum(size * (0.92 if ord(sign) > 0x2E7F else 0.56) for sign in text)


def place_labels(
    points: Sequence[tuple[float, float]], widths: Sequence[float], within: Box, mark: float = 9.0
) -> list[Label]:
    """A place for each name that finds one; those with the most neighbours choose first."""
    taken = [(x - mark, y - mark, x + mark, y + mark) for x, y in points]
    order = sorted(range(len(points)), key=lambda i: (-_crowd(points, i), points[i]))
    found = []
    for index in order:
        own = taken[index]
        for x, y, far in _around(points[index], widths[index]):
            box = (x, y - LINE * 0.75, x + widths[index], y + LINE * 0.25)
            if _inside(box, within) and not any(_meet(box, t) for t in taken if t is not own):
                taken.append(box)
                found.append(Label(index, x, y, far))
                break
    return sorted(found, key=lambda label: label.index)


def spread(wanted: Sequence[float], apart: Sequence[float], low: float, high: float) -> list[float]:
    """Middles near the wanted ones, `apart[i]` wide each, none over another, from low to high."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    places, at = [0.0] * len(wanted), low
    for i in order:
        places[i] = max(wanted[i], at + apart[i] / 2)
        at = places[i] + apart[i] / 2
    at = high
    for i in reversed(order):
        places[i] = min(places[i], at - apart[i] / 2)
        at = places[i] - apart[i] / 2
    return places


def _around(point: tuple[float, float], width: float) -> Iterator[tuple[float, float, bool]]:
    x, y = point
    middle = y + LINE * 0.28
    yield x + GAP, middle, False
    yield x - GAP - width, middle, False
    yield x - width / 2, y - GAP - 2, False
    yield x - width / 2, y + GAP + LINE * 0.75, False
    for step in (1, 2, 3, 4, 5):
        for sign in (-1, 1):
            level = middle + sign * step * LINE
            yield x + GAP + 4, level, step > 1
            yield x - GAP - 4 - width, level, step > 1
            yield x - width / 2, level + sign * LINE * 0.4, True


def _crowd(points: Sequence[tuple[float, float]], index: int) -> int:
    x, y = points[index]
    return sum(abs(x - a) < 120 and abs(y - b) < 3 * LINE for a, b in points)


def _inside(box: Box, within: Box) -> bool:
    return (
        box[0] >= within[0] and box[1] >= within[1]
        and box[2] <= within[2] and box[3] <= within[3]
    )  # fmt: skip


def _meet(one: Box, other: Box) -> bool:
    return (
        one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
    )  # fmt: skip
